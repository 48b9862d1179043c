"""Entra over HTTP: discovery, keys, the token endpoints. Who gets a token is decided in grants.py."""

from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import SplitResult, parse_qsl, urlsplit

from area1_provider.emulator.clock import Clock
from area1_provider.emulator.entra.errors import (
    EntraError,
    MalformedRequest,
    MissingParameter,
    PostOnly,
    TenantNotFound,
    TenantNotSpecific,
    UnknownInstance,
)
from area1_provider.emulator.entra.grants import Grants
from area1_provider.emulator.entra.resources import LOGIN_HOSTS
from area1_provider.emulator.entra.tenants import Tenants
from area1_provider.emulator.entra.token_requests import Sought
from area1_provider.emulator.entra.tokens import signing_key
from area1_provider.emulator.faults import Faults, Occasion
from area1_provider.emulator.tenant import Tenant
from area1_provider.emulator.web.messages import Answer, Ask, Handler, json_answer, trace_id

ANYONE = frozenset({"common", "organizations", "consumers"})
CLOUDS = (
    (
        "login.microsoftonline.com",
        "login.windows.net",
        ("login.microsoftonline.com", "login.windows.net", "login.microsoft.com", "sts.windows.net"),
    ),
    (
        "login.partner.microsoftonline.cn",
        "login.partner.microsoftonline.cn",
        ("login.partner.microsoftonline.cn", "login.chinacloudapi.cn"),
    ),
    (
        "login.microsoftonline.us",
        "login.microsoftonline.us",
        ("login.microsoftonline.us", "login.usgovcloudapi.net"),
    ),
)
"""Preferred network host, preferred cache host and aliases, as the real host's instance discovery lists them."""
FIELDS = 64
"""More fields than this no token request has."""


class Entra:
    """The sign-in half of the server."""

    def __init__(self, tenants: Tenants, grants: Grants, faults: Faults, clock: Clock) -> None:
        self._tenants = tenants
        self._faults = faults
        self._grants = grants
        self._clock = clock

    def handlers(self) -> dict[str, Handler]:
        """Give the handlers by name; refusals are already answers."""
        return {
            "discovery": self._refusing(self._discovery),
            "discovery_v1": self._refusing(self._discovery_v1),
            "instance": self._refusing(self._instance),
            "keys": self._refusing(self._keys),
            "token": self._troubled(self._refusing(self._token)),
            "token_v1": self._troubled(self._refusing(self._token_v1)),
            "device": self._refusing(self._device),
        }

    def _troubled(self, handler: Handler) -> Handler:
        def answer(ask: Ask) -> Answer:
            tenant = self._tenants.find(ask.path["tenant"])
            occasion = Occasion("entra", tenant.organization if tenant else "")
            return self._faults.around(occasion, lambda: handler(ask)).answer

        return answer

    def _refusing(self, handler: Callable[[Ask], dict[str, Any]]) -> Handler:
        def answer(ask: Ask) -> Answer:
            correlation = ask.headers.get("client-request-id", "")[:64]
            headers = {"Cache-Control": "no-store, no-cache", "Pragma": "no-cache", "x-ms-request-id": trace_id()}
            if correlation.isascii() and correlation.isprintable() and correlation:
                headers["client-request-id"] = correlation
            try:
                return json_answer(handler(ask), headers=headers)
            except EntraError as refusal:
                body = refusal.body(self._clock(), correlation, ask.origin)
                return json_answer(body, refusal.status, headers, note=f"AADSTS{refusal.code}")

        return answer

    def _discovery(self, ask: Ask) -> dict[str, Any]:
        issuer = f"{ask.origin}/{self._segment(ask)}/v2.0"
        return _configuration(ask.origin, self._path(ask), issuer, "/v2.0")

    def _discovery_v1(self, ask: Ask) -> dict[str, Any]:
        issuer = f"https://sts.windows.net/{self._segment(ask)}/"
        return _configuration(ask.origin, self._path(ask), issuer, "")

    def _keys(self, ask: Ask) -> dict[str, Any]:
        segment = self._segment(ask)
        key = signing_key().as_dict(private=False)
        return {"keys": [{**key, "x5t": key["kid"], "issuer": f"{ask.origin}/{segment}/v2.0"}]}

    def _instance(self, ask: Ask) -> dict[str, Any]:
        wanted = _authority(ask)
        own = wanted.hostname == ask.hostname
        if wanted.scheme != "https" or not (own or wanted.hostname in LOGIN_HOSTS):
            raise UnknownInstance
        # a client drops the port when it asks; the origin has it
        host = ask.origin if own else f"https://{wanted.hostname}"
        tenant, *rest = wanted.path.strip("/").lower().split("/")
        version = "/v2.0" if "v2.0" in rest else ""
        return {
            "tenant_discovery_endpoint": f"{host}/{tenant or 'common'}{version}/.well-known/openid-configuration",
            "api-version": ask.query.get("api-version", "1.1"),
            "metadata": [
                {"preferred_network": network, "preferred_cache": cache, "aliases": list(aliases)}
                for network, cache, aliases in CLOUDS
            ],
        }

    def _token(self, ask: Ask) -> dict[str, Any]:
        return self._grants.token(self._sought(ask, resource_based=False))

    def _token_v1(self, ask: Ask) -> dict[str, Any]:
        return self._grants.token(self._sought(ask, resource_based=True))

    def _device(self, ask: Ask) -> dict[str, Any]:
        return self._grants.device(self._sought(ask, resource_based=False))

    def _sought(self, ask: Ask, *, resource_based: bool) -> Sought:
        if ask.method != "POST":
            raise PostOnly(ask.method)
        tenant = self._tenant(ask)
        scheme, _, basic = ask.headers.get("authorization", "").partition(" ")
        return Sought(
            tenant, _form(ask), ask.origin, basic.strip() if scheme.lower() == "basic" else "", resource_based
        )

    def _segment(self, ask: Ask) -> str:
        """Give what stands for the tenant in issuers: its id, or the word for anyone."""
        name = ask.path["tenant"].lower()
        return "{tenantid}" if name in ANYONE else self._tenant(ask).tenant_id

    def _path(self, ask: Ask) -> str:
        """Give what stands for the tenant in addresses: its id, or the word for anyone as it was written."""
        name = ask.path["tenant"].lower()
        return name if name in ANYONE else self._tenant(ask).tenant_id

    def _tenant(self, ask: Ask) -> Tenant:
        name = ask.path["tenant"]
        if name.lower() in ANYONE:
            raise TenantNotSpecific
        tenant = self._tenants.find(name)
        if tenant is None:
            raise TenantNotFound(name)
        return tenant


def _authority(ask: Ask) -> SplitResult:
    endpoint = ask.query.get("authorization_endpoint", "")
    if not endpoint:
        raise MissingParameter("authorization_endpoint")
    try:
        return urlsplit(endpoint)
    except ValueError as error:
        raise UnknownInstance from error


def _form(ask: Ask) -> Mapping[str, str]:
    """Read the form; a body of another type holds no field, as at the real endpoint."""
    if not ask.headers.get("content-type", "").lower().startswith("application/x-www-form-urlencoded"):
        return {}
    try:
        pairs = parse_qsl(ask.body.decode(), keep_blank_values=True, max_num_fields=FIELDS)
    except ValueError as error:
        raise MalformedRequest from error
    names = [name for name, _ in pairs]
    if len(set(names)) != len(names):
        raise MalformedRequest("The request is not properly formatted. A parameter is duplicated.")
    return dict(pairs)


def _configuration(origin: str, path: str, issuer: str, version: str) -> dict[str, Any]:
    base = f"{origin}/{path}"
    return {
        "token_endpoint": f"{base}/oauth2{version}/token",
        "token_endpoint_auth_methods_supported": ["client_secret_post", "private_key_jwt", "client_secret_basic"],
        "jwks_uri": f"{base}/discovery{version}/keys",
        "response_modes_supported": ["query", "fragment", "form_post"],
        "subject_types_supported": ["pairwise"],
        "id_token_signing_alg_values_supported": ["RS256"],
        "response_types_supported": ["code", "id_token", "code id_token", "id_token token"],
        "scopes_supported": ["openid", "profile", "email", "offline_access"],
        "issuer": issuer,
        "request_uri_parameter_supported": False,
        "authorization_endpoint": f"{base}/oauth2{version}/authorize",
        "device_authorization_endpoint": f"{base}/oauth2{version}/devicecode",
        "http_logout_supported": True,
        "frontchannel_logout_supported": True,
        "end_session_endpoint": f"{base}/oauth2{version}/logout",
        "claims_supported": ["sub", "iss", "aud", "exp", "iat", "tid", "ver", "oid", "preferred_username"],
        "tenant_region_scope": "EU",
        "cloud_instance_name": "microsoftonline.com",
    }
