"""Looking recipients up: the same mailbox or group goes by GUID, address, alias and name.

Only for recipients that other objects name (members, owners, a rule's recipient); nothing is changed here.
"""

from __future__ import annotations

import threading
from collections.abc import Collection, Mapping
from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary

from area1_provider import errors
from area1_provider.settle import Identify, ids_of

if TYPE_CHECKING:
    from area1_provider.client import Exchange

_lock = threading.Lock()
_made: WeakKeyDictionary[Exchange, set[str]] = WeakKeyDictionary()


def found(exchange: Exchange, text: str) -> Mapping[str, Any] | None:
    """Give the recipient that a text names, None if there is none (MicrosoftDocs Get-Recipient).

    Some Get- cmdlets answer an empty list instead of an error; others may list what was not asked for.
    """
    try:
        objects = exchange.invoke("Get-Recipient", {"Identity": text}).objects
    except errors.NotFound:
        return None
    if len(objects) > 1:
        raise errors.Ambiguous("Get-Recipient", f"{len(objects)} recipients are called {text!r}")
    return objects[0] if objects else None


def remember(exchange: Exchange, made: Mapping[str, Any]) -> None:
    """Note a recipient that this process has made or changed: other servers may not find it for minutes."""
    with _lock:
        _made.setdefault(exchange, set()).update(ids_of(made))


def was_made(exchange: Exchange, text: str) -> bool:
    """Say whether this process has made the recipient that a text names, or given it that name."""
    with _lock:
        return text.casefold() in _made.get(exchange, ())


def identify(exchange: Exchange) -> Identify:
    """Give the look-up for `settle`: texts to GUIDs. A text that names nobody stands for itself."""

    def guids(texts: Collection[str]) -> frozenset[str]:
        return frozenset(guid(exchange, text) for text in texts)

    return guids


def guid(exchange: Exchange, text: str) -> str:
    """Give the GUID of the recipient that a text names, or the text."""
    recipient = found(exchange, text)
    return str((recipient or {}).get("Guid") or text).casefold()


def spelled(recipients: Collection[Mapping[str, Any]], known: Collection[str]) -> list[str]:
    """Give a text for each recipient: all those in `known` that name it, else its address, else its GUID.

    An address may be empty (Microsoft365DSC issue 6426), so it cannot be the identity.
    """
    by_id = {text.casefold(): text for text in known}
    named = (sorted(by_id[name] for name in names_of(one) & by_id.keys()) or [shown(one)] for one in recipients)
    return [text for texts in named for text in texts]


def names_of(recipient: Mapping[str, Any]) -> frozenset[str]:
    """Give every text that names a recipient, its other addresses too where they are shown, in lower case."""
    listed = recipient.get("EmailAddresses")
    proxies = listed if isinstance(listed, list) else []
    return ids_of(recipient) | {str(proxy).partition(":")[2].casefold() for proxy in proxies}


def shown(recipient: Mapping[str, Any]) -> str:
    """Give what a person would call a recipient."""
    return str(recipient.get("PrimarySmtpAddress") or recipient.get("Name") or recipient.get("Guid") or "")
