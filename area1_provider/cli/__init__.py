"""The `area1` command: the way in, and how an error looks to a person. What can be typed lives in `app`.

Importable without the [cli] extra, so that it can say what is missing.
"""

import io
import signal
import sys
from types import FrameType
from typing import NoReturn

from area1_provider.engine import EngineUnavailable
from area1_provider.errors import Area1Error

EXTRAS = {
    "typer": "cli",
    "rich": "cli",
    "starlette": "emulator",
    "uvicorn": "emulator",
    "trustme": "emulator",
    "joserfc": "emulator",
}
"""Which extra brings a package."""


def main() -> None:
    """Run the command line. Errors of ours are one message on stderr and exit code 1."""
    signal.signal(signal.SIGTERM, end)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="namereplace")  # a locale without ticks names them, rather than end the command
    try:
        from area1_provider.cli.app import app  # noqa: PLC0415  # it may not be installed

        app()
    except ModuleNotFoundError as missing:
        sys.exit(not_installed(missing))
    except (Area1Error, EngineUnavailable) as error:
        sys.exit(f"area1: {error}")


def end(number: int, _frame: FrameType | None) -> NoReturn:
    """Leave in order on SIGTERM, so that children are stopped and temporary folders go."""
    raise SystemExit(128 + number)


def not_installed(missing: ModuleNotFoundError) -> str:
    """Say which extra brings a missing package; raises it again if none of ours does."""
    extra = EXTRAS.get((missing.name or "").partition(".")[0])
    if extra is None:
        raise missing
    return f"area1: {missing.name} is not installed. This command needs an extra: pip install 'area1-provider[{extra}]'"
