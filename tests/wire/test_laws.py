"""What holds for every legal choice of arguments: create, read, update, drift, delete, each against the offline tenant."""

from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from lifecycle import Engine
from one_resource import LEGAL, Arguments, World, silent
from strategies import law, tried, values

from area1_provider.provider import ExchangeProvider
from area1_provider.resources.distribution_group import DistributionGroupProvider
from area1_provider.resources.journal_rule import JournalRuleProvider
from area1_provider.resources.outbound_connector import OutboundConnectorProvider
from area1_provider.resources.transport_config import TransportConfigProvider
from area1_provider.schema import Property


def pairs(kind: type[ExchangeProvider], number: int = 2) -> Any:
    """Give tuples of legal arguments for a noun."""
    return st.tuples(*[LEGAL[kind]] * number)


def live(world: World, a: Arguments, b: Arguments) -> None:
    """Take a resource from A to B and away, asserting at each step what must hold."""
    engine = world.start()
    engine.up(a)
    world.holds(a)
    silent(engine, a)

    assume(engine.check(b) == [])
    assume("undeliverable_address" not in a or b.get("undeliverable_address") != "")
    engine.up(b)
    world.holds(b)
    silent(engine, b)

    engine.destroy()
    assert len(world.there()) == (world.noun.name == "TransportConfig")


def lives(kind: type[ExchangeProvider]) -> Any:
    """Make the law of whole lives for one noun."""

    @pytest.mark.parametrize("world", [kind], indirect=True, ids=[kind.noun.name])
    @law(40)
    @given(pairs(kind))
    def test(world: World, pair: tuple[Arguments, Arguments]) -> None:
        """Up with A, then with B: the tenant holds each, previews and refreshes are silent, a destroy leaves nothing."""
        tried[f"{kind.noun.name}: create A, read, update to B, read, delete"] += 1

        live(world, *pair)

    return test


test_lives_of_connectors = lives(OutboundConnectorProvider)
test_lives_of_rules = lives(JournalRuleProvider)
test_lives_of_the_config = lives(TransportConfigProvider)
test_lives_of_groups = lives(DistributionGroupProvider)


def drifts(kind: type[ExchangeProvider]) -> Any:
    """Make the law of drift for one noun."""

    @pytest.mark.parametrize("world", [kind], indirect=True, ids=[kind.noun.name])
    @law(40)
    @given(LEGAL[kind], st.data())
    def test(world: World, args: Arguments, data: st.DataObject) -> None:
        """What moves behind our back is seen if it is managed, property by property, and never if it is not."""
        tried[f"{kind.noun.name}: drift in one property"] += 1
        engine = world.start()
        engine.up(args)
        name = data.draw(st.sampled_from(sorted(set(world.noun.properties) - {"type"})))
        one = world.noun.properties[name]
        before, unchanged = world.kept(one), dict(engine.inputs)
        moved(world, one, data)
        managed = args.get(name) is not None
        differs = world.meaning(one, before) != world.meaning(one, world.kept(one))
        if name == "members" and args.get("member_mode") == "at_least":
            differs = not {world.who(text) for text in args.get(name) or ()} <= set(world.kept(one))

        engine.refresh()

        assert engine.changes(args) == (managed and differs), name
        assert sorted(engine.inputs) == sorted(unchanged)
        wrong = [other for other in unchanged if not seen_as(world, other, engine.inputs[other], unchanged[other])]
        assert wrong == ([name] if managed and differs else [])
        if managed and differs:
            engine.inputs = dict(unchanged)
            assume(engine.check(args) == [] and not engine.replaces(args))
            repaired(world, engine, args)

    return test


def repaired(world: World, engine: Engine, args: Arguments) -> None:
    """Assert that the next up brings the tenant back."""
    engine.up(args)
    world.holds(args)
    silent(engine, args)


def seen_as(world: World, name: str, value: Any, expected: Any) -> bool:
    """Say whether two inputs mean the same."""
    one = world.noun.properties.get(name)
    return value == expected if one is None else one.same(value, expected)


def moved(world: World, one: Property, data: st.DataObject) -> None:
    """Change one property in the tenant as nobody's cmdlet would: whatever is there becomes something else."""
    (document,) = world.there()
    people = world.tenant.store.guids(world.tenant.tenant_id, ["Mailbox"])
    if one.name == "members":
        there = world.kept(one)
        gone = data.draw(st.lists(st.sampled_from(there), unique=True)) if there else []
        new = data.draw(st.lists(st.sampled_from(people), unique=True, max_size=2))
        world.tenant.change_members(document["Guid"], add=[g for g in new if g not in there], remove=gone)
        return
    if one.is_recipient and one.many:
        value = data.draw(st.lists(st.sampled_from(people), unique=True, min_size=1, max_size=2))
    elif one.is_recipient:
        value = data.draw(st.sampled_from(["diegos@contoso.com", "other@elsewhere.example"]))
    elif one.name == "email_addresses":
        value = [f"SMTP:{document['PrimarySmtpAddress']}", "smtp:somebody-added@contoso.com"]
    else:
        value = data.draw(values(one))
    changed = {**document, one.wire.name: value}
    if one.name == "name":
        changed["Identity"] = value
    world.tenant.save(world.noun.name, changed)


test_drift_of_connectors = drifts(OutboundConnectorProvider)
test_drift_of_rules = drifts(JournalRuleProvider)
test_drift_of_the_config = drifts(TransportConfigProvider)
test_drift_of_groups = drifts(DistributionGroupProvider)
