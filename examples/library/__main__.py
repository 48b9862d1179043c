"""The resources one by one, without the component and without stack config: a group and a rule for each region.

The tenant and the sign-in come from the environment: ARM_TENANT_ID, ARM_CLIENT_ID, ARM_CLIENT_SECRET.
"""

import pulumi

from area1_provider import (
    DistributionGroup,
    DistributionGroupArgs,
    JournalRule,
    JournalRuleArgs,
    TransportConfig,
    TransportConfigArgs,
)

OWNER = "meganb@contoso.com"
REGIONS = {
    "us": ("contoso@journaling.mxrecord.io", ["adelev@contoso.com"]),
    "eu": ("contoso@journaling.mailstream-eu1.mxrecord.io", ["alexw@contoso.com", "diegos@contoso.com"]),
}

undeliverable = TransportConfig("undeliverable", TransportConfigArgs(undeliverable_address="journal-ndr@contoso.com"))

for region, (journal_address, members) in REGIONS.items():
    group = DistributionGroup(
        f"journaled-{region}",
        DistributionGroupArgs(
            name=f"Journaled {region.upper()}",
            alias=f"journaled-{region}",
            managed_by=[OWNER],
            members=members,
            member_join_restriction="Closed",
        ),
    )
    rule = JournalRule(
        f"journal-{region}",
        JournalRuleArgs(
            name=f"Journal {region.upper()}",
            journal_email_address=journal_address,
            recipient=group.primary_smtp_address,
            scope="External",
            enabled=True,
        ),
        pulumi.ResourceOptions(depends_on=[undeliverable]),
    )
    pulumi.export(f"rule_{region}", rule.id)
