"""Which way to sign in the settings name, and whether that way is whole.

Nothing is tried and nothing falls through: one way is chosen, or the problems say why none was.
"""

import base64
import binascii
from collections.abc import Callable
from urllib.parse import urlsplit

from area1_provider.settings.keys import KEYS
from area1_provider.settings.sources import OF_TENANT, Found, Sources
from area1_provider.settings.ways import (
    EXCHANGE_POWERSHELL_CLIENT_ID,
    FEDERATION_AUDIENCE,
    Assertion,
    AssertionFile,
    AssertionRequest,
    AssertionValue,
    AzureCli,
    Certificate,
    ClientSecret,
    DeviceCode,
    ManagedIdentity,
    Oidc,
    SignIn,
)

_Reader = Callable[[Sources], SignIn]


def choose(sources: Sources) -> SignIn | None:
    """Give the way to sign in, or None when the problems say why there is none.

    A way that is asked for (`use_...`) wins over one that merely has its parts set, and the environment
    as a whole wins over the stack config.
    """
    for layers in sources.groups:
        origins = _asked_for(sources, layers) or _evident(sources, layers)
        ways = list(dict.fromkeys(origins.values()))
        if len(ways) > 1:
            sources.problems.append(
                f"{', '.join(origins)}: more than one way to sign in ({', '.join(ways)}). Unset all but one."
            )
            return None
        if ways:
            sources.because = tuple(origins)
            return _READERS[ways[0]](sources)
    sources.problems.append(_nothing(sources))
    return None


_FLAGS = {
    "use_oidc": "oidc",
    "use_aks_workload_identity": "oidc",
    "use_msi": "managed identity",
    "use_cli": "azure cli",
    "use_device_code": "device code",
}

_EVIDENCE = {
    "client_secret": "client secret",
    "client_secret_file_path": "client secret",
    "client_certificate": "certificate",
    "client_certificate_path": "certificate",
    "oidc_token": "oidc",
    "oidc_token_file_path": "oidc",
}

_AMBIENT = "AZURE_FEDERATED_TOKEN_FILE"
"""Kubernetes sets it in every pod of a service account: it decides only where nothing else does."""

_PASSWORD_FILE = "client_certificate_password_file_path"  # noqa: S105  # the setting's name

_PARTS = {
    "oidc_request_url": "ARM_USE_OIDC",
    "msi_endpoint": "ARM_USE_MSI",
    "use_exchange_powershell_client": "AREA1_USE_DEVICE_CODE",
}
"""Settings that are part of a way without asking for it, and what would."""


def _asked_for(sources: Sources, layers: tuple[str, ...]) -> dict[str, str]:
    """Give the ways asked for outright, by the place that asks."""
    hits = ((sources.among(layers, flag), way) for flag, way in _FLAGS.items() if sources.flag(flag, layers))
    return {hit.origin: way for hit, way in hits if hit}


def _evident(sources: Sources, layers: tuple[str, ...]) -> dict[str, str]:
    """Give the ways whose parts are set, by the places that set them."""
    hits = ((sources.among(layers, name), way) for name, way in _EVIDENCE.items())
    weak = {hit.origin: way for hit, way in hits if hit}
    strong = {origin: way for origin, way in weak.items() if origin != _AMBIENT}
    passwords = (sources.among(layers, name) for name in ("client_certificate_password", _PASSWORD_FILE))
    return strong or weak or {password.origin: "certificate" for password in passwords if password}


def _nothing(sources: Sources) -> str:
    ways = (
        "Set ARM_CLIENT_ID and ARM_CLIENT_SECRET, or ARM_CLIENT_ID and ARM_CLIENT_CERTIFICATE_PATH, or one of "
        "ARM_USE_OIDC, ARM_USE_MSI, ARM_USE_CLI, AREA1_USE_DEVICE_CODE to true."
    )
    parts = ((sources.find(name), flag) for name, flag in _PARTS.items())
    hints = (f" {part.origin} is set, so {flag}=true is the way here." for part, flag in parts if part)
    return f"No way to sign in is set. {ways}{''.join(hints)}"


def _of_one_group(sources: Sources, one: Found | None, other: Found | None) -> tuple[Found | None, Found | None]:
    """Drop the one that comes from the group looked at second: it may be another identity's."""
    if one is None or other is None:
        return one, other
    ranks = [next(i for i, group in enumerate(sources.groups) if found.layer in group) for found in (one, other)]
    if ranks[0] == ranks[1]:
        return one, other
    kept, dropped = (one, other) if ranks[0] < ranks[1] else (other, one)
    sources.forget(dropped)
    return (one, None) if kept is one else (None, other)


def _named_or_filed(sources: Sources, name: str, what: str) -> Found | None:
    """Give a setting that may stand in a file instead; two that differ become a problem."""
    named, path = _of_one_group(sources, sources.find(name), sources.find(f"{name}_file_path"))
    filed = sources.content(path) if path else None
    if named and filed and named.value != filed.value:
        sources.problems.append(f"{named.origin}, {filed.origin}: two different {what}. Unset one.")
    return named or filed


def _client_secret(sources: Sources) -> ClientSecret:
    credential = _named_or_filed(sources, "client_secret", "secrets")
    return ClientSecret(_client_id(sources, credential), credential.value if credential else "")


def _certificate(sources: Sources) -> Certificate:
    found = sources.find("client_certificate_path"), sources.find("client_certificate")
    path, content = _of_one_group(sources, *found)
    if path and content:
        sources.problems.append(f"{path.origin}, {content.origin}: two certificates. Unset one.")
    if not path and not content:
        why = "The password of a certificate is set without one. Name the PEM or PFX file."
        sources.need("client_certificate_path", why)
    password = _named_or_filed(sources, "client_certificate_password", "passwords")
    return Certificate(
        _client_id(sources, path or content),
        path=path.value if path else None,
        content=_pfx(sources, content) if content and not path else None,
        password=password.value if password else None,
    )


def _pfx(sources: Sources, found: Found) -> bytes:
    try:
        return base64.b64decode("".join(found.value.split()), validate=True)
    except (binascii.Error, ValueError):
        sources.problems.append(f"{found.origin}: not base64. It takes a PFX file's content in base64.")
        return b""


def _oidc(sources: Sources) -> Oidc:
    value, path = _of_one_group(sources, sources.find("oidc_token"), sources.find("oidc_token_file_path"))
    if value and path and path.origin != _AMBIENT:
        sources.problems.append(f"{value.origin}, {path.origin}: two tokens. Unset one.")
    client_id = _client_id(sources, value or path)
    audience = sources.value("oidc_audience") or FEDERATION_AUDIENCE
    return Oidc(client_id, _assertion(sources, value, path), audience)


def _assertion(sources: Sources, value: Found | None, path: Found | None) -> Assertion:
    if value:
        sources.origin.pop("oidc_token_file_path", None)
        return AssertionValue(value.value)
    return AssertionFile(path.value) if path else _request(sources)


def _request(sources: Sources) -> AssertionRequest:
    why = (
        "Name a token (ARM_OIDC_TOKEN, ARM_OIDC_TOKEN_FILE_PATH) or run in a pipeline that issues one. In GitHub "
        "Actions the job needs `permissions: id-token: write`; in Azure DevOps, SYSTEM_ACCESSTOKEN must be mapped "
        "from $(System.AccessToken)."
    )
    url, token = sources.need("oidc_request_url", why), sources.need("oidc_request_token", why)
    if url and token:
        _check_request(sources, url)
    connection = sources.value("ado_pipeline_service_connection_id")
    if not connection and sources.origin.get("oidc_request_url") == "SYSTEM_OIDCREQUESTURI":
        sources.need("ado_pipeline_service_connection_id", "Azure DevOps issues a token for a connection only.")
    pipeline = "azure-devops" if connection else "github"
    return AssertionRequest(pipeline, url, token, connection)


def _check_request(sources: Sources, url: str) -> None:
    places = sources.origin["oidc_request_url"], sources.origin["oidc_request_token"]
    if urlsplit(url).scheme != "https":
        sources.problems.append(f"{places[0]}: not an https:// address.")
    hands = {_hand(place) for place in places}
    # A pipeline's token must not travel to another's address, and least of all to one from a stack config.
    if hands >= {"ACTIONS", "SYSTEM"} or (_CONFIG_HAND in hands and len(hands) > 1):
        sources.problems.append(f"{places[0]}, {places[1]}: address and token come from different places.")


_CONFIG_HAND = "area1"


def _hand(origin: str) -> str:
    """Give whose setting that is: ARM, ACTIONS, SYSTEM, or area1 for stack config and `Tenant`."""
    return _CONFIG_HAND if origin.endswith(OF_TENANT) else origin.split("_", 1)[0].split(":", 1)[0]


def _managed_identity(sources: Sources) -> ManagedIdentity:
    return ManagedIdentity(_given_client_id(sources), sources.value("msi_endpoint"))


def _azure_cli(sources: Sources) -> AzureCli:
    del sources
    return AzureCli()


def _device_code(sources: Sources) -> DeviceCode:
    if sources.flag("use_exchange_powershell_client"):
        return DeviceCode(EXCHANGE_POWERSHELL_CLIENT_ID)
    client_id = _given_client_id(sources)
    if client_id is None:
        sources.problems.append(
            f"{KEYS['client_id'].places}: not set. Device code needs an app registration that allows public client "
            "flows; or set AREA1_USE_EXCHANGE_POWERSHELL_CLIENT=true to use Microsoft's own."
        )
    return DeviceCode(client_id or "")


def _given_client_id(sources: Sources) -> str | None:
    found = _named_or_filed(sources, "client_id", "client ids")
    return found.value if found else None


def _client_id(sources: Sources, credential: Found | None) -> str:
    client_id = _given_client_id(sources)
    if client_id is None:
        return sources.need("client_id", "Set the application (client) id of the app registration.")
    beside = sources.at(credential.layer, "client_id") if credential else None
    if credential and beside and beside.value.lower() != client_id.lower():
        sources.problems.append(
            f"{sources.origin.get('client_id', 'the client id file')}, {beside.origin}: {credential.origin} goes with "
            "the second, but the first is the one in force. Unset one of them."
        )
    return client_id


_READERS: dict[str, _Reader] = {
    "client secret": _client_secret,
    "certificate": _certificate,
    "oidc": _oidc,
    "managed identity": _managed_identity,
    "azure cli": _azure_cli,
    "device code": _device_code,
}
