"""The cmdlets of the offline Exchange, one noun a file, behind one function: invoke.

Nothing here knows HTTP.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from area1_provider.emulator.cmdlets import (
    accepted_domain,
    distribution_group,
    distribution_group_member,
    journal_rule,
    mail_contact,
    organization,
    outbound_connector,
    recipient,
    transport_config,
    validation,
)
from area1_provider.emulator.cmdlets import roles as role_tables
from area1_provider.emulator.cmdlets.binder import bind
from area1_provider.emulator.cmdlets.call import CMDLETS, Call
from area1_provider.emulator.cmdlets.errors import CmdletNotOffered, Dehydrated
from area1_provider.emulator.cmdlets.outcome import Caller, Outcome
from area1_provider.emulator.tables.rows import Cmdlet, cmdlets, nouns
from area1_provider.emulator.tenant import Tenant

NOUNS = (
    accepted_domain,
    distribution_group,
    distribution_group_member,
    journal_rule,
    mail_contact,
    organization,
    outbound_connector,
    recipient,
    transport_config,
    validation,
)
"""Importing them enters their cmdlets into the list."""


class _Simulated(Exception):
    """Raised to undo what -WhatIf only wanted to try."""


def offered(caller: Caller) -> frozenset[str]:
    """Names of the cmdlets that the caller's roles grant."""
    return role_tables.offered(caller.roles)


def invoke(
    tenant: Tenant, cmdlet: str, parameters: Mapping[str, Any], caller: Caller, *, session: str, now: datetime
) -> Outcome:
    """Run one cmdlet for a caller.

    Names of cmdlets and parameters may be in any case. A cmdlet that fails has changed nothing.

    Raises:
        CmdletNotOffered: there is no such cmdlet, or the caller's roles do not grant it.
        CmdletError: what the cmdlet answers with instead.
    """
    row = cmdlets().get(cmdlet.casefold())
    granted = role_tables.granted(caller.roles)
    if row is None or not row.roles & granted:
        raise CmdletNotOffered(cmdlet)
    call = Call(tenant, row, bind(row, parameters, granted), caller, granted, session, now)
    if call.get("Confirm"):
        return Outcome(confirmation=f"Confirm\nAre you sure you want to perform this action?\n{row.name}")
    return _run(call)


def _run(call: Call) -> Outcome:
    try:
        with call.tenant.transaction():
            objects = _objects(call)
    except _Simulated:
        objects = []
    return Outcome(objects, tuple(call.warnings), nouns()[call.row.noun].side_keys())


def _objects(call: Call) -> list[Mapping[str, Any]]:
    _check_hydration(call.tenant, call.row)
    objects = list(CMDLETS[call.row.name](call))
    if call.get("WhatIf"):
        raise _Simulated
    return objects


def _check_hydration(tenant: Tenant, row: Cmdlet) -> None:
    if row.name in tenant.customization_needed and tenant.all("OrganizationConfig")[0]["IsDehydrated"]:
        raise Dehydrated
