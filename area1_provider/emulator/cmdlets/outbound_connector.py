"""New-, Get-, Set- and Remove-OutboundConnector, as their pages in office-docs-powershell describe them.

Validation stands in `validation.py`.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from area1_provider.emulator.cmdlets.call import UNCHANGED, Call, assign, cmdlet, limit, render
from area1_provider.emulator.cmdlets.errors import ObjectExists
from area1_provider.emulator.cmdlets.identity import the_object
from area1_provider.emulator.tables.rows import nouns
from area1_provider.emulator.tenant import directory
from area1_provider.emulator.tenant.store import Document

NOUN = "OutboundConnector"
COMMAND_ONLY = {"Identity", "Name", "LinkForModifiedConnector", "Confirm", "WhatIf"}
ON_PREMISES_ONLY = ("AllAcceptedDomains", "RouteAllMessagesViaOnPremises", "SenderRewritingEnabled")


@cmdlet("New-OutboundConnector")
def new(call: Call) -> Iterable[Mapping[str, Any]]:
    """Source: New-OutboundConnector page. What ConnectorType is when left out is unconfirmed: Partner here."""
    document = nouns()[NOUN].defaults()
    document |= {"Guid": call.tenant.new_guid(), "WhenCreatedUTC": call.timestamp}
    _write(call, document, call["Name"])
    yield render(call, NOUN, call.tenant.save(NOUN, document, call.session))


@cmdlet("Get-OutboundConnector")
def get(call: Call) -> Iterable[Mapping[str, Any]]:
    """Source: Get-OutboundConnector page.

    The page says that a connector that does not exist may bring all; the error that other Get- cmdlets give is
    taken here (unconfirmed). Without IsTransportRuleScoped both kinds come: a live capture held a rule-scoped
    connector, which the page would leave out. IncludeTestModeConnectors is taken as the page has it: true only test
    mode, false, its default, only the others (Microsoft365DSC pull request 1893 met the default; that true leaves the
    others out is unconfirmed: callers also read it as "both").
    """
    if call.has("Identity"):
        return [render(call, NOUN, the_object(call, NOUN))]
    rows = [row for row in call.tenant.all(NOUN) if call.sees(row["Guid"]) and _is_wanted(call, row)]
    return limit(call, [render(call, NOUN, row) for row in rows])


def _is_wanted(call: Call, row: Document) -> bool:
    if row["TestMode"] != call.get("IncludeTestModeConnectors", False):
        return False
    return bool(row["IsTransportRuleScoped"] == call.get("IsTransportRuleScoped", row["IsTransportRuleScoped"]))


@cmdlet("Set-OutboundConnector")
def change(call: Call) -> Iterable[Mapping[str, Any]]:
    """Source: Set-OutboundConnector page.

    Whether the service takes the mark of validation away when the routing changes is not known: it stays.
    """
    before = the_object(call, NOUN)
    document = dict(before)
    _write(call, document, call.get("Name", before["Name"]))
    if document | {"WhenChangedUTC": ""} == before | {"WhenChangedUTC": ""}:
        call.warnings.append(UNCHANGED.format(before["Identity"]))
    else:
        call.tenant.save(NOUN, document)
    return ()


@cmdlet("Remove-OutboundConnector")
def remove(call: Call) -> Iterable[Mapping[str, Any]]:
    """Source: Remove-OutboundConnector page."""
    call.tenant.delete(the_object(call, NOUN)["Guid"])
    return ()


def _write(call: Call, document: Document, name: str) -> None:
    taken = call.tenant.find(NOUN, name, {"name"})
    if any(guid != document["Guid"] for guid in taken):
        dn = directory.config_dn(call.tenant.organization, name, "Transport Settings")
        raise ObjectExists(dn, directory.SERVER)
    assign(call, document, call.bound.keys() - COMMAND_ONLY)
    document |= {"Name": name, "Identity": name, "WhenChangedUTC": call.timestamp}
    _check(call, document)


def _check(call: Call, document: Document) -> None:
    """The rules of the New- page; the service's texts are unconfirmed.

    SmartHosts goes in the same command as UseMXRecord $false, also on Set- ("required if you use the value $false").
    """
    if document["ConnectorType"] != "OnPremises":
        for name in ON_PREMISES_ONLY:
            if document[name]:
                raise call.refuse(f"{name} can be $true only on a connector whose ConnectorType is OnPremises.")
    named = call.has("SmartHosts") or call.get("UseMXRecord", True)
    if not document["UseMXRecord"] and not (named and document["SmartHosts"]):
        raise call.refuse("SmartHosts must be specified when UseMXRecord is $false.")
    if document["UseMXRecord"] and document["SmartHosts"]:
        raise call.refuse("SmartHosts can't be specified when UseMXRecord is $true.")
    _check_tls(call, document)


def _check_tls(call: Call, document: Document) -> None:
    if document["TlsDomain"] and document["TlsSettings"] != "DomainValidation":
        raise call.refuse("TlsDomain can be set only if TlsSettings is DomainValidation.")
    if document["TlsSettings"] == "DomainValidation" and not document["TlsDomain"]:
        raise call.refuse("TlsDomain must be specified when TlsSettings is DomainValidation.")
