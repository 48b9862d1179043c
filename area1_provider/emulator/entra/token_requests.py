"""What a request to the token endpoint says: client, resource, scopes, claims. What it gets is decided in grants.py."""

import base64
import binascii
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote_plus

from area1_provider.emulator.entra.errors import (
    InvalidScope,
    MalformedRequest,
    MissingParameter,
    ResourceNotFound,
    ScopeWithoutDefault,
)
from area1_provider.emulator.entra.resources import is_known
from area1_provider.emulator.tenant import Tenant

OPENID = frozenset({"openid", "profile", "offline_access", "email"})
DELEGATED = "Exchange.Manage"


@dataclass(frozen=True)
class Sought:
    """One request for a token: the form, where it came to, and what the Authorization header said."""

    tenant: Tenant
    form: Mapping[str, str]
    origin: str
    basic: str = ""
    resource_based: bool = False
    """True at the version 1 endpoint, which takes `resource` instead of `scope`."""

    def need(self, name: str) -> str:
        """Give a field of the form; raises MissingParameter where it is not there or empty."""
        value = self.form.get(name, "")
        if not value:
            raise MissingParameter(name)
        return value

    def client(self) -> tuple[str, str]:
        """Give client id and secret, from the form or from the Authorization header (RFC 6749 2.3.1)."""
        if not self.basic:
            return self.need("client_id"), self.form.get("client_secret", "")
        try:
            client_id, _, secret = base64.b64decode(self.basic, validate=True).decode().partition(":")
        except (binascii.Error, ValueError) as error:
            raise MissingParameter("client_id") from error
        return unquote_plus(client_id), unquote_plus(secret)

    def resource(self) -> str:
        """Give the resource that an application asks for; raises where the tenant has none of that name.

        OpenID's own scopes beside it mean nothing without a person; MSAL for Go and for Java send them all the same.
        """
        if self.resource_based:
            return self._known(self.need("resource"))
        scope = self._only(self.need("scope"))
        if not scope.endswith("/.default"):
            raise ScopeWithoutDefault(scope)
        return self._known(scope.removesuffix("/.default"))

    def delegated_resource(self, scope: str) -> str:
        """Give the one resource of a person's scopes; only /.default and Exchange.Manage are known."""
        wanted = self._only(scope)
        resource, _, permission = wanted.rpartition("/")
        if permission not in {".default", DELEGATED}:
            raise InvalidScope(wanted)
        return self._known(resource)

    def claims(self) -> dict[str, Any]:
        """Give the `claims` parameter, which a client sends to answer a challenge (OpenID Connect Core 5.5)."""
        try:
            claims = json.loads(self.form.get("claims") or "{}")
        except (ValueError, RecursionError) as error:
            raise MalformedRequest("The 'claims' parameter is not JSON.") from error
        if not isinstance(claims, dict):
            raise MalformedRequest("The 'claims' parameter is not a JSON object.")
        return claims

    def _only(self, scope: str) -> str:
        """Give the one scope that is not OpenID's, or the whole where there is none."""
        wanted = [one for one in scope.split() if one not in OPENID] or [scope]
        if len(wanted) > 1:
            raise InvalidScope(scope)
        return wanted[0]

    def _known(self, resource: str) -> str:
        if not is_known(resource, {self.origin.removeprefix("https://")}):
            raise ResourceNotFound(resource, self.tenant.organization)
        return resource
