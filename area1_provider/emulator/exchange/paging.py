"""Results given page by page: tokens bound to session, tenant and body, which expire. No HTTP here.

nextLink is asked by POST with the same body, as documented (go-exoscc sends a GET without one). A token names the
backend that holds the rest, so it is good only within the session that got it (measured by graph2otel), and for 30
minutes (the service's own error text).
"""

import secrets
import threading
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from area1_provider.emulator.clock import Clock
from area1_provider.emulator.cmdlets.outcome import Outcome
from area1_provider.emulator.exchange.refusals import PageExpired
from area1_provider.emulator.web.http_errors import Problem

LARGEST = 1000
LIFETIME = timedelta(minutes=30)
KEPT = 256
KEPT_OBJECTS = 150_000
"""The oldest tokens are lost where their results hold more objects together; the largest group fits in."""


@dataclass(frozen=True)
class Place:
    """Where in which result a token goes on, and to whom it was given."""

    session: str
    tenant_id: str
    cmdlet: str
    command: str
    outcome: Outcome
    offset: int
    size: int
    expires: datetime


@dataclass(frozen=True)
class Page:
    """One page: objects, and the token of the next or an empty string."""

    objects: Sequence[Mapping[str, Any]]
    outcome: Outcome
    token: str
    number: int


class Pages:
    """The results that clients have not read to the end."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._places: OrderedDict[str, Place] = OrderedDict()
        self._lock = threading.Lock()

    def first(self, outcome: Outcome, session: str, tenant_id: str, cmdlet: str, command: str, size: int) -> Page:
        """Give the first `size` objects of a result; `command` tells its body from others."""
        return self._page(Place(session, tenant_id, cmdlet, command, outcome, 0, size, self._clock() + LIFETIME))

    def next(self, token: str, session: str, tenant_id: str, command: str | None) -> Page:
        """Give the page that a token stands for; the same token gives the same page again.

        `command` is None where it is asked by GET, without a body. Raises PageExpired where the token is unknown,
        over, or not for this session, tenant and command.
        """
        place = self._places.get(token)
        if place is None or self._clock() >= place.expires:
            raise PageExpired
        if (place.session, place.tenant_id) != (session, tenant_id) or command not in {None, place.command}:
            raise PageExpired
        return self._page(place)

    def cmdlet(self, token: str) -> str:
        """Give the cmdlet that a token goes on with, or an empty string."""
        place = self._places.get(token)
        return place.cmdlet if place else ""

    def forget(self) -> None:
        """Lose all tokens, as when a backend goes away."""
        with self._lock:
            self._places.clear()

    def _page(self, place: Place) -> Page:
        end = place.offset + place.size
        objects = place.outcome.objects[place.offset : end]
        more = end < len(place.outcome.objects)
        token = self._keep(place, end) if more else ""
        return Page(objects, place.outcome, token, place.offset // place.size + 1)

    def _keep(self, place: Place, offset: int) -> str:
        token = secrets.token_urlsafe(24)
        rest = replace(place, offset=offset, expires=self._clock() + LIFETIME)
        with self._lock:
            self._places[token] = rest
            while len(self._places) > 1 and self._is_full():
                self._places.popitem(last=False)
        return token

    def _is_full(self) -> bool:
        results = {id(place.outcome): len(place.outcome.objects) for place in self._places.values()}
        return len(self._places) > KEPT or sum(results.values()) > KEPT_OBJECTS


def page_size(prefer: str) -> int:
    """Read `Prefer: odata.maxpagesize=N`: 1 to 1000, more is cut to 1000, absent is 1000.

    Raises Problem where N is no number of at least 1 (what the service does then is unconfirmed).
    """
    for preference in prefer.replace(";", ",").split(","):
        name, _, value = preference.strip().partition("=")
        if name.strip().lower() in {"odata.maxpagesize", "maxpagesize"}:
            return _size(value.strip().strip('"'))
    return LARGEST


def _size(value: str) -> int:
    if not (value.isascii() and value.isdigit() and len(value) < 10 and int(value) > 0):  # noqa: PLR2004 - no sane page
        raise Problem("Preference odata.maxpagesize must be a number from 1 to 1000.")
    return min(int(value), LARGEST)
