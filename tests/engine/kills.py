"""Killing the engine, its plugin or both at the very moment of a call to Exchange. No expectation of any test lives here.

Only processes are killed that a test has started: the `pulumi` command of a `Victim`, and what descends from it.
"""

import os
import signal
import subprocess
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from pulumi_stack import PLAIN, Run, Stack

from area1_provider.emulator.troubles import Means
from area1_provider.emulator.web.messages import Answer

Whom = Literal["cli", "plugin", "both"]
SECONDS = 120.0
done: Counter[str] = Counter()
"""Kills that happened, by who was killed, for the report."""
GONE = 60.0
"""Seconds within which a plugin must have ended after its engine."""


@dataclass
class Victim:
    """One `pulumi` command and its processes."""

    process: subprocess.Popen[str]
    known: dict[int, str] = field(default_factory=dict)
    """Every process that was seen to descend from the command, by pid, with the time it was started."""

    def kill(self, whom: Whom) -> None:
        """Kill with SIGKILL: nobody gets to tidy up."""
        found = list(descendants(self.process.pid))
        self.known |= {pid: started(pid) for pid in found}
        plugins = [pid for pid in found if "pulumi.dynamic" in command_line(pid)]
        chosen = {"cli": [self.process.pid], "plugin": plugins, "both": [self.process.pid, *plugins]}[whom]
        for pid in chosen:
            _kill(pid)

    def bury(self) -> list[str]:
        """End what is left of the command, and give the plugins that had not ended by themselves."""
        deadline = time.monotonic() + GONE
        while self._plugins() and time.monotonic() < deadline:
            time.sleep(0.02)
        left = [command_line(pid) for pid in self._plugins()]
        for pid in self._alive():
            _kill(pid)
        return left

    def _alive(self) -> list[int]:
        return [pid for pid, began in self.known.items() if started(pid) == began]

    def _plugins(self) -> list[int]:
        return [pid for pid in self._alive() if "pulumi.dynamic" in command_line(pid)]


@dataclass
class KillAt:
    """An action of the offline Exchange: the victim dies when the call has come, or when it has been carried out."""

    victim: Callable[[], Victim]
    whom: Whom
    carried_out: bool
    done: bool = False
    armed: bool = True

    def disturb(self, carry_out: Callable[[], Answer], means: Means) -> Answer:
        """Kill; the answer reaches nobody but a plugin whose engine alone was killed."""
        del means
        if not self.armed:
            return carry_out()
        answer = carry_out() if self.carried_out else Answer(0, trouble="reset")
        self.victim().kill(self.whom)
        self.done = True
        done[self.whom] += 1
        return answer if self.whom == "cli" else Answer(0, trouble="reset")


def killed_run(stack: Stack, verb: str, whom: Whom, call: int, *, after: bool) -> tuple[Run, bool, list[str]]:
    """Run `pulumi up` or `destroy` and kill at its `call`-th call to Exchange.

    Gives the run, whether there was such a call, and the plugins that outlived their engine.
    """
    victims: list[Victim] = []
    ready = threading.Event()

    def victim() -> Victim:
        ready.wait(SECONDS)
        return victims[0]

    action = KillAt(victim, whom, after)
    stack.emulator.control.fault(action, tenant=stack.organization, nth=call)
    command = ["pulumi", verb, "--yes", "--skip-preview", "--stack", stack.name, *PLAIN]
    with subprocess.Popen(
        command,
        cwd=stack.folder,
        env=dict(stack.environment),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        errors="replace",
    ) as process:
        victims.append(Victim(process))
        ready.set()
        try:
            said, _ = process.communicate(timeout=SECONDS)
        finally:
            action.armed = False
            left = victims[0].bury()
    return Run(process.returncode, said), action.done, left


def descendants(pid: int) -> Iterator[int]:
    """Give the processes below one, nearest first."""
    waiting = [pid]
    parents = _parents()
    while waiting:
        above = waiting.pop(0)
        below = [child for child, parent in parents.items() if parent == above]
        yield from below
        waiting += below


def _parents() -> Mapping[int, int]:
    pids = (int(entry.name) for entry in Path("/proc").iterdir() if entry.name.isdecimal())
    return {pid: int(fields[1]) for pid in pids if (fields := _status(pid))}


def _status(pid: int) -> list[str]:
    """Give the fields of /proc/PID/stat after the command's name; none for a process that is gone or only waited for."""
    try:
        fields = (Path("/proc") / str(pid) / "stat").read_text(encoding="utf-8").rpartition(")")[2].split()
    except (FileNotFoundError, ProcessLookupError):
        return []
    return [] if fields[0] == "Z" else fields


def started(pid: int) -> str:
    """Give the time a process was started, empty if it is gone: pids are used again."""
    fields = _status(pid)
    return fields[19] if fields else ""


def command_line(pid: int) -> str:
    """Give a process's command line, empty if it is gone."""
    try:
        return (Path("/proc") / str(pid) / "cmdline").read_text(encoding="utf-8").replace("\0", " ")
    except (FileNotFoundError, ProcessLookupError):
        return ""


def _kill(pid: int) -> None:
    with suppress(ProcessLookupError):
        os.kill(pid, signal.SIGKILL)
