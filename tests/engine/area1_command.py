"""The `area1` command as a person runs it in a project's folder. No expectation of any test lives here."""

import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

SECONDS = 240.0


def area1(
    *arguments: str, cwd: Path, environment: Mapping[str, str], columns: int = 200
) -> subprocess.CompletedProcess[str]:
    """Run the command and give its exit code, stdout and stderr."""
    return subprocess.run(
        [sys.executable, "-m", "area1_provider.cli", *arguments],
        cwd=cwd,
        env={**environment, "COLUMNS": str(columns)},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        encoding="utf-8",
        timeout=SECONDS,
        check=False,
    )
