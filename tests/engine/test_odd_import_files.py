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

for name in {names!r}:
    area1.OutboundConnector(name, area1.OutboundConnectorArgs(name=name, recipient_domains=["j.example"]))
"""
DOMAINS = {"recipient_domains": ["j.example"]}
MANAGED = {"managed": ["name", "recipient_domains"], "resolved": {}}


@pytest.fixture
def stack(make_stack: Callable[..., Stack]) -> Stack:
    """Give a program of one connector, and a tenant that has it."""
    return furnished(make_stack, "Journal")


def furnished(make_stack: Callable[..., Stack], *names: str) -> Stack:
    """Give a program of connectors, and a tenant that has them."""
    made = make_stack(PROGRAM.format(names=names))
    for name in names:
        made.clicks("New-OutboundConnector", Name=name, RecipientDomains=["j.example"])
    return made


def described(stack: Stack, name: str, inputs: Mapping[str, Any], outputs: Mapping[str, Any]) -> dict[str, Any]:
    """Give an import file's entry for a connector of the tenant, with these inputs and outputs beside its name."""
    found = stack.clicks.one("Get-OutboundConnector", Identity=name)["Guid"]
    return entry(OutboundConnector, name, found, {"name": name, **inputs}, outputs)


def imported(stack: Stack, *entries: dict[str, Any]) -> list[Run]:
    """Import by a file, then preview and refresh; give the three runs."""
    runs = [stack.import_(entries), stack.preview(), stack.refresh()]
    for run in runs:
        assert not [mark for mark in ("Traceback", 'File "', "Defect") if mark in run.output], run.output
    return runs


def test_values_of_other_types(stack: Stack) -> None:
    """Preview and refresh name each of them and the way out, which `up` then goes; the tenant is untouched."""
    before = stack.clicks.one("Get-OutboundConnector")
    odd = {"name": ["Journal"], "managed": 7, "resolved": "x"}
    done, *after = imported(stack, described(stack, "Journal", {}, odd))

    assert done.code == 0, done.output
    for run in after:
        assert run.code != 0
        for place in ("name: not a single text", "managed: no list of names", "resolved: no table"):
            assert place in run.output
    urn = stack.resources()["OutboundConnector"]["urn"]
    assert stack.pulumi("state", "delete", urn, "--yes", "--stack", stack.name).code == 0
    command = ("import", "OutboundConnector", "Journal", "--name", "Journal", "--stack", stack.name)
    brought = area1(*command, cwd=stack.folder, environment=stack.environment)
    assert brought.returncode == 0, brought.stderr
    assert stack.up().code == 0
    assert stack.clicks.one("Get-OutboundConnector") == before


def test_outputs_that_say_less_or_more(make_stack: Callable[..., Stack]) -> None:
    """What the tenant has counts after one refresh; `up` then changes nothing."""
    stack = furnished(make_stack, "nothing", "inputs", "more")
    before = stack.clicks("Get-OutboundConnector")
    outputs = {
        "nothing": {},
        "inputs": {"name": "inputs", **DOMAINS},
        "more": {"name": "more", **DOMAINS, **MANAGED, "more": {"a": [1]}},
    }
    runs = imported(stack, *(described(stack, name, DOMAINS, said) for name, said in outputs.items()))

    assert [run.code for run in runs] == [0, 0, 0], runs
    assert stack.up().code == 0
    assert stack.up("--expect-no-changes").code == 0
    assert stack.clicks("Get-OutboundConnector") == before
    assert len(before) == 3


def test_an_object_that_is_not_there(stack: Stack) -> None:
    """An id that nothing has is gone after a refresh; the name is then somebody else's, and said so."""
    told = {"name": "Journal", **DOMAINS}
    id_ = "0f8fad5b-d9cb-469f-a165-70867728950e"
    imported(stack, entry(OutboundConnector, "Journal", id_, told, {**told, **MANAGED}))

    assert "OutboundConnector" not in stack.resources()
    up = stack.up()
    assert up.code != 0
    assert "area1 import OutboundConnector 'Journal'" in up.output
