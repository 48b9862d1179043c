"""Tests of the findings as text, JSON and JUnit."""

import json
import unicodedata
from xml.etree import ElementTree as ET

import pytest
from findings import ALL, BROKEN, CLEAN, GONE, HOSTILE, MOVED, WICKED, rule
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from area1_provider.commands import drift
from area1_provider.commands.drift_events import Checked, Difference
from area1_provider.commands.drift_report import junit, plain, shown, text

WHEN = "2026-11-23T19:00:00Z"


def parsed(written: str) -> ET.Element:
    """Read a report as a CI server would; raises ParseError where it is not well-formed."""
    return ET.fromstring(written)  # noqa: S314  # our own text


def test_text_says_state_and_what_moved() -> None:
    """A person reads, stack by stack, its state, each drifted property and each failure in full."""
    assert text((CLEAN, MOVED, GONE, BROKEN)) == (
        "calm: no drift (1 resource)\n"
        "moved: 1 of 2 resources drifted\n"
        '  JournalRule rule scope: expected "External", found "Global" (object last changed 2026-11-20T08:00:00Z)\n'
        "gone: 1 of 1 resource drifted\n"
        "  JournalRule rule is gone from the tenant\n"
        "broken: could not be checked\n"
        "  SignInError: the secret is wrong (AADSTS7000215).\n"
        "  Make a new one.\n"
    )


def test_an_empty_state_is_not_called_free_of_drift() -> None:
    """Before the first `up`, or after a state was lost, nothing is known of the tenant, and the text says so."""
    assert text([Checked("new")]) == "new: nothing was compared: its state holds no resource\n"


def test_json_has_a_row_for_each_property_and_each_vanished_object() -> None:
    """Machines get rows with the same keys always; null where something does not apply."""
    found = plain((CLEAN, MOVED, GONE, BROKEN), WHEN)
    common = {"resource": "rule", "type": "JournalRule", "id": "guid-1"}
    moved = {"status": "changed", "property": "scope", "expected": "External", "found": "Global"}
    gone = {"status": "gone", "property": None, "expected": None, "found": None}
    assert found["rows"] == [
        {"stack": "moved", **common, **moved, "changed": "2026-11-20T08:00:00Z"},
        {"stack": "gone", **common, **gone, "changed": None},
    ]
    assert found["summary"] == {"stacks": 4, "drifted": 2, "failed": 1, "rows": 2}
    assert [one["state"] for one in found["stacks"]] == ["clean", "drifted", "drifted", "failed"]


def test_json_obeys_its_schema(schema: Draft202012Validator) -> None:
    """The schema in the docs describes what is written, hostile values and all, and nothing more is written."""
    written = json.loads(json.dumps(plain(ALL, WHEN)))
    schema.validate(written)
    assert not schema.is_valid({**written, "config": {}})


def test_junit_has_a_case_for_each_resource() -> None:
    """CI servers count resources as tests, drift as failures, and what could not be checked as errors."""
    suites = {suite.get("name"): suite for suite in parsed(junit((CLEAN, MOVED, GONE, BROKEN)))}
    counts = {name: tuple(suite.get(key) for key in ("tests", "failures", "errors")) for name, suite in suites.items()}
    assert counts == {
        "calm": ("1", "0", "0"),
        "moved": ("2", "1", "0"),
        "gone": ("1", "1", "0"),
        "broken": ("1", "0", "1"),
    }
    failed = suites["moved"].find("testcase/failure")
    assert failed is not None
    assert 'scope: expected "External", found "Global"' in str(failed.text)
    error = suites["broken"].find("testcase/error")
    assert error is not None
    assert error.get("message") == "SignInError: the secret is wrong (AADSTS7000215)."
    assert error.text == BROKEN.failure


def test_junit_survives_hostile_values() -> None:
    """Characters that XML forbids and markup in values leave the file well-formed and the text whole."""
    (suite,) = parsed(junit([WICKED]))
    failure = suite.find("testcase/failure")
    assert failure is not None
    assert "<script src=http://evil.example/x.js>" in str(failure.text)
    assert "\\x1b[31m\\u202e\\x00\\ufffe" in str(suite.get("name"))


def test_text_cannot_steer_a_terminal() -> None:
    """Escape sequences and direction marks in a value are shown, not obeyed."""
    said = text([WICKED])
    assert "\x1b" not in said
    assert "\u202e" not in said
    assert "\\x1b[31m\\u202e" in said


@given(st.text())
def test_any_text_is_shown_without_effect(value: str) -> None:
    """Whatever text a tenant holds, what is shown is one line of characters that only show themselves."""
    said = shown(value)
    assert all(unicodedata.category(c) not in {"Cc", "Cf", "Cs", "Cn", "Co", "Zl", "Zp"} for c in said)
    parsed(junit([Checked("s", (rule(Difference("p", value, None), name=value),), value)]))


@pytest.mark.parametrize(
    ("checked", "code"),
    [((), 0), ((CLEAN,), 0), ((CLEAN, MOVED), 7), ((GONE,), 7), ((CLEAN, BROKEN), 1), ((MOVED, BROKEN), 1)],
)
def test_failure_outweighs_drift_in_the_exit_code(checked: tuple[Checked, ...], code: int) -> None:
    """0 none, 7 drift, 1 if anything could not be checked, whatever else was found."""
    assert drift.code_of(checked) == code


def test_hostile_value_is_in_the_findings() -> None:
    """The tests above mean something: the hostile text does carry what they look for."""
    assert all(part in HOSTILE for part in ("\x1b", "\u202e", "\x00", "<script", "]]>", "\ufffe"))
