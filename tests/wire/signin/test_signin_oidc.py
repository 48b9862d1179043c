"""Signing in with another issuer's token: given, in a file, or fetched from a pipeline, whenever one is needed."""

import json
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from joserfc import jwt
from joserfc.jwk import RSAKey
from signin_servers import Recorder, Serve

from area1_provider.auth import Tokens
from area1_provider.emulator import Emulator
from area1_provider.emulator.entra.applications import FederatedCredential
from area1_provider.errors import ConnectionFailed, SignInError

SignIn = Callable[..., Tokens]
ISSUER = "https://token.actions.githubusercontent.com"
SUBJECT = "repo:contoso/journaling:ref:refs/heads/main"
AUDIENCE = "api://AzureADTokenExchange"


@cache
def issuer_key() -> RSAKey:
    """Give the other issuer's key."""
    key = RSAKey.generate_key(2048, {"use": "sig", "alg": "RS256"})
    key.ensure_kid()
    return key


def assertion(**changes: Any) -> str:
    """Give a token of the other issuer with these claims changed; `life` is in seconds."""
    now = int(datetime.now(UTC).timestamp())
    life = changes.pop("life", 300)
    claims = {"iss": ISSUER, "sub": SUBJECT, "aud": AUDIENCE, "nbf": now - 10, "exp": now + life, **changes}
    return jwt.encode({"alg": "RS256", "kid": issuer_key().kid}, claims, issuer_key())


@pytest.fixture(autouse=True)
def trusted(emulator: Emulator) -> None:
    """Let the application trust the issuer's tokens for the subject."""
    keys = {"keys": [issuer_key().as_dict(private=False)]}
    emulator.control.trust(FederatedCredential(ISSUER, SUBJECT, jwks=keys))


def refused(tokens: Tokens) -> SignInError:
    """Give the error with which no token is given."""
    with pytest.raises(SignInError) as caught:
        tokens.get()
    return caught.value


def test_given_token(emulator: Emulator, sign_in: SignIn) -> None:
    """A token in ARM_OIDC_TOKEN signs in."""
    token = sign_in({"ARM_USE_OIDC": "true", "ARM_OIDC_TOKEN": assertion()}).get()

    assert token.app_id == emulator.account().client_id


@pytest.mark.parametrize("name", ["ARM_OIDC_TOKEN_FILE_PATH", "AZURE_FEDERATED_TOKEN_FILE"])
def test_token_file(sign_in: SignIn, tmp_path: Path, name: str) -> None:
    """A token file is read again for each token, as Kubernetes expects."""
    path = tmp_path / "token"
    path.write_text(f"\ufeff{assertion()}\r\n", encoding="utf-8")  # as Windows' own tools write it
    tokens = sign_in({name: str(path)})
    tokens.get()
    path.write_text("no token any more")

    assert tokens.get().app_id
    with pytest.raises(SignInError, match=rf"token \({name}\): the token is malformed"):
        tokens.get(fresh=True)


def test_github(emulator: Emulator, sign_in: SignIn, serve: Serve) -> None:
    """In GitHub Actions a token is requested for Entra's audience, anew for each sign-in."""
    requests: list[tuple[str, str, dict[str, str], str | None]] = []

    def actions(verb: str, path: str, query: Mapping[str, str], headers: Mapping[str, str]) -> tuple[int, Any]:
        requests.append((verb, path, dict(query), headers.get("Authorization")))
        return 200, {"count": 1, "value": assertion(aud=query["audience"])}

    tokens = sign_in(
        {
            "ARM_USE_OIDC": "true",
            "ACTIONS_ID_TOKEN_REQUEST_URL": f"{serve(actions)}/idtoken?api-version=2.0",
            "ACTIONS_ID_TOKEN_REQUEST_TOKEN": "job-token",
        }
    )

    assert tokens.get().tenant_id == emulator.account().tenant_id
    assert tokens.get(fresh=True).tenant_id == emulator.account().tenant_id
    assert requests == [("GET", "/idtoken", {"api-version": "2.0", "audience": AUDIENCE}, "Bearer job-token")] * 2


def test_azure_devops(emulator: Emulator, sign_in: SignIn, serve: Serve) -> None:
    """In Azure DevOps a token is requested for the service connection."""
    requests: list[tuple[str, dict[str, str], str | None]] = []

    def pipeline(verb: str, path: str, query: Mapping[str, str], headers: Mapping[str, str]) -> tuple[int, Any]:
        del path
        requests.append((verb, dict(query), headers.get("Authorization")))
        return 200, {"oidcToken": assertion()}

    tokens = sign_in(
        {
            "ARM_USE_OIDC": "true",
            "SYSTEM_OIDCREQUESTURI": f"{serve(pipeline)}/oidctoken",
            "SYSTEM_ACCESSTOKEN": "job-token",
            "ARM_ADO_PIPELINE_SERVICE_CONNECTION_ID": "connection",
        }
    )

    assert tokens.get().tenant_id == emulator.account().tenant_id
    assert requests == [("POST", {"api-version": "7.1", "serviceConnectionId": "connection"}, "Bearer job-token")]


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        ((403, "no"), "the pipeline issued no token (HTTP 403). Give the job `permissions: id-token: write`."),
        ((200, {"count": 0}), "the pipeline's answer holds no token"),
        ((200, "<html>"), "the pipeline's answer holds no token"),
        ((200, []), "the pipeline's answer holds no token"),
        ((200, {"value": "x"}), "the pipeline: the token is malformed"),
        ((302, ""), "redirected elsewhere, and secrets do not follow"),
    ],
)
def test_pipeline_trouble(sign_in: SignIn, serve: Serve, http: Recorder, answer: tuple[int, Any], words: str) -> None:
    """A pipeline that issues no token is named with what it lacks; nothing goes to Entra or elsewhere."""
    url = serve(lambda *_: answer)
    environ = {"ARM_USE_OIDC": "true", "ARM_OIDC_REQUEST_URL": url, "ARM_OIDC_REQUEST_TOKEN": "canary-job-token"}
    error = refused(sign_in(environ))

    assert words in str(error)
    assert "canary-job-token" not in str(error)
    assert http.posts == 0
    assert not any("elsewhere.example" in address for _, address in http.sent)


def test_azure_devops_refusal(sign_in: SignIn, serve: Serve) -> None:
    """A refusal of Azure DevOps, which is a web page, is told with what the pipeline lacks."""
    environ = {"ARM_OIDC_REQUEST_TOKEN": "t", "ARM_ADO_PIPELINE_SERVICE_CONNECTION_ID": "connection"}
    url = serve(lambda *_: (401, "<html>Sign in</html>"))
    error = refused(sign_in({"ARM_USE_OIDC": "true", "ARM_OIDC_REQUEST_URL": url, **environ}))

    assert "the pipeline issued no token (HTTP 401). Map SYSTEM_ACCESSTOKEN" in str(error)


def test_pipeline_away(sign_in: SignIn, serve: Serve) -> None:
    """A pipeline that is overloaded is trouble that passes, not a refusal."""
    url = serve(lambda *_: (503, "later"))

    with pytest.raises(ConnectionFailed, match="HTTP 503"):
        sign_in({"ARM_USE_OIDC": "true", "ARM_OIDC_REQUEST_URL": url, "ARM_OIDC_REQUEST_TOKEN": "t"}).get()


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"iss": "https://gitlab.com"}, "AADSTS700211"),
        ({"aud": "api://other"}, "AADSTS700212"),
        ({"sub": "repo:contoso/other:ref:refs/heads/main"}, "AADSTS700213"),
    ],
)
def test_mismatch(sign_in: SignIn, changes: dict[str, str], code: str) -> None:
    """What does not match the federated credential is named by Entra and shown with the value that was sent."""
    error = refused(sign_in({"ARM_OIDC_TOKEN": assertion(**changes)}))

    assert error.code == code
    assert next(iter(changes.values())) in str(error)
    assert "az ad app federated-credential list" in str(error)


def test_no_federation(emulator: Emulator, sign_in: SignIn) -> None:
    """An application without any federated credential says so."""
    emulator.control.change_application(federated=())

    assert refused(sign_in({"ARM_OIDC_TOKEN": assertion()})).code == "AADSTS70025"


def test_old_token(sign_in: SignIn, http: Recorder) -> None:
    """A token that is over is said to be, with the variable's name, before it is sent."""
    error = refused(sign_in({"ARM_OIDC_TOKEN": assertion(life=-60)}))

    assert "ARM_OIDC_TOKEN: the token ended at" in str(error)
    assert http.posts == 0


@pytest.mark.parametrize("value", ["canary", "a.b.c", json.dumps({"token": "x"})])
def test_malformed_token(sign_in: SignIn, value: str) -> None:
    """What is no token is said to be none, and not shown."""
    error = refused(sign_in({"ARM_OIDC_TOKEN": value}))

    assert "ARM_OIDC_TOKEN: the token is malformed" in str(error)
    assert value not in str(error)


def test_missing_file(sign_in: SignIn, tmp_path: Path) -> None:
    """A token file that is not there is named with its variable."""
    error = refused(sign_in({"ARM_OIDC_TOKEN_FILE_PATH": str(tmp_path / "gone")}))

    assert "gone (ARM_OIDC_TOKEN_FILE_PATH): the token cannot be read: No such file" in str(error)
