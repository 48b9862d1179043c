"""Asks the engine for the drift of one stack, and Exchange for when the drifted objects changed. Writes nothing anywhere.

What the engine's events mean is said in `drift_events.py`.
"""

from __future__ import annotations

import json
import re
import subprocess
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from area1_provider import errors
from area1_provider.commands import drift_events, target
from area1_provider.commands.drift_events import Checked, Resource
from area1_provider.project import Project, explained
from area1_provider.provider import ExchangeProvider
from area1_provider.resources.distribution_group import DistributionGroupProvider
from area1_provider.resources.journal_rule import JournalRuleProvider
from area1_provider.resources.outbound_connector import OutboundConnectorProvider
from area1_provider.resources.outbound_connector_validation import OutboundConnectorValidationProvider
from area1_provider.resources.transport_config import TransportConfigProvider
from area1_provider.schema import OURS

if TYPE_CHECKING:
    from area1_provider.client import Exchange

READERS: Mapping[str, type[ExchangeProvider]] = MappingProxyType(
    {
        "DistributionGroup": DistributionGroupProvider,
        "JournalRule": JournalRuleProvider,
        "OutboundConnector": OutboundConnectorProvider,
        "OutboundConnectorValidation": OutboundConnectorValidationProvider,
        "TransportConfig": TransportConfigProvider,
    }
)
"""Who reads a resource, by the last part of its type."""

FRACTION = re.compile(r"\.\d+")
"""Of a second, as Exchange writes times."""

LAST_LINES = 12
"""Lines of the engine's output that stand for a failure without a diagnostic."""


def check(project: Project, stack: str, *, run_program: bool = False) -> Checked:
    """Preview a refresh and give its findings; whatever goes wrong is the finding's `failure`, and nothing is raised.

    Without `run_program` the engine hands the plugin the config that the last `up` saved.
    """
    try:
        found = _previewed(project, stack, run_program=run_program)
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        return Checked(stack, failure=f"The engine's events cannot be read: {type(error).__name__}: {error}")
    if any(resource.differences for resource in found.resources):
        return replace(found, resources=dated(project, stack, found.resources))
    return found


def _previewed(project: Project, stack: str, *, run_program: bool) -> Checked:
    with tempfile.TemporaryDirectory(prefix="area1-drift-") as folder:  # readable by its owner only
        log = Path(folder) / "events.json"
        done = _refresh(project, stack, log, run_program=run_program)
        events = list(_events(log))
    seen = tuple(drift_events.resources(events))
    if done.returncode == 0:
        return Checked(stack, seen)
    said = drift_events.failure(events) or _last_lines(done.stderr or done.stdout)
    return Checked(stack, seen, said or f"`pulumi refresh` ended with code {done.returncode} and said nothing")


def _refresh(project: Project, stack: str, log: Path, *, run_program: bool) -> subprocess.CompletedProcess[str]:
    options = ("--non-interactive", "--color", "never", *(("--run-program",) if run_program else ()))
    return subprocess.run(
        [str(project.engine.pulumi), "refresh", "--preview-only", "--stack", stack, "--event-log", str(log), *options],
        cwd=project.folder,
        env={**project.environment, "PULUMI_DEBUG_COMMANDS": "true"},  # else there is no --event-log
        stdin=subprocess.DEVNULL,
        capture_output=True,
        encoding="utf-8",
        errors="replace",
        check=False,
    )


def _events(log: Path) -> Iterator[dict[str, Any]]:
    if log.exists():
        with log.open(encoding="utf-8") as lines:
            yield from (json.loads(line) for line in lines if line.strip())


def _last_lines(said: str) -> str:
    lines = [line.rstrip() for line in explained(said).splitlines()]
    return "\n".join(lines[-LAST_LINES:]).removeprefix("error: ")


def dated(project: Project, stack: str, found: tuple[Resource, ...]) -> tuple[Resource, ...]:
    """Say when the objects that differ last changed, where Exchange can be asked with the stack's own settings.

    Best effort: a resource of another tenant, or a sign-in that works only for the engine, leaves the time unknown.
    """
    try:
        exchange = target.of_stack(project, stack).exchange()
        return tuple(_dated(exchange, one) if one.differences else one for one in found)
    except (errors.Area1Error, OSError, ValueError):
        return found


def _dated(exchange: Exchange, one: Resource) -> Resource:
    if not one.type.startswith(OURS) or one.tenant_id.casefold() != exchange.tenant_id.casefold():
        return one
    seen = READERS[one.kind]().observe(exchange, one.id, {}, ())
    return replace(one, changed=FRACTION.sub("", str(seen.get("WhenChangedUTC") or "")))
