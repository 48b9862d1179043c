"""Pulumi's update plans (`preview --save-plan`, `up --plan`): what was planned can all be done."""

from collections.abc import Callable

from pulumi_stack import Stack

EXPERIMENTAL = {"PULUMI_EXPERIMENTAL": "1"}
GUIDE = """
import area1_provider as area1

group = area1.DistributionGroupArgs(name="{group}")
ndr = "ndr@archive.example"
args = area1.JournalingArgs(journal_address="c@journaling.mxrecord.io", group=group, undeliverable_address=ndr)
area1.Journaling("journaling", args)
"""


def planned(stack: Stack, *options: str) -> None:
    """Plan, and carry the plan out."""
    preview = stack.preview("--save-plan", "plan.json", environment=EXPERIMENTAL)
    assert preview.code == 0, preview.output
    up = stack.up("--plan", "plan.json", *options, environment=EXPERIMENTAL)
    assert up.code == 0, up.output


def test_the_guide_goes_by_its_plan(make_stack: Callable[..., Stack]) -> None:
    """From nothing to the whole guide, then nothing more, then a change."""
    stack = make_stack(GUIDE.format(group="Journaled"))

    planned(stack)
    planned(stack, "--expect-no-changes")
    stack.write(GUIDE.format(group="Journaled staff"))
    planned(stack)

    assert [one["Name"] for one in stack.clicks("Get-DistributionGroup")] == ["Journaled staff"]
