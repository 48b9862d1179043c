"""Entra's refusals of device codes and refresh tokens. When they are met is decided in devices.py.

Sources and what is unconfirmed: see errors.py.
"""

from area1_provider.emulator.entra.errors import EntraError


class DevicePending(EntraError):
    """Raised while nobody has approved the device code."""

    code, error = 70016, "authorization_pending"

    def __init__(self) -> None:
        super().__init__("OAuth 2.0 device flow error. Authorization is pending. Continue polling.")


class DeviceDeclined(EntraError):
    """Raised when a person declined the device code. Code: unconfirmed."""

    code, error = 70017, "authorization_declined"

    def __init__(self) -> None:
        super().__init__("OAuth 2.0 device flow error. The end user denied the authorization request.")


class DeviceExpired(EntraError):
    """Raised when the device code is over."""

    code, error = 70020, "expired_token"

    def __init__(self) -> None:
        super().__init__(
            "The provided value for the input parameter 'device_code' is not valid. This device code has expired."
        )


class DeviceUnknown(EntraError):
    """Raised when the device code was never given, or has been used."""

    code, error = 70019, "bad_verification_code"

    def __init__(self) -> None:
        super().__init__(
            "The provided value for the input parameter 'code' or 'device_code' is not valid. "
            "Verification code expired or unknown."
        )


class RefreshTokenInvalid(EntraError):
    """Raised when a refresh token is malformed, revoked, or not this client's."""

    code, error = 9002313, "invalid_grant"

    def __init__(self) -> None:
        super().__init__("Invalid request. Request is malformed or invalid.")
