"""One schedule: a random program under random misfortunes, then peace, and what must hold by then."""

import random
from collections import Counter

from programs import Program, program
from simulator import Refusal, Stack
from troubles import rules
from world import World, declared

from area1_provider.errors import Area1Error


def schedule(place: World, seed: int) -> Counter[str]:
    """Run one schedule: up to three runs in trouble, one `up` in peace, one destroy, and what must hold in between."""
    chance, stack, met = random.Random(seed), place.begin(), Counter[str]()  # noqa: S311  # no secret
    wanted: Program = []
    for _ in range(chance.randint(1, 3)):
        wanted = wanted if met["AnswerLost"] or met["AlreadyExists"] else program(chance)  # as these errors ask for
        met += troubled(place, stack, wanted, chance)
    peace(place)
    place.up(stack, wanted)
    settled(place, stack, wanted)
    met += troubled(place, stack, [], chance)
    peace(place)
    stack.destroy()
    settled(place, stack, [])
    return met


def troubled(place: World, stack: Stack, wanted: Program, chance: random.Random) -> Counter[str]:
    """Run a program under a schedule; give what it met."""
    control = place.emulator.control
    for rule in rules(chance, control, place.tenant.organization):
        control.fault_rule(rule)
    if chance.random() < 0.2:
        control.replication_lag(chance.randint(1, 2), chance.randint(0, 99))
    try:
        place.up(stack, wanted)
    except (Area1Error, Refusal) as error:
        return Counter({type(error).__name__: 1})
    return Counter({"no error": 1})


def peace(place: World) -> None:
    """End the trouble."""
    place.emulator.control.clear_faults()
    place.emulator.control.replication_lag(0)


def settled(place: World, stack: Stack, wanted: Program) -> None:
    """Expect exactly the declared objects, strangers as they were, and nothing left to do, also after a look."""
    assert place.ours() == declared(wanted)
    assert place.strange() == place.strangers
    assert place.wrong == []
    assert place.up(stack, wanted) == 0
    stack.refresh()
    assert place.up(stack, wanted) == 0
