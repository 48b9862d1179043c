"""Entra's refusals, one class each, with its code and text. How they are met lives in the grants.

Codes and texts: learn.microsoft.com/entra/identity-platform/reference-error-codes and the errors that
client libraries publish. Which OAuth `error` word and HTTP status go with a code is unconfirmed for
those codes that no public capture shows: 50049, 50059, 70017, 70019, 9002313.
"""

from datetime import datetime
from typing import Any
from uuid import uuid4


class EntraError(Exception):
    """Root. `code` is the AADSTS number, `error` OAuth's word, `status` the HTTP status."""

    code = 0
    error = "invalid_request"
    status = 400

    def body(self, now: datetime, correlation_id: str = "", origin: str = "") -> dict[str, Any]:
        """Give the JSON body that the token endpoint answers."""
        stamp = now.strftime("%Y-%m-%d %H:%M:%SZ")
        trace, correlation = str(uuid4()), correlation_id or str(uuid4())
        return {
            "error": self.error,
            "error_description": (
                f"AADSTS{self.code}: {self} Trace ID: {trace} Correlation ID: {correlation} Timestamp: {stamp}"
            ),
            "error_codes": [self.code],
            "timestamp": stamp,
            "trace_id": trace,
            "correlation_id": correlation,
            "error_uri": f"{origin or 'https://login.microsoftonline.com'}/error?code={self.code}",
        }


class TenantNotFound(EntraError):
    """Raised when the path names a tenant that does not exist."""

    code, error = 90002, "invalid_tenant"

    def __init__(self, tenant: str) -> None:
        super().__init__(
            f"Tenant '{tenant}' not found. Check to make sure you have the correct tenant ID and are signing "
            "into the correct cloud. Check with your subscription administrator, this may happen if there are "
            "no active subscriptions for the tenant."
        )


class TenantNotSpecific(EntraError):
    """Raised when an app asks for its own token at /common, /organizations or /consumers."""

    code = 50059

    def __init__(self) -> None:
        super().__init__(
            "No tenant-identifying information found in either the request or implied by any provided credentials."
        )


class UnknownInstance(EntraError):
    """Raised by instance discovery for a host that is no login host."""

    code, error = 50049, "invalid_instance"

    def __init__(self) -> None:
        super().__init__("Unknown or invalid instance.")


class MissingParameter(EntraError):
    """Raised when the form lacks a field."""

    code = 900144

    def __init__(self, name: str) -> None:
        super().__init__(f"The request body must contain the following parameter: '{name}'.")


class MalformedRequest(EntraError):
    """Raised when the body is no form, or a field is given twice."""

    code = 900144

    def __init__(self, why: str = "The request is not properly formatted.") -> None:
        super().__init__(why)


class PostOnly(EntraError):
    """Raised when the token endpoint is asked with anything but POST."""

    code = 900561

    def __init__(self, method: str) -> None:
        super().__init__(f"The endpoint only accepts POST requests. Received a {method} request.")


class UnsupportedGrant(EntraError):
    """Raised for a grant type that is not offered."""

    code, error = 70003, "unsupported_grant_type"

    def __init__(self, grant: str) -> None:
        super().__init__(f"The app requested an unsupported grant type '{grant}'.")


class ApplicationNotFound(EntraError):
    """Raised when no application of that client id is in the tenant."""

    code, error = 700016, "unauthorized_client"

    def __init__(self, client_id: str, directory: str) -> None:
        super().__init__(
            f"Application with identifier '{client_id}' was not found in the directory '{directory}'. This can "
            "happen if the application has not been installed by the administrator of the tenant or consented "
            "to by any user in the tenant. You may have sent your authentication request to the wrong tenant."
        )


class InvalidSecret(EntraError):
    """Raised when the client secret is not one of the application's."""

    code, error, status = 7000215, "invalid_client", 401

    def __init__(self, client_id: str) -> None:
        super().__init__(
            "Invalid client secret provided. Ensure the secret being sent in the request is the client secret "
            f"value, not the client secret ID, for a secret added to app '{client_id}'."
        )


class ExpiredSecret(EntraError):
    """Raised when the client secret is the application's, and over."""

    code, error, status = 7000222, "invalid_client", 401

    def __init__(self, client_id: str) -> None:
        super().__init__(
            f"The provided client secret keys for app '{client_id}' are expired. Visit the Azure portal to create "
            "new keys for your app: https://aka.ms/NewClientSecret, or consider using certificate credentials "
            "for added security: https://aka.ms/certCreds."
        )


class MissingCredential(EntraError):
    """Raised when a confidential client proves nothing."""

    code, error, status = 7000216, "invalid_client", 401

    def __init__(self, grant: str) -> None:
        super().__init__(f"'client_assertion', 'client_secret' or 'request' is required for the '{grant}' grant type.")


class ConfidentialClient(EntraError):
    """Raised when a confidential client brings a person's code or token and no credential of its own."""

    code, error, status = 7000218, "invalid_client", 401

    def __init__(self) -> None:
        super().__init__(
            "The request body must contain the following parameter: 'client_assertion' or 'client_secret'."
        )


class PublicClient(EntraError):
    """Raised when a public client presents a credential."""

    code, error, status = 700025, "invalid_client", 401

    def __init__(self) -> None:
        super().__init__("Client is public so neither 'client_assertion' nor 'client_secret' should be presented.")


class InvalidScope(EntraError):
    """Raised for a scope that is no scope."""

    code, error = 70011, "invalid_scope"

    def __init__(self, scope: str) -> None:
        super().__init__(
            "The provided request must include a 'scope' input parameter. The provided value for the input "
            f"parameter 'scope' is not valid. The scope {scope} is not valid."
        )


class ScopeWithoutDefault(EntraError):
    """Raised when an app asks for single permissions instead of /.default."""

    code, error = 1002012, "invalid_scope"

    def __init__(self, scope: str) -> None:
        super().__init__(
            f"The provided value for scope {scope} is not valid. Client credential flows must have a scope value "
            "with /.default suffixed to the resource identifier (application ID URI)."
        )


class ResourceNotFound(EntraError):
    """Raised for a resource that the tenant does not have."""

    code, error = 500011, "invalid_resource"

    def __init__(self, resource: str, directory: str) -> None:
        super().__init__(
            f"The resource principal named {resource} was not found in the tenant named {directory}. This can "
            "happen if the application has not been installed by the administrator of the tenant or consented "
            "to by any user in the tenant. You might have sent your authentication request to the wrong tenant."
        )
