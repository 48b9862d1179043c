"""What the demo shows of pulumi's output, and where it looks for the checkout."""

import pytest

from area1_provider.commands.clicks import Click
from area1_provider.commands.demo import Unexpected, named, telling

MOVED = Click("The rule is turned off", "Disable-JournalRule", {}, ("enabled",))


@pytest.mark.parametrize(
    ("line", "shown"),
    [
        (" +  pulumi-python:dynamic/area1:JournalRule rule created (0.01s) ", True),
        (" +  pulumi-python:dynamic/area1:JournalRule rule creating (0s) ", False),
        ("          ~ enabled              : true => false", True),
        ('              - [1]: "mailstream-west.mxrecord.io"', True),
        ('            tenant               : "contoso"', False),
        ("    6 unchanged", True),
        ("@ updating....", False),
        (" +  pulumi:pulumi:Stack area1-offline created (0.67s) 1 message", False),
        ("    pulumi:pulumi:Stack area1-offline  ", False),
        ("", False),
    ],
)
def test_only_changes_and_sums_are_shown(line: str, shown: bool) -> None:
    """What is as it was, and what is still under way, is left out."""
    assert bool(telling(line)) is shown


def test_a_message_of_the_provider_is_shown_without_its_frame() -> None:
    """Pulumi puts what a plugin says behind the stack's own line."""
    line = " +  pulumi:pulumi:Stack area1-offline creating (0s) Validating the connector"

    assert telling(line).strip() == "Validating the connector"


def test_a_change_that_the_refresh_does_not_name_ends_the_demo() -> None:
    """The demo checks what it shows."""
    named((MOVED,), "          ~ enabled              : true => false\n")
    with pytest.raises(Unexpected, match="enabled moved"):
        named((MOVED,), "            enabled              : true\n")
