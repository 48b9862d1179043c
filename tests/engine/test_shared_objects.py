"""`adopt` on the real engine: what two names of a program, or of its state, mean by one object."""

import shutil
from collections.abc import Callable
from pathlib import Path

from pulumi_stack import Stack

from area1_provider.emulator.faults import Status

PROGRAM = """
import area1_provider as area1

for name in {names}:
    args = area1.OutboundConnectorArgs(name="Journal", recipient_domains=["j.example"], adopt=True)
    area1.OutboundConnector(name, args)
"""

COMPONENT = """
import area1_provider as area1

group = area1.DistributionGroupArgs(name="Journaled")
args = area1.JournalingArgs(journal_address="c@journaling.mxrecord.io", group=group, validate=False, adopt=True)
area1.Journaling("{name}", args)
"""
CHANGING = """
import area1_provider as area1
import pulumi

made = area1.OutboundConnector(
    "{name}", area1.OutboundConnectorArgs(name="Journal", comment="{comment}", recipient_domains=["j.example"], adopt=True)
)
area1.DistributionGroup("g", area1.DistributionGroupArgs(name="{group}"), pulumi.ResourceOptions(depends_on=[made]))
"""
NOUNS = ("OutboundConnector", "JournalRule", "DistributionGroup")


def test_a_logical_name_that_was_changed(make_stack: Callable[..., Stack]) -> None:
    """The engine makes those of the new name, then deletes those of the old, and they are the same objects: they stay."""
    stack = make_stack(COMPONENT.format(name="old"))
    stack.clicks("Set-TransportConfig", JournalingReportNdrTo="ndr@archive.example")
    assert stack.up().code == 0
    made = [stack.clicks.one(f"Get-{noun}") for noun in NOUNS]

    stack.write(COMPONENT.format(name="new"))
    up = stack.up()

    assert up.code == 0, up.output
    assert up.output.count("stays, since another resource of this program has it now") >= len(NOUNS)
    assert [stack.clicks.one(f"Get-{noun}") for noun in NOUNS] == made
    assert stack.preview("--refresh", "--expect-no-changes").code == 0


def test_a_logical_name_that_was_changed_back(make_stack: Callable[..., Stack]) -> None:
    """A run that took over and failed leaves two entries of one object: that of the old name is looked at, not believed."""
    stack = make_stack(CHANGING.format(name="old", comment="one", group="Journaled"))
    assert stack.up().code == 0
    stack.write(CHANGING.format(name="new", comment="two", group="Journaled staff"))
    control = stack.emulator.control
    control.fault(Status(403), cmdlet="Set-DistributionGroup", tenant=stack.organization, times=0)
    assert stack.up().code != 0
    control.clear_faults()
    assert stack.clicks.one("Get-OutboundConnector")["Comment"] == "two"

    shutil.rmtree(Path(stack.environment["PULUMI_HOME"]) / "area1" / "lost-answers")  # as on another machine
    stack.write(CHANGING.format(name="old", comment="one", group="Journaled"))
    up = stack.up()

    assert up.code == 0, up.output
    assert stack.clicks.one("Get-OutboundConnector")["Comment"] == "one"
    assert stack.preview("--refresh", "--expect-no-changes").code == 0


def test_two_that_adopt_one(make_stack: Callable[..., Stack]) -> None:
    """Of two resources that name one object only the first has it; taken out again, the other leaves it alone."""
    stack = make_stack(PROGRAM.format(names=["one"]))
    assert stack.up().code == 0
    made = stack.clicks.one("Get-OutboundConnector")

    stack.write(PROGRAM.format(names=["one", "two"]))
    up = stack.up()
    assert up.code != 0
    assert "another resource of this program" in up.output

    stack.write(PROGRAM.format(names=["one"]))
    assert stack.up().code == 0
    assert stack.clicks.one("Get-OutboundConnector") == made
    assert stack.preview("--refresh", "--expect-no-changes").code == 0


def test_a_replacement_that_was_asked_for(make_stack: Callable[..., Stack]) -> None:
    """With `--replace` the engine makes a new one first, which takes over the object, then deletes the old one."""
    stack = make_stack(PROGRAM.format(names=["one"]))
    assert stack.up().code == 0
    made = stack.clicks.one("Get-OutboundConnector")

    up = stack.up("--replace", stack.resources()["OutboundConnector"]["urn"])

    assert up.code == 0, up.output
    assert "stays" in up.output
    assert stack.clicks.one("Get-OutboundConnector") == made
    assert stack.preview("--refresh", "--expect-no-changes").code == 0
