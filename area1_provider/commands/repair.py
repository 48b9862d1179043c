"""`area1 repair`: what a run that was cut off left in a stack's state, looked up in the tenant and settled.

What the tenant holds decides. A create that made its object brings it into the state; one that made none, or whose name
somebody else has, is dropped, so that the next `up` makes it or says whose it is. An object that was being changed or
removed is read anew. Old halves of replacements, which the engine would remove last, are removed: a name that the
program wants may be theirs. Nothing else is changed in the tenant.
"""

from __future__ import annotations

import json
import tempfile
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pulumi.dynamic.dynamic import PROVIDER_KEY

from area1_provider.commands.left_over import (
    IMPORT,
    REMOVE,
    Half,
    Look,
    Step,
    begun_at,
    pending_of,
    resources_of,
)
from area1_provider.errors import Refused
from area1_provider.old_halves import DELETE, DROP, KEEP, is_half
from area1_provider.project import Project

SIGNATURE = "4dabf18193072939515e22adb298388d"
"""Key by which a secret value in a state is known (Pulumi's resource.SigKey)."""


@dataclass(frozen=True)
class Plan:
    """The steps for what is pending and for old halves, and the state that they were made for (secrets encrypted)."""

    stack: str
    steps: tuple[Step, ...]
    exported: Mapping[str, Any]
    halves: tuple[Half, ...] = ()


def plan(project: Project, stack: str) -> Plan:
    """Look in the state and the tenant, and say what would be done; changes nothing.

    Raises `PulumiFailed`, `Refused` for a state that is not as Pulumi writes it, and what asking Exchange raises.
    """
    exported = _export(project, stack)
    looking = Look(project, stack, exported, _export(project, stack, "--show-secrets"))
    steps = tuple(looking.step(one) for one in pending_of(looking.shown))
    made = {step.urn for step in steps if step.action == IMPORT}
    live = [one for one in resources_of(looking.shown) if not one.get("delete")]
    halves = [one for one in resources_of(looking.shown) if is_half(one)] + [one for one in live if one["urn"] in made]
    wanted = [one for one in live if one["urn"] not in made and "id" in one]
    return Plan(stack, steps, exported, tuple(looking.half(one, wanted) for one in halves))


def summary(planned: Plan) -> str:
    """Say what would be done, one line a pending operation or old half."""
    steps = [*planned.steps, *(half.step for half in planned.halves)]
    if not steps:
        return (
            f"Nothing is pending in stack {planned.stack}. If a killed run left it locked, --yes takes the lock away."
        )
    lines = [f"  {step.named} ({step.operation}): {step.action}: {step.reason}" for step in steps]
    return "\n".join([f"Pending in stack {planned.stack}:", *lines])


def carry_out(project: Project, planned: Plan) -> None:
    """Unlock the stack, write the planned state, nothing pending, and remove old halves, in the tenant first.

    Raises `Refused` if it has moved on since, and what a removal raises: the state names what is still there.
    """
    unlock(project, planned.stack)
    if not planned.steps and not planned.halves:
        return
    if _export(project, planned.stack) != planned.exported:
        raise Refused(f"Stack {planned.stack} has changed while it was looked at; nothing was written. Run this again.")
    if planned.steps:
        _write(project, planned.stack, settled(planned))
    going = [half for half in planned.halves if half.step.action != KEEP]
    for half in going:
        if half.step.action == DELETE:
            half.provider.delete(half.step.id, dict(half.step.outputs))
    if going:
        gone = {(half.step.urn, half.step.id) for half in going}
        _write(project, planned.stack, without(settled(planned), gone))


def _write(project: Project, stack: str, state: Mapping[str, Any]) -> None:
    with tempfile.TemporaryDirectory(prefix="area1-repair-") as folder:
        file = Path(folder) / "state.json"
        file.write_text(json.dumps(state), encoding="utf-8")
        project.ask("stack", "import", "--file", str(file), "--stack", stack)


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
    new = {one["urn"]: _recorded(one, steps[one["urn"]]) for one in made}
    deployment["resources"] = _joined([one for one in kept if one], new)
    return exported


def _joined(kept: Sequence[dict[str, Any]], new: dict[str, dict[str, Any]]) -> list[dict[str, Any]]:
    """Give resources with new ones among them; one that replaces stands in its old half's place, which comes last."""
    in_place = [one for one in kept if one["urn"] in new and not one.get("delete")]
    replaced = {one["urn"] for one in in_place}
    live = [new[one["urn"]] if one in in_place else one for one in kept if not one.get("delete")]
    halves = [*(one for one in kept if one.get("delete")), *({**one, "delete": True} for one in in_place)]
    return [*live, *(one for urn, one in new.items() if urn not in replaced), *halves]


def without(state: dict[str, Any], halves: Collection[tuple[str, str]]) -> dict[str, Any]:
    """Give a state without these old halves (URN, id). Pure."""
    deployment = state["deployment"]
    resources = [
        one
        for one in deployment["resources"]
        if not (is_half(one) and (one["urn"], str(one.get("id") or "")) in halves)
    ]
    return {**state, "deployment": {**deployment, "resources": resources}}


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


def _export(project: Project, stack: str, *options: str) -> dict[str, Any]:
    try:
        exported: dict[str, Any] = json.loads(project.ask("stack", "export", *options, "--stack", stack))
        _check(exported)
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise Refused(f"The state of stack {stack} is not as Pulumi writes it: {error!r}") from error
    return exported


def _check(exported: Mapping[str, Any]) -> None:
    """Look at every member that is used here, so that a damaged state is one error and not many."""
    for pending in pending_of(exported):
        _ = (pending["type"], pending["resource"]["inputs"].items(), begun_at(exported))
    for resource in [*resources_of(exported), *(one["resource"] for one in pending_of(exported))]:
        texts = (resource["urn"].partition, resource["type"].partition)
        _ = (texts, (resource.get("inputs") or {}).items(), (resource.get("outputs") or {}).items())
