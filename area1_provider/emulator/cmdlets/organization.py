"""Get-OrganizationConfig and Enable-OrganizationCustomization, as their pages in office-docs-powershell describe them."""

from collections.abc import Iterable, Mapping
from typing import Any

from area1_provider.emulator.cmdlets.call import Call, cmdlet, render
from area1_provider.emulator.cmdlets.errors import AlreadyHydrated

NOUN = "OrganizationConfig"


@cmdlet("Get-OrganizationConfig")
def get(call: Call) -> Iterable[Mapping[str, Any]]:
    """Source: Get-OrganizationConfig page."""
    return [render(call, NOUN, row) for row in call.tenant.all(NOUN)]


@cmdlet("Enable-OrganizationCustomization")
def enable(call: Call) -> Iterable[Mapping[str, Any]]:
    """Source: Enable-OrganizationCustomization page.

    The service lets creates fail for some minutes more (microsoft-365-docs 7530); that is not imitated.
    """
    (before,) = call.tenant.all(NOUN)
    if not before["IsDehydrated"]:
        raise AlreadyHydrated
    call.tenant.save(NOUN, before | {"IsDehydrated": False, "WhenChangedUTC": call.timestamp})
    return ()
