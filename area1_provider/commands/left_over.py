"""What a run that was cut off left, one thing at a time: what is to be done with it, by what the tenant holds.

Looks only; the state is written elsewhere.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from pulumi.dynamic.dynamic import PROVIDER_KEY

from area1_provider import connection, old_halves, settle
from area1_provider.commands.import_object import RESOURCES
from area1_provider.commands.target import of_stack
from area1_provider.connection import Config
from area1_provider.errors import Refused
from area1_provider.old_halves import DROP
from area1_provider.project import Project
from area1_provider.provider import ExchangeProvider, own
from area1_provider.saved_state import revealed
from area1_provider.schema import OURS

IMPORT, READ, REMOVE = "import", "read", "remove"

DOUBT = 300.0
"""Seconds by which a create may have begun before the checkpoint that was written last, and clocks may differ."""


@dataclass(frozen=True)
class Step:
    """What is to be done with one pending operation or one old half, and why.

    `import` the object `id`, `drop` the entry, `read` anew what the state holds, or `remove` it from there; `delete` an old
    half in the tenant too, or `keep` it. `inputs` and `outputs` are the state's, after an import or a read.
    """

    urn: str
    operation: str
    action: str
    reason: str
    id: str = ""
    inputs: Mapping[str, Any] = field(default_factory=dict)
    outputs: Mapping[str, Any] = field(default_factory=dict)

    @property
    def named(self) -> str:
        """Give type and logical name, as a person knows the resource."""
        kind, _, name = self.urn.rpartition("::")
        return f"{kind.rpartition(':')[2]} {name}"


@dataclass(frozen=True)
class Half:
    """What is to be done with one old half of a replacement, and the provider that can."""

    step: Step
    provider: ExchangeProvider


@dataclass(frozen=True)
class Look:
    """One look at a stack: its state as written, and the same with secrets shown, which is never written."""

    project: Project
    stack: str
    exported: Mapping[str, Any]
    shown: Mapping[str, Any]

    def step(self, pending: Mapping[str, Any]) -> Step:
        """Decide on one pending operation."""
        resource, operation = pending["resource"], str(pending["type"])
        urn = str(resource["urn"])
        if not str(resource["type"]).startswith(OURS):
            return Step(urn, operation, DROP, "not of this package; the next `pulumi up` does it again")
        provider = provider_of(resource)
        provider.config = self._config(resource)
        inputs = {name: revealed(value) for name, value in resource["inputs"].items()}
        if operation == "creating":
            return self._created(urn, resource, provider, own(inputs))
        return self._touched(urn, operation, provider)

    def _created(
        self, urn: str, resource: Mapping[str, Any], provider: ExchangeProvider, desired: Mapping[str, Any]
    ) -> Step:
        """Decide on a create that was cut off, by what the tenant holds."""
        exchange = provider.exchange()
        found = provider.lost(exchange, desired, begun_at(self.exported), DOUBT)
        if found is None:
            reason = (
                "the tenant holds no object that this create made; the next `pulumi up` makes it, or says whose it is"
            )
            return Step(urn, "creating", DROP, reason)
        id_ = settle.guid_of(found)
        same_type = (one for one in resources_of(self.exported) if one["type"] == resource["type"])
        if any(str(one.get("id", "")).casefold() == id_.casefold() for one in same_type):
            return Step(urn, "creating", DROP, f"the tenant's object {id_} is in the state already")
        outputs = provider.outputs(exchange, desired, found, written=tuple(desired))
        reason = f"the tenant holds it as the program wants it, made in that run: {id_}"
        return Step(urn, "creating", IMPORT, reason, id_, outputs=outputs)

    def _touched(self, urn: str, operation: str, provider: ExchangeProvider) -> Step:
        """Read anew what was being changed, removed or read when the run was cut off."""
        held = next((one for one in resources_of(self.shown) if one["urn"] == urn and not one.get("delete")), None)
        if held is None:
            return Step(urn, operation, DROP, "the state holds no such resource any more")
        outputs = {name: revealed(value) for name, value in (held.get("outputs") or {}).items()}
        read = provider.read(str(held.get("id") or ""), outputs)
        if read.id:
            reason = "the tenant holds it; the next `pulumi up` goes on from what it is now"
            return Step(urn, operation, READ, reason, read.id, own(read.inputs or {}), own(read.outs or {}))
        if any(urn in (one.get("dependencies") or ()) for one in resources_of(self.exported)):
            reason = (
                "the tenant holds it no more, but others in the state depend on it; run `pulumi refresh` after this"
            )
            return Step(urn, operation, DROP, reason)
        return Step(urn, operation, REMOVE, "the tenant holds it no more")

    def half(self, resource: Mapping[str, Any], wanted: Sequence[Mapping[str, Any]]) -> Half:
        """Decide on an old half: it goes, unless one of the resources that stay needs the object still."""
        urn, id_ = str(resource["urn"]), str(resource.get("id") or "")
        provider = provider_of(resource)
        provider.config = self._config(resource)
        outputs = own({name: revealed(value) for name, value in (resource.get("outputs") or {}).items()})
        action, reason = old_halves.fate(resource, wanted)
        return Half(Step(urn, "replaced", action, reason, id_, outputs=outputs), provider)

    def _config(self, resource: Mapping[str, Any]) -> Config:
        """Give the settings of a resource: its explicit provider's, else the stack's."""
        urn = str(resource.get("provider") or "").rpartition("::")[0]
        inputs = next((one.get("inputs") or {} for one in resources_of(self.shown) if one["urn"] == urn), {})
        if "tenant" not in inputs:
            return of_stack(self.project, self.stack).config
        return connection.config_of({name: revealed(value) for name, value in inputs.items()})


def begun_at(exported: Mapping[str, Any]) -> float:
    """Give the time of the checkpoint that holds the pending operation: the create was begun at it, or before."""
    return datetime.fromisoformat(exported["deployment"]["manifest"]["time"]).timestamp()


def provider_of(resource: Mapping[str, Any]) -> ExchangeProvider:
    """Give the provider of a resource by its type: no pickle of a state is ever opened here. Raises `Refused`."""
    kind = RESOURCES.get(str(resource["type"]).removeprefix(OURS))
    if kind is None or PROVIDER_KEY not in (resource.get("inputs") or {}):
        raise Refused(
            f"{resource['urn']}: this version of area1_provider knows no such resource, so it cannot tell what its create "
            "made. Run this with the version that wrote the state."
        )
    return kind.provider_class()


def pending_of(exported: Mapping[str, Any]) -> Sequence[Mapping[str, Any]]:
    """Give the pending operations of an exported state."""
    return (exported.get("deployment") or {}).get("pending_operations") or []


def resources_of(exported: Mapping[str, Any]) -> Sequence[Mapping[str, Any]]:
    """Give the resources of an exported state, old halves among them."""
    return (exported.get("deployment") or {}).get("resources") or []
