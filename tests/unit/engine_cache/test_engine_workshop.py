"""Running long commands: limits, their end, and what is said of them."""

import fcntl
import os
import signal
import subprocess
from collections.abc import Iterator
from contextlib import suppress
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from fake_machine import taken_within

from area1_provider.engine.failures import WayFailed
from area1_provider.engine.progress import Progress
from area1_provider.engine.workshop import Workshop


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Workshop]:
    """Give a workshop whose lock is any open file."""
    lock = os.open(tmp_path / "lock", os.O_RDWR | os.O_CREAT)
    progress = Progress(StringIO(), live=False)
    yield Workshop(tmp_path, tmp_path / "toolchain", {}, "python", progress, lock, grace=0.05)
    with suppress(OSError):  # a test may have closed it
        os.close(lock)


def test_stdout_is_given_back(shop: Workshop) -> None:
    """What a command prints is its answer; it runs in the workshop's folder with the given environment."""
    said = shop.run("asking", ["/bin/sh", "-c", 'echo "$PWD $A"'], limit=60, env={"A": "b"})

    assert said == f"{shop.folder.resolve()} b\n"


def test_command_beyond_its_limit_is_ended(shop: Workshop) -> None:
    """A command that does not come to an end is stopped, with everything that it started.

    All of them hold the lock that they inherited: once they are gone, it can be had.
    """
    fcntl.flock(shop.lock, fcntl.LOCK_EX)
    script = "trap '' TERM; /bin/sleep 1000 & wait"

    with pytest.raises(WayFailed, match=r"`sh -c .*` was not done within 0 minutes"):
        shop.run("sleeping", ["/bin/sh", "-c", script], limit=0.05, env={})

    os.close(shop.lock)
    with (shop.folder / "lock").open() as again:
        assert taken_within(again, seconds=30)


@pytest.fixture
def interruptible() -> Iterator[None]:
    """Let SIGINT interrupt: a shell starts what it runs in the background with that signal ignored."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.mark.usefixtures("interruptible")
def test_signal_while_a_command_is_being_started_ends_it(shop: Workshop, monkeypatch: pytest.MonkeyPatch) -> None:
    """A signal that comes when the child runs and nobody holds it yet stops the child; then it does what it always does."""
    started = []

    class Interrupted(subprocess.Popen[bytes]):
        def __init__(self, *arguments: Any, **options: Any) -> None:
            super().__init__(*arguments, **options)
            started.append(self)
            signal.raise_signal(signal.SIGINT)

    monkeypatch.setattr(subprocess, "Popen", Interrupted)
    with pytest.raises(KeyboardInterrupt):
        shop.run("sleeping", ["/bin/sleep", "60"], limit=60, env={})

    (child,) = started
    assert child.returncode == -signal.SIGTERM
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler


def test_command_that_says_nothing_is_told_so(shop: Workshop) -> None:
    """A silent failure still has its command and its code."""
    with pytest.raises(WayFailed, match=r"`false ...` ended with code 1:\n\(it printed nothing\)"):
        shop.run("failing", ["/bin/false"], limit=60, env={})


def test_command_that_is_not_there_is_told(shop: Workshop) -> None:
    """A missing program is this way's failure, not a crash."""
    with pytest.raises(WayFailed, match=r"/nowhere/go does not run: .*No such file"):
        shop.run("failing", ["/nowhere/go"], limit=60, env={})
