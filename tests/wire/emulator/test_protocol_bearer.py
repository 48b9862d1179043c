"""The bearer check: whose token, for whom, until when, with which roles."""

import base64
import json
import time
from collections.abc import Callable

import pytest
import requests
from joserfc import jwt
from joserfc.jwk import RSAKey
from plain_client import Plain


def claims_of(token: str) -> dict[str, object]:
    """Read a token's claims without checking it."""
    part = token.split(".")[1]
    return dict(json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))))


def test_wants_a_token(plain: Plain) -> None:
    """Without a token the answer is 401 and a challenge that names no error."""
    answer = plain.http.post(plain.url, json={})
    assert answer.status_code == 401
    assert answer.headers["WWW-Authenticate"].startswith("Bearer ")
    assert "error=" not in answer.headers["WWW-Authenticate"]


@pytest.mark.parametrize("token", ["x", "a.b.c", "....", "e30.e30.e30", "\xff", "a" * 20000])
def test_refuses_what_is_no_token(plain: Plain, token: str) -> None:
    """Nonsense is 401 with the reason in x-ms-diagnostics."""
    answer = plain.http.post(plain.url, json={}, headers={"Authorization": f"Bearer {token}".encode("latin-1")})
    assert answer.status_code == 401
    assert "invalid_signature" in answer.headers["x-ms-diagnostics"]


def test_refuses_foreign_signatures(plain: Plain) -> None:
    """A token with good claims and somebody else's signature is refused."""
    key = RSAKey.generate_key(2048, auto_kid=True)
    forged = jwt.encode({"alg": "RS256", "kid": key.kid}, claims_of(plain.token()), key)
    assert plain.invoke("Get-TransportConfig", token=forged).status_code == 401


def test_refuses_unsigned_tokens(plain: Plain) -> None:
    """`alg: none` does not pass."""
    _, payload, _ = plain.token().split(".")
    head = base64.urlsafe_b64encode(b'{"alg":"none","typ":"JWT"}').rstrip(b"=").decode()
    assert plain.invoke("Get-TransportConfig", token=f"{head}.{payload}.").status_code == 401


def test_refuses_another_tenants_token(plain: Plain, other: Plain) -> None:
    """A token's tenant must be the tenant in the path."""
    answer = plain.invoke("Get-TransportConfig", token=other.token())
    assert answer.status_code == 401
    assert other.invoke("Get-TransportConfig").status_code == 200


def test_refuses_another_audience(plain: Plain) -> None:
    """A Graph token is no Exchange token."""
    answer = plain.invoke("Get-TransportConfig", token=plain.token("https://graph.microsoft.com/.default"))
    assert answer.status_code == 401
    assert "invalid_resource" in answer.headers["x-ms-diagnostics"]


def test_refuses_another_clouds_audience_at_a_clouds_host(plain: Plain) -> None:
    """Through a cloud's own host only that cloud's audience is good; a regional host takes its parent's."""
    body = {"CmdletInput": {"CmdletName": "Get-TransportConfig", "Parameters": {}}}
    path = f"/adminapi/beta/{plain.account.tenant_id}/InvokeCommand"
    public = plain.headers()
    for host, status in (
        ("outlook.office365.com", 200),
        ("eur01.outlook.office365.com", 200),
        ("partner.outlook.cn", 401),
    ):
        assert plain.http.post(f"https://{host}{path}", json=body, headers=public).status_code == status
    chinese = plain.headers(plain.token("https://partner.outlook.cn/.default"))
    assert plain.http.post(f"https://partner.outlook.cn{path}", json=body, headers=chinese).status_code == 200


def test_takes_its_own_name_as_audience(plain: Plain) -> None:
    """Through loopback a token for the loopback address is good."""
    token = plain.token(f"{plain.server.exchange_url}/.default")
    assert claims_of(token)["aud"] == plain.server.exchange_url
    assert plain.invoke("Get-TransportConfig", token=token).status_code == 200


def test_tokens_expire(plain: Plain) -> None:
    """An hour later the token is over, by the emulator's own clock."""
    token = plain.token()
    plain.server.control.advance(3598)
    assert plain.invoke("Get-TransportConfig", token=token).status_code == 200
    plain.server.control.advance(10)
    answer = plain.invoke("Get-TransportConfig", token=token)
    assert answer.status_code == 401
    assert 'error="invalid_token"' in answer.headers["WWW-Authenticate"]


def test_tokens_can_be_short_lived(plain: Plain, control: Callable[..., requests.Response]) -> None:
    """A lifetime set by control is what new tokens have, and what the endpoint says."""
    assert control("POST", "tokens/lifetime", seconds=30).status_code == 204
    form = {"client_id": plain.account.client_id, "client_secret": plain.account.client_secret}
    scope = "https://outlook.office365.com/.default"
    answer = plain.form(grant_type="client_credentials", scope=scope, **form).json()
    assert answer["expires_in"] == 30
    plain.server.control.advance(31)
    assert plain.invoke("Get-TransportConfig", token=answer["access_token"]).status_code == 401
    assert control("POST", "tokens/lifetime", seconds=0).status_code == 400


def test_tokens_of_the_future_are_refused(plain: Plain) -> None:
    """A token is not good before its time."""
    plain.server.control.advance(600)
    token = plain.token()
    plain.server.control.advance(-600)
    assert plain.invoke("Get-TransportConfig", token=token).status_code == 401


def test_tokens_can_be_revoked(plain: Plain, other: Plain) -> None:
    """A revoked token is refused, a fresh one and other tenants' are not."""
    token, others = plain.token(), other.token()
    plain.server.control.revoke_tokens(plain.account.organization)
    assert plain.invoke("Get-TransportConfig", token=token).status_code == 401
    assert plain.invoke("Get-TransportConfig").status_code == 200
    assert other.invoke("Get-TransportConfig", token=others).status_code == 200


def test_grants_arrive_one_by_one(plain: Plain) -> None:
    """Neither role: 401. App role alone: 403. Both, and a fresh token: 200."""
    control = plain.server.control
    control.change_application(app_roles=(), roles=())
    bare = plain.token()
    assert "roles" not in claims_of(bare)
    assert plain.invoke("Get-TransportConfig", token=bare).status_code == 401
    control.change_application(app_roles=("Exchange.ManageAsApp",))
    assert plain.invoke("Get-TransportConfig", token=bare).status_code == 401
    granted = plain.token()
    with plain.http.post(
        plain.url,
        json={"CmdletInput": {"CmdletName": "Get-TransportConfig"}},
        headers=plain.headers(granted),
        stream=True,
    ) as answer:
        assert answer.status_code == 403
    control.change_application(roles=("Organization Management",))
    assert plain.invoke("Get-TransportConfig", token=granted).status_code == 200


@pytest.mark.parametrize("role", ["Exchange.ManageAsAppV2", "Exchange.AdminAPI.ManageAsApp"])
def test_look_alike_roles_do_not_count(plain: Plain, role: str) -> None:
    """Only Exchange.ManageAsApp opens InvokeCommand."""
    plain.server.control.change_application(app_roles=(role,))
    assert plain.invoke("Get-TransportConfig").status_code == 401


def test_challenges_for_claims(plain: Plain) -> None:
    """A scripted challenge names claims; a token asked for with them passes, others do not."""
    wanted = {"access_token": {"nbf": {"essential": True, "value": str(int(time.time()))}}}
    token = plain.token()
    plain.server.control.challenge(wanted)
    answer = plain.invoke("Get-TransportConfig", token=token)
    challenge = answer.headers["WWW-Authenticate"]
    assert answer.status_code == 401
    assert 'error="insufficient_claims"' in challenge
    sent = base64.b64decode(challenge.partition('claims="')[2].partition('"')[0]).decode()
    assert json.loads(sent) == wanted
    assert plain.invoke("Get-TransportConfig").status_code == 401
    assert plain.invoke("Get-TransportConfig", token=plain.token(claims=sent)).status_code == 200


def test_token_says_what_entras_tokens_say(plain: Plain) -> None:
    """The claims of a version 1.0 app-only token."""
    claims = claims_of(plain.token())
    tenant_id = plain.account.tenant_id
    assert claims["aud"] == "https://outlook.office365.com"
    assert claims["iss"] == f"https://sts.windows.net/{tenant_id}/"
    assert (claims["tid"], claims["appid"], claims["ver"]) == (tenant_id, plain.account.client_id, "1.0")
    assert (claims["idtyp"], claims["appidacr"], claims["roles"]) == ("app", "1", ["Exchange.ManageAsApp"])
    assert claims["oid"] == claims["sub"]
    assert {"iat", "nbf", "exp", "uti"} <= set(claims)
