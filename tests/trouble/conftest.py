"""What tests of trouble share: one world of their own a module."""

from collections.abc import Iterator

import pytest
from world import World, world


@pytest.fixture(scope="module")
def place() -> Iterator[World]:
    """Give the world in which all schedules are run."""
    with world() as one:
        yield one
