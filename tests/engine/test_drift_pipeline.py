"""The shell steps of the pipelines, one after the other, on a real stack: preview, up, drift."""

import json
import subprocess
from pathlib import Path

from pulumi_stack import Stack

SCRIPTS = Path(__file__).parents[2] / ".ci"


def step(stack: Stack, name: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run one of the pipelines' scripts for the project, in its folder."""
    return subprocess.run(
        [str(SCRIPTS / name), *arguments],
        cwd=stack.folder,
        env={**stack.environment, "AREA1_PROJECT": str(stack.folder), "CI": "true"},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        encoding="utf-8",
        timeout=120,
        check=False,
    )


def test_preview_up_and_drift_in_a_pipeline(stack: Stack) -> None:
    """A stack goes through the pipelines: a preview that changes nothing, up, a night without drift, one with.

    Each leaves what the next step of its pipeline reads, and ends with the code that makes its job pass or fail.
    """
    out = stack.folder / "out"
    stack.config_set(
        journal_address="contoso@journaling.mxrecord.io", region="us", undeliverable_address=f"ndr@{stack.organization}"
    )
    listed = step(stack, "pipeline-stacks", "github")
    assert stack.name in json.loads(listed.stdout)

    previewed = step(stack, "pipeline-preview", stack.name, "out")
    assert previewed.returncode == 0, previewed.stdout
    assert (out / f"{stack.name}.code").read_text(encoding="utf-8") == "0\n"
    assert "6 to create" in (out / f"{stack.name}.txt").read_text(encoding="utf-8")
    assert stack.clicks("Get-JournalRule") == []

    upped = step(stack, "pipeline-up", stack.name)
    assert upped.returncode == 0, upped.stdout + upped.stderr

    calm = step(stack, "pipeline-drift", "out", stack.name)
    assert calm.returncode == 0, calm.stdout + calm.stderr
    assert json.loads((out / f"{stack.name}.json").read_text(encoding="utf-8"))["rows"] == []
    assert calm.stdout == "1 checked, 0 drifted, 0 could not be checked.\n"

    rule = stack.clicks.one("Get-JournalRule")
    stack.clicks("Disable-JournalRule", Identity=rule["Guid"], Confirm=False)
    drifted = step(stack, "pipeline-drift", "out", stack.name)
    assert drifted.returncode == 7, drifted.stderr
    assert "| JournalRule journaling-rule | enabled | true | false |" in drifted.stdout
    assert {file.name for file in out.iterdir()} >= {f"{stack.name}.{kind}" for kind in ("json", "xml", "html")}


def test_failing_steps_fail_their_jobs(stack: Stack) -> None:
    """A preview that fails leaves its words and its code; a drift check that could not begin leaves no empty report."""
    stack.config_set(journal_address="nobody", region="us")
    previewed = step(stack, "pipeline-preview", stack.name, "out")
    assert previewed.returncode != 0
    left = (stack.folder / f"out/{stack.name}.code").read_text(encoding="utf-8")
    assert left == f"{previewed.returncode}\n"
    assert "journal_address" in (stack.folder / f"out/{stack.name}.txt").read_text(encoding="utf-8")
    (stack.folder / "Pulumi.yaml").unlink()
    begun = step(stack, "pipeline-drift", "drift", stack.name)
    assert begun.returncode == 1
    assert "Pulumi project" in begun.stderr
    assert list((stack.folder / "drift").iterdir()) == []
