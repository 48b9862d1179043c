"""What somebody might click in the admin centre: changes to things that a stack manages. Nothing is asked or done here."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from area1_provider.commands.sighting import Object, Sighting
from area1_provider.settle import guid_of


@dataclass(frozen=True)
class Click:
    """One change: in words, as a cmdlet, and the properties of ours that it moves."""

    words: str
    cmdlet: str
    parameters: Mapping[str, Any]
    properties: tuple[str, ...]


def clicks(seen: Sighting, mailboxes: Sequence[str]) -> Iterator[Click]:
    """Give changes to whatever the tenant holds of the guide; `mailboxes` are addresses in it."""
    if seen.connector is not None:
        yield from _connector(seen.connector)
    if seen.rule is not None:
        yield from _rule(seen.rule)
    if seen.args.group is not None and seen.group is not None:
        yield from _group(seen, seen.group)
    if seen.args.undeliverable_address is not None:
        yield _undeliverable(seen.undeliverable, mailboxes)


def _connector(connector: Object) -> Iterator[Click]:
    id_, hosts = guid_of(connector), list(connector.get("SmartHosts") or ())
    if len(hosts) > 1:
        parameters = {"Identity": id_, "SmartHosts": hosts[:1]}
        yield Click(
            f"The connector loses {', '.join(hosts[1:])}", "Set-OutboundConnector", parameters, ("smart_hosts",)
        )
    tls = {"Identity": id_, "TlsSettings": "EncryptionOnly"}
    yield Click("Any certificate will do, self-signed too", "Set-OutboundConnector", tls, ("tls_settings",))
    off = {"Identity": id_, "Enabled": False}
    yield Click("The connector is turned off", "Set-OutboundConnector", off, ("enabled",))


def _rule(rule: Object) -> Iterator[Click]:
    id_ = guid_of(rule)
    scope = "Global" if rule.get("Scope") != "Global" else "Internal"
    parameters = {"Identity": id_, "Scope": scope}
    yield Click(f"The rule journals {scope.lower()} messages", "Set-JournalRule", parameters, ("scope",))
    if rule.get("Enabled"):
        off = {"Identity": id_, "Confirm": False}
        yield Click("The rule is turned off", "Disable-JournalRule", off, ("enabled",))


def _group(seen: Sighting, group: Object) -> Iterator[Click]:
    members = seen.members(())
    common = {"Identity": guid_of(group), "BypassSecurityGroupManagerCheck": True}
    if members:
        leaver = {**common, "Member": members[0], "Confirm": False}
        yield Click(f"{members[0]} leaves the group", "Remove-DistributionGroupMember", leaver, ("members",))


def _undeliverable(address: str, mailboxes: Sequence[str]) -> Click:
    other = next(one for one in mailboxes if one.casefold() != address.casefold())
    words = f"Undeliverable journal reports go to {other}"
    return Click(words, "Set-TransportConfig", {"JournalingReportNdrTo": other}, ("undeliverable_address",))
