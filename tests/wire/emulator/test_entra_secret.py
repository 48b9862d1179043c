"""The token endpoint with a client secret: what it gives, and each refusal in Entra's form."""

import base64
import re
from typing import Any

import pytest
import requests
from plain_client import Plain

SCOPE = "https://outlook.office365.com/.default"
ABSENT = "00000000-1111-4222-8333-444444444444"


def refusal(answer: requests.Response, status: int, code: int, error: str) -> dict[str, Any]:
    """Check the form of a refusal and give it."""
    body = answer.json()
    assert (answer.status_code, body["error_codes"], body["error"]) == (status, [code], error)
    assert re.match(
        rf"AADSTS{code}: .+ Trace ID: [0-9a-f-]{{36}} Correlation ID: \S+ Timestamp: \d{{4}}-\d\d-\d\d \d\d:\d\d:\d\dZ$",
        body["error_description"],
    )
    assert {"timestamp", "trace_id", "correlation_id", "error_uri"} <= set(body)
    return dict(body)


def fields(plain: Plain, **changes: str) -> dict[str, str]:
    """Give a good form with changes; an empty change leaves the field out."""
    form = {
        "grant_type": "client_credentials",
        "client_id": plain.account.client_id,
        "client_secret": plain.account.client_secret,
        "scope": SCOPE,
        **changes,
    }
    return {name: value for name, value in form.items() if value}


def test_gives_a_bearer_token(plain: Plain) -> None:
    """The answer names type and lifetime and may not be cached."""
    answer = plain.form(**fields(plain))
    body = answer.json()
    assert (body["token_type"], body["expires_in"], body["ext_expires_in"]) == ("Bearer", 3599, 3599)
    assert "no-store" in answer.headers["Cache-Control"]


def test_takes_the_secret_in_the_authorization_header(plain: Plain) -> None:
    """HTTP Basic is as good as the form."""
    basic = base64.b64encode(f"{plain.account.client_id}:{plain.account.client_secret}".encode()).decode()
    url = f"{plain.server.authority}/oauth2/v2.0/token"
    form = {"grant_type": "client_credentials", "scope": SCOPE}
    assert plain.http.post(url, data=form, headers={"Authorization": f"Basic {basic}"}).status_code == 200
    broken = plain.http.post(url, data=form, headers={"Authorization": "Basic %%%"})
    refusal(broken, 400, 900144, "invalid_request")


@pytest.mark.parametrize(
    "more",
    [
        {"scope": f"{SCOPE} openid offline_access profile"},
        {"scope": f"openid profile offline_access {SCOPE}", "client_info": "1"},
        {"scope": "https://outlook.office365.com//.default", "client_info": "1", "x-client-SKU": "MSAL.NetCore"},
        {"scope": "00000002-0000-0ff1-ce00-000000000000/.default"},
    ],
)
def test_takes_what_libraries_of_other_languages_send(plain: Plain, more: dict[str, str]) -> None:
    """MSAL for Go and for Java add OpenID's scopes, others a wish for client_info; an app's token is all they get."""
    answer = plain.form(**fields(plain, **more))
    assert answer.status_code == 200, answer.text
    assert set(answer.json()) == {"token_type", "expires_in", "ext_expires_in", "access_token"}
    assert plain.invoke("Get-TransportConfig", token=answer.json()["access_token"]).status_code == 200


@pytest.mark.parametrize(
    ("changes", "status", "code", "error"),
    [
        ({"client_secret": "wrong"}, 401, 7000215, "invalid_client"),
        ({"client_secret": "\N{SNOWMAN}"}, 401, 7000215, "invalid_client"),
        ({"client_secret": ""}, 401, 7000216, "invalid_client"),
        ({"client_id": ABSENT}, 400, 700016, "unauthorized_client"),
        ({"client_id": ""}, 400, 900144, "invalid_request"),
        ({"grant_type": ""}, 400, 900144, "invalid_request"),
        ({"grant_type": "password"}, 400, 70003, "unsupported_grant_type"),
        ({"scope": ""}, 400, 900144, "invalid_request"),
        ({"scope": "https://outlook.office365.com/Exchange.Manage"}, 400, 1002012, "invalid_scope"),
        ({"scope": "openid"}, 400, 1002012, "invalid_scope"),
        ({"scope": f"{SCOPE} https://graph.microsoft.com/.default"}, 400, 70011, "invalid_scope"),
        ({"scope": "https://unknown.example/.default"}, 400, 500011, "invalid_resource"),
        ({"scope": "/.default"}, 400, 500011, "invalid_resource"),
        ({"scope": "https://outlook.office365.com/mail/.default"}, 400, 500011, "invalid_resource"),
        ({"scope": "https://outlook.office365.com?x/.default"}, 400, 500011, "invalid_resource"),
        ({"scope": "https://[/.default"}, 400, 500011, "invalid_resource"),
        ({"client_id": "fb78d390-0c51-40cd-8e17-fdbfab77341b"}, 401, 700025, "invalid_client"),
        ({"claims": "{"}, 400, 900144, "invalid_request"),
    ],
)
def test_refuses_as_entra_does(plain: Plain, changes: dict[str, str], status: int, code: int, error: str) -> None:
    """Each mistake has its code, its OAuth word and its status."""
    refusal(plain.form(**fields(plain, **changes)), status, code, error)


def test_names_the_missing_parameter(plain: Plain) -> None:
    """AADSTS900144 says which parameter is not there."""
    body = refusal(plain.form(**fields(plain, scope="")), 400, 900144, "invalid_request")
    assert "'scope'" in body["error_description"]


@pytest.mark.parametrize("tenant", [ABSENT, "nowhere.example", "%00", "a%2Fb"])
def test_unknown_tenant(plain: Plain, tenant: str) -> None:
    """A tenant that does not exist is AADSTS90002, at token endpoint and discovery alike."""
    base = f"{plain.server.authority_host}/{tenant}"
    if tenant == "a%2Fb":
        assert plain.http.post(f"{base}/oauth2/v2.0/token", data=fields(plain)).status_code == 404
        return
    refusal(plain.http.post(f"{base}/oauth2/v2.0/token", data=fields(plain)), 400, 90002, "invalid_tenant")
    refusal(plain.http.get(f"{base}/v2.0/.well-known/openid-configuration"), 400, 90002, "invalid_tenant")


def test_an_application_has_no_token_at_common(plain: Plain) -> None:
    """App-only sign-in names its tenant."""
    answer = plain.http.post(f"{plain.server.authority_host}/common/oauth2/v2.0/token", data=fields(plain))
    refusal(answer, 400, 50059, "invalid_request")


@pytest.mark.parametrize("domain", ["contoso.onmicrosoft.com", "CONTOSO.com"])
def test_tenant_by_domain(plain: Plain, domain: str) -> None:
    """A verified domain names the tenant; the token carries its id."""
    answer = plain.http.post(f"{plain.server.authority_host}/{domain}/oauth2/v2.0/token", data=fields(plain))
    assert plain.invoke("Get-TransportConfig", token=answer.json()["access_token"]).status_code == 200


def test_only_posts(plain: Plain) -> None:
    """The token endpoint takes POST, in a form."""
    url = f"{plain.server.authority}/oauth2/v2.0/token"
    refusal(plain.http.get(url), 400, 900561, "invalid_request")
    refusal(plain.http.post(url, json=fields(plain)), 400, 900144, "invalid_request")


def test_refuses_doubled_and_too_many_fields(plain: Plain) -> None:
    """A form says each thing once, and not thousands of them."""
    url = f"{plain.server.authority}/oauth2/v2.0/token"
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    for body in ("grant_type=a&grant_type=b", "&".join(f"f{n}=1" for n in range(500)), b"\xff\xfe=\x00"):
        assert plain.http.post(url, data=body, headers=headers).status_code == 400


def test_expired_secret(plain: Plain) -> None:
    """A secret that is over is told apart from a wrong one, by the emulator's clock."""
    plain.server.control.add_secret("short-lived", "2030-01-01T00:00:00+00:00")
    assert plain.form(**fields(plain, client_secret="short-lived")).status_code == 200
    plain.server.control.advance(10 * 365 * 86400)
    refusal(plain.form(**fields(plain, client_secret="short-lived")), 401, 7000222, "invalid_client")


def test_version_1_endpoint(plain: Plain) -> None:
    """The old endpoint takes a resource and answers in strings."""
    url = f"{plain.server.authority}/oauth2/token"
    form = {**fields(plain, scope=""), "resource": "https://outlook.office365.com"}
    body = plain.http.post(url, data=form).json()
    assert (body["expires_in"], body["resource"]) == ("3599", "https://outlook.office365.com")
    assert int(body["expires_on"]) - int(body["not_before"]) == 3599
    assert plain.invoke("Get-TransportConfig", token=body["access_token"]).status_code == 200
    refusal(plain.http.post(url, data=fields(plain)), 400, 900144, "invalid_request")


def test_echoes_the_correlation_id(plain: Plain) -> None:
    """A client's own id comes back in header and body."""
    sent = "0f0f0f0f-0000-4000-8000-000000000000"
    url = f"{plain.server.authority}/oauth2/v2.0/token"
    answer = plain.http.post(url, data={}, headers={"client-request-id": sent})
    assert (answer.headers["client-request-id"], answer.json()["correlation_id"]) == (sent, sent)
