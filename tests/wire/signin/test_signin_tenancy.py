"""The token's tenant against the settings': where they disagree no token is given out, so nothing can be written."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from signin_servers import Recorder

from area1_provider.auth import Tokens
from area1_provider.emulator import Emulator
from area1_provider.errors import SignInError, WrongTenant
from area1_provider.settings import load

SignIn = Callable[..., Tokens]
OTHER = "fabrikam.onmicrosoft.com"


@pytest.fixture
def machine(emulator: Emulator, monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """Give the variables of a machine of the first tenant, whose token is of that tenant whatever is named."""
    monkeypatch.delenv("IDENTITY_ENDPOINT", raising=False)
    for name, value in emulator.app_service_environment().items():
        monkeypatch.setenv(name, value)
    return {"ARM_USE_MSI": "true", "ARM_CLIENT_ID": ""}


def refused(tokens: Tokens) -> WrongTenant:
    """Give the error with which no token is given."""
    with pytest.raises(WrongTenant) as caught:
        tokens.get()
    return caught.value


@pytest.mark.parametrize("form", ["tenant_id", "organization"])
def test_machine_of_another_tenant(emulator: Emulator, sign_in: SignIn, machine: dict[str, str], form: str) -> None:
    """A managed identity's token is of the machine's tenant: settings that name another, in either form, are refused."""
    there = emulator.control.add_tenant(OTHER)
    error = refused(sign_in({**machine, "ARM_TENANT_ID": getattr(there, form)}))

    assert error.token_tenant == emulator.account().tenant_id
    for said in (there.tenant_id, "ARM_TENANT_ID", f"managed identity is for tenant {error.token_tenant}", "Nothing"):
        assert said in str(error)


def test_machine_named_by_its_domain(
    emulator: Emulator, sign_in: SignIn, machine: dict[str, str], http: Recorder
) -> None:
    """A domain of the machine's own tenant is looked up without signing in, once for all tokens."""
    tokens = sign_in({**machine, "ARM_TENANT_ID": emulator.account().organization})
    tokens.get()
    tokens.get(fresh=True)

    assert sum("openid-configuration" in url for _, url in http.sent) == 1
    assert http.posts == 0


def test_machine_with_a_tenant_that_does_not_exist(sign_in: SignIn, machine: dict[str, str]) -> None:
    """A tenant that nobody knows is refused with Entra's code, not taken for the machine's."""
    with pytest.raises(SignInError, match=r"there is no tenant nobody\.onmicrosoft\.com in this cloud") as caught:
        sign_in({**machine, "ARM_TENANT_ID": "nobody.onmicrosoft.com"}).get()

    assert caught.value.code == "AADSTS90002"


def test_azure_cli_of_another_tenant(emulator: Emulator, sign_in: SignIn, tmp_path: Path) -> None:
    """An az that gives another tenant's token than the one it was asked for is found out."""
    own = sign_in({"ARM_CLIENT_SECRET": emulator.account().client_secret}).get().value
    az = tmp_path / "bin" / "az"
    az.parent.mkdir()
    az.write_text(f"#!/bin/sh\nprintf '%s' '{json.dumps({'accessToken': own})}'\n")
    az.chmod(0o755)
    there = emulator.control.add_tenant(OTHER)
    environ = {"PATH": f"{az.parent}:/usr/bin:/bin"}

    error = refused(sign_in({"ARM_USE_CLI": "true", "ARM_TENANT_ID": there.tenant_id}, environ=environ))

    assert own not in str(error)


@pytest.fixture
def copied(emulator: Emulator, place: dict[str, str], http: Recorder) -> Callable[[str, str], Tokens]:
    """Sign in with the first tenant's stack config, copied to a place whose environment is the other tenant's.

    The application is known in both, as a service provider's is, so that Entra has no reason to refuse.
    """
    there = emulator.control.add_tenant(OTHER)
    application = emulator.control.application()
    emulator.control.put_application(application, there.organization)

    def tokens(stated: str, ambient: str) -> Tokens:
        environ: dict[str, Any] = {**place, "ARM_TENANT_ID": ambient, "ARM_CLIENT_SECRET": application.secrets[0].value}
        return Tokens(load(environ, {"tenant": stated}), http=http)

    return tokens


@pytest.mark.parametrize("form", ["tenant_id", "organization"])
def test_copied_stack_config(emulator: Emulator, copied: Callable[[str, str], Tokens], form: str) -> None:
    """A stack config of one tenant and a place of another are told apart by the token, however they are written."""
    there = emulator.control.tenant(OTHER)
    error = refused(copied(emulator.account().organization, getattr(there, form)))

    for said in (there.tenant_id, "ARM_TENANT_ID", emulator.account().tenant_id):
        assert said in str(error)


@pytest.mark.parametrize("form", ["tenant_id", "organization"])
def test_one_tenant_in_two_words(emulator: Emulator, copied: Callable[[str, str], Tokens], form: str) -> None:
    """The same tenant by domain in one place and by GUID in the other is one tenant."""
    own = emulator.account()
    other_form = own.organization if form == "tenant_id" else own.tenant_id

    assert copied(getattr(own, form), other_form).get().tenant_id == own.tenant_id
