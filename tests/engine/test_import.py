"""`area1 import` on the real engine: objects of odd names enter a stack, and what it prints makes the preview silent."""

from collections.abc import Callable
from typing import Any

import pytest
from area1_command import area1
from pulumi_stack import Stack

from area1_provider import project
from area1_provider.commands.import_object import bring_in
from area1_provider.engine import Engine
from area1_provider.errors import NotFound, Refused

EMPTY = "import area1_provider\n"
CONNECTOR = 'Ö\'Brien "journal" / 1'
RULE = "規則 & 'rule' \\ one"
GROUP = "team, journaled"

Bring = Callable[..., str]
"""`bring(noun, identity, name)`: import an object and give the program that goes with it."""


@pytest.fixture
def furnished(make_stack: Any) -> Stack:
    """A stack that holds nothing, in a tenant that holds one object of each kind, none made by Pulumi."""
    stack: Stack = make_stack(EMPTY)
    stack.config_set(tenant=stack.environment["ARM_TENANT_ID"])
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


@pytest.fixture
def bring(furnished: Stack, pulumi_engine: Engine, monkeypatch: pytest.MonkeyPatch) -> Bring:
    """Import one object in this process, as the command would in the project's folder."""
    for name, value in furnished.environment.items():
        if name.startswith(("ARM_", "AREA1_")):
            monkeypatch.setenv(name, value)
    opened = project.opened(furnished.folder, pulumi_engine, furnished.environment)

    def bring(noun: str, identity: str = "", name: str | None = None) -> str:
        return bring_in(opened, furnished.name, noun, identity, name).program

    return bring


def test_every_noun_is_imported_and_the_printed_program_is_silent(furnished: Stack, bring: Bring) -> None:
    """After importing one object of each noun the programs together change nothing, at preview and after a refresh."""
    changes = [call for call in furnished.cmdlets() if not call.startswith("Get-")]

    programs = [
        bring("OutboundConnector", CONNECTOR),
        bring("OutboundConnectorValidation", CONNECTOR, "it's validated"),
        bring("transportconfig"),
        bring("JournalRule", RULE),
        bring("DistributionGroup", "journaled"),
    ]
    furnished.write("\n".join(programs))
    preview = furnished.preview("--expect-no-changes")
    refresh = furnished.refresh("--preview-only", "--expect-no-changes")

    assert preview.code == 0, preview.output
    assert refresh.code == 0, refresh.output
    assert len(furnished.resources()) == 5
    assert changes == [call for call in furnished.cmdlets() if not call.startswith("Get-")]


def test_what_was_imported_is_managed(furnished: Stack, bring: Bring) -> None:
    """A change behind Pulumi's back is seen and repaired, and destroy removes the object by its GUID."""
    furnished.write(bring("JournalRule", RULE))
    furnished.clicks("Set-JournalRule", Identity=RULE, Name="renamed", Scope="Internal")

    seen = furnished.refresh()
    repaired = furnished.up("--diff")
    rule = furnished.clicks.one("Get-JournalRule")
    furnished.destroy()

    assert '~ scope                : "Global" => "Internal"' in seen.output
    assert repaired.code == 0, repaired.output
    assert (rule["Name"], rule["Scope"]) == (RULE, "Global")
    assert furnished.clicks("Get-JournalRule") == []


def test_an_import_that_cannot_be_says_why(furnished: Stack, bring: Bring) -> None:
    """In the stack already, a name that is taken, no such object, nothing to import: one message each."""
    bring("OutboundConnector", CONNECTOR)
    second = furnished.clicks.one("New-OutboundConnector", Name="second")

    with pytest.raises(Refused, match="is in stack test already, as 'o-brien-journal-1'"):
        bring("OutboundConnector", CONNECTOR)
    with pytest.raises(Refused, match="choose another --name"):
        bring("OutboundConnector", second["Guid"], "o-brien-journal-1")
    with pytest.raises(Refused, match="not hold '::'"):
        bring("OutboundConnector", second["Guid"], "a::b")
    with pytest.raises(NotFound, match="Get-OutboundConnector"):
        bring("OutboundConnector", "nobody")
    with pytest.raises(Refused, match="no validation to import"):
        bring("OutboundConnectorValidation", "second")


def test_without_a_stack_the_selected_one_is_taken(furnished: Stack) -> None:
    """As pulumi itself does; and none selected is said."""
    arguments: dict[str, Any] = {"cwd": furnished.folder, "environment": furnished.environment}

    done = area1("import", "TransportConfig", "--name", "config", **arguments)
    furnished.pulumi("stack", "unselect")
    without = area1("import", "JournalRule", RULE, **arguments)

    assert done.returncode == 0, done.stderr
    assert "is in stack test" in done.stderr
    assert without.returncode == 1
    assert "No stack is selected" in without.stderr


def test_a_child_of_the_guides_component_is_imported_below_it(make_stack: Any) -> None:
    """What stood in the way of an `up` comes into the stack as the component's own child, and the next `up` goes on."""
    stack: Stack = make_stack(config={"journal_address": "a@journaling.mxrecord.io", "connector": "false"})
    mailbox = stack.emulator.account(stack.organization).recipients[0]
    stack.clicks("Set-TransportConfig", JournalingReportNdrTo=mailbox)
    address = "a@journaling.mxrecord.io"
    made = stack.clicks.one("New-JournalRule", Name="Journal Messages to Area 1", JournalEmailAddress=address)

    refused = stack.up()
    below = ("--name", "journaling-rule", "--parent", "journaling")
    done = area1("import", "JournalRule", made["Name"], *below, cwd=stack.folder, environment=stack.environment)
    raised = stack.up()

    assert "area1 import JournalRule" in refused.output
    assert done.returncode == 0, done.stderr
    assert raised.code == 0, raised.output
    (rule,) = stack.clicks("Get-JournalRule")
    assert (rule["Guid"], rule["Scope"], rule["Enabled"]) == (made["Guid"], "External", True)
