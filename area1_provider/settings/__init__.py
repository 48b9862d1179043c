"""Which tenant, which cloud, how to sign in: read once from the environment and the stack config.

Pure but for the files that hold a client id, secret or password; nothing is asked over a network here, and
neither pulumi nor msal nor requests is imported.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from ipaddress import ip_address
from pathlib import Path
from types import MappingProxyType
from typing import Any
from urllib.parse import urlsplit

from area1_provider.errors import SettingsError
from area1_provider.settings.choose import choose
from area1_provider.settings.clouds import ALIASES, CLOUDS, Cloud, find_cloud
from area1_provider.settings.keys import CONFIG_KEYS, KEYS
from area1_provider.settings.sources import ARM, AZURE, CONFIG, Found, Sources
from area1_provider.settings.ways import (
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
    secrets_of,
)

__all__ = [
    "CLOUDS",
    "CONFIG_KEYS",
    "AssertionFile",
    "AssertionRequest",
    "AssertionValue",
    "AzureCli",
    "Certificate",
    "ClientSecret",
    "Cloud",
    "DeviceCode",
    "ManagedIdentity",
    "Oidc",
    "Settings",
    "SignIn",
    "load",
    "secrets_of",
]

_GUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE | re.ASCII)
_DOMAIN = re.compile(r"(?=.{4,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]([a-z0-9-]*[a-z0-9])", re.IGNORECASE)
_HTTPS_PORT = 443


@dataclass(frozen=True)
class Settings:
    """Everything that one tenant's client needs to know before it speaks. `repr` shows no secret."""

    tenant: str
    """A GUID or one of the tenant's domains, as it was written."""
    cloud: Cloud
    exchange_url: str
    """`https://host[:port]`, no path."""
    authority_host: str
    """`https://host[:port]`, no path."""
    ca_file: str | None
    """PEM bundle to trust instead of the usual one."""
    way: SignIn
    origin: Mapping[str, str] = field(default_factory=dict)
    """Setting name to the variable or config key that it came from."""
    other_tenant: str = ""
    """The tenant as the environment names it, where the stack config names it in other words: they must be one."""
    because: tuple[str, ...] = ()
    """The places that decided the way to sign in."""

    def trusts(self, url: str) -> bool:
        """Tell whether a token may travel to this address: HTTPS, and the cloud's (or the own) Exchange host."""
        parts, own = urlsplit(url), urlsplit(self.exchange_url)
        if parts.scheme != "https" or parts.hostname is None:
            return False
        if own.hostname != self.cloud.exchange_host:
            return _below(parts.hostname, own.hostname or "")
        port = parts.port or _HTTPS_PORT
        return port == _HTTPS_PORT and any(_below(parts.hostname, suffix) for suffix in self.cloud.trusted_suffixes)


def load(
    environ: Mapping[str, str],
    config: Mapping[str, Any],
    *,
    explicit: bool = False,
    read: Callable[[str], str] | None = None,
) -> Settings:
    """Give the settings that environment and config name together.

    `config` is the `area1:` namespace without its prefix, or an explicit provider's properties
    (`explicit=True`: those come before the environment, and ARM_TENANT_ID may name another tenant).
    `read` gives a file's text. The keys are in `CONFIG_KEYS`.

    Raises SettingsError, which names every problem at once.
    """
    sources = Sources(environ, config, explicit=explicit, read=read or _read_text)
    (tenant, other_tenant), cloud = _tenant(sources), _cloud(sources)
    exchange_url = _endpoint(sources, "exchange_url", cloud.exchange_host)
    authority_host = _endpoint(sources, "authority_host", cloud.login_host)
    way, ca_file = choose(sources), sources.value("ca_file")
    if sources.problems or way is None:
        raise SettingsError(sources.problems)
    origin = MappingProxyType(dict(sources.origin))
    return Settings(tenant, cloud, exchange_url, authority_host, ca_file, way, origin, other_tenant, sources.because)


def _read_text(path: str) -> str:
    return Path(path).read_text(encoding="utf-8-sig")  # Windows' own tools begin a text with a mark


def _tenant(sources: Sources) -> tuple[str, str]:
    """Give the config's tenant if it names one (a stack is one tenant), else the environment's.

    With it the environment's where both name one in different words: only a token can tell whether they are the same.
    """
    stated, ambient = sources.at(CONFIG, "tenant"), sources.among((ARM, AZURE), "tenant")
    found = stated or ambient
    if found is None:
        return sources.need("tenant", "Set the tenant's GUID or one of its domains."), ""
    sources.origin["tenant"] = found.origin
    if not (_GUID.fullmatch(found.value) or _DOMAIN.fullmatch(found.value)):
        sources.problems.append(f"{found.origin}: {found.value!r} is neither a tenant's GUID nor a domain.")
    if stated and ambient and not sources.explicit and _differ(stated.value, ambient.value):
        sources.problems.append(
            f"area1:tenant, {ambient.origin}: {stated.value} and {ambient.value} are two tenants. The stack belongs "
            f"to the first; unset {ambient.origin}, or choose the other tenant's stack."
        )
    return found.value, _other(sources, found, ambient)


def _other(sources: Sources, found: Found, ambient: Found | None) -> str:
    """Give the environment's tenant if the settings in force name it otherwise; a `Tenant` may well be another."""
    if ambient is None or sources.explicit or ambient.value.lower() == found.value.lower():
        return ""
    sources.origin["other_tenant"] = ambient.origin
    return ambient.value


def _differ(first: str, second: str) -> bool:
    """Tell GUIDs apart; a domain may well be the same tenant, which only its token can tell."""
    both = _GUID.fullmatch(first) and _GUID.fullmatch(second)
    return bool(both) and first.lower() != second.lower()


def _cloud(sources: Sources) -> Cloud:
    found = sources.find("cloud")
    if found is None:
        return CLOUDS["public"]
    cloud = find_cloud(found.value)
    if cloud is None:
        known = ", ".join((*CLOUDS, *ALIASES))
        sources.problems.append(f"{found.origin}: no cloud is called {found.value!r}. Known: {known}.")
    return cloud or CLOUDS["public"]


def _endpoint(sources: Sources, name: str, host: str) -> str:
    """Give `https://host[:port]`: the cloud's, or another one where that is allowed."""
    found = sources.find(name)
    if found is None:
        return f"https://{host}"
    address, problem = _parse(found.value)
    if not problem and not (_loopback(address) or _is(address, host) or sources.flag("allow_custom_endpoint")):
        problem = (
            f"{address} is not on this machine, and secrets would be sent there. If that is meant, set "
            f"{KEYS['allow_custom_endpoint'].places}=true."
        )
    if problem:
        sources.problems.append(f"{found.origin}: {problem}")
    return address


def _parse(text: str) -> tuple[str, str]:
    """Give the address without its trailing slash, and what is wrong with it."""
    try:
        parts = urlsplit(text)
        parts.port  # noqa: B018  # reading it is what checks it
    except ValueError:
        return text, "not an address. It takes https://host or https://host:port."
    if parts.scheme != "https":
        return text, "not HTTPS. Tokens and secrets never travel unencrypted; it takes https://host[:port]."
    if not parts.hostname or parts.username or parts.path.strip("/") or parts.query or parts.fragment:
        return text, "more or less than a host. It takes https://host or https://host:port."
    return f"https://{parts.netloc}", ""


def _loopback(address: str) -> bool:
    host = urlsplit(address).hostname or ""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")


def _is(address: str, host: str) -> bool:
    return address.lower() == f"https://{host}"


def _below(host: str, suffix: str) -> bool:
    return host == suffix or host.endswith(f".{suffix}")
