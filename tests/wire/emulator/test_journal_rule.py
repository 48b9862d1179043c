"""The journaling guide over HTTP, step by step, by a client that knows nothing of the provider."""

from collections.abc import Callable
from typing import Any

import pytest
from plain_client import Plain

Run = Callable[..., list[dict[str, Any]]]


@pytest.fixture
def run(plain: Plain) -> Run:
    """Give what runs a cmdlet that must succeed and gives its objects without side keys."""
    token = plain.token()

    def invoke(cmdlet: str, **parameters: Any) -> list[dict[str, Any]]:
        answer = plain.invoke(cmdlet, parameters, token=token)
        assert answer.status_code == 200, answer.text
        rows: list[dict[str, Any]] = answer.json()["value"]
        return [{name: value for name, value in row.items() if "@" not in name} for row in rows]

    return invoke


def test_the_guide_can_be_followed(run: Run) -> None:
    """Undeliverable address, group, connector, validation, rule; then everything is taken away again."""
    run("Set-TransportConfig", JournalingReportNdrTo="journal-ndr@contoso.com")
    run("New-DistributionGroup", Name="Journaled", Members=["adelev@contoso.com", "alexw@contoso.com"])
    scope = {"RecipientDomains": ["mxrecord.example"], "CloudServicesMailEnabled": True, "ConnectorType": "Partner"}
    routing = {"UseMXRecord": False, "SmartHosts": ["mailstream-1.example", "mailstream-2.example"]}
    (connector,) = run("New-OutboundConnector", Name="Area 1", TlsSettings="CertificateValidation", **scope, **routing)
    tasks = run("Validate-OutboundConnector", Identity=connector["Guid"], Recipients=["in@mxrecord.example"])
    assert [task["IsTaskSuccessful"] for task in tasks] == [True, True, True]
    run("Set-OutboundConnector", Identity=connector["Guid"], IsValidated=True)
    rule = {"Name": "Journal", "JournalEmailAddress": "in@mxrecord.example", "Recipient": "Journaled@contoso.com"}
    (made,) = run("New-JournalRule", Enabled=True, Scope="Global", **rule)
    assert made == made | rule | {"Enabled": True}
    run("Disable-JournalRule", Identity=made["Guid"], Confirm=False)
    assert [row["Enabled"] for row in run("Get-JournalRule")] == [False]
    for noun, identity in (
        ("JournalRule", "Journal"),
        ("OutboundConnector", "Area 1"),
        ("DistributionGroup", "Journaled"),
    ):
        run(f"Remove-{noun}", Identity=identity, Confirm=False)
        assert run(f"Get-{noun}") == []
    assert run("Get-TransportConfig")[0]["JournalingReportNdrTo"] == "journal-ndr@contoso.com"


def test_confirmation_is_asked_for_in_the_envelope(plain: Plain) -> None:
    """`Confirm: true` brings the question instead of the change."""
    body = plain.invoke("New-OutboundConnector", {"Name": "x", "Confirm": True}).json()
    assert (body["value"], "New-OutboundConnector" in body["@adminapi.confirmationmessage"]) == ([], True)
    assert plain.invoke("Get-OutboundConnector").json()["value"] == []
