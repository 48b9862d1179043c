"""Somebody who runs cmdlets in a tenant, without HTTP. Fixtures stand in conftest.py."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from area1_provider.emulator.cmdlets import invoke
from area1_provider.emulator.cmdlets.errors import CmdletError
from area1_provider.emulator.cmdlets.outcome import Caller, Outcome
from area1_provider.emulator.tenant import Tenant

START = datetime(2026, 7, 24, 18, 58, 31, tzinfo=UTC)


class Shell:
    """Runs cmdlets in one tenant; a clock that moves one second a call.

    `session` is a text; its type is open because tables of parameters are spread beside it.
    """

    def __init__(self, tenant: Tenant, *roles: str, name: str = "Provisioner") -> None:
        self.tenant = tenant
        self.caller = Caller("7d1f8b5e-0000-4000-8000-000000000001", name, frozenset(roles))
        self.now = START

    def outcome(self, cmdlet: str, /, session: Any = "first", **parameters: Any) -> Outcome:
        """All that the cmdlet gives back."""
        self.now += timedelta(seconds=1)
        return invoke(self.tenant, cmdlet, parameters, self.caller, session=session, now=self.now)

    def __call__(self, cmdlet: str, /, session: Any = "first", **parameters: Any) -> list[dict[str, Any]]:
        """The objects that the cmdlet gives back."""
        return [dict(row) for row in self.outcome(cmdlet, session, **parameters).objects]

    def one(self, cmdlet: str, /, session: Any = "first", **parameters: Any) -> dict[str, Any]:
        """The one object that the cmdlet gives back."""
        (row,) = self(cmdlet, session, **parameters)
        return row

    def warnings(self, cmdlet: str, /, **parameters: Any) -> tuple[str, ...]:
        """What the cmdlet warns of."""
        return tuple(self.outcome(cmdlet, **parameters).warnings)

    def refusal(self, error: type[CmdletError], cmdlet: str, /, session: Any = "first", **parameters: Any) -> str:
        """The text with which the cmdlet refuses; the error must be of exactly this class."""
        with pytest.raises(error) as caught:
            self.outcome(cmdlet, session, **parameters)
        assert type(caught.value) is error
        return caught.value.text

    def members(self, group: str) -> list[str]:
        """Aliases of a group's members."""
        return [row["Alias"] for row in self("Get-DistributionGroupMember", Identity=group)]

    def connector(self, name: str = "Area 1", **parameters: Any) -> dict[str, Any]:
        """A new connector through one smart host, unless told otherwise."""
        routing = {"UseMXRecord": False, "SmartHosts": ["mx.example.net"], "RecipientDomains": ["archive.example"]}
        return self.one("New-OutboundConnector", Name=name, **(routing | parameters))

    def rule(self, name: str = "Journal", **parameters: Any) -> dict[str, Any]:
        """A new journal rule, once there is an address for undeliverable reports."""
        if self.one("Get-TransportConfig")["JournalingReportNdrTo"] == "<>":
            self("Set-TransportConfig", JournalingReportNdrTo="ndr@elsewhere.example")
        return self.one("New-JournalRule", **({"Name": name, "JournalEmailAddress": "in@archive.example"} | parameters))

    def group(self, name: str = "Finance", **parameters: Any) -> dict[str, Any]:
        """A new group."""
        return self.one("New-DistributionGroup", Name=name, **parameters)


def tagged(**entries: Any) -> dict[str, Any]:
    """A table of changes as the PowerShell module tags it."""
    return {"@odata.type": "#Exchange.GenericHashTable", **entries}
