"""`python -m area1_provider.engine`: the engine's bin folder on stdout, what goes on meanwhile on stderr."""

import signal
import sys
from types import FrameType
from typing import NoReturn

from area1_provider.engine.failures import EngineUnavailable
from area1_provider.engine.obtain import ensure


def main() -> int:
    """Obtain the engine; 0 if there is one, 1 if not, 130 or 143 if stopped by a signal."""
    signal.signal(signal.SIGTERM, end)
    try:
        engine = ensure()
    except EngineUnavailable as error:
        sys.stderr.write(f"{error}\n")
        return 1
    except KeyboardInterrupt:
        sys.stderr.write("engine: stopped; nothing half-made is kept\n")
        return 128 + signal.SIGINT
    sys.stderr.write(f"engine: Pulumi {engine.version} ({engine.origin})\n")
    sys.stdout.write(f"{engine.bin_dir}\n")
    return 0


def end(number: int, _frame: FrameType | None) -> NoReturn:
    """Leave in order on SIGTERM, so that children are stopped and the scratch folder goes."""
    raise SystemExit(128 + number)


if __name__ == "__main__":
    sys.exit(main())
