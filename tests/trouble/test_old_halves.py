"""Old halves of replacements that a run could not remove: which are removed when their name is wanted, which are not."""

import pytest
from misfortunes import fails, fault
from simulator import Resource, Stack
from world import World

from area1_provider import errors
from area1_provider.emulator.faults import Status
from area1_provider.old_halves import MEMORY
from area1_provider.resources.distribution_group import DistributionGroupProvider


def group(name: str, kind: str, logical: str = "group") -> Resource:
    """Give a group."""
    return Resource(logical, DistributionGroupProvider, {"name": name, "type": kind})


STAFF, OTHER, BACK = (
    group("Journaled staff", "Distribution"),
    group("Journaled", "Security"),
    group("Journaled staff", "Security"),
)


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
    """A machine that remembers nothing removes nothing, and names the command that can."""
    for file in place.machine.rglob("*.json"):
        file.unlink()

    said = fails(place, stack, [BACK], errors.AlreadyExists)

    assert "`area1 repair`" in said
    assert names(place) == ["Journaled", "Journaled staff"]


def test_long_ago(place: World, stack: Stack) -> None:
    """What was remembered a day ago is not believed."""
    place.clock.sleep(MEMORY + 1)

    fails(place, stack, [BACK], errors.AlreadyExists)

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
    """One whose removal was never asked for may be retained by the program: it stays, and `area1 repair` can tell."""
    stack, broken = place.begin(), Resource("broken", DistributionGroupProvider, {"name": "Staff"})  # a stranger's name
    place.up(stack, [STAFF])
    fails(place, stack, [OTHER, broken], errors.AlreadyExists)
    assert len(stack.to_delete) == 1

    said = fails(place, stack, [BACK], errors.AlreadyExists)
    assert "`area1 repair`" in said
    assert names(place) == ["Journaled", "Journaled staff"]

    stack.repair()
    place.up(stack, [BACK])
    assert names(place) == ["Journaled staff"]
