"""The emulator's page: its examples run, and its tables name what there is."""

import json
import os
import re
import shutil
import subprocess
import sys
from dataclasses import fields
from pathlib import Path

import pytest
from test_serve_process import serving
from typer.main import get_command

from area1_provider.emulator.control.over_http import OPERATIONS
from area1_provider.emulator.scripts import read_file
from area1_provider.emulator.serve import app
from area1_provider.emulator.tables.rows import cmdlets
from area1_provider.emulator.troubles import KINDS

DOCS = Path(__file__).parents[3] / "docs"
TEXT = (DOCS / "emulator.md").read_text(encoding="utf-8")


def blocks(language: str) -> list[str]:
    """The fenced examples in a language."""
    return re.findall(rf"^```{language}\n(.*?)^```", TEXT, re.MULTILINE | re.DOTALL)


def run(folder: Path, *command: str) -> str:
    """Run a command in a folder, with this Python as `python`, and give what it printed."""
    python = folder / "bin" / "python"
    python.parent.mkdir()
    python.write_text(f'#!/bin/sh\nexec "{sys.executable}" "$@"\n')
    python.chmod(0o755)
    elsewhere = ("ARM_", "AREA1_", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY")
    kept = {name: value for name, value in os.environ.items() if not name.upper().startswith(elsewhere)}
    environment = {**kept, "PATH": f"{python.parent}{os.pathsep}{kept['PATH']}", "PYTHONPATH": str(DOCS.parent)}
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.mark.skipif(not shutil.which("curl"), reason="needs curl")
@pytest.mark.parametrize(
    ("number", "shown"), [(0, '"value":[{"DomainName":"contoso.onmicrosoft.com"}'), (1, '"issuer":')]
)
def test_shell_examples_run(tmp_path: Path, number: int, shown: str) -> None:
    """With curl alone one signs in and asks; it is led to loopback under Microsoft's name."""
    assert shown in run(tmp_path, "sh", "-c", blocks("sh")[number])


def test_the_python_example_runs(tmp_path: Path) -> None:
    """The first program works as it stands."""
    (tmp_path / "page.py").write_text(blocks("python")[0], encoding="utf-8")
    run(tmp_path, sys.executable, "-W", "error", "page.py")


@pytest.mark.parametrize("named", ["in conftest.py", "on the command line"])
def test_the_pytest_example_runs(tmp_path: Path, named: str) -> None:
    """The fixtures are found either way, and not without."""
    _, conftest, theirs = blocks("python")
    (tmp_path / "test_theirs.py").write_text(theirs, encoding="utf-8")
    options = ("-p", "no:cacheprovider", "-q", "--rootdir", str(tmp_path))
    if named == "in conftest.py":
        (tmp_path / "conftest.py").write_text(conftest, encoding="utf-8")
    else:
        (plugin,) = re.findall(r"`pytest (-p [\w.]+)`", TEXT)
        options = (*options, *plugin.split())
    assert "3 passed" in run(tmp_path, sys.executable, "-m", "pytest", *options, str(tmp_path))


def test_the_plugin_is_opt_in(tmp_path: Path) -> None:
    """Whoever installs the package and names no plugin has none of its fixtures."""
    shown = run(tmp_path, sys.executable, "-m", "pytest", "--fixtures", "-q", "-p", "no:cacheprovider", str(tmp_path))
    assert "exchange_server" not in shown


def test_the_container_starts_it(tmp_path: Path) -> None:
    """Entry point and arguments are ones that the command takes; it serves and ends well."""
    text = (DOCS / "emulator.Containerfile").read_text(encoding="utf-8")
    entry, arguments = (json.loads(line) for line in re.findall(r"^(?:ENTRYPOINT|CMD) (\[.*\])$", text, re.MULTILINE))
    assert entry[:3] == ["python", "-m", "area1_provider.emulator"]
    moved = [word.replace("/srv/offline-exchange", str(tmp_path)).replace("8443", "0") for word in entry[3:]]
    with serving(tmp_path, *moved, *arguments) as (process, ready):
        assert ready["ca_file"] == str(tmp_path / "ca.pem")
        process.terminate()
        assert process.wait(timeout=120) == 0


def test_every_option_is_told() -> None:
    """The table of options is the command's."""
    known = {option for parameter in get_command(app).params for option in parameter.opts} - {"--help"}
    assert set(re.findall(r"^\| `(--[a-z-]+)` \|", TEXT, re.MULTILINE)) == known


def test_the_example_of_trouble_is_one(tmp_path: Path) -> None:
    """The script on the page is read."""
    (script,) = blocks("json")
    (tmp_path / "trouble.json").write_text(script, encoding="utf-8")
    assert len(read_file(tmp_path / "trouble.json", str)) > 4


def test_every_control_request_is_told() -> None:
    """The table of requests is the control interface's."""
    told = set(re.findall(r"`POST ([a-z/-]+)`", TEXT))
    assert told == {*OPERATIONS, "faults"}


def test_every_trouble_is_told() -> None:
    """Each kind of trouble stands in the table, with its members."""
    rows = dict(re.findall(r"^\| `([a-z_]+)` \| ((?:`[a-z_]+`(?:, | ))*)\|", TEXT, re.MULTILINE))
    told = {kind: set(re.findall(r"`(\w+)`", members)) for kind, members in rows.items()}
    assert told == {kind: {one.name for one in fields(action)} for kind, action in KINDS.items()}


def test_every_cmdlet_is_told() -> None:
    """The list of cmdlets, its shortened verbs written out, is that of the tables."""
    listed = TEXT.partition("\nCmdlets: ")[2].partition("\n\n")[0]
    told, verbs = set(), []
    for word in re.findall(r"[A-Z][a-z]+-(?:[A-Z]\w+)?", listed):
        verb, _, noun = word.partition("-")
        verbs.append(verb)
        if noun:
            told |= {f"{each}-{noun}" for each in verbs}
            verbs = []
    assert told == {row.name for row in cmdlets().values()}
