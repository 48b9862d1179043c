"""`area1 status` and `area1 doctor` with a stack: its config is read through the engine, secrets decrypted."""

import json
from typing import Any

import pytest
from area1_command import area1
from pulumi_stack import Stack

from area1_provider.commands.doctor import NEEDED, needed

ADDRESS = "contoso@journaling.mxrecord.io"


@pytest.fixture
def configured(make_stack: Any) -> Stack:
    """A stack whose config holds everything, the client secret encrypted; the environment holds nothing of it."""
    stack: Stack = make_stack()
    tenant = stack.emulator.environment(stack.organization)
    stack.config_set(
        tenant=tenant["ARM_TENANT_ID"],
        client_id=tenant["ARM_CLIENT_ID"],
        exchange_url=tenant["AREA1_EXCHANGE_URL"],
        authority_host=tenant["AREA1_AUTHORITY_HOST"],
        ca_file=tenant["AREA1_CA_FILE"],
        journal_address=ADDRESS,
        undeliverable_address=stack.emulator.account(stack.organization).recipients[0],
    )
    # as a pair: a secret may begin with a dash
    done = stack.pulumi("config", "set-all", "--secret", f"area1:client_secret={tenant['ARM_CLIENT_SECRET']}")
    assert done.code == 0, done.output
    return stack


def bare(stack: Stack) -> dict[str, str]:
    """Give the shell's environment without any setting of ours."""
    return {name: value for name, value in stack.environment.items() if not name.startswith(("ARM_", "AREA1_"))}


def test_status_follows_the_stack(configured: Stack) -> None:
    """Before `up` steps are open, after it all are ticked; no cmdlet is called that the doctor does not look for."""
    shell: dict[str, Any] = {"cwd": configured.folder, "environment": bare(configured)}

    before = area1("status", "--stack", "test", "--json", **shell)
    raised = configured.up(environment={})
    after = area1("status", **shell)

    assert before.returncode == 1
    assert json.loads(before.stdout)["stack"] == "test"
    assert {step["state"] for step in json.loads(before.stdout)["steps"]} == {"done", "open", "not needed"}
    assert raised.code == 0, raised.output
    assert after.returncode == 0, after.stdout + after.stderr
    assert "stack test and the environment" in after.stdout
    assert "✗" not in after.stdout
    assert set(configured.cmdlets()) <= {cmdlet for resource in NEEDED for cmdlet in needed(resource)}


def test_doctor_shows_origins_and_no_secret(configured: Stack) -> None:
    """Everything is set up: code 0, each setting with its key, the secret nowhere."""
    shell: dict[str, Any] = {"cwd": configured.folder, "environment": bare(configured)}

    shown = area1("doctor", "--stack", "test", **shell)
    plain = area1("doctor", "--json", **shell)

    assert shown.returncode == 0, shown.stdout + shown.stderr
    assert "client_secret: set, not shown (from area1:client_secret)" in shown.stdout
    assert json.loads(plain.stdout)["ok"] is True
    assert configured.emulator.account(configured.organization).client_secret not in shown.stdout + plain.stdout


def test_a_stack_that_does_not_exist_is_named(configured: Stack) -> None:
    """Pulumi's own words, once, and no traceback."""
    shell: dict[str, Any] = {"cwd": configured.folder, "environment": configured.environment}

    status = area1("status", "--stack", "nowhere", **shell)
    doctor = area1("doctor", "--stack", "nowhere", **shell)

    assert status.returncode == doctor.returncode == 1
    assert "nowhere" in status.stderr
    assert "Traceback" not in status.stderr + doctor.stderr
    assert "pulumi stack select nowhere --create" in doctor.stdout
