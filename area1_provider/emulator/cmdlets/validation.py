"""Validate-OutboundConnector: what of it can be tried without a network.

It stores nothing, as its page says; Set-OutboundConnector writes the result down.
"""

import ipaddress
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from area1_provider.emulator.cmdlets.call import Call, cmdlet
from area1_provider.emulator.cmdlets.identity import the_object
from area1_provider.emulator.tenant.store import Document


@cmdlet("Validate-OutboundConnector")
def validate(call: Call) -> Iterable[Mapping[str, Any]]:
    """One object a task: a connection to each smart host, then a test mail to each recipient.

    Source: Validate-OutboundConnector page. TaskName and IsTaskSuccessful are confirmed; TaskDetail is a guess at the
    name of a property that is there (unconfirmed), and so is the name of the first task; the second is the portal's.
    """
    connector = the_object(call, "OutboundConnector")
    troubles = {host: _host_trouble(host) for host in connector["SmartHosts"]}
    for host, trouble in troubles.items():
        yield _task(f"Check connectivity to '{host}'", trouble)
    for recipient in call["Recipients"].values:
        yield _task("Send test email", _mail_trouble(call, connector, recipient, troubles))


def _task(name: str, trouble: str) -> dict[str, Any]:
    return {"TaskName": name, "IsTaskSuccessful": not trouble, "TaskDetail": trouble or "The task succeeded."}


def _host_trouble(host: str) -> str:
    return f"The host name '{host}' can't be resolved." if _never_resolves(host) else ""


def _never_resolves(host: str) -> bool:
    """Names under .invalid never do (RFC 6761); every other name and all addresses count as reachable here."""
    try:
        ipaddress.ip_network(host, strict=False)
    except ValueError:
        return host.casefold().rpartition(".")[2] == "invalid"
    return False


def _mail_trouble(call: Call, connector: Document, recipient: str, hosts: Mapping[str, str]) -> str:
    domain = recipient.rpartition("@")[2].casefold()
    if not connector["Enabled"]:
        return "The connector is turned off."
    if not any(_covers(pattern, domain) for pattern in _patterns(call, connector)):
        return f"The test email to {recipient} left the service without using any connector."
    if connector["UseMXRecord"]:
        return _host_trouble(domain)
    return "" if not all(hosts.values()) else "None of the smart hosts could be reached."


def _patterns(call: Call, connector: Document) -> Iterator[str]:
    yield from connector["RecipientDomains"]
    if connector["AllAcceptedDomains"]:
        yield from call.tenant.accepted_domains
    if connector["IsTransportRuleScoped"]:
        yield "*"  # a rule may send anything there; a portal's record had such a connector validated


def _covers(pattern: str, domain: str) -> bool:
    pattern = pattern.casefold()
    if pattern.startswith("*."):
        return domain.endswith(pattern[1:])
    return pattern in {"*", domain}
