"""Secrets that were rotated after the last `up`, on the real engine: which ways a plain refresh and destroy survive."""

import re
from collections.abc import Callable
from pathlib import Path

from pulumi_stack import Stack

PROGRAM = """
import json, os, pulumi
from pulumi import ResourceOptions
from area1_provider import *

def connector(name, settings):
    tenant = Tenant(name, os.environ["ARM_TENANT_ID"], settings)
    OutboundConnector(name, OutboundConnectorArgs(name=name), ResourceOptions(provider=tenant))

OutboundConnector("environment", OutboundConnectorArgs(name="environment"))
connector("file", {"client_secret_file_path": os.environ["SECRET_FILE"]})
connector("properties", {"client_secret": pulumi.Output.secret(os.environ["SECRET"])})
"""
OLD, NEW = "first-secret-3fJ8", "second-secret-9xQ2"


def rotate(stack: Stack, file: Path, secret: str) -> dict[str, str]:
    """Let the application know this secret alone, write it to the file, and give today's shell."""
    control = stack.emulator.control
    control.change_application(tenant=stack.organization, secrets=())
    control.add_secret(secret, tenant=stack.organization)
    file.write_text(secret, encoding="utf-8")
    return {"ARM_CLIENT_SECRET": secret, "SECRET": secret, "SECRET_FILE": str(file)}


def test_only_a_secret_that_the_state_holds_is_todays_no_more(make_stack: Callable[..., Stack], tmp_path: Path) -> None:
    """Environment and file are read when needed; a `Tenant`'s own secret is that of the last `up`, until `--run-program`.

    The refusal names the `Tenant`'s setting, not a variable that would not help.
    """
    stack = make_stack(PROGRAM)
    file = tmp_path / "secret"
    made = stack.up(environment=rotate(stack, file, OLD))
    assert made.code == 0, made.output
    today = rotate(stack, file, NEW)

    stale = stack.refresh(environment=today)
    assert stale.code not in (0, 7)
    assert stale.output.count("SignInError") == 1, stale.output
    assert "as client_secret of the Tenant" in stale.output
    assert "--run-program" in stale.output
    assert "ARM_CLIENT_SECRET" not in stale.output

    seen = stack.refresh("--run-program", environment=today)
    assert seen.code == 0, seen.output
    gone = stack.destroy(environment=today)  # the state holds today's secret by now
    assert gone.code == 0, gone.output
    assert stack.clicks("Get-OutboundConnector") == []
    history = stack.folder.parent.joinpath("backend").rglob("*.json")
    assert [file for file in history if {OLD, NEW} & set(re.findall(r"[\w-]+", file.read_text(encoding="utf-8")))] == []
