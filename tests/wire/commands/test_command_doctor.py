"""What `area1 doctor` finds of settings, sign-in and cmdlets, and which way out it names."""

import json
from pathlib import Path

import pytest

from area1_provider.commands.doctor import NEEDED, Check, engine_check, examine, needed, plain, tenant_checks
from area1_provider.commands.target import Target
from area1_provider.emulator import Emulator
from area1_provider.emulator.faults import Status


def missing(checks: list[Check]) -> dict[str, Check]:
    """Give the checks that are not as they must be."""
    return {check.name: check for check in checks if not check.ok}


def seen(config: dict[str, str]) -> list[Check]:
    """Look at the tenant that a stack config names."""
    return list(tenant_checks(Target("test", config)))


@pytest.mark.usefixtures("alone")
def test_a_tenant_that_is_set_up_lacks_nothing(config: dict[str, str]) -> None:
    """With the app role and Organization Management every resource has its cmdlets."""
    checks = seen(config)

    assert missing(checks) == {}
    assert set(NEEDED) <= {check.name for check in checks}


@pytest.mark.usefixtures("alone")
def test_settings_are_told_by_origin_and_secrets_never(config: dict[str, str], emulator: Emulator) -> None:
    """A person sees where each setting came from; the secret's value stands nowhere."""
    told = "\n".join(check.found + check.way_out for check in seen(config))

    assert f"tenant: {emulator.account().tenant_id} (from area1:tenant)" in told
    assert "client_secret: set, not shown (from area1:client_secret)" in told
    assert "sign-in by client secret, because of area1:client_secret" in told
    assert emulator.account().client_secret not in told


@pytest.mark.parametrize(
    ("way", "line"),
    [
        ({"client_certificate_path": "/no/app.pfx"}, "client_certificate_path: /no/app.pfx"),
        ({"use_msi": "true", "msi_endpoint": "http://127.0.0.1:1/x"}, "msi_endpoint: http://127.0.0.1:1/x"),
        ({"oidc_token_file_path": "/no/token"}, "oidc_token_file_path: /no/token"),
        ({"oidc_token": "a.b.c", "oidc_audience": "api://own"}, "oidc_audience: api://own"),
    ],
)
@pytest.mark.usefixtures("alone")
def test_what_a_way_names_that_is_no_secret_is_shown(config: dict[str, str], way: dict[str, str], line: str) -> None:
    """A wrong path or endpoint is seen at a glance, with its place."""
    own = {f"area1:{name}": value for name, value in way.items()}
    told = [check.found for check in seen({**config, "area1:client_secret": "", **own})]

    name = line.partition(":")[0]
    assert f"{line} (from area1:{name})" in told


@pytest.mark.usefixtures("alone")
def test_every_missing_setting_is_a_line() -> None:
    """Without any setting all problems are named at once."""
    checks = seen({})

    assert checks
    assert not any(check.ok for check in checks)
    assert "ARM_TENANT_ID" in "".join(check.found for check in checks)


@pytest.mark.usefixtures("alone")
def test_a_wrong_secret_is_a_failed_sign_in(config: dict[str, str]) -> None:
    """Entra's refusal is told with its way out, and nothing is asked of Exchange."""
    (refused,) = missing(seen({**config, "area1:client_secret": "wrong"})).values()

    assert refused.name == "sign-in"
    assert "AADSTS7000215" in refused.found + refused.way_out


@pytest.mark.usefixtures("alone")
def test_the_missing_app_role_is_named_by_its_id(config: dict[str, str], emulator: Emulator) -> None:
    """Without Exchange.ManageAsApp: which app role of which resource, and for which application."""
    emulator.control.change_application(app_roles=())

    found = missing(seen(config))

    assert "dc50a0fb-09a3-484d-be87-e023b12c6440" in found["app role"].way_out
    assert "00000002-0000-0ff1-ce00-000000000000" in found["app role"].way_out
    assert emulator.account().client_id in found["app role"].way_out
    assert "401" in found["cmdlets"].found
    assert "az ad app permission add" not in found["cmdlets"].way_out
    assert "First the app role, as said above. Give the application" in found["cmdlets"].way_out


@pytest.mark.usefixtures("alone")
def test_the_missing_directory_role_is_told_apart_from_the_app_role(config: dict[str, str], emulator: Emulator) -> None:
    """With the app role but no Exchange role the way out is the directory role, and patience."""
    emulator.control.change_application(roles=())

    found = missing(seen(config))

    assert "app role" not in found
    ways_out = [check.way_out for check in found.values()]
    for told in ("Exchange Administrator", "Add assignments", "minutes", emulator.account().client_id):
        assert any(told in way_out for way_out in ways_out), told


@pytest.mark.usefixtures("alone")
def test_a_role_that_grants_some_cmdlets_names_the_resources_that_lack_theirs(
    config: dict[str, str], emulator: Emulator
) -> None:
    """A recipient administrator manages groups, and no connectors."""
    emulator.control.change_application(roles=("Recipient Management",))

    found = missing(seen(config))

    assert "DistributionGroup" not in found
    assert "New-OutboundConnector" in found["OutboundConnector"].found
    assert "Granted by Remote and Accepted Domains." in found["OutboundConnector"].way_out
    assert "Granted by Journaling, View-Only" in found["JournalRule"].way_out


@pytest.mark.usefixtures("alone")
def test_look_alike_app_role_does_not_do(config: dict[str, str], emulator: Emulator) -> None:
    """The app role of the newer API is granted and consented: said to be what the token has, and not to do."""
    emulator.control.change_application(app_roles=("Exchange.ManageAsAppV2",))

    found = missing(seen(config))

    assert found["app role"].found == "Exchange.ManageAsAppV2"
    assert "Exchange.ManageAsAppV2 and Exchange.AdminAPI.ManageAsApp do not work here" in found["app role"].way_out
    assert "consent is missing, or has not arrived yet" in found["app role"].way_out


@pytest.mark.usefixtures("alone")
def test_grants_that_arrive_are_seen_by_the_next_look(config: dict[str, str], emulator: Emulator) -> None:
    """Every look fetches a token anew: one from before the grant would go on to say that it is missing."""
    emulator.control.change_application(app_roles=())
    assert "app role" in missing(seen(config))
    emulator.control.change_application(app_roles=("Exchange.ManageAsApp",))

    assert missing(seen(config)) == {}


@pytest.mark.usefixtures("alone")
def test_missing_consent_is_told_as_entra_says_it(config: dict[str, str], emulator: Emulator) -> None:
    """A sign-in that is refused for want of consent, or of the tenant's subscription, names code and command."""
    answer = {
        "error": "invalid_grant",
        "error_description": "AADSTS65001: The user or administrator has not consented.",
    }
    emulator.control.fault(Status(400, body=json.dumps(answer)), surface="entra", times=0)

    (refused,) = missing(seen(config)).values()

    assert "AADSTS65001" in refused.found
    assert "az ad app permission admin-consent --id" in refused.way_out


@pytest.mark.usefixtures("alone")
def test_another_tenant_than_the_settings_name_is_told(config: dict[str, str], emulator: Emulator) -> None:
    """The machine's tenant and the settings' are both named, as its own line, and nothing is asked of Exchange."""
    there = emulator.add_tenant("fabrikam.onmicrosoft.com")
    endpoint = f"{emulator.authority_host}/metadata/identity/oauth2/token"
    machine = {
        "area1:client_secret": "",
        "area1:client_id": "",
        "area1:use_msi": "true",
        "area1:msi_endpoint": endpoint,
    }
    emulator.control.clear_calls()

    (wrong,) = missing(seen({**config, **machine, "area1:tenant": there.tenant_id})).values()

    assert wrong.name == "tenant"
    assert [one for one in (there.tenant_id, emulator.account().tenant_id) if one not in wrong.found] == []
    assert emulator.control.calls() == []


@pytest.mark.usefixtures("alone")
def test_an_exchange_that_does_not_answer_is_one_line(config: dict[str, str]) -> None:
    """A refused connection is told as such."""
    (refused,) = missing(seen({**config, "area1:authority_host": "https://localhost:1"})).values()

    assert refused.name == "sign-in"
    assert "localhost:1" in refused.found


def test_without_an_engine_the_ways_to_one_are_told(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """No pulumi on PATH and an empty cache: what was tried, and the command that gets one."""
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setenv("AREA1_CACHE_DIR", str(tmp_path))

    check = engine_check()

    assert not check.ok
    assert "make engine" in check.way_out


@pytest.mark.usefixtures("environ")
def test_outside_a_project_the_environment_alone_is_examined(tmp_path: Path) -> None:
    """`area1 doctor` needs no Pulumi project."""
    checks = examine(None, tmp_path)

    assert "the environment alone" in next(check.found for check in checks if check.name == "stack")
    assert {check.name for check in checks if not check.ok} <= {"engine"}


def test_a_named_stack_outside_a_project_is_a_fault(tmp_path: Path) -> None:
    """--stack needs a project to find the stack in."""
    found = examine("us", tmp_path)[-1]

    assert (found.name, found.ok) == ("stack", False)
    assert "no Pulumi project" in found.found


def test_the_json_form_says_whether_all_is_well() -> None:
    """What `--json` prints."""
    shown = plain((Check("engine", ok=True, found="here"), Check("stack", ok=False, found="none", way_out="make one")))

    assert shown["ok"] is False
    assert shown["checks"][1] == {"name": "stack", "ok": False, "found": "none", "way_out": "make one"}


@pytest.mark.parametrize("resource", NEEDED)
def test_a_verb_alone_is_of_the_resources_own_noun(resource: str) -> None:
    """The table is short where it can be."""
    assert all("-" in name and not name.endswith("-") for name in needed(resource))
