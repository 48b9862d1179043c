"""What a person sees while an engine is obtained."""

import threading
from collections.abc import Callable
from io import StringIO

import pytest

from area1_provider.engine.progress import Progress


def ticks(count: int) -> Callable[[threading.Event], bool]:
    """Give a pause that lets so many signs of life through, without waiting."""
    left = iter([False] * count)
    return lambda _over: next(left, True)


def clock(*seconds: float) -> Callable[[], float]:
    """Give a clock that shows these times, one a look."""
    shown = iter(seconds)
    return lambda: next(shown)


def joined_ticks(stream: StringIO, *, live: bool) -> str:
    """Run a phase with two signs of life at 15 and 75 seconds, ending at 80."""
    ended = threading.Event()
    times = iter([0.0, 15.0, 75.0, 80.0])
    inner = ticks(2)

    def pause(over: threading.Event) -> bool:
        done = inner(over)
        if done:
            ended.set()
        return done

    progress = Progress(stream, live=live, clock=lambda: next(times), pause=pause)
    with progress.phase("building"):
        ended.wait()
    return stream.getvalue()


def test_lines_off_a_terminal() -> None:
    """Start, signs of life with the time so far, end: whole lines, no control characters."""
    assert joined_ticks(StringIO(), live=False).splitlines() == [
        "engine: building ...",
        "engine: building, 0:15 so far",
        "engine: building, 1:15 so far",
        "engine: building: done after 1:20",
    ]


def test_one_live_line_on_a_terminal() -> None:
    """Signs of life overwrite each other; there is no colour to be turned off."""
    text = joined_ticks(StringIO(), live=True)

    assert "engine: building, 0:15 so far\r\x1b[2Kengine: building, 1:15 so far\r\x1b[2K" in text
    assert "\x1b[3" not in text


@pytest.mark.parametrize(("error", "word"), [(ValueError, "failed"), (KeyboardInterrupt, "stopped")])
def test_phase_that_does_not_end_well_says_so(error: type[BaseException], word: str) -> None:
    """A failure and an interruption are told apart, and neither is swallowed."""
    stream = StringIO()
    progress = Progress(stream, live=False, clock=clock(0.0, 5.0), pause=lambda over: over.wait())

    with pytest.raises(error), progress.phase("building"):
        raise error

    assert stream.getvalue().endswith(f"engine: building: {word} after 0:05\n")


def test_stream_that_is_no_terminal_gets_lines() -> None:
    """A pipe or a file is recognized by itself."""
    assert not Progress(StringIO()).live
