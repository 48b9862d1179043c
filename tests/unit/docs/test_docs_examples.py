"""The example programs run, and what they ask for is what check takes."""

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from docs_pages import PAGES, PROGRAMS, ROOT, name_of
from generator.facts import SUBJECTS

PLAY = Path(__file__).with_name("docs_play.py")
PREFIX = "pulumi-python:dynamic/area1:"
BLOCK = re.compile(r"^```python\n(import pulumi\n.*?)^```", re.MULTILINE | re.DOTALL)


def played(program: Path) -> list[dict[str, Any]]:
    """Give the resources that a program registers."""
    command = [sys.executable, str(PLAY), str(program)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=60)
    assert done.returncode == 0, done.stderr
    found: list[dict[str, Any]] = json.loads(done.stdout)
    return found


def accepted(found: list[dict[str, Any]]) -> int:
    """Say how many of the resources are ours; fails where check would refuse one."""
    providers = {subject.name: subject.provider for subject in SUBJECTS}
    ours = [one for one in found if one["type"].startswith(PREFIX)]
    for one in ours:
        provider = providers[one["type"].removeprefix(PREFIX)]
        assert list(provider.noun.problems(one["inputs"])) == [], one["name"]
        assert list(provider.rules(one["inputs"])) == [], one["name"]
    return len(ours)


@pytest.mark.parametrize("program", PROGRAMS, ids=name_of)
def test_every_example_runs_and_passes_check(program: Path) -> None:
    """No problem by type, form, length or rule."""
    assert accepted(played(program)) > 0


@pytest.mark.parametrize("page", [page for page in PAGES if BLOCK.search(page.read_text("utf-8"))], ids=name_of)
def test_every_program_on_a_page_runs_and_passes_check(page: Path, tmp_path: Path) -> None:
    """A block that begins with `import pulumi` is a whole program."""
    for block in BLOCK.findall(page.read_text(encoding="utf-8")):
        program = tmp_path / "page.py"
        program.write_text(block, encoding="utf-8")
        assert accepted(played(program)) > 0


def test_two_tenants_keep_their_resources_apart() -> None:
    """Each resource of the example belongs to the provider of its own tenant."""
    found = played(ROOT / "examples" / "two-tenants" / "__main__.py")
    ours = [one for one in found if one["type"].startswith(PREFIX)]
    assert len(ours) == 9
    for one in ours:
        customer = one["name"].partition("-")[0]
        assert f"::{customer}::" in one["provider"]
