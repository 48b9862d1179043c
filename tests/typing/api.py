"""What a program's type checker makes of the public names. Checked by mypy in `make check`, never run.

Each `type: ignore` is a mistake that must be found: mypy refuses those that ignore nothing.
"""

from collections.abc import Mapping, Sequence
from typing import Any, assert_type

import pulumi
from pulumi import Output, ResourceOptions

from area1_provider import (
    DistributionGroup,
    DistributionGroupArgs,
    Journaling,
    JournalingArgs,
    JournalRule,
    JournalRuleArgs,
    OutboundConnector,
    OutboundConnectorArgs,
    OutboundConnectorValidation,
    OutboundConnectorValidationArgs,
    Tenant,
    TransportConfig,
    TransportConfigArgs,
)

# A tenant of its own, with a secret.

secret = pulumi.Config().require_secret("secret")
tenant = Tenant("contoso", "contoso.onmicrosoft.com", {"client_id": "id", "client_secret": secret})
there = ResourceOptions(provider=tenant)
assert_type(tenant, Tenant)

# Each resource: plain values, lists, and outputs of others are inputs; outputs have types.

config = TransportConfig("config", TransportConfigArgs(undeliverable_address="ndr@contoso.com"), there)
group = DistributionGroup("group", DistributionGroupArgs(members=["adelev"], member_mode="at_least"), there)
connector = OutboundConnector(
    "connector",
    OutboundConnectorArgs(
        use_mx_record=False, smart_hosts=[Output.from_input("a.example")], tls_settings="EncryptionOnly"
    ),
    there,
)
validation = OutboundConnectorValidation(
    "validation", OutboundConnectorValidationArgs(connector=connector.id, recipients=["a@a.example"]), there
)
rule = JournalRule(
    "rule",
    JournalRuleArgs(journal_email_address="a@a.example", recipient=group.primary_smtp_address, scope="Global"),
    ResourceOptions(provider=tenant, depends_on=[config, validation]),
)

assert_type(connector.id, Output[str])
assert_type(connector.tenant_id, Output[str])
assert_type(connector.smart_hosts, Output[Any])
assert_type(validation.tasks, Output[Sequence[Mapping[str, str]]])
assert_type(validation.is_validated, Output[bool])
assert_type(rule.enabled, Output[Any])

# The guide as a whole.

guide = Journaling(
    "guide",
    JournalingArgs(
        journal_address="contoso@journaling.mxrecord.io",
        region="eu",
        connector_args=OutboundConnectorArgs(comment="ours"),
        group=DistributionGroupArgs(members=["adelev"]),
        enabled=rule.id.apply(bool),
    ),
    ResourceOptions(providers=[tenant]),
)
assert_type(guide.rule, JournalRule)
assert_type(guide.transport_config, TransportConfig)
assert_type(guide.connector, OutboundConnector | None)
assert_type(guide.validation, OutboundConnectorValidation | None)
assert_type(guide.group, DistributionGroup | None)
assert_type(guide.summary, dict[str, Any])

# What is wrong is found before anything runs.

JournalRuleArgs(journal_email_address="a@a.example", scope="Sideways")  # type: ignore[arg-type]
JournalRuleArgs()  # type: ignore[call-arg]
OutboundConnectorArgs(smarthosts=["a.example"])  # type: ignore[call-arg]
OutboundConnectorArgs(enabled="yes")  # type: ignore[arg-type]
OutboundConnectorArgs("name")  # type: ignore[call-arg]
DistributionGroupArgs(member_mode="most")  # type: ignore[arg-type]
JournalingArgs(journal_address="a@a.example", connector_args={"comment": "ours"})  # type: ignore[arg-type]
Journaling("guide", JournalRuleArgs(journal_email_address="a@a.example"))  # type: ignore[arg-type]
Tenant("contoso", 7)  # type: ignore[arg-type]
