"""Asks pip-audit whether anything that requirements.txt locks is known to be vulnerable, and says what could not be asked.

pip-audit itself calls a run clean in which its advisory service knew none of the packages. Exit codes: 0 all were looked up
and none is vulnerable, 1 some are, 3 none known so far but not all could be looked up.
"""

import json
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

CHECKOUT = Path(__file__).resolve().parent.parent
FORM = ("--require-hashes", "--disable-pip", "--format", "json", "--progress-spinner", "off")
CLEAN, VULNERABLE, UNKNOWN = 0, 1, 3


def main(*options: str) -> int:
    """Audit, passing options on to pip-audit, such as `--vulnerability-service osv`."""
    with tempfile.NamedTemporaryFile("w", encoding="utf-8", suffix=".txt") as lock:
        lock.write(everywhere((CHECKOUT / "requirements.txt").read_text(encoding="utf-8")))
        lock.flush()
        command = [sys.executable, "-m", "pip_audit", *FORM, "--requirement", lock.name, *options]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
    try:
        code, lines = verdict(json.loads(done.stdout)["dependencies"])
    except (ValueError, KeyError):
        last = done.stderr.strip().rpartition("\n")[2] or "nothing"
        code, lines = UNKNOWN, [f"no package was looked up: pip-audit ended without a result; its last words: {last}"]
    for line in lines:
        sys.stderr.write(f"audit: {line}\n")
    return code


def everywhere(lock: str) -> str:
    """Give the lock without markers: pip-audit leaves out, unsaid, what is for another system than this."""
    return re.sub(r" ;.*(?= \\$)", "", lock, flags=re.MULTILINE)


def verdict(packages: list[dict[str, Any]]) -> tuple[int, list[str]]:
    """Give exit code and lines for what pip-audit said of each package."""
    found = [line for one in packages for line in _vulnerable(one)]
    skipped = [one for one in packages if "skip_reason" in one]
    count = len(packages) - len(skipped)
    lines = [*found, f"{count} of {len(packages)} packages looked up, {len(found)} vulnerabilities known"]
    if skipped:
        why = f"the first: {skipped[0]['skip_reason']}"
        lines.append(f"{len(skipped)} could not be looked up, so nothing is known of them; {why}")
    if found:
        return VULNERABLE, lines
    return (UNKNOWN if skipped or not packages else CLEAN), lines


def _vulnerable(one: dict[str, Any]) -> Iterator[str]:
    for each in one.get("vulns", ()):
        names = ", ".join([each["id"], *each.get("aliases", ())])
        fixed = ", ".join(each.get("fix_versions", ())) or "no version yet"
        yield f"{one['name']} {one['version']}: {names}; fixed in {fixed}"


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
