"""How the directory names objects: distinguished names, canonical names, and the names an object is found by.

Nothing here reads or writes the store.
"""

import re
from collections.abc import Mapping
from typing import Any

FOREST = "nampr03a010.prod.outlook.com"
SERVER = "DM6PR03A010DC01.NAMPR03A010.PROD.OUTLOOK.COM"
"""The domain controller that errors name."""
PARTS = ",".join(f"DC={part.upper()}" for part in FOREST.split("."))
GUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\Z")
HOSTED = "Microsoft Exchange Hosted Organizations"


def is_guid(value: str) -> bool:
    """Whether the text is a GUID as objects carry it."""
    return GUID.match(value) is not None


def escaped(name: str) -> str:
    """A name as part of a distinguished name (RFC 4514)."""
    return re.sub(r'([,+"\\<>;=])|^([ #])|( )$', r"\\\g<0>", name)


def recipient_dn(organization: str, name: str) -> str:
    """Distinguished name of a recipient."""
    return f"CN={escaped(name)},OU={organization},OU={HOSTED},{PARTS}"


def unit(organization: str) -> str:
    """The organisational unit that recipients report."""
    return f"{FOREST}/{HOSTED}/{organization}"


def canonical(place: str, name: str) -> str:
    """Canonical name of a recipient in its organisational unit."""
    return f"{place}/{name.replace('/', chr(92) + '/')}"


def config_dn(organization: str, name: str, *containers: str) -> str:
    """Distinguished name of a configuration object in its containers, innermost first."""
    path = ",".join(f"CN={part}" for part in (escaped(name), *containers))
    return f"{path},CN=Configuration,CN={organization},CN=ConfigurationUnits,{PARTS}"


def addresses(document: Mapping[str, Any]) -> list[str]:
    """All mail addresses of a recipient, without their types."""
    return [address.partition(":")[2] for address in document.get("EmailAddresses", ())]


def names(realm: str, organization: str, document: Mapping[str, Any]) -> dict[str, list[str]]:
    """The names an object is found by, by form."""
    found = {"name": [document["Name"]], "guid": [document["Guid"]]}
    if realm == "Recipient":
        return found | _recipient_names(document)
    if realm == "OutboundConnector":  # its objects carry no distinguished name, yet answer to it
        return found | {"dn": [config_dn(organization, document["Name"], "Transport Settings")]}
    return found | {"dn": [document["DistinguishedName"]]}


def _recipient_names(document: Mapping[str, Any]) -> dict[str, list[str]]:
    name, where = document["Name"], document["OrganizationalUnit"]
    return {
        "guid": [document["Guid"], document["ExternalDirectoryObjectId"]],
        "alias": [document["Alias"]],
        "dn": [document["DistinguishedName"]],
        "canonical": [canonical(where, name)],
        "address": addresses(document),
        "legacy": [document["LegacyExchangeDN"]],
        "sam": [document["SamAccountName"]] if document.get("SamAccountName") else [],
        "upn": [document["UserPrincipalName"]] if document.get("UserPrincipalName") else [],
    }
