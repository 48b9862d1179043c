"""What a new tenant holds, and how recipients come to be that no cmdlet here makes.

People and addresses are made up. No rule of a cmdlet stands here.
"""

from typing import TYPE_CHECKING, Any

from area1_provider.emulator.tables.rows import nouns
from area1_provider.emulator.tenant import directory

if TYPE_CHECKING:
    from area1_provider.emulator.tenant import Tenant
    from area1_provider.emulator.tenant.store import Document

LONG_AGO = "2024-01-15T09:00:00.0000000Z"
PEOPLE = (("Adele Vance", "adelev"), ("Alex Wilber", "alexw"), ("Diego Siciliani", "diegos"), ("Megan Bowen", "meganb"))


def populate(tenant: "Tenant") -> None:
    """Organisation, domains, transport settings; four people, a shared mailbox, a contact and a mail user."""
    with tenant.transaction():
        _organization(tenant)
        _transport(tenant)
        for domain in tenant.accepted_domains:
            _domain(tenant, domain)
        for number, (name, alias) in enumerate(PEOPLE):
            mailbox(tenant, name, alias, named_by_id=number > 1)
        mailbox(tenant, "Journal Undeliverable", "journal-ndr", "SharedMailbox")
        contact(tenant, "Archive Vendor", "archive-vendor", "journal@archive.example")
        mail_user(tenant, "Partner Archive", "partner-archive", "archive@partner.example")


def _configuration(tenant: "Tenant", noun: str, name: str, *containers: str) -> "Document":
    dn = directory.config_dn(tenant.organization, name, *containers)
    return nouns()[noun].defaults() | _stamps(tenant.new_guid(), name) | {"DistinguishedName": dn}


def _stamps(guid: str, name: str, when: str = LONG_AGO) -> dict[str, Any]:
    stamps = {"WhenCreatedUTC": when, "WhenChangedUTC": when}
    return {"Guid": guid, "Name": name, "Identity": name, "Id": name, **stamps}


def _organization(tenant: "Tenant") -> None:
    document = _configuration(tenant, "OrganizationConfig", tenant.organization)
    tenant.save("OrganizationConfig", document | {"DisplayName": tenant.organization.partition(".")[0].title()})


def _transport(tenant: "Tenant") -> None:
    tenant.save("TransportConfig", _configuration(tenant, "TransportConfig", "Transport Settings"))


def _domain(tenant: "Tenant", domain: str) -> None:
    document = _configuration(tenant, "AcceptedDomain", domain, "Accepted Domains", "Transport Settings")
    flags = {"Default": domain == tenant.default_domain, "InitialDomain": domain == tenant.organization}
    tenant.save("AcceptedDomain", document | {"DomainName": domain, **flags})


def recipient(tenant: "Tenant", noun: str, name: str, alias: str, when: str = LONG_AGO) -> "Document":
    """What every new recipient of the noun has, its addresses apart."""
    guid, dn = tenant.new_guid(), directory.recipient_dn(tenant.organization, name)
    local_time = when.replace("Z", "+00:00")
    return nouns()[noun].defaults() | {
        **_stamps(guid, name, when),
        "Alias": alias,
        "DisplayName": name,
        "DistinguishedName": dn,
        "ExchangeObjectId": guid,
        "ExternalDirectoryObjectId": tenant.new_guid(),
        "LegacyExchangeDN": f"/o=ExchangeLabs/ou=Exchange Administrative Group (FYDIBOHF23SPDLT)/cn=Recipients/cn={guid}",
        "OrganizationalUnit": directory.unit(tenant.organization),
        "WhenCreated": local_time,
        "WhenChanged": local_time,
    }


def addressed(primary: str, *others: str) -> dict[str, Any]:
    """The properties that hold addresses: the primary one and the others, each once."""
    rest = [f"smtp:{other}" for other in others if other.casefold() != primary.casefold()]
    listed = {"EmailAddresses": [f"SMTP:{primary}", *rest]}
    return {"PrimarySmtpAddress": primary, "WindowsEmailAddress": primary, **listed}


def mailbox(
    tenant: "Tenant",
    name: str,
    alias: str,
    details: str = "UserMailbox",
    *,
    named_by_id: bool = False,
    **properties: Any,
) -> "Document":
    """A mailbox. With `named_by_id` its Name is a GUID, as properties that name recipients then show it."""
    document = recipient(tenant, "Mailbox", tenant.new_guid() if named_by_id else name, alias)
    document["DisplayName"] = name
    primary = f"{alias}@{tenant.default_domain}"
    user = {"UserPrincipalName": primary, "WindowsLiveID": primary, "MicrosoftOnlineServicesID": primary}
    kind = {"RecipientType": "UserMailbox", "RecipientTypeDetails": details, "IsShared": details == "SharedMailbox"}
    document |= addressed(primary, f"{alias}@{tenant.organization}") | user | kind | properties
    return tenant.save("Mailbox", document)


def contact(tenant: "Tenant", name: str, alias: str, external: str) -> "Document":
    """A mail contact: its primary address is the external one (New-MailContact page)."""
    kind = {"RecipientType": "MailContact", "RecipientTypeDetails": "MailContact"}
    document = recipient(tenant, "MailContact", name, alias) | addressed(external) | kind
    return tenant.save("MailContact", document | {"ExternalEmailAddress": f"SMTP:{external}"})


def mail_user(tenant: "Tenant", name: str, alias: str, external: str) -> "Document":
    """A mail user: signs in here, gets mail elsewhere."""
    kind = {"RecipientType": "MailUser", "RecipientTypeDetails": "MailUser"}
    user = {"UserPrincipalName": f"{alias}@{tenant.default_domain}", "ExternalEmailAddress": f"SMTP:{external}"}
    document = recipient(tenant, "MailUser", name, alias) | addressed(external) | kind | user
    return tenant.save("MailUser", document)


def microsoft365_group(tenant: "Tenant", name: str, alias: str) -> "Document":
    """A Microsoft 365 group: a recipient that the cmdlets of distribution groups refuse."""
    kind = {"RecipientType": "MailUniversalDistributionGroup", "RecipientTypeDetails": "GroupMailbox"}
    document = recipient(tenant, "DistributionGroup", name, alias) | kind
    document |= addressed(f"{alias}@{tenant.default_domain}", f"{alias}@{tenant.organization}")
    return tenant.save("GroupMailbox", document)
