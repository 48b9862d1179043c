"""Signing in when the way there is bad: nothing listens, no trust, no HTTPS, a proxy's page, a host that lures."""

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest
import trustme
from signin_servers import Recorder, Serve

from area1_provider.auth import Tokens
from area1_provider.emulator import Emulator
from area1_provider.emulator.faults import Cut, Garbage, Reset, Status
from area1_provider.errors import Area1Error, ConnectionFailed, SettingsError, SignInError, Untrusted
from area1_provider.settings import load

SignIn = Callable[..., Tokens]
SECRET = {"ARM_CLIENT_SECRET": "canary-secret"}
BUSY = {"error": "temporarily_unavailable", "error_description": "AADSTS90033: A transient error has occurred."}


def failed(tokens: Tokens) -> Area1Error:
    """Give the error with which no token is given; it never shows the secret."""
    with pytest.raises(Area1Error) as caught:
        tokens.get()
    assert "canary-secret" not in str(caught.value)
    return caught.value


def test_nothing_listens(sign_in: SignIn) -> None:
    """A sign-in host where nothing listens is named with its port; nothing was sent."""
    error = failed(sign_in({**SECRET, "AREA1_AUTHORITY_HOST": "https://localhost:1"}))

    assert isinstance(error, ConnectionFailed)
    assert not error.sent
    assert "localhost:1: connection refused" in str(error)


def test_untrusted(emulator: Emulator, place: dict[str, str], tmp_path: Path) -> None:
    """A certificate of another authority is its own error, and no secret is sent."""
    other = tmp_path / "other.pem"
    other.write_bytes(trustme.CA().cert_pem.bytes())
    settings = load({**place, **SECRET, "AREA1_CA_FILE": str(other)}, {})
    with Recorder(str(other)) as http:
        error = failed(Tokens(settings, http=http))

    assert isinstance(error, Untrusted)
    assert str(other) in str(error)
    assert emulator.authority_host.removeprefix("https://") in str(error)


def test_missing_ca_file(place: dict[str, str], tmp_path: Path) -> None:
    """A bundle that is not there is named."""
    gone = str(tmp_path / "gone.pem")
    with Recorder(gone) as http:
        error = failed(Tokens(load({**place, **SECRET, "AREA1_CA_FILE": gone}, {}), http=http))

    assert f"{gone}: no PEM bundle of certificate authorities" in str(error)


def test_plain_http_refused(place: dict[str, str]) -> None:
    """An authority that is not HTTPS is refused before there is anything to sign in with."""
    with pytest.raises(SettingsError, match="AREA1_AUTHORITY_HOST: not HTTPS"):
        load({**place, **SECRET, "AREA1_AUTHORITY_HOST": "http://localhost:1"}, {})


def test_port_without_tls(sign_in: SignIn, serve: Serve) -> None:
    """A port that speaks plain HTTP is found out, and nothing was sent."""
    url = serve(lambda *_: (200, "x"), tls=False)
    error = failed(sign_in({**SECRET, "AREA1_AUTHORITY_HOST": url.replace("http:", "https:")}))

    assert isinstance(error, ConnectionFailed)
    assert "Does the port speak HTTPS?" in str(error)


@pytest.mark.parametrize(
    "trouble",
    [Status(503), Status(429, retry_after="1"), Reset(), Cut(), Status(400, body=json.dumps(BUSY))],
    ids=["503", "429", "reset", "cut", "busy"],
)
def test_passing_trouble(emulator: Emulator, sign_in: SignIn, trouble: Any) -> None:
    """Trouble that passes is a failed connection, which may be tried again; not a refusal."""
    emulator.control.fault(trouble, surface="entra", times=0)

    assert isinstance(failed(sign_in(SECRET)), ConnectionFailed)


@pytest.mark.parametrize("form", ["canary secret/+", "canary+secret%2F%2B"], ids=["plain", "form"])
def test_page_of_errors_that_repeats_what_was_sent(emulator: Emulator, sign_in: SignIn, form: str) -> None:
    """A gateway's page that shows the request again is shown without the secret."""
    emulator.control.fault(Status(502, body=f"Bad gateway: client_secret={form}"), surface="entra", times=0)

    assert "Bad gateway: client_secret=(as sent)" in str(failed(sign_in({"ARM_CLIENT_SECRET": "canary secret/+"})))


def test_proxy_page(emulator: Emulator, sign_in: SignIn, caplog: pytest.LogCaptureFixture) -> None:
    """A proxy's page in place of an answer is said to be no sign-in host's, once and with its words."""
    emulator.control.fault(Garbage(), surface="entra", times=0)
    error = failed(sign_in(SECRET))

    assert isinstance(error, SignInError)
    assert "is no sign-in host: it answered HTTP 200" in str(error)
    assert "Proxy" in str(error)
    assert [record for record in caplog.records if record.levelname in {"WARNING", "ERROR"}] == []


def test_cut_token(sign_in: SignIn, serve: Serve, caplog: pytest.LogCaptureFixture) -> None:
    """Half a token, as a broken proxy may pass on, shows neither in the message nor in a log."""
    caplog.set_level("DEBUG")

    def answer(verb: str, path: str, query: Mapping[str, str], headers: Mapping[str, str]) -> tuple[int, Any]:
        if verb == "POST":
            return 200, '{"token_type": "Bearer", "access_token": "canary-half'
        return luring(f"https://{headers['Host']}")(verb, path, query, headers)

    error = failed(sign_in({**SECRET, "AREA1_AUTHORITY_HOST": serve(answer)}))

    assert "is no sign-in host: it answered HTTP 200" in str(error)
    assert "canary-half" not in str(error)
    assert "canary-half" not in caplog.text


def luring(target: str) -> Callable[..., tuple[int, Any]]:
    """Give a sign-in host whose discovery points to another host for tokens."""

    def answer(verb: str, path: str, query: Mapping[str, str], headers: Mapping[str, str]) -> tuple[int, Any]:
        del verb, path, query, headers
        endpoints = ("authorization_endpoint", "token_endpoint", "device_authorization_endpoint")
        return 200, {"issuer": target, **dict.fromkeys(endpoints, f"{target}/tenant/oauth2/v2.0/token")}

    return answer


def test_discovery_elsewhere(sign_in: SignIn, serve: Serve, http: Recorder) -> None:
    """A sign-in host that points elsewhere gets no secret sent there."""
    own = serve(luring("https://elsewhere.example"))
    error = failed(sign_in({**SECRET, "AREA1_AUTHORITY_HOST": own}))

    assert "pointed to https://elsewhere.example, which is none of" in str(error)
    assert http.posts == 0


def test_redirect(sign_in: SignIn, serve: Serve, http: Recorder) -> None:
    """A redirect of the token request is not followed."""

    def answer(verb: str, path: str, query: Mapping[str, str], headers: Mapping[str, str]) -> tuple[int, Any]:
        if verb == "POST":
            return 307, ""
        return luring(f"https://{headers['Host']}")(verb, path, query, headers)

    error = failed(sign_in({**SECRET, "AREA1_AUTHORITY_HOST": serve(answer)}))

    assert "redirected elsewhere, and secrets do not follow" in str(error)
    assert not any("elsewhere.example" in url for _, url in http.sent)


def test_token_that_is_none(sign_in: SignIn, serve: Serve) -> None:
    """A host that answers with something that is no JWT is found out before Exchange is asked."""

    def answer(verb: str, path: str, query: Mapping[str, str], headers: Mapping[str, str]) -> tuple[int, Any]:
        if verb == "POST":
            return 200, {"token_type": "Bearer", "expires_in": 3599, "access_token": "canary-token"}
        return luring(f"https://{headers['Host']}")(verb, path, query, headers)

    error = failed(sign_in({**SECRET, "AREA1_AUTHORITY_HOST": serve(answer)}))

    assert "is no token" in str(error)
    assert "canary-token" not in str(error)
