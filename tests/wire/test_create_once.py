"""Making an object exactly once: lost answers, taken names, adoption, replication lag, objects that vanish."""

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lifecycle import Clicks, Clock, Engine, Telling, exchange_of, provider_over
from strategies import law, tried

from area1_provider import errors
from area1_provider.emulator import Emulator
from area1_provider.emulator.faults import Cut, Garbage, Reset, Stale, Status, Transient
from area1_provider.emulator.tenant import Tenant
from area1_provider.lost_answers import LostAnswers
from area1_provider.resources.distribution_group import DistributionGroupProvider
from area1_provider.resources.journal_rule import JournalRuleProvider
from area1_provider.resources.outbound_connector import OutboundConnectorProvider
from area1_provider.resources.outbound_connector_validation import OutboundConnectorValidationProvider
from area1_provider.resources.transport_config import TransportConfigProvider

ARGS: dict[str, dict[str, Any]] = {
    "OutboundConnector": {"name": "O'Connor", "recipient_domains": ["j.example"], "comment": "ours"},
    "JournalRule": {"name": "Ours", "journal_email_address": "j@j.example", "enabled": True},
    "DistributionGroup": {"name": "Ours", "members": ["adelev"], "managed_by": ["meganb"]},
}
KINDS = {kind.noun.name: kind for kind in (OutboundConnectorProvider, JournalRuleProvider, DistributionGroupProvider)}
LOST = [
    Reset(carried_out=True),
    Reset(carried_out=False),
    Cut(carried_out=True),
    Status(503, carried_out=True),
    Status(500),
    Status(504, carried_out=True),
    Garbage(carried_out=True),
    Transient("ServerBusyException", carried_out=True),
    Transient("DCOverloadedException"),
]


@pytest.fixture
def engine(request: pytest.FixtureRequest, exchange: Telling, clicks: Clicks, config: dict[str, str]) -> Engine:
    """Give the engine for the noun of the test."""
    clicks.run("Set-TransportConfig", JournalingReportNdrTo="ndr@archive.example")
    return Engine(provider_over(KINDS[request.param], exchange, config))


each_noun = pytest.mark.parametrize("engine", sorted(KINDS), indirect=True)


def objects(tenant: Tenant, engine: Engine) -> list[dict[str, Any]]:
    """Give what the tenant has of the engine's noun."""
    return tenant.all(engine.provider.noun.name)


def args_of(engine: Engine) -> dict[str, Any]:
    """Give the arguments for the engine's noun."""
    return dict(ARGS[engine.provider.noun.name])


@each_noun
@pytest.mark.parametrize("trouble", LOST, ids=repr)
@pytest.mark.parametrize("times", [1, 2])
def test_a_lost_answer(engine: Engine, trouble: Any, times: int, emulator: Emulator, tenant: Tenant) -> None:
    """A create whose answer was lost finds its object if it was made, and makes it if not: there is one in the end."""
    emulator.control.fault(trouble, cmdlet="New-*", times=times)

    engine.up(args_of(engine))

    (made,) = objects(tenant, engine)
    assert engine.id == made["Guid"]
    assert not engine.changes(args_of(engine))


@each_noun
@pytest.mark.parametrize("refusal", [Status(403, body="{}"), Status(429), Status(400)], ids=repr)
def test_a_lost_answer_then_a_refusal(engine: Engine, refusal: Status, emulator: Emulator, tenant: Tenant) -> None:
    """A create that was lost, did not show, and was then refused has perhaps made its object: the error names it."""
    emulator.control.fault(Reset(carried_out=True), cmdlet="New-*")
    emulator.control.fault(Stale(), cmdlet="Get-*", times=0)
    emulator.control.fault(refusal, cmdlet="New-*", nth=2, times=0)

    with pytest.raises(errors.AnswerLost) as caught:
        engine.up(args_of(engine))
    assert f"area1 import {engine.provider.noun.name}" in str(caught.value)
    assert len(objects(tenant, engine)) == 1


@law(60)
@given(
    schedule=st.lists(st.tuples(st.sampled_from(LOST), st.integers(1, 6)), max_size=3),
    noun=st.sampled_from(sorted(KINDS)),
)
def test_a_life_in_trouble(
    schedule: list[tuple[Any, int]],
    noun: str,
    tenant: Tenant,
    emulator: Emulator,
    config: dict[str, str],
) -> None:
    """Whatever befalls single calls, create, update and delete come to their end, with one object and then none."""
    tried["a life under scripted trouble"] += 1
    tenant.reset()
    emulator.control.clear_faults()
    (transport,) = tenant.all("TransportConfig")
    tenant.save("TransportConfig", {**transport, "JournalingReportNdrTo": "ndr@archive.example"})
    exchange = exchange_of(emulator.environment(), Clock())  # the waits of one life make no token of the next too old
    engine = Engine(provider_over(KINDS[noun], exchange, config))
    for trouble, nth in schedule:
        emulator.control.fault(trouble, nth=nth)

    args = dict(ARGS[noun])
    with exchange.http:
        engine.up(args)
        assert len(tenant.all(noun)) == 1
        engine.up({**args, "name": "Renamed"})
        engine.refresh()
        assert not engine.changes({**args, "name": "Renamed"})
        engine.destroy()
    assert tenant.all(noun) == []
    emulator.control.clear_faults()


@each_noun
def test_a_name_that_is_taken(engine: Engine, tenant: Tenant, clicks: Clicks) -> None:
    """An object of that name is left alone, and the error names both ways out."""
    made_by_hand(engine, clicks)
    before = objects(tenant, engine)

    with pytest.raises(errors.AlreadyExists) as caught:
        engine.up(args_of(engine))
    assert f"area1 import {engine.provider.noun.name}" in str(caught.value)
    assert "adopt=True" in str(caught.value)
    assert "delete_before_replace=True" in str(caught.value)
    assert objects(tenant, engine) == before


@each_noun
def test_one_name_twice_in_a_program(
    engine: Engine,
    exchange: Telling,
    config: dict[str, str],
    tenant: Tenant,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Of two resources of one name that are made at the same time one is refused: they never share an object."""
    invoke, args = exchange.invoke, args_of(engine)
    twin = Engine(provider_over(KINDS[engine.provider.noun.name], exchange, config))
    refused: list[str] = []
    exchange.lost_answers = LostAnswers(tmp_path)  # which says of the second that it was asked for before

    def meanwhile(cmdlet: str, parameters: Any = None) -> Any:
        answer = invoke(cmdlet, parameters)
        if cmdlet.startswith("New-"):
            with pytest.raises(errors.Refused, match="Another resource of this program") as caught:
                twin.provider.create({**args, "name": args["name"].upper()})
            refused.append(str(caught.value))
        return answer

    monkeypatch.setattr(exchange, "invoke", meanwhile)
    engine.up(args)
    monkeypatch.undo()

    assert len(refused) == len(objects(tenant, engine)) == 1
    with pytest.raises(errors.AlreadyExists):
        twin.up(args)
    engine.destroy()
    twin.up(args)
    assert len(objects(tenant, engine)) == 1


def made_by_hand(engine: Engine, clicks: Clicks) -> None:
    """Let somebody else make an object of the same name."""
    noun, name = engine.provider.noun.name, args_of(engine)["name"]
    further = {"JournalEmailAddress": "other@other.example"} if noun == "JournalRule" else {}
    clicks.run(f"New-{noun}", Name=name, **further)


@each_noun
def test_a_stranger_in_the_gap(engine: Engine, tenant: Tenant, clicks: Clicks, emulator: Emulator) -> None:
    """An object of that name which is not what we asked for is a stranger's, even if our answer was lost."""
    made_by_hand(engine, clicks)
    before = objects(tenant, engine)
    emulator.control.fault(Reset(carried_out=False), cmdlet="New-*")
    args = {**args_of(engine), **different(engine)}

    with pytest.raises(errors.AlreadyExists):
        engine.up(args)
    assert objects(tenant, engine) == before


def different(engine: Engine) -> dict[str, Any]:
    """Give what tells our object from one made by hand."""
    return {"DistributionGroup": {"display_name": "Ours alone"}}.get(engine.provider.noun.name, {"enabled": True})


def test_an_old_stranger_that_is_alike(
    exchange: Telling, config: dict[str, str], clicks: Clicks, emulator: Emulator, clock: Clock, tenant: Tenant
) -> None:
    """An object that is what we asked for, but was there long before we asked, is a stranger's."""
    args = ARGS["OutboundConnector"]
    clicks.run("New-OutboundConnector", Name=args["name"], RecipientDomains=["j.example"], Comment="ours")
    clock.now += 1200
    emulator.control.advance(1200)
    emulator.control.fault(Reset(carried_out=False), cmdlet="New-*")

    with pytest.raises(errors.AlreadyExists):
        Engine(provider_over(OutboundConnectorProvider, exchange, config)).up(args)
    assert len(tenant.all("OutboundConnector")) == 1


@each_noun
def test_adoption(engine: Engine, tenant: Tenant, clicks: Clicks, exchange: Telling) -> None:
    """With `adopt` the object is taken over as it is, brought to what is wanted, and the preview shows what changes."""
    made_by_hand(engine, clicks)
    (before,) = objects(tenant, engine)
    args = {**args_of(engine), **different(engine), "adopt": True}

    assert engine.check(args) == []
    assert any("will be taken over" in line for line in exchange.told)
    assert objects(tenant, engine) == [before]
    engine.up(args)

    (after,) = objects(tenant, engine)
    assert after["Guid"] == before["Guid"] == engine.id
    assert not engine.changes(args)
    engine.refresh()
    assert not engine.changes(args)


@each_noun
def test_adoption_of_nothing(engine: Engine, tenant: Tenant) -> None:
    """With `adopt` and no such object, one is made."""
    engine.up({**args_of(engine), "adopt": True})

    assert len(objects(tenant, engine)) == 1


@each_noun
def test_rename_in_place(engine: Engine, tenant: Tenant) -> None:
    """A rename is an update: the GUID stays."""
    engine.up(args_of(engine))
    id_ = engine.id

    engine.up({**args_of(engine), "name": "Renamed"})

    assert (engine.id, objects(tenant, engine)[0]["Name"]) == (id_, "Renamed")


@each_noun
def test_a_vanished_object(engine: Engine, tenant: Tenant, exchange: Telling) -> None:
    """An object that somebody removed is gone at the refresh, made again at the next up, and no trouble at a destroy."""
    engine.up(args_of(engine))
    tenant.delete(engine.id)

    engine.destroy()
    assert any("gone already" in line for line in exchange.told)

    engine.up(args_of(engine))
    tenant.delete(engine.id)
    engine.refresh()
    assert (engine.id, engine.outputs) == ("", {})
    engine.up(args_of(engine))
    assert len(objects(tenant, engine)) == 1


@each_noun
def test_an_error_is_never_gone(engine: Engine, emulator: Emulator) -> None:
    """A refresh that fails is a failure, whatever the status: the object stays in the state."""
    engine.up(args_of(engine))
    for status in (400, 403, 404, 405, 410):
        emulator.control.clear_faults()
        emulator.control.fault(Status(status, body="{}"), cmdlet="Get-*", times=0)

        with pytest.raises(errors.ExchangeError):
            engine.refresh()


@each_noun
def test_replication_lag(engine: Engine, emulator: Emulator) -> None:
    """A new object that other servers do not have yet is not taken for gone within the operation."""
    emulator.control.replication_lag(3)

    engine.up(args_of(engine))
    engine.up({**args_of(engine), "name": "Renamed"})

    assert engine.outputs["name"] == "Renamed"


def test_a_create_that_breaks_off(
    exchange: Telling, config: dict[str, str], tenant: Tenant, emulator: Emulator
) -> None:
    """A group whose second half is refused is taken away again: nothing is half made."""
    emulator.control.fault(Status(400, body='{"error":{"message":"no"}}'), cmdlet="Set-DistributionGroup", times=0)
    engine = Engine(provider_over(DistributionGroupProvider, exchange, config))

    with pytest.raises(errors.ExchangeError, match="no"):
        engine.up({"name": "Half", "mail_tip": "x"})
    assert tenant.all("DistributionGroup") == []


def test_somebody_elses_address(exchange: Telling, config: dict[str, str], clicks: Clicks, tenant: Tenant) -> None:
    """An address for undeliverable reports that somebody set is not overwritten unless told to, and stays at a destroy."""
    clicks.run("Set-TransportConfig", JournalingReportNdrTo="theirs@archive.example")
    engine = Engine(provider_over(TransportConfigProvider, exchange, config))

    with pytest.raises(errors.Refused, match=r"theirs@archive\.example"):
        engine.up({"undeliverable_address": "ours@archive.example"})
    assert tenant.all("TransportConfig")[0]["JournalingReportNdrTo"] == "theirs@archive.example"

    engine.up({"undeliverable_address": "ours@archive.example", "replace_undeliverable_address": True})
    engine.destroy()
    assert tenant.all("TransportConfig")[0]["JournalingReportNdrTo"] == "ours@archive.example"
    assert any("left as it is" in line for line in exchange.told)


def test_somebody_elses_address_later(
    exchange: Telling, config: dict[str, str], clicks: Clicks, tenant: Tenant, emulator: Emulator
) -> None:
    """So it is where the address becomes managed by an update, also if it was set after the last read."""
    engine = Engine(provider_over(TransportConfigProvider, exchange, config))
    engine.up({"journal_message_expiration_days": 1})
    clicks.run("Set-TransportConfig", JournalingReportNdrTo="theirs@archive.example")
    args = {"journal_message_expiration_days": 2, "undeliverable_address": "ours@archive.example"}

    with pytest.raises(errors.Refused, match=r"theirs@archive\.example"):
        engine.up(args)
    assert tenant.all("TransportConfig")[0]["JournalingReportNdrTo"] == "theirs@archive.example"
    assert [call.cmdlet for call in emulator.control.calls()][-1] == "Get-TransportConfig"

    engine.up({**args, "replace_undeliverable_address": True})
    assert tenant.all("TransportConfig")[0]["JournalingReportNdrTo"] == "ours@archive.example"


@pytest.fixture
def validation(exchange: Telling, config: dict[str, str], clicks: Clicks) -> tuple[Engine, str]:
    """Give the engine of a validation and a connector's GUID."""
    (connector,) = clicks.run("New-OutboundConnector", Name="c", RecipientDomains=["j.example"])
    return Engine(provider_over(OutboundConnectorValidationProvider, exchange, config)), connector["Guid"]


def test_validation_of_a_connector(validation: tuple[Engine, str], clicks: Clicks, tenant: Tenant) -> None:
    """Every task is reported, the connector is marked; the mark lost or the routing changed, it runs again."""
    engine, guid = validation
    args = {"connector": guid, "recipients": ["j@j.example"], "routing": {"smart_hosts": []}}

    engine.up(args)

    (connector,) = tenant.all("OutboundConnector")
    assert connector["IsValidated"]
    assert connector["ValidationRecipients"] == ["j@j.example"]
    assert [task["status"] for task in engine.outputs["tasks"]] == ["Succeeded"]
    engine.refresh()
    assert not engine.changes(args)
    assert engine.changes({**args, "routing": {"smart_hosts": ["a.example"]}})
    clicks.run("Set-OutboundConnector", Identity=guid, IsValidated=False)
    engine.refresh()
    assert engine.changes(args)
    engine.up(args)
    assert tenant.all("OutboundConnector")[0]["IsValidated"]


def test_validation_that_fails(validation: tuple[Engine, str], exchange: Telling, tenant: Tenant) -> None:
    """A failing task is an error with its detail and marks nothing; `accept_failures` makes it a warning."""
    engine, guid = validation
    args = {"connector": guid, "recipients": ["j@elsewhere.example"]}

    with pytest.raises(errors.Refused, match=r"Send test email: Failed .*elsewhere\.example"):
        engine.up(args)
    assert not tenant.all("OutboundConnector")[0]["IsValidated"]

    engine.up({**args, "accept_failures": True})
    assert any("validation failed" in line for line in exchange.told)
    engine.refresh()
    assert not engine.changes({**args, "accept_failures": True})


@law(40)
@given(
    recipients=st.lists(st.sampled_from(["a@j.example", "A@J.example", "c.d@j.example"]), min_size=1, max_size=4),
    routing=st.dictionaries(
        st.sampled_from(["smart_hosts", "enabled", "use_mx_record"]), st.sampled_from([True, "x", 1])
    ),
    accept=st.sampled_from([None, False, True]),
)
def test_lives_of_validations(
    recipients: list[str], routing: dict[str, Any], accept: bool | None, validation: tuple[Engine, str], tenant: Tenant
) -> None:
    """Validate, preview, refresh, preview: silent for every choice of arguments; a destroy leaves the connector."""
    tried["OutboundConnectorValidation: create, read, diff, delete"] += 1
    engine, guid = validation
    args = {"connector": guid, "recipients": recipients, "routing": routing, "accept_failures": accept}

    engine.up(args)
    assert not engine.changes(args)
    engine.refresh()
    assert not engine.changes(args)
    assert engine.inputs["recipients"] == recipients
    assert engine.replaces({**args, "connector": "another"}) == ["connector"]
    engine.destroy()

    assert len(tenant.all("OutboundConnector")) == 1
