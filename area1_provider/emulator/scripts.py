"""Trouble as JSON, from a file or over HTTP: read whole, and every problem named at once.

A script is one entry or a list of them: a rule, `{"match": {...}, "action": {"kind": ..., ...}}`, or `{"seed": ...}` for
the schedule that the seed draws. A rule's members are the fields of `faults.Match` and of its kind's class.
"""

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import MISSING, Field, fields
from pathlib import Path
from typing import Any, TypeVar, get_type_hints

from area1_provider.emulator import schedules
from area1_provider.emulator.faults import Match, Rule, Surface
from area1_provider.emulator.troubles import KINDS
from area1_provider.emulator.web.http_errors import MalformedBody
from area1_provider.emulator.web.json_bodies import parsed

Made = TypeVar("Made")
Resolve = Callable[[str], str]
"""The organization that a name or a tenant id means; ValueError that says what is wrong."""
LARGEST = 8 * 2**20
"""Bytes of a file, as of a request's body."""
SHOWN = 100
"""Problems that are told one by one."""


class Misread(ValueError):
    """Raised for a script that is none; its text names every problem, one a line: place, value, way out."""


def read_file(path: Path, resolve: Resolve) -> list[Rule]:
    """Read a file. Raises Misread, or OSError where it cannot be read."""
    with path.open("rb") as file:
        body = file.read(LARGEST + 1)
    if len(body) > LARGEST:
        raise Misread(f"{path}: is larger than {LARGEST} bytes; a seed or 'times' says more in less")
    try:
        document = parsed(body)
    except MalformedBody as problem:
        raise Misread(f"{path}: {problem.__cause__ or problem}; it holds rules as JSON in UTF-8") from problem
    try:
        return read_script(document, resolve)
    except Misread as error:
        raise Misread("\n".join(f"{path}: {line}" for line in str(error).splitlines())) from error


def read_script(document: Any, resolve: Resolve) -> list[Rule]:
    """Give the rules of a script, in their order. Raises Misread."""
    entries = document if isinstance(document, list) else [document]
    rules: list[Rule] = []
    problems: list[str] = []
    for number, entry in enumerate(entries, 1):
        rules += _Entry(f"rule {number}", resolve, problems).rules(entry)
    if problems:
        more = len(problems) - SHOWN
        raise Misread("\n".join([*problems[:SHOWN], *([f"and {more} problems more"] if more > 0 else [])]))
    return rules


class _Entry:
    """One entry on its way to rules; what is wrong with it goes to `problems`."""

    def __init__(self, place: str, resolve: Resolve, problems: list[str]) -> None:
        self._place = place
        self._resolve = resolve
        self._problems = problems

    def rules(self, entry: Any) -> list[Rule]:
        if not isinstance(entry, dict):
            self._say("", entry, 'is no rule; one is {"match": {...}, "action": {"kind": ..., ...}}, or {"seed": 7}')
            return []
        if "seed" in entry:
            return self._schedule(entry)
        self._only(entry, "", ("match", "action"))
        match = self._made(Match, self._table(entry, "match", {}), "match")
        action = self._action(self._table(entry, "action", None))
        if match is None or action is None:
            return []
        return [Rule(match, action)]

    def _schedule(self, entry: Mapping[str, Any]) -> list[Rule]:
        self._only(entry, "", ("seed", "tenant"))
        seed, tenant = entry["seed"], self._tenant(entry.get("tenant", ""), "tenant")
        if not _whole(seed):
            self._say("seed", seed, "is no whole number")
            return []
        return schedules.drawn(seed, tenant)

    def _action(self, given: dict[str, Any] | None) -> Any:
        if given is None:
            return None
        kind = given.pop("kind", None)
        if not isinstance(kind, str) or kind not in KINDS:
            self._say("action.kind", kind, f"is no kind of trouble; known are {', '.join(KINDS)}")
            return None
        return self._made(KINDS[kind], given, "action")

    def _made(self, kind: Callable[..., Made], given: dict[str, Any] | None, place: str) -> Made | None:
        """Make a dataclass of the members given; None after a problem."""
        before, known = len(self._problems), {one.name: one for one in fields(kind)}  # type: ignore[arg-type]
        hints = get_type_hints(kind)
        given = given or {}
        self._only(given, f"{place}.", known)
        for name, one in known.items():
            self._check(given, one, hints[name], f"{place}.{name}")
        if isinstance(given.get("tenant"), str):
            given["tenant"] = self._tenant(given["tenant"], f"{place}.tenant")
        if len(self._problems) > before:
            return None
        try:
            return kind(**given)
        except ValueError as error:
            self._say(place, given, f"cannot be: {error}")
            return None

    def _check(self, given: Mapping[str, Any], one: Field[Any], hint: Any, place: str) -> None:
        fits, form = FORMS[hint]
        if one.name in given and not fits(given[one.name]):
            self._say(place, given[one.name], f"is not {form}")
        elif one.name not in given and one.default is MISSING and one.default_factory is MISSING:
            self._problems.append(f"{self._place}, {place}: is missing; give {form}")

    def _table(self, entry: Mapping[str, Any], name: str, default: dict[str, Any] | None) -> dict[str, Any] | None:
        value = entry.get(name, default)
        if isinstance(value, dict):
            return dict(value)
        self._say(name, value, "is no JSON object")
        return None

    def _only(self, given: Mapping[str, Any], place: str, known: Iterable[str]) -> None:
        names = ", ".join(known)
        for name in given:
            if name not in known:
                self._say(
                    f"{place}{json.dumps(name)[1:-1][:40]}", given[name], f"is under no known name; known are {names}"
                )

    def _tenant(self, name: Any, place: str) -> str:
        if not isinstance(name, str):
            self._say(place, name, "is not a text")
            return ""
        try:
            return self._resolve(name) if name else ""
        except ValueError as error:
            self._say(place, name, str(error))
            return ""

    def _say(self, place: str, value: Any, problem: str) -> None:
        shown = json.dumps(value, ensure_ascii=True)
        self._problems.append(f"{self._place}{', ' * bool(place)}{place}: {shown[:60]} {problem}")


def _whole(value: Any) -> bool:
    return _number(value) and value % 1 == 0


def _number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _text(value: Any) -> bool:
    return isinstance(value, str) and not any("\ud800" <= one <= "\udfff" for one in value)


def _texts(value: Any) -> bool:
    return isinstance(value, dict) and all(_text(one) for pair in value.items() for one in pair)


FORMS: Mapping[Any, tuple[Callable[[Any], bool], str]] = {
    bool: (lambda value: isinstance(value, bool), "true or false"),
    int: (_whole, "a whole number"),
    float: (_number, "a number"),
    str: (_text, "a text"),
    str | None: (lambda value: value is None or _text(value), "a text or null"),
    Mapping[str, str]: (_texts, "an object of texts"),
    Surface: (lambda value: value in ("exchange", "entra"), '"exchange" or "entra"'),
}
"""By the type of a field: whether a JSON value is one, and how that is called."""
