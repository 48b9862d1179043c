"""What a person sees of bad input on the real engine: one message that names the place and the way out, no frames."""

import json
from collections.abc import Callable

import pytest
from pulumi_stack import Run, Stack

MakeStack = Callable[..., Stack]

RULE = """
from area1_provider import JournalRule, JournalRuleArgs
JournalRule("rule", JournalRuleArgs(journal_email_address="contoso@journaling.mxrecord.io"))
"""


def failed(run: Run) -> str:
    """Give the output of a run that failed as it should: with an error, without frames, and without blaming itself."""
    assert run.code not in (0, 7), run.output
    assert "error: " in run.output
    for mark in ("Traceback", 'File "', "Defect"):
        assert mark not in run.output
    return run.output


def test_preview_names_every_mistake_in_a_stack_config_at_once(stack: Stack) -> None:
    """Misspelt or missing key, wrong type, unknown region, what a resource would refuse: said at once, with places."""
    stack.config_set(
        journal_adress="contoso@journaling.mxrecord.io",
        region="mars",
        enabled="maybe",
        scope="Externl",
        rule_name="n" * 70,
        undeliverable_address="nobody",
        group=json.dumps({"nam": "Journaled", "members": "adelev"}),
    )
    output = failed(stack.preview())

    assert "Stack config: 9 problems\n" in output
    assert "area1:journal_adress is no key; did you mean area1:journal_address?" in output
    assert "area1:journal_address is required: pulumi config set area1:journal_address VALUE" in output
    assert "area1:region: 'mars' is no region; known are" in output
    assert "area1:enabled: must be true or false, not 'maybe'" in output
    assert "area1:scope: 'Externl' is none of Global, Internal, External" in output
    assert "area1:rule_name: has 70 characters, Exchange takes at most 64" in output
    assert "area1:undeliverable_address: 'nobody'" in output
    assert "area1:group.nam is no key; did you mean area1:group.name?" in output
    assert "area1:group.members: must be a list, not 'adelev'" in output
    assert stack.calls() == []


def test_preview_refuses_contradictions_of_a_config_that_is_well_formed(stack: Stack) -> None:
    """Smart hosts with use_mx_record, group with recipient, an address of another region: all said, nothing asked."""
    stack.config_set(
        journal_address="contoso@journaling.mailstream-eu1.mxrecord.io",
        region="us-current",
        recipient="adelev@contoso.com",
        group=json.dumps({"name": "Journaled", "managed_by": []}),
    )
    connector = {"name": "n" * 65, "use_mx_record": True, "smart_hosts": ["a.example"]}
    stack.config_set(connector_args=json.dumps(connector))
    output = failed(stack.preview())

    assert "area1:connector_args.name: has 65 characters" in output
    assert "area1:connector_args.smart_hosts: cannot stand together with use_mx_record=True" in output
    assert "area1:recipient: cannot stand together with group" in output
    assert "area1:group.managed_by: must name 1 to 10 owners, not 0" in output
    assert stack.calls() == []


BAD_RULE = """
from area1_provider import JournalRule, JournalRuleArgs
JournalRule("rule", JournalRuleArgs(journal_email_address="{target}", recipient="{recipient}"))
"""


def test_preview_asks_the_tenant_what_only_it_knows_of_a_rule(make_stack: MakeStack) -> None:
    """A target that is a mailbox and a group that does not exist are refused together; no mailbox there is a warning."""
    stack = make_stack("")
    domain = stack.organization
    stack.write(BAD_RULE.format(target=f"adelev@{domain}", recipient=f"nobody@{domain}"))
    output = failed(stack.preview())
    assert f"'adelev@{domain}' is a mailbox of this tenant (Adele Vance)" in output
    assert "Write the address that the journaling service gave you" in output
    assert f"'nobody@{domain}' is no recipient of this tenant" in output
    assert "make the group in this program and pass its primary_smtp_address" in output
    assert set(stack.cmdlets()) == {"Get-AcceptedDomain", "Get-Recipient"}

    stack.write(BAD_RULE.format(target=f"archive@{domain}", recipient=""))
    warned = stack.preview()
    assert warned.code == 0, warned.output
    assert f"warning: journal_email_address 'archive@{domain}' is in an accepted domain of this tenant" in warned.output


TAKEN = """
from area1_provider import *
hosts = dict(smart_hosts=["a.example"], use_mx_record=False)
OutboundConnector("connector", OutboundConnectorArgs(name="Taken", comment="ours", adopt={adopt}, **hosts))
rule = JournalRuleArgs(name="Taken rule", journal_email_address="contoso@journaling.mxrecord.io", adopt={adopt})
JournalRule("rule", rule)
DistributionGroup("group", DistributionGroupArgs(name="Taken group", members=["alexw"], adopt={adopt}))
TransportConfig("config", TransportConfigArgs(undeliverable_address="{address}", replace_undeliverable_address={adopt}))
"""


def test_nothing_of_somebody_else_is_taken_over_unless_told_to(make_stack: MakeStack) -> None:
    """Names that are taken name both ways out, a foreign address stays; with adopt all are ours, same ids, then silence."""
    stack = make_stack("")
    clicks, address = stack.clicks, f"journal-ndr@{stack.organization}"
    clicks("Set-TransportConfig", JournalingReportNdrTo="theirs@elsewhere.example")
    theirs = {
        "OutboundConnector": clicks.one("New-OutboundConnector", Name="Taken", Comment="theirs"),
        "JournalRule": clicks.one("New-JournalRule", Name="Taken rule", JournalEmailAddress="theirs@elsewhere.example"),
        "DistributionGroup": clicks.one("New-DistributionGroup", Name="Taken group", Members=["adelev"]),
    }
    stack.write(TAKEN.format(adopt=None, address=address))
    output = failed(stack.up("--continue-on-error"))
    for noun, there in theirs.items():
        assert f"area1 import {noun} '{there['Name']}'" in output
        now = clicks.one(f"Get-{noun}", Identity=there["Guid"])
        assert now["WhenChangedUTC"] == there["WhenChangedUTC"], noun
    assert output.count("set `adopt=True` on the resource to take it over") == 3
    assert "to 'theirs@elsewhere.example' already" in output
    assert "set replace_undeliverable_address=True to overwrite it" in output
    assert clicks.one("Get-TransportConfig")["JournalingReportNdrTo"] == "theirs@elsewhere.example"
    assert stack.resources() == {}

    stack.write(TAKEN.format(adopt=True, address=address))
    looked = stack.preview()
    assert looked.code == 0, looked.output
    for noun, there in theirs.items():
        assert (
            f"adopt: {noun} '{there['Name']}' is there already and will be taken over; what changes:" in looked.output
        )
        assert clicks.one(f"Get-{noun}", Identity=there["Guid"])["WhenChangedUTC"] == there["WhenChangedUTC"], noun
    for change in (
        "comment: 'theirs' -> 'ours'",
        "journal_email_address: 'theirs@elsewhere.example' -> 'contoso@",
        "members",
    ):
        assert f"  {change}" in looked.output
    taken = stack.up()
    assert taken.code == 0, taken.output
    ids = {noun: one["id"] for noun, one in stack.resources().items() if noun in theirs}
    assert ids == {noun: there["Guid"] for noun, there in theirs.items()}
    assert clicks.one("Get-TransportConfig")["JournalingReportNdrTo"] == address
    calm = stack.preview("--refresh", "--expect-no-changes")
    assert calm.code == 0, calm.output


@pytest.mark.parametrize(
    ("surroundings", "said"),
    [
        (
            {"ARM_TENANT_ID": "", "ARM_CLIENT_ID": "", "ARM_CLIENT_SECRET": ""},
            ["ARM_TENANT_ID or AZURE_TENANT_ID or area1:tenant: not set", "Set ARM_CLIENT_ID and ARM_CLIENT_SECRET"],
        ),
        ({"ARM_CLIENT_SECRET": "not-the-secret"}, ["AADSTS7000215", "set it as ARM_CLIENT_SECRET"]),
        (
            {"AREA1_AUTHORITY_HOST": "https://localhost:1"},
            ["localhost:1: connection refused", "Look at AREA1_EXCHANGE_URL and AREA1_AUTHORITY_HOST"],
        ),
        ({"AREA1_CA_FILE": ""}, ["its TLS certificate is not trusted", "name its CA in AREA1_CA_FILE"]),
    ],
    ids=["no credentials", "wrong secret", "connection refused", "TLS not trusted"],
)
def test_preview_says_why_the_tenant_cannot_be_reached(
    make_stack: MakeStack, surroundings: dict[str, str], said: list[str]
) -> None:
    """What is missing or refused on the way in is named with its setting, without waiting; secrets are not quoted."""
    stack = make_stack(RULE)
    output = failed(stack.preview(environment=surroundings))

    for text in said:
        assert text in output
    assert "not-the-secret" not in output
    assert "trying again" not in output
    assert stack.calls() == []


def test_another_tenant_than_the_states_is_refused_before_the_first_write(make_stack: MakeStack) -> None:
    """State of A, settings and credentials of B: up and destroy name state, settings and token, and write nothing."""
    mine, other = make_stack(RULE), make_stack("")
    mine.clicks("Set-TransportConfig", JournalingReportNdrTo="ndr@elsewhere.example")
    made = mine.up()
    assert made.code == 0, made.output
    names = ("ARM_CLIENT_ID", "ARM_CLIENT_SECRET")
    theirs = {"ARM_TENANT_ID": other.organization, **{name: other.environment[name] for name in names}}
    mine.write(RULE.replace("contoso@", "moved@"))
    mine.emulator.control.clear_calls()
    for output in (failed(mine.up(environment=theirs)), failed(mine.destroy(environment=theirs))):
        assert f"The state is of tenant {mine.environment['ARM_TENANT_ID']}" in output
        assert f"the settings name {other.organization}" in output
        assert f"the token is for tenant {other.environment['ARM_TENANT_ID']}" in output
        assert "select the stack of the tenant that you mean" in output
    assert (mine.calls(), other.calls()) == ([], [])
