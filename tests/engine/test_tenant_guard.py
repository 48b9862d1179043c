"""State, settings and token of different tenants on the real engine: refused before the first write, all three named."""

from collections.abc import Callable

import pytest
from pulumi_stack import Run, Stack

MakeStack = Callable[..., Stack]

JOURNALING = """
from area1_provider import *
{before}
whole = Journaling("all", JournalingArgs(
    journal_address="contoso@journaling.mxrecord.io", undeliverable_address="ndr@elsewhere.example"{group}))
"""
NEW_RULES = """
for number in range(8):
    JournalRule(f"alone-{number}", JournalRuleArgs(journal_email_address="contoso@journaling.mxrecord.io"))
"""
"""More than the plugin works on at a time, before anything that has a state, and waiting for nothing."""
NEW_GROUP = ', group=DistributionGroupArgs(name="Journaled", members=["adelev"])'
CREDENTIALS = ("ARM_CLIENT_ID", "ARM_CLIENT_SECRET")


def refused(run: Run, *named: str) -> None:
    """Fail unless the run was refused in one message that names these, without frames."""
    assert run.code not in (0, 7), run.output
    assert "WrongTenant" in run.output
    assert [text for text in (*named, "Nothing was changed") if text not in run.output] == [], run.output
    for mark in ("Traceback", 'File "', "Defect"):
        assert mark not in run.output


@pytest.fixture
def mine(make_stack: MakeStack) -> Stack:
    """The guide in a tenant; its log is empty."""
    stack = make_stack(JOURNALING.format(group="", before=""))
    made = stack.up()
    assert made.code == 0, made.output
    stack.emulator.control.clear_calls()
    return stack


def test_nothing_is_made_in_another_tenant_not_even_what_is_new(mine: Stack, make_stack: MakeStack) -> None:
    """Settings and credentials of another tenant, by domain or GUID, without the preview that would have refused first.

    The program has new rules before its component, which wait for nothing, and a new group in it; none is made, be it the
    only target or not. The preview refuses as well.
    """
    other = make_stack("")
    here, there = mine.environment["ARM_TENANT_ID"], other.environment["ARM_TENANT_ID"]
    theirs = {name: other.environment[name] for name in CREDENTIALS}
    other.clicks("Set-TransportConfig", JournalingReportNdrTo="ndr@elsewhere.example")
    other.emulator.control.clear_calls()
    mine.write(JOURNALING.format(group=NEW_GROUP, before=NEW_RULES))
    by_domain, by_guid = ({**theirs, "ARM_TENANT_ID": name} for name in (other.organization, there))
    state, token = f"state is of tenant {here}", f"token is for tenant {there}"

    refused(mine.up(environment=by_domain), state, f"settings name {other.organization}", token)
    refused(mine.up(environment=by_guid), state, f"settings name {there}", token)
    refused(mine.up("--target", "**alone-0", environment=by_guid), state, f"settings name {there}", token)
    refused(mine.preview(environment=by_guid), state, f"settings name {there}", token)
    assert [call.cmdlet for call in other.calls() if not call.cmdlet.startswith("Get-")] == []
    assert mine.calls() == []
    assert "JournalRule" in mine.resources()


def test_stack_config_that_was_copied_from_another_tenant_is_refused(make_stack: MakeStack) -> None:
    """A new stack whose config names another tenant than the place it runs in: by domain only the token can tell.

    The application is known in both tenants, so Entra does not refuse; the stack has no state to compare with.
    """
    here, copied = make_stack(JOURNALING.format(group="", before="")), make_stack("")
    application = here.emulator.control.application(None, here.organization)
    here.emulator.control.put_application(application, copied.organization)
    tenants = (here.environment["ARM_TENANT_ID"], copied.environment["ARM_TENANT_ID"])
    here.config_set(tenant=copied.organization)
    refused(here.up(), f"settings name tenant {tenants[0]} in ARM_TENANT_ID", f"tenant {tenants[1]}")

    here.config_set(tenant=tenants[1])
    by_guid = here.up()
    assert by_guid.code not in (0, 7)
    assert f"{tenants[1]} and {tenants[0]} are two tenants" in by_guid.output
    assert (here.calls(), copied.calls(), here.resources()) == ([], [], {})
