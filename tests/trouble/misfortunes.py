"""One misfortune at a time, and a run that must fail of it."""

from typing import Any

import pytest
from programs import Program
from schedules import peace
from simulator import Stack
from world import World


def fault(place: World, action: Any, cmdlet: str, **match: Any) -> None:
    """Script one misfortune."""
    place.emulator.control.fault(action, cmdlet=cmdlet, **match)


def fails(place: World, stack: Stack, program: Program, kind: type[Exception]) -> str:
    """Run a program that must fail, end the trouble, and give what was said."""
    with pytest.raises(kind) as caught:
        place.up(stack, program)
    peace(place)
    return str(caught.value)
