"""Client assertions: certificates and federated credentials, checked as Entra checks them."""

import base64
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import msal
import pytest
import requests
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from joserfc import jws, jwt
from joserfc.jwk import RSAKey
from plain_client import Plain

from area1_provider.emulator.entra.applications import FederatedCredential

SCOPE = "https://outlook.office365.com/.default"
BEARER = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
GITHUB = "https://token.actions.githubusercontent.com"
SUBJECT = "repo:contoso/mail:ref:refs/heads/main"
AUDIENCE = "api://AzureADTokenExchange"


@dataclass(frozen=True)
class Pair:
    """A certificate with its key."""

    certificate: str
    key: str
    x5t: str

    @classmethod
    def make(cls, days: int = 30) -> "Pair":
        """Make a self-signed one; negative days give one that is over."""
        key = rsa.generate_private_key(65537, 2048)
        name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "automation")])
        begins = datetime.now(UTC) - timedelta(days=60)
        made = (
            x509.CertificateBuilder()
            .subject_name(name)
            .issuer_name(name)
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(begins)
            .not_valid_after(datetime.now(UTC) + timedelta(days=days))
            .sign(key, hashes.SHA256())
        )
        secret = key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        digest = made.fingerprint(hashes.SHA1())  # noqa: S303 - a name, no protection
        return cls(
            made.public_bytes(serialization.Encoding.PEM).decode(),
            secret.decode(),
            base64.urlsafe_b64encode(digest).rstrip(b"=").decode(),
        )


@pytest.fixture(scope="session")
def pair() -> Pair:
    """Give one certificate for these tests."""
    return Pair.make()


@pytest.fixture(scope="session")
def stranger() -> Pair:
    """Give a certificate that nobody registered."""
    return Pair.make()


@pytest.fixture(scope="session")
def issuer_key() -> RSAKey:
    """Give the key of a pipeline's issuer."""
    return RSAKey.generate_key(2048, auto_kid=True)


def codes(answer: requests.Response) -> list[int]:
    """Give Entra's codes."""
    return list(answer.json()["error_codes"])


def present(plain: Plain, assertion: str, **more: str) -> requests.Response:
    """Send an assertion."""
    form = {"grant_type": "client_credentials", "client_id": plain.account.client_id, "scope": SCOPE}
    return plain.form(**form, client_assertion_type=BEARER, client_assertion=assertion, **more)


def own_claims(plain: Plain, **changes: Any) -> dict[str, Any]:
    """Give the claims of a good certificate assertion, with changes."""
    now = int(time.time())
    return {
        "aud": f"{plain.server.authority}/oauth2/v2.0/token",
        "iss": plain.account.client_id,
        "sub": plain.account.client_id,
        "jti": "once",
        "nbf": now,
        "exp": now + 600,
        **changes,
    }


def signed(pair: Pair, claims: dict[str, Any], **header: Any) -> str:
    """Sign claims with a certificate's key."""
    registry = jws.JWSRegistry()
    registry.max_header_length = 10_000  # a chain of certificates does not fit into the library's default
    return jwt.encode(
        {"alg": "RS256", "x5t": pair.x5t, **header}, claims, RSAKey.import_key(pair.key), registry=registry
    )


@pytest.mark.parametrize("chain", [False, True])
def test_msal_signs_in_with_a_certificate(plain: Plain, pair: Pair, chain: bool) -> None:
    """MSAL's own assertions are taken, with x5c and without."""
    plain.server.control.add_certificate(pair.certificate)
    credential: dict[str, Any] = {"private_key": pair.key, "public_certificate": pair.certificate}
    if not chain:
        loaded = x509.load_pem_x509_certificate(pair.certificate.encode())
        digest = loaded.fingerprint(hashes.SHA1()).hex()  # noqa: S303 - a name, no protection
        credential = {"private_key": pair.key, "thumbprint": digest}
    application = msal.ConfidentialClientApplication(
        plain.account.client_id,
        client_credential=credential,
        authority=plain.server.authority,
        http_client=plain.http,
        instance_discovery=False,
    )
    for _ in range(2):  # the same assertion serves twice: MSAL keeps it for minutes
        found = application.acquire_token_for_client([SCOPE])
        assert "access_token" in found, found
        assert plain.invoke("Get-TransportConfig", token=found["access_token"]).status_code == 200
        application.remove_tokens_for_client()


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"aud": "https://elsewhere.example/x"}, 700023),
        ({"aud": "https://login.microsoftonline.com/fabrikam.onmicrosoft.com/oauth2/v2.0/token"}, 700023),
        ({"iss": "somebody"}, 700021),
        ({"sub": "somebody"}, 700021),
        ({"exp": 1}, 700024),
        ({"nbf": 4_000_000_000, "exp": 4_000_000_600}, 700024),
        ({"exp": "soon"}, 50027),
        ({"exp": 1e300}, 50027),
    ],
)
def test_checks_the_claims(plain: Plain, pair: Pair, changes: dict[str, Any], code: int) -> None:
    """Audience, issuer, subject and time are each refused by their code."""
    plain.server.control.add_certificate(pair.certificate)
    assert present(plain, signed(pair, own_claims(plain))).status_code == 200
    assert codes(present(plain, signed(pair, own_claims(plain, **changes)))) == [code]


@pytest.mark.parametrize(
    "place", ["login.microsoftonline.com/{}/v2.0", "login.microsoftonline.com/contoso.com/oauth2/token"]
)
def test_takes_the_audiences_that_name_the_tenant(plain: Plain, pair: Pair, place: str) -> None:
    """Issuer and token endpoint of the tenant, under any of its names, are good audiences."""
    plain.server.control.add_certificate(pair.certificate)
    audience = f"https://{place.format(plain.account.tenant_id)}"
    assert present(plain, signed(pair, own_claims(plain, aud=audience))).status_code == 200


def test_unregistered_certificate(plain: Plain, pair: Pair, stranger: Pair) -> None:
    """A certificate that is not registered is AADSTS700027, and the thumbprint is named."""
    plain.server.control.add_certificate(pair.certificate)
    answer = present(plain, signed(stranger, own_claims(plain)))
    assert codes(answer) == [700027]
    thumbprint = base64.urlsafe_b64decode(stranger.x5t + "==").hex().upper()
    assert thumbprint in answer.json()["error_description"]


def test_wrong_key_for_the_certificate(plain: Plain, pair: Pair, stranger: Pair) -> None:
    """The registered thumbprint with another key's signature is AADSTS700027."""
    plain.server.control.add_certificate(pair.certificate)
    forged = signed(stranger, own_claims(plain), x5t=pair.x5t)
    answer = present(plain, forged)
    assert codes(answer) == [700027]
    assert "signature" in answer.json()["error_description"]


def test_chain_of_another_certificate(plain: Plain, pair: Pair, stranger: Pair) -> None:
    """An x5c that is not the registered certificate is refused."""
    plain.server.control.add_certificate(pair.certificate)
    lines = stranger.certificate.strip().splitlines()[1:-1]
    assert codes(present(plain, signed(pair, own_claims(plain), x5c=["".join(lines)]))) == [700027]


def test_expired_certificate(plain: Plain) -> None:
    """A registered certificate that is over is told apart."""
    old = Pair.make(days=-1)
    plain.server.control.add_certificate(old.certificate)
    assert codes(present(plain, signed(old, own_claims(plain)))) == [1000502]


def test_replay_is_refused_where_demanded(plain: Plain, pair: Pair) -> None:
    """An application that demands fresh assertions takes each `jti` once."""
    plain.server.control.add_certificate(pair.certificate)
    plain.server.control.change_application(refuse_replay=True)
    assertion = signed(pair, own_claims(plain, jti="unique"))
    assert present(plain, assertion).status_code == 200
    assert codes(present(plain, assertion)) == [70052]
    assert present(plain, signed(pair, own_claims(plain, jti="another"))).status_code == 200


@pytest.mark.parametrize("assertion", ["x", "a.b.c", "e30.e30.x", "e30.W10.x", "\N{SNOWMAN}", "a" * 50_000])
def test_assertions_that_are_none(plain: Plain, assertion: str) -> None:
    """Nonsense is AADSTS50027."""
    assert codes(present(plain, assertion)) == [50027]


def test_assertion_type_is_wanted(plain: Plain) -> None:
    """Without its type an assertion is not looked at."""
    form = {"grant_type": "client_credentials", "client_id": plain.account.client_id, "scope": SCOPE}
    assert codes(plain.form(**form, client_assertion="x")) == [900144]


# federated credentials


def pipeline_token(key: RSAKey, **changes: Any) -> str:
    """Give a token as a pipeline's issuer signs it: GitHub's headers name a certificate of GitHub's."""
    now = int(time.time())
    claims = {"iss": GITHUB, "sub": SUBJECT, "aud": AUDIENCE, "nbf": now, "exp": now + 300, "jti": "1", **changes}
    return jwt.encode({"typ": "JWT", "alg": "RS256", "x5t": "of-the-issuer", "kid": key.kid}, claims, key)


@pytest.fixture
def trusting(plain: Plain, issuer_key: RSAKey) -> Plain:
    """Give a client whose application trusts the pipeline."""
    keys = {"keys": [issuer_key.as_dict(private=False)]}
    plain.server.control.trust(FederatedCredential(GITHUB, SUBJECT, AUDIENCE, keys))
    return plain


def test_msal_signs_in_with_a_pipelines_token(trusting: Plain, issuer_key: RSAKey) -> None:
    """A token of the registered issuer, subject and audience stands for the application."""
    application = msal.ConfidentialClientApplication(
        trusting.account.client_id,
        client_credential={"client_assertion": lambda: pipeline_token(issuer_key)},
        authority=trusting.server.authority,
        http_client=trusting.http,
        instance_discovery=False,
    )
    found = application.acquire_token_for_client([SCOPE])
    assert trusting.invoke("Get-TransportConfig", token=found["access_token"]).status_code == 200


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"iss": f"{GITHUB}/"}, 700211),
        ({"aud": "api://other"}, 700212),
        ({"sub": "repo:contoso/mail:pull_request"}, 700213),
        ({"exp": 1}, 700024),
        ({"iss": 5}, 50027),
    ],
)
def test_federation_is_exact(trusting: Plain, issuer_key: RSAKey, changes: dict[str, Any], code: int) -> None:
    """Issuer, audience, subject and time are each refused by their code."""
    assert codes(present(trusting, pipeline_token(issuer_key, **changes))) == [code]


def test_federation_checks_the_signature(trusting: Plain, issuer_key: RSAKey) -> None:
    """Another key than the issuer's does not do, whatever it calls itself."""
    forger = RSAKey.generate_key(2048, {"kid": str(issuer_key.kid)})
    assert codes(present(trusting, pipeline_token(forger))) == [7002138]


def test_no_federation_at_all(plain: Plain, issuer_key: RSAKey) -> None:
    """An application that trusts no issuer says so."""
    assert codes(present(plain, pipeline_token(issuer_key))) == [70025]


def test_registers_over_http(plain: Plain, pair: Pair, issuer_key: RSAKey, control: Callable[..., Any]) -> None:
    """Certificates and federated credentials are registered through the control interface."""
    assert control("POST", "certificates", pem=pair.certificate).status_code == 204
    assert present(plain, signed(pair, own_claims(plain))).status_code == 200
    keys = {"keys": [issuer_key.as_dict(private=False)]}
    credential = {"issuer": GITHUB, "subject": SUBJECT, "audience": AUDIENCE, "jwks": keys}
    assert control("POST", "federated-credentials", credential=credential).status_code == 204
    assert present(plain, pipeline_token(issuer_key)).status_code == 200
