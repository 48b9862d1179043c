"""What the client sends, and what it makes of pages, redirects, refusals and broken answers."""

import base64
import email.utils
import gzip
import json
import os
import threading
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import trustme
from lifecycle import Clicks, Clock, Telling, exchange_of
from small_exchange import Reply, SmallExchange, page

from area1_provider import envelope, errors
from area1_provider.emulator import Emulator
from area1_provider.emulator.faults import Cut, Garbage, Reset, Status, Transient
from area1_provider.emulator.tenant import Tenant
from area1_provider.limits import Limits


@pytest.fixture(scope="session")
def authority() -> trustme.CA:
    """Give the throw-away CA of the small servers."""
    return trustme.CA()


@pytest.fixture
def small(authority: trustme.CA) -> Iterator[SmallExchange]:
    """Give a server that answers what the test wants."""
    with SmallExchange(authority) as server:
        yield server


@pytest.fixture
def other(authority: trustme.CA) -> Iterator[SmallExchange]:
    """Give a second such server."""
    with SmallExchange(authority) as server:
        yield server


@pytest.fixture
def client(
    emulator: Emulator, small: SmallExchange, authority: trustme.CA, clock: Clock, limits: Limits, tmp_path: Path
) -> Iterator[Telling]:
    """Give a client that signs in at the emulator and asks the small server."""
    bundle = tmp_path / "ca.pem"
    bundle.write_bytes(Path(emulator.ca_file).read_bytes() + authority.cert_pem.bytes())
    places = {"AREA1_EXCHANGE_URL": small.url, "AREA1_CA_FILE": str(bundle)}
    made = exchange_of({**emulator.environment(), **places}, clock, limits)
    yield made
    made.http.close()


def test_what_is_sent(client: Telling, small: SmallExchange, emulator: Emulator) -> None:
    """A call goes to the tenant's path with the token, the anchor of app-only access, and English as language."""
    client.invoke("Get-OutboundConnector", {"Identity": "Zürich"})

    (asked,) = small.asked
    tenant_id = emulator.account().tenant_id
    assert (asked.method, asked.path) == ("POST", f"/adminapi/beta/{tenant_id}/InvokeCommand")
    assert asked.body == {"CmdletInput": {"CmdletName": "Get-OutboundConnector", "Parameters": {"Identity": "Zürich"}}}
    assert asked.headers["Authorization"].startswith("Bearer ey")
    assert asked.headers["X-AnchorMailbox"] == (
        f"APP:SystemMailbox{{bb558c35-97f1-4cb9-8ff7-d53741dc928c}}@{tenant_id}"
    )
    assert asked.headers["X-CmdletName"] == "Get-OutboundConnector"
    assert asked.headers["X-ResponseFormat"] == "json"
    assert asked.headers["Prefer"] == "odata.maxpagesize=1000"
    assert asked.headers["Accept-Language"] == "en-US"
    assert asked.headers["Accept-Encoding"] == "identity"
    assert asked.headers["Content-Type"] == "application/json; charset=utf-8"


def test_ids_of_requests(client: Telling, small: SmallExchange) -> None:
    """Every request has an id of its own, all of a client share one connection-id; cookies are kept for the backend."""
    small.answers = [Reply(headers={"Set-Cookie": "backend=7; Path=/"}), Reply()]

    client.invoke("Get-TransportConfig")
    client.invoke("Get-TransportConfig")

    first, second = small.asked
    assert first.headers["client-request-id"] != second.headers["client-request-id"]
    assert first.headers["connection-id"] == second.headers["connection-id"]
    assert second.headers["Cookie"] == "backend=7"
    assert first.body["CmdletInput"]["Parameters"] == {}


def test_side_keys_and_warnings(client: Telling, small: SmallExchange) -> None:
    """Type annotations are stripped from objects; warnings are kept apart."""
    one = {"Guid@data.type": "System.Guid", "Guid@odata.type": "#Guid", "Guid": "9feb45ad"}
    small.answers = [page(one, **{"@adminapi.warnings": ["nothing was modified"]})]

    result = client.invoke("Get-TransportConfig")

    assert result.objects == [{"Guid": "9feb45ad"}]
    assert result.warnings == ["nothing was modified"]


@pytest.mark.parametrize("reply", [Reply(), Reply(body=b""), Reply(204, b"")], ids=["empty list", "empty body", "204"])
def test_writes_without_output(client: Telling, small: SmallExchange, reply: Reply) -> None:
    """All three forms of "done, nothing to show" are success: which one the service sends is not published."""
    small.answers = [reply]

    assert client.invoke("Set-TransportConfig").objects == []


def test_more_than_a_thousand(exchange: Telling, tenant: Tenant, emulator: Emulator) -> None:
    """Results of more than a page are asked for by POST with the same body until they end."""
    for number in range(1100):
        tenant.add_mailbox(f"Person {number}", f"person{number}")

    objects = exchange.invoke("Get-Recipient", {"ResultSize": "Unlimited"}).objects

    assert len({one["Guid"] for one in objects}) == len(objects) == 1107
    assert [call.page for call in emulator.control.calls()] == [1, 2]


@pytest.mark.parametrize("limits", [Limits(page_size=2)], ids=["two"])
def test_small_pages(exchange: Telling, clicks: Clicks, tenant: Tenant, emulator: Emulator) -> None:
    """The size of pages makes no difference to what comes back, nor to its order."""
    whole = [one["Guid"] for one in clicks.run("Get-Recipient")]
    emulator.control.clear_calls()

    assert [one["Guid"] for one in exchange.invoke("Get-Recipient").objects] == whole
    assert [call.page for call in emulator.control.calls()] == [1, 2, 3, 4]
    assert len(tenant.all("Mailbox")) == 5


@pytest.mark.parametrize("limits", [Limits(page_size=2)], ids=["two"])
def test_a_page_that_got_lost(exchange: Telling, emulator: Emulator) -> None:
    """A page whose backend forgot it is an error: part of a result is never taken for the whole."""
    emulator.control.fault(Status(400, body='{"error":{"message":"Expired or Invalid pagination request."}}'), nth=3)

    with pytest.raises(errors.ExchangeError, match="pagination"):
        exchange.invoke("Get-Recipient")


def test_an_answer_that_nobody_has_to_wait_for(client: Telling, small: SmallExchange, clock: Clock) -> None:
    """An operation of few seconds gives up an answer after so many, and does not ask again."""
    given_up = threading.Event()
    small.answers = [lambda _: Reply() if given_up.wait(60) else Reply(500)]
    client.begin(0.1)

    try:
        with pytest.raises(errors.ConnectionFailed, match="no answer within the time limit"):
            client.invoke("Get-OutboundConnector")
    finally:
        given_up.set()

    assert len(small.asked) == 1
    assert clock.slept == []


def test_pages_in_a_circle(client: Telling, small: SmallExchange) -> None:
    """A nextLink that was followed already is an error, not a loop."""
    small.answers = [page({"Name": "a"}, **{"@odata.nextLink": f"{small.url}/next"})]

    with pytest.raises(errors.BadAnswer, match="never end"):
        client.invoke("Get-Recipient")
    assert len(small.asked) == 2


@pytest.mark.parametrize("limits", [Limits(pages=8)], ids=["eight"])
def test_pages_without_end(client: Telling, small: SmallExchange) -> None:
    """Ever new links end at a bound."""
    small.answers = [lambda _: page(**{"@odata.nextLink": f"{small.url}/next?{len(small.asked)}"})]

    with pytest.raises(errors.BadAnswer, match="never end"):
        client.invoke("Get-Recipient")
    assert len(small.asked) == 8


@pytest.mark.parametrize("verb", ["New", "Set", "Remove", "Validate"])
def test_a_write_has_one_page(client: Telling, small: SmallExchange, verb: str) -> None:
    """A nextLink after a write is an error and not followed: the same body again would be the same change again."""
    small.answers = [page({"Name": "a"}, **{"@odata.nextLink": f"{small.url}/next"}), page()]

    with pytest.raises(errors.BadAnswer, match="further pages") as caught:
        client.invoke(f"{verb}-OutboundConnector", {"Name": "a"})
    assert caught.value.sent
    assert [asked.path.rpartition("/")[2] for asked in small.asked] == ["InvokeCommand"]


def test_next_page_at_a_stranger(client: Telling, small: SmallExchange, other: SmallExchange) -> None:
    """A nextLink to a host that is not the cloud's is refused, and nothing is sent there."""
    small.answers = [page({"Name": "a"}, **{"@odata.nextLink": f"{other.stranger_url}/next"})]

    with pytest.raises(errors.BadAnswer, match=r"127\.0\.0\.1.*nothing was sent"):
        client.invoke("Get-Recipient")
    assert other.asked == []


@pytest.mark.parametrize("status", [301, 302, 307, 308])
def test_redirect_to_a_trusted_host(client: Telling, small: SmallExchange, other: SmallExchange, status: int) -> None:
    """A redirect within the cloud is followed with method, body and token, and the client stays there."""
    small.answers = [lambda asked: Reply(status, b"", {"Location": f"{other.url}{asked.path}"})]
    other.answers = [page({"Name": "here"})]

    first = client.invoke("Get-OutboundConnector", {"Identity": "x"}).objects
    client.invoke("Get-OutboundConnector")

    assert first == [{"Name": "here"}]
    assert len(small.asked) == 1
    assert [asked.method for asked in other.asked] == ["POST", "POST"]
    assert other.asked[0].body["CmdletInput"]["Parameters"] == {"Identity": "x"}
    assert other.asked[0].headers["Authorization"] == small.asked[0].headers["Authorization"]


@pytest.mark.parametrize("scheme", ["https", "http"])
def test_redirect_to_a_stranger(client: Telling, small: SmallExchange, other: SmallExchange, scheme: str) -> None:
    """A redirect out of the cloud, or off TLS, is refused: no token leaves, no connection is made."""
    place = other.stranger_url if scheme == "https" else other.url.replace("https", "http")
    small.answers = [Reply(302, b"", {"Location": f"{place}/adminapi"})]

    with pytest.raises(errors.BadAnswer, match="nothing was sent there") as caught:
        client.invoke("New-OutboundConnector", {"Name": "x"})
    assert not caught.value.sent
    assert other.asked == []
    assert len(small.asked) == 1


def test_redirect_in_a_circle(client: Telling, small: SmallExchange) -> None:
    """Redirects without end are an error."""
    small.answers = [Reply(302, b"", {"Location": f"{small.url}/again"})]

    with pytest.raises(errors.BadAnswer, match="redirected more than"):
        client.invoke("Get-TransportConfig")
    assert len(small.asked) <= client.limits.redirects + 1


def test_a_fresh_token_after_401(exchange: Telling, emulator: Emulator) -> None:
    """A token that was revoked is fetched anew once, and the call goes through."""
    exchange.invoke("Get-TransportConfig")
    emulator.control.revoke_tokens()

    assert exchange.invoke("Get-TransportConfig").objects


def test_claims_of_a_challenge(exchange: Telling, emulator: Emulator) -> None:
    """The claims of a 401 challenge go into the next token request."""
    exchange.invoke("Get-TransportConfig")
    emulator.control.challenge({"access_token": {"nbf": {"essential": True, "value": "1604106651"}}})

    assert exchange.invoke("Get-TransportConfig").objects


def test_401_twice(client: Telling, small: SmallExchange) -> None:
    """A fresh token that is refused too is an error that says what to grant; there is no third try."""
    body = b'{"error":{"code":"Unauthorized","message":"User is not allowed to call Get-Mailbox"}}'
    small.answers = [Reply(401, b"")]

    with pytest.raises(errors.Unauthenticated, match=r"Exchange\.ManageAsApp"):
        client.invoke("Get-TransportConfig")
    assert len(small.asked) == 2
    assert small.asked[0].headers["Authorization"] != small.asked[1].headers["Authorization"]

    small.answers = [Reply(401, body)]
    with pytest.raises(errors.Denied, match="not allowed to call"):
        client.invoke("Get-Mailbox")


def test_401_to_a_token_that_cannot_be_had_anew(
    exchange: Telling, emulator: Emulator, clock: Clock, tmp_path: Path
) -> None:
    """The Azure CLI keeps its token: one that was revoked is said to be the same again, not to lack a grant."""
    answer = tmp_path / "answer"
    answer.write_text(json.dumps({"accessToken": exchange.tokens.get().value}))
    (tmp_path / "az").write_text(f'#!/bin/sh\ncat "{answer}"\n')
    (tmp_path / "az").chmod(0o755)
    own = {name: value for name, value in emulator.environment().items() if "CLIENT" not in name}
    client = exchange_of({**own, "ARM_USE_CLI": "true", "PATH": f"{tmp_path}{os.pathsep}{os.defpath}"}, clock)
    assert client.invoke("Get-TransportConfig").objects

    emulator.control.revoke_tokens()
    with pytest.raises(errors.TokenKept, match="it has been revoked: az logout, then az login"):
        client.invoke("Get-TransportConfig")
    client.http.close()


@pytest.mark.parametrize(
    "reply",
    [Reply(403, b"\0" * 64, {"Content-Encoding": "gzip"}), Reply(403, b""), Reply(403, b"\0\0")],
    ids=["NUL that claims gzip", "empty", "NUL"],
)
def test_403_that_says_nothing(client: Telling, small: SmallExchange, reply: Reply) -> None:
    """The refusal whose body is zero bytes gets a text of ours: the cmdlet, the three reasons, what to grant."""
    small.answers = [reply]

    with pytest.raises(errors.Denied, match="New-JournalRule") as caught:
        client.invoke("New-JournalRule")
    assert "role" in str(caught.value)
    assert "area1 doctor" in str(caught.value)
    assert len(small.asked) == 1


def test_a_cmdlet_that_is_not_granted(exchange: Telling) -> None:
    """The offline tenant refuses an unknown cmdlet as the service does; it is a typed error."""
    with pytest.raises(errors.Denied, match="Get-Nonsense"):
        exchange.invoke("Get-Nonsense")


def test_not_found_is_typed_only(client: Telling, small: SmallExchange) -> None:
    """A bare 404, as a proxy gives, never means that an object is gone."""
    small.answers = [Reply(404, b"<html>Not Found</html>", {"Content-Type": "text/html"})]

    with pytest.raises(errors.ExchangeError) as caught:
        client.invoke("Get-OutboundConnector", {"Identity": "x"})
    assert not isinstance(caught.value, errors.NotFound)


def test_gzip(client: Telling, small: SmallExchange) -> None:
    """A body that really is gzip is read, although it was not asked for."""
    small.answers = [Reply(body=gzip.compress(b'{"value":[{"Name":"a"}]}'), headers={"Content-Encoding": "gzip"})]

    assert client.invoke("Get-TransportConfig").objects == [{"Name": "a"}]


@pytest.mark.parametrize("kept", [12, -12], ids=["early", "late"])
def test_damaged_gzip(client: Telling, small: SmallExchange, kept: int) -> None:
    """A gzip body that is damaged is an error of ours, after a read was tried again."""
    small.answers = [
        Reply(body=gzip.compress(b'{"value":[]}')[:kept] + b"\xff" * 9, headers={"Content-Encoding": "gzip"})
    ]

    with pytest.raises(errors.BadAnswer):
        client.invoke("Set-TransportConfig")


@pytest.mark.parametrize("limits", [Limits(size=100_000)], ids=["100 kB"])
@pytest.mark.parametrize("packed", [False, True], ids=["plain", "gzip bomb"])
def test_huge_bodies(client: Telling, small: SmallExchange, *, packed: bool) -> None:
    """A body beyond the bound is refused before it fills the memory, also one that is small until it is unpacked."""
    body = b'{"value":[]}' + b" " * 1_000_000
    headers = {"Content-Encoding": "gzip"} if packed else {}
    small.answers = [Reply(body=zlib.compress(body, wbits=31) if packed else body, headers=headers)]

    with pytest.raises(errors.BadAnswer, match="larger than"):
        client.invoke("Set-TransportConfig")


def test_a_cut_answer_to_a_read(exchange: Telling, emulator: Emulator, clock: Clock) -> None:
    """A read whose answer was cut is asked again, after a wait."""
    emulator.control.fault(Cut(), cmdlet="Get-TransportConfig")

    assert exchange.invoke("Get-TransportConfig").objects
    assert len(clock.slept) == 1


def test_a_cut_refusal(client: Telling, small: SmallExchange, clock: Clock) -> None:
    """An error whose body was cut is no error of Exchange's: it may have been "not found", so it is asked again."""
    body = b'{"error":{"code":"NotFound","message":"Error executing cmdlet"}}'
    small.answers = [Reply(404, body[:20], {"Connection": "close"}, length=len(body)), Reply()]

    assert client.invoke("Get-TransportConfig").objects == []
    assert len(clock.slept) == 1


def test_nonsense_from_a_proxy(exchange: Telling, emulator: Emulator) -> None:
    """A page of HTML in place of an answer is an error that asks whether this is Exchange at all."""
    emulator.control.fault(Garbage(), cmdlet="Get-TransportConfig", times=0)

    with pytest.raises(errors.BadAnswer, match="is this an Exchange endpoint"):
        exchange.invoke("Get-TransportConfig")


@pytest.mark.parametrize(
    "body", [b"[]", b'"text"', b"7", b'{"value":7}', b'{"value":[7]}', b'{"value":[],"@odata.nextLink":7}', b"\xff\xfe"]
)
def test_json_that_is_no_envelope(client: Telling, small: SmallExchange, body: bytes) -> None:
    """JSON of another shape than the envelope is a typed error."""
    small.answers = [Reply(body=body)]

    with pytest.raises(errors.BadAnswer):
        client.invoke("Set-TransportConfig")


@pytest.mark.parametrize(("asked", "waited"), [("7", 7), ("0", 0), ("999999", 60)])
def test_retry_after_in_seconds(exchange: Telling, emulator: Emulator, clock: Clock, asked: str, waited: float) -> None:
    """Retry-After is obeyed as it stands, up to a bound."""
    emulator.control.fault(Status(429, retry_after=asked))

    exchange.invoke("Get-TransportConfig")

    assert clock.slept == [waited]


def test_retry_after_as_a_date(exchange: Telling, emulator: Emulator, clock: Clock) -> None:
    """Retry-After as a date is counted from our clock."""
    emulator.control.fault(Status(503, retry_after=email.utils.formatdate(clock() + 30, usegmt=True)))

    exchange.invoke("Get-TransportConfig")

    assert clock.slept[0] == pytest.approx(30, abs=1.1)


@pytest.mark.parametrize("asked", ["soon", "-5", "", "1e9", "99999999999999999999", "Tue, 99 Foo 2026 00:00:00 GMT"])
def test_absurd_retry_after(exchange: Telling, emulator: Emulator, clock: Clock, asked: str) -> None:
    """A Retry-After that makes no sense is passed over for our own wait."""
    emulator.control.fault(Status(429, retry_after=asked))

    exchange.invoke("Get-TransportConfig")

    assert len(clock.slept) == 1
    assert 0 <= clock.slept[0] <= 60


@pytest.mark.parametrize("status", [408, 429, 500, 502, 503, 504])
def test_statuses_that_are_tried_again(exchange: Telling, emulator: Emulator, clock: Clock, status: int) -> None:
    """Each status that other clients retry is retried, until it passes."""
    emulator.control.fault(Status(status), times=2)

    assert exchange.invoke("Get-TransportConfig").objects
    assert len(clock.slept) == 2


def test_trouble_that_stays(exchange: Telling, emulator: Emulator, clock: Clock) -> None:
    """After the last try the error says that nothing is lost; waits grow, and were told."""
    emulator.control.fault(Transient("ServerBusyException"), times=0)

    with pytest.raises(errors.Transient, match="Nothing is lost"):
        exchange.invoke("Get-TransportConfig")
    assert len(clock.slept) == exchange.policy.tries - 1
    assert all(0 <= slept <= exchange.policy.longest for slept in clock.slept)
    assert len(exchange.told) == len([slept for slept in clock.slept if slept >= exchange.policy.say_after])


def test_what_is_not_tried_again(exchange: Telling, emulator: Emulator, clock: Clock) -> None:
    """A refusal is no trouble: it is said at once."""
    emulator.control.fault(Status(405, body="{}"))

    with pytest.raises(errors.ExchangeError):
        exchange.invoke("Get-TransportConfig")
    assert clock.slept == []


def test_a_reset_before_an_idempotent_write(exchange: Telling, emulator: Emulator, tenant: Tenant) -> None:
    """A Set- whose connection broke is sent again: it comes to the same end twice."""
    emulator.control.fault(Reset(carried_out=True), cmdlet="Set-*")

    exchange.invoke("Set-TransportConfig", {"JournalMessageExpirationDays": 3})

    assert tenant.all("TransportConfig")[0]["JournalMessageExpirationDays"] == 3
    assert len(emulator.control.calls()) == 2


def test_a_reset_of_a_create_is_not_repeated(exchange: Telling, emulator: Emulator) -> None:
    """A New- whose connection broke may have made its object: the client says so and does not repeat it."""
    emulator.control.fault(Reset(carried_out=True), cmdlet="New-*")

    with pytest.raises(errors.ConnectionFailed) as caught:
        exchange.invoke("New-OutboundConnector", {"Name": "x"})
    assert caught.value.sent
    assert len(emulator.control.calls()) == 1


def test_a_throttled_create_is_repeated(exchange: Telling, emulator: Emulator, tenant: Tenant) -> None:
    """A New- that was turned away at the door was not carried out, so it is sent again."""
    emulator.control.fault(Status(429, retry_after="1"), cmdlet="New-*")

    exchange.invoke("New-OutboundConnector", {"Name": "x"})

    assert [one["Name"] for one in tenant.all("OutboundConnector")] == ["x"]


def test_nothing_listens(emulator: Emulator, clock: Clock) -> None:
    """Nobody at the address: an error that names the host, after patience."""
    made = exchange_of({**emulator.environment(), "AREA1_EXCHANGE_URL": "https://localhost:1"}, clock)

    with pytest.raises(errors.ConnectionFailed, match=r"localhost:1.*refused"):
        made.invoke("Get-TransportConfig")
    made.http.close()


def test_a_certificate_that_is_not_trusted(emulator: Emulator, small: SmallExchange, clock: Clock) -> None:
    """A server whose certificate is signed by nobody trusted gets no request, and no second try."""
    made = exchange_of({**emulator.environment(), "AREA1_EXCHANGE_URL": small.url}, clock)

    with pytest.raises(errors.Untrusted, match="AREA1_CA_FILE"):
        made.invoke("Get-TransportConfig")
    assert small.asked == []
    assert clock.slept == []
    made.http.close()


def test_trust_that_was_named_beats_the_environment(
    exchange: Telling, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """REQUESTS_CA_BUNDLE of the machine does not replace a CA that was named for Exchange."""
    bundle = tmp_path / "other.pem"
    bundle.write_bytes(trustme.CA().cert_pem.bytes())
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(bundle))

    assert exchange.invoke("Get-TransportConfig").objects


def test_cmdlets_offered(exchange: Telling) -> None:
    """The preflight names the cmdlets that the identity may run."""
    assert {"New-JournalRule", "Get-TransportConfig", "Validate-OutboundConnector"} <= exchange.offered()


def test_the_token_is_nowhere_else(client: Telling, small: SmallExchange) -> None:
    """The token is in its header alone: in no path, no body, no error, no repr."""
    small.answers = [Reply(400, b'{"error":{"message":"no"}}')]

    with pytest.raises(errors.ExchangeError) as caught:
        client.invoke("Get-TransportConfig")
    (asked,) = small.asked
    token = asked.headers["Authorization"].removeprefix("Bearer ")
    rest = {name: value for name, value in asked.headers.items() if name != "Authorization"}
    seen = json.dumps([asked.path, asked.body, rest]) + repr(caught.value) + str(caught.value) + repr(vars(client))
    assert token not in seen


@pytest.mark.parametrize(
    ("challenge", "claims"),
    [
        ('Bearer claims="' + base64.b64encode(b'{"a":1}').decode().rstrip("=") + '"', '{"a":1}'),
        ('Bearer realm="", claims="%%%"', None),
        ('Bearer claims="/w=="', None),
        ('Bearer error="invalid_token"', None),
        ("", None),
        ('Bearer claims=""', None),
    ],
)
def test_challenges(challenge: str, claims: Any) -> None:
    """Claims are decoded with or without padding; anything else is no challenge."""
    assert envelope.claims_in(challenge) == claims
