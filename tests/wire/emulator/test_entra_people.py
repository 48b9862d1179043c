"""Device code, refresh tokens, managed identity: the ways in without an application's own credential."""

import json
from collections.abc import Callable
from typing import Any

import msal
import pytest
import requests
from plain_client import Plain

POWERSHELL = "fb78d390-0c51-40cd-8e17-fdbfab77341b"
MANAGE = "https://outlook.office365.com/Exchange.Manage"
DEVICE = "urn:ietf:params:oauth:grant-type:device_code"
RESOURCE = "https://outlook.office365.com"


def start(plain: Plain, scope: str = f"{MANAGE} openid profile offline_access") -> dict[str, Any]:
    """Begin a device code flow."""
    url = f"{plain.server.authority}/oauth2/v2.0/devicecode"
    return dict(plain.http.post(url, data={"client_id": POWERSHELL, "scope": scope}).json())


def poll(plain: Plain, code: str) -> requests.Response:
    """Ask whether the person is done."""
    return plain.form(grant_type=DEVICE, client_id=POWERSHELL, device_code=code)


def test_device_code_waits_for_a_person(plain: Plain, control: Callable[..., requests.Response]) -> None:
    """Pending until approved over HTTP; then a token once, with the person in it."""
    flow = start(plain)
    assert flow["user_code"] in flow["message"]
    assert poll(plain, flow["device_code"]).json()["error"] == "authorization_pending"
    assert control("POST", "devices/approve", user_code=flow["user_code"]).status_code == 204
    token = poll(plain, flow["device_code"]).json()["access_token"]
    assert plain.invoke("Get-TransportConfig", token=token).status_code == 200
    assert poll(plain, flow["device_code"]).json()["error"] == "bad_verification_code"


def test_device_code_can_be_declined_and_expires(plain: Plain) -> None:
    """A person may say no; after 15 minutes it is too late."""
    declined, late = start(plain), start(plain)
    plain.server.control.decline_device(declined["user_code"])
    assert poll(plain, declined["device_code"]).json()["error"] == "authorization_declined"
    plain.server.control.advance(901)
    assert poll(plain, late["device_code"]).json()["error"] == "expired_token"


def test_device_code_scopes(plain: Plain) -> None:
    """Only Exchange's delegated permission is known."""
    assert start(plain, "https://outlook.office365.com/Mail.Read")["error"] == "invalid_scope"
    assert start(plain, "openid")["error"] == "invalid_scope"


def test_people_have_their_own_roles(plain: Plain) -> None:
    """What a person may do is what that person's roles grant."""
    flow = start(plain)
    plain.server.control.approve_device(flow["user_code"], "reader@contoso.com", ["View-Only Configuration"])
    token = poll(plain, flow["device_code"]).json()["access_token"]
    assert plain.invoke("Get-OutboundConnector", token=token).status_code == 200
    body = {"CmdletInput": {"CmdletName": "New-JournalRule", "Parameters": {}}}
    with plain.http.post(plain.url, json=body, headers=plain.headers(token), stream=True) as answer:
        assert answer.status_code == 403


def test_msal_device_flow_and_silent_refresh(plain: Plain) -> None:
    """MSAL's own device flow works, and its refresh token brings a new access token."""
    application = msal.PublicClientApplication(
        POWERSHELL, authority=plain.server.authority, http_client=plain.http, instance_discovery=False
    )
    flow = application.initiate_device_flow([MANAGE])
    plain.server.control.approve_device(flow["user_code"], "admin@contoso.com")
    found = application.acquire_token_by_device_flow(flow)
    assert found["id_token_claims"]["preferred_username"] == "admin@contoso.com"
    (account,) = application.get_accounts()
    again = application.acquire_token_silent([MANAGE], account, force_refresh=True)
    assert again["access_token"] != found["access_token"]
    assert plain.invoke("Get-TransportConfig", token=again["access_token"]).status_code == 200


def test_refresh_tokens_end_with_revocation(plain: Plain) -> None:
    """A revoked refresh token is invalid_grant."""
    flow = start(plain)
    plain.server.control.approve_device(flow["user_code"])
    found = poll(plain, flow["device_code"]).json()
    plain.server.control.revoke_tokens()
    answer = plain.form(grant_type="refresh_token", client_id=POWERSHELL, refresh_token=found["refresh_token"])
    assert answer.json()["error"] == "invalid_grant"


def test_a_confidential_client_proves_itself_beside_the_person(plain: Plain) -> None:
    """Device code and refresh token of an application with a secret want the secret too (CIPP refreshes so)."""
    url, own = f"{plain.server.authority}/oauth2/v2.0/devicecode", {"client_id": plain.account.client_id}
    flow = plain.http.post(url, data={**own, "scope": f"{MANAGE} offline_access"}).json()
    plain.server.control.approve_device(flow["user_code"])
    code = {**own, "grant_type": DEVICE, "device_code": flow["device_code"]}
    for secret, number in ((None, 7000218), ("wrong", 7000215)):
        refused = plain.form(**code, **({"client_secret": secret} if secret else {}))
        assert (refused.status_code, refused.json()["error_codes"]) == (401, [number])
    found = plain.form(**code, client_secret=plain.account.client_secret).json()
    refresh = {**own, "grant_type": "refresh_token", "refresh_token": found["refresh_token"]}
    assert plain.form(**refresh).json()["error_codes"] == [7000218]
    again = plain.form(**refresh, client_secret=plain.account.client_secret).json()
    assert plain.invoke("Get-TransportConfig", token=again["access_token"]).status_code == 200


def test_a_public_client_has_nothing_to_prove(plain: Plain) -> None:
    """A secret beside a public client's code is refused."""
    refused = plain.form(grant_type=DEVICE, client_id=POWERSHELL, device_code="x", client_secret="x")
    assert refused.json()["error_codes"] == [700025]


# managed identity


def machine(plain: Plain, metadata: str = "true", **query: str) -> requests.Response:
    """Ask as on a virtual machine."""
    url = f"{plain.server.authority_host}/metadata/identity/oauth2/token"
    params = {"api-version": "2018-02-01", "resource": RESOURCE, **query}
    return plain.http.get(url, params=params, headers={"Metadata": metadata})


def test_machine_gives_a_token(plain: Plain) -> None:
    """The metadata service answers in strings, and the token is good."""
    body = machine(plain).json()
    assert (body["token_type"], body["resource"], body["expires_in"]) == ("Bearer", RESOURCE, "3599")
    assert plain.invoke("Get-TransportConfig", token=body["access_token"]).status_code == 200


def test_machine_refuses(plain: Plain) -> None:
    """Header, version, resource and identity are each checked."""
    assert machine(plain, metadata="").status_code == 400
    assert machine(plain, **{"api-version": "1"}).status_code == 400
    assert machine(plain, resource="https://unknown.example").json()["error"] == "invalid_resource"
    answer = machine(plain, client_id="00000000-0000-4000-8000-000000000000")
    assert answer.json()["error_description"] == "Identity not found"


@pytest.mark.parametrize("name", ["client_id", "object_id", "principal_id", "msi_res_id", "mi_res_id"])
def test_machine_gives_no_other_identity_than_the_one_asked_for(plain: Plain, name: str) -> None:
    """Whoever names an identity that is not assigned is refused, by whatever the name is."""
    assert machine(plain, **{name: "00000000-0000-4000-8000-000000000000"}).status_code == 400
    assert machine(plain, **{name: ""}).status_code == 400


def test_machine_finds_identities_by_object_id(plain: Plain) -> None:
    """An assigned identity is found by its object id; two names at once are refused."""
    found = plain.server.control.change_application(managed_identity=True)
    body = machine(plain, object_id=found.object_id).json()
    assert body["client_id"] == plain.account.client_id
    assert machine(plain, object_id=found.object_id, client_id=found.client_id).status_code == 400


def test_app_service_wants_its_header(plain: Plain) -> None:
    """Without the secret header there is no token."""
    url = plain.server.app_service_environment()["IDENTITY_ENDPOINT"]
    params = {"api-version": "2019-08-01", "resource": RESOURCE}
    assert plain.http.get(url, params=params).status_code == 401
    assert plain.http.get(url, params=params, headers={"X-IDENTITY-HEADER": "wrong"}).status_code == 401


@pytest.mark.parametrize("place", ["machine_environment", "app_service_environment"])
@pytest.mark.parametrize("assigned", [False, True])
def test_msal_finds_the_managed_identity(
    plain: Plain, monkeypatch: pytest.MonkeyPatch, place: str, assigned: bool
) -> None:
    """MSAL's client works in both places, with the system's identity and with a named one."""
    for name, value in getattr(plain.server, place)().items():
        monkeypatch.setenv(name, value)
    identity: Any = msal.SystemAssignedManagedIdentity()
    if assigned:
        plain.server.control.change_application(managed_identity=True)
        identity = msal.UserAssignedManagedIdentity(client_id=plain.account.client_id)
    client = msal.ManagedIdentityClient(identity, http_client=plain.http)
    found = client.acquire_token_for_client(resource=RESOURCE)
    assert "access_token" in found, json.dumps(found)
    assert plain.invoke("Get-TransportConfig", token=found["access_token"]).status_code == 200
