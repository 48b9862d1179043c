"""Errors of groups and of an organization that was never customized, as the client gives them over HTTP."""

import pytest
from lifecycle import Telling

from area1_provider import errors
from area1_provider.emulator.tenant import Tenant

GROUP = {"Name": "Plain", "ManagedBy": ["adelev"], "Members": ["adelev"]}


@pytest.mark.parametrize(
    ("cmdlet", "member", "kind"),
    [
        ("Add-DistributionGroupMember", "adelev", errors.AlreadyMember),
        ("Remove-DistributionGroupMember", "alexw", errors.NotMember),
    ],
)
def test_members(exchange: Telling, cmdlet: str, member: str, kind: type[errors.ExchangeError]) -> None:
    """A member that is there already, or is not there, is an error of its own."""
    exchange.invoke("New-DistributionGroup", GROUP)

    with pytest.raises(kind) as caught:
        exchange.invoke(cmdlet, {"Identity": "Plain", "Member": member, "BypassSecurityGroupManagerCheck": True})

    assert caught.value.cmdlet == cmdlet


def test_dehydrated(exchange: Telling, tenant: Tenant) -> None:
    """An organization that was never customized is named as such, with the way out."""
    tenant.dehydrate(needed_by={"New-DistributionGroup"})

    with pytest.raises(errors.Dehydrated, match="Enable-OrganizationCustomization"):
        exchange.invoke("New-DistributionGroup", GROUP)
