"""The reference pages are current, complete, and agree with the emulator on Exchange's defaults."""

import json
import os
import shutil
import subprocess
import sys
from dataclasses import fields
from pathlib import Path
from types import CodeType, FrameType
from typing import Any

import generate
import pytest
from docs_pages import ROOT, name_of
from generator import coverage, resource_page, tables
from generator.facts import CMDLETS, SUBJECTS, Subject, cmdlets
from generator.markdown import filled

TABLES = ROOT / "area1_provider" / "emulator" / "tables"
EACH = pytest.mark.parametrize("subject", SUBJECTS, ids=lambda one: one.name)


@pytest.mark.parametrize("page", sorted(generate.pages()), ids=name_of)
def test_page_is_what_the_code_says_now(page: Path) -> None:
    """`make docs` would write nothing."""
    assert page.read_text(encoding="utf-8") == generate.pages()[page]


def test_check_names_the_pages_that_are_not_current_and_writes_nothing(tmp_path: Path) -> None:
    """With --check the exit code says whether something would be written; without, it is written."""
    shutil.copytree(ROOT / "docs", tmp_path / "docs")
    shutil.copytree(CMDLETS.parent, tmp_path / CMDLETS.parent.relative_to(ROOT))
    shutil.copy(ROOT / "README.md", tmp_path)
    page = tmp_path / "docs" / "resources" / "JournalRule.md"
    page.write_text("edited by hand", encoding="utf-8")
    checked, made, checked_again = (generated(tmp_path, *asked) for asked in (["--check"], [], ["--check"]))
    assert checked == (1, "not current: docs/resources/JournalRule.md\nrun `make docs` and commit what it writes\n")
    assert made == (0, "written: docs/resources/JournalRule.md\n")
    assert checked_again == (0, "")
    assert page.read_text(encoding="utf-8") == (ROOT / "docs/resources/JournalRule.md").read_text(encoding="utf-8")


def generated(folder: Path, *arguments: str) -> tuple[int, str]:
    """Give exit code and output of a folder's generator."""
    command = [sys.executable, "docs/generate.py", *arguments]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False, timeout=60)
    assert done.stderr == ""
    return done.returncode, done.stdout


def test_a_block_that_was_edited_by_hand_is_made_anew() -> None:
    """What stands between the marks is the code's; what stands around them is the writer's."""
    blocks = tables.blocks()
    edited = "before\n<!-- generated: regions -->\nby hand\n<!-- end -->\nafter\n"
    made = filled(edited, blocks)
    assert "by hand" not in made
    assert made.startswith("before\n")
    assert made.endswith("after\n")
    assert filled(made, blocks) == made


@EACH
def test_every_property_has_a_meaning_and_a_default(subject: Subject) -> None:
    """A new property without a docstring, or without a line in docs/data, fails here."""
    names = [field.name for field in fields(subject.provider.noun.args)]
    assert [name for name in names if not subject.meanings[name]] == []
    known = {*subject.data["defaults"], *subject.data["default_notes"], "adopt"}
    assert [name for name in names if name not in known] == []
    assert known - {"adopt"} <= set(names)


@EACH
def test_defaults_are_those_of_the_offline_exchange(subject: Subject) -> None:
    """Two witnesses: docs/data, and the tables that the emulator makes objects from."""
    noun = subject.provider.noun
    table = json.loads((TABLES / f"{noun.name}.json").read_text(encoding="utf-8"))["properties"]
    for name, default in subject.data["defaults"].items():
        one = noun.properties[name]
        if name != "type":  # the emulator keeps it as GroupType
            assert one.same(default, table[one.wire.name]["default"]), name


@EACH
def test_every_output_has_a_meaning(subject: Subject) -> None:
    """What a resource computes is explained, and nothing is explained that is not there."""
    assert set(subject.data["outputs"]) == set(subject.resource.computed)


@EACH
def test_every_example_of_a_rule_is_refused(subject: Subject) -> None:
    """Each line of docs/data makes check refuse exactly what the page says."""
    for rule in subject.data["rules"]:
        assert resource_page.problems(subject, rule["given"]), rule["given"]


@EACH
def test_every_rule_of_the_code_is_in_the_reference(subject: Subject) -> None:
    """The examples together reach every `yield` of the resource's rules; a new rule without an example fails here."""
    reached = lines_reached(subject)
    for code, lines in yielding(subject).items():
        assert lines <= reached, f"{code.co_name}: no example in docs/data reaches line {sorted(lines - reached)}"


def yielding(subject: Subject) -> dict[CodeType, set[int]]:
    """Give the lines on which rules of the resource's module say what they refuse."""
    module = vars(sys.modules[type(subject.provider).__module__])
    functions = [one for name, one in module.items() if name.endswith("_problems")]
    codes = [one.__code__ for one in (*functions, type(subject.provider).rules)]
    return {code: {line for line in written(code) if "yield " in line_of(code, line)} for code in codes}


def written(code: CodeType) -> set[int]:
    """Give the numbers of the lines that a function's code stands on."""
    return {line for _, _, line in code.co_lines() if line}


def line_of(code: CodeType, number: int) -> str:
    """Give the text of a source line, without what only hands other rules on."""
    text = Path(code.co_filename).read_text(encoding="utf-8").splitlines()[number - 1]
    return text.replace("yield from", "")


def lines_reached(subject: Subject) -> set[int]:
    """Give the lines of the resource's module that run while the examples are refused."""
    found: set[int] = set()
    file = sys.modules[type(subject.provider).__module__].__file__

    def trace(frame: FrameType, _event: str, _argument: Any) -> Any:
        if frame.f_code.co_filename != file:
            return None
        found.add(frame.f_lineno)
        return trace

    before = sys.gettrace()
    sys.settrace(trace)
    try:
        for rule in subject.data["rules"]:
            resource_page.problems(subject, rule["given"])
    finally:
        sys.settrace(before)
    return found


@pytest.mark.parametrize("cmdlet", [name for subject in SUBJECTS for name in subject.data["cmdlets"]])
def test_every_parameter_is_covered_or_left_out_with_a_reason(cmdlet: str) -> None:
    """A parameter of the documentation that nobody has decided about fails here."""
    subject = next(one for one in SUBJECTS if cmdlet in one.data["cmdlets"])
    states = list(coverage.parameters(subject, cmdlet))
    assert [name for name, state, _ in states if state == coverage.MISSING] == []
    assert [name for name, state, why in states if not why and state != coverage.ON_PREMISES] == []


def test_every_cmdlet_that_changes_something_is_in_the_coverage_table() -> None:
    """All cmdlets of the five nouns but Get-."""
    nouns = {*(one.provider.noun.name for one in SUBJECTS), "DistributionGroupMember"}
    wanted = {name for name in cmdlets() if name.partition("-")[2] in nouns and not name.startswith("Get-")}
    assert wanted == {name for subject in SUBJECTS for name in subject.data["cmdlets"]}


@EACH
def test_no_reason_is_kept_for_a_parameter_that_is_settable_or_gone(subject: Subject) -> None:
    """What docs/data lists as sent or left out is a parameter that no property carries everywhere."""
    listed = {*subject.data.get("sent", {}), *subject.data.get("left_out", {})}
    used = {
        name
        for cmdlet in subject.data["cmdlets"]
        for name, state, _ in coverage.parameters(subject, cmdlet)
        if state in (coverage.SENT, coverage.LEFT_OUT)
    }
    assert listed == used
