"""The guide of a stack on the real engine: up, drift, repair, destroy, for every stack config that stands in stacks/."""

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from clicks import Clicks
from pulumi_stack import Stack

QUIET = "--expect-no-changes"
DRIFTED = 7
"""What `--expect-no-changes` ends with where something differs."""

READS = ["Get-JournalRule", "Get-OutboundConnector", "Get-OutboundConnector", "Get-TransportConfig"]
"""What a refresh asks: one call for each of rule, connector, validation and config."""
GROUP_READS = ["Get-DistributionGroup", "Get-DistributionGroupMember"]

Stacks = Callable[[str], Stack]
ORGANIZATIONS = {
    "offline": "contoso.onmicrosoft.com",
    "contoso-us": "contoso.onmicrosoft.com",
    "fabrikam-eu": "fabrikam.onmicrosoft.com",
}


@pytest.fixture
def stack_of(make_stack: Callable[..., Stack]) -> Iterator[Stacks]:
    """Give the checkout's program with one of its stack configs, against a new tenant of the organization in it."""
    clicks: list[Clicks] = []

    def make(name: str) -> Stack:
        made = make_stack(name=name)
        made.emulator.add_tenant(ORGANIZATIONS[name])
        made.emulator.control.reset(ORGANIZATIONS[name])
        tenant = made.emulator.environment(ORGANIZATIONS[name])
        clicks.append(Clicks(tenant))
        environment = {**made.environment, **tenant}
        return replace(made, environment=environment, organization=ORGANIZATIONS[name], clicks=clicks[-1])

    yield make
    for one in clicks:
        one.close()


def asked(stack: Stack) -> list[str]:
    """Give the cmdlets that a run called, in order of their names, and forget them."""
    called = sorted(stack.cmdlets())
    stack.emulator.control.clear_calls()
    return called


def moved(output: str) -> dict[str, str]:
    """Give the lines `~ property: old => new` of a diff by property."""
    return dict(re.findall(r"^ *[~+-] (\w+) *: (.*)$", output, re.MULTILINE))


def removed(stack: Stack) -> list[str]:
    """Give the nouns of the Remove- cmdlets that were called, oldest first."""
    return [one.removeprefix("Remove-") for one in stack.cmdlets() if one.startswith("Remove-")]


def test_guide_for_everyone_is_made_watched_repaired_and_taken_away(stack_of: Stacks) -> None:
    """The example for the US: drift shows property by property, `up` repairs it, destroy goes rule first, address stays."""
    stack = stack_of("contoso-us")
    made = stack.up()
    assert made.code == 0, made.output
    outputs = stack.outputs()
    connector = stack.clicks.one("Get-OutboundConnector")
    rule = stack.clicks.one("Get-JournalRule")
    assert outputs == {
        "tenant_id": stack.environment["ARM_TENANT_ID"],
        "connector_id": connector["Guid"],
        "rule_id": rule["Guid"],
        "rule_enabled": True,
        "undeliverable_address": "journal-ndr@contoso.com",
        "validation": {
            "Check connectivity to 'mailstream-east.mxrecord.io'": "Succeeded",
            "Check connectivity to 'mailstream-west.mxrecord.io'": "Succeeded",
            "Send test email": "Succeeded",
        },
    }
    assert connector["SmartHosts"] == ["mailstream-east.mxrecord.io", "mailstream-west.mxrecord.io"]
    assert connector["RecipientDomains"] == ["journaling.mxrecord.io"]
    assert (connector["TlsSettings"], connector["CloudServicesMailEnabled"]) == ("CertificateValidation", True)
    assert connector["IsValidated"] is True
    assert (rule["Scope"], rule["Enabled"], rule["Recipient"]) == ("External", True, None)
    asked(stack)
    again = stack.up(QUIET)
    assert (again.code, asked(stack)) == (0, []), again.output

    stack.clicks("Set-OutboundConnector", Identity=connector["Guid"], SmartHosts=["rogue.example"], Comment="mine now")
    stack.clicks("Set-JournalRule", Identity=rule["Guid"], Scope="Global", JournalEmailAddress="thief@rogue.example")
    stack.clicks("Disable-JournalRule", Identity=rule["Guid"], Confirm=False)
    stack.clicks("Set-TransportConfig", JournalingReportNdrTo="adelev@contoso.com")
    seen = stack.refresh("--preview-only", QUIET)
    assert seen.code == DRIFTED, seen.output
    assert moved(seen.output)["scope"] == '"External" => "Global"'
    assert moved(seen.output)["enabled"] == "true => false"
    assert moved(seen.output)["journal_email_address"] == '"contoso@journaling.mxrecord.io" => "thief@rogue.example"'
    assert moved(seen.output)["comment"] == '"Deliver journal directly to Area 1" => "mine now"'
    assert moved(seen.output)["undeliverable_address"] == '"journal-ndr@contoso.com" => "adelev@contoso.com"'
    assert "rogue.example" in seen.output.partition("smart_hosts")[2]

    repaired = stack.up("--refresh")
    assert repaired.code == 0, repaired.output
    now = stack.clicks.one("Get-OutboundConnector")
    assert (now["SmartHosts"], now["Comment"]) == (connector["SmartHosts"], connector["Comment"])
    assert now["IsValidated"] is True
    keys = ("Guid", "Scope", "Enabled", "JournalEmailAddress")
    assert [stack.clicks.one("Get-JournalRule")[key] for key in keys] == [rule[key] for key in keys]
    assert stack.clicks.one("Get-TransportConfig")["JournalingReportNdrTo"] == "journal-ndr@contoso.com"
    asked(stack)
    calm = stack.preview("--refresh", QUIET)
    assert (calm.code, asked(stack)) == (0, READS), calm.output

    gone = stack.destroy()
    assert gone.code == 0, gone.output
    assert removed(stack) == ["JournalRule", "OutboundConnector"]
    assert stack.clicks.one("Get-TransportConfig")["JournalingReportNdrTo"] == "journal-ndr@contoso.com"
    assert "journal-ndr@contoso.com" in gone.output


def test_guide_for_a_group_is_made_watched_repaired_and_taken_away(stack_of: Stacks) -> None:
    """The example for the EU: members and the rule's group drift and are repaired; the group is deleted last."""
    stack = stack_of("fabrikam-eu")
    made = stack.up()
    assert made.code == 0, made.output
    group = stack.clicks.one("Get-DistributionGroup")
    rule, connector = stack.clicks.one("Get-JournalRule"), stack.clicks.one("Get-OutboundConnector")
    assert connector["SmartHosts"] == ["mailstream-eu1.mxrecord.io"]
    assert rule["Recipient"] == group["PrimarySmtpAddress"] == "journaled-area1@fabrikam.com"
    assert members(stack) == ["adelev@fabrikam.com", "alexw@fabrikam.com"]
    assert stack.outputs()["group_id"] == group["Guid"]

    stack.clicks("Add-DistributionGroupMember", Identity=group["Guid"], Member="diegos@fabrikam.com")
    stack.clicks("Remove-DistributionGroupMember", Identity=group["Guid"], Member="alexw@fabrikam.com", Confirm=False)
    stack.clicks("Set-JournalRule", Identity=rule["Guid"], Recipient="adelev@fabrikam.com")
    seen = stack.refresh("--preview-only", QUIET)
    assert seen.code == DRIFTED, seen.output
    assert moved(seen.output)["recipient"] == '"journaled-area1@fabrikam.com" => "adelev@fabrikam.com"'
    assert "diegos@fabrikam.com" in seen.output

    repaired = stack.up("--refresh")
    assert repaired.code == 0, repaired.output
    assert members(stack) == ["adelev@fabrikam.com", "alexw@fabrikam.com"]
    assert stack.clicks.one("Get-JournalRule")["Recipient"] == group["PrimarySmtpAddress"]
    asked(stack)
    calm = stack.preview("--refresh", QUIET)
    assert (calm.code, asked(stack)) == (0, [*GROUP_READS, *READS]), calm.output

    gone = stack.destroy()
    assert gone.code == 0, gone.output
    assert removed(stack) == ["JournalRule", "OutboundConnector", "DistributionGroup"]
    assert stack.clicks.one("Get-TransportConfig")["JournalingReportNdrTo"] == "journal-ndr@fabrikam.com"


def members(stack: Stack) -> list[str]:
    """Give the addresses of the only group's members."""
    group = stack.clicks.one("Get-DistributionGroup")["Guid"]
    return sorted(one["PrimarySmtpAddress"] for one in stack.clicks("Get-DistributionGroupMember", Identity=group))


def test_offline_stack_is_silent_after_up(stack_of: Stacks) -> None:
    """The offline stack: up, refresh, preview finds nothing to do."""
    stack = stack_of("offline")
    made = stack.up()
    assert made.code == 0, made.output
    calm = stack.preview("--refresh", QUIET)
    assert calm.code == 0, calm.output


def test_every_stack_config_is_tested() -> None:
    """No stack config stands in stacks/ that the tests above do not run."""
    stacks = (Path(__file__).parents[2] / "stacks").glob("Pulumi.*.yaml")

    assert set(ORGANIZATIONS) == {file.name.split(".")[1] for file in stacks}
