"""A person in the admin centre between two runs, on the real engine: what a run is about to overwrite is told first."""

from collections.abc import Callable

from pulumi_stack import Stack

PROGRAM = """
import area1_provider as area1

args = area1.OutboundConnectorArgs(name="Journal", recipient_domains=["j.example"], comment="{comment}")
area1.OutboundConnector("connector", args)
"""
TOLD = "comment was changed since it was last read: 'one' -> 'by hand'; this run sets 'two'"


def changed_by_both(stack: Stack) -> None:
    """Make the connector; change its comment by hand and in the program."""
    assert stack.up().code == 0
    stack.clicks("Set-OutboundConnector", Identity=stack.clicks.one("Get-OutboundConnector")["Guid"], Comment="by hand")
    stack.write(PROGRAM.format(comment="two"))
    stack.emulator.control.clear_calls()


def test_a_preview_says_it(make_stack: Callable[..., Stack]) -> None:
    """By one look, and changes nothing."""
    stack = make_stack(PROGRAM.format(comment="one"))
    changed_by_both(stack)

    preview = stack.preview()

    assert preview.code == 0
    assert TOLD in preview.output
    assert stack.cmdlets() == ["Get-OutboundConnector"]
    assert stack.clicks.one("Get-OutboundConnector")["Comment"] == "by hand"


def test_up_says_it_in_its_preview(make_stack: Callable[..., Stack]) -> None:
    """By one look, and then does what the program says: one process has both, and tells them apart."""
    stack = make_stack(PROGRAM.format(comment="one"))
    changed_by_both(stack)

    up = stack.pulumi("up", "--yes", "--stack", stack.name)

    assert up.code == 0, up.output
    assert TOLD in up.output.partition("Updating")[0]
    assert stack.cmdlets() == ["Get-OutboundConnector", "Set-OutboundConnector", "Get-OutboundConnector"]
    assert stack.clicks.one("Get-OutboundConnector")["Comment"] == "two"
