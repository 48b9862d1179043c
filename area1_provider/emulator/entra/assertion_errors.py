"""Entra's refusals of client assertions: certificates and federated credentials. The checks live in assertions.py.

Codes and texts: learn.microsoft.com/entra/identity-platform/reference-error-codes and the troubleshooting pages of
the Azure SDKs. OAuth's word and the HTTP status of 50027, 70025, 70052, 700021, 700023, 1000502 and 7002138 are
unconfirmed.
"""

from datetime import datetime

from area1_provider.emulator.entra.errors import EntraError


class AssertionNotRegistered(EntraError):
    """Raised when a client assertion is not signed by one of the application's certificates."""

    code, error, status = 700027, "invalid_client", 401

    def __init__(self, reason: str, thumbprint: str) -> None:
        super().__init__(
            "The certificate with identifier used to sign the client assertion is not registered on application. "
            f"[Reason - {reason}, Thumbprint of key used by client: '{thumbprint}'.]"
        )


class AssertionOutOfTime(EntraError):
    """Raised when a client assertion is not valid yet, or no longer."""

    code, error, status = 700024, "invalid_client", 401

    def __init__(self, now: datetime, begins: datetime, ends: datetime) -> None:
        super().__init__(
            f"Client assertion is not within its valid time range. Current time: {now.isoformat()}, assertion "
            f"valid from {begins.isoformat()}, expiry time of assertion {ends.isoformat()}."
        )


class AssertionOfAnother(EntraError):
    """Raised when issuer or subject of a client assertion is not the client."""

    code, error, status = 700021, "invalid_client", 401

    def __init__(self) -> None:
        super().__init__("Client assertion application identifier doesn't match 'client_id' parameter.")


class AssertionForAnother(EntraError):
    """Raised when a client assertion is meant for somebody else."""

    code, error, status = 700023, "invalid_client", 401

    def __init__(self) -> None:
        super().__init__("Client assertion audience claim does not match Realm issuer.")


class AssertionMalformed(EntraError):
    """Raised when a client assertion is no JWT, or lacks a claim."""

    code = 50027

    def __init__(self, why: str = "JWT token is invalid or malformed.") -> None:
        super().__init__(why)


class AssertionReplayed(EntraError):
    """Raised when an application that demands fresh assertions gets one again. Code: unconfirmed."""

    code, error, status = 70052, "invalid_client", 401

    def __init__(self) -> None:
        super().__init__("Client assertion was already used: its 'jti' is known.")


class CertificateOutOfTime(EntraError):
    """Raised when the registered certificate is not valid yet, or no longer."""

    code, error, status = 1000502, "invalid_client", 401

    def __init__(self) -> None:
        super().__init__("The provided certificate is not within its specified validity period.")


class FederationMissing(EntraError):
    """Raised when an assertion of another issuer comes and the application trusts none."""

    code, error, status = 70025, "invalid_client", 401

    def __init__(self, display_name: str, client_id: str) -> None:
        super().__init__(f"The client '{display_name}'({client_id}) has no configured federated identity credentials.")


class FederationIssuer(EntraError):
    """Raised when no federated credential names the assertion's issuer."""

    code, error, status = 700211, "invalid_client", 401

    def __init__(self, issuer: str) -> None:
        super().__init__(
            f"No matching federated identity record found for presented assertion issuer '{issuer}'. Please check "
            "your federated identity credential Subject, Audience and Issuer against the presented assertion."
        )


class FederationAudience(FederationIssuer):
    """Raised when the issuer is known, for another audience."""

    code = 700212

    def __init__(self, audience: str) -> None:
        EntraError.__init__(
            self,
            f"No matching federated identity record found for presented assertion audience '{audience}'. Please "
            "check your federated identity credential Subject, Audience and Issuer against the presented assertion.",
        )


class FederationSubject(FederationIssuer):
    """Raised when issuer and audience are known, for another subject."""

    code = 700213

    def __init__(self, subject: str) -> None:
        EntraError.__init__(
            self,
            f"No matching federated identity record found for presented assertion subject '{subject}'. Please check "
            "your federated identity credential Subject, Audience and Issuer against the presented assertion.",
        )


class FederationSignature(EntraError):
    """Raised when the issuer's keys did not sign the assertion. Code: unconfirmed."""

    code, error, status = 7002138, "invalid_client", 401

    def __init__(self) -> None:
        super().__init__("The signature of the presented assertion does not match a key of its issuer.")
