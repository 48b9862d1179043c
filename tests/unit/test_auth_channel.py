"""The channel: where secrets may go, and what is noticed of each answer."""

from types import SimpleNamespace
from typing import Any

import pytest

from area1_provider.auth.channel import Channel, Said
from area1_provider.errors import ConnectionFailed, SignInError

OWN = "login.microsoftonline.com"


class Library:
    """An HTTP library that gives one answer and writes down what it was asked."""

    def __init__(self, status: int = 200, date: str | None = None) -> None:
        headers = {} if date is None else {"Date": date}
        self.answer = SimpleNamespace(status_code=status, text="said", headers=headers, is_redirect=300 <= status < 400)
        self.asked: list[tuple[str, dict[str, Any]]] = []

    def get(self, url: str, **options: Any) -> Any:
        """Answer a GET."""
        self.asked.append((url, options))
        return self.answer

    post = get


def channel(library: Library, hosts: frozenset[str] | None = frozenset({OWN})) -> Channel:
    """Give a channel on a machine whose clock says second 1000."""
    return Channel(library, hosts, None, lambda: 1000.0)


def test_own_host() -> None:
    """The sign-in host is asked, without redirects and with a time limit."""
    library = Library()
    channel(library).post(f"https://{OWN}/t/token", data={"a": "b"})

    url, options = library.asked[0]
    assert url == f"https://{OWN}/t/token"
    assert options == {"data": {"a": "b"}, "timeout": (20.0, 60.0), "allow_redirects": False}


def test_redirects_stay_off() -> None:
    """Nobody can ask for redirects to be followed; a time limit may be one's own."""
    library = Library()
    channel(library).get(f"https://{OWN}/", allow_redirects=True, timeout=1)

    assert library.asked[0][1] == {"timeout": 1, "allow_redirects": False}


@pytest.mark.parametrize(
    "url",
    [
        "https://login.example/t/token",
        f"http://{OWN}/t/token",
        f"https://{OWN}:8443/t/token",
        f"https://{OWN}.example/t/token",
        f"https://user@{OWN}/t/token",
        f"https://login.example/{OWN}",
    ],
)
def test_other_hosts(url: str) -> None:
    """No other host, port or scheme is asked."""
    library = Library()
    with pytest.raises(SignInError, match="Nothing was sent there"):
        channel(library).post(url)

    assert library.asked == []


def test_any_host() -> None:
    """Without a list every host may be asked: the machine's metadata service has no name."""
    library = Library()
    channel(library, None).get("http://169.254.169.254/metadata")

    assert len(library.asked) == 1


@pytest.mark.parametrize(
    ("date", "ahead"),
    [
        ("Thu, 01 Jan 1970 00:10:00 GMT", 400.0),
        ("Thu, 01 Jan 1970 01:00:00 GMT", -2600.0),
        ("yesterday", None),
        (None, None),
    ],
)
def test_clock_compared(date: str | None, ahead: float | None) -> None:
    """Each answer's date tells how far ahead this machine's clock is, where there is a date."""
    of = channel(Library(date=date))
    of.get(f"https://{OWN}/")

    assert of.said == Said(200, "said", ahead)


@pytest.mark.parametrize("status", [429, 500, 503, 599])
def test_passing_trouble(status: int) -> None:
    """Overload is no refusal: it may be tried again, and nothing was done."""
    with pytest.raises(ConnectionFailed) as caught:
        channel(Library(status)).post(f"https://{OWN}/")

    assert f"HTTP {status}" in str(caught.value)
    assert not caught.value.sent


def test_redirect() -> None:
    """A redirect is an error."""
    with pytest.raises(SignInError, match="redirected elsewhere"):
        channel(Library(302)).post(f"https://{OWN}/")


def test_refusals_pass() -> None:
    """Refusals are answers, for others to read."""
    assert channel(Library(400)).post(f"https://{OWN}/").status_code == 400


def test_close_leaves_session() -> None:
    """Closing the channel does not close what was lent to it: the library here has nothing to close."""
    channel(Library()).close()
