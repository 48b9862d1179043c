"""What a source of tokens is, and the one for applications: secret, certificate, or another issuer's token.

A source gives the bare token or raises; nothing is kept or checked here. msal is imported inside the functions:
it costs time that a run without a token need not pay.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol
from urllib.parse import urlsplit

from area1_provider.auth.channel import Channel, TokenChannel
from area1_provider.auth.refusals import refusal, unreadable
from area1_provider.settings import Settings


class Source(Protocol):
    """What a way to sign in comes down to."""

    def __call__(self, claims: str | None, *, fresh: bool) -> str:
        """Fetch a token; `claims` is a claims challenge, `fresh` forbids any cache on the way."""


@dataclass(frozen=True)
class Surroundings:
    """What sources are made of."""

    settings: Settings
    http: Any
    clock: Callable[[], float]
    environ: Mapping[str, str]
    tell: Callable[[str], None]
    sleep: Callable[[float], None]

    def channel(self) -> Channel:
        """Give the HTTP to the sign-in host and to nothing else."""
        settings = self.settings
        own = urlsplit(settings.authority_host).netloc.lower()
        aliases = settings.cloud.login_aliases if own == settings.cloud.login_host else ()
        return TokenChannel(self.http, frozenset({own, *aliases}), settings.ca_file, self.clock)

    def authority(self) -> dict[str, Any]:
        """Give msal's arguments that say where to sign in."""
        settings = self.settings
        known = settings.authority_host == f"https://{settings.cloud.login_host}"
        # Discovery asks Microsoft whether a host is theirs, which another host is not by intention.
        return {
            "authority": f"{settings.authority_host}/{settings.tenant}",
            "instance_discovery": None if known else False,
        }


@dataclass(frozen=True)
class AppSource:
    """An app registration that signs in for itself (client credentials, RFC 6749 section 4.4)."""

    surroundings: Surroundings
    client_id: str
    credential: Callable[[], Any]

    def __call__(self, claims: str | None, *, fresh: bool) -> str:
        """Fetch a token. A new msal application each time: its caches would keep refusals for a minute."""
        import msal  # type: ignore[import-untyped]  # noqa: PLC0415  # lazily, see above; msal has no types

        del fresh
        channel = self.surroundings.channel()
        scopes = [self.surroundings.settings.cloud.scope]
        try:
            app = msal.ConfidentialClientApplication(
                self.client_id,
                client_credential=self.credential(),
                http_client=channel,
                **self.surroundings.authority(),
            )
            answer = app.acquire_token_for_client(scopes, claims_challenge=claims)
        except (
            ValueError,
            KeyError,
            RuntimeError,
            TypeError,
            AttributeError,
        ) as error:  # msal trusts each member's type
            raise unreadable(self.surroundings.settings, channel.said) from error
        return token_in(answer, self.surroundings.settings, channel)


def token_in(answer: Any, settings: Settings, channel: Channel) -> str:
    """Give the token of msal's answer. Raises SignInError for a refusal."""
    value = answer.get("access_token") if isinstance(answer, dict) else None
    if not isinstance(value, str):
        raise refusal(settings, answer if isinstance(answer, dict) else {}, channel.said)
    return value
