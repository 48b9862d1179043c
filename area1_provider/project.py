"""A Pulumi project on disk and the engine that runs it: ask, stream, config, state. What it holds is not judged here."""

from __future__ import annotations

import json
import os
import subprocess
import sysconfig
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from area1_provider import engine
from area1_provider.errors import Area1Error, Refused

FILES = ("Pulumi.yaml", "Pulumi.yml")
QUIET = ("--non-interactive",)
NOT_LOGGED_IN = "PULUMI_ACCESS_TOKEN must be set"
"""How Pulumi says that no backend was chosen yet; that there are others than its own cloud it leaves out."""


class PulumiFailed(Area1Error):
    """Raised when a `pulumi` command ended with an error; the text is the command and what it said."""


class NoProject(Area1Error):
    """Raised when neither this folder nor one above it holds a Pulumi project."""


class NoStack(Area1Error):
    """Raised when a command needs a stack and none is named or selected."""


@dataclass(frozen=True)
class Project:
    """A project folder, the engine, and the environment that it runs in."""

    folder: Path
    engine: engine.Engine
    environment: Mapping[str, str]

    def ask(self, *arguments: str, seconds: float | None = None) -> str:
        """Give what a `pulumi` command prints. Raises `PulumiFailed`, also where it takes longer than `seconds`."""
        try:
            done = subprocess.run(
                [str(self.engine.pulumi), *arguments, *QUIET, "--color", "never"],
                cwd=self.folder,
                env=self.environment,
                stdin=subprocess.DEVNULL,
                capture_output=True,
                encoding="utf-8",
                errors="replace",
                check=False,
                timeout=seconds,
            )
        except subprocess.TimeoutExpired:
            raise PulumiFailed(f"`pulumi {' '.join(arguments)}` did not end within {seconds:.0f} seconds") from None
        if done.returncode:
            raise PulumiFailed(f"`pulumi {' '.join(arguments)}` failed:\n{explained(done.stderr or done.stdout)}")
        return done.stdout

    def stream(self, *arguments: str, show: Callable[[str], None]) -> tuple[int, str]:
        """Run a `pulumi` command, hand each line to `show` as it comes, and give exit code and whole output."""
        lines: list[str] = []
        with subprocess.Popen(
            [str(self.engine.pulumi), *arguments, *QUIET],
            cwd=self.folder,
            env=self.environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
            errors="replace",
        ) as running:
            try:
                for line in running.stdout or ():
                    lines.append(line)
                    show(line.rstrip("\n"))
            except BaseException:
                running.terminate()
                raise
        return running.returncode, "".join(lines)

    def selected_stack(self) -> str | None:
        """Give the stack that is selected here, None where none is, or no backend is logged in to."""
        try:
            return self.ask("stack", "--show-name").strip() or None
        except PulumiFailed:
            return None

    def chosen_stack(self, named: str | None) -> str:
        """Give the stack that was named, else the selected one. Raises `NoStack` where there is neither."""
        found = named or self.selected_stack()
        if found is None:
            raise NoStack("No stack is selected here: name one with --stack, or run `pulumi stack select`.")
        return found

    def config(self, stack: str) -> dict[str, str]:
        """Give a stack's config as its program would get it: full keys, texts (JSON where structured), decrypted."""
        shown = json.loads(self.ask("config", "--json", "--show-secrets", "--stack", stack))
        return {key: str(entry["value"]) for key, entry in shown.items() if "value" in entry}

    def resources(self, stack: str, seconds: float | None = None) -> list[dict[str, Any]]:
        """Give the resources in a stack's state. Raises `PulumiFailed`, `Refused` for one not as Pulumi writes it."""
        try:
            deployment = json.loads(self.ask("stack", "export", "--stack", stack, seconds=seconds))["deployment"] or {}
            resources = [dict(one) for one in deployment.get("resources") or []]
            for one in resources:
                _ = (one["urn"].partition, one["type"].partition, (one.get("outputs") or {}).items)
        except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
            raise Refused(f"The state of stack {stack} is not as Pulumi writes it: {error!r}") from error
        return resources


def explained(said: str) -> str:
    """Give what Pulumi said, with a way out where it names none that fits."""
    said = said.strip()
    if NOT_LOGGED_IN not in said:
        return said
    way_out = "`pulumi login --local` or `pulumi login URL` chooses where else states are kept"
    return f"{said}\nNobody is logged in to Pulumi here: {way_out}."


def folder_of(start: Path) -> Path | None:
    """Give the nearest folder upwards that holds a project, as `pulumi` finds it; None if there is none."""
    upwards = (start, *start.parents)
    return next((folder for folder in upwards if any((folder / name).is_file() for name in FILES)), None)


def opened(folder: Path, found: engine.Engine, environ: Mapping[str, str] = os.environ) -> Project:
    """Give the project of a folder, run by an engine in an environment and with this Python's packages."""
    return Project(folder, found, found.environment(environ, Path(sysconfig.get_path("scripts"))))


def required(start: Path) -> Project:
    """Give the project here or above, obtaining the engine if needed. Raises `NoProject`, `engine.EngineUnavailable`."""
    folder = folder_of(start)
    if folder is None:
        raise NoProject(
            f"There is no Pulumi project in {start} or above it (no Pulumi.yaml). Change to the folder of the program."
        )
    return opened(folder, engine.ensure())
