"""What a property is: its wire name, its type, how two values of it compare.

Pure: no I/O, no Pulumi. `Noun.parameters` (properties to what a cmdlet takes) and `Noun.observed`
(what a Get- cmdlet gives to properties) are mirror images; both obey one line per property in the resource
files: `smart_hosts: Annotated[Sequence[Input[str]] | None, Wire("SmartHosts", unordered=True)] = None`.
"""

from __future__ import annotations

import types
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields
from functools import cached_property
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from area1_provider import errors, forms

UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9"
"""Pulumi's stand-in for a value that is known only after another resource was made (pulumi.runtime.rpc.UNKNOWN)."""

MANAGED = "managed"
"""Output: the names of the properties that the program manages; all others only show what is there."""

CLEARED_TABLE = {"@odata.type": "#Exchange.GenericHashTable"}
"""Empties a multi-valued property; an empty JSON array does not (CIPP ConvertTo-CIPPExoHashtable.ps1)."""

OURS = "pulumi-python:dynamic/area1:"
"""What the types of this package's resources begin with, a stored format."""

Properties = Mapping[str, Any]


@dataclass(frozen=True)
class Wire:
    """How one property stands on the wire.

    Each flag is obeyed by code in this module, and there is no other.
    """

    name: str
    """PascalCase name of the parameter and of the object's member, spelled out so that grep finds it."""
    unordered: bool = False
    """The list is a set: neither order nor repetition means anything."""
    form: forms.Form = forms.TEXT
    """What the text may be, and which spellings mean the same."""
    max_length: int = 0
    """Characters at most, 0 for no limit of Exchange's."""
    verb: Literal["", "New", "Set"] = ""
    """The only verb that takes it: `New` forces a replacement, `Set` a second call after create."""
    cleared: str | Literal[False] | None = ""
    """What the wire takes to clear a single value; False where `""` or `[]` is refused, and never shown."""
    minimum: int | None = None
    """The least of a number."""
    maximum: int | None = None
    """The most of a number, or of a list's entries."""


@dataclass(frozen=True)
class Property:
    """One property, read from its line in an args class."""

    name: str
    wire: Wire
    base: type
    choices: tuple[str, ...] = ()
    many: bool = False
    required: bool = False

    @property
    def is_recipient(self) -> bool:
        """Say whether it names recipients, who come back in another form than they were written."""
        return self.wire.form.recipient

    def canonical(self, value: Any) -> Any:
        """Give the one value that stands for all spellings of `value`; null, `""` and unset texts are one."""
        if value == UNKNOWN:
            return value
        if not self.many:
            return self._scalar(value)
        items = [self._scalar(item) for item in _listed(value)]
        return sorted(set(items)) if self.wire.unordered else items

    def _scalar(self, value: Any) -> Any:
        if value is None:
            return "" if self.base is str else None
        if self.base is int and isinstance(value, float | str):
            return _whole(value)
        return self.wire.form.canonical(value) if isinstance(value, str) else value

    def same(self, one: Any, other: Any) -> bool:
        """Say whether two values mean the same to Exchange."""
        return bool(self.canonical(one) == self.canonical(other))

    def parameter(self, value: Any, verb: str) -> Any:
        """Encode a desired value for `verb`; raises nothing, since check has seen the value."""
        if self.many:
            return self._once(value) or (CLEARED_TABLE if verb == "Set" else [])
        if self.base is str and value == "":
            return self.wire.cleared
        return int(value) if self.base is int else value

    def _once(self, values: Sequence[Any]) -> list[Any]:
        """Give each value of a list once, in its first spelling: Exchange refuses one that is "already present"."""
        return list({self._scalar(item): item for item in reversed(values)}.values())[::-1]

    def observed(self, value: Any) -> Any:
        """Give the property's value of an object's member, unset texts and lists as `""` and `[]`.

        Raises `BadAnswer` for what cannot be one: a state would hand it on to other resources.
        """
        plain = str if self.base is str else str | bool | int | float
        odd = any(not isinstance(one, plain) for one in _listed(value) if one is not None)
        if odd or (value == [] and self.base is not str):
            raise errors.BadAnswer(
                f"Exchange answered with a {self.wire.name} that is not {_KINDS[self.base]}: {_named(value)}"
            )
        if self.wire.cleared is False and not any(_listed(value)):
            raise errors.BadAnswer(f"Exchange answered with an empty {self.wire.name}, which is never empty")
        if self.many:
            return [str(item) for item in _listed(value) if item is not None]
        if self.base is str:
            return "" if self.canonical(value) == "" else str(value)
        return self._scalar(value)

    def problems(self, value: Any) -> Iterator[str]:
        """Say what Exchange would refuse in a desired value, by its type, form and length alone."""
        if value == UNKNOWN:
            return
        if self.many and not isinstance(value, list | tuple):
            yield f"must be a list, not {_named(value)}"
            return
        if self.many:
            yield from self._list_problems(value)
        for item in value if self.many else [value]:
            if item != UNKNOWN:
                yield from self._scalar_problems(item)

    def _list_problems(self, values: Sequence[Any]) -> Iterator[str]:
        if not values and self.wire.cleared is False:
            yield "must not be empty"
        if self.wire.maximum is not None and len(values) > self.wire.maximum:
            yield f"has {len(values)} entries, Exchange takes at most {self.wire.maximum}"
        if not self.wire.unordered:
            twice = {repr(item) for item in values if item != UNKNOWN and values.count(item) > 1}
            yield from (f"{item} stands there twice; Exchange takes each value once" for item in sorted(twice))

    def _scalar_problems(self, value: Any) -> Iterator[str]:
        if not _is_a(value, self.base):
            yield f"must be {_KINDS[self.base]}, not {_named(value)}"
        elif self.base is int:
            yield from self._range_problems(int(value))
        elif isinstance(value, str):
            yield from self._text_problems(value)

    def _range_problems(self, value: int) -> Iterator[str]:
        low, high = self.wire.minimum, self.wire.maximum
        if (low is not None and value < low) or (high is not None and value > high):
            yield f"{value} is not in the range {low} to {high}"

    def _text_problems(self, value: str) -> Iterator[str]:
        if self.choices and value not in self.choices:
            yield f"{value!r} is none of {', '.join(filter(None, self.choices))}"
        elif value == "" and (self.many or self.required or self.wire.cleared is False):
            yield "must not be empty"
        if self.wire.max_length and len(value) > self.wire.max_length:
            yield f"has {len(value)} characters, Exchange takes at most {self.wire.max_length}"
        if value and not self.choices and (problem := self.wire.form.problem(value)):
            yield problem


@dataclass(frozen=True)
class Noun:
    """The X of New-X: its cmdlets' name and the properties of its args class."""

    name: str
    args: type[Any]
    """A dataclass whose fields carry `Wire`."""
    settings: Collection[str] = field(default_factory=tuple)
    """Names in the args class that steer the provider and are no property of the object."""

    @property
    def type_token(self) -> str:
        """Give the type by which a state knows the resource: of the args class, since two resources share a noun."""
        return OURS + self.args.__name__.removesuffix("Args")

    @cached_property
    def properties(self) -> Mapping[str, Property]:
        """Give every property by its name, in the order of the args class."""
        return {p.name: p for p in map(property_of, fields(self.args)) if p is not None}

    def managed(self, values: Properties) -> dict[str, Any]:
        """Give those of `values` that the program manages: named here, and not None.

        A state holds all that Exchange shows, so it says which of them are managed (`MANAGED`).
        """
        names = values.get(MANAGED)
        chosen = self.properties if names is None else [name for name in self.properties if name in names]
        return {name: values[name] for name in chosen if values.get(name) is not None}

    def parameters(self, desired: Properties, verb: str) -> dict[str, Any]:
        """Give the cmdlet's parameters for `verb`, leaving out what it does not take."""
        found = {}
        for name, value in self.managed(desired).items():
            one = self.properties[name]
            encoded = one.parameter(value, verb)
            empty = encoded in ("", None, []) and verb == "New"
            if one.wire.verb in ("", verb) and not empty:
                found[one.wire.name] = encoded
        return found

    def observed(self, an_object: Properties) -> dict[str, Any]:
        """Give all properties that an object of a Get- or New- cmdlet shows."""
        shown = (one for one in self.properties.values() if one.wire.name in an_object)
        return {one.name: one.observed(an_object[one.wire.name]) for one in shown}

    def problems(self, values: Properties) -> Iterator[tuple[str, str]]:
        """Give (property, what is wrong) for all that types, forms and lengths can tell."""
        known = set(self.properties) | set(self.settings)
        for name in values:
            if name not in known:
                yield name, f"is no property of {self.name}; known are {', '.join(sorted(known))}"
        for name, one in self.properties.items():
            value = values.get(name)
            if value is None and one.required:
                yield name, "is required"
            elif value is not None:
                yield from ((name, problem) for problem in one.problems(value))


def property_of(a_field: Any) -> Property | None:
    """Read one field of an args class; None if it carries no `Wire`."""
    inner, *marks = get_args(a_field.type) if get_origin(a_field.type) is Annotated else (a_field.type,)
    wire = next((mark for mark in marks if isinstance(mark, Wire)), None)
    if wire is None:
        return None
    inner, required = _without_none(inner)
    inner = _plain(inner)
    many = get_origin(inner) in (Sequence, list)
    inner = _plain(get_args(inner)[0] if many else inner)
    choices = get_args(inner) if get_origin(inner) is Literal else ()
    base = str if choices else inner
    return Property(a_field.name, wire, base, choices, many, required)


def plain_type(annotation: Any) -> Any:
    """Give the type of the plain value behind an annotation: no Wire, no None, no Pulumi input.

    Lists come as `list[item]`.
    """
    inner = get_args(annotation)[0] if get_origin(annotation) is Annotated else annotation
    inner = _plain(_without_none(inner)[0])
    if get_origin(inner) in (Sequence, list):
        return list.__class_getitem__(plain_type(get_args(inner)[0]))
    return inner


def _without_none(annotation: Any) -> tuple[Any, bool]:
    """Take None out of a union; the second value says whether there was none."""
    options = get_args(annotation) if get_origin(annotation) in (Union, types.UnionType) else (annotation,)
    rest = tuple(option for option in options if option is not type(None))
    union = rest[0] if len(rest) == 1 else Union[rest]  # noqa: UP007  # built, not written
    return union, len(rest) == len(options)


def _plain(annotation: Any) -> Any:
    """Take the plain type out of a Pulumi Input: Union[T, Awaitable[T], Output[T]]."""
    if get_origin(annotation) not in (Union, types.UnionType):
        return annotation
    plain = [o for o in get_args(annotation) if getattr(get_origin(o), "__name__", "") not in _DEFERRED]
    return plain[0]


_DEFERRED = ("Awaitable", "Output")
_KINDS = {str: "a text", bool: "true or false", int: "a whole number"}


def _is_a(value: Any, base: type) -> bool:
    if base is int:  # numbers come through Pulumi as floats
        return not isinstance(value, bool) and (
            isinstance(value, int) or (isinstance(value, float) and value.is_integer())
        )
    return isinstance(value, base)


def _whole(value: float | str) -> int | float | str:
    """Give the whole number of a text or a float, and what is none as it is: then it differs from any."""
    try:
        return int(value)
    except (ValueError, OverflowError):
        return value


def _named(value: Any) -> str:
    shown = repr(value)
    return shown if len(shown) <= 60 else f"{shown[:57]}..."  # noqa: PLR2004  # a line's worth


def _listed(value: Any) -> Sequence[Any]:
    if value is None or value == "":
        return []
    return value if isinstance(value, list | tuple) else [value]
