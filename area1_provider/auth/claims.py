"""What a token says about itself, checked as far as it concerns us.

The signature is not verified: the token is Exchange's to verify, and it came over TLS from the host that issued
it. The checks here catch mistakes of setup before Exchange answers with a bare 401.
"""

import base64
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from area1_provider.errors import SignInError
from area1_provider.settings import Settings

EXCHANGE_APP_ID = "00000002-0000-0ff1-ce00-000000000000"
"""Office 365 Exchange Online, the same in every tenant (MicrosoftDocs app-only-auth-powershell-v2 page)."""

_SKEW_SECONDS = 300
"""How far apart Entra lets clocks be."""


@dataclass(frozen=True)
class Token:
    """A bearer token and what it says. `expires_on` is in seconds since the epoch."""

    value: str = field(repr=False)
    tenant_id: str
    app_id: str
    roles: tuple[str, ...]
    """App roles; empty for a person."""
    expires_on: float
    scopes: tuple[str, ...] = ()
    """Delegated permissions; empty for an app."""
    user: str = ""
    """The person's sign-in name; empty for an app."""


def read_token(value: str, settings: Settings, now: float) -> Token:
    """Give the token with its claims read.

    Raises SignInError if it is no JWT, not for this cloud's Exchange, names no tenant, or is out of its time.
    """
    claims = payload_of(value)
    if claims is None:
        raise SignInError("The sign-in gave something that is no token (no JWT). Nothing was sent to Exchange.")
    _check_audience(claims, settings)
    _check_time(claims, now)
    if not _text(claims, "tid"):
        raise SignInError(
            "The token names no tenant (claim tid), so it is none of Entra's. Nothing was sent to Exchange."
        )
    return Token(
        value,
        tenant_id=_text(claims, "tid"),
        app_id=_text(claims, "appid") or _text(claims, "azp"),
        roles=_texts(claims.get("roles")),
        expires_on=float(claims["exp"]),
        scopes=tuple(_text(claims, "scp").split()),
        user=_text(claims, "upn") or _text(claims, "preferred_username"),
    )


def payload_of(value: str) -> Mapping[str, Any] | None:
    """Give a JWT's claims (RFC 7519), None if it is none. Nothing is verified."""
    parts = value.split(".")
    if len(parts) != 3:  # noqa: PLR2004  # header, payload, signature
        return None
    try:
        claims = json.loads(base64.urlsafe_b64decode(parts[1] + "=" * (-len(parts[1]) % 4)))
    except (ValueError, RecursionError):
        return None
    return claims if isinstance(claims, dict) else None


def usable_challenge(claims: str | None) -> str | None:
    """Give a claims challenge back if it is the JSON object that Entra takes, else None."""
    try:
        return claims if claims and isinstance(json.loads(claims), dict) else None
    except (ValueError, RecursionError):
        return None


def when(seconds: float) -> str:
    """Give a time of the epoch as people write it, in UTC."""
    try:
        return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%d %H:%M:%S UTC")
    except (OverflowError, ValueError, OSError):
        return f"second {seconds}"


def seconds_of(claims: Mapping[str, Any], name: str) -> float | None:
    """Give a claim that is a time in seconds since the epoch, None if it is absent or no number."""
    value = claims.get(name)
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else None


def _check_audience(claims: Mapping[str, Any], settings: Settings) -> None:
    wanted = settings.cloud.resource
    # The app id as audience is how version 2 tokens name a resource. Unconfirmed for Exchange; it is the same one.
    if _text(claims, "aud").rstrip("/").lower() not in {wanted, EXCHANGE_APP_ID}:
        raise SignInError(
            f"The token is for {_text(claims, 'aud') or 'nobody'}, not for {wanted}, Exchange in the cloud "
            f"{settings.cloud.name}. If the tenant is in another cloud, set ARM_ENVIRONMENT or area1:cloud."
        )


def _check_time(claims: Mapping[str, Any], now: float) -> None:
    ends, begins = seconds_of(claims, "exp"), seconds_of(claims, "nbf")
    if ends is None:
        raise SignInError("The token does not say when it ends (claim exp), so it is none of Entra's.")
    clock = f"This machine's clock says {when(now)}: if that is wrong, set it (NTP); tokens depend on it."
    if ends <= now:
        raise SignInError(f"The token that was just fetched ended at {when(ends)}. {clock}")
    if begins is not None and begins > now + _SKEW_SECONDS:
        raise SignInError(f"The token that was just fetched begins at {when(begins)}. {clock}")


def _text(claims: Mapping[str, Any], name: str) -> str:
    value = claims.get(name)
    return value if isinstance(value, str) else ""


def _texts(value: object) -> tuple[str, ...]:
    return tuple(item for item in value if isinstance(item, str)) if isinstance(value, list) else ()
