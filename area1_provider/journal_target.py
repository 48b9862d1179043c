"""Whether a journal rule can work in its tenant: a new target, and whom it is to journal.

One look at the accepted domains a process. The target is looked up only where those make it suspicious, the recipient
only where this process has not made it itself.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary

from area1_provider import forms, recipients
from area1_provider.schema import UNKNOWN, Properties

if TYPE_CHECKING:
    from area1_provider.client import Exchange

MAILBOX = "Mailbox"
"""Every RecipientTypeDetails of a mailbox ends so (MicrosoftDocs Get-Recipient)."""

GROUP = "Group"
"""Every RecipientType of a group ends so (same page)."""

_lock = threading.Lock()
_accepted: WeakKeyDictionary[Exchange, frozenset[str]] = WeakKeyDictionary()


def accepted_domains(exchange: Exchange) -> frozenset[str]:
    """Give the tenant's accepted domains in lower case, asked for once."""
    with _lock:
        if exchange not in _accepted:
            objects = exchange.invoke("Get-AcceptedDomain").objects
            _accepted[exchange] = frozenset(str(item.get("DomainName", "")).casefold() for item in objects)
        return _accepted[exchange]


def problems(exchange: Exchange, desired: Properties) -> Iterator[tuple[str, str]]:
    """Give (property, problem) for what is new of a rule; warn of what only might be one."""
    yield from _target_problems(exchange, str(desired.get("journal_email_address") or ""))
    yield from _recipient_problems(exchange, str(desired.get("recipient") or ""))


def _target_problems(exchange: Exchange, address: str) -> Iterator[tuple[str, str]]:
    """The JournalEmailAddress can only be a mail user, a mail contact or an external address (OfficeDocs 2774)."""
    if address in ("", UNKNOWN) or not _is_inside(exchange, address):
        return
    target = recipients.found(exchange, address)
    if target is None and not forms.is_address(address):
        yield (
            "journal_email_address",
            f"{address!r} is neither an SMTP address nor a mail contact or mail user of this tenant",
        )
    elif target is None:
        exchange.tell(
            f"warning: journal_email_address {address!r} is in an accepted domain of this tenant, but no recipient has it: "
            "journal reports would not be delivered unless it is one of a server behind this tenant"
        )
    elif kind := _kind_of(target):
        yield (
            "journal_email_address",
            (
                f"{address!r} is a {kind} of this tenant ({target.get('Name')}); Exchange Online takes only an external "
                "address, a mail contact or a mail user. Write the address that the journaling service gave you"
            ),
        )


def _kind_of(target: Mapping[str, Any]) -> str:
    """Say what a recipient is that takes no journal reports: a mailbox or a group, else nothing."""
    shown = (str(target.get(name, "")) for name in ("RecipientTypeDetails", "RecipientType"))
    return next((kind.lower() for text in shown for kind in (MAILBOX, GROUP) if text.endswith(kind)), "")


def _recipient_problems(exchange: Exchange, address: str) -> Iterator[tuple[str, str]]:
    """Whether Exchange itself wants the recipient to exist is unconfirmed; a rule for nobody journals nothing."""
    if address in ("", UNKNOWN) or recipients.was_made(exchange, address):
        return
    if recipients.found(exchange, address) is None:
        yield (
            "recipient",
            (
                f"{address!r} is no recipient of this tenant: write the address of a group or mailbox in it, or make the "
                "group in this program and pass its primary_smtp_address, or leave recipient out to journal everyone"
            ),
        )


def _is_inside(exchange: Exchange, address: str) -> bool:
    """Say whether an address is in an accepted domain; what is no address (an alias) is."""
    return not forms.is_address(address) or forms.domain_of(address) in accepted_domains(exchange)
