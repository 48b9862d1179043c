"""Members of a group: thousands of them, spelled in any way, exactly these or at least these."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lifecycle import Clicks, Clock, Engine, Telling, provider_over
from strategies import everybody, law, some_of, tried

from area1_provider.emulator import Emulator
from area1_provider.emulator.faults import Stale
from area1_provider.emulator.tenant import Tenant
from area1_provider.resources.distribution_group import DistributionGroupProvider


@pytest.fixture
def engine(exchange: Telling, config: dict[str, str]) -> Engine:
    """Give the engine of a group."""
    return Engine(provider_over(DistributionGroupProvider, exchange, config))


def inside(tenant: Tenant) -> set[str]:
    """Give the aliases of who is in the one group."""
    (group,) = tenant.all("DistributionGroup")
    return {tenant.fetch(guid)["Alias"] for guid in tenant.store.members(tenant.tenant_id, group["Guid"])}


def test_more_than_a_page(engine: Engine, tenant: Tenant, emulator: Emulator) -> None:
    """1,200 members are made with one call and read with one cmdlet over its pages; a change is one more."""
    people = [tenant.add_mailbox(f"P {n}", f"p{n}")["PrimarySmtpAddress"] for n in range(1200)]
    engine.up({"name": "All", "members": people})
    emulator.control.clear_calls()

    engine.refresh()
    assert [call.page for call in emulator.control.calls() if call.cmdlet == "Get-DistributionGroupMember"] == [1, 2]
    assert not engine.changes({"name": "All", "members": list(reversed(people))})

    emulator.control.clear_calls()
    engine.up({"name": "All", "members": people[:-1]})
    assert [call.cmdlet for call in emulator.control.calls() if call.page == 1] == [
        "Update-DistributionGroupMember",
        "Get-DistributionGroupMember",
    ]
    assert len(inside(tenant)) == 1199


def test_more_than_one_call_takes(engine: Engine, tenant: Tenant, emulator: Emulator) -> None:
    """More members than Update- takes at once are added one by one after it; none is lost."""
    people = [tenant.add_mailbox(f"P {n}", f"p{n}")["PrimarySmtpAddress"] for n in range(5003)]

    engine.up({"name": "All", "members": people})

    assert len(inside(tenant)) == 5003
    cmdlets = [call.cmdlet for call in emulator.control.calls()]
    assert cmdlets.count("Add-DistributionGroupMember") == 3
    assert cmdlets.count("Update-DistributionGroupMember") == 1


def test_at_least(engine: Engine, tenant: Tenant, clicks: Clicks) -> None:
    """Others may be in the group and are neither seen nor removed; who is no longer named is removed."""
    args: dict[str, Any] = {"name": "g", "member_mode": "at_least"}
    engine.up({**args, "members": ["adelev", "alexw"]})
    clicks.run("Add-DistributionGroupMember", Identity="g", Member="diegos", BypassSecurityGroupManagerCheck=True)
    engine.refresh()

    assert not engine.changes({**args, "members": ["adelev", "alexw"]})
    engine.up({**args, "members": ["adelev"]})
    assert inside(tenant) == {"adelev", "diegos"}

    clicks.run("Remove-DistributionGroupMember", Identity="g", Member="adelev", BypassSecurityGroupManagerCheck=True)
    engine.refresh()
    assert engine.changes({**args, "members": ["adelev"]})
    engine.up({**args, "members": ["adelev"]})
    assert inside(tenant) == {"adelev", "diegos"}


def test_exactly(engine: Engine, tenant: Tenant, clicks: Clicks) -> None:
    """Somebody who was put in by hand is drift and is taken out again."""
    engine.up({"name": "g", "members": ["adelev"]})
    clicks.run("Add-DistributionGroupMember", Identity="g", Member="diegos", BypassSecurityGroupManagerCheck=True)

    engine.refresh()
    assert sorted(engine.inputs["members"]) == ["adelev", "diegos@contoso.com"]
    engine.up({"name": "g", "members": ["adelev"]})

    assert inside(tenant) == {"adelev"}


def test_emptied(engine: Engine, tenant: Tenant) -> None:
    """An empty list empties the group; unset leaves it alone."""
    engine.up({"name": "g", "members": ["adelev", "alexw"]})
    engine.up({"name": "g"})
    assert inside(tenant) == {"adelev", "alexw"}

    engine.refresh()
    engine.up({"name": "g", "members": ["adelev", "alexw"]})
    engine.up({"name": "g", "members": []})
    assert inside(tenant) == set()
    engine.refresh()
    assert not engine.changes({"name": "g", "members": []})


@pytest.mark.parametrize("wanted", [["adelev"], [], ["adelev", "alexw"]], ids=["one", "nobody", "two"])
def test_members_that_become_managed(wanted: list[str], engine: Engine, tenant: Tenant, clicks: Clicks) -> None:
    """Members that were left alone are not known: who is in the group and is not named is taken out."""
    engine.up({"name": "g"})
    clicks.run("Add-DistributionGroupMember", Identity="g", Member="diegos", BypassSecurityGroupManagerCheck=True)

    engine.up({"name": "g", "members": wanted})

    assert inside(tenant) == set(wanted)
    assert not engine.changes({"name": "g", "members": wanted})


def test_from_at_least_to_exactly(engine: Engine, tenant: Tenant, clicks: Clicks) -> None:
    """The same members become the only ones: others, whom nobody has looked at so far, are taken out."""
    engine.up({"name": "g", "members": ["adelev"], "member_mode": "at_least"})
    clicks.run("Add-DistributionGroupMember", Identity="g", Member="diegos", BypassSecurityGroupManagerCheck=True)

    assert engine.changes({"name": "g", "members": ["adelev"]})
    engine.up({"name": "g", "members": ["adelev"]})

    assert inside(tenant) == {"adelev"}


def test_from_exactly_to_at_least(engine: Engine, tenant: Tenant, clicks: Clicks) -> None:
    """Whoever is in the group stays, also one that a refresh has shown as drift."""
    engine.up({"name": "g", "members": ["adelev"]})
    clicks.run("Add-DistributionGroupMember", Identity="g", Member="diegos", BypassSecurityGroupManagerCheck=True)
    engine.refresh()
    args = {"name": "g", "members": ["adelev"], "member_mode": "at_least"}

    engine.up(args)
    engine.refresh()

    assert inside(tenant) == {"adelev", "diegos"}
    assert not engine.changes(args)


@pytest.mark.parametrize("name", ["members", "managed_by", "grant_send_on_behalf_to"])
def test_one_that_is_named_twice(name: str, engine: Engine, tenant: Tenant, clock: Clock) -> None:
    """A recipient named in two spellings is one: nothing is waited for, previews stay silent, one may be dropped."""
    twice, once = {"name": "g", name: ["meganb", "meganb@contoso.com"]}, {"name": "g", name: ["meganb@contoso.com"]}
    engine.up({"name": "g", name: ["meganb"]})

    engine.up(twice)
    assert not engine.changes(twice)
    engine.refresh()
    assert not engine.changes(twice)
    engine.up(once)

    assert not engine.changes(once)
    assert clock.slept == []
    if name == "members":
        assert inside(tenant) == {"meganb"}


modes = st.sampled_from(["exact", "at_least"])


@law(100)
@given(
    before=st.none() | some_of(everybody),
    after=some_of(everybody),
    strangers=st.lists(st.sampled_from(["diegos", "meganb", "archive-vendor"]), unique=True),
    mode=st.tuples(modes, modes),
    refreshed=st.booleans(),
)
def test_any_change_of_members(
    before: list[str] | None,
    after: list[str],
    strangers: list[str],
    mode: tuple[str, str],
    refreshed: bool,
    engine: Engine,
    tenant: Tenant,
    clicks: Clicks,
) -> None:
    """From any members, spelled in any way, to any others, with strangers put in between: those wanted are in.

    Strangers are out where exactly these are wanted, and stay in where others may be; so does who was in it before, unless
    the state says that a program put them in.
    """
    tried["members: from A to B with strangers between"] += 1
    tenant.reset()
    fresh = Engine(engine.provider)
    fresh.up({"name": "g", "members": before, "member_mode": mode[0]})
    there = inside(tenant)
    new = [alias for alias in strangers if alias not in there]
    for alias in new:
        clicks.run("Add-DistributionGroupMember", Identity="g", Member=alias, BypassSecurityGroupManagerCheck=True)
    if refreshed:
        fresh.refresh()
    args = {"name": "g", "members": after, "member_mode": mode[1]}

    fresh.up(args)
    if not refreshed:  # nobody could know of the strangers
        fresh.refresh()
        fresh.up(args)

    forms = {"address", "alias", "name", "guid"}
    wanted = {tenant.fetch(guid)["Alias"] for text in after for guid in tenant.find("Recipient", text, forms)}
    ours = mode[0] == "at_least" and before is not None
    others = set() if mode[1] == "exact" else set(new) | (set() if ours else there)
    assert inside(tenant) == wanted | others
    assert not fresh.changes(args)


@pytest.mark.parametrize("mode", ["exact", "at_least"])
@pytest.mark.parametrize("wanted", [["adelev"], []], ids=["one stays", "nobody stays"])
def test_a_server_that_is_behind(
    mode: str, wanted: list[str], engine: Engine, tenant: Tenant, emulator: Emulator
) -> None:
    """Who is no longer named goes, though the listing does not show anybody."""
    args: dict[str, Any] = {"name": "g", "member_mode": mode}
    engine.up({**args, "members": ["adelev", "alexw"]})
    emulator.control.fault(Stale(), cmdlet="Get-DistributionGroupMember", times=1)

    engine.up({**args, "members": wanted})

    assert inside(tenant) == set(wanted)


def test_a_server_that_is_behind_and_another_spelling(engine: Engine, tenant: Tenant, emulator: Emulator) -> None:
    """The same person by another name stays."""
    args: dict[str, Any] = {"name": "g", "member_mode": "at_least"}
    engine.up({**args, "members": ["adelev", "alexw"]})
    emulator.control.fault(Stale(), cmdlet="Get-DistributionGroupMember", times=1)

    engine.up({**args, "members": ["AdeleV@contoso.com"]})

    assert inside(tenant) == {"adelev"}
