"""How many calls to one tenant are in flight at once: of this process, and of all on this machine.

Each stack, and each `Tenant` of a program, has a plugin process of its own; the tenant's limit is one for all of them.
"""

from __future__ import annotations

import hashlib
import os
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path

from area1_provider import machine

PAUSE = 0.05
"""Seconds between two looks for a slot that other processes keep."""


class Slots:
    """So many slots for a tenant (GUID), of which each call takes one; without a folder only this process counts.

    A folder that cannot be written is no reason to fail. Whoever dies lets go.
    """

    def __init__(self, count: int, folder: Path | None = None, sleep: Callable[[float], None] = time.sleep) -> None:
        self._count = count
        self._folder = folder
        self._sleep = sleep
        self._own = threading.BoundedSemaphore(count)

    @contextmanager
    def one(self, tenant_id: str) -> Iterator[None]:
        """Wait for a slot and keep it."""
        with self._own, ExitStack() as kept:
            if self._folder is not None:
                tenant = hashlib.sha256(tenant_id.casefold().encode()).hexdigest()[:32]
                while not _taken(self._folder, tenant, self._count, kept):
                    self._sleep(PAUSE)
            yield


def _taken(folder: Path, tenant: str, count: int, kept: ExitStack) -> bool:
    """Lock the first file that is free, and say whether one was; where none can be, nobody waits."""
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        for number in range(count):
            with ExitStack() as tried:
                file = tried.enter_context((folder / f"{tenant}-{number}.lock").open("a", encoding="utf-8"))
                if machine.locked(file):
                    kept.push(tried.pop_all())
                    return True
    except OSError:
        return True
    return False


def of_machine(count: int, environ: Mapping[str, str] = os.environ) -> Slots:
    """Give those of this machine."""
    return Slots(count, machine.folder(environ) / "slots")
