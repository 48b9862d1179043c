"""`area1 bootstrap --print`: the commands that register the application with exactly what it needs. Runs nothing.

Sources: app-only-auth-powershell-v2 page of office-docs-powershell (app role, New-ServicePrincipal), Microsoft Graph's
appRoleAssignment and unifiedRoleAssignment pages, docs/permissions.md (roles).
"""

from __future__ import annotations

import json
import re
import shlex
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from area1_provider.commands.doctor import EXCHANGE_APP_ID, MANAGE_AS_APP, MANAGE_AS_APP_ID
from area1_provider.errors import SettingsError
from area1_provider.forms import is_guid
from area1_provider.settings.ways import FEDERATION_AUDIENCE

GITHUB_ISSUER = "https://token.actions.githubusercontent.com"
"""GitHub's page "Configuring OpenID Connect in Azure"."""

ROLE_GROUP = "role-group"

DIRECTORY_ROLES: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "exchange-administrator": ("Exchange Administrator", "29232cdf-9323-42fd-ade2-1d097af3e4de"),
        "global-reader": ("Global Reader", "f2ef992c-3afb-46b9-b7cf-a126ee74c451"),
    }
)
"""Name and template id of Entra's built-in roles, the same in every tenant."""

GROUP_ROLES = (
    "Journaling",
    "Organization Transport Settings",
    "Remote and Accepted Domains",
    "Distribution Groups",
    "Security Group Creation and Membership",
    "View-Only Configuration",
    "View-Only Recipients",
)
"""Roles of a role group of our own. Unconfirmed that they are enough, and that all are needed: see docs/permissions.md."""

NAME = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9 ._-]{0,61}[A-Za-z0-9])?")
REPOSITORY = re.compile(r"[A-Za-z0-9._-]+/[A-Za-z0-9._-]+")

HEAD = """\
#!/usr/bin/env bash
# Registers an application for area1_provider in the tenant that `az login` signed in to. Needs the Azure CLI, and a
# person who may register applications and grant roles (Privileged Role Administrator or Global Administrator).
# Read it before you run it. It changes nothing that is there already: it stops if the name is taken.
# shellcheck disable=SC2016  # names stand in single quotes so that nothing in them expands
set -euo pipefail

# Entra's servers tell each other of new objects within a minute or so.
again() {
    for _ in 1 2 3 4 5 6; do
        if "$@"; then return 0; fi
        sleep 10
    done
    return 1
}
"""


@dataclass(frozen=True)
class Wanted:
    """What to register, and how it is to sign in: by GitHub, another issuer, a certificate or a secret; exactly one.

    `subject` and `issuer` are what Azure DevOps or GitLab say (for Azure DevOps the service connection's page shows both).
    `certificate` is a PEM file with the public part. `tenant` is a GUID to insist on.
    """

    name: str = "area1-journaling"
    role: str = "exchange-administrator"
    """One of `DIRECTORY_ROLES`, or `ROLE_GROUP`."""
    github: str | None = None
    environments: tuple[str, ...] = ()
    branches: tuple[str, ...] = ()
    pull_requests: bool = False
    issuer: str | None = None
    subject: str | None = None
    certificate: str | None = None
    secret: bool = False
    tenant: str | None = None


def commands(wanted: Wanted) -> str:
    """Give a bash script. Raises `SettingsError` with every contradiction in what is wanted."""
    if found := tuple(problems(wanted)):
        raise SettingsError(found)
    first = (HEAD, *_certificate(wanted), _tenant(wanted))
    parts = (*first, _application(wanted), _consent(), _sign_in(wanted), _role(wanted), _end(wanted))
    return "\n".join(parts)


def problems(wanted: Wanted) -> Iterator[str]:
    """Say what is contradictory, missing or malformed, one line each."""
    ways = [wanted.github, wanted.issuer or wanted.subject, wanted.certificate, wanted.secret or None]
    if sum(way is not None for way in ways) != 1:
        yield "name one way to sign in: --github, --issuer with --subject, --certificate or --secret"
    if not NAME.fullmatch(wanted.name):
        yield f"--name: {wanted.name!r} must be 1 to 63 letters, digits, spaces, dots, dashes and underscores"
    known = (*DIRECTORY_ROLES, ROLE_GROUP)
    if wanted.role not in known:
        yield f"--role: {wanted.role!r} is none of {', '.join(known)}"
    if wanted.tenant and not is_guid(wanted.tenant):
        yield f"--tenant: {wanted.tenant!r} is no GUID"
    yield from _github_problems(wanted)
    if (wanted.issuer is None) != (wanted.subject is None):
        yield "--issuer and --subject go together: copy both from the service connection, or the token's iss and sub"
    if wanted.issuer and not wanted.issuer.startswith("https://"):
        yield f"--issuer: {wanted.issuer!r} does not begin with https://"


def _github_problems(wanted: Wanted) -> Iterator[str]:
    whence = bool(wanted.environments or wanted.branches or wanted.pull_requests)
    if wanted.github is None and whence:
        yield "--environment, --branch and --pull-requests need --github"
    if wanted.github is not None and not REPOSITORY.fullmatch(wanted.github):
        yield f"--github: {wanted.github!r} is not owner/repository"
    if wanted.github is not None and not whence:
        yield "--github: name at least one --environment or --branch, or --pull-requests; nothing else may sign in"


def subjects(wanted: Wanted) -> list[str]:
    """Give the subjects of GitHub's tokens that may sign in (GitHub's page "OpenID Connect reference")."""
    places = [f"environment:{name.replace(':', '%3A')}" for name in wanted.environments]
    places += [f"ref:refs/heads/{name}" for name in wanted.branches]
    places += ["pull_request"] if wanted.pull_requests else []
    return [f"repo:{wanted.github}:{place}" for place in places]


def _certificate(wanted: Wanted) -> Iterator[str]:
    """Look at the file before anything is registered: an application that is half made stops the next run."""
    if wanted.certificate is None:
        return
    file = shlex.quote(wanted.certificate)
    lines = (
        f"certificate={file}",
        '[ -r "$certificate" ] || { echo "$certificate cannot be read; nothing was registered" >&2; exit 1; }',
        'if grep --quiet "PRIVATE KEY" -- "$certificate"; then',
        '    echo "$certificate holds a private key: name a file with the certificate alone" >&2; exit 1',
        "fi",
    )
    yield _block("The certificate: a file that is there, and no key, which has to stay where it is", lines)


def _tenant(wanted: Wanted) -> str:
    lines = ["tenant=$(az account show --query tenantId --output tsv)", 'echo "Registering in tenant $tenant" >&2']
    if wanted.tenant:
        refusal = f'echo "This is not the tenant {wanted.tenant}: az login --tenant {wanted.tenant}" >&2; exit 1;'
        lines.append(f'[ "$tenant" = {shlex.quote(wanted.tenant.lower())} ] || {{ {refusal} }}')
    return _block("The tenant", lines)


def _application(wanted: Wanted) -> str:
    name = shlex.quote(wanted.name)
    access = [{"resourceAppId": EXCHANGE_APP_ID, "resourceAccess": [{"id": MANAGE_AS_APP_ID, "type": "Role"}]}]
    lines = (
        f"name={name}",
        "taken=$(az ad app list --filter \"displayName eq '$name'\" --query '[].appId' --output tsv)",
        '[ -z "$taken" ] || { echo "There is an application $name already: $taken" >&2; exit 1; }',
        'client=$(az ad app create --display-name "$name" --sign-in-audience AzureADMyOrg \\',
        f"    --required-resource-accesses {shlex.quote(json.dumps(access))} --query appId --output tsv)",
        'principal=$(again az ad sp create --id "$client" --query id --output tsv)',
    )
    return _block(f"The application, which asks for {MANAGE_AS_APP} and nothing else", lines)


def _consent() -> str:
    body = '{"principalId": "%s", "resourceId": "%s", "appRoleId": "%s"}'
    lines = (
        "graph=$(az cloud show --query endpoints.microsoftGraphResourceId --output tsv)",
        "graph=${graph%/}",
        f"exchange=$(az ad sp show --id {EXCHANGE_APP_ID} --query id --output tsv)",
        f'grant=$(printf {shlex.quote(body)} "$principal" "$exchange" {MANAGE_AS_APP_ID})',
        'again az rest --method POST --url "$graph/v1.0/servicePrincipals/$principal/appRoleAssignments" \\',
        '    --headers Content-Type=application/json --body "$grant" --output none',
    )
    return _block("Admin consent to it", lines)


def _sign_in(wanted: Wanted) -> str:
    if wanted.certificate:
        lines = ['az ad app credential reset --id "$client" --append --cert "@$certificate" --output none']
        return _block("The certificate (public part)", lines)
    if wanted.secret:
        options = '--append --display-name "$name" --years 1 --query password --output tsv'
        return _block("A secret, valid for a year", [f'secret=$(az ad app credential reset --id "$client" {options})'])
    issuer = wanted.issuer or GITHUB_ISSUER
    trusted = subjects(wanted) if wanted.github else [str(wanted.subject)]
    lines = [_federated(number, issuer, subject) for number, subject in enumerate(trusted, 1)]
    return _block("Whose tokens are trusted: these subjects, exactly as written", lines)


def _federated(number: int, issuer: str, subject: str) -> str:
    about = {"name": f"area1-{number}", "issuer": issuer, "subject": subject, "audiences": [FEDERATION_AUDIENCE]}
    parameters = shlex.quote(json.dumps(about))
    return f'again az ad app federated-credential create --id "$client" --parameters {parameters} --output none'


def _role(wanted: Wanted) -> str:
    if wanted.role == ROLE_GROUP:
        return _role_group()
    name, template = DIRECTORY_ROLES[wanted.role]
    body = '{"principalId": "%s", "roleDefinitionId": "%s", "directoryScopeId": "/"}'
    lines = (
        f'assignment=$(printf {shlex.quote(body)} "$principal" {template})',
        'again az rest --method POST --url "$graph/v1.0/roleManagement/directory/roleAssignments" \\',
        '    --headers Content-Type=application/json --body "$assignment" --output none',
    )
    return _block(f"The directory role {name}", lines)


def _role_group() -> str:
    """Print PowerShell: a role group of Exchange's can be made nowhere else."""
    roles = ", ".join(f'"{role}"' for role in GROUP_ROLES)
    lines = (
        "# To be checked: whether these roles are enough. Get-ManagementRole -Cmdlet New-JournalRule tells, and so on.",
        "echo 'Now run this in Exchange Online PowerShell, as a member of Organization Management:' >&2",
        "printf '%s\\n' \\",
        "    'Connect-ExchangeOnline' \\",
        "    \"New-ServicePrincipal -AppId $client -ObjectId $principal -DisplayName '$name'\" \\",
        f"    \"New-RoleGroup -Name '$name' -Roles \"{shlex.quote(roles)} \\",
        "    \"Add-RoleGroupMember -Identity '$name' -Member (Get-ServicePrincipal -Identity $principal).Identity\"",
    )
    return _block("A role group of Exchange's own", lines)


def _end(wanted: Wanted) -> str:
    way = {"ARM_USE_OIDC": "true"}
    if wanted.certificate:
        way = {"ARM_CLIENT_CERTIFICATE_PATH": "FILE_WITH_CERTIFICATE_AND_PRIVATE_KEY"}
    settings = {"ARM_TENANT_ID": '"$tenant"', "ARM_CLIENT_ID": '"$client"', **way}
    if wanted.secret:
        settings = {"ARM_TENANT_ID": '"$tenant"', "ARM_CLIENT_ID": '"$client"', "ARM_CLIENT_SECRET": '"$secret"'}
    lines = [f"printf '%s=%s\\n' {name} {value}" for name, value in settings.items()]
    return _block("What the pipeline or shell needs (a secret is shown only now). Then: area1 doctor", lines)


def _block(title: str, lines: list[str] | tuple[str, ...]) -> str:
    return "\n".join((f"# {title}.", *lines, ""))
