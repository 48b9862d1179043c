"""New-, Get- and Remove-MailContact, as their pages in office-docs-powershell describe them."""

from collections.abc import Iterable, Mapping
from typing import Any

from area1_provider.emulator.cmdlets import addressing, people
from area1_provider.emulator.cmdlets.call import Call, assign, cmdlet, render
from area1_provider.emulator.cmdlets.identity import check_unit, the_recipient
from area1_provider.emulator.cmdlets.listing import listed, named
from area1_provider.emulator.tenant import population

NOUN = "MailContact"
ELSEWHERE = {"Alias", "Name", "ExternalEmailAddress", "ModeratedBy", "OrganizationalUnit", "Confirm", "WhatIf"}


@cmdlet("New-MailContact")
def new(call: Call) -> Iterable[Mapping[str, Any]]:
    """Source: New-MailContact page: the external address becomes the primary one."""
    if call.has("OrganizationalUnit"):
        check_unit(call)
    alias = addressing.check_alias(call.get("Alias", addressing.derived_alias(call["Name"])))
    document = population.recipient(call.tenant, NOUN, call["Name"], alias, call.timestamp)
    external = call["ExternalEmailAddress"]
    addressing.check_name(call, call["Name"], document["Guid"])
    addressing.check_free(call, [f"SMTP:{external}"], document["Guid"])
    assign(call, document, call.bound.keys() - ELSEWHERE)
    people.assign(call, document)
    document |= population.addressed(external) | {"ExternalEmailAddress": f"SMTP:{external}"}
    document |= {"RecipientType": NOUN, "RecipientTypeDetails": NOUN}
    yield render(call, NOUN, call.tenant.save(NOUN, document, call.session))


@cmdlet("Get-MailContact")
def get(call: Call) -> Iterable[Mapping[str, Any]]:
    """Source: Get-MailContact page."""
    if call.has("Identity"):
        return named(call, NOUN, the_recipient(call, NOUN, {NOUN, "MailForestContact"}))
    return listed(call, NOUN, call.tenant.all(NOUN))


@cmdlet("Remove-MailContact")
def remove(call: Call) -> Iterable[Mapping[str, Any]]:
    """Source: Remove-MailContact page. The contact drops out of its groups; rules that name it keep its address."""
    call.tenant.delete(the_recipient(call, NOUN, {NOUN, "MailForestContact"})["Guid"])
    return ()
