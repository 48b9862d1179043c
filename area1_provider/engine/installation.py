"""An engine on disk: what makes one whole, which version it is, and the environment to run it in.

Where engines come from is not known here.
"""

import os
import re
import shutil
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from area1_provider.engine.failures import WayFailed

#: Which way led to an engine.
Origin = Literal["PATH", "cache", "installer", "build"]

ANSWER_LIMIT = 60.0
"""Seconds that a program may take to tell its version."""


@dataclass(frozen=True)
class Engine:
    """A Pulumi CLI with its Python host. `version` has no leading `v`."""

    bin_dir: Path
    version: str
    origin: Origin

    @property
    def pulumi(self) -> Path:
        """The command itself, to be run by its full path."""
        return self.bin_dir / "pulumi"

    def environment(self, base: Mapping[str, str], venv_bin: Path) -> dict[str, str]:
        """Give `base` with what a run of this engine needs.

        `venv_bin` is the `bin` folder of the Python that has the program's packages. It comes first on PATH:
        the built language host ignores `virtualenv` in Pulumi.yaml and takes the first python3 that it finds.
        Nothing is looked up or downloaded by the CLI itself: dynamic providers need no plugin.
        """
        ahead = [str(venv_bin), str(self.bin_dir)]
        rest = [part for part in base.get("PATH", os.defpath).split(os.pathsep) if part not in ahead]
        return {
            **base,
            "PATH": os.pathsep.join([*ahead, *rest]),
            "PULUMI_SKIP_UPDATE_CHECK": "true",
            "PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION": "true",
        }


def numbers(text: str) -> tuple[int, int, int] | None:
    """Give the first version number in `text`, patch 0 where there is none; None if there is no number."""
    found = re.search(r"(\d+)\.(\d+)(?:\.(\d+))?", text)
    return (int(found[1]), int(found[2]), int(found[3] or 0)) if found else None


def answer(command: list[str], env: Mapping[str, str]) -> str:
    """Give what a short question to a program printed; raises WayFailed if it does not answer."""
    try:
        done = subprocess.run(
            command, env=env, stdin=subprocess.DEVNULL, capture_output=True, timeout=ANSWER_LIMIT, check=False
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise WayFailed(f"{command[0]} does not run: {error}") from error
    if done.returncode:
        said = (done.stderr or done.stdout).decode(errors="replace").strip()
        raise WayFailed(f"`{' '.join(command)}` ended with code {done.returncode}: {said[-500:]}")
    return done.stdout.decode(errors="replace").strip()


def cli_version(program: Path, env: Mapping[str, str]) -> str:
    """Ask a `pulumi` for its version, `3.259.0`; raises WayFailed if there is no sensible answer."""
    said = answer([str(program), "version"], {**env, "PULUMI_SKIP_UPDATE_CHECK": "true"})
    if numbers(said) is None:
        raise WayFailed(f"{program} does not tell its version but {said[:80]!r}")
    return said.removeprefix("v")


def executable(name: str, folder: Path, search: str) -> Path | None:
    """Find a program beside others in `folder`, or else on the PATH `search`."""
    found = shutil.which(name, path=os.pathsep.join([str(folder), search]))
    return Path(found) if found else None
