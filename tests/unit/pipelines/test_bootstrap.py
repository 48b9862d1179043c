"""Tests of the script that registers the application: run by a real bash, with an `az` that only writes down its calls."""

import json
import shutil
import subprocess
import sys
import sysconfig
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from area1_provider.commands.bootstrap import GROUP_ROLES, Wanted, commands
from area1_provider.errors import SettingsError

EXCHANGE = "00000002-0000-0ff1-ce00-000000000000"
MANAGE_AS_APP = "dc50a0fb-09a3-484d-be87-e023b12c6440"
TENANT = "2b6d8627-79bd-5737-b194-7ee60e2c6ffc"
GITHUB = Wanted(github="acme/mail", environments=("us",), branches=("main",), pull_requests=True)
KINDS = {
    "github": GITHUB,
    "issuer": Wanted(issuer="https://gitlab.com", subject="project_path:acme/mail:ref_type:branch:ref:main"),
    "certificate": Wanted(certificate="my certs/it's.pem", role="global-reader"),
    "secret": Wanted(secret=True, role="role-group", tenant=TENANT),
}

AZ = f"""#!/usr/bin/env bash
# Writes down each call, arguments apart, and answers as the Azure CLI would.
printf '%s\\0' "$@" >>"$CALLS"
printf '\\n' >>"$CALLS"
case "$*" in
    "account show"*) echo {TENANT} ;;
    "cloud show"*) echo https://graph.example/ ;;
    "ad app list"*) echo "${{TAKEN-}}" ;;
    "ad app create"*) echo client-1 ;;
    "ad sp create"*) echo principal-1 ;;
    "ad sp show"*) echo exchange-1 ;;
    "ad app credential reset"*--query*) echo s3cret ;;
esac
"""


class Ran:
    """What a script did: exit code, what it printed, and each call of `az` as its list of arguments."""

    def __init__(self, script: str, folder: Path, pem: str | None = "CERTIFICATE", **environment: str) -> None:
        calls = folder / "calls"
        if pem is not None:
            (folder / "my certs").mkdir(parents=True)
            (folder / "my certs/it's.pem").write_text(f"-----BEGIN {pem}-----\n", encoding="utf-8")
        (folder / "bin").mkdir(parents=True)
        az = folder / "bin/az"
        az.write_text(AZ, encoding="utf-8")
        az.chmod(0o755)
        env = {"PATH": f"{az.parent}:/usr/bin:/bin", "CALLS": str(calls), **environment}
        done = subprocess.run(
            ["bash"], input=script, env=env, cwd=folder, capture_output=True, encoding="utf-8", check=False, timeout=120
        )
        self.code, self.out, self.err = done.returncode, done.stdout, done.stderr
        lines = calls.read_text(encoding="utf-8").split("\0\n") if calls.exists() else []
        self.calls = [line.split("\0") for line in lines if line]

    def named(self, *words: str) -> list[dict[str, str]]:
        """Give the options of the calls of one `az` command, by name."""
        found = [call[len(words) :] for call in self.calls if call[: len(words)] == list(words)]
        return [{call[at]: call[at + 1] for at in range(len(call) - 1) if call[at].startswith("--")} for call in found]


@pytest.fixture(params=KINDS)
def wanted(request: pytest.FixtureRequest) -> Wanted:
    """One of each way to sign in."""
    return KINDS[request.param]


def test_script_is_clean(wanted: Wanted) -> None:
    """Every script parses in bash and shellcheck finds nothing, not even a remark."""
    script = commands(wanted)
    subprocess.run(["bash", "-n"], input=script, encoding="utf-8", check=True)
    shellcheck = shutil.which("shellcheck", path=sysconfig.get_path("scripts"))
    assert shellcheck, "the development tools are not installed: make venv"
    done = subprocess.run([shellcheck, "-"], input=script, encoding="utf-8", capture_output=True, check=False)
    assert done.stdout == ""
    assert done.returncode == 0


def test_exactly_one_permission_is_asked_for_and_granted(wanted: Wanted, tmp_path: Path) -> None:
    """The application asks for Exchange.ManageAsApp alone, and consent is given to that alone, for its own principal."""
    ran = Ran(commands(wanted), tmp_path)
    assert ran.code == 0, ran.err
    (created,) = ran.named("ad", "app", "create")
    asked = json.loads(created["--required-resource-accesses"])
    assert asked == [{"resourceAppId": EXCHANGE, "resourceAccess": [{"id": MANAGE_AS_APP, "type": "Role"}]}]
    assert created["--sign-in-audience"] == "AzureADMyOrg"
    (granted,) = [call for call in ran.named("rest") if call["--url"].endswith("/appRoleAssignments")]
    assert granted["--url"] == "https://graph.example/v1.0/servicePrincipals/principal-1/appRoleAssignments"
    assert json.loads(granted["--body"]) == {
        "principalId": "principal-1",
        "resourceId": "exchange-1",
        "appRoleId": MANAGE_AS_APP,
    }


@pytest.mark.parametrize(
    ("pem", "said"), [(None, "cannot be read; nothing was registered"), ("RSA PRIVATE KEY", "holds a private key")]
)
def test_certificate_is_looked_at_before_anything_is_registered(tmp_path: Path, pem: str | None, said: str) -> None:
    """A file that is not there would leave half an application, and a key has to stay on its machine."""
    ran = Ran(commands(KINDS["certificate"]), tmp_path, pem)
    assert ran.code == 1
    assert f"my certs/it's.pem {said}" in ran.err
    assert ran.calls == []


def roles(ran: Ran) -> list[Any]:
    """Give the directory roles that were assigned."""
    return [json.loads(c["--body"]) for c in ran.named("rest") if c["--url"].endswith("/directory/roleAssignments")]


@pytest.mark.parametrize(
    ("kind", "template"),
    [("github", "29232cdf-9323-42fd-ade2-1d097af3e4de"), ("certificate", "f2ef992c-3afb-46b9-b7cf-a126ee74c451")],
)
def test_one_directory_role_is_assigned(kind: str, template: str, tmp_path: Path) -> None:
    """Exchange Administrator, or Global Reader for a pipeline that only looks: one role, for the whole directory."""
    ran = Ran(commands(KINDS[kind]), tmp_path)
    assert roles(ran) == [{"principalId": "principal-1", "roleDefinitionId": template, "directoryScopeId": "/"}]


def test_role_group_is_printed_as_powershell(tmp_path: Path) -> None:
    """A role group takes no directory role: the PowerShell for it is printed, with the ids filled in, and marked."""
    script = commands(KINDS["secret"])
    ran = Ran(script, tmp_path)
    assert roles(ran) == []
    assert "New-ServicePrincipal -AppId client-1 -ObjectId principal-1 -DisplayName 'area1-journaling'\n" in ran.out
    assert "-Roles " + json.dumps(GROUP_ROLES)[1:-1] + "\n" in ran.out
    assert "Add-RoleGroupMember -Identity 'area1-journaling' -Member (Get-ServicePrincipal" in ran.out
    assert "To be checked" in script


def test_github_may_sign_in_from_the_named_places_only(tmp_path: Path) -> None:
    """One federated credential a place, with GitHub's issuer and Entra's audience, and no secret beside it."""
    ran = Ran(commands(GITHUB), tmp_path)
    made = [json.loads(call["--parameters"]) for call in ran.named("ad", "app", "federated-credential", "create")]
    assert [one["subject"] for one in made] == [
        "repo:acme/mail:environment:us",
        "repo:acme/mail:ref:refs/heads/main",
        "repo:acme/mail:pull_request",
    ]
    assert {one["issuer"] for one in made} == {"https://token.actions.githubusercontent.com"}
    assert [one["audiences"] for one in made] == [["api://AzureADTokenExchange"]] * 3
    assert len({one["name"] for one in made}) == 3
    assert ran.named("ad", "app", "credential", "reset") == []
    assert ran.out == f"ARM_TENANT_ID={TENANT}\nARM_CLIENT_ID=client-1\nARM_USE_OIDC=true\n"


def test_other_issuers_are_taken_as_they_are(tmp_path: Path) -> None:
    """Azure DevOps and GitLab: issuer and subject stand in the credential as they were given."""
    ran = Ran(commands(KINDS["issuer"]), tmp_path)
    (made,) = ran.named("ad", "app", "federated-credential", "create")
    said = json.loads(made["--parameters"])
    assert (said["issuer"], said["subject"]) == (KINDS["issuer"].issuer, KINDS["issuer"].subject)


def test_certificate_is_added_by_its_file(tmp_path: Path) -> None:
    """The file's name reaches az whole, quotes and blanks and all; the private key is named as the pipeline's part."""
    ran = Ran(commands(KINDS["certificate"]), tmp_path)
    (added,) = ran.named("ad", "app", "credential", "reset")
    assert added["--cert"] == "@my certs/it's.pem"
    assert "ARM_CLIENT_CERTIFICATE_PATH=" in ran.out


def test_secret_is_shown_once_and_only_at_the_end(tmp_path: Path) -> None:
    """The secret is in what the shell needs, and nowhere in the script."""
    script = commands(KINDS["secret"])
    assert "s3cret" not in script
    assert Ran(script, tmp_path).out.endswith("ARM_CLIENT_SECRET=s3cret\n")


def test_taken_name_stops_before_anything_is_made(tmp_path: Path) -> None:
    """An application of that name is left alone."""
    ran = Ran(commands(GITHUB), tmp_path, TAKEN="client-0")
    assert ran.code == 1
    assert "client-0" in ran.err
    assert ran.named("ad", "app", "create") == []


def test_other_tenant_stops_before_anything_is_made(tmp_path: Path) -> None:
    """Where a tenant is insisted on and az is signed in to another, nothing is made."""
    elsewhere = Wanted(secret=True, tenant="00000000-1111-2222-3333-444444444444")
    ran = Ran(commands(elsewhere), tmp_path)
    assert ran.code == 1
    assert [call[:2] for call in ran.calls] == [["account", "show"]]


@given(place=st.text(st.characters(exclude_characters="\0\r\n", exclude_categories=["Cs"]), min_size=1, max_size=30))
def test_no_name_breaks_out_of_its_quotes(place: str) -> None:
    """Whatever an environment is called, bash hands it to az as it is."""
    script = commands(Wanted(github="a/b", environments=(place,)))
    (line,) = [line for line in script.split("\n") if "federated-credential" in line]
    shown = line.replace("again az", "printf '%s\\0'")
    done = subprocess.run(["bash", "-c", shown], env={"client": "c"}, capture_output=True, encoding="utf-8", check=True)
    parameters = done.stdout.split("\0")[done.stdout.split("\0").index("--parameters") + 1]
    assert json.loads(parameters)["subject"] == f"repo:a/b:environment:{place.replace(':', '%3A')}"


@pytest.mark.parametrize(
    ("bad", "said"),
    [
        (Wanted(), "name one way"),
        (Wanted(secret=True, certificate="x"), "name one way"),
        (Wanted(secret=True, name="x'; rm -rf /"), "--name"),
        (Wanted(secret=True, role="owner"), "none of exchange-administrator, global-reader, role-group"),
        (Wanted(secret=True, tenant="contoso.com"), "no GUID"),
        (Wanted(github="nobody", branches=("main",)), "owner/repository"),
        (Wanted(github="a/b"), "at least one"),
        (Wanted(secret=True, branches=("main",)), "need --github"),
        (Wanted(issuer="https://x"), "go together"),
        (Wanted(issuer="http://x", subject="s"), "https://"),
    ],
)
def test_contradictions_are_refused(bad: Wanted, said: str) -> None:
    """What is missing, contradictory or malformed is said, and no script is written."""
    with pytest.raises(SettingsError, match=said):
        commands(bad)


def typed(*arguments: str) -> subprocess.CompletedProcess[str]:
    """Run `area1 bootstrap` as a person would."""
    command = [sys.executable, "-m", "area1_provider.cli", "bootstrap", *arguments]
    return subprocess.run(command, capture_output=True, encoding="utf-8", check=False, timeout=60)


def test_command_writes_the_script() -> None:
    """What is typed is what is wanted: every option reaches the script."""
    places = ("--environment", "us", "--branch", "main", "--pull-requests", "--name", "x", "--tenant", TENANT)
    done = typed("--print", "--github", "a/b", *places, "--role", "role-group")
    wanted = Wanted("x", "role-group", "a/b", ("us",), ("main",), pull_requests=True, tenant=TENANT)
    assert (done.returncode, done.stdout, done.stderr) == (0, commands(wanted), "")


def test_command_does_nothing_without_print() -> None:
    """It runs nothing by itself, so that it only prints has to be said; and a contradiction is said plainly."""
    refused = typed("--github", "a/b", "--branch", "main")
    assert (refused.returncode, refused.stdout) == (2, "")
    assert "--print" in refused.stderr
    contradictory = typed("--print")
    assert (contradictory.returncode, contradictory.stdout) == (1, "")
    assert contradictory.stderr.startswith("area1: name one way to sign in")
