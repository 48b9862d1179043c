"""Access tokens: signing, the claims of Exchange's version 1.0 tokens, checking, revoking. No HTTP here."""

import base64
import functools
import secrets
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import takewhile
from typing import Any

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import RSAKey

from area1_provider.emulator.clock import Clock

LIFETIME = 3599
EXCHANGE = "00000002-0000-0ff1-ce00-000000000000"


class TokenRefused(Exception):
    """Raised when a bearer token is not good. `reason` and `category` go into x-ms-diagnostics."""

    def __init__(self, number: int, reason: str, category: str) -> None:
        self.number = number
        self.reason = reason
        self.category = category
        super().__init__(reason)


@dataclass(frozen=True)
class Subject:
    """Whom a token speaks for. `user` is a user principal name, or empty for an app's own token."""

    tenant_id: str
    client_id: str
    object_id: str
    display_name: str
    roles: Sequence[str] = ()
    proof: str = "1"
    """How the client proved itself: 0 public, 1 secret, 2 certificate or assertion (claim `appidacr`)."""
    user: str = ""
    scopes: str = ""


@functools.cache
def signing_key() -> RSAKey:
    """Give this process's signing key; made once, for it takes a while."""
    key = RSAKey.generate_key(2048, {"use": "sig", "alg": "RS256"})
    key.ensure_kid()
    return key


def unique_id() -> str:
    """Give a `uti`: 22 URL-safe characters."""
    return base64.urlsafe_b64encode(secrets.token_bytes(16)).rstrip(b"=").decode()


@dataclass(frozen=True)
class _Kept:
    """What is remembered of a token that was given."""

    tenant_id: str
    asked: Mapping[str, Any]
    expires: float


class Tokens:
    """Signs and checks the tokens of one server; what it did not sign, or has revoked, it refuses.

    `lifetime` is in seconds, for tokens given from now on.
    """

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self.lifetime = LIFETIME
        self._live: dict[str, _Kept] = {}
        self._lock = threading.Lock()

    def issue(self, subject: Subject, audience: str, asked: Mapping[str, Any] | None = None) -> str:
        """Sign an access token for `audience`; `asked` is what the client sent as `claims`."""
        claims = self._claims(subject, audience)
        with self._lock:
            self._forget_expired()
            self._live[claims["uti"]] = _Kept(subject.tenant_id, asked or {}, claims["exp"])
        return self.sign(claims)

    def asked_with(self, uti: str, wanted: Mapping[str, Any]) -> bool:
        """Tell whether the token of that `uti` was asked for with all of the claims in `wanted`."""
        kept = self._live.get(uti)
        return kept is not None and all(_within(member, kept.asked.get(name)) for name, member in wanted.items())

    def sign(self, claims: dict[str, Any]) -> str:
        """Sign any claims with this server's key."""
        key = signing_key()
        return jwt.encode({"alg": "RS256", "kid": key.kid, "x5t": key.kid}, claims, key)

    def check(self, token: str) -> dict[str, Any]:
        """Give the claims of a token that this server signed, whose time it is and that is not revoked."""
        try:
            claims = jwt.decode(token, signing_key(), algorithms=["RS256"]).claims
        except (JoseError, ValueError, TypeError, KeyError, RecursionError) as error:
            raise TokenRefused(2000001, "The token has an invalid signature.", "invalid_signature") from error
        self._check_time(claims)
        if claims.get("uti") not in self._live:
            raise TokenRefused(2000012, "The token has been revoked.", "invalid_token")
        return claims

    def revoke(self, tenant_id: str | None = None) -> None:
        """Refuse from now on every token given so far to the tenant, or to all."""
        with self._lock:
            self._live = {uti: kept for uti, kept in self._live.items() if tenant_id and kept.tenant_id != tenant_id}

    def _forget_expired(self) -> None:
        """Drop the oldest that are over: their own time refuses them."""
        now = self._clock().timestamp()
        over = takewhile(lambda uti: self._live[uti].expires <= now, self._live)
        for uti in list(over):
            del self._live[uti]

    def _check_time(self, claims: Mapping[str, Any]) -> None:
        now = self._clock().timestamp()
        if now >= claims["exp"]:
            raise TokenRefused(2000005, "The token has expired.", "invalid_lifetime")
        if now < claims["nbf"]:
            raise TokenRefused(2000006, "The token is not valid yet.", "invalid_lifetime")

    def _claims(self, subject: Subject, audience: str) -> dict[str, Any]:
        now = int(self._clock().timestamp())
        return {
            "aud": audience,
            "iss": f"https://sts.windows.net/{subject.tenant_id}/",
            "iat": now,
            "nbf": now,
            "exp": now + self.lifetime,
            "app_displayname": subject.display_name,
            "appid": subject.client_id,
            "appidacr": subject.proof,
            "idp": f"https://sts.windows.net/{subject.tenant_id}/",
            "oid": subject.object_id,
            "sub": subject.object_id,
            "tid": subject.tenant_id,
            "uti": unique_id(),
            "ver": "1.0",
            **_whose(subject),
        }


def _whose(subject: Subject) -> dict[str, Any]:
    if subject.user:
        return {"idtyp": "user", "upn": subject.user, "unique_name": subject.user, "scp": subject.scopes}
    # Entra leaves the claim out where no app role was granted.
    return {"idtyp": "app", **({"roles": list(subject.roles)} if subject.roles else {})}


def _within(wanted: Any, asked: Any) -> bool:
    if isinstance(wanted, Mapping) and isinstance(asked, Mapping):
        return all(_within(member, asked.get(name)) for name, member in wanted.items())
    return bool(wanted == asked)
