"""Signing in with a certificate: Entra checks signature, thumbprint, audience and time of what msal makes of it."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
    pkcs12,
)
from signin_servers import Recorder

from area1_provider.auth import Tokens
from area1_provider.emulator import Emulator
from area1_provider.errors import SignInError

SignIn = Callable[..., Tokens]
PASSWORD = "canary-password"


@cache
def key() -> rsa.RSAPrivateKey:
    """Give the application's key."""
    return rsa.generate_private_key(65537, 2048)


def issued(name: str = "journal", begins: int = -1, ends: int = 1) -> x509.Certificate:
    """Give a certificate for the key, valid from and to so many days from now."""
    subject, now = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)]), datetime.now(UTC)
    draft = x509.CertificateBuilder(subject, subject, key().public_key(), x509.random_serial_number())
    dated = draft.not_valid_before(now + timedelta(begins)).not_valid_after(now + timedelta(ends))
    return dated.sign(key(), hashes.SHA256())


def pem_of(certificate: x509.Certificate) -> str:
    """Give the public part, as it is uploaded."""
    return certificate.public_bytes(Encoding.PEM).decode()


@pytest.fixture
def pem(tmp_path: Path, emulator: Emulator) -> Path:
    """Give a PEM file whose certificate is registered at the application."""
    certificate, path = issued(), tmp_path / "app.pem"
    secret = key().private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    path.write_bytes(secret + certificate.public_bytes(Encoding.PEM))
    emulator.control.add_certificate(pem_of(certificate))
    return path


@pytest.fixture
def pfx(tmp_path: Path, emulator: Emulator) -> Path:
    """Give a PFX file with a password whose certificate is registered at the application."""
    certificate, path = issued(), tmp_path / "app.pfx"
    protection = BestAvailableEncryption(PASSWORD.encode())
    path.write_bytes(pkcs12.serialize_key_and_certificates(b"app", key(), certificate, None, protection))
    emulator.control.add_certificate(pem_of(certificate))
    return path


def test_pem(emulator: Emulator, sign_in: SignIn, pem: Path) -> None:
    """A registered certificate in a PEM file gives a token."""
    token = sign_in({"ARM_CLIENT_CERTIFICATE_PATH": str(pem)}).get()

    assert token.app_id == emulator.account().client_id


def test_pfx(emulator: Emulator, sign_in: SignIn, pfx: Path) -> None:
    """A registered certificate in a PFX file with a password gives a token."""
    environ = {"AZURE_CLIENT_CERTIFICATE_PATH": str(pfx), "AZURE_CLIENT_CERTIFICATE_PASSWORD": PASSWORD}

    assert sign_in(environ).get().tenant_id == emulator.account().tenant_id


def test_fresh_assertion_each_time(emulator: Emulator, sign_in: SignIn, pem: Path) -> None:
    """Each token is asked for with an assertion of its own, so an application that refuses replay is content."""
    emulator.control.change_application(refuse_replay=True)
    tokens = sign_in({"ARM_CLIENT_CERTIFICATE_PATH": str(pem)})

    assert tokens.get().value != tokens.get(fresh=True).value


def test_replaced_file(emulator: Emulator, sign_in: SignIn, pem: Path) -> None:
    """A certificate that was exchanged while the program runs is read again for the next token."""
    tokens = sign_in({"ARM_CLIENT_CERTIFICATE_PATH": str(pem)})
    tokens.get()
    successor = issued("successor")
    secret = key().private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    pem.write_bytes(secret + successor.public_bytes(Encoding.PEM))
    emulator.control.change_application(certificates=(pem_of(successor),))

    assert tokens.get(fresh=True).tenant_id == emulator.account().tenant_id


def test_unregistered(emulator: Emulator, sign_in: SignIn, pem: Path) -> None:
    """A certificate that the application does not know is refused with the way to upload it."""
    emulator.control.change_application(certificates=())
    with pytest.raises(SignInError) as caught:
        sign_in({"ARM_CLIENT_CERTIFICATE_PATH": str(pem)}).get()

    assert caught.value.code == "AADSTS700027"
    assert "az ad app credential reset --append" in str(caught.value)


@pytest.mark.parametrize(("hours", "words"), [(3, "behind"), (-3, "ahead of")])
def test_clock_skew(emulator: Emulator, sign_in: SignIn, pem: Path, hours: int, words: str) -> None:
    """A clock that is hours off gives an assertion out of its time; the difference is said."""
    emulator.control.advance(hours * 3600)
    tokens = sign_in({"ARM_CLIENT_CERTIFICATE_PATH": str(pem)}, clock=lambda: datetime.now(UTC).timestamp())
    with pytest.raises(SignInError) as caught:
        tokens.get()

    assert caught.value.code == "AADSTS700024"
    assert f"s {words} the sign-in host's" in str(caught.value)


def test_wrong_password(sign_in: SignIn, pfx: Path, http: Recorder) -> None:
    """A wrong password is said before anything is sent."""
    environ = {"ARM_CLIENT_CERTIFICATE_PATH": str(pfx), "ARM_CLIENT_CERTIFICATE_PASSWORD": "no"}
    with pytest.raises(SignInError, match="the password is wrong"):
        sign_in(environ).get()

    assert http.sent == []


def test_expired(sign_in: SignIn, pem: Path, http: Recorder) -> None:
    """An expired certificate is said before anything is sent."""
    later = datetime.now(UTC) + timedelta(days=2)
    tokens = sign_in({"ARM_CLIENT_CERTIFICATE_PATH": str(pem)}, clock=later.timestamp)
    with pytest.raises(SignInError, match="expired on"):
        tokens.get()

    assert http.sent == []
