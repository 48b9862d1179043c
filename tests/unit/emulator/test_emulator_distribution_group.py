"""Distribution groups: defaults, kinds, owners, rules, naming."""

from collections.abc import Callable
from typing import Any

import pytest
from cmdlet_shell import Shell

from area1_provider.emulator.cmdlets.errors import (
    AmbiguousIdentity,
    GroupMailboxUnsupported,
    NotManager,
    ObjectExists,
    ObjectNotFound,
    RecipientNotFound,
    RuleRefused,
    ValueRefused,
)


def test_defaults_are_those_of_the_page(shell: Shell) -> None:
    """What New gives when only a name is sent."""
    row = shell.group("Finance Team")
    assert row == row | {
        "Alias": "FinanceTeam",
        "DisplayName": "Finance Team",
        "PrimarySmtpAddress": "FinanceTeam@contoso.com",
        "WindowsEmailAddress": "FinanceTeam@contoso.com",
        "EmailAddresses": ["SMTP:FinanceTeam@contoso.com", "smtp:FinanceTeam@contoso.onmicrosoft.com"],
        "GroupType": "Universal",
        "RecipientType": "MailUniversalDistributionGroup",
        "RecipientTypeDetails": "MailUniversalDistributionGroup",
        "MemberJoinRestriction": "Closed",
        "MemberDepartRestriction": "Open",
        "RequireSenderAuthenticationEnabled": True,
        "ModerationEnabled": False,
        "SendModerationNotifications": "Always",
        "HiddenFromAddressListsEnabled": False,
        "HiddenGroupMembershipEnabled": False,
        "ReportToManagerEnabled": False,
        "ReportToOriginatorEnabled": True,
        "SendOofMessageToOriginatorEnabled": False,
        "Description": [],
        "MailTip": None,
        "CustomAttribute1": "",
    }


def test_a_security_group_is_closed(shell: Shell) -> None:
    """Type decides group type, recipient type and the default for leaving."""
    row = shell.group(Type="Security")
    assert row["GroupType"] == "Universal, SecurityEnabled"
    assert row["RecipientTypeDetails"] == "MailUniversalSecurityGroup"
    assert (row["MemberJoinRestriction"], row["MemberDepartRestriction"]) == ("Closed", "Closed")


@pytest.mark.parametrize(
    "parameters",
    [
        {"MemberJoinRestriction": "Open"},
        {"MemberDepartRestriction": "Open"},
        {"ModerationEnabled": True},
        {"RoomList": True},
    ],
)
def test_what_a_security_group_cannot_be(shell: Shell, parameters: dict[str, Any]) -> None:
    """Open, moderated by nobody, a room list: refused at New and at Set, and fine for a distribution group."""
    shell.group("Sec", Type="Security")
    shell.refusal(RuleRefused, "New-DistributionGroup", Name="x", Type="Security", **parameters)
    bypass = {"BypassSecurityGroupManagerCheck": True}
    shell.refusal(RuleRefused, "Set-DistributionGroup", Identity="Sec", **bypass, **parameters)
    shell.group("Dist", **parameters)


def test_approval_is_taken_for_security_groups_but_not_for_leaving(shell: Shell) -> None:
    """ApprovalRequired is no value of MemberDepartRestriction."""
    assert shell.group(Type="Security", MemberJoinRestriction="App")["MemberJoinRestriction"] == "ApprovalRequired"
    shell.refusal(ValueRefused, "New-DistributionGroup", Name="x", MemberDepartRestriction="ApprovalRequired")


def test_a_room_list_is_one_for_good(shell: Shell) -> None:
    """Made at New or later, with rooms in it only; turning it back is not documented."""
    shell.tenant.add_mailbox("Room 1", "room1", "RoomMailbox")
    assert shell.group("Rooms", RoomList=True, Members=["room1"])["RecipientTypeDetails"] == "RoomList"
    shell.refusal(RuleRefused, "Add-DistributionGroupMember", Identity="Rooms", Member="adelev")
    shell.refusal(RuleRefused, "Set-DistributionGroup", Identity="Rooms", RoomList=False)
    shell.group("Later")
    shell("Set-DistributionGroup", Identity="Later", RoomList=True)
    assert shell.one("Get-DistributionGroup", Identity="Later")["RecipientTypeDetails"] == "RoomList"


def test_without_an_owner_the_caller_owns(shell: Shell) -> None:
    """What that is for an application is not confirmed: its name here."""
    assert shell.group()["ManagedBy"] == ["Provisioner"]


def test_owners_come_back_as_names(shell: Shell) -> None:
    """Names, of which some are GUIDs; never addresses, in whatever form they were given."""
    owners = ["adelev@contoso.com", "diegos"]
    row = shell.group(ManagedBy=owners)
    diego = shell.one("Get-Mailbox", Identity="diegos")
    assert row["ManagedBy"] == ["Adele Vance", diego["Name"]]
    assert diego["DisplayName"] == "Diego Siciliani" != diego["Name"]


def test_owners_are_replaced_added_and_removed(shell: Shell, table: Any) -> None:
    """By tables of changes as well; the last owner cannot go."""
    shell.group(ManagedBy=["adelev"])
    shell("Set-DistributionGroup", Identity="Finance", ManagedBy=table(Add=["alexw"], Remove=["adelev@contoso.com"]))
    assert shell.one("Get-DistributionGroup")["ManagedBy"] == ["Alex Wilber"]
    shell.refusal(RuleRefused, "Set-DistributionGroup", Identity="Finance", ManagedBy=table(Remove=["alexw"]))
    shell.refusal(RuleRefused, "Set-DistributionGroup", Identity="Finance", ManagedBy=table())


def test_an_owner_that_is_no_recipient_can_be_sent_back_and_removed(shell: Shell, table: Any) -> None:
    """What Get shows can be sent again, and taken out."""
    shell.group()
    change = {"Identity": "Finance", "ManagedBy": ["Provisioner", "adelev"]}
    shell("Set-DistributionGroup", **change)
    assert shell.one("Get-DistributionGroup")["ManagedBy"] == ["Provisioner", "Adele Vance"]
    shell("Set-DistributionGroup", Identity="Finance", ManagedBy=table(Remove=["Provisioner"]))
    assert shell.one("Get-DistributionGroup")["ManagedBy"] == ["Adele Vance"]


@pytest.mark.parametrize("owner", ["archive-vendor", "Plain"])
def test_contacts_and_plain_groups_own_nothing(shell: Shell, owner: str) -> None:
    """Owners are mailboxes, mail users and security groups."""
    shell.group("Plain")
    shell.refusal(RuleRefused, "New-DistributionGroup", Name="x", ManagedBy=[owner])
    shell.group("Sec", Type="Security")
    assert shell.group("Owned", ManagedBy=["Sec", "partner-archive"])["ManagedBy"] == ["Sec", "Partner Archive"]


def test_owners_must_exist_and_be_ten_at_most(shell: Shell) -> None:
    """An unknown owner is not found; the eleventh is one too many, and so is the eleventh moderator."""
    shell.refusal(RecipientNotFound, "New-DistributionGroup", Name="x", ManagedBy=["nobody"])
    people = [f"p{number}" for number in range(11)]
    for alias in people:
        shell.tenant.add_mailbox(f"Person {alias}", alias)
    shell.group(ManagedBy=people[:10], ModeratedBy=people[:10])
    shell.refusal(RuleRefused, "Set-DistributionGroup", Identity="Finance", ManagedBy=people)
    shell.refusal(RuleRefused, "Set-DistributionGroup", Identity="Finance", ModeratedBy=people)


def test_other_people_come_back_as_guids(shell: Shell) -> None:
    """Moderators and senders are shown as GUIDs unless the page's switches are sent."""
    adele = shell.one("Get-Mailbox", Identity="adelev")
    shell.group(ModeratedBy=["adelev"])
    assert shell.one("Get-DistributionGroup")["ModeratedBy"] == [adele["Guid"]]
    row = shell.one("Get-DistributionGroup", IncludeModeratedByWithDisplayNames=True)
    assert row["ModeratedByWithDisplayNames"] == ["Adele Vance <adelev@contoso.com>"]
    assert row["ManagedByWithDisplayNames"] == []


def test_senders_and_their_halves_stay_in_step(shell: Shell) -> None:
    """People and groups are copied to the whole list and back; both in one command are refused."""
    for stem in ("AcceptMessagesOnlyFrom", "RejectMessagesFrom"):
        shell.group(stem)
        team = shell.group(f"team {stem}")["Guid"]
        adele = shell.one("Get-Mailbox", Identity="adelev")["Guid"]
        whole = f"{stem}SendersOrMembers"
        shell("Set-DistributionGroup", Identity=stem, **{stem: ["adelev"], f"{stem}DLMembers": [f"team {stem}"]})
        assert shell.one("Get-DistributionGroup", Identity=stem)[whole] == [adele, team]
        shell("Set-DistributionGroup", Identity=stem, **{whole: [team]})
        row = shell.one("Get-DistributionGroup", Identity=stem)
        assert (row[stem], row[f"{stem}DLMembers"]) == ([], [team])
        both = {whole: ["adelev"], stem: ["adelev"]}
        shell.refusal(RuleRefused, "Set-DistributionGroup", Identity=stem, **both)
        shell.refusal(RuleRefused, "Set-DistributionGroup", Identity=stem, **{stem: [team]})


def test_hidden_membership_stays_hidden(shell: Shell) -> None:
    """One way: true can be set, at New or later, and never taken back."""
    shell.group()
    shell("Set-DistributionGroup", Identity="Finance", HiddenGroupMembershipEnabled=False, DisplayName="x")
    shell("Set-DistributionGroup", Identity="Finance", HiddenGroupMembershipEnabled=True)
    assert shell.one("Get-DistributionGroup")["HiddenGroupMembershipEnabled"] is True
    shell.refusal(RuleRefused, "Set-DistributionGroup", Identity="Finance", HiddenGroupMembershipEnabled=False)


def test_a_security_group_heeds_its_managers(shell: Shell) -> None:
    """Others need the bypass for every change; what one made without an owner one manages."""
    shell.group("Own", Type="Security")
    shell("Set-DistributionGroup", Identity="Own", DisplayName="mine")
    shell.group("Sec", Type="Security", ManagedBy=["adelev"])
    changes: list[tuple[str, dict[str, Any]]] = [
        ("Set-DistributionGroup", {"DisplayName": "x"}),
        ("Add-DistributionGroupMember", {"Member": "alexw"}),
        ("Update-DistributionGroupMember", {"Members": ["alexw", "adelev"]}),
        ("Remove-DistributionGroupMember", {"Member": "alexw"}),
        ("Remove-DistributionGroup", {}),
    ]
    for cmdlet, parameters in changes:
        text = shell.refusal(NotManager, cmdlet, Identity="Sec", **parameters)
        assert text.endswith("This operation can only be performed by a manager of the group.")
        shell(cmdlet, Identity="Sec", BypassSecurityGroupManagerCheck=True, **parameters)
    shell.refusal(ObjectNotFound, "Get-DistributionGroup", Identity="Sec")


def test_a_person_owns_and_manages_by_mailbox(shell: Shell, shell_of: Callable[..., Shell]) -> None:
    """Who signed in is the owner of what is made, and manages also through a group that owns."""
    adele = shell_of("Organization Management", name="adelev@contoso.com")
    assert adele.group("Hers", Type="Security")["ManagedBy"] == ["Adele Vance"]
    adele("Set-DistributionGroup", Identity="Hers", DisplayName="x")
    shell.refusal(NotManager, "Set-DistributionGroup", Identity="Hers", DisplayName="y")
    shell.group("Owners", Type="Security", Members=["adelev"], ManagedBy=["alexw"])
    shell.group("Owned", Type="Security", ManagedBy=["Owners"])
    adele("Set-DistributionGroup", Identity="Owned", DisplayName="x")
    adele.refusal(NotManager, "Set-DistributionGroup", Identity="Owners", DisplayName="x")


def test_a_distribution_group_needs_no_bypass(shell: Shell) -> None:
    """The text was only met with security groups."""
    shell.group(ManagedBy=["adelev"])
    shell("Remove-DistributionGroup", Identity="Finance", Confirm=False)
    assert shell("Get-DistributionGroup") == []


def test_a_group_is_found_in_every_documented_form(shell: Shell) -> None:
    """Name, alias, DN, canonical DN, each address, GUID; not by display name."""
    row = shell.group("Finance / Team", Alias="fin", DisplayName="Money", PrimarySmtpAddress="money@contoso.com")
    canonical = f"{row['OrganizationalUnit']}/Finance \\/ Team"
    forms = [row["Name"], "FIN", row["DistinguishedName"], canonical, "money@contoso.com"]
    forms += ["fin@contoso.onmicrosoft.com", row["Guid"], row["ExternalDirectoryObjectId"]]
    for identity in forms:
        assert shell.one("Get-DistributionGroup", Identity=identity)["Guid"] == row["Guid"], identity
    shell.refusal(ObjectNotFound, "Get-DistributionGroup", Identity="Money")
    shell.refusal(ObjectNotFound, "Get-DistributionGroup", Identity="adelev")


def test_a_microsoft_365_group_is_none_of_these(shell: Shell) -> None:
    """Alone it is refused; beside a group of its name the name is ambiguous."""
    shell.tenant.add_microsoft365_group("IT Team", "it-m365")
    text = shell.refusal(GroupMailboxUnsupported, "Set-DistributionGroup", Identity="IT Team", DisplayName="x")
    assert text == "The current operation is not supported on GroupMailbox."
    made = shell.group("IT Team", Alias="it-dist")
    text = shell.refusal(AmbiguousIdentity, "Get-DistributionGroup", Identity="IT Team")
    assert text.endswith("'IT Team' matches multiple entries.")
    assert shell.one("Get-DistributionGroup", Identity=made["Guid"])["Alias"] == "it-dist"
    assert [row["Alias"] for row in shell("Get-DistributionGroup")] == ["it-dist"]


def test_names_are_unique_among_recipients(shell: Shell) -> None:
    """A group's, a mailbox's, a contact's name is taken; a rename moves name, identity and DN."""
    made = shell.group()
    for name in ("finance", "Adele Vance", "Archive Vendor"):
        shell.refusal(ObjectExists, "New-DistributionGroup", Name=name, Alias="free")
    shell("Set-DistributionGroup", Identity="Finance", Name="Money, Inc")
    row = shell.one("Get-DistributionGroup", Identity=made["Guid"])
    assert (row["Name"], row["Identity"], row["DisplayName"]) == ("Money, Inc", "Money, Inc", "Finance")
    assert row["DistinguishedName"].startswith("CN=Money\\, Inc,OU=contoso.onmicrosoft.com,")
    shell.refusal(ObjectExists, "Set-DistributionGroup", Identity=made["Guid"], Name="Adele Vance")


def test_the_naming_policy_shapes_display_names(shell: Shell) -> None:
    """Unless it is ignored; blocked words are refused."""
    blocked = ["Secret"]
    shell.tenant.configure(
        DistributionGroupNamingPolicy="DG_<GroupName>_X", DistributionGroupNameBlockedWordsList=blocked
    )
    assert shell.group("Plain")["DisplayName"] == "DG_Plain_X"
    assert shell.group("Free", IgnoreNamingPolicy=True)["DisplayName"] == "Free"
    shell.refusal(RuleRefused, "New-DistributionGroup", Name="secret things")


def test_a_mailtip_and_its_default_translation_are_one(shell: Shell, table: Any) -> None:
    """HTML tags are added; either changes the other; null takes it away."""
    shell.group()
    shell("Set-DistributionGroup", Identity="Finance", MailTip="Hello")
    row = shell.one("Get-DistributionGroup")
    assert row["MailTip"] == "<html><body>Hello</body></html>"
    assert row["MailTipTranslations"] == ["default:<html><body>Hello</body></html>"]
    shell("Set-DistributionGroup", Identity="Finance", MailTipTranslations=table(Add=["ES:Hola"]))
    assert len(shell.one("Get-DistributionGroup")["MailTipTranslations"]) == 2
    shell("Set-DistributionGroup", Identity="Finance", MailTip=None)
    row = shell.one("Get-DistributionGroup")
    assert (row["MailTip"], row["MailTipTranslations"]) == (None, ["ES:<html><body>Hola</body></html>"])
    shell("Set-DistributionGroup", Identity="Finance", MailTipTranslations=["default:Hi"])
    assert shell.one("Get-DistributionGroup")["MailTip"] == "<html><body>Hi</body></html>"


def test_simple_display_names_have_few_characters(shell: Shell) -> None:
    """The page lists them."""
    shell.group()
    shell("Set-DistributionGroup", Identity="Finance", SimpleDisplayName="Finance (EU)")
    shell.refusal(ValueRefused, "Set-DistributionGroup", Identity="Finance", SimpleDisplayName="Finanç")


def test_a_group_from_on_premises_is_changed_there(shell: Shell) -> None:
    """A synchronised group is refused here (general knowledge)."""
    made = shell.group()
    shell.tenant.save("DistributionGroup", shell.tenant.fetch(made["Guid"]) | {"IsDirSynced": True})
    shell.refusal(RuleRefused, "Set-DistributionGroup", Identity="Finance", DisplayName="x")


def test_attributes_and_switches_are_taken(shell: Shell, table: Any) -> None:
    """Custom attributes, extension lists and the switches that change nothing here."""
    shell.group(Notes="n", Description="d", BccBlocked=True)
    many = {f"CustomAttribute{number}": str(number) for number in range(1, 16)}
    shell("Set-DistributionGroup", Identity="Finance", ExtensionCustomAttribute1=["a", "b"], **many)
    shell("Set-DistributionGroup", Identity="Finance", ExtensionCustomAttribute1=table(Remove="a"))
    row = shell.one("Get-DistributionGroup")
    assert row == row | many | {"ExtensionCustomAttribute1": ["b"], "Notes": "n", "Description": ["d"]}
    nothing = {"ForceUpgrade": True, "UpdateMemberCount": True, "ResetMigrationToUnifiedGroup": True}
    assert "no settings of 'Finance'" in shell.warnings("Set-DistributionGroup", Identity="Finance", **nothing)[0]
    shell("Set-DistributionGroup", Identity="Finance", CustomAttribute1=None)
    shell.refusal(ValueRefused, "Set-DistributionGroup", Identity="Finance", CustomAttribute1="x" * 1025)


def test_a_caller_without_the_role_does_not_know_the_bypass(shell_of: Callable[..., Shell]) -> None:
    """A parameter outside the caller's roles is unknown to it."""
    recipients = shell_of("Distribution Groups")
    recipients.group()
    with pytest.raises(Exception, match=r"Invalid cmdlet parameters specified. BypassSecurityGroupManagerCheck"):
        recipients("Remove-DistributionGroup", Identity="Finance", BypassSecurityGroupManagerCheck=True)
    both = shell_of("Distribution Groups", "Security Group Creation and Membership")
    both("Remove-DistributionGroup", Identity="Finance", BypassSecurityGroupManagerCheck=True)
