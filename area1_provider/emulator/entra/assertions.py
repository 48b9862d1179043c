"""Client assertions (RFC 7523) as Entra checks them: an application's certificate, or a federated issuer.

Which application is meant, and what it gets, is decided in the grants.
"""

import base64
import json
import threading
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from joserfc import jws, jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet, RSAKey

from area1_provider.emulator.clock import Clock
from area1_provider.emulator.entra.applications import Application, FederatedCredential
from area1_provider.emulator.entra.assertion_errors import (
    AssertionForAnother,
    AssertionMalformed,
    AssertionNotRegistered,
    AssertionOfAnother,
    AssertionOutOfTime,
    AssertionReplayed,
    CertificateOutOfTime,
    FederationAudience,
    FederationIssuer,
    FederationMissing,
    FederationSignature,
    FederationSubject,
)
from area1_provider.emulator.entra.certificates import Certificate
from area1_provider.emulator.entra.resources import LOGIN_HOSTS

ALGORITHMS = ("RS256", "PS256")
LARGEST = 64 * 1024
"""Bytes of an assertion's header or claims; a chain of certificates (x5c) takes some."""
ENDPOINTS = ("/oauth2/v2.0/token", "/v2.0", "/oauth2/token", "")
CERTIFICATE = frozenset({"x5t", "x5t#S256", "x5c"})
"""The header's members that name a certificate (RFC 7515)."""
SKEW = 300
"""Seconds by which clocks may differ. Entra allows five minutes."""


def _registry() -> jws.JWSRegistry:
    registry = jws.JWSRegistry(algorithms=ALGORITHMS, strict_check_header=False)
    registry.max_header_length = registry.max_payload_length = LARGEST
    return registry


class Assertions:
    """Checks client assertions; remembers `jti` for applications that demand a fresh one each time.

    Entra itself takes the same assertion again within its lifetime (MSAL sends one for ten minutes), so
    replay is refused only for applications registered with `refuse_replay`.
    """

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._seen: set[tuple[str, str]] = set()
        self._lock = threading.Lock()

    def check(self, application: Application, assertion: str, audiences: frozenset[str], origin: str) -> None:
        """Pass if the assertion proves the application, else raise an EntraError.

        `audiences` are the names of the tenant; `origin` is the host through which the client came.
        """
        header, claims = _read(assertion)
        if _is_own(application, header, claims):
            self._check_certificate(application, assertion, header, claims)
            _check_audience(claims, audiences, origin)
        else:
            _check_federation(application, assertion, claims)
        self._check_time(claims)
        self._check_replay(application, claims)

    def _check_certificate(
        self, application: Application, assertion: str, header: Mapping[str, Any], claims: Mapping[str, Any]
    ) -> None:
        if {str(claims.get(name, "")).lower() for name in ("iss", "sub")} != {application.client_id}:
            raise AssertionOfAnother
        certificate = _registered(application, header)
        if not _signed_by(assertion, RSAKey.import_key(certificate.public_key)):
            reason = "The provided signature value did not match the expected signature value"
            raise AssertionNotRegistered(reason, certificate.thumbprint)
        if not certificate.begins <= self._clock() < certificate.ends:
            raise CertificateOutOfTime

    def _check_time(self, claims: Mapping[str, Any]) -> None:
        now = self._clock()
        begins, ends = _moment(claims.get("nbf", claims.get("iat", 0))), _moment(claims.get("exp"))
        skewed = now.timestamp()
        if not begins.timestamp() - SKEW <= skewed < ends.timestamp() + SKEW:
            raise AssertionOutOfTime(now, begins, ends)

    def _check_replay(self, application: Application, claims: Mapping[str, Any]) -> None:
        if not application.refuse_replay:
            return
        key = application.client_id, str(claims.get("jti", ""))
        with self._lock:
            if key in self._seen:
                raise AssertionReplayed
            self._seen.add(key)


def _read(assertion: str) -> tuple[Mapping[str, Any], dict[str, Any]]:
    try:
        signature = jws.extract_compact(assertion.encode(), registry=_registry())
        header, claims = signature.headers(), json.loads(signature.payload)
    except (JoseError, ValueError, TypeError, KeyError, RecursionError) as error:
        raise AssertionMalformed from error
    if not isinstance(claims, dict) or not isinstance(claims.get("iss"), str):
        raise AssertionMalformed("Invalid JWT token: it does not contain an 'iss' claim.")
    return header, claims


def _is_own(application: Application, header: Mapping[str, Any], claims: Mapping[str, Any]) -> bool:
    """Tell the application's own assertion from another issuer's: those are URLs, and their headers may hold `x5t` too.

    GitHub's tokens do (docs.github.com, "About security hardening with OpenID Connect").
    """
    issuer = claims["iss"].lower()
    return issuer == application.client_id or ("://" not in issuer and bool(CERTIFICATE & set(header)))


def _registered(application: Application, header: Mapping[str, Any]) -> Certificate:
    if not isinstance(header.get("x5c", []), list):
        raise AssertionMalformed
    known = [Certificate.read(pem) for pem in application.certificates]
    sent = {str(header.get(name, "")).rstrip("=") for name in ("x5t", "x5t#S256")} - {""}
    chain = header.get("x5c") or [""]
    found = next((one for one in known if sent and sent <= {one.x5t, one.x5t_s256}), None)
    # clients leave the line breaks of the PEM file in (MSAL for Python does)
    if found is None or "".join(str(chain[0]).split()) not in {"", found.x5c}:
        raise AssertionNotRegistered("The key was not found", _hexadecimal(next(iter(sent), "")))
    return found


def _hexadecimal(thumbprint: str) -> str:
    try:
        return base64.urlsafe_b64decode(thumbprint + "=" * (-len(thumbprint) % 4)).hex().upper()
    except ValueError:
        return ""


def _check_audience(claims: Mapping[str, Any], names: frozenset[str], origin: str) -> None:
    hosts = {origin.removeprefix("https://"), *LOGIN_HOSTS}
    good = {f"https://{host}/{name}{ending}" for host in hosts for name in names for ending in ENDPOINTS}
    if str(claims.get("aud", "")).lower().rstrip("/") not in good:
        raise AssertionForAnother


def _check_federation(application: Application, assertion: str, claims: Mapping[str, Any]) -> None:
    credential = _trusted(application, claims)
    try:
        keys = KeySet.import_key_set(credential.jwks)  # type: ignore[arg-type]
    except (JoseError, ValueError, TypeError, KeyError, AttributeError) as error:
        raise FederationSignature from error
    if not _signed_by(assertion, keys):
        raise FederationSignature


def _trusted(application: Application, claims: Mapping[str, Any]) -> FederatedCredential:
    """Find the credential that names issuer, audience and subject; each is compared exactly, as Entra does."""
    if not application.federated:
        raise FederationMissing(application.display_name, application.client_id)
    issuer, audience, subject = claims["iss"], claims.get("aud", ""), str(claims.get("sub", ""))
    audiences = audience if isinstance(audience, list) else [audience]
    found = [one for one in application.federated if one.issuer == issuer]
    if not found:
        raise FederationIssuer(issuer)
    found = [one for one in found if one.audience in audiences]
    if not found:
        raise FederationAudience(str(audience))
    found = [one for one in found if one.subject == subject]
    if not found:
        raise FederationSubject(subject)
    return found[0]


def _signed_by(assertion: str, key: RSAKey | KeySet) -> bool:
    try:
        jwt.decode(assertion, key, registry=_registry())
    except (JoseError, ValueError, TypeError, KeyError, AttributeError):
        return False
    return True


def _moment(seconds: Any) -> datetime:
    if not isinstance(seconds, int | float):
        raise AssertionMalformed("Invalid JWT token: 'exp' and 'nbf' must be numbers.")
    try:
        return datetime.fromtimestamp(seconds, UTC)
    except (ValueError, OverflowError, OSError) as error:
        raise AssertionMalformed("Invalid JWT token: a time is out of range.") from error
