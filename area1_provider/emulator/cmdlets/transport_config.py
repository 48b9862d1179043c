"""Get- and Set-TransportConfig, as their pages in office-docs-powershell describe them.

The rules that send journal reports stand in `journal_rule.py`.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from area1_provider.emulator.cmdlets.call import UNCHANGED, Call, assign, cmdlet, render
from area1_provider.emulator.cmdlets.errors import UndeliverableUnset

NOUN = "TransportConfig"
COMMAND_ONLY = {"Confirm", "WhatIf", "Force"}


@cmdlet("Get-TransportConfig")
def get(call: Call) -> Iterable[Mapping[str, Any]]:
    """Source: Get-TransportConfig page; an unset JournalingReportNdrTo reads `<>` (Microsoft365DSC 3220)."""
    return [render(call, NOUN, row) for row in call.tenant.all(NOUN)]


@cmdlet("Set-TransportConfig")
def change(call: Call) -> Iterable[Mapping[str, Any]]:
    """Source: Set-TransportConfig page; that the address cannot be emptied: Microsoft365DSC 5606 and 5851.

    The page asks for an address that is no mailbox here, yet the service takes one (vendors' guides): a warning,
    whose text is unconfirmed.
    """
    if call.get("JournalingReportNdrTo", "given") in {None, "", "<>"}:
        raise UndeliverableUnset
    (before,) = call.tenant.all(NOUN)
    document = dict(before)
    assign(call, document, call.bound.keys() - COMMAND_ONLY)
    if document == before:
        call.warnings.append(UNCHANGED.format(before["Identity"]))
        return ()
    call.tenant.save(NOUN, document | {"WhenChangedUTC": call.timestamp})
    _warn_of_mailbox(call)
    return ()


def _warn_of_mailbox(call: Call) -> None:
    for guid in call.tenant.find("Recipient", call.get("JournalingReportNdrTo", ""), {"address"}):
        if call.tenant.fetch(guid)["RecipientType"] == "UserMailbox":
            call.warnings.append(
                "The alternate journaling mailbox shouldn't be a mailbox of this organization: it is not journaled "
                "itself, and its rules and automatic replies stop working."
            )
