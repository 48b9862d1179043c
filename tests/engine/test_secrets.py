"""Secrets of every way to sign in, looked for in everything that full runs of the real engine leave behind."""

import os
import re
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest
from area1_command import area1
from clicks import Clicks
from pulumi_stack import Stack
from secret_ways import NAMES, PROGRAM, Ways, all_ways
from surroundings import project, surroundings

from area1_provider import engine
from area1_provider.emulator import Emulator

LOUD = ("--logtostderr", "--logflow", "-v=9", "--debug")
ENGINES_OWN = re.compile(r"arshaling property for RPC\[.*\]: value=\{")
"""At -v=9 the engine itself prints the properties of explicit providers, also of those that it knows to be secret."""
JWT = re.compile(r"eyJ[\w-]{10,}\.[\w-]{10,}")
"""An access token or assertion, whoever issued it."""


@pytest.fixture
def traffic(tmp_path: Path) -> Path:
    """The file that the emulator logs its traffic to."""
    return tmp_path / "traffic.log"


@pytest.fixture
def offline(traffic: Path) -> Iterator[Emulator]:
    """An offline Exchange of its own, whose first tenant is the machine's."""
    with traffic.open("w", encoding="utf-8") as log, Emulator(log=log) as running:
        yield running


@pytest.fixture
def ways(offline: Emulator, tmp_path: Path) -> Iterator[Ways]:
    """Every way to sign in to the offline tenant."""
    folder = tmp_path / "secrets"
    folder.mkdir()
    with all_ways(offline, folder, os.environ["PATH"]) as ready:
        yield ready


@pytest.fixture
def stack(offline: Emulator, ways: Ways, tmp_path: Path, pulumi_engine: engine.Engine) -> Iterator[Stack]:
    """A program with a resource for every way, in a shell that holds all secrets."""
    folder, organization = tmp_path / "run", offline.account().organization
    environment = surroundings(folder, pulumi_engine, ways.environment)
    clicks = Clicks({**environment, **offline.environment()})
    made = Stack(
        project(folder / "program", "test-secrets", PROGRAM), "test", environment, offline, organization, clicks
    )
    made.init()
    pairs = [part for name, secret in ways.config.items() for part in ("--secret", f"{name}={secret}")]
    assert made.pulumi("config", "set-all", *pairs, "--stack", made.name).code == 0
    yield made
    clicks.close()


def written(folder: Path) -> dict[str, str]:
    """Give everything that stands in files under a folder: state, history, backups, logs, reports, Pulumi's home."""
    files = [file for file in folder.rglob("*") if file.is_file()]
    return {str(file.relative_to(folder)): file.read_bytes().decode("utf-8", "replace") for file in files}


def leaks(texts: Mapping[str, str], secrets: Mapping[str, str]) -> list[tuple[str, str]]:
    """Say which secret stands in which text."""
    known = [(place, name) for place, text in texts.items() for name, secret in secrets.items() if secret in text]
    return known + [(place, "a token") for place, text in texts.items() if JWT.search(text)]


def ours(output: str, config: Mapping[str, str]) -> str:
    """Give a run's output without what the engine prints of secrets that were passed to a `Tenant`."""
    lines = (line for line in output.splitlines() if not ENGINES_OWN.search(line) or not _holds(line, config))
    return "\n".join(lines)


def _holds(line: str, config: Mapping[str, str]) -> bool:
    return any(secret in line for secret in config.values())


def test_no_secret_of_any_way_is_left_anywhere(stack: Stack, ways: Ways, traffic: Path) -> None:
    """Up, drift, doctor, refresh, a crash, a destroy that is refused, by every way to sign in, at full verbosity.

    Environment, files and stack config hold the secrets. Neither they nor tokens stand in state, checkpoints, history,
    logs, output, reports or the emulator's log.
    """
    texts = {"up": (made := stack.up(*LOUD)).output}
    assert made.code == 0, made.output[-3000:]
    assert {one["Name"] for one in stack.clicks("Get-OutboundConnector")} == NAMES

    stack.clicks("Set-OutboundConnector", Identity="az", Comment="moved")
    reports = ("--json", "--html", "drift.html", "--junit", "drift.xml")
    drifted = area1("drift", "--stack", "test", *reports, cwd=stack.folder, environment=stack.environment)
    assert drifted.returncode == 7, drifted.stderr
    looked = area1("doctor", "--json", cwd=stack.folder, environment=stack.environment)
    assert '"app role"' in looked.stdout
    texts |= {"drift": drifted.stdout + drifted.stderr, "doctor": looked.stdout + looked.stderr}

    by_token = {"ARM_CLIENT_SECRET": "", "ARM_USE_OIDC": "true", "ARM_OIDC_TOKEN": ways.config["token"]}
    texts["refresh"] = (seen := stack.refresh(*LOUD, environment=by_token)).output
    assert seen.code == 0, seen.output[-3000:]
    stack.write(PROGRAM + 'raise RuntimeError("crash")\n')
    texts["crash"] = (crashed := stack.up(*LOUD)).output
    assert "RuntimeError: crash" in crashed.output, crashed.output[-3000:]
    stack.emulator.control.change_application(secrets=(), certificates=(), federated=())
    texts["refused"] = (refused := stack.destroy("--continue-on-error", *LOUD)).output
    assert {one["Name"] for one in stack.clicks("Get-OutboundConnector")} < NAMES
    assert {"AADSTS7000215", "AADSTS700027", "AADSTS70025"} <= set(re.findall(r"AADSTS\d+", refused.output))

    texts = {name: ours(text, ways.config) for name, text in texts.items()}
    texts |= {"traffic": traffic.read_text(encoding="utf-8"), "calls": str(stack.calls())}
    files = written(stack.folder.parent)
    assert any("history" in place for place in files)
    assert leaks({**files, **texts}, ways.secrets) == []
