"""From config to the one client of a tenant; the guard of the tenant; no secret where it does not belong."""

import json
import logging
import shutil
from pathlib import Path
from typing import Any

import pytest
from lifecycle import Clicks, Engine, Telling, config_of, configured, provider_over, travelled

from area1_provider import connection, errors
from area1_provider.emulator import Emulator
from area1_provider.resources.distribution_group import DistributionGroupProvider
from area1_provider.resources.journal_rule import JournalRuleProvider
from area1_provider.resources.outbound_connector import OutboundConnectorProvider
from area1_provider.resources.outbound_connector_validation import OutboundConnectorValidationProvider
from area1_provider.resources.transport_config import TransportConfigProvider

ARGS: dict[Any, dict[str, Any]] = {
    OutboundConnectorProvider: {"name": "c"},
    JournalRuleProvider: {"name": "r", "journal_email_address": "j@j.example"},
    TransportConfigProvider: {"undeliverable_address": "ndr@archive.example"},
    DistributionGroupProvider: {"name": "g"},
}
each = pytest.mark.parametrize("kind", ARGS, ids=lambda kind: kind.noun.name)


@pytest.fixture
def config(config: dict[str, str], tmp_path: Path) -> dict[str, str]:
    """Give a stack config that no other test has: a process has one client for each, and some tests here close it."""
    own = tmp_path / "ca.pem"
    shutil.copy(config["area1:ca_file"], own)
    return {**config, "area1:ca_file": str(own)}


def test_config_alone(config: dict[str, str]) -> None:
    """The stack config is enough to reach the tenant; all providers of a process share one client."""
    first, second = configured(OutboundConnectorProvider, config), configured(JournalRuleProvider, config)

    result = first.create({"name": "c"})

    assert result.outs["name"] == "c"
    assert first.exchange() is second.exchange()
    first.exchange().http.close()


def test_environment_alone(environ: dict[str, str], emulator: Emulator) -> None:
    """The environment is enough to reach the tenant, as in a pipeline."""
    exchange = connection.exchange(connection.config_of({"area1:cloud": "public"}))

    assert exchange.tenant_id == emulator.account().tenant_id == environ["ARM_TENANT_ID"]
    exchange.http.close()


def test_an_explicit_provider(config: dict[str, str]) -> None:
    """An explicit provider's properties come without namespace and beat the environment."""
    bare = {name.removeprefix("area1:"): value for name, value in config.items()}

    taken = connection.config_of({**bare, "use_cli": False})

    assert taken.explicit
    assert dict(taken.values)["use_cli"] == "false"
    assert connection.settings_of(taken).tenant == bare["tenant"]


@each
def test_another_tenants_state(
    kind: Any, exchange: Telling, clicks: Clicks, config: dict[str, str], emulator: Emulator
) -> None:
    """State, config and token must be of one tenant: else nothing is read, written or removed, and both are named."""
    clicks.run("Set-TransportConfig", JournalingReportNdrTo="ndr@archive.example")
    engine = Engine(provider_over(kind, exchange, config))
    engine.up(ARGS[kind])
    there = emulator.add_tenant("fabrikam.onmicrosoft.com")
    engine.outputs |= {"tenant_id": there.tenant_id, "tenant": there.organization}
    emulator.control.clear_calls()

    with pytest.raises(errors.WrongTenant, match=there.tenant_id):
        engine.refresh()
    with pytest.raises(errors.WrongTenant, match=emulator.account().tenant_id):
        engine.provider.update(engine.id, engine.outputs, {**ARGS[kind], "name": "x"})
    with pytest.raises(errors.WrongTenant):
        engine.provider.delete(engine.id, engine.outputs)
    with pytest.raises(errors.WrongTenant):
        engine.changes(ARGS[kind])
    assert emulator.control.calls() == []


@pytest.mark.parametrize("met_by", ["refresh", "preview"])
def test_nothing_new_is_made_once_another_tenant_was_met(
    exchange: Telling, clicks: Clicks, config: dict[str, str], emulator: Emulator, met_by: str
) -> None:
    """Once one resource is found to be of another tenant, a new one, which has no state to compare, is not made either."""
    clicks.run("Set-TransportConfig", JournalingReportNdrTo="ndr@archive.example")
    engine = Engine(provider_over(TransportConfigProvider, exchange, config))
    engine.up({})
    there = emulator.add_tenant("fabrikam.onmicrosoft.com")
    state = {**engine.outputs, "tenant_id": there.tenant_id, "tenant": there.organization}
    guard = {
        "refresh": lambda: connection.guard(exchange, state),
        "preview": lambda: connection.guard_named(engine.provider.config, state),
    }[met_by]
    over = {"refresh": provider_over(JournalRuleProvider, exchange, config)}
    rule = over.get(met_by) or configured(JournalRuleProvider, config)
    emulator.control.clear_calls()

    with pytest.raises(errors.WrongTenant):
        guard()
    with pytest.raises(errors.WrongTenant, match=rf"was not sent\. The state is of tenant {there.tenant_id}"):
        rule.create(ARGS[JournalRuleProvider])
    assert emulator.control.calls() == []
    rule.exchange().http.close()


@pytest.mark.parametrize(
    ("changed", "token"),
    [
        ({}, "the token is for tenant {own}"),
        ({"area1:client_secret": "wrong"}, "no token was given (Signing in to {own} by client secret failed"),
        ({"area1:use_device_code": "true"}, "no token was asked for"),
    ],
)
def test_preview_names_all_three(
    config: dict[str, str], emulator: Emulator, changed: dict[str, str], token: str
) -> None:
    """A tenant named by another GUID than the state's: state, settings and token are named, though no person is asked."""
    own, there = emulator.account(), emulator.add_tenant("fabrikam.onmicrosoft.com")
    taken = connection.config_of({**config, **changed})
    with pytest.raises(errors.WrongTenant) as caught:
        connection.guard_named(taken, {"tenant_id": there.tenant_id, "tenant": there.organization})
    connection.exchange(taken).http.close()

    text = str(caught.value)
    assert f"The state is of tenant {there.tenant_id} ({there.organization})" in text
    assert f"the settings name {own.tenant_id}" in text
    assert token.format(own=own.tenant_id) in text
    assert "set area1:tenant and the credentials" in text


def test_state_is_named_where_settings_and_token_disagree(emulator: Emulator, config: dict[str, str]) -> None:
    """Settings of one tenant, a machine of another, a state of the second: nothing is read, and all three are named."""
    own, there = emulator.account(), emulator.add_tenant("fabrikam.onmicrosoft.com")
    endpoint = f"{emulator.authority_host}/metadata/identity/oauth2/token"
    machine = {
        "area1:client_secret": "",
        "area1:client_id": "",
        "area1:use_msi": "true",
        "area1:msi_endpoint": endpoint,
    }
    of = connection.exchange(connection.config_of({**config, **machine, "area1:tenant": there.tenant_id}))
    emulator.control.clear_calls()
    with pytest.raises(errors.WrongTenant) as caught:
        connection.guard(of, {"tenant_id": own.tenant_id, "tenant": own.organization})
    with pytest.raises(errors.WrongTenant):
        of.invoke("Get-TransportConfig")
    of.http.close()

    named = (f"state is of tenant {own.tenant_id}", f"settings name {there.tenant_id}", f"for tenant {own.tenant_id}")
    assert [text for text in named if text not in str(caught.value)] == []
    assert emulator.control.calls() == []


def test_settings_that_are_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    """Missing settings are said once a process at preview, not for every resource, and stop every operation."""
    for name in ("ARM_TENANT_ID", "ARM_CLIENT_ID", "ARM_CLIENT_SECRET", "AZURE_TENANT_ID", "AZURE_CLIENT_ID"):
        monkeypatch.delenv(name, raising=False)
    nobody = {"area1:tenant": "no-such-tenant-7c1e.example", "area1:client_id": "7c1e"}
    first, second = (configured(kind, nobody) for kind in (OutboundConnectorProvider, TransportConfigProvider))

    said = [failure.reason for failure in first.check({}, {"name": "c"}).failures]
    again = [failure.reason for failure in second.check({}, {}).failures]

    assert said
    assert again == []
    with pytest.raises(errors.SettingsError):
        first.create({"name": "c"})


@each
def test_no_secret_in_outputs(
    kind: Any, exchange: Telling, clicks: Clicks, config: dict[str, str], caplog: pytest.LogCaptureFixture
) -> None:
    """Neither secret nor token is in outputs, inputs, log lines or told lines of a whole life."""
    caplog.set_level(logging.DEBUG)
    clicks.run("Set-TransportConfig", JournalingReportNdrTo="ndr@archive.example")
    engine = Engine(provider_over(kind, exchange, config))
    kept = []
    for args in (ARGS[kind], {**ARGS[kind], **({"name": "x"} if "name" in ARGS[kind] else {})}):
        engine.up(args)
        engine.refresh()
        kept.append(json.dumps([engine.inputs, engine.outputs]))
    engine.destroy()

    token = exchange.tokens.get().value
    seen = "".join([*kept, *exchange.told, caplog.text])
    assert config["area1:client_secret"] not in seen
    assert token not in seen
    assert token.split(".")[2] not in seen


@each
def test_what_a_state_holds(
    kind: Any, exchange: Telling, clicks: Clicks, config: dict[str, str], emulator: Emulator
) -> None:
    """Outputs name the tenant by GUID and as configured, what is managed, and survive the engine's encoding."""
    clicks.run("Set-TransportConfig", JournalingReportNdrTo="ndr@archive.example")
    engine = Engine(provider_over(kind, exchange, config))
    engine.up(ARGS[kind])

    assert engine.outputs["tenant_id"] == emulator.account().tenant_id
    assert engine.outputs["tenant"] == config["area1:tenant"]
    assert engine.outputs["managed"] == sorted(ARGS[kind])
    assert travelled(engine.outputs) == engine.outputs


def test_validation_is_guarded_too(exchange: Telling, clicks: Clicks, config: dict[str, str]) -> None:
    """A validation of another tenant's state runs nothing."""
    (connector,) = clicks.run("New-OutboundConnector", Name="c", RecipientDomains=["j.example"])
    engine = Engine(provider_over(OutboundConnectorValidationProvider, exchange, config))
    args = {"connector": connector["Guid"], "recipients": ["a@j.example"]}
    engine.up(args)
    engine.outputs["tenant_id"] = "00000000-0000-4000-8000-000000000000"

    with pytest.raises(errors.WrongTenant):
        engine.provider.update(engine.id, engine.outputs, args)


def test_config_of_the_environment(emulator: Emulator) -> None:
    """The tests' own config says what the emulator's environment says."""
    assert config_of(emulator.environment())["area1:tenant"] == emulator.account().tenant_id
