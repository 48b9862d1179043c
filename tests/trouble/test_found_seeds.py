"""The schedules that found something once, by seed."""

import pytest
from schedules import addressing, every_kind, moving, schedule
from world import World

FOUND = (5, 6, 84, 110, 398, 414, 816, 924, 986, 2270, 2424, 2758, 2777, 4117, 4958)
"""Seeds that did not converge when they were first run."""
FOUND_BY_EVERY_KIND = (74, 315, 626, 711, 5420, 90636, 90774, 710141)
"""Likewise, of schedules of all kinds of trouble."""
FOUND_MOVING = (321, 5068, 5179)
"""Likewise, of programs whose resources change their logical names as well."""
FOUND_ADDRESSING = (293, 564, 708, 1359, 1510, 1653, 2324, 2961, 3185)
"""Likewise, of groups that want each other's names and addresses."""


@pytest.mark.parametrize("seed", FOUND)
def test_seeds(place: World, seed: int) -> None:
    """A schedule that found something converges."""
    schedule(place, seed)


@pytest.mark.parametrize("seed", FOUND_MOVING)
def test_seeds_of_programs_that_move(place: World, seed: int) -> None:
    """A schedule that found something converges."""
    moving(place, seed, every_kind)


@pytest.mark.parametrize("seed", FOUND_ADDRESSING)
def test_seeds_of_addresses(place: World, seed: int) -> None:
    """A schedule that found something converges."""
    addressing(place, seed, every_kind)


@pytest.mark.parametrize("seed", FOUND_BY_EVERY_KIND)
def test_seeds_of_every_kind(place: World, seed: int) -> None:
    """A schedule that found something converges."""
    schedule(place, seed, every_kind)
