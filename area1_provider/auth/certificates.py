"""An application's certificate and key, PEM or PFX, read and checked before anything is sent.

What is found wrong here would otherwise come back as one of Entra's codes, or as a traceback from a library.
"""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from types import MappingProxyType
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
    pkcs12,
)

from area1_provider.errors import SignInError
from area1_provider.settings import Certificate

_PASSWORD = "client_certificate_password"  # noqa: S105  # the setting's name
_UNSET = MappingProxyType(
    {_PASSWORD: "ARM_CLIENT_CERTIFICATE_PASSWORD", "client_certificate": "ARM_CLIENT_CERTIFICATE"}
)
"""Where a setting would stand that is not set."""


def load_certificate(way: Certificate, now: float, origin: Mapping[str, str] = _UNSET) -> dict[str, str]:
    """Give msal's `client_credential`: key and certificate as PEM. `now` is in seconds since the epoch.

    `origin` says where the settings came from, for messages.

    msal signs with PS256, names the certificate by its SHA-256 thumbprint and sends it along (x5c), so that
    both a registered certificate and subject name and issuer authentication work.

    Raises SignInError, with the file's name, for whatever is wrong with it.
    """
    origin = {**_UNSET, **origin}
    place = way.path or f"the certificate in {origin['client_certificate']}"
    content = way.content if way.path is None else _read(way.path)
    password = way.password.encode() if way.password else None
    kept = origin.get(f"{_PASSWORD}_file_path", origin[_PASSWORD])
    key, certificates = _parse(content or b"", password, place, kept)
    if not isinstance(key, rsa.RSAPrivateKey):
        raise SignInError(f"{place}: the private key is not an RSA key. Entra takes RSA keys (2048 bits or more).")
    certificate = _matching(key, certificates, place)
    _check_time(certificate, now, place)
    return {
        "private_key": key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode(),
        "public_certificate": certificate.public_bytes(Encoding.PEM).decode(),
    }


def _read(path: str) -> bytes:
    try:
        return Path(path).read_bytes()
    except OSError as error:
        raise SignInError(f"{path}: the certificate cannot be read: {error.strerror}.") from error


def _parse(content: bytes, password: bytes | None, place: str, kept: str) -> tuple[Any, Sequence[x509.Certificate]]:
    if b"-----BEGIN" in content:
        return _parse_key(content, password, place, kept), _parse_certificates(content, place)
    try:
        key, certificate, others = pkcs12.load_key_and_certificates(content, password)
    except ValueError as error:
        wrong = "password" in str(error).lower()
        said = f"the password is wrong ({kept})" if password else f"it has a password, and {kept} is not set"
        what = said if wrong else "neither PEM nor PFX"
        raise SignInError(f"{place}: {what}.") from error
    if key is None:
        raise SignInError(f"{place}: it holds no private key. Export it again, with the private key.")
    return key, [found for found in (certificate, *others) if found is not None]


def _parse_key(content: bytes, password: bytes | None, place: str, kept: str) -> Any:
    encrypted = b"ENCRYPTED" in content
    if b"PRIVATE KEY-----" not in content:
        raise SignInError(f"{place}: it holds no private key. Add it to the file, or export a PFX that has it.")
    if encrypted and password is None:
        raise SignInError(f"{place}: the private key has a password, and {kept} is not set.")
    try:
        return load_pem_private_key(content, password if encrypted else None)
    except (ValueError, TypeError) as error:
        what = f"the password is wrong ({kept}), or the key is damaged" if encrypted else "the key is damaged"
        raise SignInError(f"{place}: {what}.") from error


def _parse_certificates(content: bytes, place: str) -> Sequence[x509.Certificate]:
    if b"-----BEGIN CERTIFICATE-----" not in content:
        return ()
    try:
        return x509.load_pem_x509_certificates(content)
    except ValueError as error:
        raise SignInError(f"{place}: a certificate in it is damaged.") from error


def _matching(key: rsa.RSAPrivateKey, certificates: Sequence[x509.Certificate], place: str) -> x509.Certificate:
    """Give the certificate that belongs to the key; the others are its issuers."""
    if not certificates:
        raise SignInError(f"{place}: it holds no certificate beside the private key. Entra needs its thumbprint.")
    own = _spki(key.public_key())
    found = next((candidate for candidate in certificates if _spki(candidate.public_key()) == own), None)
    if found is None:
        names = "; ".join(_named(candidate) for candidate in certificates)
        raise SignInError(f"{place}: the private key does not belong to the certificate ({names}).")
    return found


def _spki(key: Any) -> bytes:
    found: bytes = key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    return found


def _check_time(certificate: x509.Certificate, now: float, place: str) -> None:
    begins, ends = certificate.not_valid_before_utc, certificate.not_valid_after_utc
    today = datetime.fromtimestamp(now, UTC)
    if today > ends:
        raise SignInError(
            f"{place}: the certificate ({_named(certificate)}) expired on {ends:%Y-%m-%d %H:%M} UTC. Make a new one, "
            "upload it to the app registration, then use it here."
        )
    if today < begins:
        raise SignInError(
            f"{place}: the certificate ({_named(certificate)}) is not valid before {begins:%Y-%m-%d %H:%M} UTC; this "
            f"machine's clock says {today:%Y-%m-%d %H:%M} UTC."
        )


def _named(certificate: x509.Certificate) -> str:
    """Name a certificate as Entra's portal does: subject and SHA-1 thumbprint."""
    thumbprint = certificate.fingerprint(hashes.SHA1()).hex().upper()  # noqa: S303  # a name, not a protection
    return f"{certificate.subject.rfc4514_string()}, thumbprint {thumbprint}"
