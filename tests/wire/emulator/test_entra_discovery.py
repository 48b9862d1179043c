"""Discovery: what clients ask before they sign in, at loopback and at the cloud's own names."""

import msal
import pytest
import requests
from joserfc import jwt
from joserfc.jwk import KeySet
from plain_client import Plain

SCOPE = "https://outlook.office365.com/.default"


def configuration(plain: Plain, host: str, tenant: str) -> dict[str, str]:
    """Ask for the OpenID configuration."""
    return dict(plain.http.get(f"{host}/{tenant}/v2.0/.well-known/openid-configuration").json())


@pytest.mark.parametrize("tenant", ["contoso.com", "contoso.onmicrosoft.com"])
def test_configuration_is_right_for_the_host(plain: Plain, tenant: str) -> None:
    """Addresses and issuer name the host through which the client came, and the tenant by its id."""
    for host in (plain.server.authority_host, "https://login.microsoftonline.com"):
        found = configuration(plain, host, tenant)
        base = f"{host}/{plain.account.tenant_id}"
        assert found["issuer"] == f"{base}/v2.0"
        assert found["token_endpoint"] == f"{base}/oauth2/v2.0/token"
        assert found["device_authorization_endpoint"] == f"{base}/oauth2/v2.0/devicecode"


def test_keys_check_tokens(plain: Plain) -> None:
    """Anybody can check a token with the keys that discovery leads to."""
    found = configuration(plain, plain.server.authority_host, "contoso.com")
    keys = KeySet.import_key_set(plain.http.get(found["jwks_uri"]).json())
    token = jwt.decode(plain.token(), keys, algorithms=["RS256"])
    assert token.claims["tid"] == plain.account.tenant_id
    assert token.header["kid"] in {key.kid for key in keys}


@pytest.mark.parametrize("word", ["common", "organizations", "consumers"])
def test_configuration_for_anyone(plain: Plain, word: str) -> None:
    """Where no tenant is named the issuer holds a placeholder, and addresses the word, as at the real host."""
    found = configuration(plain, plain.server.authority_host, word)
    assert found["issuer"].endswith("/{tenantid}/v2.0")
    assert found["token_endpoint"].endswith(f"/{word}/oauth2/v2.0/token")
    assert plain.http.get(found["jwks_uri"]).json()["keys"]


def test_configuration_of_version_1(plain: Plain) -> None:
    """The older clients' configuration leads to the older token endpoint, by GET and by HEAD."""
    url = f"{plain.server.authority}/.well-known/openid-configuration"
    found = plain.http.get(url).json()
    assert found["issuer"] == f"https://sts.windows.net/{plain.account.tenant_id}/"
    assert found["token_endpoint"] == f"{plain.server.authority}/oauth2/token"
    assert plain.http.head(url).status_code == 200


def instance(plain: Plain, endpoint: str) -> requests.Response:
    """Ask the login host about an authority."""
    url = "https://login.microsoftonline.com/common/discovery/instance"
    return plain.http.get(url, params={"api-version": "1.1", "authorization_endpoint": endpoint})


def test_instance_discovery_knows_the_clouds(plain: Plain) -> None:
    """A known login host is answered with its aliases and the tenant's configuration."""
    answer = instance(plain, "https://login.microsoftonline.com/contoso.com/oauth2/v2.0/authorize").json()
    place = "https://login.microsoftonline.com/contoso.com/v2.0/.well-known/openid-configuration"
    assert answer["tenant_discovery_endpoint"] == place
    assert any("login.windows.net" in cloud["aliases"] for cloud in answer["metadata"])


@pytest.mark.parametrize(
    ("endpoint", "place"),
    [
        ("https://login.windows.net/common/oauth2/authorize", "https://login.windows.net/common/"),
        ("https://login.microsoftonline.us/x/oauth2/v2.0/authorize", "https://login.microsoftonline.us/x/v2.0/"),
        ("https://login.microsoftonline.com", "https://login.microsoftonline.com/common/"),
    ],
)
def test_instance_discovery_answers_in_the_version_asked_about(plain: Plain, endpoint: str, place: str) -> None:
    """An authority of version 1 (ADAL) has its configuration at version 1, those of other clouds at their hosts."""
    answer = instance(plain, endpoint).json()
    assert answer["tenant_discovery_endpoint"] == f"{place}.well-known/openid-configuration"


@pytest.mark.parametrize(
    "endpoint", ["https://evil.example/x/oauth2/authorize", "http://login.microsoftonline.com/x", "x"]
)
def test_instance_discovery_refuses_strangers(plain: Plain, endpoint: str) -> None:
    """An authority that is none of Microsoft's is invalid_instance."""
    answer = instance(plain, endpoint)
    assert (answer.status_code, answer.json()["error"]) == (400, "invalid_instance")
    assert "AADSTS50049" in answer.json()["error_description"]


def sign_in(plain: Plain, authority: str, **options: object) -> dict[str, str]:
    """Sign in by MSAL."""
    application = msal.ConfidentialClientApplication(
        plain.account.client_id,
        client_credential=plain.account.client_secret,
        authority=authority,
        http_client=plain.http,
        **options,
    )
    return dict(application.acquire_token_for_client([SCOPE]))


def test_msal_with_instance_discovery_on(plain: Plain) -> None:
    """MSAL as it comes works where the cloud's names lead here."""
    found = sign_in(plain, f"https://login.microsoftonline.com/{plain.account.tenant_id}")
    assert plain.invoke("Get-TransportConfig", token=found["access_token"]).status_code == 200


def test_msal_with_instance_discovery_off(plain: Plain) -> None:
    """MSAL pointed at loopback works with authority validation off."""
    found = sign_in(plain, plain.server.authority, instance_discovery=False)
    assert plain.invoke("Get-TransportConfig", token=found["access_token"]).status_code == 200


def test_msal_validates_authorities_here(plain: Plain) -> None:
    """With its instance discovery pointed here, MSAL accepts loopback and refuses strangers."""
    own = f"{plain.server.authority_host}/common/discovery/instance"
    assert "access_token" in sign_in(plain, plain.server.authority, instance_discovery=own)
    with pytest.raises(ValueError, match="invalid_instance"):
        sign_in(plain, "https://evil.example/contoso.com", instance_discovery=own)


def test_msal_refuses_loopback_as_the_real_host_does(plain: Plain) -> None:
    """Asked by its cloud name, the host does not know loopback authorities."""
    with pytest.raises(ValueError, match="invalid_instance"):
        sign_in(plain, plain.server.authority)


def test_msal_hears_of_unknown_tenants(plain: Plain) -> None:
    """An unknown tenant is found at discovery."""
    with pytest.raises(ValueError, match=r"nowhere\.example"):
        sign_in(plain, f"{plain.server.authority_host}/nowhere.example", instance_discovery=False)


def test_msal_hears_of_wrong_secrets(plain: Plain) -> None:
    """MSAL hands Entra's refusal on."""
    plain.server.control.change_application(secrets=())
    found = sign_in(plain, plain.server.authority, instance_discovery=False)
    assert found["error"] == "invalid_client"
    assert found["error_codes"] == [7000215]
