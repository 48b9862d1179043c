"""The control interface over HTTP: guarded, and with the same reach as the object in process."""

from collections.abc import Callable

import pytest
import requests
from plain_client import Plain

Control = Callable[..., requests.Response]


@pytest.mark.parametrize("token", [None, "", "wrong"])
def test_is_guarded(plain: Plain, token: str | None) -> None:
    """Without the control token nothing is told and nothing done."""
    headers = {} if token is None else {"Authorization": f"Bearer {token}"}
    for method, name in (("GET", "calls"), ("DELETE", "calls"), ("POST", "reset"), ("GET", "tenants")):
        assert plain.http.request(method, f"{plain.server.control_url}/{name}", headers=headers).status_code == 401


def test_logs_calls_without_values(plain: Plain, control: Control) -> None:
    """A call's log holds cmdlet, names of parameters, status and session; no value, token or secret."""
    token = plain.token()
    plain.invoke("Get-OutboundConnector", {"Identity": "canary-value"}, token=token)
    answer = control("GET", "calls")
    (call,) = answer.json()["calls"]
    assert (call["cmdlet"], call["parameters"], call["status"]) == ("Get-OutboundConnector", ["Identity"], 404)
    assert call["tenant"] == plain.account.organization
    assert call["session"] == plain.http.cookies["exchangecookie"]
    assert not [word for word in ("canary-value", token, plain.account.client_secret) if word in answer.text]
    assert control("DELETE", "calls").status_code == 204
    assert control("GET", "calls").json() == {"calls": []}


def test_numbers_calls_and_requests(plain: Plain) -> None:
    """Calls are numbered on, also over a cleared log; requests count everything that came by HTTP."""
    plain.invoke("Get-TransportConfig")
    before = plain.server.control.calls()[-1]
    plain.server.control.clear_calls()
    plain.invoke("Get-TransportConfig")
    after = plain.server.control.calls()[-1]
    assert after.n == before.n + 1
    assert after.request == before.request + 2  # a token came in between


def test_resets_a_tenant(plain: Plain, other: Plain, control: Control) -> None:
    """Reset takes away what was made in the tenant, and leaves others and the default application's secret."""
    for one in (plain, other):
        one.invoke("New-DistributionGroup", {"Name": "Group"})
    assert control("POST", "reset", tenant=plain.account.organization).status_code == 204
    assert plain.invoke("Get-DistributionGroup", {"Identity": "Group"}).status_code == 404
    assert other.invoke("Get-DistributionGroup", {"Identity": "Group"}).status_code == 200
    assert control("GET", "tenants").json()["tenants"][0]["client_secret"] == plain.account.client_secret


def test_registers_applications(plain: Plain, control: Control) -> None:
    """An application registered over HTTP signs in; its roles can be changed and it can be removed."""
    client_id = "11111111-2222-4333-8444-555555555555"
    application = {"client_id": client_id, "secrets": [{"value": "s3cret"}], "roles": ["Organization Management"]}
    assert control("POST", "applications", application=application).status_code == 204
    token = plain.token(client_id=client_id, client_secret="s3cret")
    assert plain.invoke("Get-TransportConfig", token=token).status_code == 200
    shown = control("GET", "applications")
    assert client_id in shown.text
    assert "s3cret" not in shown.text
    assert control("POST", "applications/change", client_id=client_id, changes={"app_roles": []}).status_code == 204
    token = plain.token(client_id=client_id, client_secret="s3cret")
    assert plain.invoke("Get-TransportConfig", token=token).status_code == 401
    assert control("POST", "applications/remove", client_id=client_id).status_code == 204
    assert plain.form(grant_type="client_credentials", client_id=client_id).json()["error"] == "unauthorized_client"


def test_rotates_secrets(plain: Plain, control: Control) -> None:
    """A second secret works beside the first."""
    assert control("POST", "secrets", value="second").status_code == 204
    assert plain.token(client_secret="second")
    assert plain.token()


def test_moves_the_clock_and_revokes(plain: Plain, control: Control) -> None:
    """Clock and tokens are within reach over HTTP."""
    token = plain.token()
    control("POST", "clock/advance", seconds=4000)
    assert plain.invoke("Get-TransportConfig", token=token).status_code == 401
    token = plain.token()
    control("POST", "tokens/revoke")
    assert plain.invoke("Get-TransportConfig", token=token).status_code == 401


def test_scripts_redirect_challenge_and_lag(plain: Plain, control: Control) -> None:
    """What the tenant's front and replication do is within reach over HTTP."""
    assert control("POST", "redirect", host="eur01.outlook.office365.com").status_code == 204
    assert plain.invoke("Get-TransportConfig").status_code == 302
    assert control("POST", "redirect", host=None).status_code == 204
    assert control("POST", "challenge", claims={"access_token": {"x": None}}).status_code == 204
    assert plain.invoke("Get-TransportConfig").status_code == 401
    assert control("POST", "challenge").status_code == 204
    assert control("POST", "replication-lag", reads=3, seed=1).status_code == 204
    assert plain.server.tenants[0].replication.reads == 3


def test_opens_tenants(plain: Plain, control: Control) -> None:
    """A tenant can be added while it runs; asked again, it is the same."""
    opened = control("POST", "tenants", organization="northwind.onmicrosoft.com").json()["tenant_id"]
    assert control("POST", "tenants", organization="northwind.onmicrosoft.com").json()["tenant_id"] == opened
    account = plain.server.account("northwind.onmicrosoft.com")
    assert account.tenant_id == opened
    added = Plain(plain.server, account, plain.http)
    assert added.invoke("Get-TransportConfig").status_code == 200


def test_a_bad_request_does_nothing(plain: Plain, control: Control) -> None:
    """A request with an argument too many is refused before anything is done."""
    plain.invoke("New-DistributionGroup", {"Name": "Group"})
    assert control("POST", "reset", what=1).status_code == 400
    assert plain.invoke("Get-DistributionGroup", {"Identity": "Group"}).status_code == 200


@pytest.mark.parametrize(
    ("name", "arguments", "status"),
    [
        ("reset", {"tenant": "nowhere.example"}, 404),
        ("reset", {"what": 1}, 400),
        ("clock/advance", {}, 400),
        ("clock/advance", {"seconds": "1"}, 400),
        ("clock/advance", {"seconds": 1e300}, 400),
        ("applications", {"application": {"client_id": 1}}, 400),
        ("applications", {"application": {}}, 400),
        ("applications/change", {"changes": {"roles": [1]}}, 400),
        ("applications/change", {"changes": {"colour": "red"}}, 400),
        ("applications/change", {"client_id": "nobody", "changes": {}}, 404),
        ("certificates", {"pem": "x"}, 400),
        ("federated-credentials", {"credential": {"issuer": "x"}}, 400),
        ("devices/approve", {"user_code": "NOTHING"}, 404),
        ("tenants", {"organization": "no domain"}, 400),
        ("nothing", {}, 404),
    ],
)
def test_refuses_what_makes_no_sense(control: Control, name: str, arguments: dict[str, object], status: int) -> None:
    """Bad requests to the control interface are told apart, never a crash."""
    assert control("POST", name, **arguments).status_code == status
