"""Tests of the pipelines as they stand: what every workflow must keep to, beyond what linters know."""

import os
import re
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

CHECKOUT = Path(__file__).parents[3]
WORKFLOWS = sorted((CHECKOUT / ".github/workflows").glob("*.yml"))
ALL = [*WORKFLOWS, CHECKOUT / "docs/ci/azure-pipelines.yml", CHECKOUT / "docs/ci/.gitlab-ci.yml"]
TENANT_JOBS = {"preview": "preview", "up": "up", "drift": "drift"}
"""Workflows that touch tenants, and the job that does."""


def read(name: str) -> dict[Any, Any]:
    """Give a workflow; `on` comes as the key True (YAML 1.1)."""
    found: dict[Any, Any] = yaml.safe_load((CHECKOUT / f".github/workflows/{name}.yml").read_text(encoding="utf-8"))
    return found


@pytest.fixture(params=TENANT_JOBS.items(), ids=TENANT_JOBS)
def job(request: pytest.FixtureRequest) -> dict[str, Any]:
    """The job of a workflow that touches tenants."""
    workflow, name = request.param
    found: dict[str, Any] = read(workflow)["jobs"][name]
    return found


@pytest.mark.parametrize("file", WORKFLOWS, ids=lambda file: file.stem)
def test_actions_are_pinned(file: Path) -> None:
    """Every action stands as a full commit digest, its version beside it, and the same digest everywhere."""
    used = re.findall(r"uses: (.*)", file.read_text(encoding="utf-8"))
    assert used
    assert all(re.fullmatch(r"[\w-]+/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+", one) for one in used)
    everywhere = {one for other in WORKFLOWS for one in re.findall(r"uses: (.*)", other.read_text(encoding="utf-8"))}
    assert len(everywhere) == len({one.partition("@")[0] for one in everywhere})


@pytest.mark.parametrize("file", WORKFLOWS, ids=lambda file: file.stem)
def test_rights_are_the_least(file: Path) -> None:
    """A workflow may read its code; what more a job may stands at the job, and every job ends in time."""
    workflow = read(file.stem)
    assert workflow["permissions"] == {"contents": "read"}
    for job in workflow["jobs"].values():
        assert job["timeout-minutes"] <= 60
        assert set(job.get("permissions", {})) <= {"contents", "id-token", "pull-requests", "issues"}
        assert job.get("permissions", {}).get("contents", "read") == "read"


@pytest.mark.parametrize("file", WORKFLOWS, ids=lambda file: file.stem)
def test_nothing_foreign_reaches_a_shell(file: Path) -> None:
    """Expressions stand in `env`, never in a script, where a branch's or stack's name would be a command."""
    for job in read(file.stem)["jobs"].values():
        assert not [step["run"] for step in job["steps"] if "${{" in step.get("run", "")]


def test_one_tenant_stops_no_other(job: dict[str, Any]) -> None:
    """Tenants are a matrix over the stacks, and a failure cancels nothing."""
    assert job["strategy"]["fail-fast"] is False
    assert job["strategy"]["matrix"] == {"stack": "${{ fromJSON(needs.stacks.outputs.stacks) }}"}


def test_tenants_are_signed_in_to_with_oidc(job: dict[str, Any]) -> None:
    """The job may ask for a token, uses it, and is handed no secret of a tenant."""
    assert job["permissions"] == {"contents": "read", "id-token": "write"}
    assert job["env"]["ARM_USE_OIDC"] == "true"
    assert not [name for name in job["env"] if name.startswith("ARM_") and "secrets." in job["env"][name]]


def test_only_up_may_use_the_environment_that_writes() -> None:
    """Preview and drift sign in as an environment of their own, whose application may do with reading."""
    jobs = {name: read(name)["jobs"][job]["environment"] for name, job in TENANT_JOBS.items()}
    read_only = "${{ matrix.stack }}-read"
    assert jobs == {"preview": read_only, "up": "${{ matrix.stack }}", "drift": read_only}


def test_pull_requests_of_forks_get_no_token() -> None:
    """Somebody else's code is not run with the right to sign in."""
    assert "head.repo.full_name == github.repository" in read("preview")["jobs"]["stacks"]["if"]
    assert set(read("preview")[True]) == {"pull_request"}


def test_up_is_of_main_alone() -> None:
    """A run by hand of another branch, whose code nobody has approved, changes no tenant; nor does a fork get there."""
    assert "github.ref == 'refs/heads/main'" in read("up")["jobs"]["stacks"]["if"]
    azure = yaml.safe_load((CHECKOUT / "docs/ci/azure-pipelines.yml").read_text(encoding="utf-8"))
    (what,) = (one for one in azure["variables"] if one.get("name") == "area1.what")
    ups = [on for on, chosen in what.items() if chosen == {"value": "up"}]
    assert ups == ["${{ elseif eq(variables['Build.SourceBranch'], 'refs/heads/main') }}"]
    assert azure["jobs"][0]["condition"] == "ne(variables['System.PullRequest.IsFork'], 'True')"


@pytest.mark.parametrize("file", WORKFLOWS, ids=lambda file: file.stem)
def test_stacks_that_cannot_be_listed_fail_their_step(file: Path) -> None:
    """A script's failure within the words of `echo` is none to a shell, so it stands alone."""
    steps = [step for job in read(file.stem)["jobs"].values() for step in job["steps"]]
    listed = [line.strip() for step in steps for line in step.get("run", "").splitlines() if "pipeline-stacks" in line]
    assert [line for line in listed if not re.fullmatch(r"\w+=\$\(\.ci/pipeline-stacks \w+\)", line)] == []


@pytest.mark.parametrize("file", ALL, ids=lambda file: file.name)
def test_scripts_that_are_called_are_there(file: Path) -> None:
    """Each script that a pipeline names exists and may be run."""
    named = set(re.findall(r"\.ci/[\w.-]+", file.read_text(encoding="utf-8")))
    assert named
    for name in named:
        script = CHECKOUT / name
        assert script.is_file(), name
        assert os.access(script, os.X_OK) or script.suffix == ".py", name


def test_every_script_is_strict() -> None:
    """A step that fails ends its script; what a script needs and lacks is an error."""
    for script in (CHECKOUT / ".ci").glob("pipeline-*"):
        text = script.read_text(encoding="utf-8")
        assert "set -euo pipefail" in text or "# shellcheck shell=bash" in text, script.name
        subprocess.run(["bash", "-n", str(script)], check=True)
