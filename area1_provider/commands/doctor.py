"""`area1 doctor`: what is set up and what is missing to reach the tenant, each missing thing with its way out.

Nothing secret is ever in what it says: settings by origin, tokens by their claims. Nothing is changed.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from area1_provider import connection, engine, errors
from area1_provider.commands import target
from area1_provider.commands.target import Target
from area1_provider.settings import Settings

if TYPE_CHECKING:
    from area1_provider.auth import Token
    from area1_provider.client import Exchange

MANAGE_AS_APP = "Exchange.ManageAsApp"
MANAGE_AS_APP_ID = "dc50a0fb-09a3-484d-be87-e023b12c6440"
EXCHANGE_APP_ID = "00000002-0000-0ff1-ce00-000000000000"
"""Office 365 Exchange Online, the same in every tenant (app-only-auth-powershell-v2 page of office-docs-powershell)."""

APP_ROLE = (
    f"Give the application the app role {MANAGE_AS_APP} ({MANAGE_AS_APP_ID}) of Office 365 Exchange Online "
    f"({EXCHANGE_APP_ID}) and admin consent: az ad app permission add --id {{client}} --api {EXCHANGE_APP_ID} "
    f"--api-permissions {MANAGE_AS_APP_ID}=Role, then az ad app permission admin-consent --id {{client}}. "
    "Exchange.ManageAsAppV2 and Exchange.AdminAPI.ManageAsApp do not work here. In the Entra admin center: App "
    "registrations > the app > API permissions. Granted already? Then consent is missing, or has not arrived yet."
)
DIRECTORY_ROLE = (
    "Give {who} the directory role Exchange Administrator (Entra admin center > Roles and administrators > Exchange "
    "Administrator > Add assignments; `area1 bootstrap --print` writes the commands), or an Exchange role group with "
    "just the roles that are needed (New-ServicePrincipal, Add-RoleGroupMember: docs/permissions.md). Then wait some "
    "minutes: fresh grants take time to arrive, at a managed identity up to a day."
)
ROLES: Mapping[str, str] = MappingProxyType(
    {
        "OutboundConnector": "Remote and Accepted Domains",
        "OutboundConnectorValidation": "Remote and Accepted Domains",
        "TransportConfig": "Organization Transport Settings",
        "JournalRule": "Journaling, View-Only Configuration and View-Only Recipients",
        "DistributionGroup": (
            "Distribution Groups, Security Group Creation and Membership (for a switch of theirs) and View-Only Recipients"
        ),
    }
)
"""Exchange's roles by resource, from Microsoft365DSC and, for groups and recipients, unconfirmed: docs/permissions.md."""

NEEDED: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "OutboundConnector": ("New-", "Get-", "Set-", "Remove-"),
        "OutboundConnectorValidation": ("Validate-OutboundConnector", "Set-OutboundConnector", "Get-OutboundConnector"),
        "TransportConfig": ("Get-", "Set-"),
        "JournalRule": (
            "New-",
            "Get-",
            "Set-",
            "Enable-",
            "Disable-",
            "Remove-",
            "Get-AcceptedDomain",
            "Get-Recipient",
        ),
        "DistributionGroup": (
            "New-",
            "Get-",
            "Set-",
            "Remove-",
            "Get-DistributionGroupMember",
            "Add-DistributionGroupMember",
            "Remove-DistributionGroupMember",
            "Update-DistributionGroupMember",
            "Get-Recipient",
        ),
    }
)
"""Cmdlets by resource; a verb alone is of the resource's own noun."""


@dataclass(frozen=True)
class Check:
    """One thing looked at: whether it is as it must be, what was found, the way out where it is not."""

    name: str
    ok: bool
    found: str
    way_out: str = ""


def plain(checks: tuple[Check, ...]) -> dict[str, Any]:
    """Give the checks as JSON takes them."""
    return {"ok": all(check.ok for check in checks), "checks": [asdict(check) for check in checks]}


def examine(stack: str | None, here: Path) -> tuple[Check, ...]:
    """Look at everything, in order; what cannot be looked at because of an earlier fault is left out."""
    return tuple(_examined(stack, here))


def _examined(stack: str | None, here: Path) -> Iterator[Check]:
    yield engine_check()
    try:
        chosen = target.choose(stack, here)
    except (errors.Area1Error, engine.EngineUnavailable) as error:
        way_out = f"pulumi stack select {stack} --create" if "no stack named" in str(error) else ""
        yield Check("stack", ok=False, found=str(error), way_out=way_out)
        return
    yield Check("stack", ok=True, found=f"{chosen.stack} is read" if chosen.stack else "none; the environment alone")
    yield from tenant_checks(chosen)


def engine_check() -> Check:
    """Look for the engine; nothing is obtained."""
    try:
        found = engine.find()
    except engine.EngineUnavailable as error:
        *said, way_out = str(error).splitlines()
        return Check("engine", ok=False, found="\n".join(said), way_out=way_out)
    return Check("engine", ok=True, found=f"Pulumi {found.version} ({found.origin}) in {found.bin_dir}")


def tenant_checks(chosen: Target) -> Iterator[Check]:
    """Look at settings, sign-in and cmdlets."""
    try:
        settings = connection.settings_of(chosen.config)
    except errors.SettingsError as error:
        yield from (Check("settings", ok=False, found=problem) for problem in error.problems)
        return
    yield from (Check("settings", ok=True, found=line) for line in settings_lines(settings))
    exchange = chosen.exchange()
    try:
        token = exchange.tokens.get(fresh=True)  # an older one would not carry a new grant
    except errors.Area1Error as error:
        said, _, way_out = str(error).partition("\n")
        name = "tenant" if isinstance(error, errors.WrongTenant) else "sign-in"
        yield Check(name, ok=False, found=said, way_out=way_out)
        return
    yield from sign_in_checks(token)
    yield from cmdlet_checks(exchange, token)


def settings_lines(settings: Settings) -> Iterator[str]:
    """Say of each setting where it came from; values only of those that are no secret."""
    shown = {
        "tenant": settings.tenant,
        "other_tenant": settings.other_tenant,
        "cloud": settings.cloud.name,
        "exchange_url": settings.exchange_url,
        "authority_host": settings.authority_host,
        "client_id": getattr(settings.way, "client_id", None),
        "ca_file": settings.ca_file,
        **_places(settings.way),
    }
    yield f"sign-in by {settings.way.label}, because of {', '.join(settings.because)}"
    for name in dict.fromkeys((*shown, *settings.origin)):
        value = shown.get(name)
        if value or name in settings.origin:
            yield f"{name}: {value or 'set, not shown'} (from {settings.origin.get(name, 'the default')})"


def _places(way: Any) -> dict[str, str | None]:
    """Give what a way names that is no secret: files, an endpoint, for whom a pipeline's token is."""
    assertion = getattr(way, "assertion", None)
    return {
        "client_certificate_path": getattr(way, "path", None),
        "msi_endpoint": getattr(way, "endpoint", None),
        "oidc_token_file_path": getattr(assertion, "path", None),
        "ado_pipeline_service_connection_id": getattr(assertion, "service_connection_id", None),
        "oidc_audience": getattr(way, "audience", None),
    }


def sign_in_checks(token: Token) -> Iterator[Check]:
    """Look at whom the token is for, and whether it carries the permission."""
    who = token.user or f"application {token.app_id}"
    yield Check("sign-in", ok=True, found=f"a token for {who} in tenant {token.tenant_id}")
    granted = token.roles or token.scopes
    yield Check(
        "app role" if not token.user else "permission",
        ok=MANAGE_AS_APP in token.roles or bool(token.user),
        found=", ".join(granted) or "none in the token",
        way_out="" if MANAGE_AS_APP in token.roles or token.user else APP_ROLE.format(client=token.app_id),
    )


def cmdlet_checks(exchange: Exchange, token: Token) -> Iterator[Check]:
    """Look at which cmdlets the service offers to this identity, by resource."""
    try:
        offered = {name.casefold() for name in exchange.offered()}
    except (errors.Unauthenticated, errors.Denied) as error:
        yield Check("cmdlets", ok=False, found=str(error).partition("\n")[0], way_out=refused(error, token))
        return
    except errors.Area1Error as error:
        said, _, way_out = str(error).partition("\n")
        yield Check("cmdlets", ok=False, found=said, way_out=way_out)
        return
    lacking = [name for name in NEEDED if not offered.issuperset(map(str.casefold, needed(name)))]
    for resource in NEEDED:
        missing = [name for name in needed(resource) if name.casefold() not in offered]
        found = f"not offered: {', '.join(missing)}" if missing else "all cmdlets offered"
        way_out = f"Granted by {ROLES[resource]}." if missing else ""
        yield Check(resource, ok=not missing, found=found, way_out=way_out)
    if lacking:
        yield Check("Exchange role", ok=False, found=f"none for {', '.join(lacking)}", way_out=_role(token))


def _role(token: Token) -> str:
    return DIRECTORY_ROLE.format(who=token.user or f"the application {token.app_id}")


def needed(resource: str) -> tuple[str, ...]:
    """Give the cmdlets that a resource needs."""
    return tuple(name + resource if name.endswith("-") else name for name in NEEDED[resource])


def refused(error: errors.ExchangeError, token: Token) -> str:
    """Give the way out of a refusal: 401 without any grant, 403 with the app role alone (graph2otel, measured)."""
    if isinstance(error, errors.TokenKept) and (token.user or MANAGE_AS_APP in token.roles):
        return error.advice
    directory_role = _role(token)
    app_role = error.status == 401 and not token.user and MANAGE_AS_APP not in token.roles  # noqa: PLR2004  # RFC 9110
    return f"First the app role, as said above. {directory_role}" if app_role else directory_role
