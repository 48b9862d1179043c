"""From what Exchange says to what the state holds.

A value that means what the program wrote keeps the program's spelling, so that drift shows only what moved. Recipients
come back in another form than they were written (an alias goes in, an address or a GUID comes out): what Exchange made
of each is kept beside it (`resolved`), and where that does not tell, both are looked up. Asks Exchange only then.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from typing import Any

from area1_provider import errors
from area1_provider.forms import is_guid
from area1_provider.holders import TAKEN_OVER
from area1_provider.schema import MANAGED, UNKNOWN, Noun, Properties, Property

Identify = Callable[[Collection[str]], frozenset[str]]
"""Texts that name recipients to the GUIDs of those recipients."""

RESOLVED = "resolved"
"""Output: by property, what Exchange made of the recipients that the program wrote."""


def left_by_us(noun: Noun, state: Properties) -> Properties:
    """Give a state, or old inputs, as they are.

    Raises `Refused` naming every value that no operation of ours leaves: an import file may put anything there.
    """
    odd = [*_odd_properties(noun, state, ""), *_odd_bookkeeping(noun, state)]
    if odd:
        told = "\n".join(f"  {place}" for place in odd)
        raise errors.Refused(
            f"The stack's state holds values of {noun.name} that this package never writes:\n{told}\nNothing was changed. "
            f"Take the entry out of the state (pulumi state delete; the tenant is not touched), then bring the object in "
            f"with\n  area1 import {noun.name}"
        )
    return state


def _odd_properties(noun: Noun, values: Properties, prefix: str) -> Iterator[str]:
    for name in (name for name in noun.properties if values.get(name) is not None):
        one, value = noun.properties[name], values[name]
        if one.many and value != UNKNOWN and not _is_texts(value):
            yield f"{prefix}{name}: no list of texts"
        elif not one.many and (not isinstance(value, str) if one.base is str else isinstance(value, list | Mapping)):
            yield f"{prefix}{name}: not a single {'text' if one.base is str else 'value'}"


def _odd_bookkeeping(noun: Noun, state: Properties) -> Iterator[str]:
    if not _is_texts(state.get(MANAGED) or []):
        yield f"{MANAGED}: no list of names"
    resolved = state.get(RESOLVED) or {}
    if isinstance(resolved, Mapping):
        yield from _odd_properties(noun, resolved, f"{RESOLVED}.")
    else:
        yield f"{RESOLVED}: no table"
    if not isinstance(state.get(TAKEN_OVER) or "", str):
        yield f"{TAKEN_OVER}: no text"


def _is_texts(value: Any) -> bool:
    return isinstance(value, list | tuple) and all(isinstance(item, str) for item in value)


def settled(
    noun: Noun, known: Properties, seen: Properties, identify: Identify, written: Collection[str] = ()
) -> dict[str, Any]:
    """Give the values of all properties that Exchange shows, `resolved` and `managed`.

    `known` is what the program or the state says, `seen` an object of Exchange's; what it does not show stays as known.
    `written` names the properties whose value in `seen` is the answer to the one in `known`.
    """
    values = noun.observed(seen)
    managed, before = noun.managed(known), known.get(RESOLVED) or {}
    resolved: dict[str, Any] = {name: before[name] for name in before if name in managed and name not in values}
    for name, spelled in managed.items():
        one, value = noun.properties[name], values.get(name)
        if value is None or one.same(spelled, value):
            values[name] = spelled
        elif _answers(one, known, value, identify, written=name in written):
            values[name], resolved[name] = spelled, value
    return {**values, RESOLVED: resolved, MANAGED: sorted(managed)}


def _answers(one: Property, known: Properties, value: Any, identify: Identify, *, written: bool) -> bool:
    """Say whether `value` is Exchange's form of the recipients that `known` names."""
    if not one.is_recipient:
        return False
    spelled = known[one.name]
    if written and count(one, spelled) == count(one, value):
        return True
    before = (known.get(RESOLVED) or {}).get(one.name)
    if before is not None and one.same(before, value):
        return True
    return alike(one, spelled, value, identify)


def still_resolved(state: Properties, changed: Collection[str]) -> dict[str, Any]:
    """Give what was resolved for recipients that did not change."""
    return {name: value for name, value in (state.get(RESOLVED) or {}).items() if name not in changed}


def shows(
    noun: Noun, seen: Properties, known: Properties, state: Properties, names: Collection[str], identify: Identify
) -> bool:
    """Say whether an object that was read back has the changes `names`, or another server's older copy was read.

    Recipients come back in Exchange's form: another value than before is taken for the answer.
    """
    for one in (noun.properties[name] for name in names):
        if one.wire.name not in seen:
            continue
        value = one.observed(seen[one.wire.name])
        if not one.same(known[one.name], value) and not _moved(one, value, known, state, identify):
            return False
    return True


def _moved(one: Property, value: Any, known: Properties, state: Properties, identify: Identify) -> bool:
    more = count(one, known[one.name]) - count(one, value)  # one recipient may be named twice
    if not one.is_recipient or more < 0:
        return False
    before = (state.get(RESOLVED) or {}).get(one.name, state.get(one.name))
    return (more == 0 and not one.same(before, value)) or alike(one, known[one.name], value, identify)


def alike(one: Property, spelled: Any, value: Any, identify: Identify) -> bool:
    """Say whether two lists of recipients name the same ones, by looking up those that differ in spelling."""
    left, right = texts(one, spelled), texts(one, value)
    if not left or not right:
        return False
    return identify(left - right) == identify(right - left)


def texts(one: Property, value: Any) -> frozenset[str]:
    """Give the canonical texts of a property that is one text or a list."""
    canonical = one.canonical(value)
    return frozenset(canonical if one.many else filter(None, [canonical]))


def count(one: Property, value: Any) -> int:
    """Count the distinct recipients of a value."""
    return len(texts(one, value))


def one_of(cmdlet: str, objects: Collection[Mapping[str, Any]], identity: str) -> Mapping[str, Any]:
    """Give the one object of that identity.

    Raises `NotFound` if there is none (the page of Get-OutboundConnector warns that an identity which does not exist
    may list all), `Ambiguous` if there are several, `BadAnswer` if an object cannot be told from another.
    """
    if not all(ids_of(item) for item in objects):
        raise errors.BadAnswer(f"{cmdlet}: an object without Guid and Identity came back", sent=False)
    found = [item for item in objects if identity.casefold() in ids_of(item)]
    if not found:
        raise errors.NotFound(cmdlet, f"no object {identity!r} came back")
    if len(found) > 1:
        raise errors.Ambiguous(cmdlet, f"{len(found)} objects are called {identity!r}")
    return found[0]


def ids_of(an_object: Mapping[str, Any]) -> frozenset[str]:
    """Give the names under which an object may have been asked for, in lower case."""
    members = (
        "Guid",
        "ExchangeObjectId",
        "ExternalDirectoryObjectId",
        "Identity",
        "Name",
        "Alias",
        "PrimarySmtpAddress",
    )
    return frozenset(str(an_object[m]).casefold() for m in members if an_object.get(m))


def guid_of(an_object: Mapping[str, Any]) -> str:
    """Give the id for the state: the Guid.

    That a journal rule shows one is unconfirmed, so ExchangeObjectId and at last the Identity stand in. Raises `BadAnswer`
    for what cannot be one: a wrong id in the state would lose the object.
    """
    for member in ("Guid", "ExchangeObjectId"):
        if member in an_object:
            found = an_object[member]
            if isinstance(found, str) and is_guid(found):
                return found
            raise errors.BadAnswer(f"Exchange returned an object whose {member} is no GUID")
    identity = an_object.get("Identity")
    if identity and isinstance(identity, str):
        return identity
    raise errors.BadAnswer("Exchange returned an object without Guid and Identity")
