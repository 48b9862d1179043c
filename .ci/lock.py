"""Writes requirements.txt anew: exact versions with hashes for every platform, no download addresses.

Uses uv: the one on PATH, or one that is fetched into a folder that is thrown away.
"""

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parent.parent
FORM = ("--universal", "--python-version", "3.11", "--generate-hashes")
PLAIN = ("--no-emit-index-url", "--no-annotate", "--no-header", "--quiet")
WHAT = ("--group", "pyproject.toml:dev", "--all-extras", "pyproject.toml", "--output-file", "requirements.txt")


def main() -> int:
    """Lock; gives uv's exit code."""
    with tempfile.TemporaryDirectory() as folder:
        uv = shutil.which("uv")
        if uv is None:
            install = ["install", "--quiet", "--disable-pip-version-check", "--target", folder, "uv>=0.9"]
            subprocess.run([sys.executable, "-m", "pip", *install], check=True)
            uv = str(Path(folder) / "bin" / "uv")
        return subprocess.run([uv, "pip", "compile", *FORM, *PLAIN, *WHAT], cwd=CHECKOUT, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
