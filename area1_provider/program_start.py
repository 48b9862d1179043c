"""What a program learns of its stack's saved state before its first resource.

Whether it is of the tenant that the settings name, and what the plugin, which sees one resource at a time, has to know.
A new resource has no state, and the engine may hand it over before any old one: a run without a preview
(`--skip-preview`) needs the former. A preview asks too, though it compares every old one: the engine's provider that
answers must stand in a saved plan (`pulumi up --plan`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any
from weakref import WeakKeyDictionary

import pulumi

from area1_provider import connection, errors
from area1_provider.saved_state import RUN, facts_of
from area1_provider.schema import OURS

READ = "pulumi:pulumi:readStackResourceOutputs"
"""The engine's own function, beside that of `StackReference`; 8 to 57 milliseconds (400 resources) with the CLI 3.259."""
RECORDED = (connection.TENANT_ID, connection.TENANT)
EXPLICIT = "pulumi:providers:pulumi-python"

_learned: WeakKeyDictionary[pulumi.Resource, Mapping[str, Any]] = WeakKeyDictionary()


def inputs() -> Mapping[str, Any]:
    """Give the input by which each resource tells the plugin of this run; nothing where none runs (mocks).

    Raises `pulumi.RunError`, which prints without frames, if the state is of another tenant. A stack with a `Tenant` is not
    compared: the engine does not say which resources are whose. Where the stack's own settings are not whole, which the
    first resource says, the state is not asked for, else once a run.
    """
    run = pulumi.runtime.get_root_resource()
    if run is None:
        return {}
    if run not in _learned:
        name = f"{pulumi.get_organization()}/{pulumi.get_project()}/{pulumi.get_stack()}"
        config = connection.config_of(pulumi.runtime.config.CONFIG.get())
        saved = {} if connection.problems(config) else _saved(name)
        if saved:
            _guard(config, saved)
        _learned[run] = {RUN: facts_of(name, saved.values(), preview=pulumi.runtime.is_dry_run())}
    return _learned[run]


def _guard(config: connection.Config, saved: Mapping[str, Any]) -> None:
    try:
        for recorded in _tenants(saved):
            connection.guard_named(config, dict(zip(RECORDED, recorded, strict=True)))
    except errors.Area1Error as error:
        raise pulumi.RunError(f"{type(error).__name__}: {error}") from None


def _saved(stack: str) -> Mapping[str, Any]:
    """Give type and outputs of everything in the state; nothing, with a warning, where the engine does not give them."""
    try:
        saved: Mapping[str, Any] = pulumi.runtime.invoke(READ, {"stackName": stack}).value["outputs"]
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
