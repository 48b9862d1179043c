"""Settings: what environment and stack config mean together, and what is refused with which words."""

import base64
from collections.abc import Mapping
from pathlib import Path

import pytest

from area1_provider.errors import SettingsError
from area1_provider.settings import (
    CLOUDS,
    CONFIG_KEYS,
    AssertionFile,
    AssertionRequest,
    AssertionValue,
    AzureCli,
    Certificate,
    ClientSecret,
    DeviceCode,
    ManagedIdentity,
    Oidc,
    Settings,
    SignIn,
    load,
)

TENANT = "7d1f7f4a-0000-4000-8000-00000000000a"
OTHER = "7d1f7f4a-0000-4000-8000-00000000000b"
SECRET = {"ARM_TENANT_ID": TENANT, "ARM_CLIENT_ID": "app", "ARM_CLIENT_SECRET": "s3cret"}
APP = {"ARM_TENANT_ID": TENANT, "ARM_CLIENT_ID": "app"}


def no_files(path: str) -> str:
    """Stand for a disk that holds nothing."""
    raise FileNotFoundError(2, "No such file or directory", path)


def refused(environ: Mapping[str, str], config: Mapping[str, object] | None = None, **options: bool) -> str:
    """Give the text with which these settings are refused."""
    with pytest.raises(SettingsError) as caught:
        load(environ, config or {}, read=no_files, **options)
    return str(caught.value)


def test_secret_in_environment() -> None:
    """Tenant, client id and secret in ARM_ variables are whole settings for the public cloud."""
    settings = load(SECRET, {})

    assert settings.tenant == TENANT
    assert settings.way == ClientSecret("app", "s3cret")
    assert settings.cloud is CLOUDS["public"]
    assert settings.exchange_url == "https://outlook.office365.com"
    assert settings.authority_host == "https://login.microsoftonline.com"


@pytest.mark.parametrize(
    ("environ", "way"),
    [
        ({"ARM_CLIENT_SECRET": "s"}, ClientSecret("app", "s")),
        ({"AZURE_CLIENT_SECRET": "s"}, ClientSecret("app", "s")),
        ({"ARM_CLIENT_CERTIFICATE_PATH": "c.pem"}, Certificate("app", path="c.pem")),
        (
            {"AZURE_CLIENT_CERTIFICATE_PATH": "c.pfx", "AZURE_CLIENT_CERTIFICATE_PASSWORD": "p"},
            Certificate("app", path="c.pfx", password="p"),
        ),
        (
            {"ARM_CLIENT_CERTIFICATE": base64.b64encode(b"\x30\x82").decode()},
            Certificate("app", content=b"\x30\x82"),
        ),
        ({"ARM_USE_OIDC": "true", "ARM_OIDC_TOKEN": "t"}, Oidc("app", AssertionValue("t"))),
        ({"ARM_OIDC_TOKEN_FILE_PATH": "/f"}, Oidc("app", AssertionFile("/f"))),
        ({"AZURE_FEDERATED_TOKEN_FILE": "/k8s"}, Oidc("app", AssertionFile("/k8s"))),
        (
            {"ARM_USE_AKS_WORKLOAD_IDENTITY": "true", "AZURE_FEDERATED_TOKEN_FILE": "/k8s"},
            Oidc("app", AssertionFile("/k8s")),
        ),
        (
            {
                "ARM_USE_OIDC": "true",
                "ACTIONS_ID_TOKEN_REQUEST_URL": "https://gh.example/t",
                "ACTIONS_ID_TOKEN_REQUEST_TOKEN": "r",
            },
            Oidc("app", AssertionRequest("github", "https://gh.example/t", "r")),
        ),
        (
            {
                "ARM_USE_OIDC": "true",
                "SYSTEM_OIDCREQUESTURI": "https://ado.example/t",
                "SYSTEM_ACCESSTOKEN": "r",
                "ARM_ADO_PIPELINE_SERVICE_CONNECTION_ID": "c",
            },
            Oidc("app", AssertionRequest("azure-devops", "https://ado.example/t", "r", "c")),
        ),
        ({"ARM_USE_MSI": "true"}, ManagedIdentity("app")),
        ({"ARM_USE_CLI": "true"}, AzureCli()),
        ({"AREA1_USE_DEVICE_CODE": "true"}, DeviceCode("app")),
    ],
    ids=lambda value: next(iter(value)) if isinstance(value, dict) else "",
)
def test_ways_from_environment(environ: dict[str, str], way: SignIn) -> None:
    """Each way to sign in is read from the variables that the azuread provider and Azure Identity know."""
    assert load({**APP, **environ}, {}).way == way


@pytest.mark.parametrize(
    ("config", "way"),
    [
        ({"client_secret": "s"}, ClientSecret("app", "s")),
        (
            {"client_certificate_path": "c.pem", "client_certificate_password": "p"},
            Certificate("app", "c.pem", None, "p"),
        ),
        ({"use_oidc": "true", "oidc_token": "t"}, Oidc("app", AssertionValue("t"))),
        ({"use_oidc": True, "oidc_token_file_path": "/f", "oidc_audience": "a"}, Oidc("app", AssertionFile("/f"), "a")),
        ({"use_msi": True, "msi_endpoint": "http://m"}, ManagedIdentity("app", "http://m")),
        ({"use_cli": "true"}, AzureCli()),
        ({"use_device_code": "true"}, DeviceCode("app")),
    ],
    ids=lambda value: next(iter(value)) if isinstance(value, dict) else "",
)
def test_ways_from_config(config: dict[str, object], way: SignIn) -> None:
    """Each way can be said in the stack config as well; booleans may be booleans."""
    assert load({}, {"tenant": TENANT, "client_id": "app", **config}).way == way


def test_arm_before_azure_before_config() -> None:
    """ARM_ variables win over AZURE_ ones, and both win over the stack config."""
    environ = {**SECRET, "AZURE_CLIENT_ID": "app", "AZURE_CLIENT_SECRET": "second"}
    config = {"client_id": "app", "client_secret": "third"}

    assert load(environ, config).way == ClientSecret("app", "s3cret")
    assert load({"AZURE_CLIENT_SECRET": "second"}, {"tenant": TENANT, **config}).way == ClientSecret("app", "second")


def test_environment_way_wins() -> None:
    """A way in the environment as a whole wins over another way in the stack config."""
    config = {"use_oidc": "true", "oidc_token_file_path": "/f"}

    assert load(SECRET, config).way == ClientSecret("app", "s3cret")


def test_flag_wins_over_parts() -> None:
    """A way that is asked for wins over one whose parts merely lie about."""
    settings = load({**SECRET, "ARM_USE_CLI": "true"}, {})

    assert settings.way == AzureCli()
    assert settings.because == ("ARM_USE_CLI",)


def test_false_flag_is_no_way() -> None:
    """ARM_USE_CLI=false and ARM_USE_OIDC=false choose nothing."""
    assert load({**SECRET, "ARM_USE_CLI": "false", "ARM_USE_OIDC": "0"}, {}).way == ClientSecret("app", "s3cret")


def test_kubernetes_file_gives_way() -> None:
    """The token file that Kubernetes sets in every pod does not contradict a secret set on purpose."""
    assert load({**SECRET, "AZURE_FEDERATED_TOKEN_FILE": "/k8s"}, {}).way == ClientSecret("app", "s3cret")


def test_token_before_kubernetes_file() -> None:
    """A token given on purpose is taken over the file that Kubernetes mounts, and only it is recorded."""
    settings = load({**APP, "ARM_OIDC_TOKEN": "t", "AZURE_FEDERATED_TOKEN_FILE": "/k8s"}, {})

    assert settings.way == Oidc("app", AssertionValue("t"))
    assert "oidc_token_file_path" not in settings.origin


def test_explicit_provider_first() -> None:
    """An explicit provider's own properties win over the environment, which is the stack's."""
    config = {"tenant": OTHER, "client_id": "other", "client_secret": "theirs"}
    settings = load(SECRET, config, explicit=True)

    assert (settings.tenant, settings.way) == (OTHER, ClientSecret("other", "theirs"))


def test_explicit_provider_falls_back() -> None:
    """An explicit provider that names only a tenant signs in with the environment's credentials."""
    settings = load(SECRET, {"tenant": OTHER}, explicit=True)

    assert (settings.tenant, settings.way) == (OTHER, ClientSecret("app", "s3cret"))


def test_secret_file() -> None:
    """Client id and secret may stand in files, whose last line break does not count."""
    environ = {"ARM_TENANT_ID": TENANT, "ARM_CLIENT_ID_FILE_PATH": "id", "ARM_CLIENT_SECRET_FILE_PATH": "secret"}
    files = {"id": "app\n", "secret": "s3cret\n"}

    assert load(environ, {}, read=files.__getitem__).way == ClientSecret("app", "s3cret")


def test_secret_file_on_disk(tmp_path: Path) -> None:
    """Files are read from the disk unless told otherwise; one that is no text is refused."""
    path = tmp_path / "secret"
    path.write_text("s3cret")
    environ = {**APP, "ARM_CLIENT_SECRET_FILE_PATH": str(path)}
    assert load(environ, {}).way == ClientSecret("app", "s3cret")
    path.write_bytes(b"\xff\xfe")

    with pytest.raises(SettingsError, match="it is no text file"):
        load(environ, {})


def test_origin_names_places() -> None:
    """The origin says for each setting which variable or config key it came from."""
    settings = load({"AZURE_CLIENT_ID": "app"}, {"tenant": TENANT, "client_secret": "s", "cloud": "dod"})

    assert settings.origin == {
        "tenant": "area1:tenant",
        "cloud": "area1:cloud",
        "client_id": "AZURE_CLIENT_ID",
        "client_secret": "area1:client_secret",
    }


@pytest.mark.parametrize(
    ("name", "host"),
    [
        ("public", "outlook.office365.com"),
        ("global", "outlook.office365.com"),
        ("USGovernment", "outlook.office365.us"),
        ("gcchigh", "outlook.office365.us"),
        ("dod", "outlook-dod.office365.us"),
        ("usgovernmentl5", "outlook-dod.office365.us"),
        ("china", "partner.outlook.cn"),
    ],
)
def test_clouds(name: str, host: str) -> None:
    """Each cloud, by any of its names, has its Exchange host and asks a token for that host."""
    settings = load({**SECRET, "ARM_ENVIRONMENT": name}, {})

    assert settings.exchange_url == f"https://{host}"
    assert settings.cloud.scope == f"https://{host}/.default"


def test_every_cloud_has_a_source() -> None:
    """No host is written down without saying where it is known from, and each trusts its own host."""
    for cloud in CLOUDS.values():
        assert cloud.source
        assert cloud.exchange_host in cloud.trusted_suffixes


def test_password_in_a_file() -> None:
    """A certificate's password may stand in a file as a secret may, so that no `Tenant` needs one among its settings."""
    config = {"tenant": TENANT, "client_id": "app", "client_certificate_path": "c.pfx"}
    filed = {**config, "client_certificate_password_file_path": "password"}
    settings = load({}, filed, explicit=True, read={"password": "pa55 w0rd\n"}.__getitem__)

    assert settings.way == Certificate("app", path="c.pfx", password="pa55 w0rd")
    with pytest.raises(SettingsError, match="two different passwords"):
        load({}, {**filed, "client_certificate_password": "other"}, explicit=True, read=lambda _: "pa55")


@pytest.mark.parametrize("name", ["ARM_CLIENT_ID_FILE_PATH", "ARM_CLIENT_SECRET_FILE_PATH"])
def test_empty_file(name: str) -> None:
    """A file that holds nothing is named with its variable: an empty secret would only be refused by Entra."""
    secret = {"ARM_CLIENT_SECRET": "s"} if name == "ARM_CLIENT_ID_FILE_PATH" else {"ARM_CLIENT_ID": "app"}
    with pytest.raises(SettingsError) as caught:
        load({"ARM_TENANT_ID": TENANT, **secret, name: "/file"}, {}, read=lambda _: " \n")

    assert f"{name}: /file is empty." in str(caught.value)


def test_file_that_windows_wrote(tmp_path: Path) -> None:
    """The mark at the beginning of a text that Windows' own tools write is no part of a secret."""
    path = tmp_path / "secret"
    path.write_bytes(b"\xef\xbb\xbfs3cret\r\n")

    assert load({**APP, "ARM_CLIENT_SECRET_FILE_PATH": str(path)}, {}).way == ClientSecret("app", "s3cret")


def test_nothing_set() -> None:
    """With nothing set, tenant and way are both named at once, with the ways there are."""
    text = refused({})

    assert "ARM_TENANT_ID or AZURE_TENANT_ID or area1:tenant: not set" in text
    assert "No way to sign in is set" in text
    assert "ARM_CLIENT_SECRET" in text


@pytest.mark.parametrize(
    ("part", "flag"),
    [
        ({"ACTIONS_ID_TOKEN_REQUEST_URL": "https://gh.example"}, "ARM_USE_OIDC"),
        ({"AREA1_USE_EXCHANGE_POWERSHELL_CLIENT": "true"}, "AREA1_USE_DEVICE_CODE"),
        ({"ARM_MSI_ENDPOINT": "http://localhost"}, "ARM_USE_MSI"),
    ],
)
def test_part_of_a_way_that_was_not_asked_for(part: dict[str, str], flag: str) -> None:
    """Where a part of a way is set that does not ask for it, as in a GitHub job, the missing flag is named."""
    assert f"{next(iter(part))} is set, so {flag}=true is the way here" in refused({**APP, **part})


@pytest.mark.parametrize(
    ("environ", "words"),
    [
        ({"ARM_CLIENT_SECRET": "s"}, "ARM_CLIENT_ID or AZURE_CLIENT_ID or area1:client_id: not set"),
        ({"ARM_CLIENT_CERTIFICATE_PATH": "c"}, "area1:client_id: not set"),
        (
            {"ARM_CLIENT_ID": "app", "ARM_CLIENT_CERTIFICATE_PASSWORD": "p"},
            "ARM_CLIENT_CERTIFICATE_PATH or AZURE_CLIENT_CERTIFICATE_PATH or area1:client_certificate_path: not set",
        ),
        ({"ARM_CLIENT_ID": "app", "ARM_USE_OIDC": "true"}, "area1:oidc_request_url: not set"),
        (
            {"ARM_CLIENT_ID": "app", "ARM_USE_OIDC": "true", "ACTIONS_ID_TOKEN_REQUEST_URL": "https://gh.example"},
            "area1:oidc_request_token: not set",
        ),
        (
            {
                "ARM_CLIENT_ID": "app",
                "ARM_USE_OIDC": "true",
                "SYSTEM_OIDCREQUESTURI": "https://ado.example",
                "SYSTEM_ACCESSTOKEN": "t",
            },
            "area1:ado_pipeline_service_connection_id: not set",
        ),
        ({"AREA1_USE_DEVICE_CODE": "true"}, "AREA1_USE_EXCHANGE_POWERSHELL_CLIENT=true"),
        ({"ARM_CLIENT_ID": "app", "ARM_CLIENT_SECRET_FILE_PATH": "/gone"}, "cannot read /gone: No such file"),
    ],
)
def test_half_set_way(environ: dict[str, str], words: str) -> None:
    """A way with a part missing is refused by the part's name; no other way is taken instead."""
    assert words in refused({"ARM_TENANT_ID": TENANT, **environ})


def test_microsoft_client_by_choice() -> None:
    """Microsoft's own client is used for the device code only where that is asked for."""
    environ = {"ARM_TENANT_ID": TENANT, "AREA1_USE_DEVICE_CODE": "true", "AREA1_USE_EXCHANGE_POWERSHELL_CLIENT": "true"}

    assert load(environ, {}).way == DeviceCode("fb78d390-0c51-40cd-8e17-fdbfab77341b")


@pytest.mark.parametrize(
    ("environ", "words"),
    [
        (
            {"ARM_CLIENT_SECRET": "s", "ARM_CLIENT_CERTIFICATE_PATH": "c"},
            "ARM_CLIENT_SECRET, ARM_CLIENT_CERTIFICATE_PATH",
        ),
        ({"ARM_USE_OIDC": "true", "ARM_USE_MSI": "true", "ARM_USE_CLI": "false"}, "ARM_USE_OIDC, ARM_USE_MSI: more"),
        ({"ARM_CLIENT_CERTIFICATE": "MA==", "ARM_CLIENT_CERTIFICATE_PATH": "c"}, "two certificates"),
        ({"ARM_OIDC_TOKEN": "t", "ARM_OIDC_TOKEN_FILE_PATH": "c"}, "two tokens"),
        ({"ARM_CLIENT_CERTIFICATE": "?"}, "ARM_CLIENT_CERTIFICATE: not base64"),
        ({"ARM_USE_CLI": "perhaps", "ARM_CLIENT_SECRET": "s"}, "ARM_USE_CLI: neither true nor false"),
        (
            {"AZURE_CLIENT_ID": "other", "AZURE_CLIENT_SECRET": "s"},
            "ARM_CLIENT_ID, AZURE_CLIENT_ID: AZURE_CLIENT_SECRET goes with the second",
        ),
    ],
)
def test_contradictions(environ: dict[str, str], words: str) -> None:
    """Settings that contradict each other are refused by name."""
    assert words in refused({**APP, **environ})


@pytest.mark.parametrize(
    ("environ", "config"),
    [
        ({"ARM_OIDC_REQUEST_TOKEN": "t"}, {"oidc_request_url": "https://elsewhere.example"}),
        ({"SYSTEM_ACCESSTOKEN": "t", "ACTIONS_ID_TOKEN_REQUEST_URL": "https://gh.example"}, {}),
    ],
)
def test_pipeline_token_stays_home(environ: dict[str, str], config: dict[str, str]) -> None:
    """A pipeline's token is never sent to an address that came from another place."""
    text = refused({**APP, "ARM_USE_OIDC": "true", **environ}, config)

    assert "address and token come from different places" in text


def test_pipeline_address_is_https() -> None:
    """A pipeline's token never travels unencrypted."""
    environ = {"ARM_USE_OIDC": "true", "ARM_OIDC_REQUEST_URL": "http://gh.example", "ARM_OIDC_REQUEST_TOKEN": "t"}

    assert "ARM_OIDC_REQUEST_URL: not an https:// address" in refused({**APP, **environ})


@pytest.mark.parametrize("tenant", ["common", "contoso", "https://contoso.com", "a b.com", "-.com", "1234", "x" * 300])
def test_malformed_tenant(tenant: str) -> None:
    """A tenant is a GUID or a domain; `common` is neither, because an app signs in to one tenant."""
    assert "neither a tenant's GUID nor a domain" in refused({**SECRET, "ARM_TENANT_ID": tenant})


def test_config_tenant_against_environment() -> None:
    """A stack config of one tenant with credentials of another is refused, naming both."""
    text = refused(SECRET, {"tenant": OTHER})

    assert TENANT in text
    assert OTHER in text
    assert "ARM_TENANT_ID" in text


@pytest.mark.parametrize("stated", ["contoso.onmicrosoft.com", TENANT.upper()])
def test_config_tenant_wins(stated: str) -> None:
    """The stack's tenant stands as written, also where the environment writes the same one otherwise."""
    assert load(SECRET, {"tenant": stated}).tenant == stated


def test_unknown_cloud() -> None:
    """An unknown cloud is refused with the list of those there are."""
    text = refused({**SECRET, "ARM_ENVIRONMENT": "germany"})

    assert "ARM_ENVIRONMENT: no cloud is called 'germany'. Known: public, usgovernment, dod, china" in text


@pytest.mark.parametrize("name", ["AREA1_EXCHANGE_URL", "AREA1_AUTHORITY_HOST"])
@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("http://localhost:1", "not HTTPS"),
        ("localhost:8443", "not HTTPS"),
        ("https://", "more or less than a host"),
        ("https://localhost/path", "more or less than a host"),
        ("https://me:pw@localhost", "more or less than a host"),
        ("https://localhost:port", "not an address"),
        ("https://[::1", "not an address"),
        ("https://exchange.example", "not on this machine"),
        ("https://localhost.example", "not on this machine"),
    ],
)
def test_bad_endpoint(name: str, url: str, words: str) -> None:
    """An own endpoint must be HTTPS, a bare host, and on this machine."""
    text = refused({**SECRET, name: url})

    assert f"{name}: " in text
    assert words in text
    assert "me:pw" not in text


@pytest.mark.parametrize(
    "url", ["https://localhost:8443", "https://127.0.0.1:1/", "https://[::1]:1", "https://eu.localhost"]
)
def test_endpoint_on_loopback(url: str) -> None:
    """An own endpoint on this machine needs no leave, and loses its trailing slash."""
    settings = load({**SECRET, "AREA1_EXCHANGE_URL": url, "AREA1_AUTHORITY_HOST": url}, {})

    assert settings.exchange_url == settings.authority_host == url.rstrip("/")


def test_endpoint_elsewhere_by_leave() -> None:
    """An endpoint elsewhere needs AREA1_ALLOW_CUSTOM_ENDPOINT in the environment; a stack config cannot grant it."""
    environ = {**SECRET, "AREA1_EXCHANGE_URL": "https://exchange.example"}
    allowed = load({**environ, "AREA1_ALLOW_CUSTOM_ENDPOINT": "true"}, {})

    assert allowed.exchange_url == "https://exchange.example"
    assert "not on this machine" in refused(environ, {"allow_custom_endpoint": "true"})
    assert "allow_custom_endpoint" not in CONFIG_KEYS


def test_all_problems_at_once() -> None:
    """Everything that is wrong is said at once, one problem a line."""
    environ = {
        "ARM_TENANT_ID": "?",
        "ARM_ENVIRONMENT": "mars",
        "AREA1_EXCHANGE_URL": "ftp://x",
        "ARM_CLIENT_SECRET": "s",
    }
    with pytest.raises(SettingsError) as caught:
        load(environ, {})

    assert len(caught.value.problems) == 4


def cloud_settings(**environ: str) -> Settings:
    """Give whole settings with these variables added."""
    return load({**SECRET, **environ}, {})


@pytest.mark.parametrize(
    ("url", "trusted"),
    [
        ("https://outlook.office365.com/adminapi", True),
        ("https://eur01.outlook.office365.com/adminapi", True),
        ("https://outlook.office365.com:443/", True),
        ("https://outlook.office365.com:8443/", False),
        ("http://outlook.office365.com/", False),
        ("https://eviloutlook.office365.com/", False),
        ("https://outlook.office365.com.example/", False),
        ("https://user@example.org/", False),
        ("https://outlook.office365.us/", False),
        ("/relative", False),
    ],
)
def test_trusted_hosts(url: str, trusted: bool) -> None:
    """A token may follow a redirect to the cloud's own Exchange host and below, over HTTPS, and nowhere else."""
    assert cloud_settings().trusts(url) is trusted


@pytest.mark.parametrize(
    ("url", "trusted"),
    [
        ("https://localhost:2/x", True),
        ("https://eu.localhost:3/x", True),
        ("https://outlook.office365.com/", False),
        ("http://localhost:2/x", False),
    ],
)
def test_trusted_own_endpoint(url: str, trusted: bool) -> None:
    """With an own endpoint only its host is trusted, on any port; the real Exchange is not."""
    assert cloud_settings(AREA1_EXCHANGE_URL="https://localhost:1").trusts(url) is trusted


def test_problem_said_once() -> None:
    """A setting that is asked about twice is complained about once."""
    environ = {**SECRET, "AREA1_ALLOW_CUSTOM_ENDPOINT": "maybe"}
    urls = {"AREA1_EXCHANGE_URL": "https://a.example", "AREA1_AUTHORITY_HOST": "https://a.example"}

    assert refused({**environ, **urls}).count("neither true nor false") == 1


def test_tenant_with_a_secret_file_beside_the_environment_of_another() -> None:
    """An explicit provider's own file is its secret, whatever the environment holds for the stack's tenant."""
    environ = {"ARM_CLIENT_ID": "theirs", "ARM_CLIENT_SECRET": "theirs", "ARM_TENANT_ID": TENANT}
    config = {"tenant": "fabrikam.onmicrosoft.com", "client_id": "ours", "client_secret_file_path": "file"}

    settings = load(environ, config, explicit=True, read=lambda _: "ours alone")

    assert settings.way == ClientSecret("ours", "ours alone")
    assert "ARM_CLIENT_SECRET" not in settings.origin.values()


def test_certificate_of_the_environment_beside_one_in_the_config() -> None:
    """The environment comes first as a whole: a certificate in the stack config is then not a second one."""
    environ = {"ARM_CLIENT_ID": "app", "ARM_CLIENT_CERTIFICATE_PATH": "env.pem", "ARM_TENANT_ID": TENANT}

    way = load(environ, {"client_certificate": "MA=="}).way

    assert way == Certificate("app", path="env.pem")
