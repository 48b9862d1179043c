"""From the text of an identity to one object, in the forms that each noun's page allows.

Nothing here changes anything.
"""

from collections.abc import Iterable, Mapping

from area1_provider.emulator.cmdlets.call import Call
from area1_provider.emulator.cmdlets.errors import (
    AmbiguousIdentity,
    AmbiguousRecipient,
    GroupMailboxUnsupported,
    ObjectNotFound,
    RecipientNotFound,
)
from area1_provider.emulator.tenant import directory
from area1_provider.emulator.tenant.directory import SERVER
from area1_provider.emulator.tenant.store import Document

GENERAL = frozenset({"name", "alias", "dn", "canonical", "address", "guid"})
"""Forms of a recipient (Add-DistributionGroupMember page): neither user principal name nor display name."""
PERSONAL = GENERAL | {"legacy", "sam", "upn"}
"""Forms of a mailbox (Get-Mailbox page)."""
FORMS: Mapping[str, frozenset[str]] = {
    "OutboundConnector": frozenset({"name", "dn", "guid"}),
    "AcceptedDomain": frozenset({"name", "dn", "guid"}),
    "JournalRule": frozenset({"name", "guid"}),
    "Mailbox": PERSONAL,
    "MailUser": PERSONAL,
}


def matches(call: Call, noun: str, identity: str, forms: frozenset[str] | None = None) -> list[Document]:
    """The objects of the noun that the session sees and that answer to the identity."""
    recipient = noun not in {"OutboundConnector", "AcceptedDomain", "JournalRule"}
    found = call.tenant.find("Recipient" if recipient else noun, identity, forms or FORMS.get(noun, GENERAL))
    return [call.tenant.fetch(guid) for guid in found if call.sees(guid)]


def the_object(call: Call, noun: str) -> Document:
    """The one configuration object that `Identity` names."""
    return _one(matches(call, noun, call["Identity"]), call["Identity"])


def the_recipient(call: Call, noun: str, details: Iterable[str]) -> Document:
    """The one recipient of these types that `Identity` names."""
    found = [row for row in matches(call, noun, call["Identity"]) if row["RecipientTypeDetails"] in frozenset(details)]
    return _one(found, call["Identity"])


def the_group(call: Call) -> Document:
    """The one distribution group that `Identity` names.

    A Microsoft 365 group of the same name makes it ambiguous (Microsoft365DSC 3741); alone it is refused.
    """
    group = _one(
        [row for row in matches(call, "DistributionGroup", call["Identity"]) if _is_group(row)], call["Identity"]
    )
    if group["RecipientTypeDetails"] == "GroupMailbox":
        raise GroupMailboxUnsupported
    return group


def _is_group(row: Document) -> bool:
    return bool(row["RecipientType"].endswith("Group"))


def _one(found: list[Document], identity: str) -> Document:
    if not found:
        raise ObjectNotFound(identity, SERVER)
    if len(found) > 1:
        raise AmbiguousIdentity(identity)
    return found[0]


def check_unit(call: Call) -> None:
    """Refuse an `OrganizationalUnit` that is not the organisation's own: every recipient is in that one."""
    forms = {call.tenant.organization, directory.unit(call.tenant.organization)}
    if call["OrganizationalUnit"].casefold() not in {form.casefold() for form in forms}:
        raise ObjectNotFound(call["OrganizationalUnit"], SERVER)


def named_recipient(call: Call, identity: str, forms: frozenset[str] = GENERAL) -> Document:
    """The one recipient that a parameter names in one of the forms."""
    found = matches(call, "Recipient", identity, forms)
    if not found:
        raise RecipientNotFound(identity)
    if len(found) > 1:
        raise AmbiguousRecipient(identity)
    return found[0]
