"""Mail with somebody outside is reported to Area 1, for everyone in the tenant."""

import pulumi

from area1_provider import JournalRule, JournalRuleArgs, TransportConfig, TransportConfigArgs

config = TransportConfig("undeliverable", TransportConfigArgs(undeliverable_address="journal-ndr@contoso.com"))
rule = JournalRule(
    "journal",
    JournalRuleArgs(
        name="Journal Messages to Area 1",
        journal_email_address="contoso@journaling.mxrecord.io",
        scope="External",
        recipient="",
        enabled=True,
    ),
    pulumi.ResourceOptions(depends_on=[config]),
)
pulumi.export("rule_id", rule.id)
