"""Members of distribution groups."""

from typing import Any

import pytest
from cmdlet_shell import Shell

from area1_provider.emulator.cmdlets.errors import (
    AlreadyMember,
    AmbiguousRecipient,
    EmptyIdentity,
    NotMember,
    ObjectNotFound,
    ParameterSetUnresolved,
    RecipientNotFound,
    RuleRefused,
    ValueRefused,
)
from area1_provider.emulator.tenant import Limits


@pytest.mark.parametrize("form", ["adelev", "Adele Vance", "adelev@contoso.com", "ADELEV@contoso.onmicrosoft.com"])
def test_a_member_is_named_in_documented_forms(shell: Shell, form: str) -> None:
    """Name, alias, any address; also GUID, directory id, DN and canonical DN."""
    adele = shell.one("Get-Mailbox", Identity="adelev")
    canonical = f"{adele['OrganizationalUnit']}/Adele Vance"
    shell.group()
    for member in (form, adele["Guid"], adele["ExternalDirectoryObjectId"], adele["DistinguishedName"], canonical):
        shell("Add-DistributionGroupMember", Identity="Finance", Member=member)
        assert shell.members("Finance") == ["adelev"]
        shell("Remove-DistributionGroupMember", Identity="Finance", Member=member, Confirm=False)


def test_sign_in_and_display_names_are_no_documented_forms(shell: Shell) -> None:
    """A user principal name fails unless it is an address too; a display name unless it is a name."""
    shell.tenant.add_mailbox("Lee", "lee", UserPrincipalName="lee.gu@contoso.com")
    shell.group()
    for member in ("lee.gu@contoso.com", "Diego Siciliani"):
        shell.refusal(RecipientNotFound, "Add-DistributionGroupMember", Identity="Finance", Member=member)
    assert shell.one("Get-Mailbox", Identity="lee.gu@contoso.com")["Alias"] == "lee"


def test_members_are_whole_recipients(shell: Shell) -> None:
    """Enough to recognise each one, in the order they were added."""
    shell.group(Members=["archive-vendor", "adelev"])
    contact, mailbox = shell("Get-DistributionGroupMember", Identity="Finance")
    assert contact["RecipientTypeDetails"] == "MailContact"
    adele = shell.one("Get-Mailbox", Identity="adelev")
    same = ("Guid", "ExternalDirectoryObjectId", "Alias", "Name", "PrimarySmtpAddress", "RecipientType")
    assert {name: mailbox[name] for name in same} == {name: adele[name] for name in same}
    assert mailbox["Identity"] == "Adele Vance"


def test_members_come_once(shell: Shell) -> None:
    """A member added twice, or not there to be removed, has its documented text."""
    shell.group(Members=["adelev"])
    text = shell.refusal(AlreadyMember, "Add-DistributionGroupMember", Identity="Finance", Member="adelev@contoso.com")
    assert text == 'The recipient "adelev@contoso.com" is already a member of the group "Finance".'
    text = shell.refusal(NotMember, "Remove-DistributionGroupMember", Identity="Finance", Member="alexw")
    assert "isn't a member of the group" in text


def test_members_that_are_not_there(shell: Shell) -> None:
    """Unknown, empty, missing, ambiguous; an unknown group."""
    shell.group()
    shell.refusal(RecipientNotFound, "Add-DistributionGroupMember", Identity="Finance", Member="nobody")
    shell.refusal(EmptyIdentity, "Add-DistributionGroupMember", Identity="Finance", Member=" ")
    shell.refusal(ParameterSetUnresolved, "Add-DistributionGroupMember", Identity="Finance")
    shell.refusal(ObjectNotFound, "Add-DistributionGroupMember", Identity="None", Member="adelev")
    shell.tenant.add_microsoft365_group("Finance", "m365")
    shell.group("Other")
    text = shell.refusal(AmbiguousRecipient, "Add-DistributionGroupMember", Identity="Other", Member="Finance")
    assert "multiple recipients matching identity" in text


def test_microsoft_365_groups_are_no_members(shell: Shell) -> None:
    """All other recipients are: people, shared mailboxes, contacts, mail users, groups of both kinds."""
    shell.tenant.add_microsoft365_group("Team", "team")
    shell.group("Inner")
    shell.group("Sec", Type="Security")
    members = ["adelev", "journal-ndr", "archive-vendor", "partner-archive", "Inner", "Sec"]
    shell.group(Members=members)
    assert shell.members("Finance") == members
    shell.refusal(RuleRefused, "Add-DistributionGroupMember", Identity="Finance", Member="team")


def test_groups_nest_but_not_in_circles(shell: Shell) -> None:
    """Members are the direct ones; a group never holds itself, at any depth (unconfirmed)."""
    shell.group("Top")
    shell.group("Middle")
    shell.group("Bottom", Members=["adelev"])
    shell("Add-DistributionGroupMember", Identity="Top", Member="Middle")
    shell("Add-DistributionGroupMember", Identity="Middle", Member="Bottom")
    assert shell.members("Top") == ["Middle"]
    for outer, inner in (("Bottom", "Top"), ("Bottom", "Middle"), ("Top", "Top")):
        shell.refusal(RuleRefused, "Add-DistributionGroupMember", Identity=outer, Member=inner)
    shell("Add-DistributionGroupMember", Identity="Top", Member="Bottom")


def test_update_replaces_all_members(shell: Shell) -> None:
    """Those who stay keep their place; one bad name changes nothing."""
    shell.group(Members=["adelev", "alexw"])
    shell("Update-DistributionGroupMember", Identity="Finance", Members=["diegos", "alexw"], Confirm=False)
    assert shell.members("Finance") == ["alexw", "diegos"]
    change = {"Identity": "Finance", "Members": ["adelev", "nobody"]}
    shell.refusal(RecipientNotFound, "Update-DistributionGroupMember", **change)
    assert shell.members("Finance") == ["alexw", "diegos"]


def test_update_with_nothing_is_refused(shell: Shell, table: Any) -> None:
    """What an empty or absent list does is not confirmed; tables of changes are not documented."""
    shell.group(Members=["adelev"])
    nothings: list[dict[str, Any]] = [{}, {"Members": []}, {"Members": table()}]
    for nothing in nothings:
        shell.refusal(ParameterSetUnresolved, "Update-DistributionGroupMember", Identity="Finance", **nothing)
    change = {"Identity": "Finance", "Members": table(Add=["alexw"])}
    shell.refusal(ValueRefused, "Update-DistributionGroupMember", **change)


def test_new_fills_the_group(shell: Shell) -> None:
    """Members and, if wished, owners; nobody twice, and no group at all if one is unknown."""
    shell.group(Members=["adelev", "alexw"], ManagedBy=["adelev", "meganb"], CopyOwnerToMember=True)
    assert shell.members("Finance") == ["adelev", "alexw", "meganb"]
    shell.refusal(RecipientNotFound, "New-DistributionGroup", Name="x", Members=["nobody"])
    assert [row["Name"] for row in shell("Get-DistributionGroup")] == ["Finance"]


def test_a_deleted_recipient_leaves_its_groups(shell: Shell) -> None:
    """As member, owner, moderator and sender; a deleted group leaves the groups it was in."""
    shell.group("Inner")
    shell.group(Members=["archive-vendor", "alexw", "Inner"], ManagedBy=["alexw", "adelev"], ModeratedBy=["alexw"])
    shell("Remove-MailContact", Identity="archive-vendor", Confirm=False)
    shell.tenant.remove_recipient("alexw@contoso.com")
    shell("Remove-DistributionGroup", Identity="Inner", Confirm=False)
    assert shell.members("Finance") == []
    row = shell.one("Get-DistributionGroup")
    assert (row["ManagedBy"], row["ModeratedBy"]) == (["Adele Vance"], [])


def test_a_page_is_a_thousand(shell: Shell) -> None:
    """By default 1000 come with a warning, all with Unlimited."""
    people = [f"p{number}" for number in range(1_001)]
    for alias in people:
        shell.tenant.add_mailbox(f"Person {alias}", alias)
    shell.group(Members=people)
    outcome = shell.outcome("Get-DistributionGroupMember", Identity="Finance")
    assert (len(outcome.objects), len(outcome.warnings)) == (1000, 1)
    assert shell.members("Finance") == people[:1000]
    assert len(shell("Get-DistributionGroupMember", Identity="Finance", ResultSize="Unlimited")) == 1001


def test_a_group_has_its_limit(shell: Shell) -> None:
    """At most so many members (100,000; less here)."""
    assert shell.tenant.limits.group_members == 100_000
    shell.tenant.limits = Limits(group_members=2)
    shell.group(Members=["adelev", "alexw"])
    shell.refusal(RuleRefused, "Add-DistributionGroupMember", Identity="Finance", Member="diegos")
    shell("Update-DistributionGroupMember", Identity="Finance", Members=["diegos", "meganb"])
    shell.refusal(RuleRefused, "New-DistributionGroup", Name="x", Members=["adelev", "alexw", "diegos"])
