"""Signing in with the Azure CLI: `az` is a program on PATH, here a script that answers as it does."""

import json
import os
import stat
from collections.abc import Callable
from pathlib import Path

import pytest

from area1_provider.auth import Tokens
from area1_provider.auth.azure_cli import AzureCliSource
from area1_provider.auth.sources import Surroundings
from area1_provider.emulator import Emulator
from area1_provider.errors import SignInError
from area1_provider.settings import load

SignIn = Callable[..., Tokens]
CLI = {"ARM_USE_CLI": "true"}


@pytest.fixture
def az(tmp_path: Path) -> Callable[[str], dict[str, str]]:
    """Put a script on a PATH of its own as `az`, and give the environment to run it in."""

    def install(script: str) -> dict[str, str]:
        path = tmp_path / "bin" / "az"
        path.parent.mkdir(exist_ok=True)
        path.write_text(f"#!/bin/sh\n{script}\n")
        path.chmod(path.stat().st_mode | stat.S_IXUSR)
        return {"PATH": f"{path.parent}{os.pathsep}{os.defpath}", "OUT": str(tmp_path / "arguments")}

    return install


def refused(tokens: Tokens) -> SignInError:
    """Give the error with which no token is given."""
    with pytest.raises(SignInError) as caught:
        tokens.get()
    return caught.value


def test_token(emulator: Emulator, sign_in: SignIn, az: Callable[[str], dict[str, str]], tmp_path: Path) -> None:
    """The token that az prints is used; az is asked for this tenant and this cloud's Exchange."""
    issued = sign_in({"ARM_CLIENT_SECRET": emulator.account().client_secret}).get().value
    (tmp_path / "answer").write_text(json.dumps({"accessToken": issued, "expires_on": 1, "tokenType": "Bearer"}))
    environ = az(f'echo "$@" > "$OUT"; cat "{tmp_path}/answer"')

    assert sign_in(CLI, environ=environ).get().value == issued
    assert Path(environ["OUT"]).read_text().split() == [
        *("account", "get-access-token", "--output", "json"),
        *("--resource", "https://outlook.office365.com", "--tenant", emulator.account().tenant_id),
    ]


def test_not_installed(sign_in: SignIn, tmp_path: Path) -> None:
    """Without az on PATH that is what is said."""
    assert "The Azure CLI (az) is not on PATH" in str(refused(sign_in(CLI, environ={"PATH": str(tmp_path)})))


def test_not_signed_in(emulator: Emulator, sign_in: SignIn, az: Callable[[str], dict[str, str]]) -> None:
    """When nobody is signed in, the command to do so is given, with tenant and scope."""
    environ = az("echo \"ERROR: Please run 'az login' to setup account.\" >&2; exit 1")
    text = str(refused(sign_in(CLI, environ=environ)))

    tenant = emulator.account().tenant_id
    assert f"az login --tenant {tenant} --scope https://outlook.office365.com/.default" in text
    assert "az said: ERROR: Please run 'az login' to setup account." in text


def test_code(sign_in: SignIn, az: Callable[[str], dict[str, str]]) -> None:
    """A code of Entra's in what az says is explained like any other."""
    error = refused(sign_in(CLI, environ=az("echo 'ERROR: AADSTS50076: Due to a configuration change' >&2; exit 1")))

    assert error.code == "AADSTS50076"
    assert "multi-factor authentication is needed" in str(error)


@pytest.mark.parametrize("answer", ["", "no json", "[]", '{"token": "canary"}'])
def test_strange_answer(sign_in: SignIn, az: Callable[[str], dict[str, str]], answer: str) -> None:
    """An answer without a token is said to be one, and never shown."""
    text = str(refused(sign_in(CLI, environ=az(f"printf '%s' '{answer}'"))))

    assert "its answer holds no token" in text
    assert "canary" not in text


def test_unrunnable(sign_in: SignIn, az: Callable[[str], dict[str, str]]) -> None:
    """A program that does not run is named."""
    environ = az("")
    path = Path(environ["PATH"].split(os.pathsep)[0]) / "az"
    path.write_bytes(b"#!/no/such/interpreter\n")

    assert f"{path} does not run" in str(refused(sign_in(CLI, environ=environ)))


def test_hanging(place: dict[str, str], az: Callable[[str], dict[str, str]]) -> None:
    """A program that never answers is given up on."""
    settings = load({**place, **CLI}, {})
    here = Surroundings(settings, None, lambda: 0.0, az("exec sleep 60"), print, lambda _: None)

    with pytest.raises(SignInError, match="az gave no answer within 0 s"):
        AzureCliSource(here, seconds=0.2)(None, fresh=False)
