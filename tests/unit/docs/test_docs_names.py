"""Every name that pages, stacks and examples use exists in the code."""

import re
import tomllib
from itertools import pairwise
from pathlib import Path

import pytest
import typer
from docs_pages import PAGES, PROGRAMS, ROOT, STACKS, name_of

from area1_provider.cli.app import app
from area1_provider.emulator.serve import app as offline
from area1_provider.journaling import JournalingArgs
from area1_provider.regions import REGIONS
from area1_provider.settings.keys import CONFIG_KEYS

OURS = {*JournalingArgs.__dataclass_fields__, *CONFIG_KEYS}
PLACEHOLDERS = {"KEY"}
CODES = {"index"}  # area1:index:Journaling is a type token
VARIABLE = re.compile(r"\b(?:ARM|AZURE|AREA1)_[A-Z0-9_]+\b")
READERS = [*(ROOT / "area1_provider").rglob("*.py"), *(ROOT / ".github").rglob("*.yml"), *(ROOT / ".ci").glob("*")]
READ = {name for file in READERS if file.is_file() for name in VARIABLE.findall(file.read_text(encoding="utf-8"))}
PROSE = sorted({*PAGES, *STACKS, *PROGRAMS})


@pytest.mark.parametrize("file", PROSE, ids=name_of)
def test_every_config_key_exists(file: Path) -> None:
    """`area1:name` is an argument of Journaling or a setting; a type token begins with a capital."""
    named = set(re.findall(r"\barea1:(\w+)", file.read_text(encoding="utf-8")))
    unknown = {name for name in named - PLACEHOLDERS - CODES if not name[0].isupper()} - OURS
    assert not unknown


@pytest.mark.parametrize("file", PROSE, ids=name_of)
def test_every_environment_variable_exists(file: Path) -> None:
    """A variable with one of our prefixes is one that the package or a pipeline names."""
    assert set(VARIABLE.findall(file.read_text(encoding="utf-8"))) <= READ


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_every_command_exists(page: Path) -> None:
    """`area1 NAME` in code is a command, and its options are options of it."""
    commands = {**typer.main.get_command(app).commands, "emulator": typer.main.get_command(offline)}
    for line in re.findall(r"(?:`|^|\$ )(area1 [a-z][^`\n]*)", page.read_text(encoding="utf-8"), re.MULTILINE):
        name, *rest = line.split()[1:]
        assert name in commands, line
        known = {option for parameter in commands[name].params for option in parameter.opts}
        assert {word for word in rest if word.startswith("--")} <= known, line


@pytest.mark.parametrize("file", PROSE, ids=name_of)
def test_every_region_exists(file: Path) -> None:
    """A region that a config or an example chooses is one of the table."""
    named = re.findall(r"\bregion(?:: |=\")([a-z0-9-]+)", file.read_text(encoding="utf-8"))
    assert set(named) <= set(REGIONS)


def test_the_table_of_regions_is_that_of_the_code() -> None:
    """The README lists each region with its hosts, and no other."""
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    block = text.partition("<!-- generated: regions -->")[2].partition("<!-- end -->")[0]
    rows = [re.findall(r"`([^`]+)`", line) for line in block.splitlines() if line.startswith("| `")]
    assert rows == [[r.name, *r.smart_hosts, *r.domains] for r in REGIONS.values()]


def test_every_layer_is_explained() -> None:
    """Each module that the import contracts place stands in the table of layers."""
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"][
        "contracts"
    ]
    layers = next(one["layers"] for one in contracts if one["type"] == "layers")
    modules = {name for layer in layers for name in re.split(r" [|:] ", layer)}
    table = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8").partition("## Layers")[2].partition("##")[0]
    assert modules <= set(re.findall(r"`(\w+)`", table))


def test_the_demo_in_the_readme_is_the_one_that_is_played() -> None:
    """Each heading of the README's demo stands in the demo's script."""
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    shown = text.partition("`make demo` prints")[2].partition("```text\n")[2].partition("```")[0]
    script = (ROOT / "area1_provider" / "commands" / "demo.py").read_text(encoding="utf-8")
    lines = shown.splitlines()
    headings = [above for above, line in pairwise(lines) if line.startswith("$ ")]
    assert len(headings) > 5
    assert [heading for heading in headings if heading not in script] == []
