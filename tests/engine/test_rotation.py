"""Secrets that were rotated after the last `up`, on the real engine: which ways a plain refresh and destroy survive."""

import json
import re
from collections.abc import Callable
from pathlib import Path

from issuer import Issuer
from pulumi_stack import Stack

from area1_provider.emulator.faults import Status

PROGRAM = """
import json, os, pulumi
from pulumi import ResourceOptions
from area1_provider import *

def connector(name, settings):
    tenant = Tenant(name, os.environ["ARM_TENANT_ID"], settings)
    OutboundConnector(name, OutboundConnectorArgs(name=name), ResourceOptions(provider=tenant))

OutboundConnector("environment", OutboundConnectorArgs(name="environment"))
connector("file", {"client_secret_file_path": os.environ["SECRET_FILE"]})
connector("assertion", {"oidc_token_file_path": os.environ["TOKEN_FILE"]})
connector("properties", {"client_secret": pulumi.Output.secret(os.environ["SECRET"])})
"""
OLD, NEW = "first-secret-3fJ8", "second-secret-9xQ2"
REFUSALS = (
    "multi-factor authentication is needed (AADSTS50076)",
    "nobody has consented to what the application {client} asks for (AADSTS65001)",
)


def rotate(stack: Stack, folder: Path, secret: str) -> dict[str, str]:
    """Let the application know this secret alone, write it to its file, and give today's shell."""
    control = stack.emulator.control
    control.change_application(tenant=stack.organization, secrets=())
    control.add_secret(secret, tenant=stack.organization)
    (folder / "secret").write_text(secret, encoding="utf-8")
    files = {"SECRET_FILE": str(folder / "secret"), "TOKEN_FILE": str(folder / "token")}
    return {"ARM_CLIENT_SECRET": secret, "SECRET": secret, **files}


def refuse(stack: Stack, times: dict[str, int]) -> None:
    """Let Entra refuse so many sign-ins with each of these codes, in this order; 0 is all from then on."""
    for code, count in times.items():
        answer = {"error": "invalid_grant", "error_description": f"{code}: Refused."}
        action = Status(400, body=json.dumps(answer))
        stack.emulator.control.fault(action, surface="entra", tenant=stack.organization, times=count)


def test_only_a_secret_that_the_state_holds_is_todays_no_more(make_stack: Callable[..., Stack], tmp_path: Path) -> None:
    """Environment and file are read when needed; a `Tenant`'s own secret is that of the last `up`, until `--run-program`.

    The refusal names the `Tenant`'s setting, not a variable that would not help. A pipeline's assertion serves one sign-in
    here: each run reads its file anew, and one that was shown before is refused.
    """
    stack, issuer, token = make_stack(PROGRAM), Issuer(), tmp_path / "token"
    issuer.trusted(stack.emulator, stack.organization)
    stack.emulator.control.change_application(tenant=stack.organization, refuse_replay=True)
    token.write_text(issuer.token(), encoding="utf-8")
    made = stack.up(environment=rotate(stack, tmp_path, OLD))
    assert made.code == 0, made.output
    today = rotate(stack, tmp_path, NEW)

    stale = stack.refresh(environment=today)
    assert stale.code not in (0, 7)
    assert stale.output.count("SignInError") == 2, stale.output
    assert "as client_secret of the Tenant" in stale.output
    assert "--run-program" in stale.output
    assert "ARM_CLIENT_SECRET" not in stale.output
    assert "the same assertion was used before (AADSTS70052)" in stale.output

    token.write_text(issuer.token(), encoding="utf-8")
    seen = stack.refresh("--run-program", environment=today)
    assert seen.code == 0, seen.output
    token.write_text(issuer.token(), encoding="utf-8")
    refuse(stack, {"AADSTS50076": 2, "AADSTS65001": 0})
    refused = stack.destroy("--continue-on-error", environment=today)
    assert refused.code not in (0, 7)
    said = [text.format(client=stack.environment["ARM_CLIENT_ID"]) for text in REFUSALS]
    assert [text for text in said if text not in refused.output] == [], refused.output
    assert "Traceback" not in refused.output

    stack.emulator.control.clear_faults()
    gone = stack.destroy(environment=today)  # the state holds today's secret by now
    assert gone.code == 0, gone.output
    assert stack.clicks("Get-OutboundConnector") == []
    history = stack.folder.parent.joinpath("backend").rglob("*.json")
    assert [file for file in history if {OLD, NEW} & set(re.findall(r"[\w-]+", file.read_text(encoding="utf-8")))] == []
