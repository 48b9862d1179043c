"""Outbound connectors over HTTP, against the record that graph2otel captured from a real tenant."""

from typing import Any

from plain_client import Plain

CAPTURED: dict[str, Any] = {
    "Enabled": True,
    "UseMXRecord": False,
    "Comment": "for graph2otel test",
    "ConnectorType": "OnPremises",
    "ConnectorSource": "AdminUI",
    "RecipientDomains": [],
    "SmartHosts": ["smtp-relay.gmail.com"],
    "TlsDomain": None,
    "TlsSettings": "CertificateValidation",
    "IsTransportRuleScoped": True,
    "RouteAllMessagesViaOnPremises": False,
    "CloudServicesMailEnabled": True,
    "AllAcceptedDomains": False,
    "SenderRewritingEnabled": False,
    "MtaStsMode": "Opportunistic",
    "SmtpDaneMode": "Opportunistic",
    "TestMode": False,
    "ValidationRecipients": ["user@example.org"],
    "IsValidated": False,
    "LastValidationTimestamp": "2026-07-24T18:59:12.0000000",
    "AdminDisplayName": "",
    "Name": "outbourconnection",
    "Identity": "outbourconnection",
    "WhenChangedUTC": "2026-07-24T19:01:54.0000000Z",
    "WhenCreatedUTC": "2026-07-24T18:58:31.0000000Z",
    "Guid": "d0d71cb9-6105-410f-8193-3640e12852a5",
    "IsValid": True,
}
"""graph2otel `internal/collectors/m365/exchangeconnectors/exchangeconnectors_test.go`, side keys dropped."""
LATE = {"ValidationRecipients", "IsValidated", "LastValidationTimestamp"}
READ_ONLY = {"Identity", "WhenChangedUTC", "WhenCreatedUTC", "Guid", "IsValid", "AdminDisplayName"}


def test_the_captured_record_can_be_replayed(plain: Plain) -> None:
    """New with what New takes, Set with the rest by GUID: Get gives the record, but for GUID and times."""
    token = plain.token()
    new = {name: value for name, value in CAPTURED.items() if name not in LATE | READ_ONLY}
    made = plain.invoke("New-OutboundConnector", new, token=token).json()["value"][0]
    late = {name: CAPTURED[name] for name in LATE}
    assert plain.invoke("Set-OutboundConnector", {"Identity": made["Guid"], **late}, token=token).ok
    (read,) = plain.invoke("Get-OutboundConnector", {"Identity": CAPTURED["Name"]}, token=token).json()["value"]
    row = {name: value for name, value in read.items() if "@" not in name}
    server = {"Guid", "WhenChangedUTC", "WhenCreatedUTC"}
    assert list(row) == list(CAPTURED)
    assert {name: row[name] for name in row if name not in server} == {
        name: CAPTURED[name] for name in CAPTURED if name not in server
    }
    assert {name: (type(row[name]), len(row[name])) for name in server} == {
        name: (str, len(CAPTURED[name])) for name in server
    }


def test_validation_answers_per_task(plain: Plain) -> None:
    """Names and outcomes of tasks, without side keys of a connector."""
    token = plain.token()
    parameters = {"Name": "Area 1", "UseMXRecord": False, "SmartHosts": ["mx.down.invalid"]}
    plain.invoke("New-OutboundConnector", {**parameters, "RecipientDomains": ["archive.example"]}, token=token)
    asked = {"Identity": "Area 1", "Recipients": ["test@archive.example"]}
    tasks = plain.invoke("Validate-OutboundConnector", asked, token=token).json()["value"]
    assert [(task["TaskName"], task["IsTaskSuccessful"]) for task in tasks] == [
        ("Check connectivity to 'mx.down.invalid'", False),
        ("Send test email", False),
    ]
    assert not [name for task in tasks for name in task if "@" in name]
