"""Making an object exactly once, and never taking over somebody else's.

A New- whose answer was lost may have made its object: it is looked for before the call is repeated, and only one that
was made since we asked and is what we asked for counts as ours.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from area1_provider import diff, errors, settle
from area1_provider.lost_answers import Question
from area1_provider.recipients import identify
from area1_provider.schema import Noun, Properties

if TYPE_CHECKING:
    from area1_provider.client import Exchange

MEMORY = 24 * 3600.0
"""Seconds for which an object that shows up may still be that of a create whose answer was lost."""

FOUND = "found"
"""Member of an object that a look has found and no New- has returned: another entry of the state may have it as well."""

Mine = Callable[[float], Mapping[str, Any] | None]
"""The object that was made since a moment of our clock and is what the program asked for; None if there is none."""


@contextmanager
def alone(exchange: Exchange, noun: Noun, desired: Properties) -> Iterator[None]:
    """Let one create of a name run at a time: of two, the second would take the object of the first for its own.

    Raises `Refused` where this machine makes an object of that name just now.
    """
    if "name" not in noun.properties:  # nothing is made, only set
        yield
        return
    with exchange.lost_answers.asking(question_of(exchange, noun, desired)) as free:
        if not free:
            raise errors.Refused(
                f"Another resource of this program, or another run on this machine, makes a {noun.name} called "
                f"{desired['name']!r} just now; this one was not made. Drop one of them, or give it another name."
            )
        yield


def made(exchange: Exchange, noun: Noun, desired: Properties, mine: Mine) -> Mapping[str, Any]:
    """Make the object and give it as New- returned it, or as it was found (`FOUND`).

    Raises `AlreadyExists` naming both ways out if the name is taken, `AnswerLost` if nobody can say whether it was made.
    """
    question = question_of(exchange, noun, desired)
    before, asked_at, lost = _asked_before(exchange, question), exchange.policy.clock(), False
    exchange.lost_answers.note(question, asked_at)  # before the call: this process may be killed while it lasts
    there: Mapping[str, Any] | None
    for attempt in range(exchange.policy.tries):
        try:
            return _new(exchange, noun, desired)
        except errors.AlreadyExists as error:
            since = asked_at if lost else before
            with _looking(question, asked_at if since is None else since, error):
                there = None if since is None else _seen(exchange, mine, since, exchange.policy.lag_waits)
                if lost and there is None:
                    there = _shown(exchange, noun, desired, question, mine, asked_at)
            if there is None:
                _settle(exchange, question, since)
                raise taken(exchange, noun, desired, error) from error
        except errors.Area1Error as error:
            if not getattr(error, "sent", False):
                if lost:
                    raise _unknown(question, asked_at, f"it did not show, and asking again failed: {error}") from error
                _settle(exchange, question, before)
                raise
            exchange.tell(f"New-{noun.name}: the answer was lost; looking whether {desired['name']!r} was made")
            lost, seconds = True, exchange.policy.first * 2**attempt
            there = _found_out(exchange, question, mine, asked_at, seconds, error)
        if there is not None:
            return {**there, FOUND: True}
        if exchange.overdue:
            break
    raise _unknown(question, asked_at, "it did not show afterwards")


def question_of(exchange: Exchange, noun: Noun, desired: Properties) -> Question:
    """Give what is remembered of a create until its object is in the state."""
    return Question(exchange.tenant_id, noun.name, str(desired["name"]))


def _settle(exchange: Exchange, question: Question, since: float | None) -> None:
    """Forget a create that was refused, unless one before it may have made the object."""
    if since is None:
        exchange.lost_answers.forget(question)


def _asked_before(exchange: Exchange, question: Question) -> float | None:
    """Give when a run before this one asked for the object; one long ago says nothing of what is there now."""
    asked_at = exchange.lost_answers.asked_at(question)
    if asked_at is not None and exchange.policy.clock() - asked_at >= MEMORY:
        exchange.lost_answers.forget(question)
        return None
    return asked_at


def _new(exchange: Exchange, noun: Noun, desired: Properties) -> Mapping[str, Any]:
    """Call New- once. Raises `BadAnswer` where it gives anything but the one new object."""
    objects = exchange.invoke(f"New-{noun.name}", noun.parameters(desired, "New")).objects
    if len(objects) != 1:
        raise errors.BadAnswer(f"New-{noun.name}: Exchange answered {len(objects)} objects instead of the new one")
    settle.guid_of(objects[0])
    return objects[0]


def _found_out(
    exchange: Exchange, question: Question, mine: Mine, asked_at: float, seconds: float, lost: errors.Area1Error
) -> Mapping[str, Any] | None:
    """Look twice whether a lost call has made its object: another server may not show it at once."""
    with _looking(question, asked_at, lost):
        return _seen(exchange, mine, asked_at, (seconds,))


@contextmanager
def _looking(question: Question, asked_at: float, cause: errors.Area1Error) -> Iterator[None]:
    """Raise `AnswerLost` where looking for what a lost call may have made fails too."""
    try:
        yield
    except errors.AnswerLost:
        raise
    except errors.Area1Error as error:
        why = f"looking for it failed too: {error}"
        raise _unknown(question, asked_at, f"{str(cause).splitlines()[0]}; {why}") from error


def _seen(exchange: Exchange, mine: Mine, asked_at: float, waits: Collection[float]) -> Mapping[str, Any] | None:
    """Look, and look again after each wait."""
    there = mine(asked_at)
    for seconds in waits:
        if there is not None:
            break
        exchange.policy.sleep(seconds)
        there = mine(asked_at)
    return there


def _shown(
    exchange: Exchange, noun: Noun, desired: Properties, question: Question, mine: Mine, asked_at: float
) -> Mapping[str, Any] | None:
    """Look once more at what has the name. Raises `AnswerLost` where nothing shows: it may be ours, from a stale server."""
    if found(exchange, noun, desired) is None:
        raise _unknown(question, asked_at, "an object of that name is there, and does not show")
    return mine(asked_at)


def _unknown(question: Question, asked_at: float, why: str) -> errors.AnswerLost:
    """Give the error that says that nobody knows; the next run on this machine remembers."""
    since = datetime.fromtimestamp(asked_at, UTC).strftime("%Y-%m-%d %H:%M:%S UTC")
    noun, name = question.noun, question.name
    return errors.AnswerLost(
        f"New-{noun}: the answer was lost, and whether {name!r} was made is not known ({why}).\nRun the same command "
        f"again: on this machine it knows its object again. Elsewhere, if it then says that {name!r} is there already "
        f"and that one was made after {since}, it is yours: bring it in with\n  area1 import {noun} {name!r}"
    )


def left_behind(noun: Noun, desired: Properties, why: str) -> errors.AnswerLost:
    """Give the error for a new object that could neither be finished nor be taken away again."""
    name = str(desired["name"])
    return errors.AnswerLost(
        f"{why}\n{noun.name} {name!r} was made, could not be finished, and could not be taken away again. Run the same "
        f"command again: on this machine it goes on with that object. Elsewhere bring it in with\n"
        f"  area1 import {noun.name} {name!r}"
    )


def found(exchange: Exchange, noun: Noun, desired: Properties) -> Mapping[str, Any] | None:
    """Give the object of the desired name, None if there is none: one whose alias or address it is bears another."""
    name, cmdlet = str(desired["name"]), f"Get-{noun.name}"
    try:
        there = settle.one_of(cmdlet, exchange.invoke(cmdlet, {"Identity": name}).objects, name)
    except errors.NotFound:
        return None
    return there if str(there.get("Name")).casefold() == name.casefold() else None


def announcement(noun: Noun, desired: Properties, state: Properties) -> str:
    """Say what taking an object over would change, property by property."""
    names = diff.changed(noun, state, desired)
    lines = [f"  {name}: {state.get(name)!r} -> {desired[name]!r}" for name in names]
    changes = "\n".join(lines) or "  nothing: it is as the program wants it"
    return f"adopt: {noun.name} {desired['name']!r} is there already and will be taken over; what changes:\n{changes}"


def is_as_asked(exchange: Exchange, noun: Noun, desired: Properties, there: Mapping[str, Any]) -> bool:
    """Say whether an object is what New- was asked for, as far as it shows; recipients are looked up."""
    asked = [noun.properties[name] for name in noun.managed(desired)]
    for one in (one for one in asked if one.wire.name in there and one.wire.verb != "Set"):
        wanted, seen = desired[one.name], one.observed(there[one.wire.name])
        same = one.same(wanted, seen) or (one.is_recipient and settle.alike(one, wanted, seen, identify(exchange)))
        if not same:
            return False
    return True


def made_since(exchange: Exchange, an_object: Mapping[str, Any], moment: float, doubt: float = 0.0) -> bool:
    """Say whether an object was made after a moment of our clock; one that does not tell was not.

    `doubt` is by how many seconds the moment may be too late.
    """
    text = str(an_object.get("WhenCreatedUTC") or an_object.get("WhenCreated") or "")
    try:
        when = datetime.fromisoformat(text)
    except ValueError:
        return False
    begun, wrong_by = exchange.service_clock.at(moment)
    return (when if when.tzinfo else when.replace(tzinfo=UTC)).timestamp() >= begun - max(wrong_by, doubt)


def taken(exchange: Exchange, noun: Noun, desired: Properties, error: errors.AlreadyExists) -> errors.AlreadyExists:
    """Give the error for a new object whose name is taken, with the ways out."""
    name = desired["name"]
    by_adoption = (
        "`adopt` takes over only one of that very name"
        if desired.get("adopt")
        else "set `adopt=True` on the resource to take it over"
    )
    return _saying(
        error,
        f"Tenant {exchange.settings.tenant} has an object called {name!r} (or with its address) already; nothing was "
        f"changed. Either bring it into this stack with\n  area1 import {noun.name} {name!r}\nor give this one another "
        f"name, or {by_adoption}. If that is this very resource's own object and a replacement is wanted (`--replace`), "
        "set `delete_before_replace=True` on the resource: Exchange takes a name once.",
    )


def not_renamed(
    exchange: Exchange, noun: Noun, desired: Properties, error: errors.AlreadyExists, stays: Collection[str] = ()
) -> errors.AlreadyExists:
    """Give the error for a change to a name or an address that is taken, with the ways out.

    `stays` says of old halves of replacements that are in the way why they stay.
    """
    other = "Give it another one"
    looked_up = (
        f"{other}; or, if that is a resource that the program no longer has, run it once with the name as it was: the "
        "engine removes what is gone only at the end of a run. Where a line above says that old halves of replacements "
        "could not be looked up, `area1 repair` shows and removes them."
    )
    ways_out = "\n".join([*stays, f"{other}, or take it from that object by hand."]) if stays else looked_up
    return _saying(
        error,
        f"Another object of tenant {exchange.settings.tenant} has this name or address already, so the {noun.name} "
        f"{desired.get('name')!r} of the program could not be given it. {ways_out}",
    )


def _saying(error: errors.AlreadyExists, more: str) -> errors.AlreadyExists:
    reason = f"{error.reason}\n{more}"
    return errors.AlreadyExists(error.cmdlet, reason, status=error.status, kind=error.kind, request_id=error.request_id)
