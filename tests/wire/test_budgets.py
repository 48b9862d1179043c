"""How many calls an operation costs, counted by the offline tenant's own log."""

from typing import Any

import pytest
from lifecycle import Clicks, Engine, Telling, provider_over

from area1_provider.emulator import Emulator
from area1_provider.provider import ExchangeProvider
from area1_provider.resources.distribution_group import DistributionGroupProvider
from area1_provider.resources.journal_rule import JournalRuleProvider
from area1_provider.resources.outbound_connector import OutboundConnectorProvider
from area1_provider.resources.outbound_connector_validation import OutboundConnectorValidationProvider
from area1_provider.resources.transport_config import TransportConfigProvider

CONNECTOR = {
    "name": "Deliver journal directly to Area 1",
    "connector_type": "Partner",
    "use_mx_record": False,
    "smart_hosts": ["mailstream-east.mxrecord.io"],
    "recipient_domains": ["journaling.mxrecord.io"],
    "tls_settings": "CertificateValidation",
}
RULE = {
    "name": "Journal Messages to Area 1",
    "journal_email_address": "j@journaling.mxrecord.io",
    "enabled": True,
    "scope": "External",
}
CONFIG = {"undeliverable_address": "journal-ndr@contoso.com"}
GROUP = {"name": "Journaled", "members": ["adelev", "alexw@contoso.com"], "managed_by": ["meganb@contoso.com"]}


@pytest.fixture
def cost(emulator: Emulator) -> Any:
    """Give a function that runs an operation and names the cmdlets that it called."""

    def count(operation: Any, *args: Any) -> list[str]:
        emulator.control.clear_calls()
        operation(*args)
        return [call.cmdlet for call in emulator.control.calls()]

    return count


@pytest.fixture
def engine(request: pytest.FixtureRequest, exchange: Telling, clicks: Clicks, config: dict[str, str]) -> Engine:
    """Give the engine for the noun of the test."""
    if request.param is JournalRuleProvider:
        clicks.run("Set-TransportConfig", JournalingReportNdrTo="journal-ndr@contoso.com")
    return Engine(provider_over(request.param, exchange, config))


def made(engine: Engine, args: dict[str, Any]) -> Engine:
    """Give the engine with the resource made."""
    engine.up(args)
    return engine


def of(kind: type[ExchangeProvider]) -> Any:
    """Run a test with the engine of a noun."""
    return pytest.mark.parametrize("engine", [kind], indirect=True, ids=[kind.noun.name])


@of(OutboundConnectorProvider)
def test_connector(engine: Engine, cost: Any) -> None:
    """A connector: create 1, no change 0, read 1, update 2, delete 1."""
    assert cost(engine.up, CONNECTOR) == ["New-OutboundConnector"]
    assert cost(engine.up, CONNECTOR) == []
    assert cost(engine.refresh) == ["Get-OutboundConnector"]
    assert cost(engine.up, {**CONNECTOR, "name": "Renamed", "smart_hosts": ["a.example.com"]}) == [
        "Set-OutboundConnector",
        "Get-OutboundConnector",
    ]
    assert cost(engine.destroy) == ["Remove-OutboundConnector"]


@of(JournalRuleProvider)
def test_rule(engine: Engine, cost: Any) -> None:
    """A rule: create 1 beside one look at the accepted domains a process, no change 0, read 1, update 2, delete 1."""
    assert cost(engine.up, RULE) == ["Get-AcceptedDomain", "New-JournalRule"]
    assert cost(engine.up, RULE) == []
    assert cost(engine.refresh) == ["Get-JournalRule"]
    assert cost(engine.up, {**RULE, "scope": "Global"}) == ["Set-JournalRule", "Get-JournalRule"]
    assert cost(engine.destroy) == ["Remove-JournalRule"]
    assert cost(engine.up, RULE) == ["New-JournalRule"]


@of(JournalRuleProvider)
def test_rule_switched_with_a_change(engine: Engine, cost: Any) -> None:
    """A rule that changes and is switched at once costs 3: Exchange switches by a cmdlet of its own.

    It is off before the change and on after it: never on with half of it.
    """
    made(engine, RULE)

    assert cost(engine.up, {**RULE, "enabled": False}) == ["Disable-JournalRule", "Get-JournalRule"]
    assert cost(engine.up, {**RULE, "scope": "Internal"}) == [
        "Set-JournalRule",
        "Enable-JournalRule",
        "Get-JournalRule",
    ]
    assert cost(engine.up, {**RULE, "scope": "Global", "enabled": False}) == [
        "Disable-JournalRule",
        "Set-JournalRule",
        "Get-JournalRule",
    ]


@of(JournalRuleProvider)
def test_rule_that_follows_its_group(engine: Engine, cost: Any, exchange: Telling, config: dict[str, str]) -> None:
    """A new recipient is looked up, but for a group that this run gave the address: others may not find it for minutes."""
    group = Engine(provider_over(DistributionGroupProvider, exchange, config))
    group.up({"name": "g", "primary_smtp_address": "g@contoso.com"})
    made(engine, {**RULE, "recipient": "g@contoso.com"})
    group.up({"name": "g", "primary_smtp_address": "h@contoso.com"})

    assert cost(engine.up, {**RULE, "recipient": "h@contoso.com"}) == ["Set-JournalRule", "Get-JournalRule"]
    assert cost(engine.up, {**RULE, "recipient": "adelev@contoso.com"})[0] == "Get-Recipient"


@of(TransportConfigProvider)
def test_config(engine: Engine, cost: Any) -> None:
    """The config: read and set at create, since it is there already; no change 0, read 1, update 2, delete 0."""
    assert cost(engine.up, CONFIG) == ["Get-TransportConfig", "Set-TransportConfig", "Get-TransportConfig"]
    assert cost(engine.up, CONFIG) == []
    assert cost(engine.refresh) == ["Get-TransportConfig"]
    assert cost(engine.up, {**CONFIG, "journal_message_expiration_days": 2}) == [
        "Set-TransportConfig",
        "Get-TransportConfig",
    ]
    assert cost(engine.destroy) == []


@of(TransportConfigProvider)
def test_config_whose_address_becomes_managed(engine: Engine, cost: Any) -> None:
    """An address that becomes managed costs one look more, once: somebody else's is not overwritten."""
    made(engine, {"journal_message_expiration_days": 2})

    assert cost(engine.up, CONFIG) == ["Get-TransportConfig", "Set-TransportConfig", "Get-TransportConfig"]
    assert cost(engine.up, {"undeliverable_address": "other@contoso.com"}) == [
        "Set-TransportConfig",
        "Get-TransportConfig",
    ]


@of(TransportConfigProvider)
def test_config_that_is_as_wanted(engine: Engine, cost: Any, clicks: Clicks) -> None:
    """A config that is as wanted already is read once and left alone."""
    clicks.run("Set-TransportConfig", JournalingReportNdrTo="JOURNAL-NDR@contoso.com")

    assert cost(engine.up, CONFIG) == ["Get-TransportConfig"]


@of(DistributionGroupProvider)
def test_group(engine: Engine, cost: Any) -> None:
    """A group with its members: create 1, no change 0, read 2, update of properties 2, of members 2, delete 1."""
    assert cost(engine.up, GROUP) == ["New-DistributionGroup"]
    assert cost(engine.up, GROUP) == []
    assert cost(engine.refresh) == ["Get-DistributionGroup", "Get-DistributionGroupMember"]
    assert cost(engine.up, {**GROUP, "display_name": "New"}) == ["Set-DistributionGroup", "Get-DistributionGroup"]
    more = {**GROUP, "display_name": "New", "members": [*GROUP["members"], "diegos"]}
    assert cost(engine.up, more) == ["Add-DistributionGroupMember", "Get-DistributionGroupMember"]
    other = {**more, "members": ["diegos", "meganb", "archive-vendor"]}
    assert cost(engine.up, other) == ["Update-DistributionGroupMember", "Get-DistributionGroupMember"]
    assert cost(engine.destroy) == ["Remove-DistributionGroup"]


@of(DistributionGroupProvider)
def test_group_without_members(engine: Engine, cost: Any) -> None:
    """A group whose members are unmanaged is read with 1 call; properties that New- does not take cost two more."""
    assert cost(engine.up, {"name": "Plain"}) == ["New-DistributionGroup"]
    assert cost(engine.refresh) == ["Get-DistributionGroup"]
    engine.destroy()
    assert cost(engine.up, {"name": "Hinted", "mail_tip": "Journaled"}) == [
        "New-DistributionGroup",
        "Set-DistributionGroup",
        "Get-DistributionGroup",
    ]


@of(DistributionGroupProvider)
def test_group_and_members_change_together(engine: Engine, cost: Any) -> None:
    """Properties and members in one update cost 4: each has a cmdlet of its own to write and to read."""
    made(engine, GROUP)
    other = {**GROUP, "display_name": "New", "members": ["diegos"]}

    assert cost(engine.up, other) == [
        "Set-DistributionGroup",
        "Update-DistributionGroupMember",
        "Get-DistributionGroup",
        "Get-DistributionGroupMember",
    ]


@of(DistributionGroupProvider)
def test_members_one_by_one(engine: Engine, cost: Any) -> None:
    """Where one call does not do, members are read first where it is not known who is in, and each who goes costs one."""
    read, args = "Get-DistributionGroupMember", {"name": "g", "member_mode": "at_least", "members": ["adelev", "alexw"]}
    made(engine, args)

    more = {**args, "members": ["adelev", "alexw", "diegos"]}
    assert cost(engine.up, more) == ["Add-DistributionGroupMember", read]
    assert cost(engine.up, args) == [read, "Remove-DistributionGroupMember", read]
    assert cost(engine.up, {**args, "member_mode": "exact"}) == ["Update-DistributionGroupMember", read]
    assert cost(engine.up, {"name": "g", "members": []}) == [read, *["Remove-DistributionGroupMember"] * 2, read]


@of(OutboundConnectorValidationProvider)
def test_validation(engine: Engine, cost: Any, clicks: Clicks) -> None:
    """A validation: run, store and read at create and update, 1 to read, nothing to delete."""
    (connector,) = clicks.run("New-OutboundConnector", Name="c", RecipientDomains=["journaling.mxrecord.io"])
    args = {"connector": connector["Guid"], "recipients": ["j@journaling.mxrecord.io"]}

    assert cost(engine.up, args) == [
        "Validate-OutboundConnector",
        "Set-OutboundConnector",
        "Get-OutboundConnector",
    ]
    assert cost(engine.up, args) == []
    assert cost(engine.refresh) == ["Get-OutboundConnector"]
    assert cost(engine.destroy) == []


@of(DistributionGroupProvider)
def test_a_recipient_in_another_spelling_is_looked_up_once(engine: Engine, cost: Any, clicks: Clicks) -> None:
    """Owners read back as names: what they resolved to is kept, so a refresh asks nothing about them again."""
    made(engine, GROUP)

    assert cost(engine.refresh) == ["Get-DistributionGroup", "Get-DistributionGroupMember"]
    clicks.run("Set-DistributionGroup", Identity=engine.id, ManagedBy=["diegos"], BypassSecurityGroupManagerCheck=True)
    assert cost(engine.refresh).count("Get-Recipient") <= 2
    assert engine.changes(GROUP)
