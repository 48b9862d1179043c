"""What somebody else has changed since the last read: found, and told to the person who runs the program.

An update sends what the program changed and reads back after it: what it did not send shows then. What it sends it
overwrites, so a preview that shows a change looks first, while a person can still say no.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from area1_provider import connection, diff, errors
from area1_provider.schema import UNKNOWN, Noun, Properties
from area1_provider.settle import RESOLVED

if TYPE_CHECKING:
    from area1_provider.client import Exchange

LOOK_SECONDS = 10.0
"""How long a preview's look is tried, and how long one answer is waited for: it warns, and nothing waits for it."""


def moved(noun: Noun, state: Properties, now: Properties) -> Iterator[tuple[str, Any, Any]]:
    """Give (property, value at the last read, value now) of what the state manages, `now` shows, and that differs."""
    resolved = state.get(RESOLVED) or {}
    for name, value in noun.managed(state).items():
        known = (value, resolved.get(name, value))
        if name in now and not any(noun.properties[name].same(one, now[name]) for one in known):
            yield name, value, now[name]


def tell_after(
    exchange: Exchange, noun: Noun, id_: str, state: Properties, seen: Mapping[str, Any], names: Collection[str]
) -> None:
    """Say what an update, which sent `names`, has read back besides."""
    for name, value, now in moved(noun, state, noun.observed(seen)):
        if name not in names:
            exchange.tell(
                f"{noun.name} {id_}: {name} was changed by somebody else since it was last read: "
                f"{value!r} -> {now!r}. The next run shows it and brings it back"
            )


def tell_before(
    exchange: Exchange,
    noun: Noun,
    id_: str,
    state: Properties,
    now: Properties,
    desired: Properties,
    replaces: Collection[str],
) -> None:
    """Say what a run is about to overwrite, and what it leaves; `replaces` names why a new object takes its place."""
    sent = noun.managed(desired) if replaces else diff.changed(noun, state, desired)
    for name, value, other in moved(noun, state, now):
        wanted = desired.get(name)
        if wanted is None or (wanted != UNKNOWN and noun.properties[name].same(wanted, other)):
            continue
        told = "a value that is not known yet" if wanted == UNKNOWN else repr(wanted)
        after = f"this run sets {told}" if name in sent else "this run leaves it, the next brings it back"
        exchange.tell(f"{noun.name} {id_}: {name} was changed since it was last read: {value!r} -> {other!r}; {after}")


def look(
    exchange: Exchange, noun: Noun, id_: str, state: Properties, ask: Callable[[], Properties]
) -> Properties | None:
    """Give what `ask` sees, None where that is nothing: a preview goes on without it. Raises `WrongTenant`."""
    exchange.begin(LOOK_SECONDS)
    try:
        connection.guard(exchange, state)
        return ask()
    except errors.WrongTenant:
        raise
    except errors.NotFound:
        exchange.tell(
            f"{noun.name} {id_}: Exchange does not show it. If somebody has removed it, `pulumi up --refresh` makes it "
            "anew"
        )
    except errors.Area1Error as error:
        reason = str(error).splitlines()[0]
        exchange.tell(f"{noun.name} {id_}: whether somebody has changed it since could not be seen: {reason}")
    return None
