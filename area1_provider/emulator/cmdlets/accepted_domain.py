"""Get-AcceptedDomain, as its page in office-docs-powershell describes it."""

from collections.abc import Iterable, Mapping
from typing import Any

from area1_provider.emulator.cmdlets.call import Call, cmdlet, limit, render
from area1_provider.emulator.cmdlets.identity import the_object

NOUN = "AcceptedDomain"


@cmdlet("Get-AcceptedDomain")
def get(call: Call) -> Iterable[Mapping[str, Any]]:
    """Source: Get-AcceptedDomain and Set-AcceptedDomain pages (DomainName, DomainType, Default)."""
    if call.has("Identity"):
        return [render(call, NOUN, the_object(call, NOUN))]
    return limit(call, [render(call, NOUN, row) for row in call.tenant.all(NOUN)])
