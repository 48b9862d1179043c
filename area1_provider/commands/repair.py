"""`area1 repair`: what a run that was cut off left pending in a stack's state, looked up in the tenant and settled.

A create that was cut off may have made its object or not. What the tenant holds decides: an object that is what the
program asked for enters the state, anything else is left alone and the pending entry dropped, so that the next `up` makes
the object or says whose it is. Nothing is changed in the tenant.
"""

from __future__ import annotations

import base64
import json
import tempfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

import dill  # type: ignore[import-untyped]
from pulumi.dynamic.dynamic import PROVIDER_KEY

from area1_provider import connection, settle
from area1_provider.commands.project import Project, PulumiFailed
from area1_provider.commands.target import of_stack
from area1_provider.connection import Config
from area1_provider.errors import Refused
from area1_provider.provider import ExchangeProvider, own

OURS = "pulumi-python:dynamic/area1:"

IMPORT = "import"
DROP = "drop"


@dataclass(frozen=True)
class Step:
    """What is to be done with one pending operation: `import` the object `id`, or `drop` the entry; and why."""

    urn: str
    operation: str
    action: str
    reason: str
    id: str = ""
    outputs: Mapping[str, Any] = field(default_factory=dict)

    @property
    def named(self) -> str:
        """Give type and logical name, as a person knows the resource."""
        kind, _, name = self.urn.rpartition("::")
        return f"{kind.rpartition(':')[2]} {name}"


@dataclass(frozen=True)
class Plan:
    """The steps, and the state that they were made for."""

    stack: str
    steps: tuple[Step, ...]
    exported: Mapping[str, Any]


def plan(project: Project, stack: str) -> Plan:
    """Look in the state and the tenant, and say what would be done; changes nothing.

    A stack that a killed run left locked is unlocked first. Raises `PulumiFailed`, and what asking Exchange raises.
    """
    exported = json.loads(project.ask("stack", "export", "--stack", stack))
    pending = (exported.get("deployment") or {}).get("pending_operations") or []
    steps = tuple(_step(project, stack, exported, one) for one in pending)
    return Plan(stack, steps, exported)


def carry_out(project: Project, planned: Plan) -> None:
    """Write the planned state: imported objects as the cut-off run would have recorded them, nothing pending."""
    unlock(project, planned.stack)
    exported = json.loads(json.dumps(planned.exported))
    deployment = exported["deployment"]
    pending = deployment.pop("pending_operations", [])
    made = {step.urn: step for step in planned.steps if step.action == IMPORT}
    resources = deployment.setdefault("resources", [])
    cut_off = (one["resource"] for one in pending)
    resources += [_recorded(one, made[one["urn"]]) for one in cut_off if one["urn"] in made]
    with tempfile.TemporaryDirectory(prefix="area1-repair-") as folder:
        file = Path(folder) / "state.json"
        file.write_text(json.dumps(exported), encoding="utf-8")
        project.ask("stack", "import", "--file", str(file), "--stack", planned.stack)


def unlock(project: Project, stack: str) -> None:
    """Take away the lock that a killed run left. A run that is still alive loses it too: ask before."""
    try:
        project.ask("cancel", "--yes", "--stack", stack)
    except PulumiFailed as error:
        if "not currently being updated" not in str(error) and "no update in progress" not in str(error).casefold():
            raise


def _step(project: Project, stack: str, exported: Mapping[str, Any], pending: Mapping[str, Any]) -> Step:
    resource, operation = pending["resource"], pending["type"]
    urn = resource["urn"]
    if operation != "creating":
        reason = "the object stays in the state; the next `pulumi up` compares it and finishes what was cut off"
        return Step(urn, operation, DROP, reason)
    if not resource["type"].startswith(OURS):
        return Step(urn, operation, DROP, "not of this package; the next `pulumi up` makes it again")
    return _created(project, stack, exported, resource)


def _created(project: Project, stack: str, exported: Mapping[str, Any], resource: Mapping[str, Any]) -> Step:
    """Decide on a create that was cut off, by what the tenant holds."""
    urn, desired = resource["urn"], own(resource["inputs"])
    provider = provider_of(resource)
    provider.config = _config(project, stack, resource)
    exchange = connection.exchange(provider.config)
    found = provider.lost(exchange, desired, begun_at(exported))
    if found is None:
        return Step(
            urn, "creating", DROP, "the tenant has no object that this create made; the next `pulumi up` makes it"
        )
    id_ = settle.guid_of(found)
    same_type = (one for one in _resources(exported) if one["type"] == resource["type"])
    if any(str(one.get("id", "")).casefold() == id_.casefold() for one in same_type):
        return Step(urn, "creating", DROP, f"the tenant's object {id_} is in the state already")
    outputs = provider.outputs(exchange, desired, found, written=tuple(desired))
    return Step(urn, "creating", IMPORT, f"the tenant holds it, as the program wants it ({id_})", id_, outputs)


def begun_at(exported: Mapping[str, Any]) -> float:
    """Give the time of the checkpoint that holds the pending operation: the create was begun at it."""
    return datetime.fromisoformat(exported["deployment"]["manifest"]["time"]).timestamp()


def provider_of(resource: Mapping[str, Any]) -> ExchangeProvider:
    """Give the provider object that a resource's inputs hold. Raises `Refused` for one that is not ours."""
    provider = dill.loads(base64.b64decode(resource["inputs"][PROVIDER_KEY]))  # noqa: S301  # our own state, as Pulumi reads it
    if not isinstance(provider, ExchangeProvider):
        raise Refused(f"{resource['urn']}: its provider is {type(provider).__name__}, which is not of this package")
    return provider


def _config(project: Project, stack: str, resource: Mapping[str, Any]) -> Config:
    """Give the settings of a resource: its explicit provider's, else the stack's."""
    urn = str(resource.get("provider") or "").rpartition("::")[0]
    shown = json.loads(project.ask("stack", "export", "--show-secrets", "--stack", stack))
    inputs = next((one.get("inputs") or {} for one in _resources(shown) if one["urn"] == urn), {})
    if "tenant" not in inputs:
        return of_stack(project, stack).config
    return connection.config_of({name: _revealed(value) for name, value in inputs.items()})


def _revealed(value: Any) -> Any:
    """Give a value that `--show-secrets` has wrapped."""
    return json.loads(value["plaintext"]) if isinstance(value, Mapping) and "plaintext" in value else value


def _resources(exported: Mapping[str, Any]) -> Iterable[Mapping[str, Any]]:
    return (exported.get("deployment") or {}).get("resources") or []


def _recorded(resource: Mapping[str, Any], step: Step) -> dict[str, Any]:
    """Give the state's entry as the engine writes it after a create."""
    provider = {PROVIDER_KEY: resource["inputs"][PROVIDER_KEY]}
    return {**resource, "id": step.id, "outputs": {**step.outputs, **provider}}
