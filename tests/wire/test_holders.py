"""Two entries of one state that have one object: the engine deletes the one that is not wanted, and the object stays."""

from typing import Any

import pytest
from lifecycle import Engine, Telling, configured, provider_over

from area1_provider import errors
from area1_provider.emulator.tenant import Tenant
from area1_provider.holders import TAKEN_OVER, Holders
from area1_provider.provider import ExchangeProvider
from area1_provider.resources.distribution_group import DistributionGroupProvider
from area1_provider.resources.journal_rule import JournalRuleProvider
from area1_provider.resources.outbound_connector import OutboundConnectorProvider

ARGS: dict[type[ExchangeProvider], dict[str, Any]] = {
    OutboundConnectorProvider: {"name": "Journal", "recipient_domains": ["j.example"], "adopt": True},
    JournalRuleProvider: {"name": "Journal", "journal_email_address": "c@j.example", "adopt": True},
    DistributionGroupProvider: {"name": "Journal", "adopt": True},
}


@pytest.fixture(params=ARGS, ids=lambda kind: kind.noun.name)
def kind(request: pytest.FixtureRequest, tenant: Tenant) -> type[ExchangeProvider]:
    """Give each noun that can be taken over, in a tenant that takes journal rules."""
    (transport,) = tenant.all("TransportConfig")
    tenant.save("TransportConfig", {**transport, "JournalingReportNdrTo": "ndr@archive.example"})
    chosen: type[ExchangeProvider] = request.param
    return chosen


def two_entries(kind: type[ExchangeProvider], exchange: Telling, config: dict[str, str]) -> tuple[Engine, Engine]:
    """Give two entries of one object: one that made it, one by which a later run took it over."""
    old, new = (Engine(provider_over(kind, exchange, config)) for _ in range(2))
    old.up(ARGS[kind])
    new.up(ARGS[kind])
    return old, new


def test_the_old_entry_goes(
    kind: type[ExchangeProvider], exchange: Telling, config: dict[str, str], tenant: Tenant
) -> None:
    """A run takes over what another entry of the state has; then the engine deletes that entry, and says that it stays."""
    args = ARGS[kind]
    old, new = two_entries(kind, exchange, config)

    new.provider.delete(old.id, old.outputs)

    assert new.id == old.id
    (there,) = tenant.all(kind.noun.name)
    assert there["Guid"] == new.id
    assert "stays" in exchange.told[-1]
    new.refresh()
    assert not new.changes(args)
    assert new.outputs[TAKEN_OVER]
    new.destroy()
    assert tenant.all(kind.noun.name) == []


def test_a_run_that_was_killed_in_between(
    kind: type[ExchangeProvider], exchange: Telling, config: dict[str, str], tenant: Tenant
) -> None:
    """Killed after it took over, the next run deletes the old entry: on another machine too, the object stays."""
    args = ARGS[kind]
    old, new = two_entries(kind, exchange, config)
    run = provider_over(kind, exchange, config)

    assert not Engine(run, new.id, new.inputs, new.outputs).changes(args)
    run.delete(old.id, old.outputs)

    assert [one["Guid"] for one in tenant.all(kind.noun.name)] == [new.id]


def test_an_update_keeps_the_mark(exchange: Telling, config: dict[str, str], tenant: Tenant) -> None:
    """What was taken over is still told apart after a change of it."""
    kind, args = OutboundConnectorProvider, ARGS[OutboundConnectorProvider]
    old, new = two_entries(kind, exchange, config)
    mark = new.outputs[TAKEN_OVER]
    new.up({**args, "comment": "changed"})

    assert new.outputs[TAKEN_OVER] == mark
    new.provider.delete(old.id, old.outputs)
    assert len(tenant.all("OutboundConnector")) == 1


def test_another_resource_of_the_program_has_it(
    kind: type[ExchangeProvider], exchange: Telling, config: dict[str, str], tenant: Tenant
) -> None:
    """What one resource of a program has, another of the same program does not take over."""
    args = ARGS[kind]
    one = Engine(provider_over(kind, exchange, config))
    one.up(args)
    run = provider_over(kind, exchange, config)
    assert not Engine(run, one.id, one.inputs, one.outputs).changes(args)

    with pytest.raises(errors.Refused, match="another resource of this program"):
        Engine(run).up(args)
    assert [there["Guid"] for there in tenant.all(kind.noun.name)] == [one.id]


def test_two_entries_that_are_both_wanted(exchange: Telling, config: dict[str, str]) -> None:
    """A preview of a program that wants one object twice says so: the two would bring each other's changes back."""
    kind, args = OutboundConnectorProvider, ARGS[OutboundConnectorProvider]
    one, two = two_entries(kind, exchange, config)
    run = provider_over(kind, exchange, config)

    assert not Engine(run, one.id, one.inputs, one.outputs).changes(args)
    with pytest.raises(errors.Refused, match="another resource of this program"):
        Engine(run, two.id, two.inputs, two.outputs).changes(args)


def test_all_of_a_process_know_the_same(config: dict[str, str]) -> None:
    """Unless told otherwise, the providers of a process share what they know."""
    providers = [configured(OutboundConnectorProvider, config) for _ in range(2)]

    assert providers[0].holders() is providers[1].holders()
    assert isinstance(providers[0].holders(), Holders)
