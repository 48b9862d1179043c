"""Outbound connectors: defaults, rules, names, filters."""

from typing import Any

import pytest
from cmdlet_shell import Shell

from area1_provider.emulator.cmdlets.errors import ObjectExists, ObjectNotFound, RuleRefused
from area1_provider.emulator.tenant import directory

REAL_ORDER = (
    "Enabled UseMXRecord Comment ConnectorType ConnectorSource RecipientDomains SmartHosts TlsDomain TlsSettings "
    "IsTransportRuleScoped RouteAllMessagesViaOnPremises CloudServicesMailEnabled AllAcceptedDomains "
    "SenderRewritingEnabled MtaStsMode SmtpDaneMode TestMode ValidationRecipients IsValidated "
    "LastValidationTimestamp AdminDisplayName Name Identity WhenChangedUTC WhenCreatedUTC Guid IsValid"
)
"""Properties of the record that graph2otel captured."""


def test_an_object_has_the_properties_of_the_captured_record(shell: Shell) -> None:
    """All 27, in the record's order."""
    assert " ".join(shell.connector()) == REAL_ORDER


def test_defaults_are_those_of_the_page(shell: Shell) -> None:
    """What New gives when only a name is sent."""
    row = shell.one("New-OutboundConnector", Name="plain")
    assert row == row | {
        "Enabled": True,
        "UseMXRecord": True,
        "Comment": "",
        "ConnectorSource": "Default",
        "RecipientDomains": [],
        "SmartHosts": [],
        "TlsDomain": None,
        "TlsSettings": None,
        "IsTransportRuleScoped": False,
        "CloudServicesMailEnabled": False,
        "AllAcceptedDomains": False,
        "MtaStsMode": "Opportunistic",
        "SmtpDaneMode": "Opportunistic",
        "TestMode": False,
        "ValidationRecipients": [],
        "IsValidated": False,
        "LastValidationTimestamp": None,
        "Identity": "plain",
        "IsValid": True,
    }


def test_the_captured_record_can_be_written(shell: Shell) -> None:
    """The portal's connector: New with what New takes, Set with the rest, and Get reads the record."""
    given = {"UseMXRecord": False, "Comment": "for a test", "ConnectorType": "OnPremises", "ConnectorSource": "AdminUI"}
    given |= {"SmartHosts": ["smtp-relay.gmail.com"], "TlsSettings": "CertificateValidation"}
    given |= {"IsTransportRuleScoped": True, "CloudServicesMailEnabled": True}
    shell("New-OutboundConnector", Name="outbourconnection", **given)
    late = {"ValidationRecipients": ["user@example.org"], "LastValidationTimestamp": "2026-07-24T18:59:12Z"}
    shell("Set-OutboundConnector", Identity="outbourconnection", **late)
    row = shell.one("Get-OutboundConnector", Identity="outbourconnection")
    assert row == row | given | late | {"LastValidationTimestamp": "2026-07-24T18:59:12.0000000"}


def test_times_are_utc_with_seven_digits(shell: Shell) -> None:
    """As in the captured record; a change moves WhenChangedUTC only."""
    made = shell.connector()
    assert made["WhenCreatedUTC"] == made["WhenChangedUTC"] == "2026-07-24T18:58:32.0000000Z"
    shell("Set-OutboundConnector", Identity="Area 1", Comment="new")
    row = shell.one("Get-OutboundConnector")
    assert (row["WhenCreatedUTC"], row["WhenChangedUTC"]) == (made["WhenCreatedUTC"], "2026-07-24T18:58:33.0000000Z")


def test_a_rename_keeps_the_guid(shell: Shell) -> None:
    """Identity follows the name, the GUID stays."""
    made = shell.connector()
    shell("Set-OutboundConnector", Identity=made["Guid"], Name="Area One")
    row = shell.one("Get-OutboundConnector", Identity=made["Guid"])
    assert (row["Name"], row["Identity"], row["Guid"]) == ("Area One", "Area One", made["Guid"])
    shell.refusal(ObjectNotFound, "Get-OutboundConnector", Identity="Area 1")


def test_a_connector_is_found_by_name_guid_and_dn(shell: Shell) -> None:
    """The three documented forms, in any case of letters."""
    made = shell.connector("Area, 1")
    dn = directory.config_dn("contoso.onmicrosoft.com", "Area, 1", "Transport Settings")
    assert "CN=Area\\, 1," in dn
    for identity in ("area, 1", made["Guid"].upper(), dn.lower()):
        assert shell.one("Get-OutboundConnector", Identity=identity)["Guid"] == made["Guid"]


@pytest.mark.parametrize("cmdlet", ["Get-OutboundConnector", "Set-OutboundConnector", "Remove-OutboundConnector"])
def test_what_is_not_there_is_not_found(shell: Shell, cmdlet: str) -> None:
    """With the documented text, which names a server."""
    text = shell.refusal(ObjectNotFound, cmdlet, Identity="nobody")
    assert text.startswith("The operation couldn't be performed because object 'nobody' couldn't be found on '")


def test_names_are_unique_without_case(shell: Shell) -> None:
    """A second connector of the name is refused, at New and at a rename; its own name is no conflict."""
    shell.connector()
    shell.connector("other")
    assert "already exists" in shell.refusal(ObjectExists, "New-OutboundConnector", Name="AREA 1")
    shell.refusal(ObjectExists, "Set-OutboundConnector", Identity="other", Name="area 1")
    shell("Set-OutboundConnector", Identity="Area 1", Name="AREA 1")


@pytest.mark.parametrize(
    "parameters",
    [
        {"UseMXRecord": False},
        {"UseMXRecord": False, "SmartHosts": []},
        {"UseMXRecord": True, "SmartHosts": ["a.example"]},
        {"SmartHosts": ["a.example"]},
        {"TlsDomain": "a.example"},
        {"TlsDomain": "a.example", "TlsSettings": "CertificateValidation"},
        {"TlsSettings": "DomainValidation"},
        {"AllAcceptedDomains": True},
        {"RouteAllMessagesViaOnPremises": True, "ConnectorType": "Partner"},
        {"SenderRewritingEnabled": True, "ConnectorType": "Partner"},
    ],
)
def test_what_the_page_forbids_is_refused(shell: Shell, parameters: dict[str, Any]) -> None:
    """Smart hosts and MX, TlsDomain and DomainValidation, on-premises switches on partner connectors."""
    shell.refusal(RuleRefused, "New-OutboundConnector", Name="x", **parameters)
    assert shell("Get-OutboundConnector") == []


def test_rules_hold_for_what_a_set_leaves(shell: Shell) -> None:
    """A Set that would leave a forbidden combination changes nothing."""
    shell.connector("site", ConnectorType="OnPremises", AllAcceptedDomains=True)
    shell.refusal(RuleRefused, "Set-OutboundConnector", Identity="site", ConnectorType="Partner", Comment="x")
    shell.refusal(RuleRefused, "Set-OutboundConnector", Identity="site", UseMXRecord=True)
    assert shell.one("Get-OutboundConnector")["Comment"] == ""


def test_mail_can_be_turned_to_mx_records(shell: Shell, table: Any) -> None:
    """The smart hosts go in the same command."""
    shell.connector()
    shell("Set-OutboundConnector", Identity="Area 1", UseMXRecord=True, SmartHosts=table())
    assert shell.one("Get-OutboundConnector")["UseMXRecord"] is True


def test_smart_hosts_go_in_the_command_that_turns_mx_off(shell: Shell, table: Any) -> None:
    """Also where the connector has some; without UseMXRecord they may be changed alone."""
    shell.connector()
    change: dict[str, Any] = {"Identity": "Area 1", "UseMXRecord": False}
    shell.refusal(RuleRefused, "Set-OutboundConnector", **change, Comment="x")
    shell.refusal(RuleRefused, "Set-OutboundConnector", **change, Comment="x", SmartHosts=[])
    shell.refusal(RuleRefused, "Set-OutboundConnector", **change, Comment="x", SmartHosts=table())
    assert shell.one("Get-OutboundConnector")["Comment"] == ""
    shell("Set-OutboundConnector", **change, SmartHosts=table(Add="b.example.net"))
    shell("Set-OutboundConnector", Identity="Area 1", SmartHosts=table(Remove="mx.example.net"))
    assert shell.one("Get-OutboundConnector")["SmartHosts"] == ["b.example.net"]


def test_all_accepted_domains_may_stand_beside_a_wildcard(shell: Shell) -> None:
    """A real tenant has the pair (office-docs-powershell 8739)."""
    scope: dict[str, Any] = {"AllAcceptedDomains": True, "RecipientDomains": ["*"], "ConnectorType": "OnPremises"}
    row = shell.connector(**scope)
    assert row == row | scope


def test_a_set_that_changes_nothing_warns(shell: Shell) -> None:
    """The documented warning; WhenChangedUTC stays."""
    made = shell.connector()
    same = {"Comment": "", "SmartHosts": made["SmartHosts"]}
    assert shell.warnings("Set-OutboundConnector", Identity="Area 1", **same) == (
        "The command completed successfully but no settings of 'Area 1' have been modified.",
    )
    assert shell.one("Get-OutboundConnector") == made


def test_set_and_remove_give_no_object(shell: Shell) -> None:
    """Only New and Get give objects."""
    shell.connector()
    assert shell("Set-OutboundConnector", Identity="Area 1", Comment="x") == []
    assert shell("Remove-OutboundConnector", Identity="Area 1", Confirm=False) == []
    assert shell("Get-OutboundConnector") == []


@pytest.mark.parametrize(
    ("filters", "names"),
    [
        ({}, ["plain", "ruled"]),
        ({"IncludeTestModeConnectors": True}, ["tested"]),
        ({"IncludeTestModeConnectors": False}, ["plain", "ruled"]),
        ({"IsTransportRuleScoped": True}, ["ruled"]),
        ({"IsTransportRuleScoped": False, "IncludeTestModeConnectors": False}, ["plain"]),
        ({"ResultSize": 1}, ["plain"]),
        ({"ResultSize": "Unlimited"}, ["plain", "ruled"]),
    ],
)
def test_a_list_is_filtered(shell: Shell, filters: dict[str, Any], names: list[str]) -> None:
    """Test mode is left out unless asked for, and rule scope chooses where it is asked for."""
    shell.connector("plain")
    shell.connector("ruled", IsTransportRuleScoped=True)
    shell.connector("tested", TestMode=True)
    assert [row["Name"] for row in shell("Get-OutboundConnector", **filters)] == names


def test_a_cut_list_warns(shell: Shell) -> None:
    """ResultSize leaves a warning when it cuts."""
    shell.connector("a")
    shell.connector("b")
    assert "more results" in shell.warnings("Get-OutboundConnector", ResultSize=1)[0]
    assert shell.warnings("Get-OutboundConnector", ResultSize=2) == ()


def test_side_keys_are_named_for_what_has_them(shell: Shell) -> None:
    """GUIDs, dates and lists carry types on the wire; texts and booleans do not."""
    types = shell.outcome("Get-OutboundConnector").types
    assert types["Guid"] == ("System.Guid", "#Guid")
    assert types["WhenChangedUTC"] == ("System.DateTime", None)
    assert types["SmartHosts"] == ("", "#Collection(String)")
    assert not {"Name", "Enabled", "TlsSettings"} & set(types)
