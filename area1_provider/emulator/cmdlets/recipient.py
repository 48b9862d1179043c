"""Get-Recipient, Get-Mailbox and Get-MailUser, as their pages in office-docs-powershell describe them."""

from collections.abc import Iterable, Mapping
from typing import Any

from area1_provider.emulator.cmdlets.call import Call, cmdlet
from area1_provider.emulator.cmdlets.identity import the_recipient
from area1_provider.emulator.cmdlets.listing import listed, named
from area1_provider.emulator.tables.rows import cmdlets
from area1_provider.emulator.tenant import RECIPIENTS

MAILBOXES = frozenset({"UserMailbox", "SharedMailbox", "RoomMailbox", "EquipmentMailbox"})


@cmdlet("Get-Recipient")
def get_recipient(call: Call) -> Iterable[Mapping[str, Any]]:
    """Source: Get-Recipient page; the properties are those most used, not all."""
    if call.has("Identity"):
        every = cmdlets()["get-recipient"].parameters["recipienttypedetails"].values
        return named(call, "Recipient", the_recipient(call, "Recipient", every))
    return listed(call, "Recipient", call.tenant.all(*RECIPIENTS))


@cmdlet("Get-Mailbox")
def get_mailbox(call: Call) -> Iterable[Mapping[str, Any]]:
    """Source: Get-Mailbox page; Microsoft 365 groups only with GroupMailbox."""
    noun, details = ("GroupMailbox", {"GroupMailbox"}) if call.get("GroupMailbox") else ("Mailbox", MAILBOXES)
    if call.has("Identity"):
        return named(call, "Mailbox", the_recipient(call, "Mailbox", details))
    return listed(call, "Mailbox", call.tenant.all(noun))


@cmdlet("Get-MailUser")
def get_mail_user(call: Call) -> Iterable[Mapping[str, Any]]:
    """Source: Get-MailUser page."""
    if call.has("Identity"):
        return named(call, "MailUser", the_recipient(call, "MailUser", {"MailUser", "GuestMailUser"}))
    return listed(call, "MailUser", call.tenant.all("MailUser"))
