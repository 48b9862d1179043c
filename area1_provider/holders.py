"""Which entries of the state hold an object, as far as this process has seen: no object is removed under another's hand.

Two entries come to hold one object where `adopt` takes over what an entry that the program names no more has still (a
changed logical name, the old half of a replacement): the engine deletes that one last. Entries are told apart by the
mark that taking over leaves in the state; one that made its object has none.
"""

from __future__ import annotations

import threading
import uuid
from collections import defaultdict
from collections.abc import Mapping
from typing import Any

from area1_provider.lost_answers import Question

TAKEN_OVER = "taken_over"
"""Output: the mark of an object that was there already; a random text, no secret."""


def new_mark() -> dict[str, str]:
    """Give the outputs of an entry that takes an object over."""
    return {TAKEN_OVER: uuid.uuid4().hex}


def mark_of(state: Mapping[str, Any]) -> dict[str, str]:
    """Give the mark among outputs, as outputs."""
    return {TAKEN_OVER: str(state[TAKEN_OVER])} if state.get(TAKEN_OVER) else {}


class Holders:
    """Entries that one process has seen to be wanted, by object. Safe to use from several threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._marks: defaultdict[str, set[str]] = defaultdict(set)

    def hold(self, an_object: Question, state: Mapping[str, Any]) -> None:
        """Remember that the entry of this state goes on holding an object."""
        with self._lock:
            self._marks[an_object.file_name].add(_mark(state))

    def others(self, an_object: Question, state: Mapping[str, Any]) -> bool:
        """Say whether another entry than the one of this state holds the object."""
        with self._lock:
            return bool(self._marks[an_object.file_name] - {_mark(state)})


def _mark(state: Mapping[str, Any]) -> str:
    return str(state.get(TAKEN_OVER) or "")


of_process = Holders()
"""Those of this process: one run, and one preview before it."""
