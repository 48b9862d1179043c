"""What the laws are tried with: legal arguments, noun by noun, drawn from the types of the args classes.

`law` marks a law and counts its examples. HYPOTHESIS_PROFILE=thorough tries many more.
"""

import os
from collections import Counter
from collections.abc import Callable, Mapping
from typing import Any

from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st

from area1_provider import forms
from area1_provider.resources.distribution_group import DistributionGroupProvider
from area1_provider.resources.journal_rule import JournalRuleProvider
from area1_provider.resources.outbound_connector import OutboundConnectorProvider
from area1_provider.resources.transport_config import TransportConfigProvider
from area1_provider.schema import Noun, Property

THOROUGH = os.environ.get("HYPOTHESIS_PROFILE") == "thorough"

tried: Counter[str] = Counter()
"""Examples tried, by law."""


def law(examples: int) -> Callable[[Any], Any]:
    """Try a law with so many examples, always the same; if thorough, with others each time and twenty times as many.

    A thorough run also looks for the smallest example that fails, which takes minutes.
    """
    return settings(
        max_examples=examples * 20 if THOROUGH else examples,
        derandomize=not THOROUGH,
        database=None,
        deadline=None,
        suppress_health_check=list(HealthCheck),
        phases=list(Phase) if THOROUGH else [Phase.explicit, Phase.generate],
        print_blob=True,
    )


Arguments = Mapping[str, Any]
Strategy = st.SearchStrategy[Any]

PRINTABLE = st.characters(codec="utf-8", exclude_categories=("Cc", "Cs", "Cn", "Zl", "Zp"))
lines = st.text(PRINTABLE, min_size=1, max_size=30).map(str.strip).filter(bool)
"""Texts that a person might write: anything printable."""
names = st.one_of(
    lines,
    st.sampled_from(
        [
            "Deliver journal directly to Area 1",
            'o\'brien "quoted" & <co>',
            "naïve ø Zürich 東京 🚀",
            "a" * 64,
            "50% * ? [x] {y} $z `w`",
            "comma, semi; colon: slash/ back\\slash",
            "Null",
            "-dash",
        ]
    ),
)
hosts = st.sampled_from(
    ["mailstream-east.mxrecord.io", "MAILSTREAM-west.mxrecord.io", "a.b-c.example", "192.0.2.7", "198.51.100.0/24"]
)
networks6 = st.sampled_from(["2001:db8::1", "2001:db8::/32"])
domains = st.sampled_from(["journaling.mxrecord.io", "Example.ORG", "x-1.example.net", "sub.example.com"])
addresses = st.sampled_from(
    ["journal@journaling.mxrecord.io", "Reports.x+1@Example.ORG", "a_b-c@x-1.example.net", "o'neil@sub.example.com"]
)
aliases = st.from_regex(r"\A[a-z0-9_\-!#%+=?^~$&'`{}|*/]{1,20}(\.[A-Za-z0-9]{1,5})?\Z")


def form_values(one: Property) -> Strategy:
    """Give legal texts of a property's form."""
    by_form: Mapping[forms.Form, Strategy] = {
        forms.TEXT: lines,
        forms.ADDRESS: addresses,
        forms.UNDELIVERABLE: addresses,
        forms.DOMAIN: domains,
        forms.TLS_DOMAIN: domains | domains.map("*.{}".format),
        forms.RECIPIENT_DOMAIN: domains | domains.map("*.{}".format) | st.just("*"),
        forms.SMART_HOST: hosts | networks6,
        forms.ALIAS: aliases,
        forms.SIMPLE_NAME: st.sampled_from(["Plain name (1)", "Other: plain?"]),
        forms.MAIL_TIP: lines.filter(lambda text: "<" not in text),
    }
    return by_form[one.wire.form]


def values(one: Property) -> Strategy:
    """Give legal values of a property, empty ones too where they clear."""
    if one.choices:
        return st.sampled_from(one.choices)
    if one.base is bool:
        return st.booleans()
    if one.base is int:
        return st.integers(one.wire.minimum or 0, one.wire.maximum)
    if one.many:
        return st.lists(form_values(one), max_size=4, unique=not one.wire.unordered)
    clears = one.wire.cleared is not False
    return form_values(one) | st.just("") if clears else form_values(one)


def some(noun: Noun, *without: str, **instead: Strategy) -> st.SearchStrategy[dict[str, Any]]:
    """Give any choice of a noun's properties, each absent or with a legal value."""
    optional = {
        name: instead[name] if name in instead else values(one)
        for name, one in noun.properties.items()
        if name not in without and (name in instead or not one.is_recipient)
    }
    return st.fixed_dictionaries({}, optional=optional)


def joined(*parts: st.SearchStrategy[dict[str, Any]]) -> st.SearchStrategy[dict[str, Any]]:
    """Give what several strategies give, together."""
    return st.tuples(*parts).map(lambda found: {key: value for part in found for key, value in part.items()})


# connectors: what rules() wants together is drawn together

routings = st.one_of(
    st.just({}),
    st.just({"use_mx_record": True}),
    st.just({"use_mx_record": True, "smart_hosts": []}),
    st.just({"smart_hosts": []}),
    st.lists(hosts | networks6, min_size=1, max_size=4).map(
        lambda found: {"use_mx_record": False, "smart_hosts": found}
    ),
)
encryptions = st.one_of(
    st.sampled_from(
        [
            {},
            {"tls_settings": ""},
            {"tls_settings": "EncryptionOnly"},
            {"tls_settings": "CertificateValidation"},
            {"tls_settings": "CertificateValidation", "tls_domain": ""},
            {"tls_domain": ""},
        ]
    ),
    (domains | domains.map("*.{}".format)).map(lambda d: {"tls_settings": "DomainValidation", "tls_domain": d}),
)
ON_PREMISES = ("all_accepted_domains", "route_all_messages_via_on_premises", "sender_rewriting_enabled")
no = st.sampled_from([False])
kinds = st.one_of(
    st.fixed_dictionaries(
        {"connector_type": st.just("OnPremises")}, optional={name: st.booleans() for name in ON_PREMISES}
    ),
    st.fixed_dictionaries({}, optional={"connector_type": st.just("Partner"), **dict.fromkeys(ON_PREMISES, no)}),
)
scopes = st.one_of(
    st.just({}),
    st.fixed_dictionaries(
        {"recipient_domains": st.lists(domains | domains.map("*.{}".format) | st.just("*"), min_size=1, max_size=3)},
        optional={"is_transport_rule_scoped": no},
    ),
    st.fixed_dictionaries({"is_transport_rule_scoped": st.booleans()}, optional={"recipient_domains": st.just([])}),
)
_drawn_together = (
    *("name", "use_mx_record", "smart_hosts", "tls_settings", "tls_domain", "connector_type"),
    *(*ON_PREMISES, "recipient_domains", "is_transport_rule_scoped"),
)
connectors = joined(
    st.fixed_dictionaries({"name": names}),
    some(OutboundConnectorProvider.noun, *_drawn_together),
    *(routings, encryptions, kinds, scopes),
)

# rules: the target outside, as contact or as mail user; the recipient one of the tenant's

targets = addresses | st.sampled_from(["journal@archive.example", "ARCHIVE@partner.example", "archive-vendor"])
journaled = st.sampled_from(["adelev@contoso.com", "ALEXW@contoso.com", "meganb@contoso.onmicrosoft.com", ""])
rules = joined(
    st.fixed_dictionaries({"name": names, "journal_email_address": targets}),
    some(JournalRuleProvider.noun, "name", recipient=journaled),
)

# the config: an address stays once it is there

configs = joined(
    some(TransportConfigProvider.noun, undeliverable_address=addresses),
    st.just({"replace_undeliverable_address": True}),
)

# groups

PEOPLE = {
    "adelev": ["adelev@contoso.com", "AdeleV", "Adele Vance", "adelev@contoso.onmicrosoft.com"],
    "alexw": ["ALEXW@contoso.com", "alexw", "Alex Wilber"],
    "diegos": ["diegos@contoso.com", "diegos"],
    "meganb": ["meganb@contoso.com", "MEGANB"],
}
OTHERS = {
    "journal-ndr": ["journal-ndr@contoso.com", "Journal Undeliverable"],
    "partner": ["archive@partner.example", "partner-archive", "Partner Archive"],
}
CONTACTS = {"vendor": ["journal@archive.example", "Archive Vendor", "archive-vendor"]}


def some_of(pool: Mapping[str, list[str]], least: int = 0) -> Strategy:
    """Give some recipients of a pool, each once, each in one of its spellings."""
    chosen = st.lists(st.sampled_from(sorted(pool)), min_size=least, max_size=4, unique=True)
    return chosen.flatmap(lambda keys: st.tuples(*(st.sampled_from(pool[key]) for key in keys)).map(list))


local_parts = st.sampled_from(["journaled", "Area1.Group", "g-7"])
own_addresses = st.builds("{}@{}".format, local_parts, st.sampled_from(["contoso.com", "Contoso.onmicrosoft.com"]))


@st.composite
def addressing(draw: st.DrawFn) -> dict[str, Any]:
    """Give nothing, a primary address, or all addresses."""
    primary = draw(own_addresses)
    others = draw(st.lists(own_addresses, max_size=2, unique_by=str.casefold))
    listed = [f"SMTP:{primary}", *(f"smtp:{other}" for other in others if other.casefold() != primary.casefold())]
    return draw(st.sampled_from([{}, {"primary_smtp_address": primary}, {"email_addresses": listed}]))


principals = {**PEOPLE, **OTHERS}
everybody = {**principals, **CONTACTS}
_recipients = {
    "members": some_of(everybody),
    "managed_by": some_of(principals, least=1),
    "grant_send_on_behalf_to": some_of(principals),
    "accept_messages_only_from_senders_or_members": some_of(everybody),
    "reject_messages_from_senders_or_members": some_of(everybody),
    "bypass_moderation_from_senders_or_members": some_of(everybody),
}
moderations = st.one_of(
    st.just({}),
    st.fixed_dictionaries({"moderation_enabled": st.booleans(), "moderated_by": some_of(everybody, least=1)}),
    st.just({"moderation_enabled": False, "moderated_by": []}),
)
types_of_groups = st.one_of(
    st.fixed_dictionaries(
        {},
        optional={
            "type": st.just("Distribution"),
            "member_join_restriction": st.sampled_from(["Open", "Closed", "ApprovalRequired"]),
            "member_depart_restriction": st.sampled_from(["Open", "Closed"]),
        },
    ),
    st.fixed_dictionaries(
        {"type": st.just("Security")},
        optional={
            "member_join_restriction": st.sampled_from(["Closed", "ApprovalRequired"]),
            "member_depart_restriction": st.just("Closed"),
        },
    ),
)
_group_drawn_together = (
    *("name", "type", "member_join_restriction", "member_depart_restriction", "moderation_enabled"),
    *("moderated_by", "primary_smtp_address", "email_addresses", "simple_display_name"),
)
groups = joined(
    st.fixed_dictionaries({"name": names}, optional={"simple_display_name": st.sampled_from(["", "Plain name (1)"])}),
    some(DistributionGroupProvider.noun, *_group_drawn_together, **_recipients),
    *(addressing(), moderations, types_of_groups),
    st.fixed_dictionaries({}, optional={"member_mode": st.sampled_from(["exact", "at_least"])}),
)
