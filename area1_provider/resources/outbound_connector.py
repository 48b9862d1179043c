"""OutboundConnector: how Exchange Online delivers mail for some domains (guide, steps 1.1 to 1.7 and 1.10).

Cmdlets: New-, Get-, Set-, Remove-OutboundConnector (MicrosoftDocs office-docs-powershell).
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any, Literal

import pulumi
from pulumi import Input

from area1_provider import errors, forms
from area1_provider.provider import ExchangeProvider
from area1_provider.resource import ExchangeResource
from area1_provider.schema import UNKNOWN, Noun, Properties, Wire
from area1_provider.steps import Problems

if TYPE_CHECKING:
    from area1_provider.client import Exchange


@dataclass(frozen=True, kw_only=True)
class OutboundConnectorArgs:
    """What a connector should be. Unset is unmanaged; `""` and `[]` clear."""

    name: Annotated[Input[str] | None, Wire("Name", max_length=64, cleared=False)] = None
    """Name in the admin centre; the resource's own name if unset. Changed in place."""
    comment: Annotated[Input[str] | None, Wire("Comment")] = None
    """The admin centre's Description."""
    enabled: Annotated[Input[bool] | None, Wire("Enabled")] = None
    """The admin centre's "Turn it on"."""
    connector_type: Annotated[Input[Literal["Partner", "OnPremises"]] | None, Wire("ConnectorType")] = None
    """To a partner organization, or to your organization's own servers."""
    connector_source: Annotated[
        Input[Literal["Default", "HybridWizard", "Migrated", "AdminUI"]] | None, Wire("ConnectorSource")
    ] = None
    """What made the connector. Exchange's pages advise against setting it."""
    recipient_domains: Annotated[
        Input[Sequence[Input[str]]] | None, Wire("RecipientDomains", unordered=True, form=forms.RECIPIENT_DOMAIN)
    ] = None
    """Domains whose mail takes this connector: `domain`, `*.domain`, or `*`."""
    use_mx_record: Annotated[Input[bool] | None, Wire("UseMXRecord")] = None
    """Deliver by the domain's MX record. Excludes `smart_hosts`."""
    smart_hosts: Annotated[
        Input[Sequence[Input[str]]] | None, Wire("SmartHosts", unordered=True, form=forms.SMART_HOST)
    ] = None
    """Hosts to deliver to: names, addresses or CIDR ranges, no ports. Needs `use_mx_record=False`."""
    tls_settings: Annotated[
        Input[Literal["", "EncryptionOnly", "CertificateValidation", "DomainValidation"]] | None,
        Wire("TlsSettings", cleared=None),
    ] = None
    """Any certificate, one of a trusted CA, one of a trusted CA with the name in `tls_domain`; `""` is opportunistic."""
    tls_domain: Annotated[Input[str] | None, Wire("TlsDomain", form=forms.TLS_DOMAIN, cleared=None)] = None
    """Name that the certificate must have, `*.` allowed in front. Only with `DomainValidation`."""
    cloud_services_mail_enabled: Annotated[Input[bool] | None, Wire("CloudServicesMailEnabled")] = None
    """The admin centre's "Retain internal Exchange email headers"."""
    all_accepted_domains: Annotated[Input[bool] | None, Wire("AllAcceptedDomains")] = None
    """For mail to all accepted domains. Needs `OnPremises`."""
    is_transport_rule_scoped: Annotated[Input[bool] | None, Wire("IsTransportRuleScoped")] = None
    """Only for mail that a transport rule sends here. Journal reports never match one, so never for journaling."""
    route_all_messages_via_on_premises: Annotated[Input[bool] | None, Wire("RouteAllMessagesViaOnPremises")] = None
    """Centralized mail flow. Needs `OnPremises`."""
    sender_rewriting_enabled: Annotated[Input[bool] | None, Wire("SenderRewritingEnabled")] = None
    """Sender rewriting (SRS). Needs `OnPremises`."""
    mta_sts_mode: Annotated[Input[Literal["Opportunistic", "None"]] | None, Wire("MtaStsMode")] = None
    """MTA-STS (RFC 8461)."""
    smtp_dane_mode: Annotated[Input[Literal["Opportunistic", "Mandatory", "None"]] | None, Wire("SmtpDaneMode")] = None
    """SMTP DANE (RFC 7672)."""
    test_mode: Annotated[Input[bool] | None, Wire("TestMode")] = None
    """A connector that is tested and carries no mail."""
    adopt: bool | None = None
    """Take over a connector of this name that is there already."""


class OutboundConnectorProvider(ExchangeProvider):
    """Lifecycle of outbound connectors."""

    noun = Noun("OutboundConnector", OutboundConnectorArgs, settings=("adopt",))
    together = (("use_mx_record", "smart_hosts"), ("tls_settings", "tls_domain"))

    def rules(self, desired: Properties) -> Problems:
        """Refuse what the page of New-OutboundConnector (and Set-) excludes."""
        yield from _routing_problems(desired)
        yield from _tls_problems(desired)
        yield from _on_premises_problems(desired)
        yield from _scope_problems(desired)

    def observe(self, exchange: "Exchange", id_: str, known: Properties, names: Collection[str]) -> Mapping[str, Any]:
        """Get the connector; one in test mode may be listed only if asked for (Microsoft365DSC pull request 1893)."""
        try:
            return super().observe(exchange, id_, known, names)
        except errors.NotFound:
            return self.get(exchange, id_, IncludeTestModeConnectors=True)


def _routing_problems(desired: Properties) -> Problems:
    by_mx, hosts = desired.get("use_mx_record"), desired.get("smart_hosts")
    if by_mx is True and hosts:
        yield "smart_hosts", "cannot stand together with use_mx_record=True: mail goes either way; drop one of them"
    if by_mx is None and hosts:
        yield "use_mx_record", "must be False where smart_hosts are given: Exchange's default is True"
    if by_mx is False and not hosts:
        yield "smart_hosts", "must name at least one host where use_mx_record is False"


def _tls_problems(desired: Properties) -> Problems:
    settings, domain = desired.get("tls_settings"), desired.get("tls_domain")
    if UNKNOWN in (settings, domain):
        return
    if domain and settings != "DomainValidation":
        yield "tls_domain", "has a meaning only with tls_settings='DomainValidation'; set that, or drop tls_domain"
    if settings == "DomainValidation" and not domain:
        yield "tls_domain", "is required with tls_settings='DomainValidation': it is the name that is validated"


def _on_premises_problems(desired: Properties) -> Problems:
    if desired.get("connector_type") in ("OnPremises", UNKNOWN):
        return
    for name in ("all_accepted_domains", "route_all_messages_via_on_premises", "sender_rewriting_enabled"):
        if desired.get(name) is True:
            yield name, "is only for connectors with connector_type='OnPremises'"


def _scope_problems(desired: Properties) -> Problems:
    """The admin centre offers exactly one scope; Exchange itself does not refuse several (office-docs issue 8739)."""
    if desired.get("is_transport_rule_scoped") is True and desired.get("recipient_domains"):
        yield "is_transport_rule_scoped", "cannot stand together with recipient_domains: choose one scope"


class OutboundConnector(ExchangeResource, module="area1", name="OutboundConnector"):
    """An outbound connector of Exchange Online."""

    provider_class = OutboundConnectorProvider

    def __init__(
        self, resource_name: str, args: OutboundConnectorArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__(resource_name, args, opts)
