"""Makes .venv hold what requirements.txt locks, and this package; does nothing when it does already.

Safe when several run at once (the checkout is locked meanwhile) and when one is killed: a half-made environment is
marked as such and made anew. Standard library only: it runs before anything is installed.
"""

import fcntl
import hashlib
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parent.parent
VENV = CHECKOUT / ".venv"
PYTHON = VENV / "bin" / "python"
STAMP = VENV / "area1-stamp.json"
UNFINISHED = VENV / "area1-unfinished"
PROBE = "import importlib.util as u, sys; sys.exit(sys.version_info < (3, 11) or u.find_spec('pip') is None)"


def wanted() -> dict[str, str]:
    """Give what the environment must have been made from; a moved checkout needs a new one (scripts hold its path)."""
    contents = b"".join((CHECKOUT / name).read_bytes() for name in ("requirements.txt", "pyproject.toml"))
    return {"at": str(VENV), "of": hashlib.sha256(contents).hexdigest()}


def stamped() -> dict[str, str]:
    """Give what it was made from, empty if that is not known."""
    try:
        found = json.loads(STAMP.read_text())
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def usable() -> bool:
    """Tell whether packages can be installed into what is there; if not, it has to be made anew.

    pip is gone when the Python below was replaced by another version.
    """
    if UNFINISHED.exists() or not PYTHON.exists() or stamped().get("at", str(VENV)) != str(VENV):
        return False
    return run(PYTHON, "-c", PROBE) == 0


def run(*command: str | Path) -> int:
    """Run a command and give its exit code.

    It inherits the lock: if this process is killed, nobody clears the folder while pip still writes to it.
    """
    env = {**os.environ, "PIP_DISABLE_PIP_VERSION_CHECK": "1", "PIP_ROOT_USER_ACTION": "ignore", "PIP_USER": "0"}
    return subprocess.run(command, env=env, check=False, cwd=CHECKOUT, close_fds=False).returncode


def say(text: str) -> None:
    """Tell on stderr what goes on."""
    sys.stderr.write(f"venv: {text}\n")
    sys.stderr.flush()


def require(code: int, what: str) -> None:
    """Stop with a message if a command failed; its own words stand above."""
    if code:
        sys.exit(f"venv: {what} failed, see above. Nothing half-made is used: put it right and run make again.")


def make() -> None:
    """Make the environment, or bring the one that is there up to date."""
    if not usable():
        say(f"making .venv with Python {sys.version.split()[0]}")
        shutil.rmtree(VENV, ignore_errors=True)
        VENV.mkdir()
        UNFINISHED.touch()
        require(run(sys.executable, "-m", "venv", VENV), "making the virtual environment")
    UNFINISHED.touch()
    say("installing the locked packages and this one (about a minute the first time)")
    pip = (PYTHON, "-m", "pip", "install", "--quiet")
    # The lock is whole. Left to resolve, pip 23 stops at coverage[toml] once a version newer than the locked one is out.
    require(run(*pip, "--no-deps", "--require-hashes", "-r", "requirements.txt"), "installing requirements.txt")
    require(run(*pip, "--no-deps", "--no-build-isolation", "-e", "."), "installing this package")
    require(run(PYTHON, "-m", "pip", "check"), "comparing what is installed with what it needs")
    STAMP.write_text(json.dumps(wanted()))
    UNFINISHED.unlink()
    say("ready")


def take_turn(checkout: int) -> None:
    """Lock the checkout's folder, waiting for whoever holds it."""
    try:
        fcntl.flock(checkout, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        say("another make is working on .venv; waiting for it")
        fcntl.flock(checkout, fcntl.LOCK_EX)


def main() -> None:
    """Compare, and make what is missing."""
    checkout = os.open(CHECKOUT, os.O_RDONLY)
    fcntl.fcntl(checkout, fcntl.F_SETFD, 0)  # inheritable, see run()
    take_turn(checkout)
    if not usable() or stamped() != wanted():
        make()


if __name__ == "__main__":
    try:
        main()
    except KeyboardInterrupt:
        sys.exit(130)
