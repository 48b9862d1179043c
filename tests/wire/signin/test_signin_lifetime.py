"""How long tokens are kept, and when a new one is fetched."""

import json
import threading
from collections.abc import Callable

import pytest
from signin_servers import Recorder

from area1_provider.auth import Token, Tokens
from area1_provider.emulator import Emulator
from area1_provider.emulator.faults import Reset, Status
from area1_provider.errors import ConnectionFailed


@pytest.fixture
def tokens(emulator: Emulator, sign_in: Callable[..., Tokens]) -> Tokens:
    """Give tokens by client secret."""
    return sign_in({"ARM_CLIENT_SECRET": emulator.account().client_secret})


def test_kept(tokens: Tokens, http: Recorder) -> None:
    """A second call gives the same token without asking."""
    assert tokens.get() is tokens.get()
    assert http.posts == 1


def test_replaced_before_its_end(emulator: Emulator, tokens: Tokens, http: Recorder) -> None:
    """Five minutes before its end a token is replaced, and not earlier."""
    first = tokens.get()
    emulator.control.advance(3599 - 310)
    assert tokens.get() is first
    emulator.control.advance(20)

    assert tokens.get().expires_on > first.expires_on
    assert http.posts == 2


def test_fresh(tokens: Tokens, http: Recorder) -> None:
    """A fresh token is another one, also when the one in hand has long to live."""
    assert tokens.get().value != tokens.get(fresh=True).value
    assert http.posts == 2


def test_claims_challenge(emulator: Emulator, tokens: Tokens, http: Recorder) -> None:
    """A token fetched with the claims of a challenge is accepted where one without them was not."""
    wanted = {"access_token": {"nbf": {"essential": True, "value": "1"}}}
    emulator.control.challenge(wanted)
    assert asked(emulator, http, tokens.get()) == 401

    assert asked(emulator, http, tokens.get(claims=json.dumps(wanted), fresh=True)) == 200


def asked(emulator: Emulator, http: Recorder, token: Token) -> int:
    """Ask Exchange with a token and give the status."""
    answer = http.post(
        f"{emulator.exchange_url}/adminapi/beta/{token.tenant_id}/InvokeCommand",
        json={"CmdletInput": {"CmdletName": "Get-TransportConfig", "Parameters": {}}},
        headers={
            "Authorization": f"Bearer {token.value}",
            "X-AnchorMailbox": f"APP:SystemMailbox{{bb558c35-97f1-4cb9-8ff7-d53741dc928c}}@{token.tenant_id}",
        },
    )
    return answer.status_code


def test_damaged_claims_challenge(tokens: Tokens) -> None:
    """A challenge that is no JSON still gets a fresh token, without claims."""
    first = tokens.get()

    assert tokens.get(claims="{damaged", fresh=True).value != first.value


def test_threads_share(tokens: Tokens, http: Recorder) -> None:
    """Threads that ask at once cause one sign-in and get one token."""
    given = at_once(tokens.get)

    assert len({token.value for token in given}) == 1
    assert http.posts == 1


def at_once(ask: Callable[[], Token]) -> list[Token]:
    """Ask from eight threads that start together."""
    barrier, given = threading.Barrier(8), []

    def work() -> None:
        barrier.wait()
        given.append(ask())

    threads = [threading.Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(given) == 8
    return given


@pytest.mark.parametrize("trouble", [Reset(), Status(503)], ids=["reset", "503"])
def test_kept_while_entra_is_away(emulator: Emulator, tokens: Tokens, trouble: Reset | Status) -> None:
    """While sign-in is not possible, a token that ends soon still serves; one that has ended does not."""
    first = tokens.get()
    emulator.control.fault(trouble, surface="entra", times=0)
    emulator.control.advance(3599 - 100)
    assert tokens.get() is first
    emulator.control.advance(200)

    with pytest.raises(ConnectionFailed):
        tokens.get()


def test_back_after_trouble(emulator: Emulator, tokens: Tokens) -> None:
    """After Entra was overloaded the next call signs in: nothing keeps the bad answer."""
    emulator.control.fault(Status(503, retry_after="60"), surface="entra", times=1)
    with pytest.raises(ConnectionFailed):
        tokens.get()

    assert tokens.get().tenant_id == emulator.account().tenant_id


def test_tokens_are_not_shown(tokens: Tokens) -> None:
    """Neither token nor secret shows in the repr of what holds them."""
    value = tokens.get().value

    assert value not in repr(tokens.get())
    assert value not in repr(tokens)
