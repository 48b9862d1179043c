"""Schedules of trouble that a seed draws: the same seed, the same rules. What each trouble does lives in troubles.py."""

import json
import random
from collections.abc import Callable
from dataclasses import replace

from area1_provider.emulator.faults import Match, Rule
from area1_provider.emulator.troubles import (
    CONCURRENT,
    TRANSIENT,
    Action,
    Cut,
    ForgetPages,
    Garbage,
    Reset,
    Revoke,
    Skew,
    Slow,
    Stale,
    Status,
    Transient,
    WrongTypes,
)

RETRY_AFTER = (None, None, "0", "1", "7", "120", "soon", "-5", "9" * 30, "Wed, 21 Oct 2015 07:28:00 GMT", "٣")
GARBAGE = (
    "<html>Proxy</html>",
    "",
    "null",
    "[]",
    '{"value":7}',
    '{"value":[7]}',
    '{"value":[{}]}',
    '{"value":[{"Guid":5}]}',
)
PLACES = (
    "https://evil.example/x",
    "https://localhost:1/loop",
    "/",
    "http://outlook.office365.com/",
    "//evil.example/y",
    "",
)
CMDLETS = (
    *("*", "*", "New-*", "New-*", "Get-*", "Get-*", "Set-*", "Remove-*", "Validate-*", "*Member", "*-JournalRule"),
    *("*-OutboundConnector", "*-DistributionGroup", "*-TransportConfig", "Get-Recipient", "Get-AcceptedDomain"),
)
GATEWAYS = (408, 500, 502, 503, 504)
"""Statuses that may hide a change that was made; a refusal is one."""
ITSELF = "InvokeCommand"
"""A Location that leads back to where the call came from: once it is a good redirect, for ever a loop."""

CLOCKS = (60, 200, 1_000, 4_000, 90_000)
"""Seconds by which a clock jumps ahead; where it is far ahead every token is over.

None back: an object whose own date says that it was there before it was asked for is nobody's but a stranger's.
"""


def drawn(seed: int, organization: str = "") -> list[Rule]:
    """Draw a schedule for one organization, or for any."""
    return [*rules(random.Random(seed), organization), *further(random.Random(f"further {seed}"), organization)]  # noqa: S311 - no secret


def rules(chance: random.Random, organization: str) -> list[Rule]:
    """Draw one to five rules."""
    return [rule(chance, organization) for _ in range(chance.randint(1, 5))]


def rule(chance: random.Random, organization: str) -> Rule:
    """Draw one rule: which calls meet which misfortune."""
    times = chance.choice([1, 1, 1, 2, 3, 5, 8, 0])
    if chance.random() < 0.1:  # noqa: PLR2004 - one in ten at sign-in
        kinds: list[Action] = [Status(503), Status(429, "3"), Reset(), Cut(5), Garbage("{")]
        at_sign_in = chance.choice(kinds)
        return Rule(Match("entra", nth=chance.randint(1, 3), times=times), at_sign_in)
    match = Match("exchange", chance.choice(CMDLETS), organization, chance.randint(1, 4), times)
    action = _action(chance)
    if isinstance(action, Stale):  # only a read can be stale
        match = replace(match, cmdlet=f"Get-{match.cmdlet.rpartition('-')[2]}")
    return Rule(match, action)


def further(chance: random.Random, organization: str) -> list[Rule]:
    """Draw up to three rules of the kinds that `rule` does not draw: its draws, once made, must stay the same."""
    kinds: list[Action] = [
        ForgetPages(),
        Status(307, headers={"Location": ITSELF}),
        Skew(chance.choice(CLOCKS)),
    ]
    return [
        Rule(Match("exchange", "*", organization, chance.randint(1, 9), chance.choice([1, 2, 0])), action)
        for action in kinds
        if chance.random() < 0.25  # noqa: PLR2004 - one in four
    ]


def _action(chance: random.Random) -> Action:
    done = chance.random() < 0.5  # noqa: PLR2004 - one in two
    status = chance.choice([408, 429, 500, 502, 503, 504, 503, 429, 404, 400, 403])
    makers: list[Callable[[], Action]] = [
        lambda: Status(status, chance.choice(RETRY_AFTER), carried_out=done and status in GATEWAYS),
        lambda: Transient(chance.choice(sorted(TRANSIENT)), carried_out=done),
        lambda: Status(429, body=CONCURRENT),
        lambda: Status(400, body=json.dumps({"error": {"code": "BadRequest", "message": CONCURRENT}})),
        lambda: Reset(carried_out=done),
        lambda: Reset(carried_out=True),
        lambda: Cut(chance.choice([0, 1, 20, 300])),
        lambda: Garbage(chance.choice(GARBAGE), carried_out=done),
        lambda: Slow(chance.choice([1.0, 90.0, 1200.0])),
        lambda: Status(chance.choice([301, 302, 307, 308]), headers={"Location": chance.choice(PLACES)}),
        Stale,
        lambda: WrongTypes(chance.randint(0, 10**6)),
        Revoke,
    ]
    return chance.choice(makers)()
