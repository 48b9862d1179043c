"""Check and Exchange never disagree: what check refuses, the offline tenant refuses when check is skipped.

That it takes what check lets through is part of the laws of whole lives. Where no source says that the service refuses
what we refuse, the breach stands in `OURS_ALONE` with the reason.
"""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lifecycle import Clicks, Engine, Telling, configured, provider_over, travelled
from strategies import configs, connectors, groups, law, rules, tried

from area1_provider import errors
from area1_provider.emulator.tenant import Tenant
from area1_provider.provider import ExchangeProvider
from area1_provider.resources.distribution_group import DistributionGroupProvider
from area1_provider.resources.journal_rule import JournalRuleProvider
from area1_provider.resources.outbound_connector import OutboundConnectorProvider
from area1_provider.resources.transport_config import TransportConfigProvider

Breach = tuple[str, dict[str, Any]]

LONG = "x" * 65
CONNECTORS: list[Breach] = [
    ("name", {"name": LONG}),
    ("name", {"name": ""}),
    ("smart_hosts", {"use_mx_record": True, "smart_hosts": ["mail.example.com"]}),
    ("smart_hosts", {"use_mx_record": False, "smart_hosts": []}),
    ("use_mx_record", {"use_mx_record": None, "smart_hosts": ["mail.example.com"]}),
    ("smart_hosts", {"use_mx_record": False, "smart_hosts": ["mail.example.com:587"]}),
    ("smart_hosts", {"use_mx_record": False, "smart_hosts": ["two words"]}),
    ("smart_hosts", {"use_mx_record": False, "smart_hosts": ["198.51.100.0/33"]}),
    ("smart_hosts", {"use_mx_record": False, "smart_hosts": "mail.example.com"}),
    ("recipient_domains", {"recipient_domains": ["a.*.example.com"], "is_transport_rule_scoped": None}),
    ("recipient_domains", {"recipient_domains": ["user@example.com"], "is_transport_rule_scoped": None}),
    ("tls_settings", {"tls_settings": "TrustMe", "tls_domain": None}),
    ("tls_domain", {"tls_settings": "CertificateValidation", "tls_domain": "example.com"}),
    ("tls_domain", {"tls_settings": None, "tls_domain": "example.com"}),
    ("tls_domain", {"tls_settings": "DomainValidation", "tls_domain": None}),
    ("tls_domain", {"tls_settings": "DomainValidation", "tls_domain": "a.*.example.com"}),
    ("connector_type", {"connector_type": "Friend", "all_accepted_domains": None}),
    ("connector_source", {"connector_source": "Wizard"}),
    ("all_accepted_domains", {"connector_type": "Partner", "all_accepted_domains": True}),
    ("route_all_messages_via_on_premises", {"connector_type": None, "route_all_messages_via_on_premises": True}),
    ("sender_rewriting_enabled", {"connector_type": "Partner", "sender_rewriting_enabled": True}),
    ("mta_sts_mode", {"mta_sts_mode": "Mandatory"}),
    ("smtp_dane_mode", {"smtp_dane_mode": "Sometimes"}),
    ("enabled", {"enabled": "yes"}),
    ("comment", {"comment": 7}),
    ("is_transport_rule_scoped", {"is_transport_rule_scoped": True, "recipient_domains": ["example.com"]}),
    ("smart_hosts", {"use_mx_record": False, "smart_hosts": ["localhost"]}),
    ("mta_sts_mode", {"mta_sts_mode": ""}),
]
RULES: list[Breach] = [
    ("name", {"name": LONG}),
    ("name", {"name": ""}),
    ("journal_email_address", {"journal_email_address": None}),
    ("journal_email_address", {"journal_email_address": ""}),
    ("journal_email_address", {"journal_email_address": "adelev@contoso.com"}),
    ("journal_email_address", {"journal_email_address": "ADELEV"}),
    ("journal_email_address", {"journal_email_address": "Team@contoso.com"}),
    ("journal_email_address", {"journal_email_address": "somebody@gmail.com"}),
    ("journal_email_address", {"journal_email_address": "somebody@Hotmail.com"}),
    ("journal_email_address", {"journal_email_address": "somebody@live.com"}),
    ("journal_email_address", {"journal_email_address": "nobody-there"}),
    ("journal_email_address", {"journal_email_address": "j@journal.example "}),
    ("journal_email_address", {"journal_email_address": "two words@journal.example"}),
    ("journal_email_address", {"journal_email_address": "j@bücher.example"}),
    ("recipient", {"recipient": "nobody@contoso.com"}),
    ("recipient", {"recipient": "*@contoso.com"}),
    ("scope", {"scope": "Sideways"}),
    ("scope", {"scope": ""}),
    ("enabled", {"enabled": "on"}),
]
CONFIGS: list[Breach] = [
    ("undeliverable_address", {"undeliverable_address": ""}),
    ("undeliverable_address", {"undeliverable_address": "<>"}),
    ("undeliverable_address", {"undeliverable_address": "no address"}),
    ("undeliverable_address", {"undeliverable_address": "ndr@zürich.example"}),
    ("journal_message_expiration_days", {"journal_message_expiration_days": 8}),
    ("journal_message_expiration_days", {"journal_message_expiration_days": -1}),
    ("journal_message_expiration_days", {"journal_message_expiration_days": 1.5}),
    ("voicemail_journaling_enabled", {"voicemail_journaling_enabled": "no"}),
]
GROUPS: list[Breach] = [
    ("name", {"name": LONG}),
    ("name", {"name": ""}),
    ("display_name", {"display_name": "x" * 257}),
    ("alias", {"alias": "two words"}),
    ("alias", {"alias": ".dot"}),
    ("alias", {"alias": "x" * 65}),
    ("primary_smtp_address", {"primary_smtp_address": "no address", "email_addresses": None}),
    ("type", {"type": "Room"}),
    ("managed_by", {"managed_by": []}),
    ("managed_by", {"managed_by": [f"owner{n}@contoso.com" for n in range(11)]}),
    ("member_join_restriction", {"type": "Security", "member_join_restriction": "Open"}),
    ("member_depart_restriction", {"type": "Security", "member_depart_restriction": "Open"}),
    ("moderated_by", {"type": "Security", "moderation_enabled": True, "moderated_by": []}),
    ("member_join_restriction", {"member_join_restriction": "Shut"}),
    ("email_addresses", {"email_addresses": [], "primary_smtp_address": None}),
    ("email_addresses", {"email_addresses": ["SMTP:no address"], "primary_smtp_address": None}),
    (
        "email_addresses",
        {"email_addresses": ["SMTP:g@contoso.com", "SMTP:h@contoso.com"], "primary_smtp_address": None},
    ),
    ("email_addresses", {"email_addresses": ["smtp:g@contoso.com"], "primary_smtp_address": None}),
    (
        "email_addresses",
        {"email_addresses": ["SMTP:g@contoso.com", "smtp:G@contoso.com"], "primary_smtp_address": None},
    ),
    ("email_addresses", {"email_addresses": ["Smtp:g@contoso.com"], "primary_smtp_address": None}),
    ("primary_smtp_address", {"primary_smtp_address": "g@bücher.example", "email_addresses": None}),
    ("custom_attribute7", {"custom_attribute7": "x" * 1025}),
    ("extension_custom_attribute3", {"extension_custom_attribute3": [f"value {n}" for n in range(1301)]}),
    ("send_moderation_notifications", {"send_moderation_notifications": "Sometimes"}),
    ("members", {"members": [""]}),
    ("mail_tip", {"mail_tip": "x" * 176}),
    ("simple_display_name", {"simple_display_name": "Zürich"}),
    ("bcc_blocked", {"bcc_blocked": "true"}),
    ("description", {"description": ["twice", "twice"]}),
]
OURS_ALONE = {
    "is_transport_rule_scoped": "the admin centre offers one scope, the service takes several (office-docs issue 8739)",
    "localhost": "the page asks for an FQDN; that a name without a dot is refused is unconfirmed",
    "['smtp:g@contoso.com']": "Exchange takes the first address as the primary one, and shows it as such from then on",
    "''": "an empty text means the property's default to New-; a program cannot mean that",
    "[]": "an empty list at New- is no value given",
    "smart_hosts': 'mail": "a single value in place of a list is a list of one to the service, a slip of the hand to us",
    "['twice', 'twice']": "whether New- takes a line twice is unconfirmed; Set- does not",
    "owner0": "owners that do not exist are refused for that; the limit is from the limits page of about 2020",
}
ALL = {
    OutboundConnectorProvider: (connectors, CONNECTORS),
    JournalRuleProvider: (rules, RULES),
    TransportConfigProvider: (configs, CONFIGS),
    DistributionGroupProvider: (groups, GROUPS),
}
CASES = [(kind, *breach) for kind, (_, breaches) in ALL.items() for breach in breaches]
MINIMAL: dict[str, dict[str, Any]] = {
    "OutboundConnector": {"name": "c"},
    "JournalRule": {"name": "r", "journal_email_address": "j@journal.example"},
    "TransportConfig": {"replace_undeliverable_address": True},
    "DistributionGroup": {"name": "g"},
}


def prepare(tenant: Tenant, kind: type[ExchangeProvider]) -> None:
    """Give rules what they need besides their arguments."""
    tenant.reset()
    if kind is JournalRuleProvider:
        (transport,) = tenant.all("TransportConfig")
        tenant.save("TransportConfig", {**transport, "JournalingReportNdrTo": "ndr@archive.example"})


def parameters(provider: ExchangeProvider, args: dict[str, Any]) -> dict[str, Any]:
    """Give what would be sent for arguments that check did not see; what cannot be encoded is sent as it is."""
    found = {}
    for name, value in args.items():
        one = provider.noun.properties.get(name)
        if one is not None and value is not None:
            found[one.wire.name] = value if not (one.many and isinstance(value, list)) else list(value)
    return found


@pytest.mark.parametrize(("kind", "place", "breach"), CASES, ids=[f"{k.noun.name}-{b}"[:90] for k, _, b in CASES])
def test_what_check_refuses_the_service_refuses(
    kind: type[ExchangeProvider],
    place: str,
    breach: dict[str, Any],
    exchange: Telling,
    tenant: Tenant,
    clicks: Clicks,
    config: dict[str, str],
) -> None:
    """A breach is refused at preview with its property named, and by the service if it gets that far."""
    prepare(tenant, kind)
    clicks.run("New-DistributionGroup", Name="Team")
    args = {**MINIMAL[kind.noun.name], **breach}
    engine = Engine(provider_over(kind, exchange, config))

    failures = engine.check(args)

    assert place in [name for name, _ in failures]
    if any(text in str(breach) or text == place for text in OURS_ALONE):
        return
    verbs = ["New"] if kind is not TransportConfigProvider else ["Set"]
    sent = parameters(engine.provider, args)
    later = {name for name, one in engine.provider.noun.properties.items() if one.wire.verb == "Set"}
    if place in later:
        clicks.run("New-DistributionGroup", Name="g")
        verbs, sent = ["Set"], {engine.provider.noun.properties[place].wire.name: breach[place], "Identity": "g"}
    status, body = clicks.ask(f"{verbs[0]}-{kind.noun.name}", **sent)
    assert status in (400, 404), body


@law(150)
@given(data=st.data())
def test_a_breach_is_found_among_anything_legal(
    data: st.DataObject, exchange: Telling, tenant: Tenant, config: dict[str, str]
) -> None:
    """One breach in arguments that are legal otherwise is refused at preview, whatever else is said."""
    tried["check refuses a breach among legal arguments"] += 1
    kind = data.draw(st.sampled_from(sorted(ALL, key=lambda one: one.noun.name)))
    legal, breaches = ALL[kind]
    place, breach = data.draw(st.sampled_from(breaches))
    if place == "recipient" or breach.get(place) == "Team@contoso.com":
        return  # asked of the tenant, which the case above does
    prepare(tenant, kind)
    args = {**data.draw(legal), **breach}

    failures = provider_over(kind, exchange, config).check({}, travelled(args)).failures

    assert failures, args


def test_several_problems_come_at_once(config: dict[str, str]) -> None:
    """A preview names everything that is wrong, not the first thing."""
    args = {"name": LONG, "tls_settings": "x", "smart_hosts": ["a:1"], "colour": "red", "enabled": "yes"}

    failures = configured(OutboundConnectorProvider, config).check({}, args).failures

    assert {failure.property for failure in failures} >= {"name", "tls_settings", "smart_hosts", "colour", "enabled"}


def test_a_target_without_a_mailbox_is_a_warning(exchange: Telling, tenant: Tenant, config: dict[str, str]) -> None:
    """A journal address in an accepted domain that nobody has may be a server's behind the tenant: said, not refused."""
    prepare(tenant, JournalRuleProvider)
    args = {"name": "r", "journal_email_address": "archive-server@contoso.com"}

    assert Engine(provider_over(JournalRuleProvider, exchange, config)).check(args) == []
    assert any("archive-server@contoso.com" in line for line in exchange.told)


@pytest.mark.parametrize(
    ("name", "value"), [("journal_email_address", "adelev@contoso.com"), ("recipient", "nobody@contoso.com")]
)
def test_a_rule_that_changes_is_judged_as_a_new_one(
    name: str, value: str, exchange: Telling, tenant: Tenant, config: dict[str, str]
) -> None:
    """A rule for nobody would journal nothing, whether it is made so or changed so; what stays is not asked about."""
    prepare(tenant, JournalRuleProvider)
    engine = Engine(provider_over(JournalRuleProvider, exchange, config))
    args = {"name": "r", "journal_email_address": "j@journal.example", "recipient": "alexw@contoso.com"}
    engine.up(args)

    ((place, _),) = engine.check({**args, name: value})
    tenant.delete(next(iter(tenant.find("Recipient", "alexw", {"alias"}))))

    assert place == name
    assert engine.check({**args, "scope": "Internal"}) == []


LEFT_OVER = [
    (
        OutboundConnectorProvider,
        {"name": "c", "use_mx_record": False, "smart_hosts": ["mail.example.com"]},
        {"name": "c", "use_mx_record": True},
        "smart_hosts",
    ),
    (
        OutboundConnectorProvider,
        {"name": "c", "tls_settings": "DomainValidation", "tls_domain": "example.com"},
        {"name": "c", "tls_settings": "CertificateValidation"},
        "tls_domain",
    ),
    (
        OutboundConnectorProvider,
        {"name": "c", "connector_type": "OnPremises", "all_accepted_domains": True},
        {"name": "c", "connector_type": "Partner"},
        "all_accepted_domains",
    ),
    (
        DistributionGroupProvider,
        {"name": "g", "type": "Security", "moderation_enabled": True, "moderated_by": ["adelev"]},
        {"name": "g", "type": "Security", "moderated_by": []},
        "moderated_by",
    ),
]


@pytest.mark.parametrize(("kind", "before", "after", "place"), LEFT_OVER, ids=[case[3] for case in LEFT_OVER])
def test_what_a_dropped_property_still_forbids_is_said(
    kind: type[ExchangeProvider],
    before: dict[str, Any],
    after: dict[str, Any],
    place: str,
    exchange: Telling,
    config: dict[str, str],
) -> None:
    """A property that is no longer named keeps its value at Exchange; what that excludes is refused at preview.

    Exchange would refuse it at the update.
    """
    engine = Engine(provider_over(kind, exchange, config))
    engine.up(before)

    ((name, problem),) = engine.check(after)

    assert name == place
    assert "no longer named" in problem
    with pytest.raises(errors.ExchangeError):
        engine.provider.update(engine.id, engine.outputs, after)


def test_a_property_unknown_at_preview_is_not_judged(exchange: Telling, config: dict[str, str]) -> None:
    """What is known only after another resource was made passes check, and shows as a change."""
    unknown = "04da6b54-80e4-46f7-96ec-b56ff0331ba9"
    args = {"name": "r", "journal_email_address": unknown, "recipient": unknown, "scope": unknown}

    provider = provider_over(JournalRuleProvider, exchange, config)

    assert not provider.check({}, args).failures
    assert provider.diff("id", {**args, "scope": "Global"}, args).changes
