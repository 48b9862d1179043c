"""Engine events and findings that the tests of drift reports are made of; no expectation lives here."""

from collections.abc import Mapping
from typing import Any

from area1_provider.commands.drift_events import Checked, Difference, Resource

TYPE = "pulumi-python:dynamic/area1:JournalRule"
OURS_VALIDATION = "pulumi-python:dynamic/area1:OutboundConnectorValidation"
URN = "urn:pulumi:us::area1::area1:index:Journaling$"

HOSTILE = (
    "<script src=http://evil.example/x.js></script><img src=//evil.example/y onerror=alert(1)>"
    "</style><link rel=stylesheet href=//evil.example/z.css>&\"'`]]>\x1b[31m\u202e\x00\ufffe"
)
"""A value that tries everything that a report could be broken with."""


def outcome(
    op: str,
    before: Mapping[str, Any],
    after: Mapping[str, Any] | None,
    *,
    kind: str = TYPE,
    name: str = "rule",
    custom: bool = True,
) -> dict[str, Any]:
    """Give the event of a resource that was read, as the CLI 3.259 writes it."""

    def state(outputs: Mapping[str, Any]) -> dict[str, Any]:
        return {"type": kind, "urn": f"{URN}{kind}::{name}", "custom": custom, "id": "guid-1", "outputs": dict(outputs)}

    new = state(after) if after is not None else None
    return {"resOutputsEvent": {"metadata": {"op": op, "type": kind, "old": state(before), "new": new}}}


def error(message: str) -> dict[str, Any]:
    """Give the event of an error."""
    return {"diagnosticEvent": {"message": message, "severity": "error"}}


def rule(*differences: Difference, name: str = "rule", gone: bool = False, changed: str = "") -> Resource:
    """Give a journal rule's finding."""
    return Resource(name, TYPE, "guid-1", "tenant-1", gone, differences, changed)


CLEAN = Checked("calm", (rule(),))
MOVED = Checked(
    "moved", (rule(Difference("scope", "External", "Global"), changed="2026-11-20T08:00:00Z"), rule(name="b"))
)
GONE = Checked("gone", (rule(gone=True),))
BROKEN = Checked("broken", failure="SignInError: the secret is wrong (AADSTS7000215).\nMake a new one.")
WICKED = Checked(HOSTILE, (rule(Difference(HOSTILE, HOSTILE, [HOSTILE, {HOSTILE: None}]), name=HOSTILE),), HOSTILE)
ALL = (CLEAN, MOVED, GONE, BROKEN, WICKED)
