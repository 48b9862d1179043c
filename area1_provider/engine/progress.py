"""What a person sees while the engine is obtained: lines on stderr. Colourless, so NO_COLOR holds by itself.

Nothing is decided here, and stdout is never touched.
"""

import os
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TextIO

#: Seconds between signs of life.
EVERY_ON_TERMINAL = 1.0
EVERY_ELSEWHERE = 15.0


def clock_face(seconds: float) -> str:
    """Give 75 seconds as `1:15`."""
    return f"{int(seconds) // 60}:{int(seconds) % 60:02}"


class Progress:
    """Tells of phases: one live line on a terminal, elsewhere a line every 15 seconds.

    `pause` waits until the next sign of life is due, and is true once the phase is over.
    """

    def __init__(
        self,
        stream: TextIO,
        *,
        live: bool | None = None,
        clock: Callable[[], float] = time.monotonic,
        pause: Callable[[threading.Event], bool] | None = None,
    ) -> None:
        self.stream = stream
        self.live = stream.isatty() and os.environ.get("TERM") != "dumb" if live is None else live
        self.clock = clock
        every = EVERY_ON_TERMINAL if self.live else EVERY_ELSEWHERE
        self.pause = pause or (lambda over: over.wait(every))

    def say(self, text: str) -> None:
        """Print one line."""
        self._write(f"engine: {text}\n")

    @contextmanager
    def phase(self, text: str) -> Iterator[None]:
        """Say that `text` begins, show that it goes on while the block runs, say how it ended."""
        self.say(f"{text} ...")
        started, over = self.clock(), threading.Event()
        ticker = threading.Thread(target=self._tick, args=(text, started, over), daemon=True)
        ticker.start()
        ended = "stopped"
        try:
            yield
            ended = "done"
        except Exception:
            ended = "failed"
            raise
        finally:
            over.set()
            ticker.join()
            self.say(f"{text}: {ended} after {clock_face(self.clock() - started)}")

    def _tick(self, text: str, started: float, over: threading.Event) -> None:
        while not self.pause(over):
            line = f"engine: {text}, {clock_face(self.clock() - started)} so far"
            self._write(line if self.live else f"{line}\n")

    def _write(self, line: str) -> None:
        self.stream.write(f"\r\x1b[2K{line}" if self.live else line)
        self.stream.flush()
