"""Every option of the component, on and off and each pair of them once: silent after up, nothing left after destroy."""

import itertools
import json
from collections.abc import Callable
from typing import Any

from pulumi_stack import Stack

OPTIONS: dict[str, tuple[Any, ...]] = {
    "connector": (True, False, None),
    "validate": (True, False),
    "who": ("everyone", "recipient", "group"),
    "enabled": (True, False),
    "region": ("us", "eu", "cloudflare-one", "own hosts", "by MX"),
    "adopt": (None, True),
    "undeliverable": ("set", "kept"),
}
PROGRAM = """
import json
from pulumi import ResourceOptions
from area1_provider import *

COMBINATIONS = json.loads('''{combinations}''')
OWN, OTHER = json.loads('''{tenants}''')
other = Tenant("other", OTHER["tenant_id"], {{key: OTHER[key] for key in ("client_id", "client_secret")}})

def connector(number, region):
    tls = dict(tls_settings="DomainValidation", tls_domain="*.vendor.example")
    routing = {{
        "own hosts": dict(smart_hosts=["A.vendor.example", "b.vendor.example"], **tls),
        "by MX": dict(use_mx_record=True),
    }}
    return OutboundConnectorArgs(name=f"Connector {{number}}", **routing.get(region, {{}}))

for number, one in enumerate(COMBINATIONS):
    kept = one["undeliverable"] == "kept"
    home = OTHER if kept else OWN
    wanted = JournalingArgs(
        journal_address="contoso@journaling.mxrecord.io" if one["region"] != "cloudflare-one" else "c@cf-emailsecurity.com",
        undeliverable_address=None if kept else f"journal-ndr@{{home['organization']}}",
        region=one["region"] if " " not in one["region"] else "us",
        connector=one["connector"],
        connector_args=connector(number, one["region"]) if one["region"] != "cloudflare-one" else None,
        validate=one["validate"],
        rule_name=f"Rule {{number}}",
        enabled=one["enabled"],
        recipient="AdeleV@" + home["organization"].upper() if one["who"] == "recipient" else None,
        group=DistributionGroupArgs(name=f"Group {{number}}", members=["alexw"]) if one["who"] == "group" else None,
        adopt=one["adopt"],
    )
    Journaling(f"journaling-{{number}}", wanted, ResourceOptions(provider=other if kept else None))
"""


def is_legal(one: dict[str, Any]) -> bool:
    """Say whether a combination may be: a region without hosts takes no connector."""
    return not (one["region"] == "cloudflare-one" and one["connector"])


def pairs(one: dict[str, Any]) -> set[tuple[tuple[str, Any], ...]]:
    """Give each pair of option and value of a combination."""
    return set(itertools.combinations(one.items(), 2))


def combinations() -> list[dict[str, Any]]:
    """Give few combinations in which every legal pair of values is met, each time the one that adds most."""
    rows = [dict(zip(OPTIONS, values, strict=True)) for values in itertools.product(*OPTIONS.values())]
    legal = [row for row in rows if is_legal(row)]
    open_pairs = set[tuple[tuple[str, Any], ...]]().union(*map(pairs, legal))
    chosen = []
    while open_pairs:
        best = max(legal, key=lambda row: len(pairs(row) & open_pairs))
        open_pairs -= pairs(best)
        chosen.append(best)
    return chosen


def test_component_is_silent_with_every_pair_of_options(make_stack: Callable[..., Stack]) -> None:
    """Every pair of option values, with objects that are there already where they are adopted, on two tenants."""
    own, other = make_stack("", "own"), make_stack("", "other")
    rows = combinations()
    for number, one in enumerate(rows):
        if one["adopt"]:
            there(own if one["undeliverable"] == "set" else other, number)
    other.clicks("Set-TransportConfig", JournalingReportNdrTo="theirs@elsewhere.example")
    tenants = [vars(stack.emulator.account(stack.organization)) for stack in (own, other)]
    own.write(PROGRAM.format(combinations=json.dumps(rows), tenants=json.dumps(tenants)))
    made = own.up()
    assert made.code == 0, made.output
    enabled = {f"Rule {number}": one["enabled"] for number, one in enumerate(rows)}
    assert {
        rule["Name"]: rule["Enabled"] for stack in (own, other) for rule in stack.clicks("Get-JournalRule")
    } == enabled

    refreshed = own.refresh("--expect-no-changes")
    assert refreshed.code == 0, refreshed.output
    calm = own.preview("--expect-no-changes")
    assert calm.code == 0, calm.output

    ours = {one.get("id") for one in own.export()["resources"]}
    strangers = ids(own, other) - ours
    gone = own.destroy()
    assert gone.code == 0, gone.output
    assert ids(own, other) == strangers


def ids(*stacks: Stack) -> set[str]:
    """Give the ids of all objects in the stacks' tenants."""
    nouns = ("OutboundConnector", "JournalRule", "DistributionGroup")
    return {one["Guid"] for stack in stacks for noun in nouns for one in stack.clicks(f"Get-{noun}")}


def there(stack: Stack, number: int) -> None:
    """Make objects of the names that a component will want, different from what it wants."""
    stack.clicks("Set-TransportConfig", JournalingReportNdrTo=f"journal-ndr@{stack.organization}")
    stack.clicks("New-OutboundConnector", Name=f"Connector {number}", Comment="theirs")
    stack.clicks(
        "New-JournalRule", Name=f"Rule {number}", JournalEmailAddress="theirs@elsewhere.example", Scope="Internal"
    )
    stack.clicks("New-DistributionGroup", Name=f"Group {number}", Members=["adelev"])
