"""A Pulumi project in a temporary folder, driven by the real `pulumi` command. No expectation of any test lives here."""

import json
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from clicks import Clicks

from area1_provider.emulator import Emulator
from area1_provider.emulator.calls import Call

PLAIN = ("--non-interactive", "--color", "never")
SECONDS = 120.0
PROJECT = "name: {name}\nruntime: python\nstackConfigDir: stacks\n"


@dataclass(frozen=True)
class Run:
    """How one `pulumi` command ended: its exit code, and what it printed on stdout and stderr together."""

    code: int
    output: str


@dataclass(frozen=True)
class Stack:
    """One stack of one project against one organization of an offline Exchange.

    `environment` is what a person's shell would hold; `organization` names the tenant in the emulator.
    """

    folder: Path
    name: str
    environment: Mapping[str, str]
    emulator: Emulator
    organization: str
    clicks: Clicks

    def pulumi(self, *arguments: str, environment: Mapping[str, str] | None = None) -> Run:
        """Run `pulumi` in the project; `environment` is laid over the stack's own."""
        done = subprocess.run(
            ["pulumi", *arguments, *PLAIN],
            cwd=self.folder,
            env={**self.environment, **(environment or {})},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
            errors="replace",
            timeout=SECONDS,
            check=False,
        )
        return Run(done.returncode, done.stdout)

    def init(self) -> None:
        """Make the stack; raises AssertionError with what pulumi said if that fails."""
        made = self.pulumi("stack", "init", self.name)
        assert made.code == 0, made.output

    def up(self, *arguments: str, **options: Any) -> Run:
        """`pulumi up` without the preview before it."""
        return self.pulumi("up", "--yes", "--skip-preview", "--stack", self.name, *arguments, **options)

    def preview(self, *arguments: str, **options: Any) -> Run:
        """`pulumi preview --diff`."""
        return self.pulumi("preview", "--diff", "--stack", self.name, *arguments, **options)

    def refresh(self, *arguments: str, **options: Any) -> Run:
        """`pulumi refresh --diff` without the preview before it."""
        chosen = () if "--preview-only" in arguments else ("--yes", "--skip-preview")
        return self.pulumi("refresh", "--diff", *chosen, "--stack", self.name, *arguments, **options)

    def destroy(self, *arguments: str, **options: Any) -> Run:
        """`pulumi destroy` without the preview before it."""
        return self.pulumi("destroy", "--yes", "--skip-preview", "--stack", self.name, *arguments, **options)

    def import_(self, resources: Sequence[Mapping[str, Any]]) -> Run:
        """`pulumi import` of an import file with these resources."""
        file = self.folder / "import.json"
        file.write_text(json.dumps({"resources": resources}), encoding="utf-8")
        chosen = ("--generate-code=false", "--protect=false", "--yes", "--skip-preview", "--stack", self.name)
        return self.pulumi("import", "--file", str(file), *chosen)

    def config_set(self, **values: str) -> None:
        """Set keys of the namespace `area1`, as a person does in the stack's file."""
        file = self.folder / "stacks" / f"Pulumi.{self.name}.yaml"
        document = yaml.safe_load(file.read_text(encoding="utf-8"))
        config = {**document.get("config", {}), **{f"area1:{key}": value for key, value in values.items()}}
        file.write_text(yaml.safe_dump({**document, "config": config}), encoding="utf-8")

    def write(self, program: str) -> None:
        """Replace the program."""
        (self.folder / "__main__.py").write_text(program, encoding="utf-8")

    def export(self) -> dict[str, Any]:
        """Give the deployment that the state holds, secrets encrypted."""
        shown = self.pulumi("stack", "export", "--stack", self.name)
        assert shown.code == 0, shown.output
        deployment: dict[str, Any] = json.loads(shown.output)["deployment"]
        return deployment

    def resources(self) -> dict[str, dict[str, Any]]:
        """Give the resources of ours in the state by the last part of their type, such as `JournalRule`."""
        listed = self.export().get("resources", [])
        return {one["type"].rpartition(":")[2]: one for one in listed if "dynamic/" in one["type"]}

    def outputs(self) -> dict[str, Any]:
        """Give the stack's outputs."""
        shown = self.pulumi("stack", "output", "--json", "--stack", self.name)
        assert shown.code == 0, shown.output
        outputs: dict[str, Any] = json.loads(shown.output)
        return outputs

    def calls(self) -> list[Call]:
        """Give what this organization was asked for since the emulator's log was cleared."""
        return self.emulator.control.calls(self.organization)

    def cmdlets(self) -> list[str]:
        """Give the names of the cmdlets called, oldest first."""
        return [call.cmdlet for call in self.calls()]
