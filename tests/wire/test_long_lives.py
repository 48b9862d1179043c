"""What holds for any history of a resource: properties set, left alone, cleared and set again, runs that break half way."""

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lifecycle import Clock, Engine
from one_resource import LEGAL, Arguments, World, silent
from strategies import law, tried

from area1_provider import errors
from area1_provider.client import Exchange
from area1_provider.emulator import Emulator
from area1_provider.emulator.faults import Cut, Reset, Status, Transient
from area1_provider.lost_answers import LostAnswers
from area1_provider.provider import ExchangeProvider
from area1_provider.resources.distribution_group import DistributionGroupProvider
from area1_provider.resources.journal_rule import JournalRuleProvider
from area1_provider.resources.outbound_connector import OutboundConnectorProvider
from area1_provider.resources.transport_config import TransportConfigProvider
from area1_provider.schema import Property

ENDS = [
    Status(400, body='{"error":{"message":"no"}}'),
    Status(503),
    Status(504, carried_out=True),
    Reset(carried_out=True),
    Reset(carried_out=False),
    Cut(carried_out=True),
    Transient("ServerBusyException", carried_out=True),
]
"""What all calls of a run meet from one of them on: it cannot end well, whatever of it was carried out."""

breaks = st.none() | st.tuples(st.sampled_from(ENDS), st.integers(1, 3))
ADDRESSES = {"email_addresses", "primary_smtp_address"}
FOLLOWING = {*ADDRESSES, "alias", "smart_hosts"}
"""What changes with another property, by the cmdlets' pages."""


def cleared(one: Property) -> Any:
    """Give what clears a property; None where nothing does."""
    if one.wire.cleared is False or one.base is not str or one.required:
        return None
    return [] if one.many else ""


def history(data: st.DataObject, kind: type[ExchangeProvider]) -> list[Arguments]:
    """Draw programs one after the other: each is an earlier one with some properties set, left out or cleared."""
    drawn: list[Arguments] = [data.draw(LEGAL[kind])]
    for _ in range(data.draw(st.integers(2, 5))):
        base, other = data.draw(st.sampled_from(drawn)), data.draw(LEGAL[kind])
        names = data.draw(st.sets(st.sampled_from(sorted({*base, *other}))))
        kept = {name: value for name, value in base.items() if name not in names}
        new = {name: other[name] for name in names if name in other}
        dropped = [one for name, one in kind.noun.properties.items() if name in names and name not in other]
        empty = {one.name: data.draw(st.sampled_from([None, cleared(one)])) for one in dropped}
        drawn.append({name: value for name, value in {**kept, **empty, **new}.items() if value is not None})
    return drawn


def brought(
    world: World, engine: Engine, emulator: Emulator, runs: tuple[Arguments, Arguments], trouble: Any
) -> Arguments:
    """Run `up` under trouble; if that broke it off, run in peace, and with the program as it then is. Give what was run."""
    args, then = runs
    if trouble is not None:
        emulator.control.fault(trouble[0], nth=trouble[1], times=0)
    try:
        engine.up(args)
    except errors.Area1Error:
        tried[f"{world.noun.name}: an up that broke half way"] += 1
        emulator.control.clear_faults()
        args = then if engine.id and not forbidden(world, engine, then) else args
        engine.up(args)
    emulator.control.clear_faults()
    return args


def forbidden(world: World, engine: Engine, args: Arguments) -> bool:
    """Say whether Exchange would refuse a program for what it leaves alone, which check knows of the last program only."""
    document = next(iter(world.there()), {})
    left = {name: value for name, value in world.noun.observed(document).items() if name not in ADDRESSES}
    return bool(list(engine.provider.rules({**left, **args})))


def still(world: World, before: dict[str, Any], args: Arguments) -> None:
    """Assert that what a program leaves alone is as it was."""
    for name in set(before) - set(args) - FOLLOWING:
        one = world.noun.properties[name]
        assert world.meaning(one, before[name]) == world.meaning(one, world.kept(one)), name


def long_lives(kind: type[ExchangeProvider]) -> Any:
    """Make the law of any history for one noun."""

    @pytest.mark.parametrize("world", [kind], indirect=True, ids=[kind.noun.name])
    @law(20)
    @given(st.data())
    def test(
        world: World, exchange: Exchange, emulator: Emulator, clock: Clock, tmp_path: Path, data: st.DataObject
    ) -> None:
        """After each `up` the tenant holds what the program says and nothing else moved; all is silent; the id stays."""
        engine = world.start()
        exchange.lost_answers = LostAnswers(tmp_path / str(tried.total()))
        last: Arguments = {}
        for args in history(data, kind):
            if engine.check(args) or forbidden(world, engine, args):
                continue
            tried[f"{kind.noun.name}: an up in a long history"] += 1
            id_, replaced = engine.id, bool(engine.id and engine.replaces(args))
            before = {name: world.kept(one) for name, one in world.noun.properties.items()} if id_ else {}

            run = brought(world, engine, emulator, (args, data.draw(st.sampled_from([args, last]))), data.draw(breaks))

            emulator.control.advance(sum(clock.slept))  # tokens end by that clock, and are judged by ours
            clock.slept.clear()
            assert engine.id == id_ or replaced or not id_
            assert [one["Guid"] for one in world.there()] == [engine.id]
            world.holds(run)
            silent(engine, run)
            if run is args and replaced:
                assert engine.id != id_
            elif run is args:
                still(world, before, args)
            last = run

    return test


test_long_lives_of_connectors = long_lives(OutboundConnectorProvider)
test_long_lives_of_rules = long_lives(JournalRuleProvider)
test_long_lives_of_the_config = long_lives(TransportConfigProvider)
test_long_lives_of_groups = long_lives(DistributionGroupProvider)
