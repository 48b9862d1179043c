"""A sample of the laws on the real engine: legal choices of arguments, drawn as for the provider's own laws."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest
from clicks import Clicks
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from pulumi_stack import Stack
from strategies import configs, connectors, groups, rules

from area1_provider.provider import ExchangeProvider
from area1_provider.resources.distribution_group import DistributionGroupProvider
from area1_provider.resources.journal_rule import JournalRuleProvider
from area1_provider.resources.outbound_connector import OutboundConnectorProvider
from area1_provider.resources.transport_config import TransportConfigProvider

PROGRAM = """
from area1_provider import *
for noun, number, args in {resources!r}:
    globals()[noun](f"{{noun}}-{{number}}", globals()[noun + "Args"](**args))
"""
ORGANIZATION = "contoso.onmicrosoft.com"
QUIET = "--expect-no-changes"
COUNT = 12
TAKEN_ONCE = ("alias", "primary_smtp_address", "email_addresses")
"""What the strategies draw from a few values, while a tenant takes each only once."""

LEGAL = {
    "OutboundConnector": (OutboundConnectorProvider, connectors),
    "JournalRule": (JournalRuleProvider, rules),
    "DistributionGroup": (DistributionGroupProvider, groups),
    "TransportConfig": (TransportConfigProvider, configs),
}

Resource = tuple[str, int, dict[str, Any]]


def drawn(strategy: st.SearchStrategy[Any], count: int) -> list[Any]:
    """Give examples of a strategy, always the same."""
    found: list[Any] = []

    @settings(max_examples=count, derandomize=True, database=None, deadline=None, phases=[Phase.generate])
    @given(strategy)
    def collect(example: Any) -> None:
        found.append(example)

    collect()
    return found


def legal_pairs(provider: type[ExchangeProvider], strategy: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    """Give pairs A, B where B may follow A: what A alone has named stays at Exchange."""
    return st.tuples(strategy, strategy).filter(lambda pair: not provider().refused(pair[1], pair[0]))


def programs() -> Iterator[list[Resource]]:
    """Give two programs with the same resources and different arguments."""
    pairs = {noun: drawn(legal_pairs(provider, strategy), COUNT) for noun, (provider, strategy) in LEGAL.items()}
    pairs["TransportConfig"] = pairs["TransportConfig"][-1:]  # there is one in a tenant
    for side in (0, 1):
        yield [(noun, n, told(noun, n, one[side])) for noun, found in pairs.items() for n, one in enumerate(found)]


def told(noun: str, number: int, args: dict[str, Any]) -> dict[str, Any]:
    """Give arguments that can stand beside the others' in one tenant."""
    if noun == "TransportConfig":
        return {**args, "undeliverable_address": args.get("undeliverable_address") or "ndr@archive.example"}
    kept = {name: value for name, value in args.items() if name not in TAKEN_ONCE}
    return {**kept, "name": f"{number} {args['name']}"[:64].strip()}


@pytest.fixture
def contoso(make_stack: Callable[..., Stack]) -> Iterator[Stack]:
    """Give a stack of the organization whose recipients the strategies name, as new."""
    stack = make_stack("")
    stack.emulator.add_tenant(ORGANIZATION)
    stack.emulator.control.reset(ORGANIZATION)
    tenant = stack.emulator.environment(ORGANIZATION)
    clicks = Clicks(tenant)
    clicks("Set-TransportConfig", JournalingReportNdrTo="ndr@archive.example")
    yield replace(stack, environment={**stack.environment, **tenant}, organization=ORGANIZATION, clicks=clicks)
    clicks.close()


def test_a_sample_of_programs_is_made_changed_and_taken_away_in_silence(contoso: Stack) -> None:
    """Up with A, then with B: after each, refresh and preview find nothing; a destroy leaves nothing of ours."""
    before = objects(contoso)
    for resources in programs():
        contoso.write(PROGRAM.format(resources=resources))
        raised = contoso.up()
        assert raised.code == 0, raised.output
        refreshed = contoso.refresh(QUIET)
        assert refreshed.code == 0, refreshed.output
        calm = contoso.preview(QUIET)
        assert calm.code == 0, calm.output
    assert len(objects(contoso)) - len(before) == 3 * COUNT
    gone = contoso.destroy()
    assert gone.code == 0, gone.output
    assert objects(contoso) == before


def objects(stack: Stack) -> set[str]:
    """Give the GUIDs of what the tenant holds."""
    lists = [stack.clicks(f"Get-{noun}") for noun in ("OutboundConnector", "JournalRule", "DistributionGroup")]
    lists.append(stack.clicks("Get-OutboundConnector", IncludeTestModeConnectors=True))
    return {one["Guid"] for listed in lists for one in listed}
