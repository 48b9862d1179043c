"""What holds for every legal choice of arguments: create, read, update, drift, delete, each against the offline tenant."""

from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from lifecycle import Engine, provider_over
from strategies import configs, connectors, groups, law, rules, tried, values

from area1_provider.client import Exchange
from area1_provider.emulator.tenant import Tenant
from area1_provider.provider import ExchangeProvider
from area1_provider.resources.distribution_group import DistributionGroupProvider
from area1_provider.resources.journal_rule import JournalRuleProvider
from area1_provider.resources.outbound_connector import OutboundConnectorProvider
from area1_provider.resources.transport_config import TransportConfigProvider
from area1_provider.schema import Property

Arguments = Mapping[str, Any]
FORMS = ("guid", "address", "alias", "name")


class World:
    """One tenant and the engine's view of one resource in it, made anew for each example."""

    def __init__(
        self, kind: type[ExchangeProvider], exchange: Exchange, tenant: Tenant, config: dict[str, str]
    ) -> None:
        self.noun, self.tenant = kind.noun, tenant
        self.provider = provider_over(kind, exchange, config)
        self.start()

    def start(self) -> Engine:
        """Make the tenant as new, with an address for undeliverable reports where rules need one."""
        self.tenant.reset()
        if self.noun.name != "TransportConfig":
            (transport,) = self.tenant.all("TransportConfig")
            self.tenant.save("TransportConfig", {**transport, "JournalingReportNdrTo": "ndr@archive.example"})
        return Engine(self.provider)

    def there(self) -> list[dict[str, Any]]:
        """Give the objects of the noun as the tenant keeps them."""
        return self.tenant.all(self.noun.name)

    def kept(self, one: Property) -> Any:
        """Give what the tenant keeps for a property."""
        (document,) = self.there()
        if one.name == "members":
            return list(self.tenant.store.members(self.tenant.tenant_id, document["Guid"]))
        if one.name == "type":
            return "Security" if "SecurityEnabled" in document["GroupType"] else "Distribution"
        return document[one.wire.name]

    def who(self, text: str) -> str:
        """Give the GUID of the recipient that a text names, or the text."""
        return next(iter(self.tenant.find("Recipient", text, FORMS)), text.casefold())

    def meaning(self, one: Property, value: Any) -> Any:
        """Give what a value means to a person, by rules of this file's own."""
        if value in (None, "", "<>", []):
            return ""
        if one.is_recipient:
            return {self.who(text) for text in ([value] if isinstance(value, str) else value)}
        if isinstance(value, list):
            return sorted(value) if one.name == "description" else {fold(text) for text in value}
        if one.name in TEXTS_AS_WRITTEN or not isinstance(value, str):
            return value
        return fold(value)

    def holds(self, args: Arguments) -> None:
        """Assert that the tenant holds what the program wants."""
        for name, one in self.noun.properties.items():
            if name in args and not (name == "members" and args.get("member_mode") == "at_least"):
                assert self.meaning(one, args[name]) == self.meaning(one, self.kept(one)), name


TEXTS_AS_WRITTEN = ("name", "display_name", "comment", "simple_display_name")


def fold(text: str) -> str:
    """Give a text without case and without the tags that are put around a mail tip."""
    return text.casefold().removeprefix("<html><body>").removesuffix("</body></html>")


@pytest.fixture
def world(request: pytest.FixtureRequest, exchange: Exchange, tenant: Tenant, config: dict[str, str]) -> World:
    """Give the world of the noun that the test is for."""
    return World(request.param, exchange, tenant, config)


LEGAL = {
    OutboundConnectorProvider: (connectors, 40),
    JournalRuleProvider: (rules, 40),
    TransportConfigProvider: (configs, 40),
    DistributionGroupProvider: (groups, 40),
}


def pairs(kind: type[ExchangeProvider], number: int = 2) -> Any:
    """Give tuples of legal arguments for a noun."""
    return st.tuples(*[LEGAL[kind][0]] * number)


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


def silent(engine: Engine, args: Arguments) -> None:
    """Assert that preview, refresh and preview after it show nothing, and that refreshed inputs are the program's."""
    assert not engine.changes(args)

    engine.refresh()

    assert not engine.changes(args)
    assert not engine.changes(engine.inputs)
    for name, one in engine.provider.noun.properties.items():
        assert (name in engine.inputs) == (args.get(name) is not None), name
        if name in engine.inputs:
            assert one.same(engine.inputs[name], args[name]), name


def lives(kind: type[ExchangeProvider]) -> Any:
    """Make the law of whole lives for one noun."""

    @pytest.mark.parametrize("world", [kind], indirect=True, ids=[kind.noun.name])
    @law(LEGAL[kind][1])
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
    @law(LEGAL[kind][1])
    @given(LEGAL[kind][0], st.data())
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
