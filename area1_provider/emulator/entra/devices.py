"""Device codes and refresh tokens: people signing in through another screen. No HTTP here."""

import secrets
import threading
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Literal

from area1_provider.emulator.clock import Clock
from area1_provider.emulator.entra.device_errors import (
    DeviceDeclined,
    DeviceExpired,
    DevicePending,
    DeviceUnknown,
    RefreshTokenInvalid,
)

LIFETIME = 900
LETTERS = "BCDFGHJKLMNPQRSTVWXZ23456789"


@dataclass(frozen=True)
class Device:
    """A sign-in that waits for a person."""

    device_code: str
    user_code: str
    tenant_id: str
    client_id: str
    scope: str
    expires: datetime
    state: Literal["pending", "approved", "declined"] = "pending"
    user: str = ""


@dataclass(frozen=True)
class Grant:
    """What a person granted to a client; a refresh token stands for it."""

    tenant_id: str
    client_id: str
    user: str
    scope: str


class Devices:
    """Device codes of one server, and the refresh tokens that came of them."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._devices: dict[str, Device] = {}
        self._grants: dict[str, Grant] = {}
        self._lock = threading.Lock()

    def start(self, tenant_id: str, client_id: str, scope: str) -> Device:
        """Give a new code pair, good for 15 minutes."""
        user_code = "".join(secrets.choice(LETTERS) for _ in range(9))
        expires = self._clock() + timedelta(seconds=LIFETIME)
        device = Device(secrets.token_urlsafe(48), user_code, tenant_id, client_id, scope, expires)
        with self._lock:
            self._devices[device.device_code] = device
        return device

    def decide(self, user_code: str, user: str) -> Device:
        """Approve as `user`, or decline where `user` is empty. Raises KeyError for an unknown code."""
        with self._lock:
            device = next((one for one in self._devices.values() if one.user_code == user_code.upper()), None)
            if device is None:
                raise KeyError(user_code)
            decided = replace(device, state="approved" if user else "declined", user=user)
            self._devices[device.device_code] = decided
        return decided

    def redeem(self, tenant_id: str, client_id: str, device_code: str) -> Grant:
        """Give what was granted, once; raises the Device… refusals otherwise."""
        with self._lock:
            device = self._devices.get(device_code)
            if device is None or (device.tenant_id, device.client_id) != (tenant_id, client_id):
                raise DeviceUnknown
            if self._clock() >= device.expires:
                raise DeviceExpired
            if device.state == "pending":
                raise DevicePending
            del self._devices[device_code]
        if device.state == "declined":
            raise DeviceDeclined
        return Grant(tenant_id, client_id, device.user, device.scope)

    def refresh_token(self, grant: Grant) -> str:
        """Give a new refresh token for a grant."""
        token = f"1.{secrets.token_urlsafe(64)}"
        with self._lock:
            self._grants[token] = grant
        return token

    def grant(self, tenant_id: str, client_id: str, refresh_token: str) -> Grant:
        """Give what a refresh token stands for; raises RefreshTokenInvalid."""
        grant = self._grants.get(refresh_token)
        if grant is None or (grant.tenant_id, grant.client_id) != (tenant_id, client_id):
            raise RefreshTokenInvalid
        return grant

    def revoke(self, tenant_id: str | None = None) -> None:
        """Forget refresh tokens of the tenant, or of all."""
        with self._lock:
            self._grants = {
                token: grant for token, grant in self._grants.items() if tenant_id and grant.tenant_id != tenant_id
            }
