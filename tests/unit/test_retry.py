"""When a call is tried again and how long is waited, with a clock that only waiting moves."""

import pytest

from area1_provider import errors
from area1_provider.retry import Policy, asked_wait, retrying


def busy(after: str = "") -> errors.Transient:
    """Give a transient error with a Retry-After."""
    error = errors.Transient("Get-Thing", "busy", status=429)
    error.retry_after_text = after
    return error


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("7", 7.0),
        ("0", 0.0),
        ("  12 ", 12.0),
        ("", None),
        ("-1", None),
        ("1.5", None),
        ("1e3", None),
        ("soon", None),
        ("9" * 10, None),
        ("٣", 3.0),
        ("Thu, 01 Jan 1970 00:01:40 GMT", 90.0),
        ("Thu, 01 Jan 1970 00:00:01 GMT", 0.0),
        ("Thu, 99 Foo 1970 00:00:01 GMT", None),
    ],
)
def test_what_retry_after_asks(text: str, seconds: float | None) -> None:
    """Seconds and dates are read; a moment that is over asks for no wait; nonsense asks for nothing."""
    assert asked_wait(busy(text), now=10.0) == seconds


def test_other_errors_ask_for_nothing() -> None:
    """Only a transient answer has a Retry-After."""
    assert asked_wait(errors.ConnectionFailed("x"), 0.0) is None
    assert asked_wait(None, 0.0) is None


def test_waits_grow_and_end() -> None:
    """There are `tries` tries, no wait is longer than the bound, and the last error is raised as it is."""
    slept: list[float] = []
    policy = Policy(tries=6, first=2, longest=9, sleep=slept.append, clock=lambda: 0.0)

    with pytest.raises(errors.Transient, match="busy"):
        retrying(policy, lambda _: True, lambda _: None)(fail)
    assert len(slept) == 5
    assert all(0 <= seconds <= 9 for seconds in slept)


def fail() -> None:
    """Fail for the moment."""
    raise busy()


def test_long_waits_are_told() -> None:
    """A person hears of a wait of some seconds, with what it is for."""
    told: list[str] = []
    policy = Policy(tries=2, longest=60, sleep=lambda _: None, clock=lambda: 0.0)

    def refuse() -> None:
        raise busy("30")

    with pytest.raises(errors.Transient):
        retrying(policy, lambda _: True, told.append)(refuse)
    assert len(told) == 1
    assert "waiting 3" in told[0]
    assert "Get-Thing: busy" in told[0]


def test_what_is_not_worth_it_is_raised_at_once() -> None:
    """An error that the caller does not want repeated is raised without a wait."""
    slept: list[float] = []

    with pytest.raises(errors.Transient):
        retrying(Policy(sleep=slept.append), lambda _: False, lambda _: None)(fail)
    assert slept == []
