"""Stack config to typed args: every key and value checked, all problems said at once, each with its place.

Keys are the names of `JournalingArgs`, and of `OutboundConnectorArgs` and `DistributionGroupArgs` below `connector_args`
and `group`; beside them stand the settings of `settings.CONFIG_KEYS`. Nothing is asked of Exchange here.
"""

from __future__ import annotations

import difflib
import json
import typing
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import MISSING, fields, is_dataclass
from typing import Any

import pulumi

from area1_provider import guide, schema
from area1_provider.connection import NAMESPACE
from area1_provider.guide import JournalingArgs, refusal
from area1_provider.settings import CONFIG_KEYS


def journaling_args(config: Mapping[str, str] | None = None) -> JournalingArgs:
    """Give the args that the stack's config describes.

    `config` maps full keys (`area1:region`) to texts as Pulumi hands them over, JSON where they are structured; the
    running program's if left out. Raises `pulumi.RunError`, which prints without frames, with every
    problem.
    """
    values = dict(_own_keys(running_config() if config is None else config))
    hints = _types(JournalingArgs)
    problems = list(_unknown(NAMESPACE + ":", values, [*hints, *CONFIG_KEYS]))
    parsed = {name: _parsed(values[name], hints[name]) for name in hints if name in values}
    wrong = {name: list(_problems(f"{NAMESPACE}:{name}", value, hints[name])) for name, value in parsed.items()}
    problems += [problem for found in wrong.values() for problem in found]
    problems += [_missing(name) for name in _required(JournalingArgs) if name not in values]
    right = {name: _built(value, hints[name]) for name, value in parsed.items() if not wrong[name]}
    if "region" in right or "region" not in parsed:
        told = {**dict.fromkeys(_required(JournalingArgs), schema.UNKNOWN), **right}
        problems += [f"{NAMESPACE}:{problem}" for problem in guide.problems(JournalingArgs(**told))]
    if problems:
        raise pulumi.RunError(refusal("Stack config", problems))
    return JournalingArgs(**right)


def running_config() -> Mapping[str, str]:
    """Give the config of the stack that is running."""
    return pulumi.runtime.config.CONFIG.get()


def _own_keys(config: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    prefix = f"{NAMESPACE}:"
    return ((key.removeprefix(prefix), value) for key, value in config.items() if key.startswith(prefix))


def _types(args: type[Any]) -> dict[str, Any]:
    """Give the plain type of each field."""
    return {field.name: schema.plain_type(field.type) for field in fields(args)}


def _required(args: type[Any]) -> list[str]:
    return [field.name for field in fields(args) if field.default is MISSING]


def _missing(name: str) -> str:
    return f"{NAMESPACE}:{name} is required: pulumi config set {NAMESPACE}:{name} VALUE"


def _unknown(place: str, names: Iterable[str], known: Iterable[str]) -> Iterator[str]:
    listed = sorted(known)
    for name in names:
        if name not in listed:
            near = difflib.get_close_matches(name, listed, n=1)
            hint = f"did you mean {place}{near[0]}?" if near else f"known are {', '.join(listed)}"
            yield f"{place}{name} is no key; {hint}"


def _parsed(text: str, kind: Any) -> Any:
    """Read a config text as its type wants it: texts as they are, the rest as JSON (Pulumi writes true, 7, [..], {..})."""
    if _is_text(kind):
        return text
    try:
        return json.loads(text)
    except ValueError:
        return text


def _is_text(kind: Any) -> bool:
    return kind is str or typing.get_origin(kind) is typing.Literal


def _problems(place: str, value: Any, kind: Any) -> Iterator[str]:
    """Say what is wrong with a value for a type, with the place of each fault."""
    if is_dataclass(kind):
        yield from _mapping_problems(place, value, typing.cast("type[Any]", kind))
    elif typing.get_origin(kind) is list:
        if not isinstance(value, list):
            yield f"{place}: must be a list, not {value!r}"
            return
        for index, item in enumerate(value):
            yield from _problems(f"{place}[{index}]", item, typing.get_args(kind)[0])
    elif typing.get_origin(kind) is typing.Literal:
        if value not in typing.get_args(kind):
            yield f"{place}: {value!r} is none of {', '.join(filter(None, typing.get_args(kind)))}"
    elif type(value) is not kind:
        yield f"{place}: must be {_WORDS[kind]}, not {value!r}"


_WORDS = {str: "a text", bool: "true or false", int: "a whole number"}


def _mapping_problems(place: str, value: Any, args: type[Any]) -> Iterator[str]:
    if not isinstance(value, Mapping):
        yield f"{place}: must be a table of keys and values, not {value!r}"
        return
    hints = _types(args)
    yield from _unknown(f"{place}.", value, hints)
    for name in hints:
        if value.get(name) is not None:
            yield from _problems(f"{place}.{name}", value[name], hints[name])


def _built(value: Any, kind: Any) -> Any:
    return kind(**value) if is_dataclass(kind) and isinstance(kind, type) else value
