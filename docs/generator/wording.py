"""Properties in words: type and limits, Exchange's default, what a change does, the name on the wire."""

from __future__ import annotations

import json
import typing
from dataclasses import Field
from typing import Any

from area1_provider import forms, schema
from area1_provider.schema import Property
from generator.facts import Subject
from generator.markdown import plain

_BASES = {str: "text", bool: "boolean", int: "whole number"}


def kind(one: Property) -> str:
    """Give a property's type with its allowed values and limits."""
    item = ", ".join(filter(None, [_item(one), _length(one)]))
    if not one.many:
        return item
    most = f", {one.wire.maximum} at most" if one.wire.maximum is not None else ""
    return f"{'set' if one.wire.unordered else 'list'} of {item}{most}"


def _item(one: Property) -> str:
    if one.choices:
        return " or ".join(code(choice) for choice in one.choices)
    if one.wire.form is not forms.TEXT:
        return plain(one.wire.form.name)
    low, high = one.wire.minimum, one.wire.maximum
    return f"{_BASES[one.base]}" + (f" {low} to {high}" if low is not None else "")


def _length(one: Property) -> str:
    return f"at most {one.wire.max_length} characters" if one.wire.max_length else ""


def plain_kind(field: Field[Any]) -> str:
    """Give the type of a field that is no property of Exchange's."""
    inner = schema.plain_type(field.type)
    if typing.get_origin(inner) is typing.Literal:
        return " or ".join(code(choice) for choice in typing.get_args(inner))
    if typing.get_origin(inner) is list:
        return "list of text"
    return _BASES.get(inner, "mapping")


def code(value: Any) -> str:
    """Give a value as a program writes it."""
    return f"`{value}`" if isinstance(value, bool) else f"`{json.dumps(value)}`"


def default(subject: Subject, name: str) -> str:
    """Give Exchange's default, a note on it, or both; raises KeyError if docs/data has neither."""
    values, notes = subject.data["defaults"], subject.data["default_notes"]
    if name not in values:
        return str(notes[name])
    shown = code(values[name])
    return f"{shown}: {notes[name]}" if name in notes else shown


def change(subject: Subject, name: str) -> str:
    """Say what a change of a property does: in place, or a new object."""
    provider = subject.provider
    one = provider.noun.properties.get(name)
    if name in provider.irrevocable({name: "a"}, {name: "b"}):
        return "**replaces**"
    if name in provider.irrevocable({name: True}, {name: False}):
        return "in place; back to `False` replaces"
    if one is not None and one.wire.verb == "New" and name not in provider.in_place:
        return "**replaces**"
    return "in place"
