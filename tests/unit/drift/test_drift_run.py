"""Tests of checking many stacks: which ones, in which order, with what on the terminal, and what stops it early."""

import io
import threading
from pathlib import Path

import pytest
from findings import ALL, CLEAN, MOVED

from area1_provider.commands import drift
from area1_provider.commands.drift_events import Checked


class Terminal(io.StringIO):
    """Somewhere to write to that says it is a terminal."""

    def isatty(self) -> bool:
        """Say yes."""
        return True


def test_findings_come_in_the_order_of_the_names() -> None:
    """However long each stack takes, the report has them as they were named."""
    second_done = threading.Event()

    def look(name: str) -> Checked:
        if name == "first":
            assert second_done.wait(30)
        else:
            second_done.set()
        return Checked(name)

    found = drift.check_all(["first", "second"], look, jobs=2, err=io.StringIO())
    assert [one.stack for one in found] == ["first", "second"]


def test_as_many_stacks_at_a_time_as_asked_for() -> None:
    """With two jobs two stacks are looked at at once, never more, and all are."""
    running, most, lock, pair = 0, 0, threading.Lock(), threading.Barrier(2)

    def look(name: str) -> Checked:
        nonlocal running, most
        with lock:
            running += 1
            most = max(most, running)
        pair.wait(30)
        with lock:
            running -= 1
        return Checked(name)

    found = drift.check_all([f"s{n}" for n in range(20)], look, jobs=2, err=io.StringIO())
    assert len(found) == 20
    assert most == 2


def test_defect_is_not_swallowed() -> None:
    """An error that no finding stands for ends the run: no report says that all is well."""

    def look(name: str) -> Checked:
        raise KeyError(name)

    with pytest.raises(KeyError):
        drift.check_all(["a", "b", "c"], look, jobs=1, err=io.StringIO())


def test_progress_is_for_terminals_only() -> None:
    """A person sees a bar on stderr; a log gets nothing of it."""
    log, terminal = io.StringIO(), Terminal()
    for err in (log, terminal):
        drift.check_all(["a", "b"], Checked, jobs=1, err=err)
    assert log.getvalue() == ""
    assert "2/2" in terminal.getvalue()


@pytest.mark.parametrize(
    ("line", "folder"),
    [
        ("stackConfigDir: stacks\n", "stacks"),
        ('stackConfigDir: "stacks"  # here\n', "stacks"),
        ("runtime: python\n", "."),
        ("# stackConfigDir: no\n", "."),
    ],
)
def test_stack_configs_are_where_the_project_says(tmp_path: Path, line: str, folder: str) -> None:
    """The folder is the project's `stackConfigDir`, and the project's own where there is none."""
    (tmp_path / "Pulumi.yaml").write_text(f"name: x\n{line}", encoding="utf-8")
    assert drift.config_folder(tmp_path) == tmp_path / folder


def test_report_that_cannot_be_written_is_said_first(tmp_path: Path) -> None:
    """A folder that is not there is said before anything is asked, not after two hundred tenants."""
    with pytest.raises(drift.Unwritable, match="No such file or directory"):
        drift.run(["us"], drift.Reports(html=tmp_path / "none/drift.html"), here=tmp_path)


def test_place_without_a_project_is_said(tmp_path: Path) -> None:
    """Outside of a project there is nothing to compare, which is an error and not a clean result."""
    with pytest.raises(drift.project.NoProject):
        drift.run(here=tmp_path, out=io.StringIO())


def test_every_report_is_written_from_one_run(tmp_path: Path) -> None:
    """JSON, JUnit and HTML can be had together; without --json the text goes to stdout."""
    reports = drift.Reports(junit=tmp_path / "d.xml", html=tmp_path / "d.html")
    out = io.StringIO()
    drift.write(ALL, reports, drift.datetime(2026, 11, 23, 19, tzinfo=drift.UTC), out)
    assert (tmp_path / "d.xml").read_text(encoding="utf-8").startswith("<?xml")
    assert "2026-11-23 19:00 UTC" in (tmp_path / "d.html").read_text(encoding="utf-8")
    assert out.getvalue().startswith("calm: no drift")
    as_json = io.StringIO()
    drift.write((CLEAN, MOVED), drift.Reports(json=True), drift.datetime(2026, 11, 23, 19, tzinfo=drift.UTC), as_json)
    assert '"checked": "2026-11-23T19:00:00Z"' in as_json.getvalue()
