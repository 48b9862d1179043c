"""`area1 import` on the real engine: objects of odd names enter a stack, and what it prints makes the preview silent."""

from typing import Any

import pytest
from area1_command import area1
from pulumi_stack import Stack

EMPTY = "import area1_provider\n"
CONNECTOR = 'Ö\'Brien "journal" / 1'
RULE = "規則 & 'rule' \\ one"
GROUP = "team, journaled"


@pytest.fixture
def furnished(make_stack: Any) -> Stack:
    """A stack that holds nothing, in a tenant that holds one object of each kind, none made by Pulumi."""
    stack: Stack = make_stack(EMPTY)
    adele, alex, *_ = stack.emulator.account(stack.organization).recipients
    clicks = stack.clicks
    clicks("Set-TransportConfig", JournalingReportNdrTo=adele)
    clicks(
        "New-OutboundConnector",
        Name=CONNECTOR,
        Comment='It\'s "quoted"\nin two lines',
        ConnectorType="Partner",
        RecipientDomains=["journaling.mxrecord.io"],
        UseMXRecord=False,
        SmartHosts=["mailstream-west.mxrecord.io", "mailstream-east.mxrecord.io"],
        TlsSettings="DomainValidation",
        TlsDomain="*.mxrecord.io",
    )
    clicks(
        "Set-OutboundConnector",
        Identity=CONNECTOR,
        IsValidated=True,
        LastValidationTimestamp="2026-01-01T00:00:00Z",
        ValidationRecipients=["a@journaling.mxrecord.io"],
    )
    clicks("New-DistributionGroup", Name=GROUP, Alias="journaled", Members=[adele, alex], ManagedBy=[alex])
    address = clicks.one("Get-DistributionGroup", Identity=GROUP)["PrimarySmtpAddress"]
    clicks("New-JournalRule", Name=RULE, JournalEmailAddress="a@journaling.mxrecord.io", Recipient=address)
    return stack


def imported(stack: Stack, *arguments: str) -> str:
    """Import one object and give the program that was printed."""
    done = area1("import", *arguments, "--stack", stack.name, cwd=stack.folder, environment=stack.environment)
    assert done.returncode == 0, done.stderr
    return done.stdout


def refused(stack: Stack, *arguments: str) -> str:
    """Give the message of an import that must not work."""
    done = area1("import", *arguments, "--stack", stack.name, cwd=stack.folder, environment=stack.environment)
    assert done.returncode == 1, done.stdout
    assert done.stdout == ""
    assert "Traceback" not in done.stderr
    return done.stderr


def test_every_noun_is_imported_and_the_printed_program_is_silent(furnished: Stack) -> None:
    """After importing one object of each noun the programs together change nothing, at preview and after a refresh."""
    changes = [call for call in furnished.cmdlets() if not call.startswith("Get-")]

    programs = [
        imported(furnished, "OutboundConnector", CONNECTOR),
        imported(furnished, "OutboundConnectorValidation", CONNECTOR, "--name", "it's validated"),
        imported(furnished, "transportconfig"),
        imported(furnished, "JournalRule", RULE),
        imported(furnished, "DistributionGroup", "journaled"),
    ]
    furnished.write("\n".join(programs))
    preview = furnished.preview("--expect-no-changes")
    refresh = furnished.refresh("--preview-only", "--expect-no-changes")

    assert preview.code == 0, preview.output
    assert refresh.code == 0, refresh.output
    assert len(furnished.resources()) == 5
    assert changes == [call for call in furnished.cmdlets() if not call.startswith("Get-")]


def test_what_was_imported_is_managed(furnished: Stack) -> None:
    """A change behind Pulumi's back is seen and repaired, and destroy removes the object by its GUID."""
    furnished.write(imported(furnished, "JournalRule", RULE))
    furnished.clicks("Set-JournalRule", Identity=RULE, Name="renamed", Scope="Internal")

    seen = furnished.refresh()
    repaired = furnished.up("--diff")
    rule = furnished.clicks.one("Get-JournalRule")
    furnished.destroy()

    assert '~ scope                : "Global" => "Internal"' in seen.output
    assert repaired.code == 0, repaired.output
    assert (rule["Name"], rule["Scope"]) == (RULE, "Global")
    assert furnished.clicks("Get-JournalRule") == []


def test_an_import_that_cannot_be_says_why(furnished: Stack) -> None:
    """In the stack already, a name that is taken, no such object, nothing to import: one message each."""
    imported(furnished, "OutboundConnector", CONNECTOR)
    second = furnished.clicks.one("New-OutboundConnector", Name="second")

    assert "is in stack test already, as 'o-brien-journal-1'" in refused(furnished, "OutboundConnector", CONNECTOR)
    taken = refused(furnished, "OutboundConnector", second["Guid"], "--name", "o-brien-journal-1")
    assert "choose another --name" in taken
    assert "Get-OutboundConnector" in refused(furnished, "OutboundConnector", "nobody")
    assert "no validation to import" in refused(furnished, "OutboundConnectorValidation", "second")


def test_without_a_stack_the_selected_one_is_taken(furnished: Stack) -> None:
    """As pulumi itself does; and none selected is said."""
    arguments: dict[str, Any] = {"cwd": furnished.folder, "environment": furnished.environment}

    done = area1("import", "TransportConfig", "--name", "config", **arguments)
    furnished.pulumi("stack", "unselect")
    without = area1("import", "JournalRule", RULE, **arguments)

    assert "is in stack test" in done.stderr
    assert without.returncode == 1
    assert "No stack is selected" in without.stderr
