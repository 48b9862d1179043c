"""Replication lag: a new object is not seen by other sessions until they have looked a number of times.

Nothing here knows what the objects are.
"""

import random
import threading


class Replication:
    """How long new objects stay unseen: up to `reads` looks by a session that did not write them.

    The seed fixes how many looks each session needs for each object; sessions are numbered in the order they first
    come by. The service's own lag is seconds to minutes (go-msadmin polls for 40 s); reads stand for time here.
    """

    def __init__(self, reads: int = 0, seed: int = 0) -> None:
        self.reads = reads
        self.seed = seed
        self._lock = threading.Lock()
        self._writers: dict[str, tuple[int, str]] = {}
        self._sessions: dict[str, int] = {}
        self._left: dict[tuple[str, str], int] = {}

    def created(self, guid: str, session: str | None) -> None:
        """Note a new object and the session that wrote it; None means it was always there."""
        if self.reads and session is not None:
            with self._lock:
                self._writers[guid] = (len(self._writers), session)

    def sees(self, guid: str, session: str) -> bool:
        """Whether the session sees the object; counts as one look."""
        if guid not in self._writers:
            return True
        with self._lock:
            number, writer = self._writers[guid]
            return writer == session or self._look(guid, session, number)

    def _look(self, guid: str, session: str, number: int) -> bool:
        place = self._sessions.setdefault(session, len(self._sessions))
        draw = random.Random(f"{self.seed}/{number}/{place}").randint(0, self.reads)  # noqa: S311 - no secret
        left = self._left.get((guid, session), draw)
        self._left[guid, session] = max(0, left - 1)
        return left == 0
