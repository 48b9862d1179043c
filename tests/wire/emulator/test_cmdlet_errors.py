"""Every error class of the cmdlets, provoked over HTTP: status, envelope, type."""

from typing import Any

import pytest
from plain_client import Plain

from area1_provider.emulator.cmdlets import errors
from area1_provider.emulator.cmdlets.errors import CmdletError

CALLS: dict[str, tuple[str, dict[str, Any]]] = {
    "UnknownParameter": ("Get-OutboundConnector", {"BogusParameter": 1}),
    "ParameterSetUnresolved": ("Get-Recipient", {"Identity": "x", "Anr": "y"}),
    "ValueRefused": ("New-OutboundConnector", {"Name": "x", "TlsSettings": "Nonsense"}),
    "EmptyIdentity": ("Add-DistributionGroupMember", {"Identity": "Plain", "Member": ""}),
    "ObjectNotFound": ("Get-JournalRule", {"Identity": "none"}),
    "RecipientNotFound": ("Add-DistributionGroupMember", {"Identity": "Plain", "Member": "nobody"}),
    "AmbiguousIdentity": ("Get-DistributionGroup", {"Identity": "Twice"}),
    "AmbiguousRecipient": ("Add-DistributionGroupMember", {"Identity": "Plain", "Member": "Twice"}),
    "ObjectExists": ("New-OutboundConnector", {"Name": "taken"}),
    "AddressInUse": ("New-DistributionGroup", {"Name": "x", "Alias": "adelev"}),
    "AlreadyMember": ("Add-DistributionGroupMember", {"Identity": "Plain", "Member": "adelev"}),
    "NotMember": ("Remove-DistributionGroupMember", {"Identity": "Plain", "Member": "alexw"}),
    "NotManager": ("Remove-DistributionGroup", {"Identity": "Guarded", "Confirm": False}),
    "GroupMailboxUnsupported": ("Get-DistributionGroup", {"Identity": "team-m365"}),
    "UndeliverableUnset": ("Set-TransportConfig", {"JournalingReportNdrTo": "<>"}),
    "JournalTargetRefused": ("New-JournalRule", {"Name": "x", "JournalEmailAddress": "adelev@contoso.com"}),
    "RuleRefused": ("New-OutboundConnector", {"Name": "x", "UseMXRecord": False}),
    "Dehydrated": ("Remove-OutboundConnector", {"Identity": "taken"}),
    "AlreadyHydrated": ("Enable-OrganizationCustomization", {}),
}
PREPARED: list[tuple[str, dict[str, Any]]] = [
    ("New-OutboundConnector", {"Name": "taken"}),
    ("Set-TransportConfig", {"JournalingReportNdrTo": "ndr@elsewhere.example"}),
    ("New-DistributionGroup", {"Name": "Plain", "Members": ["adelev"]}),
    ("New-DistributionGroup", {"Name": "Guarded", "Type": "Security", "ManagedBy": ["adelev"]}),
    ("New-DistributionGroup", {"Name": "Twice", "Alias": "twice-group"}),
]
NAMED = {name: row for name, row in vars(errors).items() if isinstance(row, type) and issubclass(row, CmdletError)}


@pytest.fixture
def prepared(plain: Plain) -> Plain:
    """Give a client of a tenant in which every error can happen."""
    tenant = plain.server.control.tenant()
    tenant.add_microsoft365_group("Twice", "team-m365")
    token = plain.token()
    for cmdlet, parameters in PREPARED:
        assert plain.invoke(cmdlet, parameters, token=token).status_code == 200
    return plain


def test_no_error_is_forgotten() -> None:
    """The list above names every class that a cmdlet can answer with."""
    assert set(CALLS) == set(NAMED) - {"CmdletError"}


@pytest.mark.parametrize("name", CALLS)
def test_an_error_travels_whole(prepared: Plain, name: str) -> None:
    """Status, code, type and text arrive where clients look for them."""
    row, (cmdlet, parameters) = NAMED[name], CALLS[name]
    if name == "Dehydrated":
        prepared.server.control.tenant().dehydrate(needed_by=[cmdlet])
    answer = prepared.invoke(cmdlet, parameters)
    body = answer.json()["error"]
    cause = body["innererror"]["internalexception"]
    assert (answer.status_code, body["code"], body["message"]) == (row.status, row.code, row.summary)
    assert cause["type"] == row.kind
    assert answer.headers["x-ExceptionType"] == row.kind
    details = [detail["message"] for detail in body.get("details", [])]
    assert details in ([], [f"{row.message_id}|{row.kind}|{cause['message']}"])


@pytest.mark.parametrize(
    ("cmdlet", "parameters"),
    [
        ("Set-OutboundConnector", {"Identity": "taken", "Comment": "x"}),
        ("Remove-OutboundConnector", {"Identity": "taken", "Confirm": False}),
        ("Add-DistributionGroupMember", {"Identity": "Plain", "Member": "meganb"}),
    ],
)
def test_writes_without_output_have_an_empty_value(prepared: Plain, cmdlet: str, parameters: dict[str, Any]) -> None:
    """What changes and gives no object still has the envelope."""
    answer = prepared.invoke(cmdlet, parameters)
    assert (answer.status_code, answer.json()["value"]) == (200, [])


def test_a_set_that_changes_nothing_warns_in_the_envelope(prepared: Plain) -> None:
    """The documented warning, where clients look for it."""
    body = prepared.invoke("Set-OutboundConnector", {"Identity": "taken", "Comment": ""}).json()
    text = "The command completed successfully but no settings of 'taken' have been modified."
    assert body["@adminapi.warnings"] == [text]
