"""How much of an answer is taken, so that none fills the memory or never ends. No HTTP library is known here."""

from __future__ import annotations

import time
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from area1_provider import errors

PIECE = 64 * 1024
"""Bytes asked for at a time."""


class Raw(Protocol):
    """What a body is read from, as it came over the wire (urllib3's response)."""

    def read1(self, amount: int, *, decode_content: bool) -> bytes:
        """Give at most so many bytes, as soon as there are some; none at the end."""


@dataclass(frozen=True)
class Limits:
    """The bounds of one client."""

    page_size: int = 1000
    """Objects that are asked for in one page."""
    pages: int = 512
    redirects: int = 5
    size: int = 64 * 1024 * 1024
    """Bytes of a body, also once it is unpacked."""
    seconds: float = 960
    """Seconds in which a body has come, however it drips: a time limit of the connection only ends what is silent."""
    calls_at_once: int = 4
    """Below the tenant's limit of concurrent requests, whose number nobody publishes."""

    def body(self, cmdlet: str, raw: Raw, encoding: str, clock: Callable[[], float] = time.monotonic) -> bytes:
        """Read a body, undoing gzip where it really is gzip. Raises `BadAnswer` for more, or slower, than allowed."""
        taken, end = bytearray(), clock() + self.seconds
        while len(taken) <= self.size:  # only the read after the last shows an answer that was cut short
            more = raw.read1(min(PIECE, self.size + 1 - len(taken)), decode_content=False)
            if not more:
                break
            taken += more
            if clock() > end:
                raise errors.BadAnswer(
                    f"{cmdlet}: the answer did not end within {self.seconds:,.0f} s; it was not used"
                )
        content = bytes(taken)
        if encoding.casefold() == "gzip" and content.startswith(b"\x1f\x8b"):
            content = self._gunzipped(cmdlet, content)
        if len(content) > self.size:
            raise errors.BadAnswer(f"{cmdlet}: the answer is larger than {self.size:,} bytes; it was not read")
        return content

    def _gunzipped(self, cmdlet: str, content: bytes) -> bytes:
        """Undo gzip, giving at most one byte more than allowed."""
        try:
            return zlib.decompressobj(wbits=31).decompress(content, self.size + 1)
        except zlib.error as error:
            raise errors.BadAnswer(f"{cmdlet}: the answer's gzip is damaged") from error
