"""`area1 repair` after a killed run: what it shows, what it takes, what it leaves alone."""

from collections.abc import Callable

import pytest
from area1_command import area1
from kills import killed_run
from pulumi_stack import Stack

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
    """An object that the killed create did not make is left alone, and the next up says whose name it is."""
    _, killed, _ = killed_run(stack, "up", "both", 1, after=False)
    assert killed
    stack.clicks("New-OutboundConnector", Name="Journal", Comment="theirs", RecipientDomains=["j.example"])
    theirs = stack.clicks.one("Get-OutboundConnector")

    done = area1("repair", "--yes", "--stack", stack.name, cwd=stack.folder, environment=stack.environment)
    assert done.returncode == 0, done.stderr
    assert "OutboundConnector c (creating): drop:" in done.stdout
    up = stack.up()
    assert up.code != 0
    assert "area1 import OutboundConnector 'Journal'" in up.output
    assert stack.clicks.one("Get-OutboundConnector") == theirs
