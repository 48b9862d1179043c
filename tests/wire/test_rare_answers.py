"""Answers that are rare: what an import makes of odd objects, what nobody has set, lists where one object should be."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from lifecycle import Clicks, Clock, Engine, Telling, provider_over

from area1_provider import errors, group_members, recipients
from area1_provider.emulator import Emulator
from area1_provider.emulator.faults import Status
from area1_provider.emulator.tenant import Tenant
from area1_provider.provider import ExchangeProvider
from area1_provider.resources.distribution_group import DistributionGroupProvider
from area1_provider.resources.journal_rule import JournalRuleProvider
from area1_provider.resources.outbound_connector import OutboundConnectorProvider
from area1_provider.resources.outbound_connector_validation import OutboundConnectorValidationProvider
from area1_provider.resources.transport_config import TransportConfigProvider

Make = Callable[[type[ExchangeProvider]], ExchangeProvider]
ADDRESS = "j@journal.example"


@pytest.fixture
def of(exchange: Telling, config: dict[str, str]) -> Make:
    """Give a provider that works with the client whose waits cost nothing."""
    return lambda kind: provider_over(kind, exchange, config)


def answer(*objects: dict[str, Any]) -> Status:
    """Give an answer that lists these objects."""
    return Status(200, body=json.dumps({"value": list(objects)}))


@pytest.mark.parametrize(
    ("kind", "made", "managed"),
    [
        (
            OutboundConnectorProvider,
            {"RecipientDomains": ["a.example"], "UseMXRecord": False, "SmartHosts": ["b.example"]},
            {"recipient_domains": ["a.example"], "use_mx_record": False, "smart_hosts": ["b.example"]},
        ),
        (JournalRuleProvider, {"JournalEmailAddress": ADDRESS, "Enabled": True}, {"enabled": True, "scope": "Global"}),
        (
            DistributionGroupProvider,
            {"Members": ["adelev"]},
            {"members": ["adelev@contoso.com"], "type": "Distribution"},
        ),
    ],
    ids=["connector", "rule", "group"],
)
def test_an_import_describes_the_object_as_a_program_would(
    kind: type[ExchangeProvider],
    made: dict[str, Any],
    managed: dict[str, Any],
    of: Make,
    exchange: Telling,
    clicks: Clicks,
) -> None:
    """Its GUID, the inputs that describe it, and outputs with which the next preview is silent."""
    clicks.run("Set-TransportConfig", JournalingReportNdrTo=ADDRESS)
    name = 'Ö\'Brien "odd" / 1'
    (there,) = clicks.run(f"New-{kind.noun.name}", Name=name, **made)
    provider = of(kind)

    id_, inputs, outputs = provider.described(exchange, there["Guid"])

    assert id_ == there["Guid"]
    assert {"name": name, **managed}.items() <= {key: shown(value) for key, value in inputs.items()}.items()
    assert "" not in inputs.values()
    assert not Engine(provider, id_, inputs, outputs).changes(inputs)


def shown(value: Any) -> Any:
    """Give a value with addresses in one case."""
    return [text.casefold() for text in value] if isinstance(value, list) else value


def test_an_import_describes_settings_and_a_validation(of: Make, exchange: Telling, clicks: Clicks) -> None:
    """The tenant's settings have no name; a validation is described by its connector and addresses."""
    (connector,) = clicks.run("New-OutboundConnector", Name="c", RecipientDomains=["j.example"], TestMode=True)
    guid = connector["Guid"]
    clicks.run("Set-TransportConfig", JournalingReportNdrTo=ADDRESS)
    with pytest.raises(errors.Refused, match="no validation to import"):
        of(OutboundConnectorValidationProvider).described(exchange, guid)
    clicks.run("Set-OutboundConnector", Identity=guid, IsValidated=True, ValidationRecipients=["a@j.example"])

    _, settings, _ = of(TransportConfigProvider).described(exchange, "")
    id_, validation, _ = of(OutboundConnectorValidationProvider).described(exchange, guid)

    assert settings["undeliverable_address"] == ADDRESS
    assert (id_, validation) == (guid, {"connector": guid, "recipients": ["a@j.example"]})


def test_an_object_that_no_program_could_have_made_is_not_imported(
    of: Make, exchange: Telling, clicks: Clicks, tenant: Tenant
) -> None:
    """A target that Exchange refuses today may stand in an old rule: the import says why it cannot be described."""
    clicks.run("Set-TransportConfig", JournalingReportNdrTo=ADDRESS)
    (rule,) = clicks.run("New-JournalRule", Name="old", JournalEmailAddress=ADDRESS)
    (kept,) = tenant.all("JournalRule")
    tenant.save("JournalRule", {**kept, "JournalEmailAddress": "somebody@gmail.com"})

    with pytest.raises(
        errors.Refused, match=r"as no program could have made it:\n  journal_email_address: is required"
    ):
        of(JournalRuleProvider).described(exchange, rule["Guid"])


def test_without_an_undeliverable_address_nothing_is_begun(of: Make, emulator: Emulator) -> None:
    """Exchange takes no rule in a tenant without one, so the guide stops at its first step."""
    engine = Engine(of(TransportConfigProvider))

    with pytest.raises(errors.Refused, match="area1:undeliverable_address"):
        engine.up({"require_undeliverable_address": True})

    assert [call.cmdlet for call in emulator.control.calls()] == ["Get-TransportConfig"]


def test_more_settings_than_one_are_no_answer(of: Make, emulator: Emulator) -> None:
    """A tenant has one TransportConfig; where several come back none is taken for it."""
    emulator.control.fault(answer({"JournalingReportNdrTo": "a"}, {}), cmdlet="Get-TransportConfig", times=0)

    with pytest.raises(errors.BadAnswer, match="2 objects came back instead of one"):
        Engine(of(TransportConfigProvider)).up({})


def test_a_create_that_is_answered_with_nothing_is_looked_for(of: Make, emulator: Emulator, tenant: Tenant) -> None:
    """No object came back and none is there, so it is asked for again, and made once."""
    emulator.control.fault(answer(), cmdlet="New-OutboundConnector")

    Engine(of(OutboundConnectorProvider)).up({"name": "c"})

    assert [one["Name"] for one in tenant.all("OutboundConnector")] == ["c"]


def test_a_text_that_names_two_recipients_is_an_error(exchange: Telling, emulator: Emulator) -> None:
    """Which of them is meant nobody can say."""
    emulator.control.fault(answer({"Guid": "1"}, {"Guid": "2"}), cmdlet="Get-Recipient")

    with pytest.raises(errors.Ambiguous, match="2 recipients are called 'team'"):
        recipients.found(exchange, "team")


def test_a_member_that_is_none_any_more_is_as_wanted(exchange: Telling, clicks: Clicks) -> None:
    """Somebody took it out meanwhile: said, and no error."""
    (group,) = clicks.run("New-DistributionGroup", Name="g")

    group_members.remove(exchange, group["Guid"], "adelev@contoso.com")

    assert exchange.told == ["adelev@contoso.com was no member any more"]


def test_a_change_that_never_shows_is_said(of: Make, exchange: Telling, clicks: Clicks, emulator: Emulator) -> None:
    """Old values come back again and again: the wait is told, ends, and the state holds what Exchange shows."""
    engine = Engine(of(OutboundConnectorProvider))
    engine.up({"name": "c", "comment": "old"})
    (old,) = clicks.run("Get-OutboundConnector")
    emulator.control.fault(answer(old), cmdlet="Get-OutboundConnector", times=0)

    engine.up({"name": "c", "comment": "new"})

    assert any("the change does not show yet" in line for line in exchange.told)
    assert "still shows other values than were set" in exchange.told[-1]
    assert engine.outputs["comment"] == "old"
    emulator.control.clear_faults()
    engine.refresh()
    assert engine.outputs["comment"] == "new"


STRANGER = "journal@elsewhere.example"
BYPASS = {"BypassSecurityGroupManagerCheck": True}


@pytest.mark.parametrize(
    ("kind", "before", "after", "theirs"),
    [
        (
            JournalRuleProvider,
            {"journal_email_address": ADDRESS},
            {"journal_email_address": "k@journal.example"},
            {"JournalEmailAddress": STRANGER},
        ),
        (
            DistributionGroupProvider,
            {"managed_by": ["adelev"]},
            {"managed_by": ["alexw"]},
            {"ManagedBy": ["diegos"], **BYPASS},
        ),
    ],
    ids=["target", "owner"],
)
def test_somebody_who_writes_between_our_two_calls_is_seen(
    kind: type[ExchangeProvider],
    before: dict[str, Any],
    after: dict[str, Any],
    theirs: dict[str, Any],
    of: Make,
    clicks: Clicks,
    emulator: Emulator,
) -> None:
    """What is read back after an update is not taken for Exchange's form of a recipient for good."""
    clicks.run("Set-TransportConfig", JournalingReportNdrTo="ndr@archive.example")
    engine, noun = Engine(of(kind)), kind.noun.name
    engine.up({"name": "n", **before})
    clicks.run(f"Set-{noun}", Identity=engine.id, **theirs)
    emulator.control.fault(answer(*clicks.run(f"Get-{noun}")), cmdlet=f"Get-{noun}")

    engine.up({"name": "n", **after})
    clicks.run(f"Set-{noun}", Identity=engine.id, **theirs)
    engine.refresh()

    assert engine.changes({"name": "n", **after})
    assert engine.inputs[next(iter(after))] != after[next(iter(after))]


UNKNOWN_YET = json.dumps(
    {
        "error": {
            "code": "NotFound",
            "message": "Error executing cmdlet",
            "details": [
                {
                    "code": "Context",
                    "target": "",
                    "message": "Ex6F9304|Microsoft.Exchange.Configuration.Tasks.ManagementObjectNotFoundException|"
                    "The operation couldn't be performed because object 'g' couldn't be found on 'dc.example'.",
                }
            ],
        }
    }
)
"""As in Microsoft365DSC issue 2998."""


def test_a_new_group_that_another_server_does_not_know_yet_is_asked_for_again(
    of: Make, clicks: Clicks, emulator: Emulator
) -> None:
    """What New- does not take is set after it; a server that has not heard of the group gets some seconds, then again."""
    emulator.control.fault(Status(404, body=UNKNOWN_YET), cmdlet="Set-DistributionGroup", times=2)
    emulator.control.fault(Status(404, body=UNKNOWN_YET), cmdlet="Get-DistributionGroup", times=1)

    Engine(of(DistributionGroupProvider)).up({"name": "g", "mail_tip": "Journaled"})

    (group,) = clicks.run("Get-DistributionGroup")
    assert "Journaled" in group["MailTip"]


def test_a_new_group_that_stays_unknown_is_taken_away_again(of: Make, clicks: Clicks, emulator: Emulator) -> None:
    """What cannot be finished is undone: the state would know nothing of it."""
    emulator.control.fault(Status(404, body=UNKNOWN_YET), cmdlet="Set-DistributionGroup", times=0)

    with pytest.raises(errors.NotFound):
        Engine(of(DistributionGroupProvider)).up({"name": "g", "mail_tip": "Journaled"})

    assert clicks.run("Get-DistributionGroup") == []


@pytest.mark.parametrize("inputs", [{"recipient": "adelev@contoso.com"}, {"adopt": True}])
def test_a_preview_has_time_of_its_own(
    inputs: dict[str, Any], of: Make, exchange: Telling, clock: Clock, emulator: Emulator
) -> None:
    """What is asked long after the last operation in this thread is tried again like anything else."""
    exchange.begin()
    clock.now += exchange.policy.total + 1
    emulator.control.fault(Status(503), cmdlet="Get-*", times=2)

    checked = of(JournalRuleProvider).check({}, {"name": "rule", "journal_email_address": ADDRESS, **inputs})

    assert checked.failures == []
    assert len(clock.slept) == 2
