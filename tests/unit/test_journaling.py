"""What contradicts itself in the component's arguments, and what the connector of the guide is."""

from dataclasses import replace
from typing import Any

import pulumi
import pytest

from area1_provider import guide
from area1_provider.journaling import Journaling, JournalingArgs
from area1_provider.regions import REGIONS
from area1_provider.resources.distribution_group import DistributionGroupArgs
from area1_provider.resources.outbound_connector import OutboundConnectorArgs

GUIDE = JournalingArgs(journal_address="contoso@journaling.mxrecord.io")


def test_the_guide_is_right() -> None:
    """The guide's own values are no problem, with a connector and without."""
    assert guide.problems(GUIDE) == []
    assert guide.problems(replace(GUIDE, connector=False)) == []


@pytest.mark.parametrize("name", REGIONS)
def test_every_region_is_right_with_its_own_address(name: str) -> None:
    """Each region works with an address of its own."""
    assert guide.problems(JournalingArgs(journal_address=f"c@{REGIONS[name].domains[0]}", region=name)) == []


WRONG: list[tuple[dict[str, Any], str]] = [
    ({"region": "mars"}, "region: "),
    ({"region": "india"}, "region: "),
    ({"group": DistributionGroupArgs(), "recipient": "a@b.example"}, "recipient: "),
    ({"journal_address": "nobody"}, "journal_address: "),
    ({"connector_args": OutboundConnectorArgs(enabled=False)}, "connector_args.enabled: "),
    ({"region": "cloudflare-one", "journal_address": "c@cf-emailsecurity.com", "connector": True}, "connector: "),
]


@pytest.mark.parametrize(("changes", "place"), WRONG, ids=[f"{place}{list(c)}" for c, place in WRONG])
def test_contradictions(changes: dict[str, Any], place: str) -> None:
    """Each contradiction is said on a line that begins with its place."""
    first, *_ = guide.problems(replace(GUIDE, **changes))

    assert first.startswith(place)


def test_own_hosts_settle_the_region() -> None:
    """Whoever names hosts may have any address."""
    own = OutboundConnectorArgs(smart_hosts=["a.example"])

    assert guide.problems(replace(GUIDE, region="india", connector_args=own)) == []
    assert guide.problems(replace(GUIDE, region="cloudflare-one", connector_args=own)) == []


@pytest.mark.parametrize(
    ("args", "wanted"),
    [
        (GUIDE, True),
        (replace(GUIDE, connector=False), False),
        (replace(GUIDE, region="cloudflare-one"), False),
        (replace(GUIDE, region="cloudflare-one", connector_args=OutboundConnectorArgs()), True),
    ],
)
def test_when_there_is_a_connector(args: JournalingArgs, *, wanted: bool) -> None:
    """A connector is made where the region has hosts, unless the program says otherwise."""
    assert guide.wants_connector(args) is wanted


def test_several_problems_are_raised_together() -> None:
    """The component says all of them in one error, before anything is made."""
    args = replace(GUIDE, journal_address="nobody", region="mars")

    with pytest.raises(pulumi.RunError, match="2 problems"):
        Journaling("j", args)


@pytest.mark.usefixtures("event_loop")
def test_an_address_known_later() -> None:
    """An address that another resource gives is not judged here."""
    assert guide.problems(replace(GUIDE, journal_address=pulumi.Output.from_input("x"))) == []
