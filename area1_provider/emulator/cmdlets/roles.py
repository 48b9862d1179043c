"""Which cmdlets and parameters a caller's roles grant.

Which role grants a cmdlet stands in the tables. Role names are general knowledge of Exchange, not read in a source
(unconfirmed), but for: Organization Management or Security Group Creation and Membership for
BypassSecurityGroupManagerCheck (Add-DistributionGroupMember page); a Global Reader reads connectors and a Security
Reader does not (graph2otel, live).
"""

from collections.abc import Iterable, Mapping

from area1_provider.emulator.tables.rows import cmdlets

VIEW = frozenset({"View-Only Configuration", "View-Only Recipients"})
RECIPIENTS = frozenset({"Distribution Groups", "Mail Recipients", "Mail Recipient Creation", "View-Only Recipients"})
COMPLIANCE = frozenset({"Journaling", "View-Only Configuration", "View-Only Recipients"})


def _all() -> frozenset[str]:
    rows = cmdlets().values()
    of_parameters = (parameter.roles for row in rows for parameter in row.parameters.values())
    return frozenset[str]().union(*(row.roles for row in rows), *of_parameters)


GROUPS: Mapping[str, frozenset[str]] = {
    "Organization Management": _all(),
    "Exchange Administrator": _all(),
    "Global Administrator": _all(),
    "View-Only Organization Management": VIEW,
    "Global Reader": VIEW,
    "Recipient Management": RECIPIENTS,
    "Exchange Recipient Administrator": RECIPIENTS,
    "Compliance Management": COMPLIANCE,
    "Compliance Administrator": COMPLIANCE,
    "Security Administrator": frozenset(),
    "Security Reader": frozenset(),
    "Helpdesk Administrator": frozenset({"View-Only Recipients"}),
}
"""Role groups of Exchange, and roles of Entra that stand for one; any other name is itself a role."""


def granted(roles: Iterable[str]) -> frozenset[str]:
    """Single roles, with every role group resolved."""
    return frozenset[str]().union(*(GROUPS.get(role, frozenset({role})) for role in roles))


def offered(roles: Iterable[str]) -> frozenset[str]:
    """Names of the cmdlets that these roles grant."""
    held = granted(roles)
    return frozenset(row.name for row in cmdlets().values() if row.roles & held)
