"""Old halves of replacements that could not be removed, when the program wants their name or address back.

The engine removes them last, after the change that needs the name. One is known for certain: the comparison said that it
is to be replaced, its successor was made, and then its removal was asked for, so that the program does not retain it. From
then on the engine only ever deletes it, and it is removed as soon as it is in the way. Remembered on this machine; where
nothing is, `area1 repair` reads the state instead.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from area1_provider import errors
from area1_provider.lost_answers import LostAnswers, Question
from area1_provider.schema import Properties

if TYPE_CHECKING:
    from area1_provider.client import Exchange
    from area1_provider.steps import Steps

MEMORY = 24 * 3600.0
"""Seconds for which an old half is remembered."""

NAMES = ("name", "alias", "primary_smtp_address")
"""Properties that Exchange takes once."""


def note(exchange: Exchange, an_object: Question) -> None:
    """Remember an object that has been replaced and is to be removed."""
    exchange.lost_answers.note(_half(an_object), exchange.policy.clock())


def forget(remembered: LostAnswers, an_object: Question) -> None:
    """Forget an object that is gone, or wanted after all."""
    remembered.forget(_half(an_object))


def _half(an_object: Question) -> Question:
    return replace(an_object, noun=f"{an_object.noun}, old half")


def cleared(exchange: Exchange, steps: Steps, kind: str, desired: Properties) -> bool:
    """Remove the old half that has a name of `desired`; say whether there was one. Raises what its removal raises."""
    for id_, seen in _remembered(exchange, steps, kind):
        names = {one.casefold() for one in _texts(seen)} & {one.casefold() for one in _texts(desired)}
        if not names:
            continue
        exchange.tell(f"{steps.noun.name} {id_}, the old half of a replacement, is in the way: removing it")
        steps.removed(exchange, id_, seen)
        forget(exchange.lost_answers, Question(exchange.tenant_id, kind, id_))
        return True
    return False


def _remembered(exchange: Exchange, steps: Steps, kind: str) -> Iterator[tuple[str, Properties]]:
    """Give id and properties of each that is remembered and still there."""
    label = _half(Question(exchange.tenant_id, kind, "")).noun
    for question, asked_at in exchange.lost_answers.all(exchange.tenant_id, label):
        if exchange.policy.clock() - asked_at < MEMORY:
            try:
                yield question.name, steps.noun.observed(steps.get(exchange, question.name))
            except errors.NotFound:
                continue


def _texts(values: Properties) -> list[str]:
    return [str(values[name]) for name in NAMES if values.get(name)]
