"""What `make audit` says of pip-audit's results: what was not looked up is not called clean."""

import importlib.util
from pathlib import Path
from typing import Any

import pytest

CHECKOUT = Path(__file__).parents[3]
WAY = importlib.util.spec_from_file_location("audit", CHECKOUT / ".ci" / "audit.py")
assert WAY
assert WAY.loader
audit = importlib.util.module_from_spec(WAY)
WAY.loader.exec_module(audit)

GOOD: dict[str, Any] = {"name": "good", "version": "1.0", "vulns": []}
SKIPPED: dict[str, Any] = {"name": "some", "skip_reason": "not found: some (1.0)"}
BAD: dict[str, Any] = {
    "name": "bad",
    "version": "0.9",
    "vulns": [{"id": "PYSEC-2026-1", "aliases": ["CVE-2026-1"], "fix_versions": ["1.0"], "description": "text"}],
}


@pytest.mark.parametrize(
    ("packages", "code"),
    [([GOOD], 0), ([GOOD, BAD], 1), ([SKIPPED, BAD], 1), ([GOOD, SKIPPED], 3), ([SKIPPED], 3), ([], 3)],
)
def test_exit_code(packages: list[dict[str, Any]], code: int) -> None:
    """0 only where every package was looked up and none is vulnerable."""
    assert audit.verdict(packages)[0] == code


def test_lines() -> None:
    """What is vulnerable is named with its fix, and what was not looked up is counted, with a reason."""
    _, lines = audit.verdict([GOOD, BAD, SKIPPED])

    assert lines == [
        "bad 0.9: PYSEC-2026-1, CVE-2026-1; fixed in 1.0",
        "2 of 3 packages looked up, 1 vulnerabilities known",
        "1 could not be looked up, so nothing is known of them; the first: not found: some (1.0)",
    ]


def test_no_result_is_no_clean_result(capfd: pytest.CaptureFixture[str]) -> None:
    """Where pip-audit ends without a result, its last words are shown, and no pages of traceback before them."""
    assert audit.main("--no-such-option") == 3
    (line,) = capfd.readouterr().err.splitlines()
    assert line.startswith("audit: no package was looked up: pip-audit ended without a result; its last words: ")
    assert line.endswith("unrecognized arguments: --no-such-option")


def test_what_is_for_another_system_is_looked_up_too() -> None:
    """A package that only Windows gets is asked for here as well: a marker leaves nothing out."""
    lock = "colorama==0.4.6 ; sys_platform == 'win32' \\\n    --hash=sha256:aa\nrich==14.1.0 \\\n    --hash=sha256:bb\n"

    plain = "colorama==0.4.6 \\\n    --hash=sha256:aa\nrich==14.1.0 \\\n    --hash=sha256:bb\n"
    assert audit.everywhere(lock) == plain
