"""What `make trouble` runs, part by part, and what it prints at the end. SCHEDULES, BODIES and SEED may be set.

Each test writes down what it really tried (a property in pytest's JUnit file); nothing here assumes a number.
"""

import os
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree as ET

PARTS = {
    "schedules": [
        "tests/trouble/test_schedules.py",
        "tests/trouble/test_found_seeds.py",
        "tests/trouble/test_found.py",
        "tests/trouble/test_found_sign_in.py",
    ],
    "bodies": [
        "tests/trouble/test_hostile.py",
        "tests/trouble/test_import_files.py",
        "tests/engine/test_odd_import_files.py",
    ],
    "kills": ["tests/engine/test_crash.py", "tests/engine/test_repair.py"],
}
"""What is counted, by which every part is called, and the tests that try it."""
JUNIT = ("-o", "junit_family=xunit1")
"""The form of the file that has properties for each test."""


@dataclass(frozen=True)
class Found:
    """What a part of the tests came to. `failed` names tests and seeds; `ended` is false where pytest itself broke."""

    seconds: float
    ended: bool
    tried: int = 0
    failed: tuple[str, ...] = ()

    @property
    def good(self) -> bool:
        """Say whether all was tried and nothing was found."""
        return self.ended and self.tried > 0 and not self.failed

    @property
    def said(self) -> str:
        """Say in a few words what was found."""
        if not self.ended:
            return "DID NOT END: see above"
        if not self.tried:
            return "NOTHING WAS TRIED"
        return f"FOUND {len(self.failed)}" if self.failed else "found nothing"


def main() -> int:
    """Run every part, print the table, and give the exit code: 1 where anything was found, broke, or was not tried."""
    told = {
        "AREA1_TROUBLE": "thorough",
        "AREA1_SCHEDULES": os.environ.get("SCHEDULES") or "1000",
        "AREA1_BODIES": os.environ.get("BODIES") or "10000",
        "AREA1_SEED": os.environ.get("SEED") or "1",
    }
    chosen = sys.argv[1:] or list(PARTS)
    found = {name: part(PARTS[name], {**os.environ, **told}) for name in chosen}
    sys.stdout.write(table(found))
    return int(not all(one.good for one in found.values()))


def part(paths: list[str], environment: Mapping[str, str]) -> Found:
    """Run some tests and read what they wrote down."""
    began = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "report.xml"
        command = [sys.executable, "-m", "pytest", "-q", *JUNIT, f"--junitxml={report}", *paths]
        code = subprocess.run(command, env=environment, check=False).returncode
        seconds = time.monotonic() - began
        return read(report, seconds, code) if report.exists() else Found(seconds, ended=False)


def read(report: Path, seconds: float, code: int) -> Found:
    """Read a JUnit file; a failure that no test of it explains is one too."""
    tried, failed = Counter[str](), list[str]()
    for case in ET.parse(report).iter("testcase"):  # noqa: S314  # pytest wrote it just now
        noted = [(one.get("name", ""), one.get("value", "")) for one in case.iter("property")]
        for name, value in noted:
            if name in PARTS:
                tried[name] += int(value)
        if case.find("failure") is not None or case.find("error") is not None:
            seeds = [value for name, value in noted if name == "failed seed"]
            failed.append(f"{case.get('name')}{', seeds ' * bool(seeds)}{', '.join(seeds)}")
    if code and not failed:
        failed.append(f"pytest ended with code {code}")
    return Found(seconds, ended=True, tried=tried.total(), failed=tuple(failed))


def table(found: Mapping[str, Found]) -> str:
    """Give the table, and below it what failed."""
    rows = [f"{name:12} {one.tried:8,} tried {one.seconds:8,.0f} s   {one.said}" for name, one in found.items()]
    failures = [f"  {name}: {failure}" for name, one in found.items() for failure in one.failed]
    return "\n".join(["", *rows, *failures, ""])


if __name__ == "__main__":
    sys.exit(main())
