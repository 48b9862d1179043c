"""A registered certificate: thumbprints, public key, lifetime. What it proves is decided in assertions.py."""

import base64
from dataclasses import dataclass
from datetime import datetime

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa


@dataclass(frozen=True)
class Certificate:
    """What Entra keeps of an uploaded certificate. Thumbprints are base64url without padding (RFC 7515)."""

    x5t: str
    x5t_s256: str
    x5c: str
    thumbprint: str
    public_key: bytes
    begins: datetime
    ends: datetime

    @classmethod
    def read(cls, pem: str) -> "Certificate":
        """Read a PEM certificate; raises ValueError where it is none, or its key is no RSA key."""
        loaded = x509.load_pem_x509_certificate(pem.encode())
        key = loaded.public_key()
        if not isinstance(key, rsa.RSAPublicKey):
            raise ValueError("Entra takes certificates with RSA keys only.")  # noqa: TRY004 - a value, not a type, is wrong
        return cls(
            # SHA-1 names the certificate here (RFC 7515 4.1.7), it protects nothing.
            x5t=_encoded(loaded.fingerprint(hashes.SHA1())),  # noqa: S303
            x5t_s256=_encoded(loaded.fingerprint(hashes.SHA256())),
            x5c=base64.b64encode(loaded.public_bytes(serialization.Encoding.DER)).decode(),
            thumbprint=loaded.fingerprint(hashes.SHA1()).hex().upper(),  # noqa: S303
            public_key=key.public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo),
            begins=loaded.not_valid_before_utc,
            ends=loaded.not_valid_after_utc,
        )


def _encoded(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()
