"""Making an object exactly once, and never taking over somebody else's.

A New- whose answer was lost may have made its object: it is looked for before the call is repeated, and only one that
was made since we asked and is what we asked for counts as ours.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from area1_provider import diff, errors, settle
from area1_provider.schema import Noun, Properties

if TYPE_CHECKING:
    from area1_provider.client import Exchange

CLOCK_SKEW = 300.0
"""Seconds by which the service's clock and ours may differ."""


def made(exchange: Exchange, noun: Noun, desired: Properties) -> Mapping[str, Any]:
    """Make the object and give it as New- returned it.

    Raises `AlreadyExists` naming both ways out if the name is taken.
    """
    asked_at = exchange.policy.clock()
    for attempt in range(exchange.policy.tries):
        try:
            return _new(exchange, noun, desired)
        except errors.AlreadyExists as error:
            mine = ours(exchange, noun, desired, asked_at) if attempt else None
            if mine is not None:
                return mine
            raise taken(exchange, noun, desired, error) from error
        except (errors.Transient, errors.ConnectionFailed, errors.BadAnswer) as error:
            if not getattr(error, "sent", True) or attempt + 1 == exchange.policy.tries:
                raise
            exchange.tell(f"New-{noun.name}: the answer was lost; looking whether {desired['name']!r} was made")
            mine = ours(exchange, noun, desired, asked_at)
            if mine is not None:
                return mine
            exchange.policy.sleep(exchange.policy.first * 2**attempt)
    raise errors.Refused(f"New-{noun.name}: no try is left")


def _new(exchange: Exchange, noun: Noun, desired: Properties) -> Mapping[str, Any]:
    objects = exchange.invoke(f"New-{noun.name}", noun.parameters(desired, "New")).objects
    if len(objects) == 1:
        return objects[0]
    there = found(exchange, noun, desired)
    if there is None:
        raise errors.BadAnswer(f"New-{noun.name}: Exchange answered {len(objects)} objects instead of the new one")
    return there


def found(exchange: Exchange, noun: Noun, desired: Properties) -> Mapping[str, Any] | None:
    """Give the object of the desired name, None if there is none."""
    name, cmdlet = str(desired["name"]), f"Get-{noun.name}"
    try:
        return settle.one_of(cmdlet, exchange.invoke(cmdlet, {"Identity": name}).objects, name)
    except errors.NotFound:
        return None


def announcement(noun: Noun, desired: Properties, state: Properties) -> str:
    """Say what taking an object over would change, property by property."""
    names = diff.changed(noun, state, desired)
    lines = [f"  {name}: {state.get(name)!r} -> {desired[name]!r}" for name in names]
    changes = "\n".join(lines) or "  nothing: it is as the program wants it"
    return f"adopt: {noun.name} {desired['name']!r} is there already and will be taken over; what changes:\n{changes}"


def ours(exchange: Exchange, noun: Noun, desired: Properties, asked_at: float) -> Mapping[str, Any] | None:
    """Give the object that our own lost call made: same name, made since we asked, and what we asked for."""
    there = found(exchange, noun, desired)
    if there is None or not made_since(there, asked_at):
        return None
    return there if is_as_asked(noun, desired, there) else None


def is_as_asked(noun: Noun, desired: Properties, there: Mapping[str, Any]) -> bool:
    """Say whether an object is what New- was asked for, as far as that can be told without looking recipients up."""
    asked = [noun.properties[name] for name in noun.managed(desired)]
    plain = [one for one in asked if one.wire.name in there and one.wire.verb != "Set" and not one.is_recipient]
    return all(one.same(desired[one.name], one.observed(there[one.wire.name])) for one in plain)


def made_since(an_object: Mapping[str, Any], moment: float) -> bool:
    """Say whether an object was made after a moment, clocks allowed for; one that does not tell was not."""
    text = str(an_object.get("WhenCreatedUTC") or an_object.get("WhenCreated") or "")
    try:
        when = datetime.fromisoformat(text)
    except ValueError:
        return False
    return (when if when.tzinfo else when.replace(tzinfo=UTC)).timestamp() >= moment - CLOCK_SKEW


def taken(exchange: Exchange, noun: Noun, desired: Properties, error: errors.AlreadyExists) -> errors.AlreadyExists:
    """Give the error for a taken name, with both ways out."""
    name = desired["name"]
    return errors.AlreadyExists(
        error.cmdlet,
        f"{error.reason}\nTenant {exchange.settings.tenant} has an object called {name!r} (or with its address) already; "
        f"nothing was changed. Either bring it into this stack with\n  area1 import {noun.name} {name!r}\nor set "
        f"`adopt=True` on the resource to take it over, or give this one another name.",
        status=error.status,
        kind=error.kind,
        request_id=error.request_id,
    )
