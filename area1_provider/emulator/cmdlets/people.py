"""Properties that name recipients: owners, moderators, who may send and who may not.

Kept as GUIDs; which recipients each may name stands on the pages of New- and Set-DistributionGroup.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from area1_provider.emulator.cmdlets.binder import Delta, Replace
from area1_provider.emulator.cmdlets.call import Call, entries
from area1_provider.emulator.cmdlets.identity import GENERAL, PERSONAL, named_recipient
from area1_provider.emulator.tenant.store import Document

PRINCIPALS = frozenset({"UserMailbox", "MailUser", "MailUniversalSecurityGroup"})
SENDERS = frozenset({"UserMailbox", "MailUser", "MailContact"})
GROUPS = frozenset({"MailUniversalDistributionGroup", "MailUniversalSecurityGroup", "DynamicDistributionGroup"})


@dataclass(frozen=True)
class Kind:
    """Which recipients a property may name, and by which forms."""

    types: frozenset[str]
    forms: frozenset[str] = GENERAL


KINDS: Mapping[str, Kind] = {
    "ManagedBy": Kind(PRINCIPALS, PERSONAL),
    "GrantSendOnBehalfTo": Kind(PRINCIPALS, PERSONAL),
    "ModeratedBy": Kind(SENDERS),
    "BypassModerationFromSendersOrMembers": Kind(SENDERS | GROUPS),
    "AcceptMessagesOnlyFrom": Kind(SENDERS),
    "AcceptMessagesOnlyFromDLMembers": Kind(GROUPS),
    "AcceptMessagesOnlyFromSendersOrMembers": Kind(SENDERS | GROUPS),
    "RejectMessagesFrom": Kind(SENDERS),
    "RejectMessagesFromDLMembers": Kind(GROUPS),
    "RejectMessagesFromSendersOrMembers": Kind(SENDERS | GROUPS),
}
RESTRICTIONS = ("AcceptMessagesOnlyFrom", "RejectMessagesFrom")


def assign(call: Call, document: Document) -> None:
    """Write those of these parameters that were given, as GUIDs."""
    _check_halves(call)
    for name, kind in KINDS.items():
        if name in call.bound:
            document[name] = entries(name, _resolved(call, name, kind, document[name]), document[name])
    for stem in RESTRICTIONS:
        _mirror(call, document, stem)


def _resolved(call: Call, name: str, kind: Kind, present: Sequence[str]) -> Replace | Delta:
    def guids(identities: Iterable[str]) -> list[str]:
        found = (_guid(call, name, kind, identity, present) for identity in identities)
        return list(dict.fromkeys(found))

    value = call[name]
    if isinstance(value, Replace):
        return Replace(guids(value.values))
    return Delta(guids(value.add), guids(value.remove))


def _guid(call: Call, name: str, kind: Kind, identity: str, present: Sequence[str]) -> str:
    if identity in present:  # an application that owns the group is no recipient, yet stands in the list
        return identity
    found = named_recipient(call, identity, kind.forms)
    if found["Guid"] in present:
        return str(found["Guid"])
    if found["RecipientType"] not in kind.types or found["RecipientTypeDetails"] == "GroupMailbox":
        raise call.refuse(f"{name} can't name {identity}, which is a {found['RecipientTypeDetails']}.")
    return str(found["Guid"])


def _check_halves(call: Call) -> None:
    for stem in RESTRICTIONS:
        if call.has(f"{stem}SendersOrMembers") and call.has(stem, f"{stem}DLMembers"):
            raise call.refuse(f"{stem}SendersOrMembers can't be used together with {stem} or {stem}DLMembers.")


def _mirror(call: Call, document: Document, stem: str) -> None:
    """Keep the whole list and its two halves in step: people and groups."""
    whole = f"{stem}SendersOrMembers"
    if call.has(whole):
        groups = {guid for guid in document[whole] if call.tenant.fetch(guid)["RecipientType"] in GROUPS}
        document[stem] = [guid for guid in document[whole] if guid not in groups]
        document[f"{stem}DLMembers"] = [guid for guid in document[whole] if guid in groups]
    elif call.has(stem, f"{stem}DLMembers"):
        document[whole] = [*document[stem], *document[f"{stem}DLMembers"]]
