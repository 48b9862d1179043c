"""Journal rules and the transport settings that they need."""

import pytest
from cmdlet_shell import Shell

from area1_provider.emulator.cmdlets.errors import (
    AmbiguousRecipient,
    JournalTargetRefused,
    ObjectExists,
    ObjectNotFound,
    RecipientNotFound,
    RuleRefused,
    UndeliverableUnset,
    ValueRefused,
)

TARGET = {"JournalEmailAddress": "in@archive.example"}


def test_a_rule_needs_an_address_for_undeliverable_reports(shell: Shell) -> None:
    """Unset reads `<>`, and then no rule can be made."""
    assert shell.one("Get-TransportConfig")["JournalingReportNdrTo"] == "<>"
    text = shell.refusal(UndeliverableUnset, "New-JournalRule", Name="Journal", **TARGET)
    assert text.startswith("Before you create a journal rule, you must specify an email account")


@pytest.mark.parametrize("value", ["", "<>", None])
def test_the_address_for_undeliverable_reports_cannot_be_emptied(shell: Shell, value: str | None) -> None:
    """Neither before nor after it is set; nothing else of the command happens."""
    for _ in range(2):
        change = {"JournalingReportNdrTo": value, "ClearCategories": False}
        shell.refusal(UndeliverableUnset, "Set-TransportConfig", **change)
        shell("Set-TransportConfig", JournalingReportNdrTo="ndr@elsewhere.example")
    row = shell.one("Get-TransportConfig")
    assert (row["JournalingReportNdrTo"], row["ClearCategories"]) == ("ndr@elsewhere.example", True)


def test_a_mailbox_for_undeliverable_reports_is_taken_with_a_warning(shell: Shell) -> None:
    """The page advises against it, the service takes it; a consumer address brings no warning."""
    assert (
        "alternate journaling mailbox"
        in shell.warnings("Set-TransportConfig", JournalingReportNdrTo="journal-ndr@contoso.com")[0]
    )
    for address in ("me@gmail.com", "journal@archive.example"):
        assert shell.warnings("Set-TransportConfig", JournalingReportNdrTo=address) == ()


def test_transport_settings_have_ranges(shell: Shell) -> None:
    """Days 0 to 7, expiry 12 to 24 hours; JSON numbers and time spans."""
    shell("Set-TransportConfig", JournalMessageExpirationDays=7, MessageExpiration="12:00:00")
    row = shell.one("Get-TransportConfig")
    assert (row["JournalMessageExpirationDays"], row["MessageExpiration"]) == (7, "12:00:00")
    shell.refusal(ValueRefused, "Set-TransportConfig", JournalMessageExpirationDays=8)
    shell.refusal(ValueRefused, "Set-TransportConfig", MessageExpiration="11:59:59")
    shell.refusal(ValueRefused, "Set-TransportConfig", MessageExpiration="1.00:00:01")


def test_transport_settings_that_stay_warn(shell: Shell) -> None:
    """The documented warning for a Set that changes nothing; a change moves WhenChangedUTC."""
    before = shell.one("Get-TransportConfig")
    assert "no settings of" in shell.warnings("Set-TransportConfig", ClearCategories=True)[0]
    assert shell.one("Get-TransportConfig") == before
    shell("Set-TransportConfig", ClearCategories=False)
    assert shell.one("Get-TransportConfig")["WhenChangedUTC"] > before["WhenChangedUTC"]


def test_a_new_rule_is_off_and_global(shell: Shell) -> None:
    """The cmdlet's defaults, which are not the portal's."""
    row = shell.rule()
    assert row == row | {"Recipient": None, "Scope": "Global", "Enabled": False, "Identity": "Journal", **TARGET}


def test_a_rule_is_turned_on_at_new_or_by_enable(shell: Shell) -> None:
    """Enabled at New; later Enable- and Disable-, which warn when there is nothing to do."""
    assert shell.rule(Enabled=True)["Enabled"] is True
    shell("Disable-JournalRule", Identity="Journal", Confirm=False)
    assert shell.one("Get-JournalRule")["Enabled"] is False
    shell("Enable-JournalRule", Identity="Journal")
    assert shell.one("Get-JournalRule")["Enabled"] is True
    assert "no settings of" in shell.warnings("Enable-JournalRule", Identity="Journal")[0]


@pytest.mark.parametrize(
    "target",
    [
        "adelev@contoso.com",
        "adelev@contoso.onmicrosoft.com",
        "adelev",
        "Finance",
        "nobody@contoso.com",
        "me@live.com",
        "me@hotmail.com",
        "me@Gmail.com",
        "no address",
        "Journal Undeliverable",
    ],
)
def test_targets_in_the_tenant_and_at_consumers_are_refused(shell: Shell, target: str) -> None:
    """A mailbox in any form, a group, an own domain, a consumer domain, no address at all."""
    shell("Set-TransportConfig", JournalingReportNdrTo="ndr@elsewhere.example")
    shell.group()
    text = shell.refusal(JournalTargetRefused, "New-JournalRule", Name="Journal", JournalEmailAddress=target)
    assert text == "The JournalEmailAddress can only be a mail user, a mail contact or an external address."
    assert shell("Get-JournalRule") == []


@pytest.mark.parametrize(
    ("target", "address"),
    [
        ("in@other-tenant.example", "in@other-tenant.example"),
        ("archive-vendor", "journal@archive.example"),
        ("Archive Vendor", "journal@archive.example"),
        ("JOURNAL@archive.example", "journal@archive.example"),
        ("partner-archive", "archive@partner.example"),
    ],
)
def test_contacts_mail_users_and_strangers_are_targets(shell: Shell, target: str, address: str) -> None:
    """A recipient's address comes back, whatever form it was named in."""
    assert shell.rule(JournalEmailAddress=target)["JournalEmailAddress"] == address


def test_a_contact_at_a_consumer_domain_is_no_target(shell: Shell) -> None:
    """Reports go to the contact's external address, so the same rule holds."""
    shell("New-MailContact", Name="Me", ExternalEmailAddress="me@gmail.com")
    shell("Set-TransportConfig", JournalingReportNdrTo="ndr@elsewhere.example")
    shell.refusal(JournalTargetRefused, "New-JournalRule", Name="Journal", JournalEmailAddress="Me")


def test_the_recipient_is_an_address_of_the_tenant(shell: Shell) -> None:
    """It comes back as the primary address; one that is not there is refused (unconfirmed)."""
    shell.group()
    assert shell.rule("a", Recipient="Finance@contoso.onmicrosoft.com")["Recipient"] == "Finance@contoso.com"
    assert shell.rule("b", Recipient="adelev@CONTOSO.com")["Recipient"] == "adelev@contoso.com"
    shell.refusal(RecipientNotFound, "New-JournalRule", Name="c", Recipient="no@contoso.com", **TARGET)
    shell.refusal(ValueRefused, "New-JournalRule", Name="c", Recipient="*@contoso.com x", **TARGET)
    shell.refusal(ValueRefused, "New-JournalRule", Name="c", Recipient="*@contoso.com", **TARGET)
    shell.refusal(ValueRefused, "New-JournalRule", Name="c", Recipient="", **TARGET)


def test_null_means_everyone(shell: Shell) -> None:
    """At New and at Set."""
    shell.rule(Recipient="adelev@contoso.com")
    shell("Set-JournalRule", Identity="Journal", Recipient=None)
    assert shell.one("Get-JournalRule")["Recipient"] is None
    assert shell.rule("other", Recipient=None)["Recipient"] is None


def test_an_ambiguous_target_is_refused(shell: Shell) -> None:
    """Two recipients that answer to one name are none."""
    shell.tenant.add_microsoft365_group("Team", "team-a")
    shell.group("Team", Alias="team-b")
    shell("Set-TransportConfig", JournalingReportNdrTo="ndr@elsewhere.example")
    shell.refusal(AmbiguousRecipient, "New-JournalRule", Name="Journal", JournalEmailAddress="Team")


def test_a_rule_outlives_its_recipient(shell: Shell) -> None:
    """The address stays and the rule can be changed, but it cannot be pointed there again."""
    shell.rule(Recipient="alexw@contoso.com", JournalEmailAddress="archive-vendor")
    shell.tenant.remove_recipient("alexw@contoso.com")
    shell("Remove-MailContact", Identity="archive-vendor", Confirm=False)
    shell("Set-JournalRule", Identity="Journal", Scope="External")
    row = shell.one("Get-JournalRule")
    assert (row["Recipient"], row["JournalEmailAddress"]) == ("alexw@contoso.com", "journal@archive.example")
    shell.refusal(RecipientNotFound, "Set-JournalRule", Identity="Journal", Recipient="alexw@contoso.com")


def test_a_rule_is_found_by_name_and_guid_only(shell: Shell) -> None:
    """The page names no other form."""
    made = shell.rule()
    assert shell.one("Get-JournalRule", Identity=made["Guid"])["Name"] == "Journal"
    assert shell.one("Get-JournalRule", Identity="JOURNAL")["Guid"] == made["Guid"]
    shell.refusal(ObjectNotFound, "Get-JournalRule", Identity=made["DistinguishedName"])


@pytest.mark.parametrize(
    "cmdlet", ["Get-JournalRule", "Set-JournalRule", "Remove-JournalRule", "Enable-JournalRule", "Disable-JournalRule"]
)
def test_a_rule_that_is_not_there_is_not_found(shell: Shell, cmdlet: str) -> None:
    """Every cmdlet says so."""
    shell.refusal(ObjectNotFound, cmdlet, Identity="none")


def test_names_of_rules_are_unique(shell: Shell) -> None:
    """At New and at a rename; a rename keeps the GUID."""
    made = shell.rule()
    shell.rule("other")
    shell.refusal(ObjectExists, "New-JournalRule", Name="JOURNAL", **TARGET)
    shell.refusal(ObjectExists, "Set-JournalRule", Identity="other", Name="Journal")
    shell("Set-JournalRule", Identity="Journal", Name="Renamed", Scope="int")
    row = shell.one("Get-JournalRule", Identity=made["Guid"])
    assert (row["Name"], row["Scope"]) == ("Renamed", "Internal")


def test_a_rule_that_stays_warns(shell: Shell) -> None:
    """The documented warning for a Set that changes nothing."""
    shell.rule()
    assert "no settings of 'Journal'" in shell.warnings("Set-JournalRule", Identity="Journal", Scope="Global")[0]


def test_fifty_rules_are_the_limit(shell: Shell) -> None:
    """The fifty-first is refused, until one is gone."""
    for number in range(50):
        shell.rule(f"rule {number}")
    shell.refusal(RuleRefused, "New-JournalRule", Name="one more", **TARGET)
    shell("Remove-JournalRule", Identity="rule 7", Confirm=False)
    assert shell.rule("one more")["Name"] == "one more"
