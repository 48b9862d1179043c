"""What `adopt` must not take over: an object that it could not keep, an object of another name."""

from typing import Any

import pytest
from lifecycle import Clicks, Engine, Telling, provider_over

from area1_provider import errors
from area1_provider.emulator.tenant import Tenant
from area1_provider.resources.distribution_group import DistributionGroupProvider
from area1_provider.schema import UNKNOWN


@pytest.mark.parametrize(
    ("made", "wanted"),
    [
        ({}, {"type": "Security"}),
        ({"HiddenGroupMembershipEnabled": True}, {"hidden_group_membership_enabled": False}),
    ],
    ids=["type", "hidden members"],
)
def test_adoption_that_would_end_in_a_replacement(
    made: dict[str, Any],
    wanted: dict[str, Any],
    exchange: Telling,
    config: dict[str, str],
    clicks: Clicks,
    tenant: Tenant,
) -> None:
    """What Exchange changes only with a new object is refused at preview and at up: somebody else's would be deleted."""
    clicks.run("New-DistributionGroup", Name="Ours", **made)
    before = tenant.all("DistributionGroup")
    engine, args = Engine(provider_over(DistributionGroupProvider, exchange, config)), {"name": "Ours", "adopt": True}

    ((name, problem),) = engine.check({**args, **wanted})
    assert (name, "only with a new one" in problem) == (*wanted, True)
    with pytest.raises(errors.Refused, match=name):
        engine.provider.create({**args, **wanted})

    assert tenant.all("DistributionGroup") == before
    assert engine.check({**args, name: UNKNOWN}) == []
    engine = Engine(provider_over(DistributionGroupProvider, exchange, config))  # another run
    engine.up(args)
    assert engine.id == before[0]["Guid"]


def test_adoption_of_another_name(exchange: Telling, config: dict[str, str], clicks: Clicks, tenant: Tenant) -> None:
    """A group whose alias is the name that is wanted is another group: it is neither taken over nor renamed."""
    clicks.run("New-DistributionGroup", Name="Sales Department", Alias="sales")
    engine = Engine(provider_over(DistributionGroupProvider, exchange, config))

    with pytest.raises(errors.AlreadyExists, match="only one of that very name"):
        engine.up({"name": "sales", "adopt": True})
    assert [group["Name"] for group in tenant.all("DistributionGroup")] == ["Sales Department"]

    engine.up({"name": "SALES department", "adopt": True})
    assert [group["Name"] for group in tenant.all("DistributionGroup")] == ["SALES department"]
