"""What the state of the real engine holds, and what it does not: secrets, tokens, code."""

import base64
import pickletools
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from pulumi_stack import Stack

PROGRAM = """
from area1_provider import *
group = DistributionGroupArgs(name="Journaled", members=["adelev"], managed_by=["meganb"])
Journaling("all", JournalingArgs(
    journal_address="contoso@journaling.mxrecord.io", undeliverable_address="ndr@elsewhere.example", group=group))
"""
CANARY = "canary-Zk3_not-for-any-file"
TOKEN = "eyJ"
"""How every JWT begins."""


def texts(pickled: str) -> Iterator[str]:
    """Give every text that stands in a pickle in base64."""
    for code, value, _ in pickletools.genops(base64.b64decode(pickled)):
        if isinstance(value, str) and code.name != "STACK_GLOBAL":
            yield value


def test_state_names_the_tenant_and_the_provider_and_holds_no_secret(make_stack: Callable[..., Stack]) -> None:
    """A secret in stack config signs in, also for a refresh from the state; neither state, output nor log shows it."""
    stack = make_stack(PROGRAM)
    stack.emulator.control.add_secret(CANARY, tenant=stack.organization)
    kept = stack.pulumi("config", "set", "--secret", "area1:client_secret", CANARY, "--stack", stack.name)
    assert kept.code == 0, kept.output
    unset = {"ARM_CLIENT_SECRET": ""}
    made = stack.up(environment=unset)
    assert made.code == 0, made.output
    seen = stack.refresh("--expect-no-changes", environment=unset)
    assert seen.code == 0, seen.output

    files = [file for file in stack.folder.parent.rglob("*") if file.is_file() and "home" not in file.parts]
    written = {file.name: file.read_text(encoding="utf-8", errors="replace") for file in files}
    assert {"test.json", "Pulumi.test.yaml"} <= written.keys()
    for name, text in {**written, "up": made.output, "refresh": seen.output}.items():
        assert CANARY not in text, name
        assert TOKEN not in text, name
    resources = stack.resources()
    assert {str(one["outputs"]["tenant_id"]) for one in resources.values()} == {stack.environment["ARM_TENANT_ID"]}
    assert {noun: names_in(one) for noun, one in resources.items()} == PICKLES


def names_in(resource: Mapping[str, Any]) -> list[str]:
    """Give all texts in the pickled provider of a resource, once in inputs and once in outputs."""
    (pickled,) = {resource[side]["__provider"] for side in ("inputs", "outputs")}
    return list(texts(pickled))


PICKLES = {
    "OutboundConnector": ["area1_provider.resources.outbound_connector", "OutboundConnectorProvider"],
    "OutboundConnectorValidation": [
        "area1_provider.resources.outbound_connector_validation",
        "OutboundConnectorValidationProvider",
    ],
    "TransportConfig": ["area1_provider.resources.transport_config", "TransportConfigProvider"],
    "JournalRule": ["area1_provider.resources.journal_rule", "JournalRuleProvider"],
    "DistributionGroup": ["area1_provider.resources.distribution_group", "DistributionGroupProvider"],
}
"""A stored format: a module or class that is renamed orphans every state."""
