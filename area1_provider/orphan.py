"""A plugin whose engine was killed ends too. What it did so far is for `area1 repair` to find out.

The dynamic server waits for ever, so that a call which is being retried would still be made when nobody records it.
"""

from __future__ import annotations

import os
import select
import sys
import threading
from collections.abc import Callable

ENDED = 70
"""Exit code: nobody reads it."""

_once = threading.Lock()


def watch(leave: Callable[[int], object] = os._exit) -> None:
    """End this process when the engine that reads its output is gone; once a process, and only where that can be told."""
    if hasattr(select, "poll") and _once.acquire(blocking=False):
        threading.Thread(target=wait, args=(sys.stderr.fileno(), leave), name="engine-watch", daemon=True).start()


def wait(output: int, leave: Callable[[int], object]) -> None:
    """Wait until nobody can read the pipe `output` any more, then leave."""
    poll = select.poll()
    poll.register(output, 0)  # errors and hang-ups are always told
    poll.poll()
    leave(ENDED)
