"""App registrations of a tenant: credentials, app roles, directory roles. How they are proven lives elsewhere."""

import json
import secrets
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime
from typing import Any
from uuid import NAMESPACE_URL, uuid4, uuid5

from area1_provider.emulator.tenant import Tenant

MANAGE_AS_APP = "Exchange.ManageAsApp"
ALL_CMDLETS = "Organization Management"
POWERSHELL = "fb78d390-0c51-40cd-8e17-fdbfab77341b"
"""Microsoft's own public client of the Exchange module; every tenant has it."""


@dataclass(frozen=True)
class Secret:
    """A client secret; `expires` is ISO 8601 with zone, or empty for never."""

    value: str
    expires: str = ""

    def over(self, now: datetime) -> bool:
        """Tell whether it has expired."""
        return bool(self.expires) and now >= datetime.fromisoformat(self.expires)


@dataclass(frozen=True)
class FederatedCredential:
    """Trust in another issuer's tokens; `jwks` are that issuer's public keys (RFC 7517)."""

    issuer: str
    subject: str
    audience: str = "api://AzureADTokenExchange"
    jwks: dict[str, Any] = field(default_factory=lambda: {"keys": []})


@dataclass(frozen=True)
class Application:
    """An application and its service principal in one tenant.

    `app_roles` go into its tokens. `roles` are the Exchange management roles that it holds at the
    moment. `public` applications take no credential and sign people in by device code.
    """

    client_id: str
    display_name: str = "App"
    object_id: str = field(default_factory=lambda: str(uuid4()))
    secrets: tuple[Secret, ...] = ()
    certificates: tuple[str, ...] = ()
    federated: tuple[FederatedCredential, ...] = ()
    app_roles: tuple[str, ...] = (MANAGE_AS_APP,)
    roles: tuple[str, ...] = (ALL_CMDLETS,)
    public: bool = False
    refuse_replay: bool = False
    managed_identity: bool = False


class Applications:
    """The applications of one tenant, kept in its settings."""

    def __init__(self, tenant: Tenant) -> None:
        self._tenant = tenant

    def default(self) -> Application:
        """Give the application that a fresh tenant has: one secret, all roles."""
        return self.all()[0]

    def all(self) -> list[Application]:
        """Give every application, the default first."""
        stored = self._tenant.settings("applications")
        if stored:
            return [read_application(document) for document in json.loads(stored)]
        fresh = _first(self._tenant.organization)
        self._write(fresh)
        return fresh

    def find(self, client_id: str) -> Application | None:
        """Give the application of that client id, or None."""
        return next((found for found in self.all() if found.client_id == client_id.lower()), None)

    def put(self, application: Application) -> Application:
        """Add the application, or replace the one of the same client id."""
        application = replace(application, client_id=application.client_id.lower())
        known = self.all()
        if any(one.client_id == application.client_id for one in known):
            known = [application if one.client_id == application.client_id else one for one in known]
        else:
            known.append(application)
        self._write(known)
        return application

    def remove(self, client_id: str) -> None:
        """Forget the application; nothing happens where there is none."""
        self._write([one for one in self.all() if one.client_id != client_id.lower()])

    def forget(self) -> None:
        """Go back to the fresh tenant's applications; the default keeps its secret."""
        kept = self.default().secrets[:1]
        default, *others = _first(self._tenant.organization)
        self._write([replace(default, secrets=kept or default.secrets), *others])

    def _write(self, applications: list[Application]) -> None:
        self._tenant.set_setting("applications", json.dumps([asdict(one) for one in applications]))


def _first(organization: str) -> list[Application]:
    return [
        Application(
            str(uuid5(NAMESPACE_URL, f"https://{organization}/default-application")),
            "Offline Application",
            secrets=(Secret(secrets.token_urlsafe(30)),),
        ),
        Application(POWERSHELL, "Microsoft Exchange REST API Based Powershell", public=True, app_roles=()),
    ]


def read_application(document: dict[str, Any]) -> Application:
    """Read an application from JSON; raises TypeError or ValueError where it is not one."""
    return Application(**read_changes(document))


def read_changes(document: dict[str, Any]) -> dict[str, Any]:
    """Read some fields of an application from JSON; raises TypeError or ValueError where they are not."""
    for name, value in document.items():
        if not isinstance(value, _KINDS.get(name, ())):
            raise TypeError(f"{name} is no field of an application, or of the wrong type")
    plain: dict[str, Any] = {
        name: tuple(value) if isinstance(value, list | tuple) else value for name, value in document.items()
    }
    if "secrets" in plain:
        plain["secrets"] = tuple(Secret(**one) for one in plain["secrets"])
    if "federated" in plain:
        plain["federated"] = tuple(FederatedCredential(**one) for one in plain["federated"])
    for name in ("certificates", "app_roles", "roles"):
        if not all(isinstance(one, str) for one in plain.get(name, ())):
            raise ValueError(f"{name} holds strings")
    return plain


_KINDS: dict[str, type] = {
    **dict.fromkeys(("client_id", "display_name", "object_id"), str),
    **dict.fromkeys(("secrets", "certificates", "federated", "app_roles", "roles"), list),
    **dict.fromkeys(("public", "refuse_replay", "managed_identity"), bool),
}
