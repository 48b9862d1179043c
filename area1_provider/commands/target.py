"""Which tenant a command means: the stack that was named, the one that is selected here, or the environment alone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from area1_provider import connection, engine, project
from area1_provider.connection import NAMESPACE, Config

if TYPE_CHECKING:
    from area1_provider.client import Exchange
    from area1_provider.journaling import JournalingArgs


@dataclass(frozen=True)
class Target:
    """A stack's config with its name; both empty where only the environment speaks."""

    stack: str | None = None
    values: Mapping[str, str] = field(default_factory=dict)
    """Full keys to texts, secrets decrypted: never to be shown."""

    @property
    def config(self) -> Config:
        """Give the settings among the values."""
        return connection.config_of(self.values)

    @property
    def named(self) -> str:
        """Say in words where the settings come from."""
        return f"stack {self.stack} and the environment" if self.stack else "the environment"

    def exchange(self) -> Exchange:
        """Give the tenant's Exchange. Raises `SettingsError`."""
        return connection.exchange(self.config)

    def args(self) -> JournalingArgs | None:
        """Give what the stack wants of journaling, None if it says nothing of it. Raises `SettingsError`."""
        from area1_provider.stack import journaling_args  # noqa: PLC0415  # pulumi is slow to load

        return journaling_args(self.values) if f"{NAMESPACE}:journal_address" in self.values else None


def choose(stack: str | None, here: Path) -> Target:
    """Give the target: the stack that was named, else the selected one, else the environment.

    Raises `project.NoProject` or `project.PulumiFailed` where a named stack cannot be read.
    """
    if stack is not None:
        return of_stack(project.required(here), stack)
    opened = _project_here(here)
    selected = opened.selected_stack() if opened else None
    return of_stack(opened, selected) if opened and selected else Target()


def of_stack(opened: project.Project, stack: str) -> Target:
    """Give the target that a stack's config names."""
    return Target(stack, opened.config(stack))


def _project_here(here: Path) -> project.Project | None:
    """Give the project here if an engine is on this machine already: nothing is obtained only to look."""
    folder = project.folder_of(here)
    if folder is None:
        return None
    try:
        return project.opened(folder, engine.find())
    except engine.EngineUnavailable:
        return None
