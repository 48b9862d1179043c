"""Where a way makes its engine: a folder that is thrown away, and the running of long commands in it.

What is made, and how, is not known here.
"""

import os
import shlex
import signal
import subprocess
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from area1_provider.engine.failures import WayFailed
from area1_provider.engine.progress import Progress

#: Lines of a failed command's output that go into the message.
TAIL = 6


@dataclass(frozen=True)
class Workshop:
    """One attempt. `toolchain` outlives it, so that a second attempt need not fetch Go again.

    `lock` is the cache lock's file descriptor. Children inherit it: when this process is killed, the lock is
    held until they have ended too, and nobody clears the folder under them. `grace` is the seconds that a stopped
    command gets to end by itself.
    """

    folder: Path
    toolchain: Path
    env: Mapping[str, str]
    python: str
    progress: Progress
    lock: int
    grace: float = 5.0

    @property
    def product(self) -> Path:
        """The folder that becomes the cache entry; programs go into its `bin`."""
        return self.folder / "entry"

    def run(
        self, phase: str, command: list[str], *, limit: float, env: Mapping[str, str], cwd: Path | None = None
    ) -> str:
        """Run a long command, showing `phase`; give its stdout.

        Raises WayFailed with the command and the end of its output if it fails or takes more than `limit` seconds.
        """
        out, err = self.folder / "stdout", self.folder / "stderr"
        with self.progress.phase(phase), out.open("wb") as stdout, err.open("wb") as stderr:
            code = self._finish(command, limit, cwd=cwd or self.folder, env=env, stdout=stdout, stderr=stderr)
            if code:
                said = tail(err) or tail(out) or "(it printed nothing)"
                raise WayFailed(f"{told(command)} ended with code {code}:\n{said}")
        return out.read_text(errors="replace")

    def _finish(self, command: list[str], limit: float, **start: object) -> int:
        child = None
        try:
            with signals_deferred():
                child = subprocess.Popen(  # type: ignore[call-overload]
                    command, stdin=subprocess.DEVNULL, process_group=0, pass_fds=(self.lock,), **start
                )
            return int(child.wait(limit))
        except OSError as error:
            raise WayFailed(f"{command[0]} does not run: {error}") from error
        except subprocess.TimeoutExpired as error:
            raise WayFailed(f"{told(command)} was not done within {limit / 60:.0f} minutes") from error
        finally:
            if child is not None:
                stop(child, self.grace)


@contextmanager
def signals_deferred() -> Iterator[None]:
    """Let no handler of SIGINT or SIGTERM run before the block is over: a child just started would be lost.

    The signals are not blocked, and one that is ignored stays so: a child inherits both.
    """
    arrived: list[int] = []
    main = threading.current_thread() is threading.main_thread()  # handlers run nowhere else
    ours = [one for one in (signal.SIGINT, signal.SIGTERM) if main and callable(signal.getsignal(one))]
    before = {one: signal.signal(one, lambda number, _frame: arrived.append(number)) for one in ours}
    try:
        yield
    finally:
        for one, handler in before.items():
            signal.signal(one, handler)
        for number in arrived:
            signal.raise_signal(number)


def told(command: list[str]) -> str:
    """Give a command for a message: its name and first words, without scripts and long lists of flags."""
    words = [Path(command[0]).name, *(word for word in command[1:3] if "\n" not in word)]
    return f"`{shlex.join(words)} ...`"


def stop(child: "subprocess.Popen[bytes]", grace: float) -> None:
    """End a child and all that it started, by force if need be."""
    for force in (signal.SIGTERM, signal.SIGKILL):
        if child.poll() is not None:
            return
        with suppress(ProcessLookupError):
            os.killpg(child.pid, force)
        with suppress(subprocess.TimeoutExpired):
            child.wait(grace)


def tail(log: Path) -> str:
    """Give the last lines of a log that say something."""
    lines = [line.rstrip() for line in log.read_text(errors="replace").splitlines()]
    return "\n".join([line for line in lines if line and not line.startswith("go: downloading")][-TAIL:])
