"""Members of a group: thousands of them, spelled in any way, exactly these or at least these."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lifecycle import Clicks, Engine, Telling, provider_over
from strategies import everybody, law, some_of, tried

from area1_provider.emulator import Emulator
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
        "Remove-DistributionGroupMember",
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


@law(60)
@given(
    before=some_of(everybody),
    after=some_of(everybody),
    strangers=st.lists(st.sampled_from(["diegos", "meganb", "archive-vendor"]), unique=True),
    mode=st.sampled_from(["exact", "at_least"]),
)
def test_any_change_of_members(
    before: list[str],
    after: list[str],
    strangers: list[str],
    mode: str,
    engine: Engine,
    tenant: Tenant,
    clicks: Clicks,
) -> None:
    """From any members, spelled in any way, to any others, with strangers put in between: those wanted are in.

    Strangers are out where exactly these are wanted, and stay in where others may be.
    """
    tried["members: from A to B with strangers between"] += 1
    tenant.reset()
    fresh = Engine(engine.provider)
    fresh.up({"name": "g", "members": before, "member_mode": mode})
    there = inside(tenant)
    new = [alias for alias in strangers if alias not in there]
    for alias in new:
        clicks.run("Add-DistributionGroupMember", Identity="g", Member=alias, BypassSecurityGroupManagerCheck=True)
    fresh.refresh()

    fresh.up({"name": "g", "members": after, "member_mode": mode})

    forms = {"address", "alias", "name", "guid"}
    wanted = {tenant.fetch(guid)["Alias"] for text in after for guid in tenant.find("Recipient", text, forms)}
    assert inside(tenant) == (wanted if mode == "exact" else wanted | set(new))
    assert not fresh.changes({"name": "g", "members": after, "member_mode": mode})
