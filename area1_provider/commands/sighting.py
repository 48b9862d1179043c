"""What a tenant holds of the guide: connector, undeliverable address, rule, group. Only asks, judges nothing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any

from area1_provider import errors, recipients, regions, settle
from area1_provider.forms import domain_of
from area1_provider.guide import CONNECTOR_NAME, RULE_NAME, JournalingArgs, connector_args, wants_connector
from area1_provider.resources.distribution_group import DistributionGroupProvider
from area1_provider.resources.journal_rule import JournalRuleProvider
from area1_provider.resources.outbound_connector import OutboundConnectorArgs
from area1_provider.resources.transport_config import TransportConfigProvider

if TYPE_CHECKING:
    from area1_provider.client import Exchange

Object = Mapping[str, Any]


class Sighting:
    """One look at a tenant. `stated` is what it should hold, None for the guide around what is found.

    Each thing is asked for when first needed, and once. Everything raises `errors.ExchangeError` and its like.
    """

    def __init__(self, exchange: Exchange, stated: JournalingArgs | None) -> None:
        self.exchange = exchange
        self.stated = stated

    @cached_property
    def rules(self) -> Sequence[Object]:
        """Give all journal rules."""
        return self.exchange.invoke("Get-JournalRule").objects

    @cached_property
    def rule(self) -> Object | None:
        """Give the rule: by its name, else by the address that it reports to."""
        name = str(self.stated.rule_name if self.stated else RULE_NAME).casefold()
        named = [rule for rule in self.rules if str(rule.get("Name")).casefold() == name]
        return next(iter(named or filter(self._reports_there, self.rules)), None)

    def _reports_there(self, rule: Object) -> bool:
        address = str(rule.get("JournalEmailAddress") or "")
        if self.stated:
            return address.casefold() == str(self.stated.journal_address).casefold()
        return any(domain_of(address) in region.domains for region in regions.REGIONS.values())

    @cached_property
    def connectors(self) -> Sequence[Object]:
        """Give all connectors, those in test mode too: the page's filters are in doubt, so both lists are joined."""
        lists: tuple[dict[str, Any], ...] = ({}, {"IncludeTestModeConnectors": True})
        found = [one for further in lists for one in self.exchange.invoke("Get-OutboundConnector", further).objects]
        return list({settle.guid_of(one): one for one in found}.values())

    @cached_property
    def connector(self) -> Object | None:
        """Give the connector: by its name, else by the journal address's domain."""
        own = self.stated.connector_args if self.stated else None
        name = str(own.name if own and own.name else CONNECTOR_NAME).casefold()
        named = [one for one in self.connectors if str(one.get("Name")).casefold() == name]
        return next(iter(named or filter(self._delivers_there, self.connectors)), None)

    def _delivers_there(self, connector: Object) -> bool:
        domains = [str(one).casefold() for one in connector.get("RecipientDomains") or ()]
        return bool(self.journal_address) and domain_of(self.journal_address) in domains

    @property
    def journal_address(self) -> str:
        """Give the address that reports go to, or should go to; empty where nothing tells."""
        if self.stated:
            return str(self.stated.journal_address)
        return str((self.rule or {}).get("JournalEmailAddress") or "")

    @cached_property
    def undeliverable(self) -> str:
        """Give where undeliverable reports go, empty where that is not set."""
        found = TransportConfigProvider().observe(self.exchange, "", {}, ())
        return str(TransportConfigProvider.noun.observed(found).get("undeliverable_address", ""))

    @cached_property
    def args(self) -> JournalingArgs:
        """Give what the tenant should hold; unstated, the guide's values around the names and addresses found."""
        return self.stated or guide_around(self.rule or {}, self.connector or {})

    @property
    def connector_wanted(self) -> bool:
        """Say whether a connector is called for: it is optional, so where nothing is stated only if there is one."""
        return wants_connector(self.args) if self.stated else self.connector is not None

    @property
    def connector_goal(self) -> Mapping[str, Any]:
        """Give the connector's properties as they should be."""
        return vars(connector_args(self.args))

    @cached_property
    def rule_goal(self) -> Mapping[str, Any]:
        """Give the rule's properties as they should be; a recipient that means the same is spelled as found."""
        args = self.args
        wanted, found = self._recipient_goal(), str((self.rule or {}).get("Recipient") or "")
        one = JournalRuleProvider.noun.properties["recipient"]
        if settle.alike(one, wanted, found, recipients.identify(self.exchange)):
            wanted = found
        return {
            "journal_email_address": args.journal_address,
            "name": args.rule_name,
            "recipient": wanted,
            "scope": args.scope,
        }

    def _recipient_goal(self) -> str:
        if self.args.group is None:
            return str(self.args.recipient or "")
        return str((self.group or {}).get("PrimarySmtpAddress") or self.args.group.name or "")

    @cached_property
    def restricted_to(self) -> str:
        """Name the group or mailbox that is, or should be, journaled; empty for everyone."""
        stated = self.args.group.name if self.args.group else self.args.recipient
        return str(stated or (self.rule or {}).get("Recipient") or "")

    @cached_property
    def group(self) -> Object | None:
        """Give the group that the rule is restricted to, None if there is none of that name."""
        if not self.restricted_to:
            return None
        try:
            return DistributionGroupProvider().get(self.exchange, self.restricted_to)
        except errors.NotFound:
            return None

    @cached_property
    def recipient(self) -> Object | None:
        """Give whatever recipient the rule is restricted to."""
        return recipients.found(self.exchange, self.restricted_to)

    def members(self, wanted: Sequence[str]) -> list[str]:
        """Give the group's members, each as `wanted` spells it where it does."""
        parameters = {"Identity": settle.guid_of(self.group or {}), "ResultSize": "Unlimited"}
        return recipients.spelled(self.exchange.invoke("Get-DistributionGroupMember", parameters).objects, wanted)


def guide_around(rule: Object, connector: Object) -> JournalingArgs:
    """Give the guide's args with the names, addresses and region that are found."""
    hosts = {str(host).casefold() for host in connector.get("SmartHosts") or ()}
    fitting = (name for name, region in regions.REGIONS.items() if hosts and set(region.smart_hosts) == hosts)
    return JournalingArgs(
        journal_address=str(rule.get("JournalEmailAddress") or ""),
        rule_name=str(rule.get("Name") or RULE_NAME),
        recipient=rule.get("Recipient") or None,
        region=next(fitting, "us"),
        connector_args=OutboundConnectorArgs(
            name=connector.get("Name"),
            comment=connector.get("Comment"),
            recipient_domains=list(connector.get("RecipientDomains") or ()),
        ),
    )
