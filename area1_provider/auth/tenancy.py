"""Whether a token is of the tenant that the settings name. What the state says of tenants is `connection`'s to compare.

Source: Microsoft Learn, "OpenID Connect on the Microsoft identity platform": a tenant's configuration document, which
anybody may read, names its GUID as part of the issuer.
"""

import re
from collections.abc import Iterator
from dataclasses import replace

from area1_provider.auth.claims import Token
from area1_provider.auth.refusals import unreadable
from area1_provider.auth.sources import Surroundings
from area1_provider.errors import WrongTenant
from area1_provider.forms import is_guid
from area1_provider.settings import AzureCli, ManagedIdentity, Settings

_ISSUER = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)


def check_tenant(surroundings: Surroundings, token: Token) -> None:
    """Raise `WrongTenant` unless the token is of each tenant that the settings name.

    A name that the sign-in host was asked under needs no look-up: it gives tokens of that tenant only. Raises
    SignInError for a tenant that does not exist, ConnectionFailed or Untrusted where a domain cannot be looked up.
    """
    settings = surroundings.settings
    for name, origin in _in_doubt(settings):
        found = guid_of(surroundings, name)
        if found != token.tenant_id.casefold():
            named = name if found == name.casefold() else f"{name} ({found})"
            raise WrongTenant(
                f"The settings name tenant {named} in {origin}, and the token by {settings.way.label} is for tenant "
                f"{token.tenant_id}. Nothing was changed.\n"
                f"Correct {origin}, or sign in with an identity of the tenant that you mean.",
                token.tenant_id,
            )


def _in_doubt(settings: Settings) -> Iterator[tuple[str, str]]:
    """Give the names, with their places, that the token does not prove by where it came from."""
    elsewhere = isinstance(settings.way, ManagedIdentity | AzureCli)
    if elsewhere or is_guid(settings.tenant):
        yield settings.tenant, settings.origin["tenant"]
    if settings.other_tenant:
        yield settings.other_tenant, settings.origin["other_tenant"]


def guid_of(surroundings: Surroundings, name: str) -> str:
    """Give a tenant's GUID in lower case; a domain's is asked of the sign-in host, without signing in."""
    if is_guid(name):
        return name.casefold()
    channel = surroundings.channel()
    host = surroundings.settings.authority_host
    answer = channel.get(f"{host}/{name}/v2.0/.well-known/openid-configuration")
    try:
        found = _ISSUER.search(str(answer.json()["issuer"]))
    except (ValueError, KeyError, TypeError):
        found = None
    if found is None:
        raise unreadable(replace(surroundings.settings, tenant=name), channel.said)
    return found[0].casefold()
