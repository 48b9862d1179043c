"""An engine's environment, its command, and reading versions."""

import subprocess
import sys
from pathlib import Path

import pytest
from fake_machine import Machine

from area1_provider.engine import Engine
from area1_provider.engine.installation import numbers

ENGINE = Engine(Path("/e/bin"), "3.259.0", "cache")


def test_virtual_environment_comes_first_on_path() -> None:
    """The program's Python wins over any beside the engine, and the engine over what else is on PATH."""
    env = ENGINE.environment({"PATH": "/usr/bin:/e/bin:/bin", "KEPT": "1"}, Path("/v/bin"))

    assert env["PATH"] == "/v/bin:/e/bin:/usr/bin:/bin"
    assert env["KEPT"] == "1"


def test_cli_asks_nobody_for_updates_or_plugins() -> None:
    """A run needs no network of its own."""
    env = ENGINE.environment({}, Path("/v/bin"))

    assert (
        env["PULUMI_SKIP_UPDATE_CHECK"],
        env["PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION"],
    ) == ("true", "true")


def test_base_environment_is_left_alone() -> None:
    """The caller's mapping is not changed, and the command is known by its full path."""
    base = {"PATH": "/bin"}
    ENGINE.environment(base, Path("/v/bin"))

    assert base == {"PATH": "/bin"}
    assert Path("/e/bin/pulumi") == ENGINE.pulumi


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("v3.259.0", (3, 259, 0)),
        ("3.260.1-dev.7+abc", (3, 260, 1)),
        ("go version go1.26rc1 linux/amd64", (1, 26, 0)),
        ("go version devel", None),
        ("", None),
    ],
)
def test_versions_are_read_from_what_programs_print(text: str, expected: tuple[int, int, int] | None) -> None:
    """Prefixes, pre-releases and missing patches are understood; no number is None."""
    assert expected == numbers(text)


def run_module(machine: Machine) -> "subprocess.CompletedProcess[str]":
    """Run `python -m area1_provider.engine` on the fake machine."""
    command = [sys.executable, "-m", "area1_provider.engine"]
    return subprocess.run(command, env=machine.env, capture_output=True, text=True, check=False)


def test_module_prints_the_folder_alone_on_stdout(machine: Machine) -> None:
    """Scripts can use the output; what a person wants to know is on stderr."""
    machine.put_pulumi("3.260.0")

    done = run_module(machine)

    assert (0, f"{machine.bin}\n") == (done.returncode, done.stdout)
    assert done.stderr == "engine: Pulumi 3.260.0 (PATH)\n"


def test_module_prints_one_message_when_there_is_no_engine(machine: Machine) -> None:
    """A failure is a message and exit code 1, never a traceback."""
    (machine.root / "cache").write_text("no folder")

    done = run_module(machine)

    assert (done.returncode, done.stdout) == (1, "")
    assert "set AREA1_CACHE_DIR" in done.stderr
    assert "Traceback" not in done.stderr
