"""Drift of real stacks, found by the real engine: what the command prints, writes and ends with."""

import json
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from jsonschema import Draft202012Validator
from pulumi_stack import Run, Stack

CONFIG = {"journal_address": "contoso@journaling.mxrecord.io", "region": "us"}
ELSEWHERE = "00000000-1111-2222-3333-444444444444"
SCHEMA = Path(__file__).parents[2] / "docs/ci/drift.schema.json"


def drift(stack: Stack, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run `area1 drift` in the stack's project."""
    return subprocess.run(
        [sys.executable, "-m", "area1_provider.cli", "drift", *arguments],
        cwd=stack.folder,
        env={**stack.environment, **environment},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        encoding="utf-8",
        timeout=120,
        check=False,
    )


def rows(done: subprocess.CompletedProcess[str]) -> list[dict[str, Any]]:
    """Give the rows of a `--json` run, which must obey the schema."""
    written = json.loads(done.stdout)
    Draft202012Validator(json.loads(SCHEMA.read_text(encoding="utf-8"))).validate(written)
    found: list[dict[str, Any]] = written["rows"]
    return found


def upped(stack: Stack) -> Stack:
    """Give the stack with the guide in its tenant."""
    stack.config_set(undeliverable_address=f"ndr@{stack.organization}", **CONFIG)
    done: Run = stack.up()
    assert done.code == 0, done.output
    return stack


@pytest.fixture
def journaled(stack: Stack) -> Stack:
    """A stack of the checkout's program, up."""
    return upped(stack)


@pytest.fixture
def checkpoint(journaled: Stack) -> Callable[[], dict[str, Any]]:
    """Give the state as it stands in the backend."""
    return journaled.export


def test_each_drifted_property_is_a_row(
    journaled: Stack, checkpoint: Callable[[], dict[str, Any]], tmp_path: Path
) -> None:
    """Clicks in the admin centre come out as rows: old value, new value, and when Exchange says that it was.

    Nothing is written to the state or the tenant, and the reports say the same as the JSON.
    """
    clicks, before = journaled.clicks, checkpoint()
    rule, connector = clicks.one("Get-JournalRule"), clicks.one("Get-OutboundConnector")
    clicks("Set-JournalRule", Identity=rule["Guid"], Scope="Global")
    clicks("Set-OutboundConnector", Identity=connector["Guid"], Comment="<b>mine</b>", SmartHosts=["mail.example.net"])
    clicks("Set-TransportConfig", VoicemailJournalingEnabled=False)  # unmanaged
    journaled.emulator.control.clear_calls()
    page, report = tmp_path / "drift.html", tmp_path / "drift.xml"
    done = drift(journaled, "--stack", journaled.name, "--json", "--html", str(page), "--junit", str(report))
    assert done.returncode == 7, done.stderr
    found = {(row["type"], row["property"]): row for row in rows(done)}
    assert set(found) == {
        ("JournalRule", "scope"),
        ("OutboundConnector", "comment"),
        ("OutboundConnector", "smart_hosts"),
    }
    scope = found["JournalRule", "scope"]
    assert (scope["expected"], scope["found"], scope["id"]) == ("External", "Global", rule["Guid"])
    assert scope["changed"] == clicks.one("Get-JournalRule")["WhenChangedUTC"].replace(".0000000", "")
    hosts = found["OutboundConnector", "smart_hosts"]
    assert hosts["found"] == ["mail.example.net"]
    assert checkpoint()["resources"] == before["resources"]
    assert {name.partition("-")[0] for name in journaled.cmdlets()} == {"Get"}
    assert "&lt;b&gt;mine&lt;/b&gt;" in page.read_text(encoding="utf-8")
    suite = ET.parse(report).getroot()[0]  # noqa: S314  # our own file
    assert (suite.get("tests"), suite.get("failures"), suite.get("errors")) == ("4", "2", "0")


def test_failing_stack_does_not_hide_another(journaled: Stack) -> None:
    """Of the stacks with a config file, those with a state are checked, side by side.

    One that is of another tenant is reported with that message, the other's vanished rule stands beside it as one row,
    and the exit code is 1. Where a stack cannot sign in or does not exist, nothing in it is called gone.
    """
    other = replace(journaled, name="second")
    other.init()
    other.config_set(
        undeliverable_address=f"ndr@{journaled.organization}", rule_name="Second", connector="false", **CONFIG
    )
    done = other.up()
    assert done.code == 0, done.output
    rule = journaled.resources()["JournalRule"]
    journaled.clicks("Remove-JournalRule", Identity=rule["id"], Confirm=False)
    state = journaled.folder.parent / "backend/.pulumi/stacks/area1/second.json"
    copied = state.read_text(encoding="utf-8").replace(other.environment["ARM_TENANT_ID"], ELSEWHERE)
    state.write_text(copied, encoding="utf-8")
    checked = drift(journaled, "--json", "--jobs", "2")
    assert checked.returncode == 1, checked.stderr
    found = {one["stack"]: one for one in json.loads(checked.stdout)["stacks"]}
    assert {name: one["state"] for name, one in found.items()} == {"second": "failed", journaled.name: "drifted"}
    assert "WrongTenant" in found["second"]["failure"]
    assert ELSEWHERE in found["second"]["failure"]
    (row,) = rows(checked)
    vanished = (journaled.name, "JournalRule", rule["id"], "gone", None)
    assert (row["stack"], row["type"], row["id"], row["status"], row["property"]) == vanished
    require_failures(drift(journaled, "--stack", "second", "--stack", "nowhere", ARM_CLIENT_SECRET="not-the-secret"))


def require_failures(done: subprocess.CompletedProcess[str]) -> None:
    """Fail unless it was said once why one stack cannot sign in, and that there is no other."""
    assert done.returncode == 1
    assert done.stdout.count("SignInError") == 1  # not for each resource
    assert "AADSTS7000215" in done.stdout
    assert "no stack named 'nowhere' found" in done.stdout
    assert "gone" not in done.stdout
    assert "not-the-secret" not in done.stdout + done.stderr


def test_nothing_to_check_is_a_failure(stack: Stack) -> None:
    """Config files alone are no stacks: that there is nothing to check is said, and is not taken for no drift."""
    (stack.folder / f"stacks/Pulumi.{stack.name}.yaml").unlink()
    done = drift(stack)
    assert (done.returncode, done.stdout) == (1, "")
    assert "No stack to check" in done.stderr
