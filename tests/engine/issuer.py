"""Another issuer, whose tokens an application takes for proof (workload identity federation): a pipeline's, a cluster's."""

from datetime import UTC, datetime
from uuid import uuid4

from joserfc import jwt
from joserfc.jwk import RSAKey

from area1_provider.emulator import Emulator
from area1_provider.emulator.entra.applications import FederatedCredential

ISSUER, SUBJECT = "https://token.actions.githubusercontent.com", "repo:contoso/journaling:ref:refs/heads/main"


class Issuer:
    """An issuer with a key of its own."""

    def __init__(self) -> None:
        self._key = RSAKey.generate_key(2048, {"use": "sig", "alg": "RS256"})
        self._key.ensure_kid()

    def trusted(self, emulator: Emulator, organization: str | None = None) -> None:
        """Let the organization's application trust the issuer for the subject."""
        keys = {"keys": [self._key.as_dict(private=False)]}
        emulator.control.trust(FederatedCredential(ISSUER, SUBJECT, jwks=keys), tenant=organization)

    def token(self) -> str:
        """Give a token with an id (`jti`) of its own, good for an hour."""
        now = int(datetime.now(UTC).timestamp())
        claims = {"iss": ISSUER, "sub": SUBJECT, "aud": "api://AzureADTokenExchange", "jti": str(uuid4())}
        return jwt.encode(
            {"alg": "RS256", "kid": self._key.kid}, {**claims, "nbf": now - 10, "exp": now + 3600}, self._key
        )
