"""The service's time, as it tells it with each answer (Date, RFC 9110): whose object is whose is a question of when.

An answer whose Date lies in the past would make an old object look as if it had just been made, so one that lies before
another that was heard already counts for nothing.
"""

from __future__ import annotations

import email.utils
import math
import threading
from collections.abc import Callable

CLOCK_SKEW = 300.0
"""Seconds by which the service's clock and ours may differ where it has not told its time."""
DATE_STEP = 2.0
"""Seconds by which a Date header may be wrong: it has no fractions, and was on its way."""


class ServiceClock:
    """What the answers to one client told of the time; `clock` is ours (seconds, Unix). Safe in several threads."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._latest = -math.inf
        self._ahead: float | None = None

    def heard(self, date: str | None) -> None:
        """Take note of a Date header that has just come; one that cannot be read says nothing."""
        now = self._clock()
        ahead = ahead_of(date, now)
        if ahead is None:
            return
        with self._lock:
            if now - ahead >= self._latest:
                self._latest, self._ahead = now - ahead, ahead

    def at(self, moment: float) -> tuple[float, float]:
        """Give the service's time at a moment of our clock, and by how many seconds that may be wrong."""
        return (moment, CLOCK_SKEW) if self._ahead is None else (moment - self._ahead, DATE_STEP)


def ahead_of(date: str | None, now: float) -> float | None:
    """Give the seconds by which our clock is ahead of a Date header; None where it cannot be read."""
    try:
        return now - email.utils.parsedate_to_datetime(date or "").timestamp()
    except (ValueError, TypeError, OverflowError):
        return None
