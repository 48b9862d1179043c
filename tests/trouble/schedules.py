"""One schedule: a random program under random misfortunes, then peace, and what must hold by then."""

import random
from collections import Counter
from collections.abc import Callable, Sequence
from functools import partial

from programs import Program, addressed, adopting, named_alike, program
from simulator import Refusal, Stack
from world import World, declared

from area1_provider.emulator.faults import Match, Rule, Status
from area1_provider.emulator.schedules import further, rules
from area1_provider.errors import Area1Error

Draw = Callable[[random.Random, str], list[Rule]]
"""What draws the rules of a run for an organization."""

ran: Counter[int] = Counter()
"""Schedules by seed, for the report."""


def schedule(place: World, seed: int, draw: Draw = rules) -> Counter[str]:
    """Run one schedule: up to three programs in trouble, the last in peace, one destroy, and what must hold in between."""
    chance = random.Random(seed)  # noqa: S311  # no secret
    return life(place, seed, chance, [lambda: program(chance)] * chance.randint(1, 3), draw)


def renaming(place: World, seed: int, draw: Draw = rules) -> Counter[str]:
    """Run one schedule of one program whose resources change their logical names and take over what is there."""
    chance = random.Random(seed)  # noqa: S311  # no secret
    wanted = program(chance)
    suffixes = chance.choices(["", "-new", "-newer"], k=chance.randint(2, 4))
    return life(place, seed, chance, [partial(adopting, wanted, suffix) for suffix in suffixes], draw)


def addressing(place: World, seed: int, draw: Draw = rules) -> Counter[str]:
    """Run one schedule of groups that want each other's names and addresses; some runs leave old halves."""
    chance = random.Random(seed)  # noqa: S311  # no secret

    def halting(chance: random.Random, organization: str) -> list[Rule]:
        last = chance.choice(["Set-JournalRule", "Remove-DistributionGroup"])
        halt = Rule(Match("exchange", last, organization, times=0), Status(403))
        return chance.choice([draw(chance, organization), [halt]])

    return life(place, seed, chance, [partial(addressed, chance)] * chance.randint(3, 6), halting)


def moving(place: World, seed: int, draw: Draw = rules) -> Counter[str]:
    """Run one schedule of two programs by turns whose resources change their logical names as well, and back."""
    chance = random.Random(seed)  # noqa: S311  # no secret
    first = program(chance)
    few = [first, named_alike(program(chance), first)]
    drawn = [(chance.choice(few), chance.choice(["", "-new"])) for _ in range(chance.randint(2, 5))]
    return life(place, seed, chance, [partial(adopting, *one) for one in drawn], draw)


def life(
    place: World, seed: int, chance: random.Random, programs: Sequence[Callable[[], Program]], draw: Draw
) -> Counter[str]:
    """Run programs in trouble, the last one in peace, and destroy it."""
    ran[seed] += 1
    stack, met = place.begin(), Counter[str]()
    wanted: Program = []
    for next_one in programs:
        wanted = wanted if met["AnswerLost"] or met["AlreadyExists"] else next_one()  # as these ask for
        met += troubled(place, stack, wanted, chance, draw)
    peace(place)
    place.up(stack, wanted)
    settled(place, stack, wanted)
    met += troubled(place, stack, [], chance, draw)
    peace(place)
    stack.destroy()
    settled(place, stack, [])
    return met


def every_kind(chance: random.Random, organization: str) -> list[Rule]:
    """Draw a schedule of all kinds of trouble."""
    return [*rules(chance, organization), *further(chance, organization)]


def troubled(place: World, stack: Stack, wanted: Program, chance: random.Random, draw: Draw) -> Counter[str]:
    """Run a program under a schedule; give what it met."""
    control = place.emulator.control
    control.script(draw(chance, place.tenant.organization))
    if chance.random() < 0.2:
        control.replication_lag(chance.randint(1, 2), chance.randint(0, 99))
    try:
        place.up(stack, wanted)
    except (Area1Error, Refusal) as error:
        return Counter({type(error).__name__: 1})
    return Counter({"no error": 1})


def peace(place: World) -> None:
    """End the trouble, of the service's clock too."""
    place.emulator.control.clear_faults()
    place.emulator.control.clock.reset()
    place.emulator.control.replication_lag(0)


def settled(place: World, stack: Stack, wanted: Program) -> None:
    """Expect exactly the declared objects, strangers as they were, and nothing left to do, also after a look."""
    assert place.ours() == declared(wanted)
    assert place.strange() == place.strangers
    assert place.wrong == []
    assert place.up(stack, wanted) == 0
    stack.refresh()
    assert place.up(stack, wanted) == 0
