"""Several at once: two stacks on one tenant, each with its own state; two resources and one name."""

import dataclasses

import pytest
from misfortunes import fails
from programs import CONNECTORS, Program
from simulator import Resource, Stack
from test_found import guide
from world import World

from area1_provider import errors
from area1_provider.resources.outbound_connector import OutboundConnectorProvider


def others(place: World, first: Stack) -> Stack:
    """Give a second stack on the same tenant."""
    del place
    return Stack(first.client, first.config)


def only(program: Program, logical: str, /, **changes: object) -> Program:
    """Give one resource of a program, with other inputs."""
    (found,) = [one for one in program if one.name == logical]
    return [dataclasses.replace(found, inputs={**found.inputs, **changes}, after=[])]


def test_two_stacks_want_one_name(place: World) -> None:
    """The second is told that the name is taken, and changes nothing; destroying it does no harm."""
    first = place.begin()
    place.up(first, guide())
    before = place.tenant.all("OutboundConnector")
    second = others(place, first)

    with pytest.raises(errors.AlreadyExists, match="area1 import OutboundConnector"):
        second.up(only(guide(), "connector", comment="second"))
    second.destroy()

    assert place.tenant.all("OutboundConnector") == before
    assert place.up(first, guide()) == 0


def test_two_stacks_want_other_addresses(place: World) -> None:
    """The address of the first is not overwritten by the second unless it is told to."""
    first = place.begin()
    place.up(first, guide())
    second = others(place, first)
    other: list[Resource] = only(
        guide(), "config", undeliverable_address="diegos@contoso.com", replace_undeliverable_address=False
    )

    with pytest.raises(errors.Refused, match="it was not changed"):
        second.up(other)

    assert place.up(first, guide()) == 0


def test_two_stacks_with_names_of_their_own(place: World) -> None:
    """Stacks that share a tenant and no names do not see each other; each destroys its own."""
    first = place.begin()
    place.up(first, guide())
    second = others(place, first)
    (taken,) = place.ours()["OutboundConnector"]
    (free,) = set(CONNECTORS) - {taken}
    second.up(only(guide(), "connector", name=free))
    assert len(place.ours()["OutboundConnector"]) == 2

    first.destroy()

    assert place.ours()["OutboundConnector"] == [free]
    assert second.up(only(guide(), "connector", name=free)) == 0
    second.destroy()


def test_the_name_of_a_resource_that_goes(place: World) -> None:
    """The engine removes last, so that its name is not free before; the error names the way out, and it works."""
    stack, both = place.begin(), [connector("first", CONNECTORS[0]), connector("second", CONNECTORS[1])]
    place.up(stack, both)

    said = fails(place, stack, [connector("second", CONNECTORS[0])], errors.AlreadyExists)

    assert "run it once with the name as it was" in said
    place.up(stack, both[1:])
    place.up(stack, [connector("second", CONNECTORS[0])])
    assert place.ours()["OutboundConnector"] == [CONNECTORS[0]]


def connector(logical: str, name: str) -> Resource:
    """Give a connector."""
    return Resource(logical, OutboundConnectorProvider, {"name": name, "recipient_domains": ["j.example"]})
