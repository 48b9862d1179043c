"""Tests of checking one stack with an engine that misbehaves: a shell script in its place."""

import json
from pathlib import Path

import pytest
from findings import error, outcome

from area1_provider.commands.drift_check import check
from area1_provider.engine import Engine
from area1_provider.project import Project, PulumiFailed

STATE = {"managed": ["scope"], "scope": "External"}


def project(folder: Path, script: str) -> Project:
    """Give a project whose `pulumi` is a script; it finds the event log's name in $log."""
    pulumi = folder / "pulumi"
    find_log = 'while [ $# -gt 0 ]; do [ "$1" = --event-log ] && log=$2; shift; done\n'
    pulumi.write_text(f'#!/bin/sh\necho "$PULUMI_DEBUG_COMMANDS $*" >args\n{find_log}{script}\n', encoding="utf-8")
    pulumi.chmod(0o755)
    return Project(folder, Engine(folder, "3.259.0", "PATH"), {"PATH": "/usr/bin:/bin"})


def test_only_a_preview_is_asked_for(tmp_path: Path) -> None:
    """The engine is told to preview a refresh of that stack, without questions, and to keep a log of events."""
    check(project(tmp_path, ":"), "us", run_program=True)
    said = (tmp_path / "args").read_text(encoding="utf-8")
    assert said.startswith("true refresh --preview-only --stack us --event-log ")
    assert "--non-interactive" in said
    assert "--run-program" in said


def test_engine_that_says_nothing_is_a_failure(tmp_path: Path) -> None:
    """An exit code without a word is no clean result."""
    assert check(project(tmp_path, "exit 3"), "us").failure == "`pulumi refresh` ended with code 3 and said nothing"


def test_engine_without_a_diagnostic_is_quoted(tmp_path: Path) -> None:
    """What the engine printed stands for a failure that has no event, such as a stack that does not exist."""
    found = check(project(tmp_path, "echo 'error: no stack named x found' >&2; exit 255"), "us")
    assert found.failure == "no stack named x found"


def test_way_out_where_nobody_is_logged_in(tmp_path: Path) -> None:
    """Pulumi names a token of its own cloud only; that the state may be elsewhere is said beside it."""
    said = "error: PULUMI_ACCESS_TOKEN must be set for login during non-interactive CLI sessions"
    engine = project(tmp_path, f"echo '{said}' >&2; exit 1")

    assert "pulumi login --local" in check(engine, "us").failure
    with pytest.raises(PulumiFailed, match="pulumi login --local"):
        engine.resources("us")


@pytest.mark.parametrize(
    "text", ["{ no json", '["a list"]', '{"resOutputsEvent": {"metadata": {"old": {"custom": true}}}}']
)
def test_log_that_cannot_be_read_is_a_failure(tmp_path: Path, text: str) -> None:
    """A log of another form, as another engine may write it, fails that stack and is not taken for no drift."""
    found = check(project(tmp_path, f"cat >\"$log\" <<'X'\n{text}\nX"), "us")
    assert found.failure.startswith("The engine's events cannot be read: ")


def test_engine_that_is_not_there_is_a_failure(tmp_path: Path) -> None:
    """A command that cannot be started fails the stack with the system's words."""
    gone = project(tmp_path, ":")
    (tmp_path / "pulumi").unlink()
    assert "No such file" in check(gone, "us").failure


def test_drift_before_a_failure_is_kept(tmp_path: Path) -> None:
    """What was found before another resource failed stands beside the failure."""
    events = [outcome("delete", STATE, None), error("Preview failed: SignInError: wrong\n")]
    lines = "\n".join(json.dumps(event) for event in events)
    found = check(project(tmp_path, f"cat >\"$log\" <<'X'\n{lines}\nX\nexit 1"), "us")
    assert found.failure == "SignInError: wrong"
    assert [one.gone for one in found.resources] == [True]


def test_time_of_a_change_is_unknown_where_settings_cannot_be_read(tmp_path: Path) -> None:
    """That Exchange cannot be asked leaves the time unknown and the drift found."""
    event = json.dumps(outcome("update", STATE, {**STATE, "scope": "Global"}))
    found = check(project(tmp_path, f'[ -n "$log" ] || exit 1\ncat >"$log" <<\'X\'\n{event}\nX'), "us")
    assert found.failure == ""
    assert [(one.differences[0].found, one.changed) for one in found.resources] == [("Global", "")]
