"""Validation, and both switches, of the guide on the real engine: what may be on, and in which order it comes and goes."""

import json
from collections.abc import Callable

from pulumi_stack import Stack

MakeStack = Callable[..., Stack]
DOWN = "mx.down.invalid"
UP = "mx.vendor.example"
ADDRESS = "contoso@journaling.mxrecord.io"
GUIDE = {"journal_address": ADDRESS, "undeliverable_address": "ndr@elsewhere.example"}


def connector(**properties: object) -> dict[str, str]:
    """Give the stack config of a connector with these properties."""
    return {"connector_args": json.dumps(properties)}


def changes(stack: Stack) -> list[str]:
    """Give the cmdlets that changed something, oldest first, and forget all calls."""
    called = [one for one in stack.cmdlets() if not one.startswith("Get-")]
    stack.emulator.control.clear_calls()
    return called


def test_a_failed_validation_stops_the_rule_until_it_succeeds_or_is_accepted(make_stack: MakeStack) -> None:
    """The failing task is named with its detail, no rule is made; a host that answers, or accepting, lets `up` go on."""
    stack = make_stack(config={**GUIDE, **connector(smart_hosts=[DOWN])})
    failed = stack.up()
    assert failed.code not in (0, 7), failed.output
    assert "The connector's validation failed:" in failed.output
    assert f"Check connectivity to '{DOWN}': Failed" in failed.output
    assert "Traceback" not in failed.output
    assert "JournalRule" not in stack.resources()
    assert "New-JournalRule" not in changes(stack)
    assert stack.clicks.one("Get-OutboundConnector")["IsValidated"] is False

    stack.config_set(**connector(smart_hosts=[UP]))
    mended = stack.up()
    assert mended.code == 0, mended.output
    expected = ["Set-OutboundConnector", "Validate-OutboundConnector", "Set-OutboundConnector", "New-JournalRule"]
    assert changes(stack) == expected
    reachable = {f"Check connectivity to '{UP}'": "Succeeded", "Send test email": "Succeeded"}
    assert stack.outputs()["validation"] == reachable

    stack.config_set(accept_failed_validation="true", **connector(smart_hosts=[UP, DOWN]))
    accepted = stack.up()
    assert accepted.code == 0, accepted.output
    assert "warning: the connector's validation failed and accept_failures is set" in accepted.output
    assert stack.outputs()["validation"] == {**reachable, f"Check connectivity to '{DOWN}'": "Failed"}
    calm = stack.preview("--refresh", "--expect-no-changes")
    assert calm.code == 0, calm.output


def test_rule_and_connector_are_switched_off_together_rule_first(make_stack: MakeStack) -> None:
    """Off in one go: no moment with a rule that cannot deliver; off outside is drift; a destroy leaves nothing."""
    stack = make_stack(config={**GUIDE, **connector(smart_hosts=[UP])})
    made = stack.up()
    assert made.code == 0, made.output
    stack.clicks("Disable-JournalRule", Identity=stack.clicks.one("Get-JournalRule")["Guid"], Confirm=False)
    seen = stack.refresh("--preview-only", "--expect-no-changes")
    assert seen.code == 7, seen.output
    assert seen.output.count(": true => false") == 1
    repaired = stack.up("--refresh")
    assert repaired.code == 0, repaired.output
    assert stack.clicks.one("Get-JournalRule")["Enabled"] is True
    changes(stack)

    stack.config_set(enabled="false", **connector(smart_hosts=[UP], enabled=False))
    off = stack.up()
    assert off.code == 0, off.output
    assert changes(stack)[:2] == ["Disable-JournalRule", "Set-OutboundConnector"]
    assert stack.clicks.one("Get-OutboundConnector")["Enabled"] is False
    calm = stack.preview("--refresh", "--expect-no-changes")
    assert calm.code == 0, calm.output

    stack.config_set(enabled="true", **connector(smart_hosts=[UP], enabled=True))
    on = stack.up()
    assert on.code == 0, on.output
    assert changes(stack)[-1] == "Enable-JournalRule"
    gone = stack.destroy()
    assert gone.code == 0, gone.output
    assert changes(stack) == ["Remove-JournalRule", "Remove-OutboundConnector"]
    assert stack.clicks("Get-JournalRule") + stack.clicks("Get-OutboundConnector") == []
