"""What time the offline Exchange believes it is. Nothing else in the emulator asks the machine."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta


def utc_now() -> datetime:
    """Give the machine's time, zone UTC."""
    return datetime.now(UTC)


class Clock:
    """A source of aware UTC datetimes that can be moved, so that tokens expire without waiting."""

    def __init__(self, source: Callable[[], datetime] = utc_now) -> None:
        self._source = source
        self._ahead = timedelta()

    def __call__(self) -> datetime:
        """Give the time."""
        return self._source() + self._ahead

    def advance(self, seconds: float) -> None:
        """Move on by `seconds` (negative: back) from now on."""
        self._ahead += timedelta(seconds=seconds)

    def set_ahead(self, seconds: float) -> None:
        """Be `seconds` ahead of the source (negative: behind), however it was moved before."""
        self._ahead = timedelta(seconds=seconds)

    def reset(self) -> None:
        """Follow the source again."""
        self._ahead = timedelta()
