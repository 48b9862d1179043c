"""Single resources on the real engine: rename, replacement, what is managed and what no longer is, vanished objects."""

from collections.abc import Callable

from pulumi_stack import Stack

BEFORE = """
from area1_provider import *
hosts = dict(use_mx_record=False, smart_hosts=["a.example"], recipient_domains=["journaling.mxrecord.io"])
OutboundConnector("connector", OutboundConnectorArgs(name="First", comment="ours", **hosts))
JournalRule("rule", JournalRuleArgs(name="First rule", journal_email_address="contoso@journaling.mxrecord.io"))
JournalRule("victim", JournalRuleArgs(name="Victim", journal_email_address="contoso@journaling.mxrecord.io"))
DistributionGroup("group", DistributionGroupArgs(name="First group", members=["adelev", "alexw"]))
DistributionGroup("kind", DistributionGroupArgs(name="Kind", type="Distribution"))
"""
AFTER = """
from area1_provider import *
hosts = dict(use_mx_record=False, smart_hosts=["a.example"], recipient_domains=["journaling.mxrecord.io"])
OutboundConnector("connector", OutboundConnectorArgs(name="Second", tls_settings="EncryptionOnly", **hosts))
JournalRule("rule", JournalRuleArgs(name="Second rule", journal_email_address="contoso@journaling.mxrecord.io"))
JournalRule("victim", JournalRuleArgs(name="Victim", journal_email_address="contoso@journaling.mxrecord.io"))
DistributionGroup("group", DistributionGroupArgs(name="Second group", members=["alexw"]))
DistributionGroup("kind", DistributionGroupArgs(name="Kind", type="Security"))
"""


def ids(stack: Stack) -> dict[str, str]:
    """Give the id of each object in the tenant by its name."""
    nouns = ("OutboundConnector", "JournalRule", "DistributionGroup")
    return {one["Name"]: one["Guid"] for noun in nouns for one in stack.clicks(f"Get-{noun}")}


def test_objects_are_renamed_replaced_released_and_made_again(make_stack: Callable[..., Stack]) -> None:
    """Same id after a rename, another after a change of type; what is no longer named is left; what is gone comes back."""
    stack = make_stack(BEFORE)
    stack.clicks("Set-TransportConfig", JournalingReportNdrTo="ndr@elsewhere.example")
    made = stack.up()
    assert made.code == 0, made.output
    before = ids(stack)
    stack.write(AFTER)
    stack.emulator.control.clear_calls()
    changed = stack.up()
    assert changed.code == 0, changed.output
    after, called = ids(stack), stack.cmdlets()
    renamed = {"First": "Second", "First rule": "Second rule", "First group": "Second group"}
    assert {old: before[old] for old in renamed} == {old: after[new] for old, new in renamed.items()}
    assert before["Kind"] != after["Kind"]
    assert set(after) == {*renamed.values(), "Kind", "Victim"}
    assert "Security" in stack.clicks.one("Get-DistributionGroup", Identity="Kind")["GroupType"]
    connector = stack.clicks.one("Get-OutboundConnector")
    assert (connector["TlsSettings"], connector["Comment"]) == ("EncryptionOnly", "ours")
    assert [one for one in called if one.startswith("Set-")].count("Set-OutboundConnector") == 1
    told_of_members = [one for one in called if one.endswith("GroupMember") and not one.startswith("Get-")]
    assert told_of_members == ["Update-DistributionGroupMember"]
    (member,) = stack.clicks("Get-DistributionGroupMember", Identity="Second group")
    assert member["Alias"] == "alexw"

    stack.clicks("Set-OutboundConnector", Identity="Second", Comment="by hand")
    stack.clicks("Remove-JournalRule", Identity="Victim", Confirm=False)
    seen = stack.refresh("--preview-only", "--expect-no-changes")
    assert seen.code == 7, seen.output
    assert "- 1 to delete" in seen.output
    assert "JournalRule::victim" in seen.output.partition("(delete)")[2]
    assert "by hand" not in seen.output
    assert "to update" not in seen.output

    repaired = stack.up("--refresh")
    assert repaired.code == 0, repaired.output
    assert ids(stack).keys() == after.keys()
    assert ids(stack)["Victim"] != after["Victim"]
    assert stack.clicks.one("Get-OutboundConnector")["Comment"] == "by hand"
    calm = stack.preview("--refresh", "--expect-no-changes")
    assert calm.code == 0, calm.output


CROWD = """
from area1_provider import *
group = DistributionGroupArgs(members=["adelev", "alexw"], member_join_restriction="Closed")
for number in range(40):
    DistributionGroup(f"group-{number}", group)
"""


def test_forty_groups_are_made_side_by_side_with_one_call_each(make_stack: Callable[..., Stack]) -> None:
    """The plugin's threads share one sign-in and do not disturb each other: 40 calls, 40 groups, then silence."""
    stack = make_stack(CROWD)
    made = stack.up()
    assert made.code == 0, made.output
    assert stack.cmdlets() == ["New-DistributionGroup"] * 40
    groups = stack.clicks("Get-DistributionGroup")
    assert {one["Name"] for one in groups} == {f"group-{number}" for number in range(40)}

    calm = stack.preview("--refresh", "--expect-no-changes")
    assert calm.code == 0, calm.output
