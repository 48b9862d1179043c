"""Who gets which token: the OAuth grants that Entra's token endpoint offers. HTTP forms stay in entra.py."""

import base64
import binascii
import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote_plus
from uuid import NAMESPACE_URL, uuid5

from area1_provider.emulator.applications import Application
from area1_provider.emulator.assertions import Assertions
from area1_provider.emulator.clock import Clock
from area1_provider.emulator.devices import Devices, Grant
from area1_provider.emulator.entra_errors import (
    ApplicationNotFound,
    ExpiredSecret,
    InvalidScope,
    InvalidSecret,
    MalformedRequest,
    MissingCredential,
    MissingParameter,
    PublicClient,
    ResourceNotFound,
    ScopeWithoutDefault,
    UnsupportedGrant,
)
from area1_provider.emulator.resources import is_exchange, is_known
from area1_provider.emulator.tenant import Tenant
from area1_provider.emulator.tenants import Tenants, names_of
from area1_provider.emulator.tokens import Subject, Tokens

BEARER_ASSERTION = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
DEVICE = "urn:ietf:params:oauth:grant-type:device_code"
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


class Grants:
    """The token endpoint's rules."""

    def __init__(self, tenants: Tenants, tokens: Tokens, devices: Devices, clock: Clock) -> None:
        self._tenants = tenants
        self._tokens = tokens
        self._devices = devices
        self._clock = clock
        self._assertions = Assertions(clock)

    def token(self, sought: Sought) -> dict[str, Any]:
        """Give the token endpoint's JSON; raises an EntraError where nothing is granted."""
        grant = sought.need("grant_type")
        if grant == "client_credentials":
            return self._for_application(sought)
        if grant in {DEVICE, "device_code"}:
            return self._for_device(sought)
        if grant == "refresh_token":
            return self._for_refresh(sought)
        raise UnsupportedGrant(grant)

    def device(self, sought: Sought) -> dict[str, Any]:
        """Start a device code flow (RFC 8628)."""
        application = self._application(sought, sought.need("client_id"))
        scope = sought.need("scope")
        _delegated_resource(sought, scope)
        device = self._devices.start(sought.tenant.tenant_id, application.client_id, scope)
        address = "https://login.microsoft.com/device"
        return {
            "user_code": device.user_code,
            "device_code": device.device_code,
            "verification_uri": address,
            "expires_in": 900,
            "interval": 5,
            "message": (
                f"To sign in, use a web browser to open the page {address} and enter the code "
                f"{device.user_code} to authenticate."
            ),
        }

    def _for_application(self, sought: Sought) -> dict[str, Any]:
        client_id, secret = _client(sought)
        application = self._application(sought, client_id)
        proof = self._prove(application, sought, secret)
        resource = _resource(sought)
        _check_resource(sought, resource)
        subject = subject_of(sought.tenant, application, resource, sought.origin, proof)
        return self._bearer(sought, subject, resource)

    def _for_device(self, sought: Sought) -> dict[str, Any]:
        application = self._application(sought, sought.need("client_id"))
        code = sought.form.get("device_code") or sought.need("code")
        grant = self._devices.redeem(sought.tenant.tenant_id, application.client_id, code)
        return self._for_person(sought, application, grant)

    def _for_refresh(self, sought: Sought) -> dict[str, Any]:
        application = self._application(sought, sought.need("client_id"))
        token = sought.need("refresh_token")
        grant = self._devices.grant(sought.tenant.tenant_id, application.client_id, token)
        return self._for_person(sought, application, grant)

    def _for_person(self, sought: Sought, application: Application, grant: Grant) -> dict[str, Any]:
        scope = sought.form.get("scope") or grant.scope
        resource = _delegated_resource(sought, scope)
        subject = Subject(
            sought.tenant.tenant_id,
            application.client_id,
            person_id(sought.tenant, grant.user),
            application.display_name,
            proof="0",
            user=grant.user,
            scopes=DELEGATED,
        )
        answer = self._bearer(sought, subject, resource)
        answer["scope"] = f"{resource}/{DELEGATED}"
        answer["refresh_token"] = self._devices.refresh_token(grant)
        answer["id_token"] = self._id_token(sought, subject)
        answer["client_info"] = _encoded({"uid": subject.object_id, "utid": subject.tenant_id})
        return answer

    def _bearer(self, sought: Sought, subject: Subject, resource: str) -> dict[str, Any]:
        token, lifetime = self._tokens.issue(subject, resource, _claims(sought)), self._tokens.lifetime
        if not sought.resource_based:
            return {
                "token_type": "Bearer",
                "expires_in": lifetime,
                "ext_expires_in": lifetime,
                "access_token": token,
            }
        now = int(self._clock().timestamp())
        return {
            "token_type": "Bearer",
            "expires_in": str(lifetime),
            "ext_expires_in": str(lifetime),
            "expires_on": str(now + lifetime),
            "not_before": str(now),
            "resource": resource,
            "access_token": token,
        }

    def _id_token(self, sought: Sought, subject: Subject) -> str:
        now = int(self._clock().timestamp())
        return self._tokens.sign(
            {
                "aud": subject.client_id,
                "iss": f"{sought.origin}/{subject.tenant_id}/v2.0",
                "iat": now,
                "nbf": now,
                "exp": now + self._tokens.lifetime,
                "name": subject.user,
                "oid": subject.object_id,
                "preferred_username": subject.user,
                "sub": subject.object_id,
                "tid": subject.tenant_id,
                "ver": "2.0",
            }
        )

    def _application(self, sought: Sought, client_id: str) -> Application:
        found = self._tenants.applications(sought.tenant).find(client_id)
        if found is None:
            raise ApplicationNotFound(client_id, sought.tenant.organization)
        return found

    def _prove(self, application: Application, sought: Sought, secret: str) -> str:
        """Check the client's credential and give the `appidacr` that it earns."""
        assertion = sought.form.get("client_assertion", "")
        if application.public:
            raise PublicClient
        if assertion:
            if sought.need("client_assertion_type") != BEARER_ASSERTION:
                raise MissingParameter("client_assertion_type")
            self._assertions.check(application, assertion, names_of(sought.tenant), sought.origin)
            return "2"
        if not secret:
            raise MissingCredential(sought.form["grant_type"])
        self._check_secret(application, secret)
        return "1"

    def _check_secret(self, application: Application, sent: str) -> None:
        found = [
            known
            for known in application.secrets
            if secrets.compare_digest(known.value.encode(), sent.encode("utf-8", "surrogatepass"))
        ]
        if not found:
            raise InvalidSecret(application.client_id)
        if all(known.over(self._clock()) for known in found):
            raise ExpiredSecret(application.client_id)


def subject_of(tenant: Tenant, application: Application, resource: str, origin: str, proof: str) -> Subject:
    """Give whom an application's own token speaks for; app roles are those of the resource asked for."""
    own = {origin.removeprefix("https://")}
    return Subject(
        tenant.tenant_id,
        application.client_id,
        application.object_id,
        application.display_name,
        application.app_roles if is_exchange(resource, own) else (),
        proof,
    )


def person_id(tenant: Tenant, user: str) -> str:
    """Give a person's object id: the same for the same name in the same tenant."""
    return str(uuid5(NAMESPACE_URL, f"https://{tenant.tenant_id}/{user.lower()}"))


def _client(sought: Sought) -> tuple[str, str]:
    """Give client id and secret, from the form or from the Authorization header (RFC 6749 2.3.1)."""
    if not sought.basic:
        return sought.need("client_id"), sought.form.get("client_secret", "")
    try:
        client_id, _, secret = base64.b64decode(sought.basic, validate=True).decode().partition(":")
    except (binascii.Error, ValueError) as error:
        raise MissingParameter("client_id") from error
    return unquote_plus(client_id), unquote_plus(secret)


def _resource(sought: Sought) -> str:
    if sought.resource_based:
        return sought.need("resource")
    scope = sought.need("scope").strip()
    if len(scope.split()) != 1:
        raise InvalidScope(scope)
    if not scope.endswith("/.default"):
        raise ScopeWithoutDefault(scope)
    return scope.removesuffix("/.default")


def _delegated_resource(sought: Sought, scope: str) -> str:
    """Give the one resource of a person's scopes; only /.default and Exchange.Manage are known."""
    wanted = [one for one in scope.split() if one not in OPENID]
    if len(wanted) != 1:
        raise InvalidScope(scope)
    resource, _, permission = wanted[0].rpartition("/")
    if permission not in {".default", DELEGATED}:
        raise InvalidScope(wanted[0])
    _check_resource(sought, resource)
    return resource


def _claims(sought: Sought) -> dict[str, Any]:
    """Give the `claims` parameter, which a client sends to answer a challenge (OpenID Connect Core 5.5)."""
    try:
        claims = json.loads(sought.form.get("claims") or "{}")
    except (ValueError, RecursionError) as error:
        raise MalformedRequest("The 'claims' parameter is not JSON.") from error
    if not isinstance(claims, dict):
        raise MalformedRequest("The 'claims' parameter is not a JSON object.")
    return claims


def _check_resource(sought: Sought, resource: str) -> None:
    if not is_known(resource, {sought.origin.removeprefix("https://")}):
        raise ResourceNotFound(resource, sought.tenant.organization)


def _encoded(content: Mapping[str, str]) -> str:
    return base64.urlsafe_b64encode(json.dumps(content).encode()).rstrip(b"=").decode()
