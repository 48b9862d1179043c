"""What somebody else changed since the last read is told before it is overwritten: a preview that shows a change looks."""

from pathlib import Path
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from lifecycle import Clicks, Clock, Engine, Telling, provider_over
from one_resource import LEGAL, World
from strategies import law, tried
from test_laws import moved

from area1_provider import errors
from area1_provider.connection import TENANT_ID
from area1_provider.emulator import Emulator
from area1_provider.emulator.faults import Status
from area1_provider.in_between import LOOK_SECONDS
from area1_provider.lost_answers import LostAnswers
from area1_provider.provider import ExchangeProvider
from area1_provider.resources.distribution_group import DistributionGroupProvider
from area1_provider.resources.journal_rule import JournalRuleProvider
from area1_provider.resources.outbound_connector import OutboundConnectorProvider
from area1_provider.resources.transport_config import TransportConfigProvider
from area1_provider.schema import UNKNOWN

CONNECTOR = {"name": "Journal", "recipient_domains": ["j.example"], "comment": "one", "enabled": True}
TWO = {**CONNECTOR, "comment": "two"}
TOLD = "was changed since it was last read"


@pytest.fixture
def engine(exchange: Telling, config: dict[str, str]) -> Engine:
    """Give the engine with a connector made."""
    made = Engine(provider_over(OutboundConnectorProvider, exchange, config))
    made.up(CONNECTOR)
    return made


def calls(emulator: Emulator) -> list[str]:
    """Name the cmdlets called since the last time."""
    called = [call.cmdlet for call in emulator.control.calls()]
    emulator.control.clear_calls()
    return called


def test_both_changed_it(engine: Engine, exchange: Telling, clicks: Clicks, emulator: Emulator) -> None:
    """The three values are told, by one look; what follows costs no more than it did."""
    clicks.run("Set-OutboundConnector", Identity=engine.id, Comment="by hand")
    calls(emulator)

    engine.preview(TWO)

    assert exchange.told == [
        f"OutboundConnector {engine.id}: comment {TOLD}: 'one' -> 'by hand'; this run sets 'two'",
    ]
    assert calls(emulator) == ["Get-OutboundConnector"]
    engine.up(TWO)
    assert calls(emulator) == ["Set-OutboundConnector", "Get-OutboundConnector"]


def test_somebody_changed_what_the_program_did_not(engine: Engine, exchange: Telling, clicks: Clicks) -> None:
    """That is told as well, with what becomes of it."""
    clicks.run("Set-OutboundConnector", Identity=engine.id, Enabled=False)

    engine.preview(TWO)

    assert exchange.told == [
        f"OutboundConnector {engine.id}: enabled {TOLD}: True -> False; this run leaves it, the next brings it back"
    ]


@pytest.mark.parametrize(
    "wanted", [TWO, {"name": "Journal", "recipient_domains": ["j.example"]}], ids=["wanted", "no longer managed"]
)
def test_nothing_is_lost(engine: Engine, exchange: Telling, clicks: Clicks, wanted: dict[str, Any]) -> None:
    """A value that the program wants as well, or leaves alone from now on, is worth no word."""
    clicks.run("Set-OutboundConnector", Identity=engine.id, Comment="two")

    engine.preview(wanted)

    assert exchange.told == []


def test_replaced(exchange: Telling, config: dict[str, str], clicks: Clicks) -> None:
    """What takes the place of an object has nothing of what somebody has set there, changed by the program or not."""
    group = Engine(provider_over(DistributionGroupProvider, exchange, config))
    group.up({"name": "g", "type": "Distribution", "mail_tip": "Journaled"})
    clicks.run("Set-DistributionGroup", Identity=group.id, MailTip="by hand", BypassSecurityGroupManagerCheck=True)

    group.preview({"name": "g", "type": "Security", "mail_tip": "Journaled"})

    (line,) = [line for line in exchange.told if TOLD in line]
    assert "mail_tip" in line
    assert line.endswith("; this run sets 'Journaled'")


def test_not_known_yet(engine: Engine, exchange: Telling, clicks: Clicks) -> None:
    """What another resource will say is not known in a preview; that somebody's value goes is."""
    clicks.run("Set-OutboundConnector", Identity=engine.id, Comment="by hand")

    engine.preview({**CONNECTOR, "comment": UNKNOWN})

    assert exchange.told[0].endswith("'one' -> 'by hand'; this run sets a value that is not known yet")


def test_nothing_to_change(engine: Engine, clicks: Clicks, emulator: Emulator) -> None:
    """A preview that shows no change asks nothing: what somebody changed stays until a refresh."""
    clicks.run("Set-OutboundConnector", Identity=engine.id, Comment="by hand")
    calls(emulator)

    engine.preview(CONNECTOR)

    assert calls(emulator) == []


def test_after_a_run_that_broke(
    engine: Engine, exchange: Telling, clicks: Clicks, emulator: Emulator, tmp_path: Path
) -> None:
    """The next run looks by itself, whether or not it has a preview, and tells what it saw."""
    exchange.lost_answers = LostAnswers(tmp_path)
    emulator.control.fault(Status(403), cmdlet="Set-OutboundConnector", times=1)
    with pytest.raises(errors.Denied):
        engine.up(TWO)
    clicks.run("Set-OutboundConnector", Identity=engine.id, Comment="by hand")

    engine.up(TWO)

    assert f"OutboundConnector {engine.id}: comment {TOLD}: 'one' -> 'by hand'; this run sets 'two'" in exchange.told


def test_gone(engine: Engine, exchange: Telling, clicks: Clicks) -> None:
    """An object that was removed does not stop the preview."""
    clicks.run("Remove-OutboundConnector", Identity=engine.id)

    engine.preview(TWO)

    assert "Exchange does not show it" in exchange.told[0]
    assert "pulumi up --refresh" in exchange.told[0]


def test_no_answer(engine: Engine, exchange: Telling, emulator: Emulator, clock: Clock) -> None:
    """Nor does a service that does not answer, or hold it up for long."""
    emulator.control.fault(Status(503), cmdlet="Get-OutboundConnector", times=0)
    before = clock()

    engine.preview(TWO)

    assert "whether somebody has changed it since could not be seen" in exchange.told[-1]
    assert clock() - before <= LOOK_SECONDS


def test_of_another_tenant(engine: Engine) -> None:
    """Credentials for another tenant than the state's are refused here already."""
    engine.outputs[TENANT_ID] = "99999999-2222-4333-8444-555555555555"

    with pytest.raises(errors.WrongTenant):
        engine.preview(TWO)


def nothing_silently(kind: type[ExchangeProvider]) -> Any:
    """Make the law for one noun."""

    @pytest.mark.parametrize("world", [kind], indirect=True, ids=[kind.noun.name])
    @law(30)
    @given(LEGAL[kind], LEGAL[kind], st.data())
    def test(world: World, exchange: Telling, before: Any, after: Any, data: st.DataObject) -> None:
        """A value that somebody set, and that the program changes, is told by every preview; a value as it was by none."""
        engine = world.start()
        engine.up(before)
        assume(engine.check(after) == [] and engine.changes(after))
        assume("at_least" not in (before.get("member_mode"), after.get("member_mode")))
        both = sorted({*before} & {*after} & {*world.noun.properties} - {"type"})
        assume(both)
        name = data.draw(st.sampled_from(both))
        one = world.noun.properties[name]
        was = world.meaning(one, world.kept(one))
        moved(world, one, data)
        now = world.meaning(one, world.kept(one))
        tried[f"{kind.noun.name}: a person and a program change it"] += 1
        exchange.told.clear()

        engine.preview(after)

        told = [line for line in exchange.told if f": {name} {TOLD}" in line]
        assert bool(told) == (now not in (was, world.meaning(one, after[name]))), exchange.told

    return test


test_connectors = nothing_silently(OutboundConnectorProvider)
test_rules = nothing_silently(JournalRuleProvider)
test_the_config = nothing_silently(TransportConfigProvider)
test_groups = nothing_silently(DistributionGroupProvider)
