"""The stack's state as the engine has saved it last, read in the middle of a run.

The engine tells a provider of nothing but the one resource at hand. What else the state holds the `pulumi` command tells,
which the plugin asks only where a run would fail without (an export: 0.3 to 0.4 seconds, CLI 3.259, states in files; that
Pulumi's own cloud gives one in the middle of a run is unconfirmed).
"""

from __future__ import annotations

import json
import os
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from itertools import combinations
from pathlib import Path
from typing import Any

from area1_provider.connection import TENANT_ID
from area1_provider.schema import MANAGED, OURS

RUN = "__run"
"""Input by which a program tells the plugin of its run; check takes it out, so that it is no input of the state."""

ENCRYPTED = "ciphertext"
"""The entry of a state's value that is a secret, encrypted."""

SECONDS = 60.0
"""How long an export may take."""


def facts_of(stack: str, entries: Iterable[Mapping[str, Any]], *, preview: bool = False) -> dict[str, Any]:
    """Give what a program tells: its stack (`organization/project/stack`), the types that share an object, if it previews.

    Entries of the state are as `{"type": ..., "outputs": ...}`.
    """
    return {"stack": stack, "shared": shared(entries), "preview": preview}


def shared(entries: Iterable[Mapping[str, Any]]) -> list[str]:
    """Give the types of which two entries hold one object and do not agree: one has taken over what another one made.

    A name is taken once; what has none is told by what it belongs to.
    """
    seen = defaultdict[tuple[str, ...], list[Mapping[str, Any]]](list)
    for one in entries:
        if one["type"].startswith(OURS):
            seen[one["type"], *_known_by(one["outputs"])].append(one["outputs"])
    return sorted({kind for (kind, *_), them in seen.items() if any(not _agree(*two) for two in combinations(them, 2))})


def _known_by(outputs: Mapping[str, Any]) -> tuple[str, str]:
    named = outputs.get("name") or outputs.get("connector") or ""
    return str(outputs.get(TENANT_ID)).casefold(), str(named).casefold()


def _agree(one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    """Say whether two entries have the same values of what both manage."""
    both = {*(one.get(MANAGED) or ())} & {*(other.get(MANAGED) or ())}
    return all(one.get(name) == other.get(name) for name in both)


def texts_in(value: Any) -> Iterator[str]:
    """Give every text in a value, at any depth, in lower case; `ENCRYPTED` for one that is a secret."""
    left = [value]
    while left:
        one = revealed(left.pop())
        if isinstance(one, Mapping):
            left.extend([ENCRYPTED] if ENCRYPTED in one else one.values())
        elif isinstance(one, list):
            left.extend(one)
        elif isinstance(one, str):
            yield one.casefold()


def revealed(value: Any) -> Any:
    """Give a value that `--show-secrets` has wrapped."""
    return json.loads(value["plaintext"]) if isinstance(value, Mapping) and "plaintext" in value else value


class SavedState:
    """The state of the stack that a program of this process's run has told."""

    def __init__(self, environ: Mapping[str, str] = os.environ, seconds: float = SECONDS) -> None:
        self._environ, self._seconds = environ, seconds
        self._stack = ""
        self._shared: Collection[str] = ()
        self.previewing = False
        """Whether the run is a preview; one process may have a preview first, then what was previewed."""

    def told(self, facts: Mapping[str, Any] | None) -> None:
        """Remember what was told."""
        if facts:
            self._stack, self._shared = str(facts["stack"]), tuple(facts["shared"])
            self.previewing = bool(facts["preview"])

    def is_shared(self, type_token: str) -> bool:
        """Say whether two entries of that type, in the state as the run began, hold one object and do not agree."""
        return type_token in self._shared

    def resources(self) -> Sequence[Mapping[str, Any]]:
        """Give the resources as `pulumi stack export` shows them, secrets encrypted.

        Raises `NoStack`, `PulumiFailed`, `Refused` where they cannot be had.
        """
        from area1_provider import engine, project  # noqa: PLC0415  # rarely needed

        if not self._stack:
            raise project.NoStack("the program did not tell its stack")
        try:
            here = project.opened(Path.cwd(), engine.find(self._environ), self._environ)
            return here.resources(self._stack, self._seconds)
        except (engine.EngineUnavailable, OSError) as error:
            raise project.PulumiFailed(f"`pulumi stack export` does not run here: {error}") from error


of_process = SavedState()
"""That of this process's run."""
