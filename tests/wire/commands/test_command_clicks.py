"""What the demo clicks: every change it announces is one that a tenant's resources manage, and really moves."""

from area1_provider.client import Exchange
from area1_provider.commands.clicks import clicks
from area1_provider.commands.sighting import Sighting
from area1_provider.commands.status import observe
from area1_provider.emulator import Emulator
from area1_provider.journaling import JournalingArgs
from area1_provider.resources.distribution_group import DistributionGroupArgs

ADDRESS = "contoso@journaling.mxrecord.io"
NAME = "Deliver journal directly to Area 1"
HOSTS = ["mailstream-east.mxrecord.io", "mailstream-west.mxrecord.io"]


def test_every_click_opens_the_step_that_it_is_about(emulator: Emulator, exchange: Exchange) -> None:
    """Connector, rule, group and undeliverable address: after all clicks their steps are open."""
    mailboxes = emulator.account().recipients
    exchange.invoke("Set-TransportConfig", {"JournalingReportNdrTo": mailboxes[-1]})
    connector = {
        "Name": NAME,
        "Comment": NAME,
        "ConnectorType": "Partner",
        "UseMXRecord": False,
        "SmartHosts": HOSTS,
        "RecipientDomains": ["journaling.mxrecord.io"],
        "TlsSettings": "CertificateValidation",
        "CloudServicesMailEnabled": True,
    }
    exchange.invoke("New-OutboundConnector", connector)
    exchange.invoke("New-DistributionGroup", {"Name": "journaled", "Members": mailboxes[:2]})
    rule = {"Name": "Journal Messages to Area 1", "JournalEmailAddress": ADDRESS, "Scope": "External", "Enabled": True}
    exchange.invoke("New-JournalRule", {**rule, "Recipient": "journaled@contoso.com"})
    group = DistributionGroupArgs(name="journaled", members=list(mailboxes[:2]))
    args = JournalingArgs(journal_address=ADDRESS, undeliverable_address=mailboxes[-1], group=group, validate=False)
    before = observe(exchange, args)

    for click in clicks(Sighting(exchange, args), mailboxes):
        exchange.invoke(click.cmdlet, click.parameters)
    after = observe(exchange, args)

    assert before.complete, before.steps
    opened = {step.number for step in after.steps if step.state == "open"}
    assert opened == {"1.3", "1.5", "1.6", "1.7", "1.10", "2.2", "2.3", "2.4", "group"}


def test_nothing_is_clicked_in_an_empty_tenant(emulator: Emulator, exchange: Exchange) -> None:
    """Where the stack made nothing there is nothing to change."""
    seen = Sighting(exchange, JournalingArgs(journal_address=ADDRESS, connector=False))

    assert list(clicks(seen, emulator.account().recipients)) == []
