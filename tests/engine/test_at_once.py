"""Two runs of one stack at once, on the real engine: its lock keeps the second out, and nothing is made twice."""

from collections.abc import Callable
from dataclasses import dataclass, field

from pulumi_stack import Run, Stack

from area1_provider.emulator.troubles import Means
from area1_provider.emulator.web.messages import Answer

PROGRAM = """
import area1_provider as area1

args = area1.JournalingArgs(journal_address="c@journaling.mxrecord.io", undeliverable_address="ndr@archive.example")
area1.Journaling("journaling", args)
"""
NOUNS = ("OutboundConnector", "JournalRule")


@dataclass
class Meanwhile:
    """An action of the offline Exchange: while a call waits for its answer, something else is done to its end."""

    do: Callable[[], Run]
    carried_out: bool = True
    done: list[Run] = field(default_factory=list)

    def disturb(self, carry_out: Callable[[], Answer], means: Means) -> Answer:
        """Do it, then carry out."""
        del means
        self.done.append(self.do())
        return carry_out()


def test_a_second_run_of_one_stack(make_stack: Callable[..., Stack]) -> None:
    """While one makes its first object another is refused, asks Exchange for nothing, and does the first no harm."""
    stack = make_stack(PROGRAM)
    second = Meanwhile(stack.up)
    stack.emulator.control.fault(second, cmdlet="New-OutboundConnector", tenant=stack.organization)

    first = stack.up()

    assert first.code == 0, first.output
    (refused,) = second.done
    assert refused.code != 0
    assert "the stack is currently locked by 1 lock(s)" in refused.output
    assert [len(stack.clicks(f"Get-{noun}")) for noun in NOUNS] == [1, 1]
    assert stack.cmdlets().count("New-OutboundConnector") == 1
    assert stack.preview("--refresh", "--expect-no-changes").code == 0
