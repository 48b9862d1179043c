"""Aliases and addresses of groups and contacts."""

from typing import Any

import pytest
from cmdlet_shell import Shell

from area1_provider.emulator.cmdlets.addressing import check_alias, derived_alias, local_part
from area1_provider.emulator.cmdlets.errors import AddressInUse, RuleRefused, ValueRefused


@pytest.mark.parametrize(
    ("name", "alias"),
    [
        ("Finance Team", "FinanceTeam"),
        ("a(b)@c", "a?b??c"),
        (".dots..in.", "?dots?.in?"),
        ("Zoë", "Zoë"),
        ("日本", "??"),
    ],
)
def test_an_alias_is_derived_from_the_name(name: str, alias: str) -> None:
    """Spaces go, unsupported characters become question marks."""
    assert derived_alias(name) == alias
    assert check_alias(alias) == alias


@pytest.mark.parametrize(
    ("alias", "local"), [("möbel", "moebel"), ("Zoë", "Zoe"), ("straße", "strasse"), ("a.b", "a.b")]
)
def test_umlauts_are_written_out_in_the_address(alias: str, local: str) -> None:
    """The alias keeps them, the address gets best-fit ASCII."""
    assert local_part(alias) == local


@pytest.mark.parametrize("alias", ["", "a b", ".a", "a.", "a..b", "a@b", "日本", "a" * 65])
def test_bad_aliases_are_refused(shell: Shell, alias: str) -> None:
    """By their characters, their dots or their length."""
    shell.group()
    shell.refusal(ValueRefused, "New-DistributionGroup", Name="x", Alias=alias)
    shell.refusal(ValueRefused, "Set-DistributionGroup", Identity="Finance", Alias=alias)


def test_a_given_address_is_the_primary_one(shell: Shell) -> None:
    """Beside it stands alias@organization."""
    row = shell.group(PrimarySmtpAddress="money@contoso.com")
    assert row["EmailAddresses"] == ["SMTP:money@contoso.com", "smtp:Finance@contoso.onmicrosoft.com"]


def test_addresses_lie_in_accepted_domains(shell: Shell) -> None:
    """Others are refused, at New and at Set."""
    shell.refusal(RuleRefused, "New-DistributionGroup", Name="x", PrimarySmtpAddress="x@elsewhere.example")
    shell.group()
    change = {"EmailAddresses": ["SMTP:x@elsewhere.example"]}
    shell.refusal(RuleRefused, "Set-DistributionGroup", Identity="Finance", **change)


@pytest.mark.parametrize(
    "parameters",
    [{"Alias": "adelev"}, {"PrimarySmtpAddress": "ADELEV@contoso.com"}, {"Name": "adelev"}, {"Alias": "ADELEV"}],
)
def test_an_address_belongs_to_one_recipient(shell: Shell, parameters: dict[str, Any]) -> None:
    """A conflict names the address and the object that has it."""
    text = shell.refusal(AddressInUse, "New-DistributionGroup", **({"Name": "x"} | parameters))
    assert "is already being used" in text
    assert "CN=Adele Vance" in text


def test_a_changed_alias_leaves_the_address(shell: Shell) -> None:
    """Address policies do not apply here (EmailAddressPolicyEnabled is false)."""
    shell.group()
    shell("Set-DistributionGroup", Identity="Finance", Alias="money")
    row = shell.one("Get-DistributionGroup", Identity="money")
    assert (row["PrimarySmtpAddress"], row["EmailAddressPolicyEnabled"]) == ("Finance@contoso.com", False)


@pytest.mark.parametrize("parameter", ["PrimarySmtpAddress", "WindowsEmailAddress"])
def test_a_new_primary_keeps_the_old_one(shell: Shell, parameter: str) -> None:
    """Primary address and Windows address move together; the old one becomes secondary."""
    shell.group()
    shell("Set-DistributionGroup", Identity="Finance", **{parameter: "money@contoso.com"})
    row = shell.one("Get-DistributionGroup")
    assert row["PrimarySmtpAddress"] == row["WindowsEmailAddress"] == "money@contoso.com"
    assert row["EmailAddresses"] == [
        "SMTP:money@contoso.com",
        "smtp:Finance@contoso.com",
        "smtp:Finance@contoso.onmicrosoft.com",
    ]
    shell("Set-DistributionGroup", Identity="Finance", **{parameter: "Finance@contoso.com"})
    assert len(shell.one("Get-DistributionGroup")["EmailAddresses"]) == 3


@pytest.mark.parametrize(
    ("addresses", "primary"),
    [
        (["smtp:a@contoso.com", "SMTP:b@contoso.com"], "b@contoso.com"),
        (["a@contoso.com", "b@contoso.com"], "a@contoso.com"),
        (["smtp:a@contoso.com", "smtp:b@contoso.com"], "a@contoso.com"),
    ],
)
def test_addresses_are_replaced_as_a_whole(shell: Shell, addresses: list[str], primary: str) -> None:
    """SMTP: marks the primary one, otherwise it is the first (Set-DistributionGroup page)."""
    shell.group()
    shell("Set-DistributionGroup", Identity="Finance", EmailAddresses=addresses)
    row = shell.one("Get-DistributionGroup")
    assert row["PrimarySmtpAddress"] == row["WindowsEmailAddress"] == primary
    assert sorted(row["EmailAddresses"], key=str.casefold) == sorted(
        (f"SMTP:{one}" if one == primary else f"smtp:{one}" for one in ("a@contoso.com", "b@contoso.com")),
        key=str.casefold,
    )


def test_addresses_are_added_and_removed(shell: Shell, table: Any) -> None:
    """Adding SMTP: moves the primary; the primary cannot simply be removed, nor can there be two."""
    shell.group()
    change = {"Identity": "Finance", "EmailAddresses": table(Add=["x@contoso.com", "SMTP:y@contoso.com"])}
    shell("Set-DistributionGroup", **change)
    row = shell.one("Get-DistributionGroup")
    assert row["PrimarySmtpAddress"] == "y@contoso.com"
    assert "smtp:Finance@contoso.com" in row["EmailAddresses"]
    shell("Set-DistributionGroup", Identity="Finance", EmailAddresses=table(Remove=["smtp:x@contoso.com"]))
    gone = {"Identity": "Finance", "EmailAddresses": table(Remove=["SMTP:y@contoso.com"])}
    shell.refusal(ValueRefused, "Set-DistributionGroup", **gone)
    two = {"Identity": "Finance", "EmailAddresses": ["SMTP:a@contoso.com", "SMTP:b@contoso.com"]}
    shell.refusal(ValueRefused, "Set-DistributionGroup", **two)
    shell.refusal(ValueRefused, "Set-DistributionGroup", Identity="Finance", EmailAddresses=table())


def test_two_ways_to_the_primary_address_exclude_each_other(shell: Shell) -> None:
    """EmailAddresses and PrimarySmtpAddress never in one command."""
    shell.group()
    change = {"EmailAddresses": ["a@contoso.com"], "PrimarySmtpAddress": "b@contoso.com"}
    shell.refusal(RuleRefused, "Set-DistributionGroup", Identity="Finance", **change)


def test_a_freed_address_can_be_taken(shell: Shell) -> None:
    """An address that one group loses another may have, and the first is no longer found by it."""
    shell.group()
    shell("Set-DistributionGroup", Identity="Finance", EmailAddresses=["SMTP:other@contoso.com"])
    shell.group("Second", PrimarySmtpAddress="Finance@contoso.com")
    assert shell.one("Get-DistributionGroup", Identity="Finance@contoso.com")["Name"] == "Second"


def test_a_contact_lives_outside(shell: Shell) -> None:
    """Its external address is its primary one; an address in use is refused."""
    row = shell.one("New-MailContact", Name="Vendor", ExternalEmailAddress="SMTP:v@vendor.example", FirstName="V")
    assert row == row | {"PrimarySmtpAddress": "v@vendor.example", "Alias": "Vendor", "FirstName": "V"}
    assert row["ExternalEmailAddress"] == "SMTP:v@vendor.example"
    shell.refusal(AddressInUse, "New-MailContact", Name="Again", ExternalEmailAddress="v@vendor.example")
