"""No secret, assertion or token in any log line, at the highest verbosity, in any way of signing in."""

import logging
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from joserfc import jwt
from signin_servers import Recorder, Serve
from test_signin_certificate import issued, key, pem_of
from test_signin_oidc import ISSUER, SUBJECT, assertion, issuer_key

from area1_provider.auth import Tokens
from area1_provider.emulator import Emulator
from area1_provider.emulator.entra.applications import FederatedCredential

SignIn = Callable[..., Tokens]


class Postbag:
    """Everything that was sent and received by a session, to know which values were secret."""

    def __init__(self, http: Recorder) -> None:
        self.secrets: set[str] = set()
        http.hooks["response"].append(self.look)

    def look(self, response: Any, **_: object) -> None:
        """Note the secret fields of a form that went out, and of the answer to it."""
        for pair in str(response.request.body or "").split("&"):
            name, _, value = pair.partition("=")
            # A device code is spent once it shows in msal's log, so it is no secret any more.
            if name in {"client_secret", "client_assertion", "refresh_token"}:
                self.secrets.add(value)
        if response.headers.get("Content-Type", "").startswith("application/json"):
            answer = response.json()
            self.secrets |= {str(answer[name]) for name in ("access_token", "refresh_token") if name in answer}


@pytest.fixture
def postbag(http: Recorder, caplog: pytest.LogCaptureFixture) -> Iterator[Postbag]:
    """Log everything there is to log, and compare it with the secrets in the end."""
    caplog.set_level(logging.DEBUG)
    for name in ("msal", "urllib3", "requests"):
        caplog.set_level(logging.DEBUG, name)
    bag = Postbag(http)
    yield bag
    lines = "\n".join(f"{record.getMessage()} {record.exc_text or ''}" for record in caplog.get_records("call"))
    assert lines
    assert bag.secrets
    assert [secret for secret in bag.secrets if secret in lines] == []


def test_client_secret(emulator: Emulator, sign_in: SignIn, postbag: Postbag) -> None:
    """A client secret and its token are not logged."""
    emulator.control.add_secret("canary-7f3a")
    sign_in({"ARM_CLIENT_SECRET": "canary-7f3a"}).get()

    assert "canary-7f3a" in postbag.secrets


def test_wrong_secret(sign_in: SignIn, postbag: Postbag) -> None:
    """Neither is a secret that was refused."""
    with pytest.raises(Exception, match="AADSTS7000215"):
        sign_in({"ARM_CLIENT_SECRET": "canary-7f3a"}).get()

    assert "canary-7f3a" in postbag.secrets


def test_certificate(emulator: Emulator, sign_in: SignIn, postbag: Postbag, tmp_path_factory: Any) -> None:
    """The assertion made with a certificate is not logged, and the key even less."""
    certificate, path = issued(), tmp_path_factory.mktemp("certificate") / "app.pem"
    secret = key().private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    path.write_bytes(secret + certificate.public_bytes(Encoding.PEM))
    emulator.control.add_certificate(pem_of(certificate))
    postbag.secrets.add(secret.decode().splitlines()[1])

    assert sign_in({"ARM_CLIENT_CERTIFICATE_PATH": str(path)}).get().tenant_id


def test_pipeline(emulator: Emulator, sign_in: SignIn, serve: Serve, postbag: Postbag) -> None:
    """Neither the pipeline's token nor what it gave is logged."""
    keys = {"keys": [issuer_key().as_dict(private=False)]}
    emulator.control.trust(FederatedCredential(ISSUER, SUBJECT, jwks=keys))
    issued_token = assertion()
    postbag.secrets |= {"canary-job-token", issued_token}
    url = serve(lambda *_: (200, {"value": issued_token}))

    environ = {"ARM_USE_OIDC": "true", "ARM_OIDC_REQUEST_URL": url, "ARM_OIDC_REQUEST_TOKEN": "canary-job-token"}
    assert sign_in(environ).get().tenant_id


def test_refused_assertion(sign_in: SignIn, postbag: Postbag) -> None:
    """An assertion that was refused is not logged either."""
    stranger = jwt.encode({"alg": "RS256"}, {"iss": "https://elsewhere.example", "exp": 2**33}, issuer_key())
    with pytest.raises(Exception, match="AADSTS70025"):
        sign_in({"ARM_OIDC_TOKEN": stranger}).get()

    assert stranger in postbag.secrets


def test_device_code(emulator: Emulator, sign_in: SignIn, postbag: Postbag) -> None:
    """A person's tokens are not logged, also when they are renewed."""
    told: list[str] = []

    def approve(seconds: float) -> None:
        emulator.control.advance(seconds)
        emulator.control.approve_device(told[-1].split()[-1], "admin@contoso.com")

    person = {"AREA1_USE_DEVICE_CODE": "true", "AREA1_USE_EXCHANGE_POWERSHELL_CLIENT": "true"}
    tokens = sign_in(person, tell=told.append, sleep=approve)
    tokens.get()
    tokens.get(fresh=True)

    assert len(postbag.secrets) > 3


def test_managed_identity(
    emulator: Emulator, sign_in: SignIn, postbag: Postbag, monkeypatch: pytest.MonkeyPatch
) -> None:
    """App Service's header and the machine's token are not logged."""
    for name, value in emulator.app_service_environment().items():
        monkeypatch.setenv(name, value)
    postbag.secrets.add(emulator.app_service_environment()["IDENTITY_HEADER"])

    assert sign_in({"ARM_USE_MSI": "true", "ARM_CLIENT_ID": ""}).get().tenant_id
