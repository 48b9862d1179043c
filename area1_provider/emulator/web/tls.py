"""The throw-away certificate authority and the server's certificate. Nothing here knows HTTP."""

import ipaddress
import os
import re
import ssl
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import trustme

ALWAYS = ("localhost", "127.0.0.1", "::1")
LABEL = r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
HOST = re.compile(rf"(?=.{{1,253}}\Z)(?:\*\.)?{LABEL}(?:\.{LABEL})*\Z", re.IGNORECASE)
"""A host name of any number of labels, perhaps with a wildcard for the first (RFC 6125 6.4.3)."""


@dataclass(frozen=True)
class Identity:
    """A server's TLS side: the context to listen with, and the PEM file that clients must trust."""

    context: ssl.SSLContext
    ca_file: Path


def identity(directory: Path, names: Sequence[str]) -> Identity:
    """Make a certificate for `names` and loopback, signed by the CA kept in `directory`.

    The CA (`ca.pem`, `ca.key`) is made on first use and re-used from then on. Raises OSError where
    the directory cannot be written and ValueError where its files are no CA or a name is none.
    """
    for name in names:
        _check_name(name)
    directory.mkdir(parents=True, exist_ok=True)
    authority = _authority(directory)
    leaf = authority.issue_cert(*dict.fromkeys((*ALWAYS, *names)), common_name="localhost")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    leaf.configure_cert(context)
    return Identity(context, directory / "ca.pem")


def _check_name(name: str) -> None:
    if HOST.match(name):
        return
    try:
        ipaddress.ip_address(name)
    except ValueError:
        raise ValueError(f"'{name}' is neither a host name nor an IP address.") from None


def _authority(directory: Path) -> trustme.CA:
    certificate, key = directory / "ca.pem", directory / "ca.key"
    if certificate.exists() and key.exists():
        return trustme.CA.from_pem(certificate.read_bytes(), key.read_bytes())
    made = trustme.CA(organization_name="Offline Exchange")
    _write_private(key, made.private_key_pem.bytes())
    certificate.write_bytes(made.cert_pem.bytes())
    return made


def _write_private(path: Path, content: bytes) -> None:
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
        file.write(content)
