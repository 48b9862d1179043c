"""What `make trouble` runs, part by part, and what it prints at the end. SCHEDULES, BODIES and SEED may be set."""

import os
import subprocess
import sys
import time

PARTS = {
    "random schedules": ["tests/trouble/test_schedules.py", "tests/trouble/test_found.py"],
    "hostile answers": ["tests/trouble/test_hostile.py"],
    "kills at every call": ["tests/engine/test_crash.py", "tests/engine/test_repair.py"],
}


def main() -> int:
    """Run every part, say for each how long it took and whether it found anything, and give the exit code."""
    told = {
        "AREA1_TROUBLE": "thorough",
        "AREA1_SCHEDULES": os.environ.get("SCHEDULES") or "1000",
        "AREA1_BODIES": os.environ.get("BODIES") or "10000",
        "AREA1_SEED": os.environ.get("SEED") or "1",
    }
    found = {name: part(paths, {**os.environ, **told}) for name, paths in PARTS.items()}
    lines = [
        f"{name:20} {seconds:6.0f} s  {'FOUND SOMETHING' if bad else 'found nothing'}"
        for name, (bad, seconds) in found.items()
    ]
    sys.stdout.write("\n".join(["", *lines, ""]))
    return int(any(bad for bad, _ in found.values()))


def part(paths: list[str], environment: dict[str, str]) -> tuple[bool, float]:
    """Run some tests; say whether any failed, and the seconds it took."""
    began = time.monotonic()
    done = subprocess.run([sys.executable, "-m", "pytest", "-q", *paths], env=environment, check=False)
    return done.returncode != 0, time.monotonic() - began


if __name__ == "__main__":
    sys.exit(main())
