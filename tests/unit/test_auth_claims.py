"""Claims: what a token must say before it is used."""

import base64
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from area1_provider.auth.claims import payload_of, read_token, when
from area1_provider.errors import SignInError
from area1_provider.settings import load

TENANT = "7d1f7f4a-0000-4000-8000-00000000000a"
NOW = 1_800_000_000.0
SETTINGS = load({"ARM_TENANT_ID": TENANT, "ARM_CLIENT_ID": "app", "ARM_CLIENT_SECRET": "s"}, {})
CLAIMS = {
    "aud": "https://outlook.office365.com",
    "tid": TENANT,
    "appid": "app",
    "roles": ["Exchange.ManageAsApp"],
    "nbf": NOW - 300,
    "exp": NOW + 3600,
}


def encoded(part: object) -> str:
    """Encode one part of a JWT."""
    return base64.urlsafe_b64encode(json.dumps(part).encode()).rstrip(b"=").decode()


def jwt(**changes: Any) -> str:
    """Give a token with these claims changed; None leaves one out."""
    claims = {name: value for name, value in {**CLAIMS, **changes}.items() if value is not None}
    return f"{encoded({'alg': 'RS256'})}.{encoded(claims)}.c2ln"


def refused(token: str) -> str:
    """Give the text with which a token is refused."""
    with pytest.raises(SignInError) as caught:
        read_token(token, SETTINGS, NOW)
    return str(caught.value)


def test_app_token() -> None:
    """An application's token gives tenant, application, app roles and end."""
    token = read_token(jwt(), SETTINGS, NOW)

    assert (token.tenant_id, token.app_id, token.roles) == (TENANT, "app", ("Exchange.ManageAsApp",))
    assert (token.expires_on, token.scopes, token.user) == (NOW + 3600, (), "")


def test_person_token() -> None:
    """A person's token gives name and delegated permissions, and no app role."""
    token = read_token(jwt(roles=None, scp="Exchange.Manage openid", upn="a@contoso.com"), SETTINGS, NOW)

    assert (token.roles, token.scopes, token.user) == ((), ("Exchange.Manage", "openid"), "a@contoso.com")


def test_version_2_token() -> None:
    """A token of version 2 names the application as azp and Exchange by its application id."""
    token = read_token(jwt(appid=None, azp="app", aud="00000002-0000-0ff1-ce00-000000000000"), SETTINGS, NOW)

    assert token.app_id == "app"


def test_value_is_hidden() -> None:
    """The token itself is in no repr."""
    value = jwt()

    assert value not in repr(read_token(value, SETTINGS, NOW))


def test_trailing_slash_of_audience() -> None:
    """The audience may carry a slash at its end, as some issuers write it."""
    assert read_token(jwt(aud="https://outlook.office365.com/"), SETTINGS, NOW).tenant_id == TENANT


@pytest.mark.parametrize(
    "audience",
    ["https://graph.microsoft.com", "https://outlook.office365.us", "", None, ["https://outlook.office365.com"]],
)
def test_other_audience(audience: object) -> None:
    """A token for anything but this cloud's Exchange is refused, naming both and the cloud setting."""
    text = refused(jwt(aud=audience))

    assert "not for https://outlook.office365.com" in text
    assert "ARM_ENVIRONMENT" in text


def test_no_tenant() -> None:
    """A token without tid is refused: the tenant guard would have nothing to compare."""
    assert "names no tenant" in refused(jwt(tid=None))


def test_ended_on_arrival() -> None:
    """A token that is over on arrival is laid at the clock's door, with both times."""
    text = refused(jwt(exp=NOW - 60))

    assert "ended at 2027-01-15 07:59:00 UTC" in text
    assert "clock says 2027-01-15 08:00:00 UTC" in text


def test_begins_later() -> None:
    """A token of the future is laid at the clock's door, but not within the five minutes that Entra allows."""
    assert "begins at" in refused(jwt(nbf=NOW + 301))
    assert read_token(jwt(nbf=NOW + 299), SETTINGS, NOW).tenant_id == TENANT


@pytest.mark.parametrize("exp", [None, "tomorrow", True])
def test_no_end(exp: object) -> None:
    """A token that does not say when it ends is none of Entra's."""
    assert "does not say when it ends" in refused(jwt(exp=exp))


@pytest.mark.parametrize(
    "value", ["", "abc", "a.b", "a.b.c", "a.b.c.d", f"x.{encoded([1])}.y", "x.€.y", "x.eyJhIjox.y"]
)
def test_no_jwt(value: str) -> None:
    """Whatever is no JWT is refused as such, and not shown."""
    assert "is no token" in refused(value)


@given(st.text(max_size=60))
def test_payload_never_fails(value: str) -> None:
    """No text makes the reader fail: it is a JWT or it is none."""
    assert payload_of(value) is None or isinstance(payload_of(value), dict)


@given(st.dictionaries(st.sampled_from(sorted(CLAIMS)), st.none() | st.integers() | st.text() | st.lists(st.text())))
def test_any_claims(changes: dict[str, Any]) -> None:
    """Whatever the claims hold, a token comes out or a SignInError."""
    try:
        token = read_token(jwt(**changes), SETTINGS, NOW)
    except SignInError:
        return
    assert token.tenant_id


def test_impossible_time() -> None:
    """A time beyond the calendar is still said."""
    assert when(1e30) == "second 1e+30"
