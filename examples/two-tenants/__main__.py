"""Two tenants in one program: one in the US with everyone journaled, one in the EU with a group.

Each has an explicit provider with an app registration of its own. For each of them, once:

    pulumi config set contoso_client_id ID
    pulumi config set --secret contoso_client_secret SECRET
"""

import pulumi

from area1_provider import DistributionGroupArgs, Journaling, JournalingArgs, Tenant

CUSTOMERS = {
    "contoso": JournalingArgs(
        journal_address="contoso@journaling.mxrecord.io",
        undeliverable_address="journal-ndr@contoso.com",
        region="us",
    ),
    "fabrikam": JournalingArgs(
        journal_address="fabrikam@journaling.mxrecord.io",
        undeliverable_address="journal-ndr@fabrikam.com",
        region="eu",
        group=DistributionGroupArgs(
            name="Journaled to Area 1",
            alias="journaled-area1",
            managed_by=["meganb@fabrikam.com"],
            members=["adelev@fabrikam.com", "alexw@fabrikam.com"],
        ),
    ),
}

config = pulumi.Config()
for name, wanted in CUSTOMERS.items():
    tenant = Tenant(
        name,
        f"{name}.onmicrosoft.com",
        {
            "client_id": config.require(f"{name}_client_id"),
            "client_secret": config.require_secret(f"{name}_client_secret"),
        },
    )
    journaling = Journaling(name, wanted, pulumi.ResourceOptions(providers=[tenant]))
    pulumi.export(name, journaling.summary)
