"""Signing in as the machine: virtual machine and App Service, its own identity and assigned ones."""

from collections.abc import Callable

import pytest
from signin_servers import Recorder, Serve

from area1_provider.auth import Tokens
from area1_provider.emulator import Emulator
from area1_provider.emulator.entra.applications import Application
from area1_provider.errors import ConnectionFailed, SignInError

SignIn = Callable[..., Tokens]
ASSIGNED = "11111111-2222-4333-8444-555555555555"


@pytest.fixture(autouse=True)
def nowhere(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the tests begin on a machine that msal knows nothing of; it looks into the process's environment."""
    for name in (
        "IDENTITY_ENDPOINT",
        "IDENTITY_HEADER",
        "IMDS_ENDPOINT",
        "MSI_ENDPOINT",
        "AZURE_POD_IDENTITY_AUTHORITY_HOST",
    ):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture(params=["machine", "app service", "endpoint"])
def machine(request: pytest.FixtureRequest, emulator: Emulator, monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """Give the variables of a machine in Azure, and make the process believe to be there."""
    kind = request.param
    if kind == "endpoint":
        endpoint = f"{emulator.authority_host}/metadata/identity/oauth2/token"
        return {"ARM_USE_MSI": "true", "ARM_MSI_ENDPOINT": endpoint, "ARM_CLIENT_ID": ""}
    environ = emulator.machine_environment() if kind == "machine" else emulator.app_service_environment()
    for name, value in environ.items():
        monkeypatch.setenv(name, value)
    return {"ARM_USE_MSI": "true", "ARM_CLIENT_ID": ""}


def test_own_identity(emulator: Emulator, sign_in: SignIn, machine: dict[str, str]) -> None:
    """Without a client id the machine's own identity signs in."""
    emulator.control.change_application(managed_identity=True)

    assert sign_in(machine).get().app_id == emulator.account().client_id


def test_assigned_identity(emulator: Emulator, sign_in: SignIn, machine: dict[str, str]) -> None:
    """A client id chooses a user-assigned identity."""
    emulator.control.put_application(Application(ASSIGNED, managed_identity=True))

    assert sign_in({**machine, "ARM_CLIENT_ID": ASSIGNED}).get().app_id == ASSIGNED


def test_unknown_identity(sign_in: SignIn, machine: dict[str, str]) -> None:
    """An identity that is not assigned to the machine is refused with the way out."""
    with pytest.raises(SignInError) as caught:
        sign_in({**machine, "ARM_CLIENT_ID": ASSIGNED}).get()

    assert "Identity not found" in str(caught.value)
    assert f"Assign the user-assigned identity {ASSIGNED} to this machine" in str(caught.value)


def test_fresh(sign_in: SignIn, machine: dict[str, str], http: Recorder) -> None:
    """A fresh token is asked for anew: nothing on this side keeps the old one."""
    tokens = sign_in(machine)
    tokens.get()
    tokens.get(fresh=True)

    assert len(http.sent) == 2


def test_no_machine(sign_in: SignIn) -> None:
    """Where nothing answers, the question is whether this machine is in Azure at all, not after emulators or proxies."""
    environ = {"ARM_USE_MSI": "true", "ARM_MSI_ENDPOINT": "http://127.0.0.1:1/metadata/identity/oauth2/token"}
    with pytest.raises(ConnectionFailed) as caught:
        sign_in(environ).get()

    assert str(caught.value) == (
        "No managed identity: 127.0.0.1:1: connection refused, nothing listens there. Is this machine in Azure, with an "
        "identity assigned, and is ARM_MSI_ENDPOINT right?"
    )


def test_plain_http(sign_in: SignIn, serve: Serve) -> None:
    """The metadata service speaks plain HTTP, and an answer that is none of its own is said to be unusable."""
    url = serve(lambda *_: (200, "<html>captive portal</html>"), tls=False)
    with pytest.raises(SignInError, match="the metadata service gave no usable answer"):
        sign_in({"ARM_USE_MSI": "true", "ARM_MSI_ENDPOINT": f"{url}/token"}).get()


def test_two_endpoints(sign_in: SignIn, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two metadata services named at once are refused, naming both."""
    monkeypatch.setenv("IDENTITY_ENDPOINT", "http://127.0.0.1:1/one")
    monkeypatch.setenv("IDENTITY_HEADER", "canary-header")
    with pytest.raises(SignInError) as caught:
        sign_in({"ARM_USE_MSI": "true", "ARM_MSI_ENDPOINT": "http://127.0.0.1:1/two"}).get()

    assert "/one" in str(caught.value)
    assert "/two" in str(caught.value)
    assert "canary-header" not in str(caught.value)
