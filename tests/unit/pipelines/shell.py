"""Runs the pipelines' scripts, with a `gh` that only writes down its calls. No expectation lives here."""

import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

CHECKOUT = Path(__file__).parents[3]

GH = """#!/usr/bin/env bash
# Writes down each call of gh with the text it would send, and answers with what the test put into ANSWER.
{ printf '%s\\0' "$@"; for word in "$@"; do case "$word" in body=@*) cat "${word#body=@}" ;; esac; done
  while [ $# -gt 0 ]; do if [ "$1" = --body-file ]; then cat "$2"; fi; shift; done; printf '\\0\\n'; } >>"$CALLS"
cat "$ANSWER"
"""


@dataclass(frozen=True)
class Done:
    """How a script ended."""

    code: int
    out: str
    err: str
    calls: tuple[str, ...]
    """Calls of gh: words and sent text, a NUL between."""


def script(
    name: str,
    *arguments: str | Path,
    folder: Path,
    answer: str = "",
    env: Mapping[str, str] | None = None,
    read: str = "",
) -> Done:
    """Run one of `.ci/` in a folder, which reads `read`; gh answers `answer` to everything."""
    programs, calls, said = folder / "programs", folder / "calls", folder / "answer"
    programs.mkdir(exist_ok=True)
    (programs / "gh").write_text(GH, encoding="utf-8")
    (programs / "gh").chmod(0o755)
    calls.unlink(missing_ok=True)
    said.write_text(answer, encoding="utf-8")
    around = {
        "PATH": f"{programs}:{Path(sys.executable).parent}:{os.environ['PATH']}",
        "CALLS": str(calls),
        "ANSWER": str(said),
        "HOME": str(folder),
    }
    done = subprocess.run(
        [str(CHECKOUT / ".ci" / name), *map(str, arguments)],
        cwd=folder,
        env={**around, **(env or {})},
        input=read,
        capture_output=True,
        encoding="utf-8",
        timeout=60,
        check=False,
    )
    made = calls.read_text(encoding="utf-8").split("\0\n")[:-1] if calls.exists() else []
    return Done(done.returncode, done.stdout, done.stderr, tuple(made))
