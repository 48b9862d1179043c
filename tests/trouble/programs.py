"""Random programs of the guide, in the order in which the component makes its resources."""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from simulator import Ref, Resource

from area1_provider.resources.distribution_group import DistributionGroupProvider
from area1_provider.resources.journal_rule import JournalRuleProvider
from area1_provider.resources.outbound_connector import OutboundConnectorProvider
from area1_provider.resources.outbound_connector_validation import OutboundConnectorValidationProvider
from area1_provider.resources.transport_config import TransportConfigProvider

HOSTS = ["mailstream-east.mxrecord.io", "mailstream-west.mxrecord.io"]
PEOPLE = ["adelev@contoso.com", "AlexW", "diegos@contoso.com"]
CONNECTORS = ("Deliver journal directly to Area 1", "Area 1")
RULES = ("Journal Messages to Area 1", "Area 1 rule")
GROUPS = ("Journaled", "Journaled staff")
ALIASES = ("Journaled", "Journaledstaff", "archived")
ADDRESSES = ("Journaled@contoso.com", "Journaledstaff@contoso.com", "archived@contoso.com")

Program = list[Resource]


def program(chance: random.Random) -> Program:
    """Draw a program."""
    on = chance.random() < 0.75
    ready = [config(chance), *([group(chance)] if chance.random() < 0.5 else [])]
    delivery: Program = []
    if chance.random() < 0.75:
        delivery = [connector(chance, on=on), *([validation()] if chance.random() < 0.6 else [])]
    before = [one.name for one in ready]
    if on:
        return [*ready, *_after(delivery, before), rule(chance, ready, [*before, *names(delivery)], on=True)]
    off = rule(chance, ready, before, on=False)
    return [*ready, off, *_after(delivery, [off.name])]


def adopting(made: Program, suffix: str) -> Program:
    """Give a program whose resources have other logical names and take over what is there."""
    return [_adopting(one, suffix) for one in made]


def addressed(chance: random.Random) -> Program:
    """Draw a rule and its group, of a type, with an alias and addresses that others may have had, or without any."""
    first, second = chance.sample(ADDRESSES, 2)
    alone, both = {"primary_smtp_address": first}, {"email_addresses": [f"SMTP:{first}", f"smtp:{second}"]}
    given = {"alias": chance.choice([None, *ALIASES]), **chance.choice([{}, alone, both])}
    own = {**group(chance).inputs, "type": chance.choice(["Distribution", "Security"])}
    inputs = _but(own, chance.choice([{}, given]))  # without any Exchange makes the new one before the old one goes
    ready = [config(chance), Resource("group", DistributionGroupProvider, inputs)]
    return [*ready, rule(chance, ready, names(ready), on=True)]


def named_alike(made: Program, like: Program) -> Program:
    """Give a program whose objects have the names and types of another's: what Exchange takes once is not exchanged."""
    fixed = {one.name: {key: one.inputs.get(key) for key in ("name", "type")} for one in like}
    return [replace(one, inputs=_but(one.inputs, fixed.get(one.name, {}))) for one in made]


def _but(inputs: Mapping[str, Any], fixed: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in {**inputs, **fixed}.items() if value is not None}


def _adopting(one: Resource, suffix: str) -> Resource:
    inputs = {name: _pointing(value, suffix) for name, value in one.inputs.items()}
    if "adopt" in one.kind.noun.settings:
        inputs["adopt"] = True
    return Resource(one.name + suffix, one.kind, inputs, [name + suffix for name in one.after])


def _pointing(value: Any, suffix: str) -> Any:
    if isinstance(value, Ref):
        return Ref(value.resource + suffix, value.output)
    if isinstance(value, dict):
        return {name: _pointing(item, suffix) for name, item in value.items()}
    return value


def names(resources: Program) -> list[str]:
    """Give logical names."""
    return [one.name for one in resources]


def _after(delivery: Program, before: list[str]) -> Program:
    return [Resource(one.name, one.kind, one.inputs, [*one.after, *before]) for one in delivery]


def config(chance: random.Random) -> Resource:
    """Draw the tenant's settings."""
    address = chance.choice(["journal-ndr@contoso.com", "meganb@contoso.com"])
    inputs = {"undeliverable_address": address, "replace_undeliverable_address": True}
    return Resource("config", TransportConfigProvider, inputs)


def group(chance: random.Random) -> Resource:
    """Draw a group; some of its properties Exchange takes only once it is there."""
    inputs: dict[str, Any] = {
        "name": chance.choice(GROUPS),
        "members": chance.sample(PEOPLE, chance.randint(0, 3)),
        "managed_by": ["meganb@contoso.com"],
    }
    if chance.random() < 0.5:
        inputs["mail_tip"] = chance.choice(["Mail is journaled", "All of it"])
    if chance.random() < 0.3:
        inputs["hidden_from_address_lists_enabled"] = chance.random() < 0.5
    if chance.random() < 0.3:
        inputs["type"] = chance.choice(["Distribution", "Security"])
    return Resource("group", DistributionGroupProvider, inputs)


def connector(chance: random.Random, *, on: bool) -> Resource:
    """Draw a connector, on where the rule is."""
    inputs = {
        "name": chance.choice(CONNECTORS),
        "comment": chance.choice(["", "one", "two"]),
        "enabled": on or chance.random() < 0.5,
        "connector_type": "Partner",
        "recipient_domains": ["journaling.mxrecord.io"],
        "use_mx_record": False,
        "smart_hosts": chance.sample(HOSTS, chance.randint(1, 2)),
        "tls_settings": chance.choice(["CertificateValidation", "EncryptionOnly"]),
    }
    return Resource("connector", OutboundConnectorProvider, inputs)


def validation() -> Resource:
    """Give the validation of the connector."""
    inputs = {
        "connector": Ref("connector", "id"),
        "recipients": ["c@journaling.mxrecord.io"],
        "routing": {"smart_hosts": Ref("connector", "smart_hosts"), "enabled": Ref("connector", "enabled")},
        "accept_failures": True,
    }
    return Resource("validation", OutboundConnectorValidationProvider, inputs, ["connector"])


def rule(chance: random.Random, ready: Program, after: list[str], *, on: bool) -> Resource:
    """Draw the rule, restricted to the group where there is one."""
    inputs = {
        "name": chance.choice(RULES),
        "journal_email_address": chance.choice(["c@journaling.mxrecord.io", "d@journaling.mxrecord.io"]),
        "scope": chance.choice(["Global", "External", "Internal"]),
        "enabled": on,
        "recipient": Ref("group", "primary_smtp_address") if "group" in names(ready) else "",
    }
    return Resource("rule", JournalRuleProvider, inputs, after)
