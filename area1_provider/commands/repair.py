"""`area1 repair`: what a run that was cut off left pending in a stack's state, looked up in the tenant and settled.

What the tenant holds decides. A create that made its object brings it into the state; one that made none, or whose name
somebody else has, is dropped, so that the next `up` makes it or says whose it is. An object that was being changed or
removed is read anew. Nothing is changed in the tenant.
"""

from __future__ import annotations

import json
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from pulumi.dynamic.dynamic import PROVIDER_KEY

from area1_provider import connection, settle
from area1_provider.commands.import_object import RESOURCES
from area1_provider.commands.project import Project
from area1_provider.commands.target import of_stack
from area1_provider.connection import Config
from area1_provider.errors import Refused
from area1_provider.provider import OURS, ExchangeProvider, own

SIGNATURE = "4dabf18193072939515e22adb298388d"
"""Key by which a secret value in a state is known (Pulumi's resource.SigKey)."""

IMPORT, DROP, READ, REMOVE = "import", "drop", "read", "remove"

DOUBT = 300.0
"""Seconds by which a create may have begun before the checkpoint that was written last, and clocks may differ."""


@dataclass(frozen=True)
class Step:
    """What is to be done with one pending operation, and why.

    `import` the object `id`, `drop` the entry, `read` anew what the state holds, or `remove` it from there. `inputs` and
    `outputs` are the state's after an import or a read.
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
class Plan:
    """The steps, and the state that they were made for (secrets encrypted)."""

    stack: str
    steps: tuple[Step, ...]
    exported: Mapping[str, Any]


def plan(project: Project, stack: str) -> Plan:
    """Look in the state and the tenant, and say what would be done; changes nothing.

    Raises `PulumiFailed`, `Refused` for a state that is not as Pulumi writes it, and what asking Exchange raises.
    """
    exported = _export(project, stack)
    looking = _Look(project, stack, exported, _export(project, stack, "--show-secrets"))
    return Plan(stack, tuple(looking.step(one) for one in _pending(looking.shown)), exported)


def summary(planned: Plan) -> str:
    """Say what would be done, one line a pending operation."""
    if not planned.steps:
        return (
            f"Nothing is pending in stack {planned.stack}. If a killed run left it locked, --yes takes the lock away."
        )
    lines = [f"  {step.named} ({step.operation}): {step.action}: {step.reason}" for step in planned.steps]
    return "\n".join([f"Pending in stack {planned.stack}:", *lines])


def carry_out(project: Project, planned: Plan) -> None:
    """Unlock the stack and write the planned state, nothing pending. Raises `Refused` if it has moved on since."""
    unlock(project, planned.stack)
    if not planned.steps:
        return
    if _export(project, planned.stack) != planned.exported:
        raise Refused(f"Stack {planned.stack} has changed while it was looked at; nothing was written. Run this again.")
    with tempfile.TemporaryDirectory(prefix="area1-repair-") as folder:
        file = Path(folder) / "state.json"
        file.write_text(json.dumps(settled(planned)), encoding="utf-8")
        project.ask("stack", "import", "--file", str(file), "--stack", planned.stack)


def unlock(project: Project, stack: str) -> None:
    """Take away the lock that a killed run left. A run that is still alive loses it too: ask before."""
    project.ask("cancel", "--yes", "--stack", stack)


def settled(planned: Plan) -> dict[str, Any]:
    """Give the state after the plan: what was imported as the cut-off run would have recorded it. Pure."""
    exported: dict[str, Any] = json.loads(json.dumps(planned.exported))
    deployment = exported["deployment"]
    steps = {step.urn: step for step in planned.steps}
    pending = deployment.pop("pending_operations", None) or []
    kept = [_renewed(one, steps.get(one["urn"])) for one in deployment.get("resources") or []]
    made = [one["resource"] for one in pending if steps[one["resource"]["urn"]].action == IMPORT]
    deployment["resources"] = [one for one in kept if one] + [_recorded(one, steps[one["urn"]]) for one in made]
    return exported


def _renewed(resource: dict[str, Any], step: Step | None) -> dict[str, Any] | None:
    """Give a resource of the state as the step wants it; None if it goes."""
    if step is None or step.action in (DROP, IMPORT) or resource.get("delete"):
        return resource
    return None if step.action == REMOVE else _recorded(resource, step)


def _recorded(resource: Mapping[str, Any], step: Step) -> dict[str, Any]:
    """Give the state's entry as the engine writes it; a value that is a secret there stays one."""
    before = resource["inputs"]
    provider = {PROVIDER_KEY: before[PROVIDER_KEY]}
    secret = {name: value for name, value in before.items() if isinstance(value, Mapping) and SIGNATURE in value}
    inputs = {name: secret.get(name, value) for name, value in (step.inputs or before).items()}
    outputs = {name: secret.get(name, value) for name, value in step.outputs.items()}
    return {**resource, "id": step.id, "inputs": {**inputs, **provider}, "outputs": {**outputs, **provider}}


@dataclass(frozen=True)
class _Look:
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
        inputs = {name: _revealed(value) for name, value in resource["inputs"].items()}
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
        same_type = (one for one in _resources(self.exported) if one["type"] == resource["type"])
        if any(str(one.get("id", "")).casefold() == id_.casefold() for one in same_type):
            return Step(urn, "creating", DROP, f"the tenant's object {id_} is in the state already")
        outputs = provider.outputs(exchange, desired, found, written=tuple(desired))
        reason = f"the tenant holds it as the program wants it, made in that run: {id_}"
        return Step(urn, "creating", IMPORT, reason, id_, outputs=outputs)

    def _touched(self, urn: str, operation: str, provider: ExchangeProvider) -> Step:
        """Read anew what was being changed, removed or read when the run was cut off."""
        held = next((one for one in _resources(self.shown) if one["urn"] == urn and not one.get("delete")), None)
        if held is None:
            return Step(urn, operation, DROP, "the state holds no such resource any more")
        outputs = {name: _revealed(value) for name, value in (held.get("outputs") or {}).items()}
        read = provider.read(str(held.get("id") or ""), outputs)
        if read.id:
            reason = "the tenant holds it; the next `pulumi up` goes on from what it is now"
            return Step(urn, operation, READ, reason, read.id, own(read.inputs or {}), own(read.outs or {}))
        if any(urn in (one.get("dependencies") or ()) for one in _resources(self.exported)):
            reason = (
                "the tenant holds it no more, but others in the state depend on it; run `pulumi refresh` after this"
            )
            return Step(urn, operation, DROP, reason)
        return Step(urn, operation, REMOVE, "the tenant holds it no more")

    def _config(self, resource: Mapping[str, Any]) -> Config:
        """Give the settings of a resource: its explicit provider's, else the stack's."""
        urn = str(resource.get("provider") or "").rpartition("::")[0]
        inputs = next((one.get("inputs") or {} for one in _resources(self.shown) if one["urn"] == urn), {})
        if "tenant" not in inputs:
            return of_stack(self.project, self.stack).config
        return connection.config_of({name: _revealed(value) for name, value in inputs.items()})


def begun_at(exported: Mapping[str, Any]) -> float:
    """Give the time of the checkpoint that holds the pending operation: the create was begun at it, or before."""
    return datetime.fromisoformat(exported["deployment"]["manifest"]["time"]).timestamp()


def provider_of(resource: Mapping[str, Any]) -> ExchangeProvider:
    """Give the provider of a resource by its type: no pickle of a state is ever opened here. Raises `Refused`."""
    kind = RESOURCES.get(str(resource["type"]).removeprefix(OURS))
    if kind is None or PROVIDER_KEY not in resource["inputs"]:
        raise Refused(
            f"{resource['urn']}: this version of area1_provider knows no such resource, so it cannot tell what its create "
            "made. Run this with the version that wrote the state."
        )
    return kind.provider_class()


def _export(project: Project, stack: str, *options: str) -> dict[str, Any]:
    try:
        exported: dict[str, Any] = json.loads(project.ask("stack", "export", *options, "--stack", stack))
        _check(exported)
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise Refused(f"The state of stack {stack} is not as Pulumi writes it: {error!r}") from error
    return exported


def _check(exported: Mapping[str, Any]) -> None:
    """Look at every member that is used here, so that a damaged state is one error and not many."""
    for pending in _pending(exported):
        resource = pending["resource"]
        _ = (pending["type"], resource["urn"], resource["type"], resource["inputs"].items(), begun_at(exported))
    for resource in _resources(exported):
        _ = (resource["urn"], resource["type"], (resource.get("inputs") or {}).items())


def _pending(exported: Mapping[str, Any]) -> Sequence[Mapping[str, Any]]:
    return (exported.get("deployment") or {}).get("pending_operations") or []


def _resources(exported: Mapping[str, Any]) -> Sequence[Mapping[str, Any]]:
    return (exported.get("deployment") or {}).get("resources") or []


def _revealed(value: Any) -> Any:
    """Give a value that `--show-secrets` has wrapped."""
    return json.loads(value["plaintext"]) if isinstance(value, Mapping) and "plaintext" in value else value
