"""From configuration to the one `Exchange` of a tenant, and the guard that it is the tenant that the state means.

Shared by all resources of a plugin process. Knows nothing of Pulumi; settings are read when first needed.
"""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from area1_provider import errors
from area1_provider.forms import is_guid

if TYPE_CHECKING:  # requests and msal load only when an operation needs them
    from area1_provider.client import Exchange
    from area1_provider.settings import Settings

NAMESPACE = "area1"
"""Namespace of the stack config's keys."""


@dataclass(frozen=True)
class Config:
    """What `configure` got: setting and value, and whether an explicit provider (`Tenant`) carries them."""

    values: tuple[tuple[str, str], ...] = field(default=(), repr=False)  # secrets may be among them
    explicit: bool = False


TENANT_ID = "tenant_id"
"""Output: the GUID of the tenant that the object is in."""
TENANT = "tenant"
"""Output: the tenant as the configuration named it then."""

_lock = threading.Lock()
_exchanges: dict[Config, Exchange] = {}
_told: set[str] = set()


def config_of(raw: Mapping[str, Any]) -> Config:
    """Take our keys out of what `configure` got: the stack's config, or an explicit provider's properties.

    An explicit provider's come without a namespace, and always name their tenant.
    """
    from area1_provider.settings import CONFIG_KEYS  # noqa: PLC0415  # a program never gets here

    explicit = "tenant" in raw
    prefix = "" if explicit else f"{NAMESPACE}:"
    values = {key: raw[prefix + key] for key in CONFIG_KEYS if prefix + key in raw}
    return Config(tuple(sorted((key, _text(value)) for key, value in values.items())), explicit)


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)


def settings_of(config: Config) -> Settings:
    """Give the settings. Raises `SettingsError` with every problem."""
    from area1_provider.settings import load  # noqa: PLC0415  # a program never gets here

    return load(os.environ, dict(config.values), explicit=config.explicit)


def exchange(config: Config) -> Exchange:
    """Give the tenant's Exchange, the same one for every resource of this process.

    Raises `SettingsError` if the settings do not name a tenant and a way to sign in.
    """
    from area1_provider.client import Exchange  # noqa: PLC0415  # half a second that a preview need not pay
    from area1_provider.limits import Limits  # noqa: PLC0415  # same
    from area1_provider.lost_answers import of_machine  # noqa: PLC0415  # same
    from area1_provider.slots import of_machine as slots_of_machine  # noqa: PLC0415  # same

    with _lock:
        if config not in _exchanges:
            _exchanges[config] = Exchange(
                settings_of(config),
                tell=tell,
                environ=os.environ,
                lost_answers=of_machine(),
                slots=slots_of_machine(Limits().calls_at_once),
            )
        return _exchanges[config]


def tell(line: str) -> None:
    """Show a line of progress: the engine prints what a plugin writes to stderr."""
    sys.stderr.write(f"{line}\n")
    sys.stderr.flush()


def problems(config: Config) -> tuple[str, ...]:
    """Give what is wrong with the settings, one line each."""
    try:
        settings_of(config)
    except errors.SettingsError as error:
        return error.problems
    return ()


def untold(lines: tuple[str, ...]) -> list[str]:
    """Give those lines that this process did not tell yet: a missing secret is said once, not for every resource."""
    with _lock:
        new = [line for line in lines if line not in _told]
        _told.update(new)
    return new


def stamp(of: Exchange) -> dict[str, str]:
    """Give the outputs that say which tenant an object is in."""
    return {TENANT_ID: of.tenant_id, TENANT: of.settings.tenant}


def guard(of: Exchange, state: Mapping[str, Any]) -> None:
    """Raise `WrongTenant` unless state, settings and token are of one tenant.

    Before a read too: in another tenant everything would look deleted.
    """
    if not state.get(TENANT_ID):
        return
    with of.judging:
        try:
            agreed, token_tenant = _is_of(state, of.tenant_id), of.tenant_id
        except errors.WrongTenant as error:
            agreed, token_tenant = False, error.token_tenant
        if not agreed:
            raise _closed(of, state, f"the token is for tenant {token_tenant}")


def guard_named(config: Config, state: Mapping[str, Any]) -> None:
    """Guard at preview: without a sign-in where the settings name the tenant as they did, or by its GUID."""
    settings = settings_of(config)
    named = settings.tenant.casefold()
    if not state.get(TENANT_ID) or _is_of(state, named) or named == str(state.get(TENANT) or "").casefold():
        return
    of = exchange(config)
    of.begin()
    if is_guid(named):
        with of.judging:
            raise _closed(of, state, _token_told(of))
    guard(of, state)


def _is_of(state: Mapping[str, Any], tenant_id: str) -> bool:
    return str(state[TENANT_ID]).casefold() == tenant_id.casefold()


def _token_told(of: Exchange) -> str:
    """Say which tenant the token is for; a person is not asked to sign in for that."""
    from area1_provider.settings import DeviceCode  # noqa: PLC0415  # a program never gets here

    if isinstance(of.settings.way, DeviceCode):
        return "no token was asked for"
    try:
        return f"the token is for tenant {of.tokens.get().tenant_id}"
    except errors.WrongTenant as error:
        return f"the token is for tenant {error.token_tenant}"
    except errors.Area1Error as error:
        return f"no token was given ({str(error).splitlines()[0]})"


def _closed(of: Exchange, state: Mapping[str, Any], token: str) -> errors.WrongTenant:
    """Give the refusal that names all three; nothing else of this run, a new resource say, gets past it either."""
    settings = of.settings
    other = f" and {settings.other_tenant} in {settings.origin['other_tenant']}" if settings.other_tenant else ""
    said = (
        f"The state is of tenant {state[TENANT_ID]} ({state.get(TENANT) or 'no name recorded'}), the settings name "
        f"{settings.tenant}{other}, and {token}. Nothing was changed.\n"
        f"Either select the stack of the tenant that you mean, or set {settings.origin['tenant']} and the "
        "credentials to the tenant of this stack."
    )
    of.close(said)
    return errors.WrongTenant(said)
