"""Validation of outbound connectors, as far as it goes without a network."""

from typing import Any

import pytest
from cmdlet_shell import Shell

from area1_provider.emulator.cmdlets.errors import ObjectNotFound, ParameterSetUnresolved, ValueRefused


def validated(shell: Shell, recipient: str = "test@archive.example") -> list[tuple[str, bool]]:
    """Names and success of the tasks."""
    rows = shell("Validate-OutboundConnector", Identity="Area 1", Recipients=[recipient], Confirm=False)
    return [(row["TaskName"], row["IsTaskSuccessful"]) for row in rows]


def test_each_host_and_each_recipient_is_a_task(shell: Shell) -> None:
    """One object a task: its name, its success and a detail, under a name that is not confirmed."""
    shell.connector(SmartHosts=["a.example", "192.0.2.1"])
    recipients = ["one@archive.example", "two@archive.example"]
    rows = shell("Validate-OutboundConnector", Identity="Area 1", Recipients=recipients)
    assert [row["TaskName"] for row in rows] == [
        "Check connectivity to 'a.example'",
        "Check connectivity to '192.0.2.1'",
        "Send test email",
        "Send test email",
    ]
    assert all(set(row) == {"TaskName", "IsTaskSuccessful", "TaskDetail"} for row in rows)
    assert all(row["IsTaskSuccessful"] for row in rows)


def test_a_host_that_never_resolves_fails(shell: Shell) -> None:
    """Names under .invalid (RFC 6761); the mail still goes if another host answers."""
    shell.connector(SmartHosts=["mx.down.invalid", "mx.example.net"])
    tasks = validated(shell)
    assert [success for _, success in tasks] == [False, True, True]
    shell("Set-OutboundConnector", Identity="Area 1", SmartHosts=["mx.down.invalid"])
    assert [success for _, success in validated(shell)] == [False, False]


@pytest.mark.parametrize(
    ("scope", "recipient", "carried"),
    [
        ({"RecipientDomains": ["archive.example"]}, "a@ARCHIVE.example", True),
        ({"RecipientDomains": ["archive.example"]}, "a@other.example", False),
        ({"RecipientDomains": ["archive.example"]}, "a@sub.archive.example", False),
        ({"RecipientDomains": ["*.archive.example"]}, "a@sub.archive.example", True),
        ({"RecipientDomains": ["*.archive.example"]}, "a@archive.example", False),
        ({"RecipientDomains": ["*"]}, "a@anything.example", True),
        ({"AllAcceptedDomains": True, "ConnectorType": "OnPremises", "RecipientDomains": []}, "a@contoso.com", True),
        ({"AllAcceptedDomains": True, "ConnectorType": "OnPremises", "RecipientDomains": []}, "a@b.example", False),
        ({"IsTransportRuleScoped": True, "RecipientDomains": []}, "a@b.example", True),
        ({"RecipientDomains": []}, "a@b.example", False),
    ],
)
def test_mail_goes_if_the_connector_covers_the_domain(
    shell: Shell, scope: dict[str, Any], recipient: str, *, carried: bool
) -> None:
    """Otherwise the mail left without using any connector, as the portal's detail says."""
    shell.connector(**scope)
    assert validated(shell, recipient)[-1] == ("Send test email", carried)


def test_the_detail_says_why(shell: Shell) -> None:
    """A failed task tells its reason."""
    shell.connector()
    rows = shell("Validate-OutboundConnector", Identity="Area 1", Recipients=["a@other.example"])
    assert "without using any connector" in rows[-1]["TaskDetail"]


def test_a_connector_that_is_off_carries_nothing(shell: Shell) -> None:
    """The test mail fails while the hosts answer."""
    shell.connector(Enabled=False)
    assert [success for _, success in validated(shell)] == [True, False]


def test_with_mx_records_only_mail_is_tried(shell: Shell) -> None:
    """There are no smart hosts to connect to; a domain that never resolves fails."""
    shell.one("New-OutboundConnector", Name="Area 1", RecipientDomains=["archive.example", "gone.invalid"])
    assert validated(shell) == [("Send test email", True)]
    assert validated(shell, "a@gone.invalid") == [("Send test email", False)]


def test_validation_stores_nothing_and_set_does(shell: Shell) -> None:
    """The mark is written by Set-, and stays when the routing changes (unknown what the service does)."""
    made = shell.connector()
    validated(shell)
    assert shell.one("Get-OutboundConnector") == made
    mark = {"IsValidated": True, "LastValidationTimestamp": "2026-07-24T18:59:12Z"}
    shell("Set-OutboundConnector", Identity="Area 1", ValidationRecipients=["test@archive.example"], **mark)
    shell("Set-OutboundConnector", Identity="Area 1", SmartHosts=["mx2.example.net"])
    row = shell.one("Get-OutboundConnector")
    assert (row["IsValidated"], row["ValidationRecipients"]) == (True, ["test@archive.example"])


def test_validation_needs_a_connector_and_addresses(shell: Shell, table: Any) -> None:
    """Both parameters are mandatory, and recipients are addresses."""
    shell.refusal(ObjectNotFound, "Validate-OutboundConnector", Identity="x", Recipients=["a@b.example"])
    shell.refusal(ValueRefused, "Validate-OutboundConnector", Identity="x", Recipients=["nobody"])
    nothings: list[Any] = [[], table()]
    for nothing in nothings:
        shell.refusal(ParameterSetUnresolved, "Validate-OutboundConnector", Identity="x", Recipients=nothing)
