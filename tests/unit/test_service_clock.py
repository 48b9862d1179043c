"""The service's time, from Date headers: one that lies before another would make old objects look new."""

from email.utils import formatdate

import pytest
from hypothesis import given
from hypothesis import strategies as st

from area1_provider.service_clock import CLOCK_SKEW, DATE_STEP, ServiceClock, ahead_of

NOW = 1_800_000_000.0


class Ticking:
    """A clock that a test moves."""

    now = NOW

    def __call__(self) -> float:
        """Give the time."""
        return self.now


def test_nothing_heard() -> None:
    """Without an answer our own clock counts, with room for error."""
    assert ServiceClock(lambda: NOW).at(NOW - 5) == (NOW - 5, CLOCK_SKEW)


@given(st.lists(st.integers(-10_000, 10_000), min_size=1))
def test_the_latest_counts(offsets: list[int]) -> None:
    """Of several Dates the one that is furthest ahead of our clock tells the time."""
    clock = ServiceClock(lambda: NOW)
    for seconds in offsets:
        clock.heard(formatdate(NOW + seconds, usegmt=True))

    assert clock.at(NOW - 60) == (NOW - 60 + max(offsets), DATE_STEP)


def test_our_own_clock_is_set() -> None:
    """Our clock may be put right while we run: what the service said before it counts no more."""
    ours = Ticking()
    clock = ServiceClock(ours)
    clock.heard(formatdate(NOW, usegmt=True))
    ours.now += 3600
    clock.heard(formatdate(NOW + 1, usegmt=True))

    assert clock.at(ours.now) == (NOW + 1, DATE_STEP)


@pytest.mark.parametrize("date", [None, "", "yesterday", "Thu, 99 Nov 2026 00:00:00 GMT", "Thu, 26 Nov 99999 00:00:00"])
def test_no_date(date: str | None) -> None:
    """What is no date says nothing."""
    clock = ServiceClock(lambda: NOW)
    clock.heard(formatdate(NOW + 7, usegmt=True))
    clock.heard(date)

    assert ahead_of(date, NOW) is None
    assert clock.at(NOW) == (NOW + 7, DATE_STEP)
