"""`area1 repair` after a killed run: what it shows, what it takes, what it leaves alone."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from area1_command import area1
from kills import killed_run
from pulumi_stack import Stack

from area1_provider.emulator.faults import Status
from area1_provider.emulator.tenant import Tenant
from area1_provider.saved_state import RUN

pytestmark = pytest.mark.usefixtures("kills_counted")
PROGRAM = """
import area1_provider as area1

area1.OutboundConnector("c", area1.OutboundConnectorArgs(name="Journal", comment="ours", recipient_domains=["j.example"]))
"""


@pytest.fixture
def stack(make_stack: Callable[..., Stack]) -> Stack:
    """Give a program with one connector."""
    return make_stack(PROGRAM)


def test_nothing_pending(stack: Stack) -> None:
    """Where nothing is pending the command says so and changes nothing."""
    done = area1("repair", "--stack", stack.name, cwd=stack.folder, environment=stack.environment)

    assert done.returncode == 0, done.stderr
    assert "Nothing is pending in stack test" in done.stdout


def test_a_create_that_was_cut_off(stack: Stack) -> None:
    """The object that the killed run made is shown, and taken into the state only where that is confirmed."""
    _, killed, _ = killed_run(stack, "up", "both", 1, after=True)
    assert killed
    made = stack.clicks.one("Get-OutboundConnector")

    asked = area1("repair", "--stack", stack.name, cwd=stack.folder, environment=stack.environment)
    assert asked.returncode == 1
    assert "OutboundConnector c (creating): import: the tenant holds it as the program wants it" in asked.stdout
    assert made["Guid"] in asked.stdout
    assert len(stack.export()["pending_operations"]) == 1

    done = area1("repair", "--yes", "--stack", stack.name, cwd=stack.folder, environment=stack.environment)
    assert done.returncode == 0, done.stderr
    assert "pending_operations" not in stack.export()
    assert stack.up("--expect-no-changes", "--refresh").code == 0
    assert stack.clicks.one("Get-OutboundConnector") == made


def test_a_stranger_of_that_name(stack: Stack) -> None:
    """An object that the killed create did not make is left alone, and the next up, elsewhere, says whose name it is."""
    _, killed, _ = killed_run(stack, "up", "both", 1, after=False)
    assert killed
    stack.clicks("New-OutboundConnector", Name="Journal", Comment="theirs", RecipientDomains=["j.example"])
    theirs = stack.clicks.one("Get-OutboundConnector")

    done = area1("repair", "--yes", "--stack", stack.name, cwd=stack.folder, environment=stack.environment)
    assert done.returncode == 0, done.stderr
    assert "OutboundConnector c (creating): drop:" in done.stdout
    shutil.rmtree(Path(stack.environment["PULUMI_HOME"]) / "area1" / "lost-answers")  # it would look again for a while
    up = stack.up()
    assert up.code != 0
    assert "area1 import OutboundConnector 'Journal'" in up.output
    assert stack.clicks.one("Get-OutboundConnector") == theirs


GROUP = """
import pulumi
import area1_provider as area1

group = area1.DistributionGroup("g", area1.DistributionGroupArgs(name="{name}", type="{type}"))
pulumi.export("group", group.primary_smtp_address)
"""
AS_IT_WAS, CHANGED, BACK = (
    GROUP.format(name=name, type=type_)
    for name, type_ in (("Staff", "Distribution"), ("Others", "Security"), ("Staff", "Security"))
)


def replaced(make_stack: Callable[..., Stack], *, after: bool) -> Stack:
    """Give a stack whose group was to be replaced by another, killed at the call that makes it, or removes the old one."""
    stack = make_stack(AS_IT_WAS)
    assert stack.up().code == 0
    stack.write(CHANGED)
    _, killed, _ = killed_run(stack, "up", "both", 1 if after else 2, after=after)
    assert killed
    return stack


@pytest.mark.parametrize("after", [True, False], ids=["the new half was made", "the old half was to be removed"])
def test_a_replacement_that_was_cut_off(make_stack: Callable[..., Stack], after: bool) -> None:
    """Repair shows the old half, removes it, and the program may have its name back."""
    stack = replaced(make_stack, after=after)
    assert {one["Name"] for one in stack.clicks("Get-DistributionGroup")} == {"Staff", "Others"}

    done = area1("repair", "--yes", "--stack", stack.name, cwd=stack.folder, environment=stack.environment)
    assert done.returncode == 0, done.stderr
    assert "DistributionGroup g (replaced): delete: the old half of a replacement" in done.stdout

    assert [one["Name"] for one in stack.clicks("Get-DistributionGroup")] == ["Others"]
    stack.write(BACK)
    up = stack.up()
    assert up.code == 0, up.output
    assert [one["Name"] for one in stack.clicks("Get-DistributionGroup")] == ["Staff"]
    assert stack.preview("--refresh", "--expect-no-changes").code == 0


def test_an_old_half_in_the_way(make_stack: Callable[..., Stack]) -> None:
    """One `up` that wants its name back is enough, on another machine too; an import of it says what it is."""
    stack = make_stack(AS_IT_WAS)
    assert stack.up().code == 0
    stack.write(CHANGED)
    control = stack.emulator.control
    control.fault(Status(403), cmdlet="Remove-DistributionGroup", tenant=stack.organization, times=0)
    assert stack.up().code != 0
    control.clear_faults()
    assert {one["Name"] for one in stack.clicks("Get-DistributionGroup")} == {"Staff", "Others"}

    command = ("import", "DistributionGroup", "Staff", "--stack", stack.name)
    brought = area1(*command, cwd=stack.folder, environment=stack.environment)
    assert brought.returncode != 0
    assert "is the old half of a replacement of 'g'" in brought.stderr
    shutil.rmtree(Path(stack.environment["PULUMI_HOME"]) / "area1" / "lost-answers")
    stack.write(BACK)
    up = stack.up()

    assert up.code == 0, up.output
    assert "the old half of a replacement, is in the way: removing it" in up.output
    kept = stack.resources()["DistributionGroup"]
    assert RUN not in {**kept["inputs"], **kept["outputs"]}
    assert [one["Name"] for one in stack.clicks("Get-DistributionGroup")] == ["Staff"]
    assert stack.preview("--refresh", "--expect-no-changes").code == 0


RETAINED = """
import pulumi
import area1_provider as area1

args = area1.DistributionGroupArgs(name="{name}", type="{type}")
group = area1.DistributionGroup("g", args, pulumi.ResourceOptions(retain_on_delete=True))
"""


def test_an_old_half_that_is_retained(make_stack: Callable[..., Stack]) -> None:
    """What the engine would leave in the tenant, repair leaves there too, and forgets."""
    stack = make_stack(RETAINED.format(name="Staff", type="Distribution"))
    assert stack.up().code == 0
    stack.write(RETAINED.format(name="Others", type="Security"))
    _, killed, _ = killed_run(stack, "up", "both", 1, after=True)
    assert killed

    done = area1("repair", "--yes", "--stack", stack.name, cwd=stack.folder, environment=stack.environment)

    assert done.returncode == 0, done.stderr
    assert "DistributionGroup g (replaced): drop: the program retains it" in done.stdout
    assert {one["Name"] for one in stack.clicks("Get-DistributionGroup")} == {"Staff", "Others"}
    assert stack.preview("--refresh", "--expect-no-changes").code == 0


BROKEN = """
area1.OutboundConnector("c", area1.OutboundConnectorArgs(name="Journal"), pulumi.ResourceOptions(depends_on=[group]))
"""


def test_a_retained_one_in_the_way(make_stack: Callable[..., Stack]) -> None:
    """What the program retains is not removed for its name, and the run says why."""
    stack = make_stack(RETAINED.format(name="Staff", type="Distribution"))
    assert stack.up().code == 0
    stack.write(RETAINED.format(name="Others", type="Security") + BROKEN)
    control = stack.emulator.control
    control.fault(Status(403), cmdlet="New-OutboundConnector", tenant=stack.organization, times=0)
    assert stack.up().code != 0
    control.clear_faults()
    stack.write(RETAINED.format(name="Staff", type="Security"))

    up = stack.up()

    assert up.code != 0
    assert "in the way: it stays: the program retains it (`retain_on_delete`)" in up.output
    assert {one["Name"] for one in stack.clicks("Get-DistributionGroup")} == {"Staff", "Others"}


IN_USE = """
import pulumi
import area1_provider as area1

group = area1.DistributionGroup("g", area1.DistributionGroupArgs(name="{name}", type="{type}"))
pulumi.export("group", group.primary_smtp_address)
args = area1.JournalRuleArgs(journal_email_address="c@j.example", recipient=group.primary_smtp_address)
area1.JournalRule("r", args)
"""


def test_an_old_half_in_use(make_stack: Callable[..., Stack]) -> None:
    """An old half whose address a rule names stays until that rule has moved on: it would journal nobody's mail."""
    stack = make_stack(IN_USE.format(name="Staff", type="Distribution"))
    stack.clicks("Set-TransportConfig", JournalingReportNdrTo="ndr@archive.example")
    assert stack.up().code == 0
    stack.write(IN_USE.format(name="Others", type="Security"))
    _, killed, _ = killed_run(stack, "up", "both", 2, after=False)
    assert killed

    done = area1("repair", "--yes", "--stack", stack.name, cwd=stack.folder, environment=stack.environment)
    assert done.returncode == 0, done.stderr
    assert "DistributionGroup g (replaced): keep: r still names it" in done.stdout
    assert {one["Name"] for one in stack.clicks("Get-DistributionGroup")} == {"Staff", "Others"}

    assert stack.up().code == 0
    assert [one["Name"] for one in stack.clicks("Get-DistributionGroup")] == ["Others"]
    assert stack.preview("--refresh", "--expect-no-changes").code == 0


@pytest.mark.parametrize("kind", ["Security", "Distribution"], ids=["a new one of its name", "as it was"])
def test_an_old_half_in_use_is_in_the_way(make_stack: Callable[..., Stack], kind: str) -> None:
    """A name that the program wants back is free at once, and the rule names a group that is there at every moment."""
    stack = make_stack(IN_USE.format(name="Staff", type="Distribution"))
    stack.clicks("Set-TransportConfig", JournalingReportNdrTo="ndr@archive.example")
    assert stack.up().code == 0
    stack.write(IN_USE.format(name="Others", type="Security"))
    control = stack.emulator.control
    control.fault(Status(403), cmdlet="Set-JournalRule", tenant=stack.organization, times=0)
    assert stack.up().code != 0
    control.clear_faults()
    unwatched: list[str] = []
    tenant = control.tenant(stack.organization)
    tenant.watchers.append(lambda _: unwatched.extend(_nobodies(tenant)))

    stack.write(IN_USE.format(name="Staff", type=kind))
    up = stack.up()

    assert up.code == 0, up.output
    assert unwatched == []
    assert [one["Name"] for one in stack.clicks("Get-DistributionGroup")] == ["Staff"]
    assert stack.preview("--refresh", "--expect-no-changes").code == 0


def _nobodies(tenant: Tenant) -> list[str]:
    """Give the addresses that a rule names and nobody has."""
    named = {str(one["Recipient"]) for one in tenant.all("JournalRule")}
    return sorted(named - {str(one["PrimarySmtpAddress"]) for one in tenant.all("DistributionGroup")})
