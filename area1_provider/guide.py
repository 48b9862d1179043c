"""What the guide wants of each resource for the args of a program, and what in them contradicts itself. Makes nothing.

Cloudflare's values are presets, from `regions`.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields, replace
from inspect import isawaitable
from typing import Any, Literal

from pulumi import Input, Output

from area1_provider import regions
from area1_provider.forms import domain_of, is_address
from area1_provider.resource import ExchangeResource
from area1_provider.resources.distribution_group import DistributionGroup, DistributionGroupArgs
from area1_provider.resources.journal_rule import JournalRule, JournalRuleArgs
from area1_provider.resources.outbound_connector import OutboundConnector, OutboundConnectorArgs
from area1_provider.resources.transport_config import TransportConfig, TransportConfigArgs
from area1_provider.schema import UNKNOWN

CONNECTOR_NAME = "Deliver journal directly to Area 1"
RULE_NAME = "Journal Messages to Area 1"


@dataclass(frozen=True, kw_only=True)
class JournalingArgs:
    """What journaling of a tenant should be."""

    journal_address: Input[str]
    """Where journal reports go: the address that Cloudflare gave you."""
    undeliverable_address: Input[str] | None = None
    """Where undeliverable journal reports go. Unset: the address that the tenant has stays, and there must be one."""
    replace_undeliverable_address: bool | None = None
    """Overwrite an address that somebody else has set."""
    region: str = "us"
    """Cloudflare's region; chooses the connector's smart hosts (`regions.REGIONS`)."""
    connector: bool | None = None
    """Whether to make a connector. Only needed where outbound mail must pass a gateway; made unless the region has none."""
    connector_args: OutboundConnectorArgs | None = None
    """What the connector has differently from the guide."""
    validate: bool = True
    """Whether to validate the connector. One that `connector_args` turns off has nothing to validate."""
    validation_recipients: Input[Sequence[Input[str]]] | None = None
    """Addresses for the test message; the journal address if unset."""
    accept_failed_validation: bool | None = None
    """Go on with a warning where a task of the validation fails."""
    rule_name: Input[str] = RULE_NAME
    """Name of the journal rule."""
    scope: Input[Literal["Global", "Internal", "External"]] = "External"
    """Which mail: all, within the organization, or with somebody outside."""
    enabled: Input[bool] = True
    """Whether the rule is on."""
    recipient: Input[str] | None = None
    """Address of an existing group or mailbox to restrict the rule to; everyone if unset. Not together with `group`."""
    group: DistributionGroupArgs | None = None
    """A group to make, with its members, and to restrict the rule to."""
    adopt: bool | None = None
    """Take over connector, group and rule where objects of these names are there already."""


def refusal(place: str, found: Sequence[str]) -> str:
    """Give one message of several problems."""
    return "\n".join([f"{place}: {len(found)} problem{'s' if len(found) > 1 else ''}", *found])


def problems(args: JournalingArgs) -> list[str]:
    """Name every contradiction in the args, one line each, place first.

    Those of the resources too: the engine stops at the first resource that refuses its own.
    """
    unknown = regions.unknown_region(args.region)
    found = [f"region: {unknown}"] if unknown else list(_region_problems(args))
    if args.group is not None and args.recipient is not None:
        found.append("recipient: cannot stand together with group; the rule is restricted to one of them")
    if args.enabled is not False and args.connector_args is not None and args.connector_args.enabled is False:
        found.append(
            "connector_args.enabled: the rule is on, so its connector cannot be off; set enabled to false as well, or "
            "connector to false for delivery without one"
        )
    if _is_known(args.journal_address) and not is_address(str(args.journal_address)):
        found.append(
            f"journal_address: {args.journal_address!r} is no SMTP address; write the one that Cloudflare's dashboard shows"
        )
    return [*found, *_resource_problems(args)]


def _is_known(text: Any) -> bool:
    return isinstance(text, str) and text != UNKNOWN


def _resource_problems(args: JournalingArgs) -> Iterator[str]:
    """Say what each resource would refuse, at the place in `args` that it comes from."""
    hosts = args.region in regions.REGIONS and (_names_route(args) or regions.REGIONS[args.region].smart_hosts)
    yield from _refused(TransportConfig, transport_config_args(args), "")
    if args.group is not None:
        yield from _refused(DistributionGroup, args.group, "group.")
    if hosts and wants_connector(args):
        yield from _refused(OutboundConnector, connector_args(args), "connector_args.")
    rule = replace(rule_args(args, UNKNOWN), journal_email_address=UNKNOWN)
    for problem in _refused(JournalRule, rule, ""):
        yield f"rule_{problem}" if problem.startswith("name:") else problem


def _refused(resource: type[ExchangeResource], wanted: Any, place: str) -> Iterator[str]:
    plain = {name: _plain(value) for name, value in vars(wanted).items() if value is not None}
    for name, problem in resource.provider_class().refused(plain, {}):
        yield f"{place}{name}: {problem}"


def _plain(value: Any) -> Any:
    """Give a value with what is not known before the run as unknown."""
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    return UNKNOWN if isinstance(value, Output) or isawaitable(value) else value


def _region_problems(args: JournalingArgs) -> list[str]:
    region, routed = regions.REGIONS[args.region], _names_route(args)
    if wants_connector(args) and not region.smart_hosts and not routed:
        return [f"connector: region {region.name!r} has no smart hosts; name smart_hosts or use_mx_record for it"]
    plain = _is_known(args.journal_address) and wants_connector(args) and not routed
    wrong = regions.mismatch(region, str(args.journal_address)) if plain else None
    return [f"region: {wrong}"] if wrong else []


def _names_route(args: JournalingArgs) -> bool:
    """Say whether the program names its own hosts, or goes by MX."""
    own = args.connector_args
    return own is not None and (own.smart_hosts is not None or own.use_mx_record is True)


def wants_connector(args: JournalingArgs) -> bool:
    """Say whether there is to be a connector: where asked for, else where the region has hosts."""
    if args.connector is not None:
        return args.connector
    return args.connector_args is not None or bool(regions.REGIONS[args.region].smart_hosts)


def transport_config_args(args: JournalingArgs) -> TransportConfigArgs:
    """Give what the guide sets of the tenant's journaling settings."""
    return TransportConfigArgs(
        undeliverable_address=args.undeliverable_address,
        replace_undeliverable_address=args.replace_undeliverable_address,
        require_undeliverable_address=True,
    )


def rule_args(args: JournalingArgs, recipient: Input[str]) -> JournalRuleArgs:
    """Give the guide's rule, restricted to `recipient` unless that is empty."""
    return JournalRuleArgs(
        journal_email_address=args.journal_address,
        name=args.rule_name,
        scope=args.scope,
        recipient=recipient,
        enabled=args.enabled,
        adopt=args.adopt,
    )


def connector_args(args: JournalingArgs) -> OutboundConnectorArgs:
    """Give the guide's connector with the program's own values on top; plain values where the args' are.

    The domain is that of the journal address: an exact match is what selects the connector.
    """
    own = args.connector_args or OutboundConnectorArgs()
    guide = OutboundConnectorArgs(
        name=CONNECTOR_NAME,
        comment=CONNECTOR_NAME,
        enabled=True,
        connector_type="Partner",
        recipient_domains=_domains(args.journal_address),
        use_mx_record=False,
        smart_hosts=None if own.use_mx_record is True else list(regions.REGIONS[args.region].smart_hosts),
        tls_settings="CertificateValidation",
        cloud_services_mail_enabled=True,
        adopt=args.adopt,
    )
    named = {field.name: getattr(own, field.name) for field in fields(own)}
    return replace(guide, **{name: value for name, value in named.items() if value is not None})


def _domains(address: Input[str]) -> Input[Sequence[Input[str]]]:
    if isinstance(address, str):
        return [domain_of(address) if is_address(address) else UNKNOWN]
    known: Output[str] = Output.from_input(address)
    return known.apply(lambda text: [domain_of(text)])
