"""How obtaining the engine fails. Texts are whole; no behaviour besides putting them together.

::

    EngineUnavailable         no engine; says what every way said, and the way out
    └── CacheUnwritable       an engine could be obtained, but there is nowhere to keep it
    WayFailed                 one way's answer; never leaves this package
    └── Damaged               the cache holds an entry that is not what was written
"""

from collections.abc import Sequence

from area1_provider.engine.release import MINIMUM_CLI, MINIMUM_GO


class EngineUnavailable(RuntimeError):
    """Raised when no way led to an engine; the text names each way, what it said, and what to do."""


class CacheUnwritable(EngineUnavailable):
    """Raised when the cache folder cannot be written; the text names it and the setting that moves it."""


class WayFailed(Exception):
    """Raised when one way gives no engine; the text is that way's own reason."""


class Damaged(WayFailed):
    """Raised when files of a cache entry are missing or not as they were written."""


def dotted(version: Sequence[int]) -> str:
    """Give `(3, 253, 0)` as `3.253.0`."""
    return ".".join(map(str, version))


WAY_OUT = (
    f"Way out: put a Pulumi CLI of {dotted(MINIMUM_CLI)} or newer on PATH, with pulumi-language-python beside it; "
    "or let this machine reach Pulumi's download site, or a Go module proxy (GOPROXY) and, where Go "
    f"{dotted(MINIMUM_GO)} or newer is missing, a Python package index (pip's settings). Then run it again."
)


def unavailable(tried: Sequence[tuple[str, str]], way_out: str = WAY_OUT) -> EngineUnavailable:
    """Put what each way said into the one error that a person sees."""
    lines = ["No Pulumi engine could be had. What was tried, and what it said:"]
    for number, (way, said) in enumerate(tried, start=1):
        lines.append(f"  {number}. {way}: " + said.replace("\n", "\n       "))
    return EngineUnavailable("\n".join([*lines, way_out]))
