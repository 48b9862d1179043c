"""Who gets which token: the OAuth grants that Entra's token endpoint offers. HTTP forms stay in endpoints.py."""

import base64
import json
from collections.abc import Mapping
from typing import Any

from area1_provider.emulator.clock import Clock
from area1_provider.emulator.entra.applications import Application
from area1_provider.emulator.entra.credentials import Credentials
from area1_provider.emulator.entra.devices import Devices, Grant
from area1_provider.emulator.entra.errors import ApplicationNotFound, UnsupportedGrant
from area1_provider.emulator.entra.subjects import person_id, subject_of
from area1_provider.emulator.entra.tenants import Tenants
from area1_provider.emulator.entra.token_requests import DELEGATED, Sought
from area1_provider.emulator.entra.tokens import Subject, Tokens

DEVICE = "urn:ietf:params:oauth:grant-type:device_code"


class Grants:
    """The token endpoint's rules."""

    def __init__(self, tenants: Tenants, tokens: Tokens, devices: Devices, clock: Clock) -> None:
        self._tenants = tenants
        self._tokens = tokens
        self._devices = devices
        self._clock = clock
        self._credentials = Credentials(clock)

    def token(self, sought: Sought) -> dict[str, Any]:
        """Give the token endpoint's JSON; raises an EntraError where nothing is granted."""
        grant = sought.need("grant_type")
        if grant == "client_credentials":
            return self._for_application(sought)
        if grant in {DEVICE, "device_code"}:
            return self._for_device(sought)
        if grant == "refresh_token":
            return self._for_refresh(sought)
        raise UnsupportedGrant(grant)

    def device(self, sought: Sought) -> dict[str, Any]:
        """Start a device code flow (RFC 8628)."""
        application = self._application(sought, sought.need("client_id"))
        scope = sought.need("scope")
        sought.delegated_resource(scope)
        device = self._devices.start(sought.tenant.tenant_id, application.client_id, scope)
        address = "https://login.microsoft.com/device"
        return {
            "user_code": device.user_code,
            "device_code": device.device_code,
            "verification_uri": address,
            "expires_in": 900,
            "interval": 5,
            "message": (
                f"To sign in, use a web browser to open the page {address} and enter the code "
                f"{device.user_code} to authenticate."
            ),
        }

    def _for_application(self, sought: Sought) -> dict[str, Any]:
        client_id, secret = sought.client()
        application = self._application(sought, client_id)
        proof = self._credentials.prove(application, sought, secret)
        resource = sought.resource()
        subject = subject_of(sought.tenant, application, resource, sought.origin, proof)
        return self._bearer(sought, subject, resource)

    def _for_device(self, sought: Sought) -> dict[str, Any]:
        application = self._application(sought, sought.client()[0])
        proof = self._credentials.accompany(application, sought)
        code = sought.form.get("device_code") or sought.need("code")
        grant = self._devices.redeem(sought.tenant.tenant_id, application.client_id, code)
        return self._for_person(sought, application, grant, proof)

    def _for_refresh(self, sought: Sought) -> dict[str, Any]:
        application = self._application(sought, sought.client()[0])
        proof = self._credentials.accompany(application, sought)
        token = sought.need("refresh_token")
        grant = self._devices.grant(sought.tenant.tenant_id, application.client_id, token)
        return self._for_person(sought, application, grant, proof)

    def _for_person(self, sought: Sought, application: Application, grant: Grant, proof: str) -> dict[str, Any]:
        scope = sought.form.get("scope") or grant.scope
        resource = sought.delegated_resource(scope)
        subject = Subject(
            sought.tenant.tenant_id,
            application.client_id,
            person_id(sought.tenant, grant.user),
            application.display_name,
            proof=proof,
            user=grant.user,
            scopes=DELEGATED,
        )
        answer = self._bearer(sought, subject, resource)
        answer["scope"] = f"{resource}/{DELEGATED}"
        answer["refresh_token"] = self._devices.refresh_token(grant)
        answer["id_token"] = self._id_token(sought, subject)
        answer["client_info"] = _encoded({"uid": subject.object_id, "utid": subject.tenant_id})
        return answer

    def _bearer(self, sought: Sought, subject: Subject, resource: str) -> dict[str, Any]:
        token, lifetime = self._tokens.issue(subject, resource, sought.claims()), self._tokens.lifetime
        if not sought.resource_based:
            return {
                "token_type": "Bearer",
                "expires_in": lifetime,
                "ext_expires_in": lifetime,
                "access_token": token,
            }
        now = int(self._clock().timestamp())
        return {
            "token_type": "Bearer",
            "expires_in": str(lifetime),
            "ext_expires_in": str(lifetime),
            "expires_on": str(now + lifetime),
            "not_before": str(now),
            "resource": resource,
            "access_token": token,
        }

    def _id_token(self, sought: Sought, subject: Subject) -> str:
        now = int(self._clock().timestamp())
        return self._tokens.sign(
            {
                "aud": subject.client_id,
                "iss": f"{sought.origin}/{subject.tenant_id}/v2.0",
                "iat": now,
                "nbf": now,
                "exp": now + self._tokens.lifetime,
                "name": subject.user,
                "oid": subject.object_id,
                "preferred_username": subject.user,
                "sub": subject.object_id,
                "tid": subject.tenant_id,
                "ver": "2.0",
            }
        )

    def _application(self, sought: Sought, client_id: str) -> Application:
        found = self._tenants.applications(sought.tenant).find(client_id)
        if found is None:
            raise ApplicationNotFound(client_id, sought.tenant.organization)
        return found


def _encoded(content: Mapping[str, str]) -> str:
    return base64.urlsafe_b64encode(json.dumps(content).encode()).rstrip(b"=").decode()
