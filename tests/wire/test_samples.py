"""Cases as data: what a program wants, what is sent, what Exchange shows, what is understood of it.

A case is a file in samples/<noun>/: `desired` properties, `parameters` of the `verb` (New unless given), an `object`,
the `observed` properties of it, and the `source` of the case. Objects that were published are marked REAL there.
"""

import json
from pathlib import Path
from typing import Any

import pytest
from lifecycle import Clicks

from area1_provider.emulator.tenant import Tenant
from area1_provider.resources.distribution_group import DistributionGroupProvider
from area1_provider.resources.journal_rule import JournalRuleProvider
from area1_provider.resources.outbound_connector import OutboundConnectorProvider
from area1_provider.resources.outbound_connector_validation import OutboundConnectorValidationProvider
from area1_provider.resources.transport_config import TransportConfigProvider

KINDS = {
    "DistributionGroup": DistributionGroupProvider,
    "JournalRule": JournalRuleProvider,
    "OutboundConnector": OutboundConnectorProvider,
    "OutboundConnectorValidation": OutboundConnectorValidationProvider,
    "TransportConfig": TransportConfigProvider,
}
FILES = sorted((Path(__file__).parent / "samples").glob("*/*.json"))
KEYS = {"source", "desired", "parameters", "object", "observed"}
each = pytest.mark.parametrize("file", FILES, ids=[f"{file.parent.name}/{file.stem}" for file in FILES])


def read(file: Path) -> tuple[Any, dict[str, Any]]:
    """Give the noun's provider and the case."""
    return KINDS[file.parent.name](), json.loads(file.read_text(encoding="utf-8"))


@each
def test_sample(file: Path) -> None:
    """Properties become exactly these parameters, and the object exactly these properties; check has no objection."""
    provider, case = read(file)

    assert set(case) - {"verb"} == KEYS
    assert case["source"]
    assert provider.noun.parameters(case["desired"], case.get("verb", "New")) == case["parameters"]
    assert provider.noun.observed(case["object"]) == case["observed"]
    if case.get("verb", "New") == "New":
        assert provider.refused(case["desired"], {}) == []


@each
def test_sample_is_accepted(file: Path, clicks: Clicks, tenant: Tenant) -> None:
    """The offline tenant takes the parameters."""
    _, case = read(file)
    folder, noun = file.parent.name, KINDS[file.parent.name].noun.name
    verb = case.get("verb", "Set" if folder in ("TransportConfig", "OutboundConnectorValidation") else "New")
    clicks.run("Set-TransportConfig", JournalingReportNdrTo="first@archive.example")
    identity = {}
    if verb == "Set" and noun != "TransportConfig":
        needed = {"JournalEmailAddress": "j@archive.example"} if noun == "JournalRule" else {}
        identity = {"Identity": clicks.run(f"New-{noun}", Name="before", **needed)[0]["Guid"]}

    clicks.run(f"{verb}-{noun}", **identity, **case["parameters"])

    assert len(tenant.all(noun)) == 1


@pytest.mark.parametrize("noun", KINDS)
def test_there_are_enough(noun: str) -> None:
    """Each noun has at least ten cases."""
    assert len([file for file in FILES if file.parent.name == noun]) >= 10
