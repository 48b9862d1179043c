"""What a refresh preview of one stack says: which resources were looked at, and what of them moved.

Pure: the engine's events in, findings out. The engine is run in `drift_check.py`.

The events are those of the CLI's `--event-log`; `--json` shows each resource as it was before it was read (measured
with the CLI 3.259).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from area1_provider.resources.outbound_connector_validation import IS_VALIDATED
from area1_provider.schema import MANAGED, OURS

PROVIDERS = "pulumi:providers:"
HIDDEN = "[secret]"
"""What the engine writes in place of a secret."""

LATE = ("preview failed", "refresh failed")
"""Errors that only say that there were errors."""


@dataclass(frozen=True)
class Difference:
    """One property that is not as the state has it. Values are as in JSON."""

    property: str
    expected: Any
    found: Any


@dataclass(frozen=True)
class Resource:
    """One resource that was looked at; `changed` is when Exchange says that the object last changed, `""` unknown."""

    name: str
    type: str
    id: str
    tenant_id: str = ""
    gone: bool = False
    differences: tuple[Difference, ...] = ()
    changed: str = ""

    @property
    def drifted(self) -> bool:
        """Say whether it is gone or differs."""
        return self.gone or bool(self.differences)

    @property
    def kind(self) -> str:
        """Give the type's last part, such as `JournalRule`."""
        return self.type.rpartition(":")[2]


@dataclass(frozen=True)
class Checked:
    """One stack: what was looked at, and why it could not be looked at whole, `""` if it could."""

    stack: str
    resources: tuple[Resource, ...] = ()
    failure: str = ""

    @property
    def drifted(self) -> tuple[Resource, ...]:
        """Give the resources that drifted."""
        return tuple(resource for resource in self.resources if resource.drifted)


def resources(events: Iterable[Mapping[str, Any]]) -> Iterator[Resource]:
    """Give the resources that were read, in the order of the events; components and providers are left out."""
    for event in events:
        metadata = event.get("resOutputsEvent", {}).get("metadata", {})
        old = metadata.get("old") or {}
        if old.get("custom") and not old["type"].startswith(PROVIDERS):
            yield _resource(metadata["op"], old, metadata.get("new"))


def _resource(op: str, old: Mapping[str, Any], new: Mapping[str, Any] | None) -> Resource:
    before = old.get("outputs") or {}
    return Resource(
        name=old["urn"].rpartition("::")[2],
        type=old["type"],
        id=str(old.get("id") or ""),
        tenant_id=str(before.get("tenant_id") or "") if old["type"].startswith(OURS) else "",
        gone=new is None,
        differences=tuple(_differences(op, old["type"], before, new.get("outputs") or {})) if new is not None else (),
    )


def _differences(op: str, kind: str, before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[Difference]:
    """Compare what is watched; a change that only shows in a secret is one without values."""
    names = _watched(before) if kind.startswith(OURS) else _all(before, after)
    moved = [name for name in names if before.get(name) != after.get(name)]
    if not moved and op == "update" and not kind.startswith(OURS):
        moved = [name for name in names if before.get(name) == HIDDEN]
    for name in moved:
        yield Difference(name, before.get(name), after.get(name))


def _watched(before: Mapping[str, Any]) -> list[str]:
    """Name what the program manages, and the mark that a validation leaves; all else only shows what is there."""
    marks = [IS_VALIDATED] if IS_VALIDATED in before else []
    return [*(before.get(MANAGED) or ()), *marks]


def _all(before: Collection[str], after: Collection[str]) -> list[str]:
    return sorted(name for name in {*before, *after} if not name.startswith("__"))


def failure(events: Iterable[Mapping[str, Any]]) -> str:
    """Give what the engine's errors say, each text once; `""` if there is none.

    A stack that cannot sign in says so for each resource, with another correlation id: the first line tells them apart.
    """
    texts: dict[str, str] = {}
    for text in _errors(events):
        texts.setdefault(text.partition("\n")[0], text)
    specific = {line: text for line, text in texts.items() if line not in LATE}
    return "\n".join((specific or texts).values())


def _errors(events: Iterable[Mapping[str, Any]]) -> Iterator[str]:
    for event in events:
        found = event.get("diagnosticEvent", {})
        if found.get("severity") == "error":
            yield str(found.get("message", "")).strip().removeprefix("Preview failed: ")
