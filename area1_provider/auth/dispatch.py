"""From the way that the settings name to the source of tokens for it. Nothing else."""

from collections.abc import Callable
from typing import Any

from area1_provider.auth.assertions import fetch_assertion
from area1_provider.auth.azure_cli import AzureCliSource
from area1_provider.auth.device import DeviceSource
from area1_provider.auth.managed import ManagedSource
from area1_provider.auth.sources import AppSource, Source, Surroundings
from area1_provider.settings import AzureCli, Certificate, ClientSecret, DeviceCode, ManagedIdentity, Oidc


def source_of(surroundings: Surroundings) -> Source:
    """Give the source for the way that the settings name."""
    match surroundings.settings.way:
        case ManagedIdentity() as way:
            return ManagedSource(surroundings, way)
        case AzureCli():
            return AzureCliSource(surroundings)
        case DeviceCode(client_id=client_id):
            return DeviceSource(surroundings, client_id)
        case way:
            return AppSource(surroundings, way.client_id, _credential(surroundings, way))


def _credential(surroundings: Surroundings, way: ClientSecret | Certificate | Oidc) -> Callable[[], Any]:
    """Give what makes msal's `client_credential`, anew for each token: files and assertions change."""
    match way:
        case ClientSecret(secret=secret):
            return lambda: secret
        case Certificate():
            # Only this way needs cryptography, which takes long to import.
            from area1_provider.auth.certificates import load_certificate  # noqa: PLC0415

            return lambda: load_certificate(way, surroundings.clock(), surroundings.settings.origin)
    return lambda: {"client_assertion": lambda: fetch_assertion(surroundings, way)}
