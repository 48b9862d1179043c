"""The command line as such: help, errors as messages, missing extras."""

import json
import os
import subprocess
import sys
import sysconfig
from importlib.metadata import version
from pathlib import Path

import pytest

from area1_provider.cli import not_installed

HEAVY = ("requests", "msal", "starlette", "uvicorn", "rich.table")


def area1(*arguments: str, cwd: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run the command in an environment of its own."""
    return subprocess.run(
        [sys.executable, "-m", "area1_provider.cli", *arguments],
        cwd=cwd,
        env={"PATH": str(cwd), "AREA1_CACHE_DIR": str(cwd), "HOME": str(cwd), "COLUMNS": "200", **environment},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_help_names_every_command(tmp_path: Path) -> None:
    """A person who types `area1` sees what there is."""
    shown = area1("--help", cwd=tmp_path)

    assert shown.returncode == 0
    for command in ("emulator", "demo", "status", "doctor", "import"):
        assert f" {command} " in shown.stdout


def test_version(tmp_path: Path) -> None:
    """It is the one that the installed package has."""
    shown = area1("--version", cwd=tmp_path)

    assert (shown.returncode, shown.stdout) == (0, f"area1-provider {version('area1-provider')}\n")


def test_bash_completes_options(tmp_path: Path) -> None:
    """What `area1 --install-completion` sets up offers a command's options after a Tab."""
    typed = """
        eval "$(_AREA1_COMPLETE=source_bash area1)"
        COMP_WORDS=(area1 drift --j) COMP_CWORD=2
        _area1_completion area1
        echo "${COMPREPLY[@]}"
    """
    environment = {"PATH": f"{sysconfig.get_path('scripts')}:{os.defpath}", "HOME": str(tmp_path)}
    offered = subprocess.run(
        ["bash", "-c", typed], env=environment, capture_output=True, text=True, timeout=60, check=True
    )

    assert offered.stdout == "--json --junit --jobs\n"


@pytest.mark.parametrize("option", ["-h", "--help"])
def test_the_emulators_own_help_is_passed_through(tmp_path: Path, option: str) -> None:
    """`area1 emulator` is the emulator's command line as it is."""
    shown = area1("emulator", option, cwd=tmp_path)

    assert shown.returncode == 0
    assert "--ready-file" in shown.stdout
    assert "area1 emulator" in shown.stdout


@pytest.mark.parametrize("command", ["status", "import OutboundConnector x"])
def test_an_error_is_one_message_and_code_1(tmp_path: Path, command: str) -> None:
    """Without settings or project nobody sees a traceback."""
    shown = area1(*command.split(), cwd=tmp_path)

    assert shown.returncode == 1
    assert shown.stderr.startswith("area1: ")
    assert "Traceback" not in shown.stderr
    assert shown.stdout == ""


def test_no_colour_where_no_terminal_is(tmp_path: Path) -> None:
    """What goes to a file or a pipe has no escape codes."""
    shown = area1("doctor", cwd=tmp_path)

    assert shown.returncode == 1
    assert "\x1b[" not in shown.stdout + shown.stderr
    assert "engine" in shown.stdout


def test_a_locale_without_ticks_gets_their_names(tmp_path: Path) -> None:
    """Where stdout takes ASCII only, a check that failed is still told from one that did not."""
    shown = area1("doctor", cwd=tmp_path, PYTHONIOENCODING="ascii:strict")

    assert "\\N{BALLOT X}  settings" in shown.stdout
    assert "Traceback" not in shown.stderr
    json.loads(area1("doctor", "--json", cwd=tmp_path, PYTHONIOENCODING="ascii:strict").stdout)


def test_help_loads_nothing_that_only_commands_need(tmp_path: Path) -> None:
    """`area1 --help` is quick."""
    probe = f"import sys, area1_provider.cli.app; print([name for name in {HEAVY} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", probe], cwd=tmp_path, capture_output=True, text=True, check=True)

    assert done.stdout.strip() == "[]"


def test_a_missing_extra_is_named() -> None:
    """Without typer or uvicorn the message says what to install."""
    assert "area1-provider[cli]" in not_installed(ModuleNotFoundError(name="typer"))
    assert "area1-provider[emulator]" in not_installed(ModuleNotFoundError(name="uvicorn.config"))


def test_a_module_that_no_extra_brings_is_a_defect() -> None:
    """A missing module of another kind is not explained away."""
    with pytest.raises(ModuleNotFoundError):
        not_installed(ModuleNotFoundError(name="nowhere"))


def test_without_the_extra_the_command_says_so(tmp_path: Path) -> None:
    """The entry point itself needs nothing of the extra."""
    (tmp_path / "typer.py").write_text("raise ModuleNotFoundError(name='typer')", encoding="utf-8")

    shown = area1("--help", cwd=tmp_path, PYTHONPATH=str(tmp_path))

    assert shown.returncode == 1
    assert "pip install 'area1-provider[cli]'" in shown.stderr
