"""Certificates: PEM and PFX, and everything that can be wrong with one, before anything is sent."""

from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    KeySerializationEncryption,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
    pkcs12,
)

from area1_provider.auth.certificates import load_certificate
from area1_provider.errors import SignInError
from area1_provider.settings import Certificate

TODAY = datetime(2026, 11, 23, tzinfo=UTC)
NOW = TODAY.timestamp()
PASSWORD = "pa55 wörd"
Key = rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey


@cache
def rsa_key(number: int = 0) -> rsa.RSAPrivateKey:
    """Give an RSA key; the same for the same number."""
    del number
    return rsa.generate_private_key(65537, 2048)


def certificate(key: Key, *, begins: int = -1, ends: int = 1, name: str = "journal") -> x509.Certificate:
    """Give a self-signed certificate, valid from and to so many days from today."""
    subject = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)])
    draft = x509.CertificateBuilder(subject, subject, key.public_key(), x509.random_serial_number())
    dated = draft.not_valid_before(TODAY + timedelta(begins)).not_valid_after(TODAY + timedelta(ends))
    return dated.sign(key, hashes.SHA256())


def key_pem(key: Key, password: str = "", form: PrivateFormat = PrivateFormat.PKCS8) -> bytes:
    """Give a key as PEM, with a password or none."""
    return key.private_bytes(Encoding.PEM, form, protection(password))


def protection(password: str) -> KeySerializationEncryption:
    """Give the encryption for a password, or for none."""
    return BestAvailableEncryption(password.encode()) if password else NoEncryption()


def cert_pem(*certificates: x509.Certificate) -> bytes:
    """Give certificates as PEM."""
    return b"".join(one.public_bytes(Encoding.PEM) for one in certificates)


def pfx(key: rsa.RSAPrivateKey | None, own: x509.Certificate | None, password: str = "") -> bytes:
    """Give a PFX file's content."""
    return pkcs12.serialize_key_and_certificates(b"x", key, own, None, protection(password))


GOOD = certificate(rsa_key())


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Give a file to write a certificate to."""
    return tmp_path / "app.pem"


def loaded(path: Path, content: bytes, password: str | None = None) -> dict[str, str]:
    """Write a file and load it."""
    path.write_bytes(content)
    return load_certificate(Certificate("app", path=str(path), password=password), NOW)


def refused(path: Path, content: bytes, password: str | None = None) -> str:
    """Give the text with which a file is refused; it names the file."""
    with pytest.raises(SignInError) as caught:
        loaded(path, content, password)
    assert str(path) in str(caught.value)
    return str(caught.value)


GOOD_FILES = {
    "pem": (key_pem(rsa_key()) + cert_pem(GOOD), None),
    "pem, certificate first": (cert_pem(GOOD) + key_pem(rsa_key()), None),
    "pem, PKCS1": (key_pem(rsa_key(), form=PrivateFormat.TraditionalOpenSSL) + cert_pem(GOOD), None),
    "pem, password": (key_pem(rsa_key(), PASSWORD) + cert_pem(GOOD), PASSWORD),
    "pem, PKCS1 password": (key_pem(rsa_key(), PASSWORD, PrivateFormat.TraditionalOpenSSL) + cert_pem(GOOD), PASSWORD),
    "pem, needless password": (key_pem(rsa_key()) + cert_pem(GOOD), PASSWORD),
    "pem, issuer first": (key_pem(rsa_key()) + cert_pem(certificate(rsa_key(1), name="ca"), GOOD), None),
    "pem, lines of Windows": ((key_pem(rsa_key()) + cert_pem(GOOD)).replace(b"\n", b"\r\n"), None),
    "pem, mark of Windows": (b"\xef\xbb\xbf" + key_pem(rsa_key()) + cert_pem(GOOD), None),
    "pfx": (pfx(rsa_key(), GOOD), None),
    "pfx, password": (pfx(rsa_key(), GOOD, PASSWORD), PASSWORD),
}


@pytest.mark.parametrize("name", GOOD_FILES)
def test_good_files(path: Path, name: str) -> None:
    """Key and the certificate that belongs to it are found in PEM and PFX, with password and without."""
    credential = loaded(path, *GOOD_FILES[name])
    key = load_pem_private_key(credential["private_key"].encode(), None)

    assert isinstance(key, rsa.RSAPrivateKey)
    assert key.private_numbers() == rsa_key().private_numbers()
    assert credential["public_certificate"].encode() == cert_pem(GOOD)


def test_content_without_file() -> None:
    """A PFX may come as content, as ARM_CLIENT_CERTIFICATE brings it."""
    way = Certificate("app", content=pfx(rsa_key(), GOOD, PASSWORD), password=PASSWORD)

    assert load_certificate(way, NOW)["public_certificate"].encode() == cert_pem(GOOD)


BAD_FILES = {
    "expired": (
        key_pem(rsa_key()) + cert_pem(certificate(rsa_key(), begins=-9, ends=-1)),
        None,
        "expired on 2026-11-22 00:00 UTC",
    ),
    "not yet valid": (
        key_pem(rsa_key()) + cert_pem(certificate(rsa_key(), begins=1, ends=9)),
        None,
        "not valid before 2026-11-24 00:00 UTC; this machine's clock says 2026-11-23 00:00 UTC",
    ),
    "other key": (
        key_pem(rsa_key(1)) + cert_pem(GOOD),
        None,
        "the private key does not belong to the certificate (CN=journal, thumbprint ",
    ),
    "pem, wrong password": (key_pem(rsa_key(), PASSWORD) + cert_pem(GOOD), "no", "the password is wrong"),
    "pem, no password": (
        key_pem(rsa_key(), PASSWORD) + cert_pem(GOOD),
        None,
        "has a password, and ARM_CLIENT_CERTIFICATE_PASSWORD is not set",
    ),
    "pfx, wrong password": (pfx(rsa_key(), GOOD, PASSWORD), "no", "the password is wrong"),
    "pfx, no password": (
        pfx(rsa_key(), GOOD, PASSWORD),
        None,
        "has a password, and ARM_CLIENT_CERTIFICATE_PASSWORD is not set",
    ),
    "pfx, no key": (pfx(None, GOOD), None, "holds no private key"),
    "pfx, no certificate": (pfx(rsa_key(), None), None, "holds no certificate"),
    "pem, no key": (cert_pem(GOOD), None, "holds no private key"),
    "pem, no certificate": (key_pem(rsa_key()), None, "holds no certificate"),
    "pem, damaged key": (
        b"-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n" + cert_pem(GOOD),
        None,
        "the key is damaged",
    ),
    "pem, damaged certificate": (
        key_pem(rsa_key()) + b"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n",
        None,
        "a certificate in it is damaged",
    ),
    "elliptic": (
        key_pem(ec.generate_private_key(ec.SECP256R1())) + cert_pem(GOOD),
        None,
        "not an RSA key",
    ),
    "nonsense": (b"hello", None, "neither PEM nor PFX"),
    "empty": (b"", None, "neither PEM nor PFX"),
}


@pytest.mark.parametrize("name", BAD_FILES)
def test_bad_files(path: Path, name: str) -> None:
    """Whatever is wrong with a certificate is said in one message that names the file."""
    content, password, words = BAD_FILES[name]

    assert words in refused(path, content, password)


def test_password_of_a_file_is_named_by_its_setting(path: Path) -> None:
    """A wrong password that came from a file is said to have come from there."""
    path.write_bytes(pfx(rsa_key(), GOOD, PASSWORD))
    origin = {"client_certificate_password_file_path": "client_certificate_password_file_path of the Tenant"}
    with pytest.raises(SignInError, match=r"wrong \(client_certificate_password_file_path of the Tenant\)"):
        load_certificate(Certificate("app", path=str(path), password="no"), NOW, origin)


def test_missing_file(tmp_path: Path) -> None:
    """A file that is not there is named, with the system's reason."""
    way = Certificate("app", path=str(tmp_path / "gone.pfx"))

    with pytest.raises(SignInError, match=r"gone\.pfx: the certificate cannot be read: No such file"):
        load_certificate(way, NOW)


@pytest.mark.parametrize("name", BAD_FILES)
def test_passwords_stay_out(path: Path, name: str) -> None:
    """No message shows a password."""
    content, password, _ = BAD_FILES[name]

    assert PASSWORD not in refused(path, content, password)
