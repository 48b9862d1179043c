"""The tables of cmdlets, parameters and properties, read once from the JSON files beside this one.

What a value must look like stands in `cmdlets/values.py`; no rule of a cmdlet stands here.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import Any

TABLES = Path(__file__).parent

SIDE_KEYS: Mapping[str, tuple[str, str | None]] = {
    "Guid": ("System.Guid", "#Guid"),
    "DateTime": ("System.DateTime", None),
    "Int32": ("System.Int32", None),
    "Strings": ("", "#Collection(String)"),
    "Recipients": ("", "#Collection(String)"),
    "RecipientGuids": ("", "#Collection(String)"),
}
"""CLR and OData type that the service writes beside a property (captures of Get-Mailbox); others have none."""


@dataclass(frozen=True)
class Parameter:
    """One row of a table: a parameter of one cmdlet as its page describes it."""

    name: str
    type: str
    required: bool = False
    onprem: bool = False
    """Exists on-premises only: online it is an unknown parameter."""
    reserved: bool = False
    """Reserved for internal Microsoft use by its page: every value is refused."""
    null: bool = False
    """Whether JSON null is a value (it clears, or on Get- it means "not given")."""
    filled: bool = False
    """Whether an empty text is no value."""
    length: int | None = None
    entries: int | None = None
    """Most entries of a list."""
    converts: str | None = None
    """The conversion in `cmdlets/values.py` when it is not the one of the type's name."""
    items: str | None = None
    """Type of the entries of a list."""
    values: tuple[str, ...] = ()
    range: tuple[str, ...] = ()
    sets: frozenset[str] = frozenset()
    """Parameter sets it belongs to; empty means all."""
    roles: frozenset[str] = frozenset()
    """Roles that grant it; empty means every role that grants the cmdlet."""

    @property
    def many(self) -> bool:
        """Whether it takes a list."""
        return self.items is not None or self.type.endswith("[]")


@dataclass(frozen=True)
class Property:
    """One property of the objects of a noun, with the value it has when nobody gave one.

    A `note` in the table says what is unconfirmed about it; it is for people.
    """

    name: str
    type: str
    default: Any


@dataclass(frozen=True)
class Cmdlet:
    """One cmdlet: its parameters by lower-case name, its parameter sets, the roles that grant it."""

    name: str
    noun: str
    page: str
    parameters: Mapping[str, Parameter]
    sets: frozenset[str]
    roles: frozenset[str]


@dataclass(frozen=True)
class Noun:
    """One table file: the properties of the objects, in the order the service gives them, and the cmdlets."""

    name: str
    properties: Mapping[str, Property]
    cmdlets: Mapping[str, Cmdlet]

    @cached_property
    def blank(self) -> tuple[tuple[str, Any], ...]:
        """Names and defaults of the properties, in order."""
        return tuple((name, row.default) for name, row in self.properties.items())

    @cached_property
    def people(self) -> Mapping[str, str]:
        """Properties that name recipients, with their types."""
        kinds = {"Recipients", "RecipientGuids"}
        return {name: row.type for name, row in self.properties.items() if row.type in kinds}

    def defaults(self) -> dict[str, Any]:
        """A new object's properties before anything is set; the lists in it are fresh."""
        return {name: _fresh(row.default) for name, row in self.properties.items()}

    def side_keys(self) -> Mapping[str, tuple[str, str | None]]:
        """The side keys of the properties that have any."""
        return {name: SIDE_KEYS[row.type] for name, row in self.properties.items() if row.type in SIDE_KEYS}


def _fresh(value: Any) -> Any:
    return list(value) if isinstance(value, list) else value


LISTS = {"values": tuple, "range": tuple, "sets": frozenset, "roles": frozenset}


def _parameter(name: str, row: Mapping[str, Any]) -> Parameter:
    typed: dict[str, Any] = {key: LISTS.get(key, _as_is)(value) for key, value in row.items()}
    return Parameter(name=name, **typed)


def _as_is(value: Any) -> Any:
    return value


def _cmdlet(name: str, noun: str, row: Mapping[str, Any]) -> Cmdlet:
    parameters = {key.casefold(): _parameter(key, value) for key, value in row["parameters"].items()}
    sets, roles = frozenset(row["sets"]), frozenset(row["roles"])
    return Cmdlet(name, noun, row["page"], parameters, sets, roles)


def _noun(path: Path) -> Noun:
    table = json.loads(path.read_text(encoding="utf-8"))
    properties = {name: Property(name, row["type"], row["default"]) for name, row in table["properties"].items()}
    cmdlets = {name.casefold(): _cmdlet(name, table["noun"], row) for name, row in table["cmdlets"].items()}
    return Noun(table["noun"], properties, cmdlets)


@cache
def nouns() -> Mapping[str, Noun]:
    """All tables, by noun."""
    return {path.stem: _noun(path) for path in sorted(TABLES.glob("*.json"))}


@cache
def cmdlets() -> Mapping[str, Cmdlet]:
    """All cmdlets, by lower-case name."""
    return {key: row for noun in nouns().values() for key, row in noun.cmdlets.items()}
