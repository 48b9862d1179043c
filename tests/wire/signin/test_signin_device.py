"""Signing in a person with a device code: the code is shown, waited for, and not asked for twice."""

import re
from collections.abc import Callable, Mapping
from typing import Any

import pytest
from signin_servers import Recorder, Serve

from area1_provider.auth import Tokens
from area1_provider.emulator import Emulator
from area1_provider.errors import SignInError

SignIn = Callable[..., Tokens]
PERSON = {"AREA1_USE_DEVICE_CODE": "true", "AREA1_USE_EXCHANGE_POWERSHELL_CLIENT": "true"}


class Person:
    """Somebody at a browser, who acts while the program waits for the `patience`-th time."""

    def __init__(self, emulator: Emulator, act: Callable[[str], None], patience: int = 2) -> None:
        self.emulator, self.act, self.patience = emulator, act, patience
        self.told: list[str] = []
        self.waits: list[float] = []

    def tell(self, line: str) -> None:
        """Read what the program says."""
        self.told.append(line)

    def sleep(self, seconds: float) -> None:
        """Let time pass on the emulator's clock, and act when it is time to."""
        self.waits.append(seconds)
        self.emulator.control.advance(seconds)
        if len(self.waits) == self.patience:
            self.act(self.code)

    @property
    def code(self) -> str:
        """Give the code that was shown last."""
        found = re.search(r"enter (\w+)$", self.told[-1])
        assert found
        return found[1]


def test_approved(emulator: Emulator, sign_in: SignIn) -> None:
    """Address and code are shown once; after the person has approved there is a token of theirs."""
    person = Person(emulator, lambda code: emulator.control.approve_device(code, "admin@contoso.com"))
    token = sign_in(PERSON, tell=person.tell, sleep=person.sleep).get()

    assert token.user == "admin@contoso.com"
    assert token.scopes == ("Exchange.Manage",)
    assert token.roles == ()
    assert len(person.told) == 1
    assert "open https://login.microsoft.com/device and enter" in person.told[0]
    assert person.waits == [5, 5]


def test_renewed_without_person(emulator: Emulator, sign_in: SignIn) -> None:
    """The next tokens come without the person."""
    person = Person(emulator, lambda code: emulator.control.approve_device(code, "admin@contoso.com"))
    tokens = sign_in(PERSON, tell=person.tell, sleep=person.sleep)
    first = tokens.get()

    assert tokens.get(fresh=True).value != first.value
    assert len(person.told) == 1


def test_asked_again_after_revocation(emulator: Emulator, sign_in: SignIn) -> None:
    """A sign-in that was revoked means asking the person again."""
    person = Person(emulator, lambda code: emulator.control.approve_device(code, "admin@contoso.com"), patience=1)
    tokens = sign_in(PERSON, tell=person.tell, sleep=person.sleep)
    tokens.get()
    emulator.control.revoke_tokens()
    person.waits.clear()
    tokens.get(fresh=True)

    assert len(person.told) == 2


def test_declined(emulator: Emulator, sign_in: SignIn) -> None:
    """A person who declines ends the waiting."""
    person = Person(emulator, emulator.control.decline_device)
    with pytest.raises(SignInError) as caught:
        sign_in(PERSON, tell=person.tell, sleep=person.sleep).get()

    assert "the sign-in was declined" in str(caught.value)
    assert len(person.waits) == 2


def test_nobody(emulator: Emulator, sign_in: SignIn, http: Recorder) -> None:
    """With nobody there the waiting ends when the code does, having asked no more often than allowed."""
    person = Person(emulator, lambda _: None)
    with pytest.raises(SignInError) as caught:
        sign_in(PERSON, tell=person.tell, sleep=person.sleep).get()

    waited = sum(person.waits)
    assert 890 <= waited <= 900  # the emulator's clock goes on by itself too, a poll or two on a busy machine
    assert http.posts == 1 + waited / 5
    assert "AADSTS70016" in str(caught.value) or "AADSTS70020" in str(caught.value)


def test_confidential_application(emulator: Emulator, sign_in: SignIn) -> None:
    """An own application that is public signs people in as well."""
    emulator.control.change_application(public=True)
    person = Person(emulator, lambda code: emulator.control.approve_device(code, "admin@contoso.com"))
    tokens = sign_in({"AREA1_USE_DEVICE_CODE": "true"}, tell=person.tell, sleep=person.sleep)

    assert tokens.get().app_id == emulator.account().client_id


def test_unknown_application(sign_in: SignIn) -> None:
    """An application that the tenant does not know is refused before any code is shown."""
    told: list[str] = []
    environ = {"AREA1_USE_DEVICE_CODE": "true", "ARM_CLIENT_ID": "11111111-2222-4333-8444-555555555555"}
    with pytest.raises(SignInError) as caught:
        sign_in(environ, tell=told.append).get()

    assert caught.value.code == "AADSTS700016"
    assert told == []


def test_unknown_tenant(sign_in: SignIn) -> None:
    """A tenant that does not exist is Entra's to say, before any code is shown."""
    with pytest.raises(SignInError) as caught:
        sign_in({**PERSON, "ARM_TENANT_ID": "nobody.onmicrosoft.com"}).get()

    assert caught.value.code == "AADSTS90002"


def test_told_on_stderr(emulator: Emulator, sign_in: SignIn, capsys: pytest.CaptureFixture[str]) -> None:
    """Unless told otherwise the code is shown on standard error: standard output may be a program's."""

    def approve(seconds: float) -> None:
        emulator.control.advance(seconds)
        shown = re.search(r"enter (\w+)\n$", capsys.readouterr().err)
        assert shown
        emulator.control.approve_device(shown[1], "admin@contoso.com")

    assert sign_in(PERSON, sleep=approve).get().user == "admin@contoso.com"
    assert capsys.readouterr().out == ""


def polled(interval: object, expires_in: object) -> Callable[..., tuple[int, Any]]:
    """Give a sign-in host whose codes have that interval and end, and are never used."""
    flow = {"device_code": "x", "user_code": "ABC", "verification_uri": "https://x.example/", "message": "go"}

    def answer(verb: str, path: str, query: Mapping[str, str], headers: Mapping[str, str]) -> tuple[int, Any]:
        del query
        own = f"https://{headers['Host']}"
        endpoints = {
            "authorization_endpoint": own,
            "token_endpoint": f"{own}/t",
            "device_authorization_endpoint": f"{own}/code",
        }
        if verb == "GET":
            return 200, {"issuer": own + path.partition("/.well-known")[0], **endpoints}
        asked = path == "/code"
        pending = {"error": "authorization_pending", "error_description": "AADSTS70016: nobody yet"}
        return (200, {**flow, "interval": interval, "expires_in": expires_in}) if asked else (400, pending)

    return answer


def test_a_host_that_wants_years(emulator: Emulator, sign_in: SignIn, serve: Serve) -> None:
    """Neither a wait of years between polls nor a code that never ends is obeyed."""
    person = Person(emulator, str)
    where = {**PERSON, "AREA1_AUTHORITY_HOST": serve(polled(10**9, 10**12))}

    with pytest.raises(SignInError, match="nobody entered"):
        sign_in(where, tell=person.tell, sleep=person.sleep).get()

    assert set(person.waits) == {60}
    assert sum(person.waits) <= 1860


@pytest.mark.parametrize(("interval", "expires_in"), [("soon", 900), (None, 900), (5, "late"), (5, []), ({}, {})])
def test_a_host_whose_times_are_none(
    emulator: Emulator, sign_in: SignIn, serve: Serve, interval: object, expires_in: object
) -> None:
    """Times of another type are an error of ours."""
    person = Person(emulator, str)
    where = {**PERSON, "AREA1_AUTHORITY_HOST": serve(polled(interval, expires_in))}

    with pytest.raises(SignInError, match="user_code"):
        sign_in(where, tell=person.tell, sleep=person.sleep).get()
