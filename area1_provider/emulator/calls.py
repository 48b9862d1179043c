"""The log of cmdlets that were asked for. It never holds a parameter's value, a token or a secret."""

import threading
from collections import deque
from dataclasses import dataclass

KEPT = 100_000
"""Calls; the oldest are forgotten, so that a server that nobody asks for them does not grow."""


@dataclass(frozen=True)
class Call:
    """One cmdlet asked for. `page` is 1, or more where a nextLink was followed.

    `status` is 0 where no answer was sent. `fault` names the scripted trouble it met, `changed` tells whether
    the cmdlet was carried out all the same. `request` is the number of the HTTP request (batches share it).
    """

    n: int
    request: int
    tenant: str
    cmdlet: str
    parameters: tuple[str, ...]
    status: int
    session: str
    page: int = 1
    fault: str = ""
    carried_out: bool = True


class Calls:
    """The calls of one server, oldest first."""

    def __init__(self) -> None:
        self._calls: deque[Call] = deque(maxlen=KEPT)
        self._count = 0
        self._lock = threading.Lock()

    def add(
        self,
        *,
        request: int,
        tenant: str,
        cmdlet: str,
        parameters: tuple[str, ...],
        status: int,
        session: str,
        page: int = 1,
        fault: str = "",
        carried_out: bool = True,
    ) -> None:
        """Write one call down."""
        with self._lock:
            self._count += 1
            self._calls.append(
                Call(self._count, request, tenant, cmdlet, parameters, status, session, page, fault, carried_out)
            )

    def all(self, tenant: str | None = None) -> list[Call]:
        """Give every call since the log was cleared (the last 100,000), of one organization or of all."""
        with self._lock:
            return [call for call in self._calls if tenant in {None, call.tenant}]

    def clear(self) -> None:
        """Forget the calls; numbers go on."""
        with self._lock:
            self._calls.clear()
