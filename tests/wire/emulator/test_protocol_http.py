"""HTTP itself, as other clients than requests speak it: kept connections, chunks, 100-continue, HEAD."""

import http.client
import json
import socket
import ssl
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
from plain_client import Plain

BODY = json.dumps({"CmdletInput": {"CmdletName": "Get-TransportConfig", "Parameters": {}}}).encode()


def context(plain: Plain) -> ssl.SSLContext:
    """Trust the emulator's CA, by the name localhost."""
    return ssl.create_default_context(cafile=plain.server.ca_file)


@pytest.fixture
def connection(plain: Plain) -> Iterator[http.client.HTTPSConnection]:
    """Give one plain connection."""
    made = http.client.HTTPSConnection("localhost", urlsplit(plain.url).port, context=context(plain), timeout=30)
    yield made
    made.close()


def test_one_connection_serves_many_requests(plain: Plain, connection: http.client.HTTPSConnection) -> None:
    """Connections are kept, also after refusals and after HEAD."""
    path, headers = urlsplit(plain.url).path, plain.headers(Content_Type="application/json")
    connection.connect()
    opened = connection.sock
    for method, body, status in (
        ("POST", BODY, 200),
        ("POST", b"{", 400),
        ("GET", None, 405),
        ("HEAD", None, 405),
        ("POST", BODY, 200),
    ):
        connection.request(method, path, body, headers)
        answer = connection.getresponse()
        content = answer.read()
        assert (answer.status, bool(content)) == (status, method != "HEAD")
        assert connection.sock is opened


def test_chunked_bodies(plain: Plain, connection: http.client.HTTPSConnection) -> None:
    """A body without a length comes in chunks (.NET and Go send so where they stream)."""
    headers = plain.headers(Content_Type="application/json", Transfer_Encoding="chunked")
    parts = iter([BODY[:9], BODY[9:]])
    connection.request("POST", urlsplit(plain.url).path, parts, headers, encode_chunked=True)
    answer = connection.getresponse()
    assert (answer.status, len(json.loads(answer.read())["value"])) == (200, 1)


def test_a_client_may_ask_before_it_sends(plain: Plain) -> None:
    """`Expect: 100-continue` is answered before the body comes (curl with large bodies, .NET Framework always)."""
    parts = urlsplit(plain.url)
    lines = [f"POST {parts.path} HTTP/1.1", f"Host: {parts.netloc}", f"Content-Length: {len(BODY)}"]
    headers = plain.headers(Content_Type="application/json", Expect="100-continue", Connection="close")
    lines += [f"{name}: {value}" for name, value in headers.items()]
    with (
        socket.create_connection(("localhost", parts.port or 443), timeout=30) as bare,
        context(plain).wrap_socket(bare, server_hostname="localhost") as secured,
        secured.makefile("rwb") as stream,
    ):
        stream.write("\r\n".join([*lines, "", ""]).encode())
        stream.flush()
        assert stream.readline() == b"HTTP/1.1 100 Continue\r\n"
        assert stream.readline() == b"\r\n"
        stream.write(BODY)
        stream.flush()
        assert stream.readline() == b"HTTP/1.1 200 OK\r\n"


@pytest.mark.parametrize(
    "host", ["a b", "a/b", "user@localhost", "localhost:", "localhost:99999", "localhost:0", "[::1"]
)
def test_a_host_of_which_no_address_can_be_made(plain: Plain, host: str) -> None:
    """Answers hold absolute addresses, so a Host header that makes none is refused."""
    answer = plain.http.post(plain.url, data=BODY, headers=plain.headers(Content_Type="application/json", Host=host))
    assert (answer.status_code, answer.json()["error"]["code"]) == (400, "BadRequest")


def test_an_address_in_the_host_header(plain: Plain) -> None:
    """Who comes by an IPv6 literal stays there: in contexts, in sign-in's answers, as an authority of its own."""
    headers = plain.headers(Content_Type="application/json", Host="[::1]:8443")
    answer = plain.http.post(plain.url, data=BODY, headers=headers).json()
    assert answer["@odata.context"].startswith("https://[::1]:8443/adminapi/beta/")
    asked = f"{plain.server.authority_host}/common/discovery/instance?api-version=1.1&authorization_endpoint="
    own = f"https://[::1]:8443/{plain.account.tenant_id}"
    found = plain.http.get(f"{asked}{own}/oauth2/v2.0/authorize", headers={"Host": "[::1]:8443"})
    assert found.json()["tenant_discovery_endpoint"] == f"{own}/v2.0/.well-known/openid-configuration"


def test_http_2_is_not_offered(plain: Plain) -> None:
    """A client that would rather speak HTTP/2 falls back to HTTP/1.1."""
    asking = context(plain)
    asking.set_alpn_protocols(["h2", "http/1.1"])
    with (
        socket.create_connection(("localhost", urlsplit(plain.url).port or 443), timeout=30) as bare,
        asking.wrap_socket(bare, server_hostname="localhost") as secured,
    ):
        assert secured.selected_alpn_protocol() in {None, "http/1.1"}


def test_answers_are_not_packed(plain: Plain) -> None:
    """Gzip is a client's offer; the answer comes as it is, with its length."""
    answer = plain.invoke("Get-TransportConfig", Accept_Encoding="gzip, deflate, br")
    assert "Content-Encoding" not in answer.headers
    assert int(answer.headers["Content-Length"]) == len(answer.content)
