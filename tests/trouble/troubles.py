"""Misfortunes beyond those that the offline Exchange has by itself, and seeded schedules of all of them."""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from area1_provider.emulator.control.control import Control
from area1_provider.emulator.faults import (
    CONCURRENT,
    TRANSIENT,
    Action,
    Cut,
    Garbage,
    Match,
    Reset,
    Rule,
    Slow,
    Stale,
    Status,
    WrongTypes,
)
from area1_provider.emulator.faults import Transient as TransientError
from area1_provider.emulator.web.messages import Answer

CarryOut = Callable[[], Answer]
Sleep = Callable[[float], None]


@dataclass(frozen=True)
class Revoke:
    """All tokens end at this very call, which is refused for that."""

    control: Control
    carried_out: bool = False

    def disturb(self, carry_out: CarryOut, sleep: Sleep) -> Answer:
        """Revoke, then refuse."""
        del carry_out, sleep
        self.control.revoke_tokens()
        return Answer(401, b"", {"WWW-Authenticate": 'Bearer error="invalid_token"'})


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


def actions(chance: random.Random, control: Control) -> Action:
    """Draw one misfortune."""
    done = chance.random() < 0.5
    status = chance.choice([408, 429, 500, 502, 503, 504, 503, 429, 404, 400, 403])
    return chance.choice(
        [
            lambda: Status(status, chance.choice(RETRY_AFTER), carried_out=done and status in GATEWAYS),
            lambda: TransientError(chance.choice(sorted(TRANSIENT)), carried_out=done),
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
            lambda: Revoke(control),
        ]
    )()


def rules(chance: random.Random, control: Control, organization: str) -> list[Rule]:
    """Draw a schedule of one to five rules."""
    return [rule(chance, control, organization) for _ in range(chance.randint(1, 5))]


def rule(chance: random.Random, control: Control, organization: str) -> Rule:
    """Draw one rule: which calls meet which misfortune."""
    times = chance.choice([1, 1, 1, 2, 3, 5, 8, 0])
    if chance.random() < 0.1:
        action: Any = chance.choice([Status(503), Status(429, "3"), Reset(), Cut(5), Garbage("{")])
        return Rule(Match("entra", nth=chance.randint(1, 3), times=times), action)
    match = Match("exchange", chance.choice(CMDLETS), organization, chance.randint(1, 4), times)
    action = actions(chance, control)
    if isinstance(action, Stale):  # only a read can be stale
        match = replace(match, cmdlet=f"Get-{match.cmdlet.rpartition('-')[2]}")
    return Rule(match, action)
