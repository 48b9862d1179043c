"""The stack's state as the engine has saved it last, read in the middle of a run.

The engine tells a provider of nothing but the one resource at hand. What else the state holds the `pulumi` command tells,
which the plugin asks only where a run would fail without (an export: about a second).
"""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

STACK = "__stack"
"""Input by which a program tells the plugin its stack; check takes it out, so that it is no input of the state."""

SECONDS = 60.0
"""How long an export may take."""


class SavedState:
    """The state of the stack that a program of this process's run has told."""

    def __init__(self) -> None:
        self._stack = ""

    def told(self, stack: object) -> None:
        """Remember the stack (`organization/project/stack`), where it was told."""
        self._stack = str(stack or self._stack)

    def resources(self) -> Sequence[Mapping[str, Any]]:
        """Give the resources as `pulumi stack export` shows them, secrets encrypted.

        Raises `NoStack`, `PulumiFailed`, `EngineUnavailable`, `Refused` where they cannot be had.
        """
        from area1_provider import engine, project  # noqa: PLC0415  # rarely needed

        if not self._stack:
            raise project.NoStack("the program did not tell its stack")
        return project.opened(Path.cwd(), engine.find(os.environ)).resources(self._stack, SECONDS)


of_process = SavedState()
"""That of this process's run."""
