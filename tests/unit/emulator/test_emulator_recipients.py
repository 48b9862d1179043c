"""Recipients: identities of each kind, lists, filters, contacts, accepted domains."""

from typing import Any

import pytest
from cmdlet_shell import Shell

from area1_provider.emulator.cmdlets.errors import ObjectNotFound, ValueRefused
from area1_provider.emulator.cmdlets.opath import BadFilter, parse

ROW = {
    "Name": "O'Hara",
    "Alias": "ohara",
    "Hidden": False,
    "Notes": "",
    "Lists": ["Red", "Blue"],
    "Empty": [],
    "N": None,
}


@pytest.mark.parametrize("cmdlet", ["Get-Mailbox", "Get-Recipient"])
def test_everybody_is_listed_without_an_identity(shell: Shell, cmdlet: str) -> None:
    """Four people and a shared mailbox; as recipients also a contact, a mail user and the groups."""
    shell.group()
    aliases = [row["Alias"] for row in shell(cmdlet)]
    others = [] if cmdlet == "Get-Mailbox" else ["archive-vendor", "partner-archive", "Finance"]
    assert aliases == ["adelev", "alexw", "diegos", "meganb", "journal-ndr", *others]


def test_a_mailbox_answers_to_more_names_than_a_recipient(shell: Shell) -> None:
    """Get-Mailbox also takes a user principal name and a legacy name; Get-Recipient does not."""
    shell.tenant.add_mailbox("Lee", "lee", UserPrincipalName="lee.gu@contoso.com")
    legacy = shell.tenant.fetch(shell.one("Get-Mailbox", Identity="lee")["Guid"])["LegacyExchangeDN"]
    for identity in ("lee.gu@contoso.com", legacy):
        assert shell.one("Get-Mailbox", Identity=identity)["Alias"] == "lee"
        shell.refusal(ObjectNotFound, "Get-Recipient", Identity=identity)


def test_a_tenant_can_be_given_mail_users(shell: Shell) -> None:
    """No cmdlet here makes one; its external address is its primary one."""
    shell.tenant.add_mail_user("Lee Gu", "leeg", "lee@home.example")
    assert shell.one("Get-MailUser", Identity="lee@home.example")["Alias"] == "leeg"


def test_each_cmdlet_finds_its_own_kind(shell: Shell) -> None:
    """A contact is no mailbox, a mailbox no mail user."""
    shell.refusal(ObjectNotFound, "Get-Mailbox", Identity="archive-vendor")
    shell.refusal(ObjectNotFound, "Get-MailContact", Identity="adelev")
    shell.refusal(ObjectNotFound, "Get-MailUser", Identity="archive-vendor")
    shell.refusal(ObjectNotFound, "Remove-MailContact", Identity="adelev")
    assert shell.one("Get-MailUser")["ExternalEmailAddress"] == "SMTP:archive@partner.example"
    assert shell.one("Get-MailUser", Identity="partner-archive")["RecipientTypeDetails"] == "MailUser"
    assert shell.one("Get-MailContact")["RecipientTypeDetails"] == "MailContact"
    assert shell.one("Get-MailContact", Identity="Archive Vendor")["Alias"] == "archive-vendor"


@pytest.mark.parametrize(
    ("parameters", "aliases"),
    [
        ({"RecipientTypeDetails": ["SharedMailbox", "MailContact"]}, ["journal-ndr", "archive-vendor"]),
        ({"RecipientType": "MailUser"}, ["partner-archive"]),
        ({"Anr": "Ade"}, ["adelev"]),
        ({"Anr": "vance"}, ["adelev"]),
        ({"Anr": "journal@arch"}, ["archive-vendor"]),
        ({"Filter": "Alias -like '*archive*'"}, ["archive-vendor", "partner-archive"]),
        ({"RecipientPreviewFilter": "Alias -eq 'alexw'"}, ["alexw"]),
        ({"Filter": "Alias -like '*w' -or Alias -like '*v'", "SortBy": "DisplayName"}, ["adelev", "alexw"]),
        ({"SortBy": "alias", "ResultSize": 2}, ["adelev", "alexw"]),
        ({"OrganizationalUnit": "contoso.onmicrosoft.com", "Anr": "Meg"}, ["meganb"]),
        ({"AuthenticationType": "Federated"}, []),
        ({"IncludeSoftDeletedRecipients": True, "Anr": "Meg"}, ["meganb"]),
    ],
)
def test_a_list_is_chosen_and_sorted(shell: Shell, parameters: dict[str, Any], aliases: list[str]) -> None:
    """By kind, by the start of a name, by a filter, by place; sorted and cut."""
    assert [row["Alias"] for row in shell("Get-Recipient", **parameters)] == aliases


@pytest.mark.parametrize(
    ("cmdlet", "identity", "fitting", "others"),
    [
        ("Get-Recipient", "adelev", {"RecipientType": "UserMailbox"}, {"RecipientType": "MailContact"}),
        ("Get-Recipient", "adelev", {"Filter": "Alias -like 'a*'"}, {"Filter": "Alias -like 'b*'"}),
        ("Get-Mailbox", "adelev", {"RecipientTypeDetails": "UserMailbox"}, {"SoftDeletedMailbox": True}),
        ("Get-MailUser", "partner-archive", {"SoftDeletedMailUser": False}, {"SharedWithMailUser": True}),
        ("Get-MailContact", "archive-vendor", {"SortBy": "Name"}, {"RecipientTypeDetails": "MailForestContact"}),
        ("Get-DistributionGroup", "Finance", {"ResultSize": 1}, {"RecipientTypeDetails": "RoomList"}),
    ],
)
def test_what_else_is_asked_for_holds_beside_an_identity(
    shell: Shell, cmdlet: str, identity: str, fitting: dict[str, Any], others: dict[str, Any]
) -> None:
    """An object of another kind than asked for is not found."""
    shell.group()
    assert shell.one(cmdlet, Identity=identity, **fitting)
    shell.refusal(ObjectNotFound, cmdlet, Identity=identity, **others)


def test_there_is_one_organizational_unit(shell: Shell) -> None:
    """By name or canonical name; another is not found, for a list, for one object and for a new one."""
    unit = shell.group(OrganizationalUnit="contoso.onmicrosoft.com")["OrganizationalUnit"]
    assert shell.one("Get-DistributionGroup", OrganizationalUnit=unit.upper())["Name"] == "Finance"
    new: dict[str, Any] = {"Name": "x", "ExternalEmailAddress": "x@archive.example"}
    shell.one("New-MailContact", **new, OrganizationalUnit=unit)
    elsewhere = {"OrganizationalUnit": "elsewhere"}
    shell.refusal(ObjectNotFound, "New-DistributionGroup", Name="y", **elsewhere)
    shell.refusal(ObjectNotFound, "New-MailContact", **(new | elsewhere | {"Name": "z"}))
    shell.refusal(ObjectNotFound, "Get-Recipient", **elsewhere)
    shell.refusal(ObjectNotFound, "Get-Recipient", Identity="adelev", **elsewhere)


def test_groups_are_chosen_by_owner_and_kind(shell: Shell) -> None:
    """ManagedBy finds what somebody owns."""
    shell.group("a", ManagedBy=["adelev"])
    shell.group("b", Type="Security", ManagedBy=["alexw", "adelev"])
    assert [row["Name"] for row in shell("Get-DistributionGroup", ManagedBy="adelev")] == ["a", "b"]
    assert [row["Name"] for row in shell("Get-DistributionGroup", ManagedBy="alexw@contoso.com")] == ["b"]
    security = {"RecipientTypeDetails": "MailUniversalSecurityGroup"}
    assert [row["Name"] for row in shell("Get-DistributionGroup", **security)] == ["b"]


def test_a_filter_sees_what_get_shows(shell: Shell) -> None:
    """Owners by name, moderators by GUID, defaults where a kind has no such property."""
    shell.group("a", ManagedBy=["adelev"], ModeratedBy=["alexw"])
    alex = shell.one("Get-Mailbox", Identity="alexw")["Guid"]
    for text in ("ManagedBy -eq 'Adele Vance'", f"ModeratedBy -eq '{alex}'", "Notes -eq $null"):
        assert shell.one("Get-DistributionGroup", Filter=text)["Name"] == "a"
    assert shell.one("Get-Recipient", Filter="ManagedBy -eq 'Adele Vance'")["Name"] == "a"


def test_kinds_that_no_tenant_here_has_are_empty(shell: Shell) -> None:
    """Archives, soft-deleted mailboxes and the like; Microsoft 365 groups are there when asked for."""
    for name in ("Archive", "PublicFolder", "SoftDeletedMailbox", "InactiveMailboxOnly"):
        assert shell("Get-Mailbox", **{name: True}) == []
    assert shell("Get-MailUser", HVEAccount=True) == []
    shell.tenant.add_microsoft365_group("Team", "team")
    assert [row["Alias"] for row in shell("Get-Mailbox", GroupMailbox=True)] == ["team"]
    assert shell.one("Get-Mailbox", GroupMailbox=True, Identity="team")["Alias"] == "team"


@pytest.mark.parametrize(
    ("text", "result"),
    [
        ("Alias -eq 'OHARA'", True),
        ("Name -eq 'O''Hara'", True),
        ('Name -eq "O\'Hara"', True),
        ("{Alias -eq 'ohara'}", True),
        ("alias -ne 'ohara'", False),
        ("Alias -like 'oh*'", True),
        ("Alias -notlike 'oh*'", False),
        ("Alias -like 'oh[a]*'", False),
        ("Hidden -eq $false", True),
        ("Hidden -eq 'False'", True),
        ("Notes -eq $null", True),
        ("Notes -ne $null", False),
        ("N -like '*'", False),
        ("Lists -eq 'red'", True),
        ("Lists -like 'bl*'", True),
        ("Empty -eq $null", True),
        ("Alias -gt 'n' -and Alias -lt 'p'", True),
        ("Alias -ge 'ohara' -and Alias -le 'ohara'", True),
        ("-not (Alias -eq 'x') -and (Alias -eq 'ohara' -or Alias -eq 'y')", True),
        ("Alias -eq 'ohara' -or Alias -eq 'y' -and Alias -eq 'z'", True),
    ],
)
def test_a_filter_is_read(text: str, *, result: bool) -> None:
    """Comparisons without case, wildcards, variables, lists, and/or/not with parentheses."""
    assert parse(text, ROW)(ROW) is result


def test_a_filter_may_be_long() -> None:
    """Thousands of comparisons beside each other; nesting ends much sooner."""
    for joint in (" -or ", " -and "):
        assert parse(joint.join(["Alias -eq 'ohara'"] * 2500), ROW)(ROW)
    assert parse("(" * 32 + "Alias -eq 'ohara'" + ")" * 32, ROW)(ROW)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Alias",
        "Alias -eq",
        "Alias -is 'x'",
        "Alias -eq $nonsense",
        "(Alias -eq 'x'",
        "Alias -eq 'x' 'y'",
        "-eq",
        "; x",
        "(" * 400 + "Alias -eq 'x'" + ")" * 400,
        "-not " * 2000 + "Alias -eq 'x'",
        " -or ".join(["Alias -eq 'x'"] * 200_000),
    ],
    ids=lambda text: text[:40],
)
def test_a_broken_filter_is_refused(text: str) -> None:
    """What cannot be read is refused."""
    with pytest.raises(BadFilter):
        parse(text, ROW)


def test_filters_and_sorting_name_properties(shell: Shell) -> None:
    """A property that is not there is refused, and so is a broken filter."""
    shell.refusal(ValueRefused, "Get-Recipient", Filter="Nonsense -eq 'x'")
    shell.refusal(ValueRefused, "Get-Recipient", Filter="Alias eq 'x'")
    shell.refusal(ValueRefused, "Get-Recipient", SortBy="Nonsense")


def test_accepted_domains(shell: Shell) -> None:
    """The organisation's own and the default one; found by name, DN and GUID."""
    first, second = shell("Get-AcceptedDomain")
    assert (first["DomainName"], first["Default"], first["InitialDomain"]) == ("contoso.onmicrosoft.com", False, True)
    assert (second["DomainName"], second["Default"], second["DomainType"]) == ("contoso.com", True, "Authoritative")
    for identity in ("CONTOSO.com", second["Guid"], second["DistinguishedName"]):
        assert shell.one("Get-AcceptedDomain", Identity=identity)["Name"] == "contoso.com"
    shell.refusal(ObjectNotFound, "Get-AcceptedDomain", Identity="other.example")
