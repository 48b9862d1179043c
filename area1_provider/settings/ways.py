"""The ways to sign in, as plain values: what each needs, and nothing about how it is done.

Secret fields are kept out of `repr`; whoever adds a field that is secret gives it `_hidden()`.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field, fields, is_dataclass
from typing import Any, ClassVar

EXCHANGE_POWERSHELL_CLIENT_ID = "fb78d390-0c51-40cd-8e17-fdbfab77341b"
"""Microsoft's own public client of Exchange Online PowerShell (public clients that use it: ExoHelper)."""


def _hidden(**options: Any) -> Any:
    return field(repr=False, **options)


@dataclass(frozen=True)
class ClientSecret:
    """An app registration that proves itself with a secret."""

    label: ClassVar[str] = "client secret"
    client_id: str
    secret: str = _hidden()


@dataclass(frozen=True)
class Certificate:
    """An app registration that proves itself with a certificate's private key, PEM or PFX."""

    label: ClassVar[str] = "certificate"
    client_id: str
    path: str | None = None
    content: bytes | None = _hidden(default=None)
    """The PFX itself, where no file is named."""
    password: str | None = _hidden(default=None)


@dataclass(frozen=True)
class AssertionValue:
    """A token of another issuer, given as such."""

    value: str = _hidden()


@dataclass(frozen=True)
class AssertionFile:
    """A file that always holds a fresh token of another issuer (Kubernetes, some pipelines)."""

    path: str


@dataclass(frozen=True)
class AssertionRequest:
    """A pipeline's endpoint that issues such tokens on demand."""

    pipeline: str
    """`github` or `azure-devops`: they differ in verb and answer."""
    url: str
    token: str = _hidden()
    service_connection_id: str | None = None
    """Azure DevOps only."""


Assertion = AssertionValue | AssertionFile | AssertionRequest

FEDERATION_AUDIENCE = "api://AzureADTokenExchange"
"""What a federated credential expects the other issuer's token to be for, unless it says otherwise."""


@dataclass(frozen=True)
class Oidc:
    """An app registration that trusts another issuer's tokens (workload identity federation)."""

    label: ClassVar[str] = "OIDC (workload identity federation)"
    client_id: str
    assertion: Assertion
    audience: str = FEDERATION_AUDIENCE


@dataclass(frozen=True)
class ManagedIdentity:
    """The identity of the machine; system-assigned unless a client id says which one."""

    label: ClassVar[str] = "managed identity"
    client_id: str | None = None
    endpoint: str | None = None
    """The metadata service's token URL where it is not the usual one."""


@dataclass(frozen=True)
class AzureCli:
    """Whoever is signed in to the Azure CLI (`az login`)."""

    label: ClassVar[str] = "Azure CLI"


@dataclass(frozen=True)
class DeviceCode:
    """A person who types a code into a browser."""

    label: ClassVar[str] = "device code"
    client_id: str


SignIn = ClientSecret | Certificate | Oidc | ManagedIdentity | AzureCli | DeviceCode


def secrets_of(way: Any) -> Iterator[str]:
    """Give the texts of a way that nobody may see: those that its `repr` leaves out."""
    for one in fields(way):
        value = getattr(way, one.name)
        if is_dataclass(value):
            yield from secrets_of(value)
        elif not one.repr and isinstance(value, str):
            yield value
