"""`area1 drift`: what tenants hold against what the last `pulumi up` left there, for many stacks at once.

Only chooses, runs and writes reports: how one stack is checked is in `drift_check.py`, what is said in `drift_report.py`.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TextIO

from area1_provider import project
from area1_provider.commands import drift_html, drift_report
from area1_provider.commands.drift_check import check
from area1_provider.commands.drift_events import Checked
from area1_provider.errors import Area1Error
from area1_provider.project import FILES, Project

NONE, FAILED, DRIFTED = 0, 1, 7
"""Exit codes; 7 is what `pulumi refresh --expect-no-changes` ends with."""

JOBS = 4


class NoStacks(Area1Error):
    """Raised when no stack was named and none has both a config file and a state."""


class Unwritable(Area1Error):
    """Raised before anything is asked when a report cannot be written where it is wanted."""


@dataclass(frozen=True)
class Reports:
    """What to write: JSON to stdout instead of text, and files."""

    json: bool = False
    junit: Path | None = None
    html: Path | None = None


def run(
    stacks: Sequence[str] = (),
    reports: Reports | None = None,
    *,
    jobs: int = JOBS,
    run_program: bool = False,
    here: Path | None = None,
    out: TextIO | None = None,
    err: TextIO | None = None,
) -> int:
    """Check stacks, by default all that have a config file and a state, and give the exit code.

    0 no drift, 7 drift, 1 something could not be checked (and the rest was). `jobs` stacks are checked at a time.
    Raises `project.NoProject`, `project.PulumiFailed`, `NoStacks`, `Unwritable`, `engine.EngineUnavailable`.
    """
    reports, out, err = reports or Reports(), out or sys.stdout, err or sys.stderr
    for file in (reports.junit, reports.html):
        require_writable(file)
    opened = project.required(here or Path.cwd())
    names = list(dict.fromkeys(stacks)) or all_stacks(opened)
    checked = check_all(names, lambda stack: check(opened, stack, run_program=run_program), jobs=jobs, err=err)
    write(checked, reports, datetime.now(UTC), out)
    return code_of(checked)


def code_of(checked: Sequence[Checked]) -> int:
    """Give the exit code: a failure outweighs drift."""
    states = {drift_report.state_of(one) for one in checked}
    return FAILED if "failed" in states else DRIFTED if "drifted" in states else NONE


def all_stacks(opened: Project) -> list[str]:
    """Name the stacks that have a config file here and a state in the backend. Raises `NoStacks`, `PulumiFailed`."""
    folder = config_folder(opened.folder)
    files = sorted(folder.glob("Pulumi.*.yaml"))
    known = {str(one["name"]).rpartition("/")[2] for one in json.loads(opened.ask("stack", "ls", "--json"))}
    names = [
        name for name in (file.name.removeprefix("Pulumi.").removesuffix(".yaml") for file in files) if name in known
    ]
    if not names:
        raise NoStacks(
            f"No stack to check: none with a config file in {folder} ({len(files)} there) has a state in the backend "
            f"({len(known)} there). Name one with --stack, or run `pulumi up` first."
        )
    return names


def config_folder(folder: Path) -> Path:
    """Give the folder of the stack configs: `stackConfigDir` of the project file, or the project's own."""
    texts = (file.read_text(encoding="utf-8") for file in map(folder.joinpath, FILES) if file.is_file())
    named = re.search(r"^stackConfigDir:[ \t]*[\"']?([^\"'#\n]+)", next(texts, ""), re.MULTILINE)
    return folder / named[1].strip() if named else folder


def check_all(names: Sequence[str], look: Callable[[str], Checked], *, jobs: int, err: TextIO) -> tuple[Checked, ...]:
    """Check the stacks, `jobs` at a time; findings in the order of the names."""
    with ThreadPoolExecutor(max(1, jobs)) as pool, bar(len(names), err) as advance:
        waiting = {pool.submit(look, name): name for name in names}
        try:
            for done in as_completed(waiting):
                advance(waiting[done])
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            raise
    return tuple(future.result() for future in waiting)


@contextmanager
def bar(total: int, err: TextIO) -> Iterator[Callable[[str], None]]:
    """Show a bar of progress where `err` is a terminal; gives what to call when a stack is done."""
    from rich.console import Console  # noqa: PLC0415  # only this command draws
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn  # noqa: PLC0415  # same

    columns = (TextColumn("drift"), BarColumn(), MofNCompleteColumn(), TextColumn("{task.description}", markup=False))
    with Progress(*columns, console=Console(file=err), transient=True, disable=not err.isatty()) as progress:
        task = progress.add_task("", total=total)
        yield lambda name: progress.update(task, advance=1, description=drift_report.visible(name))


def write(checked: Sequence[Checked], reports: Reports, when: datetime, out: TextIO) -> None:
    """Write the reports that are wanted."""
    stamp = when.strftime("%Y-%m-%dT%H:%M:%SZ")
    if reports.junit:
        reports.junit.write_text(drift_report.junit(checked), encoding="utf-8")
    if reports.html:
        page = drift_html.page(checked, when.strftime("%Y-%m-%d %H:%M UTC"))
        reports.html.write_text(page, encoding="utf-8")
    as_json = json.dumps(drift_report.plain(checked, stamp), indent=2) + "\n"
    out.write(as_json if reports.json else drift_report.text(checked))


def require_writable(file: Path | None) -> None:
    """Raise `Unwritable` unless the file can be written: a check of two hundred tenants must not be lost at its end."""
    if file is None:
        return
    try:
        with file.open("a", encoding="utf-8"):
            pass
    except OSError as error:
        raise Unwritable(f"{file} cannot be written: {error.strerror}. Name a file in a folder that exists.") from error
