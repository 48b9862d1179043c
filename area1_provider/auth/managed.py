"""The machine's own identity, from its metadata service (virtual machines, App Service, Functions, Automation, Arc).

Which service it is msal finds out from the process's environment. Service Fabric is not supported: msal insists on
a session of its own there.
"""

import os
from dataclasses import dataclass
from typing import Any

from area1_provider.auth.channel import Channel
from area1_provider.auth.refusals import explained
from area1_provider.auth.sources import Surroundings
from area1_provider.errors import ConnectionFailed, SignInError
from area1_provider.network import bare
from area1_provider.settings import ManagedIdentity

_VM_HOST = "http://169.254.169.254/"
_DIRECT = {"http": None, "https": None, "all": None}
"""No proxy: the metadata service is this machine's own."""
_TIMEOUT = (2.0, 60.0)
"""Seconds to connect and to answer: where it exists it is close by."""


@dataclass(frozen=True)
class ManagedSource:
    """Tokens of a managed identity."""

    surroundings: Surroundings
    way: ManagedIdentity

    def __call__(self, claims: str | None, *, fresh: bool) -> str:
        """Fetch a token. The platform may keep its own for up to 24 hours, whatever is asked."""
        import msal  # type: ignore[import-untyped]  # noqa: PLC0415  # lazily, see sources.py

        del fresh
        metadata = _Metadata(self.surroundings, self.way.endpoint)
        identity = (
            msal.UserAssignedManagedIdentity(client_id=self.way.client_id)
            if self.way.client_id
            else msal.SystemAssignedManagedIdentity()
        )
        client = msal.ManagedIdentityClient(identity, http_client=metadata)
        try:
            resource = self.surroundings.settings.cloud.resource
            answer = client.acquire_token_for_client(resource=resource, claims_challenge=claims)
        except ConnectionFailed as error:
            question = f"Is this machine in Azure, with an identity assigned{metadata.doubted}?"
            raise type(error)(f"No managed identity: {bare(error)} {question}", sent=False) from error
        except (ValueError, KeyError, OSError) as error:
            raise SignInError(f"No managed identity: the metadata service gave no usable answer ({error}).") from error
        return self._token(answer)

    def _token(self, answer: Any) -> str:
        value = answer.get("access_token") if isinstance(answer, dict) else None
        if isinstance(value, str):
            return value
        which = f"the user-assigned identity {self.way.client_id}" if self.way.client_id else "a system-assigned one"
        text = str(answer.get("error_description") or answer.get("error")) if isinstance(answer, dict) else str(answer)
        raise explained(
            self.surroundings.settings,
            text,
            speaker="The metadata service",
            hint=f"Assign {which} to this machine; ARM_CLIENT_ID names a user-assigned one, none the machine's own.",
        )


class _Metadata:
    """The HTTP that msal's managed identity client is given: direct, quick to give up, and to the endpoint named."""

    def __init__(self, surroundings: Surroundings, endpoint: str | None) -> None:
        automatic = os.environ.get("IDENTITY_ENDPOINT")  # where msal looks as well
        place = surroundings.settings.origin.get("msi_endpoint", "ARM_MSI_ENDPOINT")
        if endpoint and automatic and endpoint != automatic:
            raise SignInError(
                f"{place} ({endpoint}) and IDENTITY_ENDPOINT ({automatic}) name two metadata services. "
                f"Unset {place}: this platform names its own."
            )
        self._endpoint = endpoint
        named = place if endpoint else automatic and "IDENTITY_ENDPOINT"
        self.doubted = f", and is {named} right" if named else ""
        self._channel = Channel(surroundings.http, None, surroundings.settings.ca_file, surroundings.clock)

    def get(self, url: str, **options: Any) -> Any:
        """Send a GET to the metadata service."""
        asked = self._endpoint if self._endpoint and url.startswith(_VM_HOST) else url
        return self._channel.get(asked, **{**options, "proxies": _DIRECT, "timeout": _TIMEOUT})

    def close(self) -> None:
        """Leave the session open."""
