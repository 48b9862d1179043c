"""Managed identity: the token endpoints of a virtual machine (IMDS) and of App Service. Applications live elsewhere.

Shapes: learn.microsoft.com "How to use managed identities … to acquire an access token" (IMDS, api-version
2018-02-01) and "… App Service" (REST endpoint, api-version 2019-08-01). Which texts go with which refusal is
unconfirmed. The real IMDS speaks plain HTTP at 169.254.169.254; here it is behind the same TLS as all else.
"""

import secrets
from collections.abc import Mapping
from typing import Any

from area1_provider.emulator.clock import Clock
from area1_provider.emulator.entra.applications import Application
from area1_provider.emulator.entra.resources import is_known
from area1_provider.emulator.entra.subjects import subject_of
from area1_provider.emulator.entra.tenants import Tenants
from area1_provider.emulator.entra.tokens import Tokens
from area1_provider.emulator.tenant import Tenant
from area1_provider.emulator.web.messages import Answer, Ask, Handler, json_answer

VERSIONS_OF_MACHINE = frozenset({"2018-02-01", "2019-08-01", "2019-11-01", "2021-02-01"})
VERSIONS_OF_APP_SERVICE = frozenset({"2019-08-01"})
NAMES = ("client_id", "object_id", "principal_id", "msi_res_id", "mi_res_id")
"""What may name a user-assigned identity; by resource id none is found, for no resource stands behind one here."""


class _Refused(Exception):
    def __init__(self, error: str, description: str, status: int = 400) -> None:
        self.error = error
        self.status = status
        super().__init__(description)


class Identities:
    """The machine that a client believes to run on. It belongs to the first tenant.

    Its system-assigned identity is that tenant's first application marked `managed_identity`, else its default one;
    user-assigned ones are all those marked, named by client id or object id. `header` is App Service's secret.
    """

    def __init__(self, tenants: Tenants, tokens: Tokens, clock: Clock) -> None:
        self._tenants = tenants
        self._tokens = tokens
        self._clock = clock
        self.header = secrets.token_hex(16)

    def handlers(self) -> dict[str, Handler]:
        """Give the handlers by name."""
        return {"machine": self._machine, "app_service": self._app_service}

    def _machine(self, ask: Ask) -> Answer:
        try:
            _check_header(ask)
            _check_version(ask, VERSIONS_OF_MACHINE)
            lifetime = str(self._tokens.lifetime)
            return json_answer(self._token(ask, {"expires_in": lifetime, "ext_expires_in": lifetime}))
        except _Refused as refused:
            return json_answer({"error": refused.error, "error_description": str(refused)}, refused.status)

    def _app_service(self, ask: Ask) -> Answer:
        try:
            self._check_secret(ask)
            _check_version(ask, VERSIONS_OF_APP_SERVICE)
            return json_answer(self._token(ask, {}))
        except _Refused as refused:
            return json_answer({"statusCode": refused.status, "message": str(refused)}, refused.status)

    def _check_secret(self, ask: Ask) -> None:
        sent = ask.headers.get("x-identity-header", "").encode()
        if not secrets.compare_digest(sent, self.header.encode()):
            raise _Refused("Unauthorized", "The X-IDENTITY-HEADER is missing or wrong.", 401)

    def _token(self, ask: Ask, more: Mapping[str, str]) -> dict[str, Any]:
        resource = ask.query.get("resource", "")
        if not is_known(resource, {ask.origin.removeprefix("https://")}):
            raise _Refused("invalid_resource", f"The resource principal named {resource} was not found.")
        tenant = self._tenants.all()[0]
        application = self._identity(tenant, _wanted(ask))
        now = int(self._clock().timestamp())
        return {
            "access_token": self._tokens.issue(subject_of(tenant, application, resource, ask.origin, "2"), resource),
            "client_id": application.client_id,
            "expires_on": str(now + self._tokens.lifetime),
            "not_before": str(now),
            "resource": resource,
            "token_type": "Bearer",
            **more,
        }

    def _identity(self, tenant: Tenant, wanted: str) -> Application:
        registered = self._tenants.applications(tenant)
        assigned = [one for one in registered.all() if one.managed_identity]
        if not wanted:
            return assigned[0] if assigned else registered.default()
        found = next((one for one in assigned if wanted.lower() in {one.client_id, one.object_id.lower()}), None)
        if found is None:
            raise _Refused("invalid_request", "Identity not found")
        return found


def _wanted(ask: Ask) -> str:
    """Give what names a user-assigned identity, or an empty string where the machine's own is meant."""
    given = [ask.query[name] for name in NAMES if name in ask.query]
    if len(given) > 1 or "" in given:
        raise _Refused("invalid_request", "Name one identity, or none.")
    return given[0] if given else ""


def _check_header(ask: Ask) -> None:
    if ask.headers.get("metadata", "").lower() != "true":
        raise _Refused("invalid_request", "Required metadata header not specified")


def _check_version(ask: Ask, known: frozenset[str]) -> None:
    if ask.query.get("api-version") not in known:
        raise _Refused("invalid_request", "The api-version is missing or not supported.")
