"""Tests of what the pipelines say in comments, issues and summaries."""

import json
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from shell import Done, script

DIFF = 'Previewing update (us):\n  ~ scope: "External" => "Global"\nResources:\n    ~ 2 to update\n    4 unchanged\n'
WICKED = "```\n</details><script>alert(1)</script> | [x](http://evil.example) @everyone\n~~~"


def found(**row: Any) -> dict[str, Any]:
    """Give what `area1 drift --json` wrote: one drifted row, and stacks in each state."""
    base = {"stack": "us", "resource": "rule", "type": "JournalRule", "id": "1", "status": "changed", "changed": None}
    values = {"property": "scope", "expected": "External", "found": "Global"}
    states = [
        ("us", "drifted", None),
        ("eu", "clean", None),
        ("no", "failed", "SignInError: ```wrong\nMake a new one."),
    ]
    stacks = [{"stack": name, "state": state, "resources": 4, "failure": text} for name, state, text in states]
    return {"version": 1, "stacks": stacks, "rows": [{**base, **values, **row}]}


def clean() -> dict[str, Any]:
    """Give a run without drift."""
    return {"version": 1, "stacks": [{"stack": "eu", "state": "clean", "resources": 4, "failure": None}], "rows": []}


def report(folder: Path, what: str, *arguments: Path) -> Done:
    """Run the script as the pipelines do."""
    (folder / "run").write_text('#!/bin/sh\nexec python3 "$@"\n', encoding="utf-8")
    (folder / "run").chmod(0o755)
    return script(
        str(folder / "run"), Path(__file__).parents[3] / ".ci/pipeline_report.py", what, *arguments, folder=folder
    )


class Tags(HTMLParser):
    """The elements that a reader of the Markdown would meet outside fences."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.found: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, _: list[tuple[str, str | None]]) -> None:
        """Note an element."""
        self.found.append(tag)


def preview_of(folder: Path, stack: str, text: str, code: str | None = "0") -> None:
    """Leave what pipeline-preview leaves."""
    place = folder / f"preview-{stack}"
    place.mkdir(parents=True, exist_ok=True)
    (place / f"{stack}.txt").write_text(text, encoding="utf-8")
    if code is not None:
        (place / f"{stack}.code").write_text(f"{code}\n", encoding="utf-8")


def test_preview_shows_each_stack_failed_ones_first(tmp_path: Path) -> None:
    """A reviewer sees for each stack whether it works and what it changes, with the diff folded behind."""
    preview_of(tmp_path, "us", DIFF)
    preview_of(tmp_path, "aa", "error: no stack named 'aa' found", "255")
    preview_of(tmp_path, "bb", "cut", None)
    said = report(tmp_path, "preview", tmp_path).out
    heads = [line.partition("</summary>")[0] for line in said.splitlines() if line.startswith("<details>")]
    assert heads == [
        "<details><summary>aa: failed (exit code 255)",
        "<details><summary>bb: gave no result",
        "<details><summary>us: ok, 2 to update, 4 unchanged",
    ]
    assert DIFF.strip() in said


def test_comment_fits_however_many_stacks_there_are(tmp_path: Path) -> None:
    """Two hundred long diffs are cut to what a comment may hold, each to its share, and every stack is named."""
    for number in range(150):
        preview_of(tmp_path, f"tenant{number}", "x" * 50_000)
    said = report(tmp_path, "preview", tmp_path).out
    assert len(said) < 65_536 - 100
    assert all(f">tenant{number}: ok" in said for number in range(150))
    assert said.count("cut here") == 150


def test_diff_cannot_leave_its_fence(tmp_path: Path) -> None:
    """A value with backticks and HTML stays inside the fence."""
    preview_of(tmp_path, "us", WICKED)
    said = report(tmp_path, "preview", tmp_path).out
    assert f"````\n{WICKED}\n````\n" in said


def test_drift_is_a_table_and_failures_are_whole(tmp_path: Path) -> None:
    """Rows as a table; what could not be checked with all of its message, in a fence that it cannot close."""
    (tmp_path / "us.json").write_text(json.dumps(found()), encoding="utf-8")
    said = report(tmp_path, "drift", tmp_path / "us.json").out
    assert said.startswith("3 checked, 1 drifted, 1 could not be checked.\n")
    assert "| us | JournalRule rule | scope | &#34;External&#34; | &#34;Global&#34; |  |\n" in said
    assert "````\nSignInError: ```wrong\nMake a new one.\n````" in said


def test_values_are_no_markup_in_a_table(tmp_path: Path) -> None:
    """A value makes no element, no link, no mention and no further column."""
    (tmp_path / "us.json").write_text(json.dumps(found(found=WICKED, resource=WICKED, stack=WICKED)), encoding="utf-8")
    (row,) = [line for line in report(tmp_path, "drift", tmp_path / "us.json").out.splitlines() if "scope" in line]
    assert row.count("|") == 7
    assert Tags(row).found == []
    assert not any(sign in row for sign in "`[]@<>(~")


@pytest.mark.parametrize(
    ("line", "shown"),
    [
        ('~ name: "##vso[task.prependpath]/x"', '~ name: "# #vso[task.prependpath]/x"'),
        (
            "##VSO[task.setvariable variable=PATH]x ##[add-mask]y",
            "# #VSO[task.setvariable variable=PATH]x # #[add-mask]y",
        ),
        ("::add-mask::x", ": :add-mask::x"),
        ("\N{NO-BREAK SPACE} ::error::x", "\N{NO-BREAK SPACE} : :error::x"),
        ("half\r::error::x", "half ::error::x"),
        ("[urn=urn:pulumi:us::area1::a:b:C::é]", "[urn=urn:pulumi:us::area1::a:b:C::é]"),
    ],
)
def test_nothing_of_a_tenant_is_a_command_to_the_runner(tmp_path: Path, line: str, shown: str) -> None:
    """What starts a command in Azure DevOps or GitHub is broken wherever it would count; all else stays."""
    assert script("pipeline-log", folder=tmp_path, read=f"{line}\n").out == f"{shown}\n"


@pytest.mark.parametrize("known", ["", "41\n42\n"])
def test_pull_request_has_one_comment(tmp_path: Path, known: str) -> None:
    """The first run writes a comment, later ones write the same one anew."""
    preview_of(tmp_path / "out", "us", DIFF)
    env = {"GITHUB_REPOSITORY": "acme/mail", "PULL_REQUEST": "7"}
    done = script("pipeline-comment", tmp_path / "out", folder=tmp_path, answer=known, env=env)
    assert done.code == 0, done.err
    sent = done.calls[-1]
    place = "PATCH\0repos/acme/mail/issues/comments/41\0" if known else "POST\0repos/acme/mail/issues/7/comments\0"
    assert place in sent
    assert "<!-- area1 preview -->\n### What" in sent
    assert DIFF.strip() in sent
    assert len(done.calls) == 2


@pytest.mark.parametrize(
    ("drifted", "known", "verbs"),
    [
        (True, "", ["list", "create", "create"]),
        (True, "5\n", ["list", "edit"]),
        (False, "5\n", ["list", "close"]),
        (False, "", ["list"]),
    ],
)
def test_one_issue_is_open_while_there_is_drift(tmp_path: Path, *, drifted: bool, known: str, verbs: list[str]) -> None:
    """Drift opens an issue or brings the open one up to date, its end closes it; the summary says it each time."""
    out = tmp_path / "out/drift-us"
    out.mkdir(parents=True)
    (out / "us.json").write_text(json.dumps(found() if drifted else clean(), indent=2), encoding="utf-8")
    env = {"GITHUB_REPOSITORY": "acme/mail", "EXPECTED": "1", "GITHUB_STEP_SUMMARY": str(tmp_path / "summary")}
    done = script("pipeline-issue", tmp_path / "out", folder=tmp_path, answer=known, env=env)
    assert done.code == 0, done.err
    assert [call.split("\0")[1] for call in done.calls] == verbs
    assert "1 drifted" in done.calls[-1] if drifted else "1 drifted" not in done.calls[-1]
    assert "checked" in (tmp_path / "summary").read_text(encoding="utf-8")


def test_job_without_a_report_is_not_taken_for_no_drift(tmp_path: Path) -> None:
    """A tenant whose job died leaves no report: the issue is opened all the same, and says how many are missing."""
    (tmp_path / "out").mkdir()
    (tmp_path / "out/eu.json").write_text(json.dumps(clean(), indent=2), encoding="utf-8")
    env = {"GITHUB_REPOSITORY": "acme/mail", "EXPECTED": "3"}
    done = script("pipeline-issue", tmp_path / "out", folder=tmp_path, env=env)
    assert done.code == 0, done.err
    assert "2 of 3 stacks gave no report" in done.calls[-1]
