"""Where this machine keeps what runs on it have to know of each other. What they keep is said elsewhere."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path


def folder(environ: Mapping[str, str] = os.environ) -> Path:
    """Give our folder in Pulumi's own (PULUMI_HOME, else ~/.pulumi); it need not be there."""
    home = environ.get("PULUMI_HOME")
    return (Path(home) if home else Path.home() / ".pulumi") / "area1"
