"""New-, Get-, Set-, Remove-, Enable- and Disable-JournalRule, as their pages in office-docs-powershell describe them.

Where reports go that cannot be delivered stands in `transport_config.py`.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from area1_provider.emulator.cmdlets.call import UNCHANGED, Call, cmdlet, render
from area1_provider.emulator.cmdlets.errors import JournalTargetRefused, ObjectExists, UndeliverableUnset, ValueRefused
from area1_provider.emulator.cmdlets.identity import matches, named_recipient, the_object
from area1_provider.emulator.cmdlets.values import BadValue, address
from area1_provider.emulator.tables.rows import nouns
from area1_provider.emulator.tenant import directory
from area1_provider.emulator.tenant.store import Document

NOUN = "JournalRule"
CONTAINERS = ("JournalingVersioned", "Rules", "Transport Settings")
CONSUMER_DOMAINS = frozenset({"live.com", "hotmail.com", "gmail.com", "outlook.com"})
"""OfficeDocs-Exchange issue 2774 names live.com, hotmail and gmail; outlook.com is their kin (unconfirmed)."""


@cmdlet("New-JournalRule")
def new(call: Call) -> Iterable[Mapping[str, Any]]:
    """Source: New-JournalRule page; at most 50 rules (limits page; the error's text is unconfirmed)."""
    (transport,) = call.tenant.all("TransportConfig")
    if transport["JournalingReportNdrTo"] == "<>":
        raise UndeliverableUnset
    if call.tenant.store.count(call.tenant.tenant_id, NOUN) >= call.tenant.limits.journal_rules:
        raise call.refuse(f"An organization can have at most {call.tenant.limits.journal_rules} journal rules.")
    document = nouns()[NOUN].defaults()
    document |= {
        "Guid": call.tenant.new_guid(),
        "WhenCreatedUTC": call.timestamp,
        "Enabled": call.get("Enabled", False),
    }
    _write(call, document, call["Name"])
    yield render(call, NOUN, call.tenant.save(NOUN, document, call.session))


@cmdlet("Get-JournalRule")
def get(call: Call) -> Iterable[Mapping[str, Any]]:
    """Source: Get-JournalRule page. No record was published: Guid, Identity and dates are expected, unconfirmed."""
    if call.has("Identity"):
        return [render(call, NOUN, the_object(call, NOUN))]
    return [render(call, NOUN, row) for row in call.tenant.all(NOUN) if call.sees(row["Guid"])]


@cmdlet("Set-JournalRule")
def change(call: Call) -> Iterable[Mapping[str, Any]]:
    """Source: Set-JournalRule page; it has no Enabled."""
    before = the_object(call, NOUN)
    document = dict(before)
    _write(call, document, call.get("Name", before["Name"]))
    return _save(call, before, document)


@cmdlet("Remove-JournalRule")
def remove(call: Call) -> Iterable[Mapping[str, Any]]:
    """Source: Remove-JournalRule page."""
    call.tenant.delete(the_object(call, NOUN)["Guid"])
    return ()


@cmdlet("Enable-JournalRule")
def enable(call: Call) -> Iterable[Mapping[str, Any]]:
    """Source: Enable-JournalRule page. On a rule that is on, it changes nothing (unconfirmed: warning)."""
    return _switch(call, enabled=True)


@cmdlet("Disable-JournalRule")
def disable(call: Call) -> Iterable[Mapping[str, Any]]:
    """Source: Disable-JournalRule page."""
    return _switch(call, enabled=False)


def _switch(call: Call, *, enabled: bool) -> tuple[()]:
    before = the_object(call, NOUN)
    return _save(call, before, before | {"Enabled": enabled, "WhenChangedUTC": call.timestamp})


def _save(call: Call, before: Document, document: Document) -> tuple[()]:
    if document | {"WhenChangedUTC": ""} == before | {"WhenChangedUTC": ""}:
        call.warnings.append(UNCHANGED.format(before["Identity"]))
    else:
        call.tenant.save(NOUN, document)
    return ()


def _write(call: Call, document: Document, name: str) -> None:
    dn = directory.config_dn(call.tenant.organization, name, *CONTAINERS)
    if any(guid != document["Guid"] for guid in call.tenant.find(NOUN, name, {"name"})):
        raise ObjectExists(dn, directory.SERVER)
    if call.has("JournalEmailAddress"):
        document["JournalEmailAddress"] = _target(call, call["JournalEmailAddress"])
    if call.has("Recipient"):
        document["Recipient"] = _scope(call, call["Recipient"])
    if call.has("Scope"):
        document["Scope"] = call["Scope"]
    document |= {"Name": name, "Identity": name, "DistinguishedName": dn, "WhenChangedUTC": call.timestamp}


def _scope(call: Call, recipient: str | None) -> str | None:
    """The address of the one recipient, or null for everyone. That it must exist here is unconfirmed.

    No wildcard stands for a domain's recipients (the page on journaling; the refusal's text is unconfirmed).
    """
    if recipient is not None and recipient.startswith("*@"):
        raise ValueRefused("Recipient", f'"{recipient}" isn\'t a valid SMTP address: wildcards are not allowed.')
    return None if recipient is None else str(named_recipient(call, recipient)["PrimarySmtpAddress"])


def _target(call: Call, identity: str) -> str:
    """The address that reports go to: a mail user's, a contact's, or any outside; never a mailbox's or a group's."""
    if matches(call, "Recipient", identity):
        found = named_recipient(call, identity)
        if found["RecipientType"] not in {"MailUser", "MailContact"}:
            raise JournalTargetRefused
        return _external(call, found["PrimarySmtpAddress"])
    return _external(call, identity)


def _external(call: Call, target: str) -> str:
    try:
        domain = address(target).rpartition("@")[2].casefold()
    except BadValue:
        raise JournalTargetRefused from None
    inside = {own.casefold() for own in call.tenant.accepted_domains}
    if domain in CONSUMER_DOMAINS | inside:
        raise JournalTargetRefused
    return target
