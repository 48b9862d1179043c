"""Calls in flight to one tenant: never more than the slots, over threads, clients and processes; whoever dies lets go."""

import os
import subprocess
import sys
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from area1_provider.slots import Slots

TENANT = "2b6d8627-79bd-5737-b194-7ee60e2c6ffc"
OTHER_RUN = """
import sys
from pathlib import Path
from area1_provider.slots import Slots
with Slots(1, Path(sys.argv[1])).one(sys.argv[2]):
    print("kept", flush=True)
    sys.stdin.read()
"""


def slots(count: int, folder: Path | None) -> Slots:
    """Give slots of a client that looks again without a pause."""
    return Slots(count, folder, sleep=lambda _: os.sched_yield())


class Crowd:
    """Counts how many are in at once, and holds each until as many as may be are in, or all have come."""

    def __init__(self, slots: list[Slots], limit: int) -> None:
        self.slots, self.inside, self.most = slots, 0, 0
        self._lock, self._full = threading.Lock(), threading.Barrier(limit)

    def call(self, number: int) -> None:
        """Make one call."""
        with self.slots[number % len(self.slots)].one(TENANT):
            with self._lock:
                self.inside += 1
                self.most = max(self.most, self.inside)
            self._full.wait(20)
            with self._lock:
                self.inside -= 1


@pytest.mark.parametrize(
    "clients",
    [
        lambda folder: [slots(3, folder)],
        lambda _: [slots(3, None)],
        lambda folder: [slots(3, folder), slots(3, folder)],
    ],
    ids=["one client", "without a folder", "two clients"],
)
def test_never_more_than_the_slots(clients: Callable[[Path], list[Slots]], tmp_path: Path) -> None:
    """Threads of one or several clients of a tenant share its slots, and use all of them."""
    crowd = Crowd(clients(tmp_path / "slots"), 3)

    with ThreadPoolExecutor(12) as pool:
        list(pool.map(crowd.call, range(12)))

    assert crowd.most == 3


def test_another_run(tmp_path: Path) -> None:
    """A slot that another process keeps is free once that process was killed; other tenants do not wait for it."""
    command = [sys.executable, "-c", OTHER_RUN, str(tmp_path), TENANT]
    with subprocess.Popen(command, text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == "kept\n"
        waiting = threading.Thread(target=take, args=(tmp_path, TENANT.upper()))
        waiting.start()
        take(tmp_path, "another tenant")
        assert waiting.is_alive()
        other.kill()
        waiting.join(20)

    assert not waiting.is_alive()


def take(folder: Path, tenant: str) -> None:
    """Take the one slot and let go."""
    with slots(1, folder).one(tenant):
        pass


def test_where_nothing_can_be_written(tmp_path: Path) -> None:
    """A folder that cannot be made is no reason to fail; the process's own calls count still."""
    (tmp_path / "file").touch()
    crowd = Crowd([slots(2, tmp_path / "file" / "folder")], 2)

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(crowd.call, range(4)))

    assert crowd.most == 2
