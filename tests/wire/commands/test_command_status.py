"""The guide's steps from what a tenant holds: which are ticked, which are open, which do not apply."""

from collections.abc import Callable, Mapping
from typing import Any

import pytest

from area1_provider.client import Exchange
from area1_provider.commands.status import TITLES, Status, observe
from area1_provider.emulator import Emulator
from area1_provider.journaling import JournalingArgs
from area1_provider.resources.distribution_group import DistributionGroupArgs

ADDRESS = "contoso@journaling.mxrecord.io"
CONNECTOR = {
    "Name": "Deliver journal directly to Area 1",
    "Comment": "Deliver journal directly to Area 1",
    "ConnectorType": "Partner",
    "RecipientDomains": ["journaling.mxrecord.io"],
    "UseMXRecord": False,
    "SmartHosts": ["mailstream-east.mxrecord.io", "mailstream-west.mxrecord.io"],
    "TlsSettings": "CertificateValidation",
    "CloudServicesMailEnabled": True,
}
VALIDATED = {
    "Identity": CONNECTOR["Name"],
    "IsValidated": True,
    "LastValidationTimestamp": "2026-01-01T00:00:00Z",
    "ValidationRecipients": [ADDRESS],
}
RULE = {"Name": "Journal Messages to Area 1", "JournalEmailAddress": ADDRESS, "Scope": "External", "Enabled": True}


@pytest.fixture
def guide(exchange: Exchange) -> Callable[..., None]:
    """Do what the guide says, with changes to the rule."""

    def perform(connector: Mapping[str, Any] | None = CONNECTOR, **rule: Any) -> None:
        exchange.invoke("Set-TransportConfig", {"JournalingReportNdrTo": "journal-ndr@contoso.com"})
        if connector is not None:
            exchange.invoke("New-OutboundConnector", connector)
            exchange.invoke("Set-OutboundConnector", VALIDATED)
        exchange.invoke("New-JournalRule", {**RULE, **rule})

    return perform


def states(status: Status) -> dict[str, str]:
    """Give the state of each step by its number."""
    return {step.number: step.state for step in status.steps}


def found(status: Status, number: str) -> str:
    """Give what was found for a step."""
    return next(step.found for step in status.steps if step.number == number)


def test_every_step_is_ticked_where_the_guide_was_followed(exchange: Exchange, guide: Callable[..., None]) -> None:
    """A tenant that holds the guide's values has no open step, and only the group does not apply."""
    guide()

    status = observe(exchange, JournalingArgs(journal_address=ADDRESS))

    assert status.complete
    assert states(status) == dict.fromkeys(TITLES, "done") | {"group": "not needed"}


def test_a_fresh_tenant_has_every_step_open(exchange: Exchange) -> None:
    """Nothing is ticked in a tenant where nothing was done, but that rules can be listed."""
    status = observe(exchange, JournalingArgs(journal_address=ADDRESS))

    assert not status.complete
    assert {number for number, state in states(status).items() if state == "done"} == {"2.1"}


def test_without_a_stack_a_connector_is_not_needed(exchange: Exchange) -> None:
    """The guide calls the connector optional: where nothing asks for one, its steps do not apply."""
    assert {state for number, state in states(observe(exchange, None)).items() if number.startswith("1.")} == {
        "not needed"
    }


@pytest.mark.parametrize(
    ("change", "number", "tells"),
    [
        ({"ConnectorType": "OnPremises"}, "1.2", "OnPremises instead of Partner"),
        ({"CloudServicesMailEnabled": False}, "1.3", "cloud_services_mail_enabled: off instead of on"),
        ({"RecipientDomains": ["*"]}, "1.4", "* instead of journaling.mxrecord.io"),
        ({"SmartHosts": ["other.example.com"]}, "1.5", "other.example.com instead of mailstream-east"),
        ({"TlsSettings": "EncryptionOnly"}, "1.6", "EncryptionOnly instead of CertificateValidation"),
    ],
)
def test_the_screen_that_differs_is_open_and_tells_both_values(
    exchange: Exchange, guide: Callable[..., None], change: dict[str, Any], number: str, tells: str
) -> None:
    """A property that is not the guide's opens its own step and the confirmation, no other."""
    guide({**CONNECTOR, **change})

    status = observe(exchange, JournalingArgs(journal_address=ADDRESS))

    assert {step for step, state in states(status).items() if state == "open"} == {number, "1.7"}
    assert tells in found(status, number)


def test_a_rule_that_is_off_is_open(exchange: Exchange, guide: Callable[..., None]) -> None:
    """Exchange makes rules that are off; the guide wants it on."""
    guide(Enabled=False)

    status = observe(exchange, None)

    assert states(status)["2.4"] == "open"
    assert found(status, "2.4") == "off instead of on"


def test_without_a_stack_things_are_found_by_the_journal_address(
    exchange: Exchange, guide: Callable[..., None]
) -> None:
    """A rule and a connector of other names are known by Cloudflare's domains."""
    guide(None, Name="Reports")
    exchange.invoke("New-OutboundConnector", {**CONNECTOR, "Name": "To Cloudflare"})
    exchange.invoke("Set-OutboundConnector", {**VALIDATED, "Identity": "To Cloudflare"})

    status = observe(exchange, None)

    assert status.complete
    assert "To Cloudflare" in found(status, "1.1")
    assert "Reports" in found(status, "2.3")


def test_a_group_is_compared_member_by_member(exchange: Exchange, guide: Callable[..., None]) -> None:
    """Who is missing and who is too many is said, in the stack's own spelling."""
    exchange.invoke("New-DistributionGroup", {"Name": "journaled", "Members": ["adelev@contoso.com", "alexw"]})
    guide(Recipient="journaled@contoso.com")
    group = DistributionGroupArgs(name="journaled", members=["adelev", "meganb@contoso.com"])

    status = observe(exchange, JournalingArgs(journal_address=ADDRESS, group=group))

    assert states(status)["2.3"] == "done"
    assert states(status)["group"] == "open"
    assert (
        found(status, "group")
        == "journaled: adelev, alexw@contoso.com; missing meganb@contoso.com; too many: alexw@contoso.com"
    )


def test_a_rule_for_one_mailbox_names_it(exchange: Exchange, guide: Callable[..., None]) -> None:
    """The rule may be restricted to a single mailbox: the last section is then ticked without a group."""
    guide(Recipient="alexw@contoso.com")

    status = observe(exchange, JournalingArgs(journal_address=ADDRESS, recipient="alexw"))

    assert status.complete
    assert found(status, "group") == "UserMailbox alexw@contoso.com, no group"


def test_an_accepted_failure_of_the_validation_is_no_open_step(exchange: Exchange, guide: Callable[..., None]) -> None:
    """Where the stack goes on without a validated connector, its steps do not count."""
    guide()
    exchange.invoke("Set-OutboundConnector", {"Identity": CONNECTOR["Name"], "IsValidated": False})

    accepted = observe(exchange, JournalingArgs(journal_address=ADDRESS, accept_failed_validation=True))

    assert states(accepted)["1.9"] == "not needed"
    assert states(observe(exchange, None))["1.9"] == "open"


def test_only_get_cmdlets_are_called(emulator: Emulator, exchange: Exchange, guide: Callable[..., None]) -> None:
    """Looking changes nothing."""
    guide()
    emulator.control.clear_calls()

    observe(exchange, None)

    assert {call.cmdlet.partition("-")[0] for call in emulator.control.calls()} == {"Get"}


def test_the_json_form_names_each_step_with_its_state(exchange: Exchange) -> None:
    """What `--json` prints: tenant, whether all is done, and the steps in the guide's order."""
    plain = observe(exchange, None).plain()

    assert plain["complete"] is False
    assert [step["step"] for step in plain["steps"]] == list(TITLES)
    assert set(plain["steps"][0]) == {"step", "title", "state", "found"}
