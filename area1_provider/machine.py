"""What runs on one machine have to know of each other: where it is kept, and who has it. What it is is said elsewhere."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import TextIO


def folder(environ: Mapping[str, str] = os.environ) -> Path:
    """Give our folder in Pulumi's own (PULUMI_HOME, else ~/.pulumi); it need not be there."""
    home = environ.get("PULUMI_HOME")
    return (Path(home) if home else Path.home() / ".pulumi") / "area1"


def locked(file: TextIO) -> bool:
    """Lock a file until it is closed, without waiting; False where somebody else has it. Whoever dies lets go.

    Raises OSError where files cannot be locked.
    """
    if sys.platform == "win32":  # where nothing of ours has been tried
        return True
    import fcntl  # noqa: PLC0415  # not everywhere

    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
