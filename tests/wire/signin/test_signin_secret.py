"""Signing in with a client secret: what comes out, and how each refusal reads."""

from collections.abc import Callable

import pytest

from area1_provider.auth import Tokens
from area1_provider.emulator import Emulator
from area1_provider.errors import SignInError

SignIn = Callable[..., Tokens]


def secret(emulator: Emulator) -> dict[str, str]:
    """Give the variable with the right secret."""
    return {"ARM_CLIENT_SECRET": emulator.account().client_secret}


def refused(tokens: Tokens) -> SignInError:
    """Give the error with which no token is given."""
    with pytest.raises(SignInError) as caught:
        tokens.get()
    return caught.value


def test_token(emulator: Emulator, sign_in: SignIn) -> None:
    """The right secret gives a token of this tenant and application with its app roles."""
    token = sign_in(secret(emulator)).get()
    account = emulator.account()

    assert (token.tenant_id, token.app_id) == (account.tenant_id, account.client_id)
    assert token.roles == ("Exchange.ManageAsApp",)


def test_tenant_by_domain(emulator: Emulator, sign_in: SignIn) -> None:
    """A tenant named by its domain signs in, and the token tells its GUID."""
    token = sign_in({**secret(emulator), "ARM_TENANT_ID": emulator.account().organization}).get()

    assert token.tenant_id == emulator.account().tenant_id


def test_wrong_secret(sign_in: SignIn) -> None:
    """A wrong secret is named as such, and not shown."""
    error = refused(sign_in({"ARM_CLIENT_SECRET": "canary-wrong"}))

    assert error.code == "AADSTS7000215"
    assert "the client secret is wrong" in str(error)
    assert "canary-wrong" not in str(error)


def test_expired_secret(emulator: Emulator, sign_in: SignIn) -> None:
    """An expired secret is told apart from a wrong one."""
    emulator.control.add_secret("old", "2020-01-01T00:00:00+00:00")

    assert refused(sign_in({"ARM_CLIENT_SECRET": "old"})).code == "AADSTS7000222"


def test_unknown_application(emulator: Emulator, sign_in: SignIn) -> None:
    """An application that the tenant does not know is named together with the tenant."""
    stranger = "11111111-2222-4333-8444-555555555555"
    error = refused(sign_in({**secret(emulator), "ARM_CLIENT_ID": stranger}))

    assert error.code == "AADSTS700016"
    assert stranger in str(error)
    assert emulator.account().tenant_id in str(error)


def test_unknown_tenant(emulator: Emulator, sign_in: SignIn) -> None:
    """A tenant that does not exist is Entra's to say, and its code arrives although msal hides it."""
    error = refused(sign_in({**secret(emulator), "ARM_TENANT_ID": "nobody.onmicrosoft.com"}))

    assert error.code == "AADSTS90002"
    assert "there is no tenant nobody.onmicrosoft.com in this cloud" in str(error)


def test_public_application(emulator: Emulator, sign_in: SignIn) -> None:
    """An application registered as public client takes no secret."""
    emulator.control.change_application(public=True)

    assert refused(sign_in(secret(emulator))).code == "AADSTS700025"


def test_no_app_role(emulator: Emulator, sign_in: SignIn) -> None:
    """A token without app roles is a token all the same: what is missing is for `area1 doctor` to say."""
    emulator.control.change_application(app_roles=())

    assert sign_in(secret(emulator)).get().roles == ()


def test_refusal_is_not_kept(emulator: Emulator, sign_in: SignIn) -> None:
    """After a refusal the next try asks anew: a secret added meanwhile works at once."""
    tokens = sign_in({"ARM_CLIENT_SECRET": "soon"})
    refused(tokens)
    emulator.control.add_secret("soon")

    assert tokens.get().tenant_id == emulator.account().tenant_id
