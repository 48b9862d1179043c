"""When a call to Exchange is tried again, and how long is waited before.

Policy only; what a call is stands in `client.py`. The statuses and exception types are those that the PowerShell
module and other long-lived clients retry (see `envelope`).
"""

from __future__ import annotations

import email.utils
import math
import time
from collections.abc import Callable
from dataclasses import dataclass, field

import tenacity

from area1_provider import errors


@dataclass(frozen=True)
class Policy:
    """How patient to be: `tries` per call, seconds of `first` and `longest` wait, `budget` seconds of tries per call."""

    tries: int = 5
    first: float = 2.0
    longest: float = 60.0
    """Seconds of the longest wait; a Retry-After is obeyed up to here, since nobody can tell a sane one from nonsense."""
    budget: float = 300.0
    total: float = 900.0
    """Seconds after whose end an operation (create, read, update, delete) starts no further try."""
    say_after: float = 4.0
    """A wait of at least this many seconds is said to the person who waits."""
    lag_waits: tuple[float, ...] = (1, 2, 4, 8, 16)
    """Seconds between reads that wait for a change to show; go-msadmin waits about 40 s in all."""
    gone_waits: tuple[float, ...] = (1, 2)
    """Seconds before looking again for an object that seems gone."""
    sleep: Callable[[float], None] = field(default=time.sleep, repr=False)
    clock: Callable[[], float] = field(default=time.time, repr=False)


def retrying(
    policy: Policy, again: Callable[[BaseException], bool], tell: Callable[[str], None], until: float = math.inf
) -> tenacity.Retrying:
    """Give tenacity's loop for one call: `again` says which errors deserve another try, `until` ends the operation."""
    backoff = tenacity.wait_random_exponential(multiplier=policy.first, max=policy.longest)
    end = min(policy.clock() + policy.budget, until)

    def wait(state: tenacity.RetryCallState) -> float:
        asked = asked_wait(state.outcome.exception() if state.outcome else None, policy.clock())
        at_once = asked == 0 and state.attempt_number == 1  # a second "now" is no advice
        return min(asked or 0.0, policy.longest) if asked or at_once else backoff(state)

    def over(state: tenacity.RetryCallState) -> bool:
        return state.attempt_number >= policy.tries or policy.clock() + state.upcoming_sleep > end

    def say(state: tenacity.RetryCallState) -> None:
        seconds = state.upcoming_sleep
        if seconds >= policy.say_after and state.outcome is not None:
            tell(f"waiting {seconds:.0f} s, then trying again: {first_line(state.outcome.exception())}")

    return tenacity.Retrying(
        retry=tenacity.retry_if_exception(again),
        stop=over,
        wait=wait,
        before_sleep=say,
        sleep=policy.sleep,
        reraise=True,
    )


def worth_another_try(cmdlet: str, error: BaseException) -> bool:
    """Say whether a failed call may simply be repeated.

    A New- whose answer was lost may have made its object, so its caller looks first. The others come to the same end
    twice: a Set- sets again, a Remove- or a member already there is met as a typed error by the caller.
    """
    creates = cmdlet.casefold().startswith("new-")
    sent = getattr(error, "sent", False)
    unread = isinstance(error, errors.BadAnswer) and sent
    return (passing(error) or unread) and not (creates and sent)


def passing(error: BaseException) -> bool:
    """Say whether an error is one that may be over a moment later."""
    transient = isinstance(error, errors.Transient | errors.ConnectionFailed)
    return transient and not isinstance(error, errors.Untrusted | errors.NotListening)


def first_line(error: BaseException | None) -> str:
    """Give what an error says in one line."""
    return (str(error).splitlines() or [type(error).__name__])[0]


def asked_wait(error: BaseException | None, now: float) -> float | None:
    """Give the seconds that a Retry-After names (RFC 9110: seconds or a date), None if there is no sensible one."""
    text = error.retry_after_text.strip() if isinstance(error, errors.Transient) else ""
    if not text:
        return None
    if text.isdecimal() and len(text) < 10:  # noqa: PLR2004  # longer ones are no waiting times
        return float(text)
    try:
        return max(0.0, email.utils.parsedate_to_datetime(text).timestamp() - now)
    except (ValueError, TypeError, OverflowError):
        return None
