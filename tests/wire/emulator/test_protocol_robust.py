"""What anybody may send: never a traceback, never a hang, always JSON."""

import base64
import io
import json
import socket
import ssl
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest
import requests
from hypothesis import given, settings
from hypothesis import strategies as st
from plain_client import Plain

from area1_provider.emulator import Emulator
from area1_provider.emulator.control.over_http import OPERATIONS

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=20,
)
PARAMETERS = st.dictionaries(
    st.sampled_from(
        ["Identity", "Name", "Recipient", "SmartHosts", "Members", "Enabled", "Scope", "x\0", "@odata.type"]
    ),
    JSON,
)
ARGUMENTS = st.sampled_from(
    [
        "tenant",
        "host",
        "action",
        "match",
        "application",
        "changes",
        "claims",
        "user_code",
        "reads",
        "seed",
        "pem",
        "value",
    ]
)
POWERSHELL = "fb78d390-0c51-40cd-8e17-fdbfab77341b"
LENIENT = settings(max_examples=60, deadline=None, derandomize=True)


@pytest.fixture(scope="module")
def steady(server: Emulator) -> Iterator[tuple[Plain, str]]:
    """Give one connection and one token for all examples."""
    with requests.Session() as session:
        session.verify, session.trust_env = server.ca_file, False
        plain = Plain(server, server.account(), session)
        yield plain, plain.token()


def post(plain: Plain, body: bytes, **headers: str) -> requests.Response:
    """Send raw bytes as JSON."""
    return plain.http.post(
        plain.url, data=body, headers={**plain.headers(), "Content-Type": "application/json", **headers}
    )


def raw(plain: Plain, request: bytes) -> bytes:
    """Send raw bytes over TLS and give what comes back until the server closes."""
    address = urlsplit(plain.server.exchange_url)
    context = ssl.create_default_context(cafile=plain.server.ca_file)
    with (
        socket.create_connection(("127.0.0.1", address.port or 443), timeout=60) as connection,
        context.wrap_socket(connection, server_hostname="localhost") as channel,
    ):
        channel.sendall(request)
        return channel.recv(65536)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"\xff\xfe",
        b"\x00" * 100,
        b'{"CmdletInput":{"CmdletName":"Get-TransportConfig","Parameters":{"Identity":NaN}}}',
        b'{"CmdletInput":{"CmdletName":"Get-TransportConfig","Parameters":{"Identity":"\\ud800"}}}',
        b'{"CmdletInput":{"CmdletName":"Get-\\udfff"}}',
        b"[" * 100_000,
        b'{"a":' * 5000 + b"1" + b"}" * 5000,
        b'{"CmdletInput":{"CmdletName":"X","Parameters":{"a":' + b"[" * 200 + b"]" * 200 + b"}}}",
        b"9" * 10_000,
        b'{"CmdletInput":{"CmdletName":"Get-TransportConfig","Parameters":{"Identity":1e999}}}',
        '{"CmdletInput":{"CmdletName":"Get-TransportConfig"}}'.encode("utf-16"),
        b'{"CmdletInput":{"CmdletName":"Get-TransportConfig","CmdletName":"Get-Mailbox"}}',
        b'{"CmdletInput":{"CmdletName":"Get-Mailbox","Parameters":{"Identity":"adelev","Identity":"alexw"}}}',
    ],
)
def test_bodies_that_are_no_json(plain: Plain, body: bytes) -> None:
    """Malformed, too deep, in another encoding, a name given twice: 400."""
    answer = post(plain, body)
    assert answer.status_code == 400
    assert answer.json()["error"]["code"] == "BadRequest"


def test_takes_a_byte_order_mark(plain: Plain) -> None:
    """UTF-8 with a byte order mark is UTF-8."""
    body = '{"CmdletInput":{"CmdletName":"Get-TransportConfig"}}'.encode("utf-8-sig")
    assert post(plain, body).status_code == 200


def test_bodies_too_large(plain: Plain) -> None:
    """A huge body is refused, and the client gets to read so."""
    answer = post(plain, b" " * (9 * 1024 * 1024))
    assert answer.status_code == 413
    assert plain.invoke("Get-TransportConfig").status_code == 200


def test_a_body_as_large_as_a_large_group(plain: Plain) -> None:
    """Ten thousand members fit in."""
    members = [f"user{number}@contoso.com" for number in range(10_000)]
    body = {"CmdletInput": {"CmdletName": "Get-TransportConfig", "Parameters": {"Members": members}}}
    assert plain.http.post(plain.url, json=body, headers=plain.headers()).status_code == 400


def test_encoded_bodies(plain: Plain) -> None:
    """A compressed body is refused, not guessed at."""
    assert post(plain, b"\x1f\x8b", **{"Content-Encoding": "gzip"}).status_code == 415


@given(body=JSON)
@LENIENT
def test_any_json(steady: tuple[Plain, str], body: Any) -> None:
    """Whatever JSON comes, the answer is a refusal of the 400 class in JSON."""
    plain, token = steady
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
    answer = plain.http.post(plain.url, data=json.dumps(body).encode(), headers=headers)
    assert 400 <= answer.status_code < 500
    assert "error" in answer.json()


@given(
    cmdlet=st.sampled_from(["New-JournalRule", "Set-OutboundConnector", "New-DistributionGroup", "Get-Recipient"]),
    parameters=PARAMETERS,
)
@LENIENT
def test_any_parameters(steady: tuple[Plain, str], cmdlet: str, parameters: dict[str, Any]) -> None:
    """Whatever parameters come, a cmdlet works or refuses; the server never fails."""
    plain, token = steady
    answer = plain.invoke(cmdlet, parameters, token=token)
    assert answer.status_code < 500, (answer.status_code, cmdlet, parameters)


WORDS = st.text(max_size=20) | st.sampled_from(
    [
        "client_credentials",
        "refresh_token",
        "urn:ietf:params:oauth:grant-type:device_code",
        POWERSHELL,
        "https://[/.default",
    ]
)
FIELDS = ["grant_type", "client_id", "client_secret", "scope", "resource", "device_code", "refresh_token", "claims"]


@given(
    form=st.dictionaries(st.sampled_from(FIELDS), WORDS),
    path=st.sampled_from(["v2.0/token", "token", "v2.0/devicecode"]),
)
@LENIENT
def test_any_form(steady: tuple[Plain, str], form: dict[str, str], path: str) -> None:
    """Whatever form comes, sign-in answers or refuses with a code."""
    plain, _ = steady
    answer = plain.http.post(f"{plain.server.authority}/oauth2/{path}", data=form)
    assert answer.status_code < 500, form
    assert "error_codes" in answer.json() or "user_code" in answer.json()


@given(
    header=st.dictionaries(st.sampled_from(["alg", "x5t", "x5t#S256", "x5c", "kid", "typ", "crit", "b64"]), JSON),
    claims=st.dictionaries(st.sampled_from(["iss", "sub", "aud", "exp", "nbf", "jti"]), JSON),
    own=st.booleans(),
)
@LENIENT
def test_any_assertion(steady: tuple[Plain, str], header: dict[str, Any], claims: dict[str, Any], own: bool) -> None:
    """Whatever stands in an assertion, it is refused with a code."""
    plain, _ = steady
    ours = (
        {"iss": plain.account.client_id, "sub": plain.account.client_id} if own else {"iss": "https://issuer.example"}
    )
    parts = [{"alg": "RS256", **header}, {**claims, **ours}]
    encoded = [base64.urlsafe_b64encode(json.dumps(part).encode()).rstrip(b"=").decode() for part in parts]
    answer = plain.form(
        grant_type="client_credentials",
        client_id=plain.account.client_id,
        scope="https://outlook.office365.com/.default",
        client_assertion_type="urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
        client_assertion=".".join([*encoded, "c2ln"]),
    )
    assert 400 <= answer.status_code < 500
    assert answer.json()["error_codes"]


@given(endpoint=st.text(max_size=30) | st.sampled_from(["https://[", "https://[x]/y", "//", "https://@:/"]))
@LENIENT
def test_any_authority(steady: tuple[Plain, str], endpoint: str) -> None:
    """Whatever authority is asked about, instance discovery refuses it."""
    plain, _ = steady
    url = f"{plain.server.authority_host}/common/discovery/instance"
    assert plain.http.get(url, params={"authorization_endpoint": endpoint}).status_code == 400


@given(name=st.sampled_from(sorted(set(OPERATIONS) - {"clock/advance"})), arguments=st.dictionaries(ARGUMENTS, JSON))
@LENIENT
def test_any_control(steady: tuple[Plain, str], name: str, arguments: dict[str, Any]) -> None:
    """Whatever control request comes, it works or is refused."""
    plain, _ = steady
    headers = {"Authorization": f"Bearer {plain.server.control_token}"}
    answer = plain.http.post(f"{plain.server.control_url}/{name}", json=arguments, headers=headers)
    assert answer.status_code < 500, (name, arguments)


@pytest.mark.parametrize(
    "request_",
    [
        b"GARBAGE\r\n\r\n",
        b"GET / HTTP/1.1\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: a b\r\nConnection: close\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: " + b"a" * 5000 + b"\r\nConnection: close\r\n\r\n",
        b"GET / HTTP/1.0\r\n\r\n",
        b"POST /x HTTP/1.1\r\nHost: localhost\r\nContent-Length: -1\r\n\r\n",
        b"POST /x HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\n",
    ],
)
def test_http_that_is_none(plain: Plain, request_: bytes) -> None:
    """Requests that are no HTTP, or that name no host, get a 400 and do no harm."""
    assert raw(plain, request_).startswith(b"HTTP/1.1 400")
    assert plain.invoke("Get-TransportConfig").status_code == 200


def test_a_client_that_goes_away(plain: Plain) -> None:
    """A request cut off in its body harms nobody else."""
    head = "POST /adminapi/beta/x/InvokeCommand HTTP/1.1\r\nHost: localhost\r\nContent-Length: 50\r\n\r\n{"
    address = urlsplit(plain.server.exchange_url)
    context = ssl.create_default_context(cafile=plain.server.ca_file)
    with (
        socket.create_connection(("127.0.0.1", address.port or 443), timeout=60) as connection,
        context.wrap_socket(connection, server_hostname="localhost") as channel,
    ):
        channel.sendall(head.encode())
    assert plain.invoke("Get-TransportConfig").status_code == 200


def test_the_access_log_holds_no_secret() -> None:
    """Path, status and time are logged; tokens, secrets and values are not, not even from hostile requests."""
    log = io.StringIO()
    with Emulator(log=log) as emulator, requests.Session() as session:
        session.verify, session.trust_env = emulator.ca_file, False
        plain = Plain(emulator, emulator.account(), session)
        token = plain.token()
        plain.invoke("Get-OutboundConnector", {"Identity": "canary"}, token=token)
        plain.form(grant_type="client_credentials", client_id="x", client_secret="canary")
        session.get(f"{emulator.exchange_url}/a%0d%0aforged?key=canary")
        session.get(f"{emulator.control_url}/calls", headers={"Authorization": f"Bearer {emulator.control_token}"})
    text = log.getvalue()
    assert "InvokeCommand 404" in text
    assert not [word for word in (token, emulator.control_token, plain.account.client_secret, "canary") if word in text]
    assert all(line.count(" ms") == 1 for line in text.splitlines())
