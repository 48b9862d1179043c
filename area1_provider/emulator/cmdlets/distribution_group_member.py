"""Add-, Remove-, Update- and Get-DistributionGroupMember, as their pages in office-docs-powershell describe them.

Groups themselves stand in `distribution_group.py`.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from area1_provider.emulator.cmdlets.binder import Replace
from area1_provider.emulator.cmdlets.call import Call, cmdlet, limit, render
from area1_provider.emulator.cmdlets.errors import AlreadyMember, NotMember, ParameterSetUnresolved
from area1_provider.emulator.cmdlets.group_rules import check_manager
from area1_provider.emulator.cmdlets.identity import named_recipient, the_group
from area1_provider.emulator.tenant.store import Document

NOUN = "DistributionGroupMember"


@cmdlet("Add-DistributionGroupMember")
def add(call: Call) -> Iterable[Mapping[str, Any]]:
    """Source: Add-DistributionGroupMember page; what leaving Member out means is unconfirmed: refused."""
    group, member = _group_and_member(call)
    if call.tenant.store.is_member(call.tenant.tenant_id, group["Guid"], member["Guid"]):
        raise AlreadyMember(call["Member"], group["Identity"])
    join(call, group, [member])
    return ()


@cmdlet("Remove-DistributionGroupMember")
def remove(call: Call) -> Iterable[Mapping[str, Any]]:
    """Source: Remove-DistributionGroupMember page."""
    group, member = _group_and_member(call)
    if not call.tenant.store.is_member(call.tenant.tenant_id, group["Guid"], member["Guid"]):
        raise NotMember(call["Member"], group["Identity"])
    call.tenant.change_members(group["Guid"], remove=[member["Guid"]])
    return ()


def _group_and_member(call: Call) -> tuple[Document, Document]:
    if not call.has("Member"):
        raise ParameterSetUnresolved("Missing mandatory parameters: Member.")
    group = the_group(call)
    check_manager(call, group)
    return group, named_recipient(call, call["Member"])


@cmdlet("Update-DistributionGroupMember")
def update(call: Call) -> Iterable[Mapping[str, Any]]:
    """Source: Update-DistributionGroupMember page: the members given replace all others.

    What an empty or absent list does is unconfirmed: refused. Nor does the page tell of a table of changes.
    """
    if not isinstance(call.get("Members"), Replace) or not call["Members"].values:
        raise ParameterSetUnresolved("Members must list at least one recipient.")
    group = the_group(call)
    check_manager(call, group)
    wanted = {row["Guid"]: row for row in resolve(call, call["Members"].values)}
    present = dict.fromkeys(call.tenant.store.members(call.tenant.tenant_id, group["Guid"]))
    call.tenant.change_members(group["Guid"], remove=present.keys() - wanted.keys())
    join(call, group, [row for guid, row in wanted.items() if guid not in present])
    return ()


@cmdlet("Get-DistributionGroupMember")
def get(call: Call) -> Iterable[Mapping[str, Any]]:
    """Source: Get-DistributionGroupMember page; direct members only."""
    guids = call.tenant.store.members(call.tenant.tenant_id, the_group(call)["Guid"])
    seen = limit(call, [guid for guid in guids if call.sees(guid)])
    return [render(call, NOUN, call.tenant.fetch(guid)) for guid in seen]


def resolve(call: Call, identities: Iterable[str]) -> list[Document]:
    """The recipients that a list of identities names."""
    return [named_recipient(call, identity) for identity in identities]


def join(call: Call, group: Document, members: Sequence[Document]) -> None:
    """Put recipients into a group that are not in it, if the group may hold them."""
    tenant, guid = call.tenant, group["Guid"]
    for member in members:
        _check_kind(call, group, member)
    if tenant.store.member_count(tenant.tenant_id, guid) + len(members) > tenant.limits.group_members:
        raise call.refuse(f"A group can have at most {tenant.limits.group_members} members.")
    if members:
        tenant.change_members(guid, add=[member["Guid"] for member in members])


def _check_kind(call: Call, group: Document, member: Document) -> None:
    details = member["RecipientTypeDetails"]
    if details == "GroupMailbox":  # Add-DistributionGroupMember page
        raise call.refuse(f"A Microsoft 365 group can't be a member of a distribution group: {member['Name']}.")
    if group["RecipientTypeDetails"] == "RoomList" and details not in {"RoomMailbox", "RoomList"}:  # unconfirmed
        raise call.refuse(f"A room list holds rooms only: {member['Name']} is a {details}.")
    if member["RecipientType"].endswith("Group") and _holds(call, member["Guid"], group["Guid"]):  # unconfirmed
        raise call.refuse(f"The group {member['Name']} can't be a member: it holds this group or is it.")


def _holds(call: Call, outer: str, inner: str) -> bool:
    """Whether a group is, or holds at any depth, another."""
    seen, rising = {inner}, [inner]
    while rising:
        above = call.tenant.store.holders(call.tenant.tenant_id, rising.pop())
        rising += [guid for guid in above if guid not in seen]
        seen.update(above)
    return outer in seen
