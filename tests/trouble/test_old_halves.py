"""Old halves of replacements that a run could not remove: which are removed when their name is wanted, which are not."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from misfortunes import fails, fault
from programs import RULES, Program
from schedules import settled
from simulator import Ref, Resource, Stack
from world import World

from area1_provider import errors
from area1_provider.emulator.faults import Status
from area1_provider.emulator.tenant import Change
from area1_provider.resources.distribution_group import DistributionGroupProvider
from area1_provider.resources.journal_rule import JournalRuleProvider
from area1_provider.resources.transport_config import TransportConfigProvider


def group(name: str, kind: str, logical: str = "group") -> Resource:
    """Give a group."""
    return Resource(logical, DistributionGroupProvider, {"name": name, "type": kind})


STAFF, OTHER, BACK = (
    group("Journaled staff", "Distribution"),
    group("Journaled", "Security"),
    group("Journaled staff", "Security"),
)
PROXIES = ["SMTP:archived@contoso.com", "smtp:second@contoso.com"]


@pytest.fixture
def stack(place: World) -> Stack:
    """Give a stack whose group was replaced by one of another name, while nothing could be removed."""
    made = place.begin()
    place.up(made, [STAFF])
    fault(place, Status(403), "Remove-DistributionGroup", times=0)
    fails(place, made, [OTHER], errors.Denied)
    assert len(made.to_delete) == 1
    return made


def names(place: World) -> list[str]:
    """Give the names of the groups that are ours."""
    return sorted(place.ours()["DistributionGroup"])


def test_a_new_resource_of_that_name(place: World, stack: Stack) -> None:
    """It is in the way of a create as well."""
    place.up(stack, [OTHER, group("Journaled staff", "Security", "second")])

    assert names(place) == ["Journaled", "Journaled staff"]
    assert stack.to_delete == []
    assert place.up(stack, [OTHER, group("Journaled staff", "Security", "second")]) == 0


def test_on_another_machine(place: World, stack: Stack) -> None:
    """The state says it, wherever the run is: no machine needs to remember."""
    for file in place.machine.rglob("*.json"):
        file.unlink()

    place.up(stack, [BACK])

    assert names(place) == ["Journaled staff"]


def test_retained(place: World, stack: Stack) -> None:
    """What the program retains is not removed, whoever wants its name."""
    stack.retained = True

    said = fails(place, stack, [BACK], errors.AlreadyExists)

    assert "it stays: the program retains it (`retain_on_delete`)" in said
    assert "or take it from that object by hand" in said
    assert names(place) == ["Journaled", "Journaled staff"]


def test_of_another_name(place: World, stack: Stack) -> None:
    """Only the one that is in the way is removed: a name that a stranger has stays taken."""
    fails(place, stack, [group("Staff", "Security")], errors.AlreadyExists)

    assert names(place) == ["Journaled", "Journaled staff"]


def test_removed_in_the_end(place: World, stack: Stack) -> None:
    """Once the engine has removed it nothing is remembered."""
    place.up(stack, [OTHER])

    assert names(place) == ["Journaled"]
    assert list(place.machine.rglob("*.json")) == []


def test_replaced_after_all(place: World) -> None:
    """A replacement whose create was cut off has no old half: the program as it was keeps its group."""
    stack = place.begin()
    place.up(stack, [STAFF])
    fault(place, Status(403), "New-DistributionGroup", times=0)
    fails(place, stack, [OTHER], errors.Denied)

    place.up(stack, [STAFF])
    fails(place, stack, [STAFF, group("Journaled staff", "Security", "second")], errors.AlreadyExists)

    assert names(place) == ["Journaled staff"]


def test_taken_over(place: World, stack: Stack) -> None:
    """What another resource has taken over is no old half any more: not even its own name makes it go."""
    taken = Resource("second", DistributionGroupProvider, {**STAFF.inputs, "adopt": True})
    place.up(stack, [OTHER, taken])

    fails(place, stack, [BACK, taken], errors.AlreadyExists)

    assert names(place) == ["Journaled", "Journaled staff"]
    place.up(stack, [OTHER, taken])  # which looks again at what could not be renamed
    assert place.up(stack, [OTHER, taken]) == 0


def test_taken_over_by_the_run_that_wants_the_name(place: World, stack: Stack) -> None:
    """Nor in the very run that took it over."""
    taken = Resource("second", DistributionGroupProvider, {**STAFF.inputs, "adopt": True})

    fails(place, stack, [taken, BACK], errors.AlreadyExists)

    assert names(place) == ["Journaled", "Journaled staff"]


def test_never_tried(place: World) -> None:
    """One whose removal no run came to is removed as well."""
    stack, broken = place.begin(), Resource("broken", DistributionGroupProvider, {"name": "Staff"})  # a stranger's name
    place.up(stack, [STAFF])
    fails(place, stack, [OTHER, broken], errors.AlreadyExists)
    assert len(stack.to_delete) == 1

    place.up(stack, [BACK])

    assert names(place) == ["Journaled staff"]
    assert place.up(stack, [BACK]) == 0


def with_rule(wanted: Resource, named_by: str = "primary_smtp_address") -> Program:
    """Give a program of a group and a rule for its members."""
    config = Resource("config", TransportConfigProvider, {"undeliverable_address": "meganb@contoso.com"})
    inputs = {
        "name": RULES[0],
        "journal_email_address": "c@journaling.mxrecord.io",
        "recipient": named_by if "@" in named_by else Ref("group", named_by),
    }
    return [config, wanted, Resource("rule", JournalRuleProvider, inputs, ["config", "group"])]


@pytest.fixture
def in_use(place: World) -> Stack:
    """Give a stack whose rule names the old half still: it could not be moved on."""
    return kept(place, STAFF)


def kept(place: World, group: Resource, named_by: str = "primary_smtp_address") -> Stack:
    """Give a stack whose rule names the old half of this group's replacement, and a witness of whom it journals."""
    made = place.begin()
    place.up(made, with_rule(group, named_by))
    fault(place, Status(403), "Set-JournalRule", times=0)
    fails(place, made, with_rule(OTHER), errors.Denied)
    assert len(made.to_delete) == 1
    place.tenant.watchers.append(lambda change: place.wrong.extend(nobody_journaled(place, change)))
    return made


def nobody_journaled(place: World, change: Change) -> Iterator[str]:
    """Give a line where a rule names a group that is not there."""
    groups = place.tenant.all("DistributionGroup")
    addresses = {address.partition(":")[2] for one in groups for address in one["EmailAddresses"]}
    for one in place.tenant.all("JournalRule"):
        if one["Recipient"] not in addresses:
            yield f"{change.noun} changed: {one['Recipient']} is nobody's address"


@pytest.mark.parametrize("wanted", [BACK, STAFF], ids=["a new one of that name", "as it was"])
def test_in_use(place: World, in_use: Stack, wanted: Resource) -> None:
    """One that a rule names gets another name, or is taken back: at no moment does the rule name nobody."""
    place.up(in_use, with_rule(wanted))

    settled(place, in_use, with_rule(wanted))


def test_taken_back(place: World, in_use: Stack) -> None:
    """The group that the program had before is the very same."""
    half = in_use.to_delete[0].id

    place.up(in_use, with_rule(STAFF))

    assert in_use.held["group"].id == half


@pytest.mark.parametrize("named_by", ["primary_smtp_address", "second@contoso.com"])
def test_its_address_is_wanted(place: World, named_by: str) -> None:
    """What names the address that the successor is to have next means the successor: the old half makes way."""
    stack = kept(place, replace(STAFF, inputs={**STAFF.inputs, "email_addresses": PROXIES}), named_by)
    wanted = replace(BACK, inputs={**BACK.inputs, "primary_smtp_address": "archived@contoso.com"})

    place.up(stack, with_rule(wanted))

    assert place.wrong  # an address is taken once: a moment without it there must be, and nothing worse
    assert all("is nobody's address" in one for one in place.wrong)
    place.wrong.clear()
    settled(place, stack, with_rule(wanted))


@pytest.mark.parametrize(
    ("made", "wanted"),
    [
        ({}, {"alias": "Journaledstaff"}),
        ({"alias": "one", "primary_smtp_address": "archived@contoso.com"}, {"alias": "ONE"}),
        ({"email_addresses": PROXIES}, {"email_addresses": ["SMTP:other@contoso.com", "smtp:second@contoso.com"]}),
    ],
    ids=["alias and name", "alias in another case", "another address"],
)
def test_what_it_is_not_known_by_is_wanted(place: World, made: dict[str, Any], wanted: dict[str, Any]) -> None:
    """An old half that a rule names gives up name, alias and further addresses; at no moment does the rule name nobody."""
    stack = kept(place, replace(STAFF, inputs={**STAFF.inputs, **made}))
    address = stack.to_delete[0].outputs["primary_smtp_address"]
    program = with_rule(replace(BACK, inputs={**BACK.inputs, **wanted}))

    place.up(stack, program)

    assert address not in str(place.tenant.all("DistributionGroup"))
    settled(place, stack, program)


def test_its_name_is_wanted_by_a_new_resource(place: World, in_use: Stack) -> None:
    """It makes way for one that is made as well as for one that changes."""
    named = {"name": "Journaled staff", "alias": "second", "primary_smtp_address": "second@contoso.com"}
    second = Resource("second", DistributionGroupProvider, {**named, "type": "Security"})
    config, group_, rule = with_rule(OTHER)

    place.up(in_use, [config, group_, second, rule])

    settled(place, in_use, [config, group_, second, rule])


def test_its_address_is_wanted_by_a_new_group(place: World, stack: Stack) -> None:
    """A group that is made first and given its addresses then finds way made as well."""
    proxies = ["SMTP:Journaledstaff@contoso.com", "smtp:second@contoso.com"]
    second = Resource("second", DistributionGroupProvider, {"name": "Journaled third", "email_addresses": proxies})

    place.up(stack, [OTHER, second])

    assert len(place.tenant.all("DistributionGroup")) == 3
    assert stack.to_delete == []
    assert place.up(stack, [OTHER, second]) == 0


def test_what_is_taken_back_is_in_nobodys_way(place: World, stack: Stack) -> None:
    """A half that is wanted again, with an address that a stranger has, stays as it was: it is not removed for itself."""
    half = stack.to_delete[0].id
    wanted = Resource(
        "second", DistributionGroupProvider, {**STAFF.inputs, "primary_smtp_address": "staff@contoso.com"}
    )

    fails(place, stack, [OTHER, wanted], errors.AlreadyExists)

    assert half in [one["Guid"] for one in place.tenant.all("DistributionGroup")]


def test_its_only_address_is_wanted(place: World) -> None:
    """One that something names by its GUID gets an address of its own until that has moved on."""
    made = replace(STAFF, inputs={**STAFF.inputs, "email_addresses": ["SMTP:archived@contoso.com"]})
    wanted = replace(BACK, inputs={**BACK.inputs, "primary_smtp_address": "archived@contoso.com"})
    stack = place.begin()
    place.up(stack, with_friend(made))
    fault(place, Status(403), "Update-DistributionGroupMember", times=0)
    fails(place, stack, with_friend(OTHER), errors.Denied)
    half = stack.to_delete[0].id
    changes: list[Change] = []
    place.tenant.watchers.append(changes.append)

    place.up(stack, with_friend(wanted))

    (set_aside,) = [one.after for one in changes if one.guid == half and one.after]
    assert set_aside["EmailAddresses"] == [f"SMTP:archived-{half[:8]}@contoso.com"]
    assert names(place) == ["Journaled staff"]
    assert place.up(stack, with_friend(wanted)) == 0


def with_friend(wanted: Resource) -> Program:
    """Give a program of a group and another one that it is in, by its GUID."""
    members = {"name": "friend", "members": [Ref("group", "id")]}
    return [wanted, Resource("friend", DistributionGroupProvider, members, ["group"])]
