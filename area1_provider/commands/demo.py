"""`area1 demo`: the whole guide on the real engine against an offline Exchange, drift and repair included.

Everything happens in a temporary folder and on loopback. What is shown is also checked; how it looks is not known here.
"""

from __future__ import annotations

import os
import re
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol

from area1_provider import engine, project, settings
from area1_provider.client import Exchange
from area1_provider.commands import target
from area1_provider.commands.clicks import Click, clicks
from area1_provider.commands.sighting import Sighting
from area1_provider.commands.status import Status, observe
from area1_provider.emulator import Emulator
from area1_provider.errors import Area1Error
from area1_provider.journaling import JournalingArgs
from area1_provider.project import Project

STACK = "offline"
FILES = ("Pulumi.yaml", "__main__.py")
FOREIGN = ("ARM_", "AZURE_", "AREA1_", "PULUMI_")
"""Variables that point somewhere else than to the offline Exchange."""

ORDER = ("Remove-JournalRule", "Remove-OutboundConnector", "Remove-DistributionGroup")
"""A rule must not outlive its connector, and a group not be removed under its rule."""


class Unexpected(Area1Error):
    """Raised when something did not turn out as the demo shows it."""


class Stage(Protocol):
    """Where the demo is shown."""

    def heading(self, text: str, command: str = "") -> None:
        """Say what begins, and the command that a person would type for it."""

    def line(self, text: str) -> None:
        """Show one line."""

    def status(self, status: Status) -> None:
        """Show the guide's steps."""


def run(stage: Stage, here: Path) -> None:
    """Give the whole performance. Raises `Unexpected`, `engine.EngineUnavailable`, `project.PulumiFailed`."""
    source = checkout(here)
    stage.heading("The Pulumi engine", "make engine")
    found = engine.ensure()
    stage.line(f"Pulumi {found.version}, from {found.origin}")
    stage.heading("An offline Exchange Online on loopback, behind TLS", "area1 emulator")
    with Emulator() as emulator, workplace(source, found, emulator) as opened:
        stage.line(f"{emulator.account().organization} at {emulator.exchange_url}")
        opened.ask("stack", "init", STACK)
        Performance(stage, opened, emulator).run()


def checkout(here: Path) -> Path:
    """Give the folder that holds the stack: here or above, else beside the package. Raises `Unexpected`."""
    candidates = (project.folder_of(here), Path(__file__).parents[2])
    for folder in candidates:
        if folder is not None and (folder / "stacks" / f"Pulumi.{STACK}.yaml").is_file():
            return folder
    raise Unexpected(f"The demo plays stacks/Pulumi.{STACK}.yaml of a checkout: clone the repository and run it there.")


@contextmanager
def workplace(source: Path, found: engine.Engine, emulator: Emulator) -> Iterator[Project]:
    """Give a copy of the project with a backend of its own, gone afterwards: runs do not meet."""
    with tempfile.TemporaryDirectory(prefix="area1-demo-") as name:
        folder, backend = Path(name) / "program", Path(name) / "backend"
        shutil.copytree(source / "stacks", folder / "stacks")
        for file in FILES:
            shutil.copy(source / file, folder)
        backend.mkdir()
        own = {
            "PULUMI_HOME": str(Path(name) / "home"),
            "PULUMI_BACKEND_URL": backend.as_uri(),
            "PULUMI_CONFIG_PASSPHRASE": "demo",
        }
        kept = {key: value for key, value in os.environ.items() if not key.startswith(FOREIGN)}
        yield project.opened(folder, found, {**kept, **emulator.environment(), **own})


class Performance:
    """The acts in order, on one stack and one tenant."""

    def __init__(self, stage: Stage, opened: Project, emulator: Emulator) -> None:
        self.stage = stage
        self.project = opened
        self.emulator = emulator
        environment = emulator.environment()
        self.exchange = Exchange(settings.load(environment, {}), environ=environment)
        self.args = target.of_stack(opened, STACK).args()

    def run(self) -> None:
        """Play every act; raises `Unexpected` at the first that goes wrong."""
        self.pulumi("Pulumi performs the guide", "up", "--yes", "--skip-preview")
        self.ticked("The guide's steps, from what the tenant now holds")
        done = self.clicked()
        output = self.pulumi("Pulumi shows what moved", "refresh", "--yes", "--skip-preview", "--diff")
        named(done, output)
        self.pulumi("Pulumi repairs it", "up", "--yes", "--skip-preview", "--diff")
        self.pulumi("Nothing is left to do", "preview", "--expect-no-changes")
        self.ticked("The guide's steps again")
        self.emulator.control.clear_calls()
        self.pulumi("Pulumi takes it away, the rule first", "destroy", "--yes", "--skip-preview")
        self.gone()

    def pulumi(self, text: str, command: str, *options: str) -> str:
        """Run one pulumi command and show what matters of it; raises `Unexpected` with all of it where it fails."""
        asked = [option for option in options if option not in ("--yes", "--skip-preview")]
        self.stage.heading(text, " ".join(["pulumi", command, "--stack", STACK, *asked]))
        arguments = (command, "--stack", STACK, "--color", "never", *options)
        code, output = self.project.stream(*arguments, show=self._show)
        if code:
            raise Unexpected(f"`pulumi {command}` ended with code {code}:\n{output.strip()}")
        return output

    def _show(self, line: str) -> None:
        if told := telling(line):
            self.stage.line(told)

    def ticked(self, text: str) -> None:
        """Show the guide's steps; raises `Unexpected` where one is open."""
        self.stage.heading(text, f"area1 status --stack {STACK}")
        status = observe(self.exchange, self.args)
        self.stage.status(status)
        if not status.complete:
            raise Unexpected("A step of the guide is open, see above.")

    def clicked(self) -> tuple[Click, ...]:
        """Change things behind Pulumi's back, as somebody in the admin centre would."""
        self.stage.heading("Somebody clicks around in the admin centre")
        done = tuple(clicks(Sighting(self.exchange, self.args), self.emulator.account().recipients))
        for click in done:
            self.exchange.invoke(click.cmdlet, click.parameters)
            self.stage.line(f"{click.words}  ({click.cmdlet})")
        return done

    def gone(self) -> None:
        """Show in which order the tenant was told, and check what is left of it."""
        removed = [call.cmdlet for call in self.emulator.control.calls() if call.cmdlet.startswith("Remove-")]
        self.stage.heading("What the tenant was told, in order")
        for number, cmdlet in enumerate(removed, start=1):
            self.stage.line(f"{number}. {cmdlet}")
        if removed != sorted(removed, key=ORDER.index):
            raise Unexpected(f"Things were taken away in the wrong order: {', '.join(removed)}.")
        left = leftovers(self.exchange, self.args)
        if left:
            raise Unexpected(f"After destroy the tenant still holds {', '.join(left)}.")
        address = Sighting(self.exchange, self.args).undeliverable
        if not address:
            raise Unexpected("The undeliverable address was cleared; it belongs to the whole tenant.")
        self.stage.line(f"Left in place, as Exchange demands: undeliverable journal reports go to {address}")


def leftovers(exchange: Exchange, args: JournalingArgs | None) -> list[str]:
    """Name what is in the tenant of what the stack had made."""
    seen = Sighting(exchange, args)
    found: Mapping[str, object] = {"the connector": seen.connector, "the rule": seen.rule}
    grouped = {"the group": seen.group} if seen.args.group else {}
    return [name for name, one in {**found, **grouped}.items() if one is not None]


def named(done: tuple[Click, ...], output: str) -> None:
    """Check that a refresh named every property that was changed. Raises `Unexpected`."""
    for click in done:
        for name in click.properties:
            if not re.search(rf"^\s*~ {name}\s*:", output, re.MULTILINE):
                raise Unexpected(f"The refresh did not show that {name} moved:\n{output.strip()}")


STACK_LINE = re.compile(r"pulumi:pulumi:Stack \S+ +(?:\w+ \([\d.]+s\) ?)?(?P<message>.*)")
UNDER_WAY = re.compile(r"(creating|deleting|updating|refreshing) \(\d+s\)$")
MATTERS = re.compile(r"[~+-] |\d+ unchanged|Resources:|error|warning")


def telling(line: str) -> str:
    """Give what matters of a line of pulumi's: what changes, messages and the sum; empty for what is as it was."""
    text = line.strip()
    stack = STACK_LINE.search(text)
    if stack:
        return "" if re.fullmatch(r"(\d+ messages?)?", stack["message"].strip()) else f"  {stack['message']}"
    return line.rstrip() if MATTERS.match(text) and not UNDER_WAY.search(text) else ""
