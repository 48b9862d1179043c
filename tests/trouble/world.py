"""One tenant with strangers in it, a machine, and a witness of every change. What befalls it is said elsewhere."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from lifecycle import Clock, config_of
from programs import CONNECTORS, GROUPS, RULES, Program
from simulator import Stack

from area1_provider.client import Exchange
from area1_provider.emulator import Emulator
from area1_provider.emulator.tenant import Change, Tenant
from area1_provider.lost_answers import LostAnswers
from area1_provider.retry import Policy
from area1_provider.settings import load

NOUNS = {"OutboundConnector": CONNECTORS, "JournalRule": RULES, "DistributionGroup": GROUPS}
Document = Mapping[str, Any]


@dataclass
class World:
    """An emulator and a machine whose clock only sleeping moves."""

    emulator: Emulator
    clock: Clock
    machine: Path
    asks: bool = False
    """Whether the running program asks for a connector."""
    asked: bool = False
    """Whether the rule, as it is, was made for a connector."""
    wrong: list[str] = field(default_factory=list)
    strangers: list[str] = field(default_factory=list)

    @property
    def tenant(self) -> Tenant:
        """The tenant."""
        return self.emulator.control.tenant()

    def begin(self) -> Stack:
        """Give a new tenant with strangers in it, a machine that remembers nothing, and an empty stack."""
        self.emulator.control.reset()
        for file in self.machine.rglob("*.json"):
            file.unlink()
        self.tenant.watchers.clear()
        make_strangers(self)
        self.asks, self.asked, self.wrong = False, False, []
        self.strangers = self.strange()
        self.tenant.watchers.append(self.look)
        environment = self.emulator.environment()
        return Stack(lambda: self.client(environment), config_of(environment))

    def client(self, environment: Mapping[str, str]) -> Exchange:
        """Give the client of a new process on this machine."""
        policy = Policy(sleep=self.clock.sleep, clock=self.clock)
        remembered = LostAnswers(self.machine)
        return Exchange(load(environment, {}), policy=policy, environ=environment, lost_answers=remembered)

    def look(self, change: Change) -> None:
        """Note a rule of ours that is on and whose reports cannot be delivered."""
        if change.noun == "JournalRule":
            self.asked = self.asks
        on = [one for one in self.tenant.all("JournalRule") if one["Name"] in RULES and one["Enabled"]]
        (config,) = self.tenant.all("TransportConfig")
        if on and config["JournalingReportNdrTo"] in ("", "<>", None):
            self.wrong.append(f"{change.noun} changed: a rule is on without an address for undeliverable reports")
        connectors = [
            one for one in self.tenant.all("OutboundConnector") if one["Name"] in CONNECTORS and one["Enabled"]
        ]
        if on and self.asked and not connectors:
            self.wrong.append(f"{change.noun} changed: a rule is on and its connector absent or off")

    def ours(self) -> dict[str, list[str]]:
        """Give the names of the objects that are no strangers'."""
        return {noun: [one["Name"] for one in self.tenant.all(noun) if one["Name"] in NOUNS[noun]] for noun in NOUNS}

    def strange(self) -> list[str]:
        """Give the strangers' objects, whole."""
        return [
            json.dumps(one, default=str)
            for noun in NOUNS
            for one in self.tenant.all(noun)
            if one["Name"] not in NOUNS[noun]
        ]

    def up(self, stack: Stack, program: Program) -> int:
        """Run a program."""
        if program:
            self.asks = any(one.kind.noun.name == "OutboundConnector" and "name" in one.inputs for one in program)
            self.asked &= self.asks
        return stack.up(program)


def make_strangers(world: World) -> None:
    """Make what somebody else has in the tenant."""
    from lifecycle import Clicks  # noqa: PLC0415

    with Clicks(world.emulator.environment()) as somebody:
        somebody.run("New-OutboundConnector", Name="Partner", RecipientDomains=["partner.example"])
        somebody.run("New-DistributionGroup", Name="Staff", Members=["adelev@contoso.com"])


def declared(program: Program) -> dict[str, list[str]]:
    """Give the names that a program declares."""
    named = [(one.kind.noun.name, one.inputs["name"]) for one in program if "name" in one.inputs]
    return {noun: [name for kind, name in named if kind == noun] for noun in NOUNS}


@contextmanager
def world() -> Iterator[World]:
    """Run one emulator on the machine's own clock."""
    clock = Clock()

    def now() -> datetime:
        return datetime.fromtimestamp(clock(), UTC)

    with tempfile.TemporaryDirectory() as folder, Emulator(clock=now, sleep=clock.sleep) as emulator:
        yield World(emulator, clock, Path(folder))
