"""Several tenants in one program on the real engine: each resource goes to the tenant whose provider it was given."""

import json
from collections.abc import Callable

from pulumi_stack import Stack

PROGRAM = """
import json, pulumi
from pulumi import ResourceOptions
from area1_provider import *

def tenant(name, account):
    secret = pulumi.Output.secret(account["client_secret"])
    return Tenant(name, account["tenant_id"], {{"client_id": account["client_id"], "client_secret": secret}})

first, second = (tenant(f"tenant-{{number}}", one) for number, one in enumerate(json.loads('''{accounts}''')))
whole = JournalingArgs(journal_address="contoso@journaling.mxrecord.io", undeliverable_address="ndr@elsewhere.example")
rule = JournalRuleArgs(journal_email_address="contoso@journaling.mxrecord.io")
one = Journaling("one", whole, ResourceOptions(provider=first))
two = Journaling("two", whole, ResourceOptions(providers=[second]))
alone = JournalRule("alone", rule, ResourceOptions(provider=second, depends_on=[two]))
own = JournalRule("own", rule)
pulumi.export("tenants", [one.rule.tenant_id, two.rule.tenant_id, alone.tenant_id, own.tenant_id])
"""
GUIDE = "Journal Messages to Area 1"


def rules(stack: Stack) -> set[str]:
    """Give the names of a tenant's rules."""
    return {one["Name"] for one in stack.clicks("Get-JournalRule")}


def test_two_tenants_and_the_stacks_own_live_in_one_program(make_stack: Callable[..., Stack]) -> None:
    """`provider=` and `providers=[...]` reach resources and components' children; refresh and destroy know their tenant."""
    own, first, second = (make_stack("", name) for name in ("own", "first", "second"))
    own.clicks("Set-TransportConfig", JournalingReportNdrTo="ndr@elsewhere.example")
    accounts = [vars(own.emulator.account(one.organization)) for one in (first, second)]
    own.write(PROGRAM.format(accounts=json.dumps(accounts)))
    made = own.up()
    assert made.code == 0, made.output
    assert [rules(one) for one in (own, first, second)] == [{"own"}, {GUIDE}, {GUIDE, "alone"}]
    ids = [one.environment["ARM_TENANT_ID"] for one in (first, second, second, own)]
    assert own.outputs()["tenants"] == ids
    exported = json.dumps(own.export())
    assert not [one for one in accounts if one["client_secret"] in exported]

    second.clicks("Set-JournalRule", Identity=GUIDE, Scope="Global")
    seen = own.refresh("--preview-only", "--expect-no-changes")
    assert seen.code == 7, seen.output
    assert seen.output.count("~ scope") == 1
    assert '"External" => "Global"' in seen.output

    gone = own.destroy()
    assert gone.code == 0, gone.output
    assert [rules(one) for one in (own, first, second)] == [set(), set(), set()]
    assert [one.clicks("Get-OutboundConnector") for one in (first, second)] == [[], []]


RULE = """
import json
from pulumi import ResourceOptions
from area1_provider import *

account = json.loads('''{account}''')
settings = {{"client_id": account["client_id"], "client_secret": account["client_secret"]}}
tenant = Tenant("tenant", account["tenant_id"], settings)
rule = JournalRuleArgs(journal_email_address="contoso@journaling.mxrecord.io")
JournalRule("own", rule, ResourceOptions(provider={provider}))
"""


def test_a_resource_that_gets_another_provider(make_stack: Callable[..., Stack]) -> None:
    """The object stays where the tenant does, from the stack's settings to a `Tenant` and back; else nothing is changed."""
    own, other = (make_stack("", name) for name in ("own", "other"))
    own.clicks("Set-TransportConfig", JournalingReportNdrTo="ndr@elsewhere.example")
    accounts = {one.name: json.dumps(vars(one.emulator.account(one.organization))) for one in (own, other)}
    own.write(RULE.format(account=accounts["own"], provider="None"))
    assert own.up().code == 0
    made = own.clicks.one("Get-JournalRule")

    for account, provider, code in (("own", "tenant", 0), ("own", "None", 0), ("other", "tenant", 1)):
        own.write(RULE.format(account=accounts[account], provider=provider))
        up = own.up()
        assert up.code == code, up.output
        assert own.clicks.one("Get-JournalRule") == made
    assert "WrongTenant" in up.output
    assert other.clicks("Get-JournalRule") == []
