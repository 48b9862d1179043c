"""Whether the stack's state is of the tenant that the settings name, asked before a program's first resource is made.

A new resource has no state, and the engine may hand it over before any old one: a run without a preview
(`--skip-preview`) needs this. A preview asks too, though it compares every old one: the engine's provider that answers
must stand in a saved plan (`pulumi up --plan`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any
from weakref import WeakSet

import pulumi

from area1_provider import connection, errors
from area1_provider.schema import OURS

READ = "pulumi:pulumi:readStackResourceOutputs"
"""The engine's own function, beside that of `StackReference`; 8 to 57 milliseconds (400 resources) with the CLI 3.259."""
RECORDED = (connection.TENANT_ID, connection.TENANT)
EXPLICIT = "pulumi:providers:pulumi-python"

_compared: WeakSet[pulumi.Resource] = WeakSet()


def compare() -> None:
    """Raise `pulumi.RunError`, which prints without frames, if the state is of another tenant. Once a run.

    A stack with a `Tenant` is left out: the engine does not say which resources are whose. So are settings that are not
    whole, which the first resource says.
    """
    run = pulumi.runtime.get_root_resource()
    if run is None or run in _compared:
        return
    config = connection.config_of(pulumi.runtime.config.CONFIG.get())
    if not connection.problems(config):
        _guard(config)
    _compared.add(run)


def stack() -> str:
    """Give the stack of this run by its full name."""
    return f"{pulumi.get_organization()}/{pulumi.get_project()}/{pulumi.get_stack()}"


def _guard(config: connection.Config) -> None:
    try:
        for recorded in _tenants(_saved()):
            connection.guard_named(config, dict(zip(RECORDED, recorded, strict=True)))
    except errors.Area1Error as error:
        raise pulumi.RunError(f"{type(error).__name__}: {error}") from None


def _saved() -> Mapping[str, Any]:
    """Give type and outputs of everything in the state; nothing, with a warning, where the engine does not give them."""
    try:
        saved: Mapping[str, Any] = pulumi.runtime.invoke(READ, {"stackName": stack()}).value["outputs"]
    except Exception as error:  # noqa: BLE001  # as `invoke` raises
        pulumi.log.warn(
            f"What is new could not be kept from another tenant than the state's ({error}): run `pulumi up` with its "
            "preview, which compares as well."
        )
        return {}
    return saved


def _tenants(saved: Mapping[str, Any]) -> Iterator[tuple[str, ...]]:
    """Give id and name, as recorded, of the tenant of each resource of ours, once each."""
    if any(one["type"] == EXPLICIT and one["outputs"].get("tenant") for one in saved.values()):
        return
    outputs = [one["outputs"] for one in saved.values() if one["type"].startswith(OURS)]
    yield from dict.fromkeys(tuple(str(one.get(name) or "") for name in RECORDED) for one in outputs)
