"""Tests of the matrix: which stacks a pipeline looks after, in the forms that the pipelines take."""

import json
import subprocess
import sysconfig
from pathlib import Path

import pytest
from shell import Done, script


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project with three stacks beside the offline one."""
    (tmp_path / "stacks").mkdir()
    for name in ("eu-1", "offline", "us", "us.test"):
        (tmp_path / f"stacks/Pulumi.{name}.yaml").touch()
    return tmp_path


def stacks(project: Path, form: str, **env: str) -> Done:
    """List the project's stacks."""
    return script("pipeline-stacks", form, folder=project, env={"AREA1_PROJECT": str(project), **env})


def test_every_file_in_stacks_is_a_job(project: Path) -> None:
    """GitHub takes a JSON list of all stacks but the offline one."""
    assert sorted(json.loads(stacks(project, "github").out)) == ["eu-1", "us", "us.test"]


def test_azure_takes_an_object_with_plain_keys(project: Path) -> None:
    """Azure DevOps takes an object; its keys may hold letters, digits and underscores only."""
    expected = {"eu_1": {"stack": "eu-1"}, "us": {"stack": "us"}, "us_test": {"stack": "us.test"}}
    assert json.loads(stacks(project, "azure").out) == expected


@pytest.mark.parametrize(
    ("chosen", "left_out", "expected"),
    [
        ("us*", "offline", ["us", "us.test"]),
        ("*", "*.test offline", ["eu-1", "us"]),
        ("eu-1 us", "", ["eu-1", "us"]),
        ("*", "", ["eu-1", "offline", "us", "us.test"]),
        ("nothing", "", []),
    ],
)
def test_patterns_choose_and_leave_out(project: Path, chosen: str, left_out: str, expected: list[str]) -> None:
    """Variables of the pipeline say by patterns which stacks to take and which not."""
    done = stacks(project, "github", AREA1_STACKS=chosen, AREA1_LEAVE_OUT=left_out)
    assert sorted(json.loads(done.out)) == expected


def test_no_stack_is_an_empty_matrix(tmp_path: Path) -> None:
    """Without a stack the lists are empty, and are lists all the same."""
    assert stacks(tmp_path, "github").out == "[]\n"
    assert stacks(tmp_path, "azure").out == "{}\n"
    assert stacks(tmp_path, "names").out == ""


def test_name_that_could_break_out_is_refused(project: Path) -> None:
    """A file whose name would be more than a name to a shell, JSON or YAML stops the pipeline."""
    (project / 'stacks/Pulumi.a"$(id).yaml').touch()
    done = stacks(project, "github")
    assert (done.code, done.out) == (1, "")
    assert "letters, digits" in done.err


@pytest.mark.parametrize(
    ("why", "step", "environment"),
    [
        ("merge_request_event", ".ci/pipeline-preview us out", "us-read"),
        ("schedule", ".ci/pipeline-drift out us", "us-read"),
        ("push", ".ci/pipeline-up us", "us"),
    ],
)
def test_gitlab_gets_a_pipeline_with_a_job_a_stack(project: Path, why: str, step: str, environment: str) -> None:
    """The second pipeline obeys GitLab's schema, and does what the reason of the first one asks for, with an OIDC token."""
    env = {"AREA1_PROJECT": str(project), "CI_PIPELINE_SOURCE": why}
    done = script("pipeline-gitlab", folder=project, env=env)
    assert done.code == 0, done.err
    assert done.out.count("ARM_OIDC_TOKEN:\n      aud: api://AzureADTokenExchange") == 3
    assert f"    - {step}\n" in done.out
    assert f"    name: {environment}\n" in done.out
    require_schema(project / "child.yml", done.out)


def test_gitlab_without_stacks_has_a_job_all_the_same(tmp_path: Path) -> None:
    """A pipeline without jobs is an error to GitLab, so there is one that does nothing."""
    env = {"AREA1_PROJECT": str(tmp_path), "CI_PIPELINE_SOURCE": "push"}
    require_schema(tmp_path / "child.yml", script("pipeline-gitlab", folder=tmp_path, env=env).out)


def require_schema(file: Path, text: str) -> None:
    """Fail unless GitLab would take a pipeline."""
    file.write_text(text, encoding="utf-8")
    check = Path(sysconfig.get_path("scripts")) / "check-jsonschema"
    command = [check, "--builtin-schema", "vendor.gitlab-ci", "--data-transform", "gitlab-ci", file]
    checked = subprocess.run(command, capture_output=True, encoding="utf-8", check=False)
    assert checked.returncode == 0, checked.stdout
