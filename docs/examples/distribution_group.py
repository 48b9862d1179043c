"""A group of the people whose mail is journaled. Nobody joins or leaves by themselves, nobody else is in it."""

import pulumi

from area1_provider import DistributionGroup, DistributionGroupArgs

group = DistributionGroup(
    "journaled",
    DistributionGroupArgs(
        name="Journaled to Area 1",
        alias="journaled-area1",
        primary_smtp_address="journaled-area1@contoso.com",
        managed_by=["adelev@contoso.com"],
        members=["adelev@contoso.com", "alexw@contoso.com"],
        member_join_restriction="Closed",
        member_depart_restriction="Closed",
        hidden_from_address_lists_enabled=True,
    ),
)
pulumi.export("group_address", group.primary_smtp_address)
