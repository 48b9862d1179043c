"""Import files that are not as `area1 import` writes them: `pulumi import` takes them as they stand."""

from collections.abc import Callable, Mapping
from typing import Any

import pytest
from area1_command import area1
from pulumi_stack import Run, Stack

from area1_provider.commands.import_object import entry
from area1_provider.resources.outbound_connector import OutboundConnector

PROGRAM = """
import area1_provider as area1

area1.OutboundConnector("c", area1.OutboundConnectorArgs(name="Journal", recipient_domains=["j.example"]))
"""
INPUTS = {"name": "Journal", "recipient_domains": ["j.example"]}
MANAGED = {"managed": ["name", "recipient_domains"], "resolved": {}}


@pytest.fixture
def stack(make_stack: Callable[..., Stack]) -> Stack:
    """Give a program of one connector, and a tenant that has it."""
    made = make_stack(PROGRAM)
    made.clicks("New-OutboundConnector", Name="Journal", RecipientDomains=["j.example"])
    return made


def imported(stack: Stack, inputs: Mapping[str, Any], outputs: Mapping[str, Any], id_: str = "") -> list[Run]:
    """Import the connector by a file, then preview and refresh; give the three runs."""
    found = id_ or stack.clicks.one("Get-OutboundConnector")["Guid"]
    runs = [stack.import_([entry(OutboundConnector, "c", found, inputs, outputs)]), stack.preview(), stack.refresh()]
    for run in runs:
        assert not [mark for mark in ("Traceback", 'File "', "Defect") if mark in run.output], run.output
    return runs


def test_values_of_other_types(stack: Stack) -> None:
    """Preview and refresh name each of them and the way out, which `up` then goes; the tenant is untouched."""
    before = stack.clicks.one("Get-OutboundConnector")
    done, *after = imported(stack, {"name": "Journal"}, {"name": ["Journal"], "managed": 7, "resolved": "x"})

    assert done.code == 0, done.output
    for run in after:
        assert run.code != 0
        for place in ("name: not a single text", "managed: no list of names", "resolved: no table"):
            assert place in run.output
    urn = stack.resources()["OutboundConnector"]["urn"]
    assert stack.pulumi("state", "delete", urn, "--yes", "--stack", stack.name).code == 0
    command = ("import", "OutboundConnector", "Journal", "--name", "c", "--stack", stack.name)
    brought = area1(*command, cwd=stack.folder, environment=stack.environment)
    assert brought.returncode == 0, brought.stderr
    assert stack.up().code == 0
    assert stack.clicks.one("Get-OutboundConnector") == before


@pytest.mark.parametrize("outputs", [{}, INPUTS, {**INPUTS, **MANAGED, "more": {"a": [1]}}])
def test_outputs_that_say_less_or_more(stack: Stack, outputs: Mapping[str, Any]) -> None:
    """What the tenant has counts after one refresh; `up` then changes nothing."""
    before = stack.clicks.one("Get-OutboundConnector")
    runs = imported(stack, INPUTS, outputs)

    assert [run.code for run in runs] == [0, 0, 0], runs
    assert stack.up().code == 0
    assert stack.up("--expect-no-changes").code == 0
    assert stack.clicks.one("Get-OutboundConnector") == before


def test_an_object_that_is_not_there(stack: Stack) -> None:
    """An id that nothing has is gone after a refresh; the name is then somebody else's, and said so."""
    imported(stack, INPUTS, {**INPUTS, **MANAGED}, "0f8fad5b-d9cb-469f-a165-70867728950e")

    assert "OutboundConnector" not in stack.resources()
    up = stack.up()
    assert up.code != 0
    assert "area1 import OutboundConnector 'Journal'" in up.output
