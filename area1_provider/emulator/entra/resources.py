"""Which resources Entra gives tokens for, and which audiences Exchange takes. No tokens are made here.

Hosts by cloud: the PowerShell module's environments, as the ScubaGear and azure-auth projects list them.
"""

import re
from collections.abc import Iterable

from area1_provider.emulator.entra.tokens import EXCHANGE

EXCHANGE_HOSTS = frozenset(
    {
        "outlook.office365.com",
        "outlook.office.com",
        "outlook.office365.us",
        "outlook-dod.office365.us",
        "partner.outlook.cn",
        "outlook.office365.cn",  # unconfirmed for this endpoint
    }
)
OTHER_RESOURCES = frozenset(
    {
        "https://graph.microsoft.com",
        "https://management.azure.com",
        "https://ps.compliance.protection.outlook.com",
    }
)
HOST_ONLY = re.compile(r"https://([^/?#\s]+)/?", re.IGNORECASE)
"""A resource is a host, with or without the slash; a path behind it names another one, which nobody registered."""
LOGIN_HOSTS = frozenset(
    {
        "login.microsoftonline.com",
        "login.microsoft.com",
        "login.windows.net",
        "sts.windows.net",
        "login.microsoftonline.us",
        "login.usgovcloudapi.net",
        "login.partner.microsoftonline.cn",
        "login.chinacloudapi.cn",
    }
)


def host_of(url: str) -> str:
    """Give host and port of an https URL in lower case, or an empty string where it is more than a host."""
    found = HOST_ONLY.fullmatch(url)
    return found.group(1).lower() if found else ""


def is_exchange(resource: str, own: Iterable[str]) -> bool:
    """Tell whether a resource identifier means Exchange; `own` are this server's host:port names."""
    return resource.lower() == EXCHANGE or host_of(resource) in {*EXCHANGE_HOSTS, *own}


def is_known(resource: str, own: Iterable[str]) -> bool:
    """Tell whether Entra has a resource of that identifier."""
    return is_exchange(resource, own) or resource.rstrip("/").lower() in OTHER_RESOURCES


def takes(audience: str, origin: str) -> bool:
    """Tell whether Exchange, reached through `origin`, takes a token of that audience.

    Through a cloud's own host only that cloud's audience is good; a regional host takes its parent's.
    Through any other name (loopback) every Exchange audience is, since no cloud is meant.
    """
    host = host_of(origin)
    if not is_exchange(audience, {host}):
        return False
    cloud = _cloud_of(host.rsplit(":", 1)[0])
    return cloud is None or audience.lower() == EXCHANGE or host_of(audience) in {host, cloud, *_TWINS.get(cloud, ())}


_TWINS = {
    "outlook.office365.com": ("outlook.office.com",),
    "outlook.office.com": ("outlook.office365.com",),
}


def _cloud_of(name: str) -> str | None:
    return next((host for host in EXCHANGE_HOSTS if name == host or name.endswith(f".{host}")), None)
