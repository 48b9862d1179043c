"""Journaling: the whole guide as one component, in the guide's order, with Cloudflare's values as presets.

Order: undeliverable address and group, connector, validation, rule last, so that no journal report is produced before
it can be delivered; a destroy goes the other way round. A rule that is off comes before the connector instead, so that
switching both off never leaves a rule on without its connector.
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pulumi
from pulumi import Output, ResourceOptions

from area1_provider.guide import (
    JournalingArgs,
    connector_args,
    problems,
    refusal,
    rule_args,
    transport_config_args,
    wants_connector,
)
from area1_provider.resources.distribution_group import DistributionGroup
from area1_provider.resources.journal_rule import JournalRule
from area1_provider.resources.outbound_connector import OutboundConnector
from area1_provider.resources.outbound_connector_validation import (
    OutboundConnectorValidation,
    OutboundConnectorValidationArgs,
)
from area1_provider.resources.transport_config import TransportConfig

__all__ = ["Journaling", "JournalingArgs"]

ROUTING = ("recipient_domains", "use_mx_record", "smart_hosts", "tls_settings", "tls_domain", "enabled")
"""What the outcome of a connector's validation depends on."""


class Journaling(pulumi.ComponentResource):
    """The guide as one component.

    `group`, `connector` and `validation` are None where they are not asked for.
    Raises `pulumi.RunError`, which prints without frames, with every contradiction of the args.
    """

    transport_config: TransportConfig
    group: DistributionGroup | None = None
    connector: OutboundConnector | None = None
    validation: OutboundConnectorValidation | None = None
    rule: JournalRule

    def __init__(self, resource_name: str, args: JournalingArgs, opts: ResourceOptions | None = None) -> None:
        if found := problems(args):
            raise pulumi.RunError(refusal(f"Journaling {resource_name!r}", found))
        super().__init__("area1:index:Journaling", resource_name, {}, opts)
        self._name, self._args = resource_name, args
        self.transport_config = self._make_transport_config()
        self.group = self._make_group()
        if args.enabled is False:  # switched off before the connector may be
            self.rule = self._make_rule(self.transport_config, self.group)
            self._make_delivery(self.rule)
        else:
            self._make_delivery(self.transport_config, self.group)
            self.rule = self._make_rule(self.transport_config, self.group, self.connector, self.validation)
        self.register_outputs(self.summary)

    @property
    def summary(self) -> dict[str, Any]:
        """Give what a person wants to know: ids, the rule's state, the validation task by task, the tenant."""
        return {
            "tenant_id": self.rule.tenant_id,
            "rule_id": self.rule.id,
            "rule_enabled": self.rule.enabled,
            "connector_id": self.connector.id if self.connector else None,
            "validation": self.validation.tasks.apply(_by_task) if self.validation else None,
            "group_id": self.group.id if self.group else None,
            "undeliverable_address": self.transport_config.undeliverable_address,
        }

    def _options(self, *after: pulumi.Resource | None) -> ResourceOptions:
        return ResourceOptions(parent=self, depends_on=[resource for resource in after if resource is not None])

    def _make_transport_config(self) -> TransportConfig:
        """Step 2.2, first: without the address Exchange takes no rule.

        It is there even where nothing of it is managed. All else waits for it, and a tenant has it before any state of
        ours: so another tenant than the state's is met here, before anything is made in it.
        """
        return TransportConfig(f"{self._name}-undeliverable", transport_config_args(self._args), self._options())

    def _make_group(self) -> DistributionGroup | None:
        """The guide's last section."""
        group = self._args.group
        if group is None:
            return None
        adopted = replace(group, adopt=self._args.adopt) if group.adopt is None else group
        return DistributionGroup(f"{self._name}-group", adopted, self._options(self.transport_config))

    def _make_delivery(self, *after: pulumi.Resource | None) -> None:
        """Step 1, where it is asked for."""
        if not wants_connector(self._args):
            return
        wanted = connector_args(self._args)
        self.connector = OutboundConnector(f"{self._name}-connector", wanted, self._options(*after))
        if self._args.validate and wanted.enabled is not False:
            self.validation = self._make_validation(self.connector)

    def _make_validation(self, connector: OutboundConnector) -> OutboundConnectorValidation:
        """Steps 1.8 and 1.9."""
        args = self._args
        wanted = OutboundConnectorValidationArgs(
            connector=connector.id,
            recipients=args.validation_recipients or [args.journal_address],
            routing=Output.all(**{name: getattr(connector, name) for name in ROUTING}),
            accept_failures=args.accept_failed_validation,
        )
        return OutboundConnectorValidation(f"{self._name}-validation", wanted, self._options(connector))

    def _make_rule(self, *after: pulumi.Resource | None) -> JournalRule:
        """Steps 2.3 and 2.4, last where the rule is on: nothing is reported before it can be delivered."""
        recipient = self.group.primary_smtp_address.apply(_needed) if self.group else self._args.recipient or ""
        return JournalRule(f"{self._name}-rule", rule_args(self._args, recipient), self._options(*after))


def _needed(address: str | None) -> str:
    """Refuse to go on without the group's address: the rule would journal everyone."""
    if not address:
        raise pulumi.RunError("The group shows no address to restrict the journal rule to; the rule was left as it is")
    return address


def _by_task(tasks: Sequence[Any] | None) -> dict[str, str]:
    return {task["task"]: task["status"] for task in tasks or ()}
