"""Rules that a distribution group obeys after every change, and who may change it.

Sources: pages of New-, Set- and Remove-DistributionGroup; the service's texts are unconfirmed but for NotManager.
"""

import re

from area1_provider.emulator.cmdlets.call import Call
from area1_provider.emulator.cmdlets.errors import NotManager, ValueRefused
from area1_provider.emulator.tenant.store import Document

SECURITY = "Universal, SecurityEnabled"
SIMPLE_NAME = re.compile(r"[A-Za-z0-9 \"'()+,\-./:?]*\Z")


def check(call: Call, document: Document) -> None:
    """Refuse a group that breaks a rule."""
    limits = call.tenant.limits
    if not document["ManagedBy"]:
        raise call.refuse("A group must have at least one owner.")
    if len(document["ManagedBy"]) > limits.group_owners:
        raise call.refuse(f"A group can have at most {limits.group_owners} owners.")
    if len(document["ModeratedBy"]) > limits.group_moderators:
        raise call.refuse(f"A group can have at most {limits.group_moderators} moderators.")
    if document["GroupType"] == SECURITY:
        _check_security(call, document)
    if not SIMPLE_NAME.match(document["SimpleDisplayName"] or ""):
        raise ValueRefused("SimpleDisplayName", "The value has characters that a simple display name can't have.")


def _check_security(call: Call, document: Document) -> None:
    for name in ("MemberJoinRestriction", "MemberDepartRestriction"):
        if document[name] == "Open":
            raise call.refuse(f"{name} can't be Open on a security group.")
    if document["ModerationEnabled"] and not document["ModeratedBy"]:
        raise call.refuse("ModeratedBy must name a moderator when moderation of a security group is enabled.")
    if document["RecipientTypeDetails"] == "RoomList":
        raise call.refuse("A security group can't be a room list.")


def check_manager(call: Call, group: Document) -> None:
    """Refuse a caller who does not manage the security group and does not bypass the check."""
    if group["IsDirSynced"]:  # general knowledge; type and text unconfirmed
        raise call.refuse("The group is synchronized from your on-premises organization; change it there.")
    bypassed = call.get("BypassSecurityGroupManagerCheck")
    if group["GroupType"] == SECURITY and not bypassed and not _is_managed(call, group):
        raise NotManager


def account(call: Call) -> str:
    """Who calls, as an owner: the GUID of a person's mailbox.

    An application has none; its name stands for it, so it manages what it made without naming an owner (unconfirmed).
    """
    mailbox = call.tenant.find("Recipient", call.caller.display_name, {"upn"})
    return mailbox[0] if mailbox else call.caller.display_name


def _is_managed(call: Call, group: Document) -> bool:
    """Whether the caller owns the group, or is in a group that does."""
    me, store, tenant = account(call), call.tenant.store, call.tenant.tenant_id
    return any(owner == me or store.is_member(tenant, owner, me) for owner in group["ManagedBy"])


def hide_members(call: Call, document: Document) -> None:
    """HiddenGroupMembershipEnabled: once hidden, members cannot be shown again."""
    if document["HiddenGroupMembershipEnabled"] and not call.get("HiddenGroupMembershipEnabled", True):
        raise call.refuse("Hidden group membership can't be revealed again.")
    document["HiddenGroupMembershipEnabled"] |= call.get("HiddenGroupMembershipEnabled", False)


def make_room_list(call: Call, document: Document) -> None:
    """RoomList: a group of rooms; turning one back is not documented and refused."""
    if call.get("RoomList"):
        document["RecipientTypeDetails"] = "RoomList"
    elif call.has("RoomList") and document["RecipientTypeDetails"] == "RoomList":
        raise call.refuse("A room list can't be turned back into a distribution group.")


def name_by_policy(call: Call, name: str) -> str:
    """The display name as the organisation's naming policy has it, unless the policy is ignored."""
    (organization,) = call.tenant.all("OrganizationConfig")
    if call.get("IgnoreNamingPolicy"):
        return name
    words = {word.casefold() for word in organization["DistributionGroupNameBlockedWordsList"]}
    if words & set(name.casefold().split()):
        raise call.refuse(f'The group name "{name}" has a word that your organization blocks.')
    policy = organization["DistributionGroupNamingPolicy"]
    return policy.replace("<GroupName>", name) if policy else name


def tip_mail(call: Call, document: Document) -> None:
    """The MailTip is the default translation, and vice versa."""
    tips = dict(entry.split(":", 1) for entry in document["MailTipTranslations"])
    if call.has("MailTip"):
        tips.pop("default", None)
        if call["MailTip"]:
            tips = {"default": call["MailTip"], **tips}
    document["MailTip"] = tips.get("default")
    document["MailTipTranslations"] = [f"{culture}:{text}" for culture, text in tips.items()]
