"""Scripted trouble: rules that say which call meets which misfortune. What a cmdlet does lives elsewhere.

A rule is a `Match` and an action (troubles.py). Schedules come as rules in order: the first rule that is due takes
the call.
"""

import json
import threading
from dataclasses import asdict, dataclass, fields
from fnmatch import fnmatchcase
from typing import Any, Literal

from area1_provider.emulator.troubles import (
    CONCURRENT,
    TRANSIENT,
    Action,
    CarryOut,
    Cut,
    ForgetPages,
    Garbage,
    Means,
    Reset,
    Revoke,
    Skew,
    Slow,
    Stale,
    Status,
    Transient,
    WrongTypes,
)
from area1_provider.emulator.web.messages import Answer

__all__ = [
    "CONCURRENT",
    "TRANSIENT",
    "Action",
    "Cut",
    "Faults",
    "ForgetPages",
    "Garbage",
    "Match",
    "Occasion",
    "Reset",
    "Revoke",
    "Rule",
    "Skew",
    "Slow",
    "Stale",
    "Status",
    "Transient",
    "WrongTypes",
]

Surface = Literal["exchange", "entra"]


@dataclass(frozen=True)
class Occasion:
    """A call that a rule may match. `cmdlet` is empty at the sign-in surface."""

    surface: Surface
    tenant: str
    cmdlet: str = ""


@dataclass(frozen=True)
class Match:
    """Which calls a rule is for: a glob over cmdlet names without case, one organization or any.

    The `nth` matching call is the first one hit, `times` of them in a row are (0: all from then on).
    """

    surface: Surface = "exchange"
    cmdlet: str = "*"
    tenant: str = ""
    nth: int = 1
    times: int = 1

    def __post_init__(self) -> None:
        if self.surface not in {"exchange", "entra"} or self.nth < 1 or self.times < 0:
            raise ValueError("surface is exchange or entra; nth counts from 1; times is 0 or more")

    def fits(self, occasion: Occasion) -> bool:
        """Tell whether the call is one of those that the rule counts."""
        return (
            occasion.surface == self.surface
            and self.tenant.lower() in {"", occasion.tenant}
            and fnmatchcase(occasion.cmdlet.lower(), self.cmdlet.lower())
        )

    def due(self, count: int) -> bool:
        """Tell whether the `count`-th fitting call is one of those that are hit."""
        return count >= self.nth and (self.times == 0 or count < self.nth + self.times)


@dataclass(frozen=True)
class Rule:
    """One line of a schedule."""

    match: Match
    action: Action

    @property
    def kind(self) -> str:
        """The action's name, as in JSON."""
        return type(self.action).__name__.lower()

    def document(self) -> dict[str, Any]:
        """Give the rule as JSON says it (see scripts.py)."""
        values: dict[str, Any] = {
            one.name: getattr(self.action, one.name)
            for one in fields(self.action)  # type: ignore[arg-type]
        }
        return {"match": asdict(self.match), "action": {"kind": self.kind, **json.loads(json.dumps(values))}}


@dataclass(frozen=True)
class Disturbed:
    """How a call went: its answer, the name of the trouble or "", and whether it was carried out."""

    answer: Answer
    fault: str = ""
    carried_out: bool = True


class Faults:
    """The rules in force, and how often each has been met."""

    def __init__(self, means: Means) -> None:
        self._means = means
        self._rules: list[tuple[Rule, list[int]]] = []
        self._lock = threading.Lock()

    def add(self, rule: Rule) -> Rule:
        """Put a rule behind the others."""
        with self._lock:
            self._rules.append((rule, [0]))
        return rule

    def rules(self) -> list[tuple[Rule, int]]:
        """Give the rules with the number of calls that each has counted."""
        return [(rule, count[0]) for rule, count in self._rules]

    def clear(self) -> None:
        """End all trouble."""
        with self._lock:
            self._rules.clear()

    def around(self, occasion: Occasion, carry_out: CarryOut) -> Disturbed:
        """Carry a call out under the rules in force."""
        rule = self._due(occasion)
        if rule is None:
            return Disturbed(carry_out())
        answer = rule.action.disturb(carry_out, self._means)
        return Disturbed(answer, rule.kind, rule.action.carried_out)

    def _due(self, occasion: Occasion) -> Rule | None:
        """Count the call at every rule that it fits, and give the first that is due."""
        found = None
        with self._lock:
            for rule, count in self._rules:
                if not rule.match.fits(occasion):
                    continue
                count[0] += 1
                if found is None and rule.match.due(count[0]):
                    found = rule
        return found
