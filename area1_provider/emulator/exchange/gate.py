"""Who may come in: the bearer token, the tenant in the path, the routing hint. What they may do lives in cmdlets."""

import base64
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from area1_provider.emulator.cmdlets.outcome import Caller
from area1_provider.emulator.entra.applications import MANAGE_AS_APP
from area1_provider.emulator.entra.resources import takes
from area1_provider.emulator.entra.tenants import Tenants, names_of
from area1_provider.emulator.entra.token_requests import DELEGATED
from area1_provider.emulator.entra.tokens import TokenRefused, Tokens
from area1_provider.emulator.exchange.refusals import Unauthorized, WrongRoutingHint
from area1_provider.emulator.tenant import Tenant
from area1_provider.emulator.web.messages import Ask

GUID = r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"
ANCHOR = re.compile(
    rf"(?:APP:SystemMailbox\{{{GUID}\}}@(?P<app>[^@\s]+)"
    rf"|UPN:[^@\s]+@(?P<upn>[^@\s]+)"
    rf"|SMTP:[^@\s]+@(?P<smtp>[^@\s]+)"
    rf"|MBX:{GUID}@(?P<mbx>[^@\s]+)"
    rf"|TID:(?P<tid>[^@\s]+))",
    re.IGNORECASE,
)
"""The forms that clients in production send, and those of the module."""


@dataclass(frozen=True)
class Admitted:
    """A request that came in: which tenant it is about, and who asks."""

    tenant: Tenant
    caller: Caller


class Gate:
    """Checks bearer tokens. `challenges` maps tenant ids to claims that tokens must have been asked with."""

    def __init__(self, tenants: Tenants, tokens: Tokens) -> None:
        self._tenants = tenants
        self._tokens = tokens
        self.challenges: dict[str, Mapping[str, Any]] = {}

    def admit(self, ask: Ask) -> Admitted:
        """Give tenant and caller; raises Unauthorized with its challenge."""
        claims = self._claims(ask)
        tenant = self._tenants.find(ask.path["tenant"])
        if tenant is None or claims["tid"] != tenant.tenant_id:
            raise Unauthorized(2000008, "The token is for another tenant.", "invalid_tenant")
        self._check_challenge(tenant, claims)
        return Admitted(tenant, self._caller(tenant, claims))

    def _claims(self, ask: Ask) -> dict[str, Any]:
        scheme, _, token = ask.headers.get("authorization", "").partition(" ")
        if scheme.lower() != "bearer" or not token.strip():
            raise Unauthorized(0, "", "")
        try:
            claims = self._tokens.check(token.strip())
        except TokenRefused as refused:
            raise Unauthorized(refused.number, refused.reason, refused.category) from refused
        if not takes(str(claims.get("aud", "")), ask.origin):
            reason = "The audience claim value is invalid for current resource."
            raise Unauthorized(2000003, reason, "invalid_resource")
        return claims

    def _check_challenge(self, tenant: Tenant, claims: Mapping[str, Any]) -> None:
        wanted = self.challenges.get(tenant.tenant_id)
        if wanted is None or self._tokens.asked_with(claims["uti"], wanted):
            return
        encoded = base64.b64encode(json.dumps(wanted).encode()).decode()
        raise Unauthorized(2000013, "The token lacks required claims.", "insufficient_claims", encoded)

    def _caller(self, tenant: Tenant, claims: Mapping[str, Any]) -> Caller:
        """Give the caller with the roles held now; the app role is the token's (measured by graph2otel: 401 without)."""
        if claims.get("upn"):
            return _person(tenant, claims)
        application = self._tenants.applications(tenant).find(claims["appid"])
        if application is None or MANAGE_AS_APP not in claims.get("roles", ()):
            raise Unauthorized(2000008, "The token contains no permissions for this call.", "invalid_grant")
        return Caller(application.client_id, application.display_name, frozenset(application.roles))


def _person(tenant: Tenant, claims: Mapping[str, Any]) -> Caller:
    if DELEGATED not in str(claims.get("scp", "")).split():
        raise Unauthorized(2000008, "The token contains no permissions for this call.", "invalid_grant")
    return Caller(claims["appid"], claims["upn"], frozenset(people(tenant).get(claims["upn"].lower(), ())))


def people(tenant: Tenant) -> dict[str, list[str]]:
    """Give the Exchange roles of the people that signed in, by user principal name in lower case."""
    return dict(tenant.settings("people") or {})


def check_anchor(ask: Ask, tenant: Tenant) -> None:
    """Check the routing hint; absent is fine (measured by graph2otel). Raises WrongRoutingHint."""
    hint = ask.headers.get("x-anchormailbox")
    if hint is None:
        return
    form = ANCHOR.fullmatch(hint.strip())
    if form is None:
        raise WrongRoutingHint("The X-AnchorMailbox header is not a routing hint of a known form.")
    place = next(part for part in form.groups() if part)
    if place.lower() not in names_of(tenant):
        raise WrongRoutingHint("The X-AnchorMailbox header does not point into the tenant of the request.")
