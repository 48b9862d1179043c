"""Whatever is killed at whichever call, `area1 repair` and the same command again come to what the program declares.

A sample runs with the other tests; AREA1_TROUBLE=thorough kills at every call (`make trouble`).
"""

import json
import os
import time
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import kills
import pytest
from area1_command import area1
from kills import Whom, killed_run
from pulumi_stack import Stack

from area1_provider.emulator.tenant import Change

THOROUGH = os.environ.get("AREA1_TROUBLE") == "thorough"
AT_ONCE = int(os.environ.get("AREA1_TROUBLE_JOBS", "2"))
NOUNS = ("OutboundConnector", "JournalRule", "DistributionGroup")
DECLARED = {
    "OutboundConnector": ["Deliver journal directly to Area 1"],
    "JournalRule": ["Journal Messages to Area 1"],
    "DistributionGroup": ["Journaled"],
}
STRANGERS = {"OutboundConnector": "Partner", "JournalRule": "Archive", "DistributionGroup": "Staff"}
pytestmark = pytest.mark.usefixtures("kills_counted")
VICTIMS: tuple[Whom, ...] = ("cli", "plugin", "both")


def first(domain: str) -> dict[str, str]:
    """Give the stack config of the whole guide, group and all."""
    group = {
        "name": "Journaled",
        "managed_by": [f"meganb@{domain}"],
        "members": [f"adelev@{domain}"],
        "mail_tip": "Mail is journaled",
    }
    return {
        "journal_address": "c@journaling.mxrecord.io",
        "undeliverable_address": f"meganb@{domain}",
        "group": json.dumps(group),
    }


def second(domain: str) -> dict[str, str]:
    """Give a config in which every resource has changed."""
    changed = {
        **json.loads(first(domain)["group"]),
        "members": [f"alexw@{domain}"],
        "mail_tip": "All mail is journaled",
    }
    comment = {"comment": "changed", "smart_hosts": ["mailstream-east.mxrecord.io"]}
    other = {"undeliverable_address": f"alexw@{domain}", "scope": "Global", "connector_args": json.dumps(comment)}
    return {**first(domain), **other, "group": json.dumps(changed)}


def third(domain: str) -> dict[str, str]:
    """Give a config in which the group is another, which takes the old one's place."""
    replaced = {**json.loads(second(domain)["group"]), "name": "Journaled staff", "type": "Security"}
    return {**second(domain), "group": json.dumps(replaced)}


class Witness:
    """Watches a tenant: strangers' objects stay as they are, and a rule that is on can always deliver."""

    def __init__(self, stack: Stack) -> None:
        self.tenant = stack.emulator.control.tenant(stack.organization)
        self.wrong: list[str] = []
        make_strangers(stack)
        self.strangers = self._strangers()
        self.tenant.watchers.append(self.look)

    def look(self, change: Change) -> None:
        """Note a rule of ours that is on and whose reports cannot be delivered."""
        rules = [one for one in self._all("JournalRule") if one["Name"] not in STRANGERS.values() and one["Enabled"]]
        (config,) = self._all("TransportConfig")
        ready = any(
            one["Name"] == DECLARED["OutboundConnector"][0] and one["Enabled"] for one in self._all("OutboundConnector")
        )
        if rules and not (ready and config["JournalingReportNdrTo"] not in ("", "<>", None)):
            self.wrong.append(f"a rule is on and cannot deliver, after a change of {change.noun}")

    def ours(self) -> Mapping[str, list[str]]:
        """Give the names of the objects that are no strangers'."""
        return {noun: [one["Name"] for one in self._all(noun) if one["Name"] != STRANGERS[noun]] for noun in NOUNS}

    def check(self, expected: Mapping[str, list[str]]) -> None:
        """Expect exactly these objects besides the strangers', and nothing that went wrong on the way."""
        assert self.ours() == expected
        assert self._strangers() == self.strangers
        assert self.wrong == []

    def _all(self, noun: str) -> list[dict[str, Any]]:
        return self.tenant.all(noun)

    def _strangers(self) -> list[str]:
        return [
            json.dumps(one, default=str) for noun in NOUNS for one in self._all(noun) if one["Name"] == STRANGERS[noun]
        ]


def make_strangers(stack: Stack) -> None:
    """Make what somebody else has in the tenant."""
    stack.clicks("New-OutboundConnector", Name=STRANGERS["OutboundConnector"], RecipientDomains=["partner.example"])
    stack.clicks("New-DistributionGroup", Name=STRANGERS["DistributionGroup"])
    address = stack.emulator.account(stack.organization).recipients[0]
    stack.clicks("Set-TransportConfig", JournalingReportNdrTo=address)
    stack.clicks(
        "New-JournalRule", Name=STRANGERS["JournalRule"], JournalEmailAddress="a@archive.example", Enabled=False
    )


def repair(stack: Stack) -> None:
    """Run the one documented command."""
    done = area1("repair", "--yes", "--stack", stack.name, cwd=stack.folder, environment=stack.environment)
    assert done.returncode == 0, done.stderr


def domain_of(stack: Stack) -> str:
    """Give the tenant's default domain."""
    return stack.emulator.control.tenant(stack.organization).default_domain


def attempt(stack: Stack, verb: str, whom: Whom, call: int, *, after: bool) -> bool:
    """Kill a run at a call, repair, and run it again to the end; say whether there was such a call."""
    run, killed, left = killed_run(stack, verb, whom, call, after=after)
    if not killed:
        assert run.code == 0, run.output
        return False
    assert left == [], "a plugin outlived its engine"
    repair(stack)
    again = stack.up() if verb == "up" else stack.destroy()
    assert again.code == 0, f"killed run:\n{run.output}\nagain:\n{again.output}"
    return True


def life(stack: Stack, whom: Whom, call: int, *, after: bool) -> bool:
    """Make, change, replace and destroy the guide, each killed at the same call; say whether any had that call."""
    domain = domain_of(stack)
    stack.config_set(**first(domain), replace_undeliverable_address="true")
    witness = Witness(stack)
    killed = attempt(stack, "up", whom, call, after=after)
    check_silent(stack, witness)
    stack.config_set(**second(domain))
    killed |= attempt(stack, "up", whom, call, after=after)
    check_silent(stack, witness)
    stack.config_set(**third(domain))
    killed |= attempt(stack, "up", whom, call, after=after)
    check_silent(stack, witness, {**DECLARED, "DistributionGroup": ["Journaled staff"]})
    killed |= attempt(stack, "destroy", whom, call, after=after)
    witness.check({noun: [] for noun in NOUNS})
    assert not [one for one in stack.export().get("resources", []) if "dynamic/" in one["type"]]
    return killed


def check_silent(stack: Stack, witness: Witness, declared: Mapping[str, list[str]] = DECLARED) -> None:
    """Expect the declared objects, and that state, program and tenant agree."""
    witness.check(declared)
    preview = stack.preview("--refresh", "--expect-no-changes")
    assert preview.code == 0, preview.output


@pytest.mark.skipif(THOROUGH, reason="every call is killed instead")
@pytest.mark.parametrize(("whom", "verb", "call", "after"), [("plugin", "up", 4, True), ("cli", "destroy", 1, True)])
def test_killed(make_stack: Callable[..., Stack], whom: Whom, verb: str, call: int, after: bool) -> None:
    """A create that was cut off is found again and made once; a removal that was cut off is finished."""
    stack = make_stack()
    stack.config_set(**first(domain_of(stack)), replace_undeliverable_address="true")
    witness = Witness(stack)
    if verb == "destroy":
        assert stack.up().code == 0

    assert attempt(stack, verb, whom, call, after=after)

    if verb == "up":
        check_silent(stack, witness)
    else:
        witness.check({noun: [] for noun in NOUNS})


@pytest.mark.skipif(not THOROUGH, reason="takes many minutes: make trouble")
@pytest.mark.parametrize("whom", VICTIMS)
def test_killed_at_every_call(make_stack: Callable[..., Stack], whom: Whom, capsys: pytest.CaptureFixture[str]) -> None:
    """Killed before and after every single call of up, update and destroy, the guide comes to what is declared."""
    began, before = time.monotonic(), kills.done.total()

    def lives(*, after: bool) -> int:
        call = 1
        while life(make_stack(), whom, call, after=after):
            call += 1
        return call - 1

    with ThreadPoolExecutor(AT_ONCE) as pool:
        calls = list(pool.map(lambda after: lives(after=after), (False, True)))
    with capsys.disabled():
        seconds = time.monotonic() - began
        print(f"\n{whom}: {kills.done.total() - before} kills at up to {max(calls)} calls a run, {seconds:.0f} s")  # noqa: T201
    assert min(calls) > 5
