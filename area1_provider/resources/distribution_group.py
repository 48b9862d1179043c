"""DistributionGroup: a group with its members, for a journal rule to be restricted to (guide, last section).

Cmdlets: New-, Get-, Set-, Remove-DistributionGroup, Add-, Remove-, Update-, Get-DistributionGroupMember. Left out, with the
reasons in docs/resources: OrganizationalUnit, Notes, RoomList, WindowsEmailAddress, the halves of
AcceptMessagesOnlyFrom and RejectMessagesFrom, MailTipTranslations.
"""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any, Literal

import pulumi
from pulumi import Input

from area1_provider import forms, group_members, group_rules, recipients
from area1_provider.provider import ExchangeProvider
from area1_provider.resource import ExchangeResource
from area1_provider.schema import MANAGED, Noun, Properties, Wire
from area1_provider.steps import Problems

if TYPE_CHECKING:
    from area1_provider.client import Exchange


@dataclass(frozen=True, kw_only=True)
class DistributionGroupArgs:
    """What a group should be. Unset is unmanaged; `""` and `[]` clear. Recipients go by GUID, address, alias or name."""

    name: Annotated[Input[str] | None, Wire("Name", max_length=64, cleared=False)] = None
    """Unique name; the resource's own name if unset. Changed in place."""
    display_name: Annotated[Input[str] | None, Wire("DisplayName", max_length=256, cleared=False)] = None
    """Name in address lists."""
    alias: Annotated[Input[str] | None, Wire("Alias", max_length=64, form=forms.ALIAS, cleared=False)] = None
    """Exchange alias; made of the name if unset."""
    primary_smtp_address: Annotated[
        Input[str] | None, Wire("PrimarySmtpAddress", form=forms.ADDRESS, cleared=False)
    ] = None
    """Address; the alias in the tenant's default domain if unset. Not together with `email_addresses`."""
    type: Annotated[Input[Literal["Distribution", "Security"]] | None, Wire("Type", verb="New")] = None
    """A list, or a mail-enabled security group. A change replaces the group."""
    description: Annotated[Input[Sequence[Input[str]]] | None, Wire("Description")] = None
    """Lines of description."""
    members: Annotated[
        Input[Sequence[Input[str]]] | None, Wire("Members", unordered=True, form=forms.RECIPIENT, verb="New")
    ] = None
    """Who is in it: mailboxes, mail users, mail contacts, groups."""
    member_mode: Literal["exact", "at_least"] | None = None
    """`exact` (the default): nobody else is in it. `at_least`: others may be."""
    managed_by: Annotated[
        Input[Sequence[Input[str]]] | None, Wire("ManagedBy", unordered=True, form=forms.RECIPIENT)
    ] = None
    """Owners, 1 to 10. An app has no mailbox, so name them."""
    member_join_restriction: Annotated[
        Input[Literal["Open", "Closed", "ApprovalRequired"]] | None, Wire("MemberJoinRestriction")
    ] = None
    """Whether users may join by themselves."""
    member_depart_restriction: Annotated[Input[Literal["Open", "Closed"]] | None, Wire("MemberDepartRestriction")] = (
        None
    )
    """Whether users may leave by themselves."""
    require_sender_authentication_enabled: Annotated[Input[bool] | None, Wire("RequireSenderAuthenticationEnabled")] = (
        None
    )
    """Refuse mail from outside."""
    moderation_enabled: Annotated[Input[bool] | None, Wire("ModerationEnabled")] = None
    """Messages wait for a moderator."""
    moderated_by: Annotated[
        Input[Sequence[Input[str]]] | None, Wire("ModeratedBy", unordered=True, form=forms.RECIPIENT)
    ] = None
    """Moderators."""
    send_moderation_notifications: Annotated[
        Input[Literal["Always", "Internal", "Never"]] | None, Wire("SendModerationNotifications")
    ] = None
    """Who is told of a message that was refused."""
    bypass_nested_moderation_enabled: Annotated[Input[bool] | None, Wire("BypassNestedModerationEnabled")] = None
    """A moderator's approval counts for moderated groups inside."""
    bcc_blocked: Annotated[Input[bool] | None, Wire("BccBlocked")] = None
    """Refuse mail that names the group in Bcc."""
    hidden_group_membership_enabled: Annotated[Input[bool] | None, Wire("HiddenGroupMembershipEnabled")] = None
    """Hide the members. Cannot be undone: back to False replaces the group."""
    hidden_from_address_lists_enabled: Annotated[
        Input[bool] | None, Wire("HiddenFromAddressListsEnabled", verb="Set")
    ] = None
    """Hide the group from address lists."""
    email_addresses: Annotated[
        Input[Sequence[Input[str]]] | None,
        Wire("EmailAddresses", unordered=True, form=forms.PROXY_ADDRESS, verb="Set", cleared=False),
    ] = None
    """All addresses, `SMTP:` before the primary one, `smtp:` before others. Not together with `primary_smtp_address`."""
    mail_tip: Annotated[Input[str] | None, Wire("MailTip", verb="Set", form=forms.MAIL_TIP)] = None
    """Hint that a sender sees."""
    grant_send_on_behalf_to: Annotated[
        Input[Sequence[Input[str]]] | None,
        Wire("GrantSendOnBehalfTo", unordered=True, form=forms.RECIPIENT, verb="Set"),
    ] = None
    """Who may send on behalf of the group."""
    accept_messages_only_from_senders_or_members: Annotated[
        Input[Sequence[Input[str]]] | None,
        Wire("AcceptMessagesOnlyFromSendersOrMembers", unordered=True, form=forms.RECIPIENT, verb="Set"),
    ] = None
    """Only these, and members of these groups, may send to it."""
    reject_messages_from_senders_or_members: Annotated[
        Input[Sequence[Input[str]]] | None,
        Wire("RejectMessagesFromSendersOrMembers", unordered=True, form=forms.RECIPIENT, verb="Set"),
    ] = None
    """These, and members of these groups, may not send to it."""
    bypass_moderation_from_senders_or_members: Annotated[
        Input[Sequence[Input[str]]] | None,
        Wire("BypassModerationFromSendersOrMembers", unordered=True, form=forms.RECIPIENT, verb="Set"),
    ] = None
    """Whose messages are not moderated."""
    report_to_manager_enabled: Annotated[Input[bool] | None, Wire("ReportToManagerEnabled", verb="Set")] = None
    """Delivery reports go to the owner."""
    report_to_originator_enabled: Annotated[Input[bool] | None, Wire("ReportToOriginatorEnabled", verb="Set")] = None
    """Delivery reports go to the sender."""
    send_oof_message_to_originator_enabled: Annotated[
        Input[bool] | None, Wire("SendOofMessageToOriginatorEnabled", verb="Set")
    ] = None
    """Members' automatic replies go to the sender."""
    simple_display_name: Annotated[Input[str] | None, Wire("SimpleDisplayName", verb="Set", form=forms.SIMPLE_NAME)] = (
        None
    )
    """Display name in plain letters."""
    custom_attribute1: Annotated[Input[str] | None, Wire("CustomAttribute1", max_length=1024, verb="Set")] = None
    custom_attribute2: Annotated[Input[str] | None, Wire("CustomAttribute2", max_length=1024, verb="Set")] = None
    custom_attribute3: Annotated[Input[str] | None, Wire("CustomAttribute3", max_length=1024, verb="Set")] = None
    custom_attribute4: Annotated[Input[str] | None, Wire("CustomAttribute4", max_length=1024, verb="Set")] = None
    custom_attribute5: Annotated[Input[str] | None, Wire("CustomAttribute5", max_length=1024, verb="Set")] = None
    custom_attribute6: Annotated[Input[str] | None, Wire("CustomAttribute6", max_length=1024, verb="Set")] = None
    custom_attribute7: Annotated[Input[str] | None, Wire("CustomAttribute7", max_length=1024, verb="Set")] = None
    custom_attribute8: Annotated[Input[str] | None, Wire("CustomAttribute8", max_length=1024, verb="Set")] = None
    custom_attribute9: Annotated[Input[str] | None, Wire("CustomAttribute9", max_length=1024, verb="Set")] = None
    custom_attribute10: Annotated[Input[str] | None, Wire("CustomAttribute10", max_length=1024, verb="Set")] = None
    custom_attribute11: Annotated[Input[str] | None, Wire("CustomAttribute11", max_length=1024, verb="Set")] = None
    custom_attribute12: Annotated[Input[str] | None, Wire("CustomAttribute12", max_length=1024, verb="Set")] = None
    custom_attribute13: Annotated[Input[str] | None, Wire("CustomAttribute13", max_length=1024, verb="Set")] = None
    custom_attribute14: Annotated[Input[str] | None, Wire("CustomAttribute14", max_length=1024, verb="Set")] = None
    custom_attribute15: Annotated[Input[str] | None, Wire("CustomAttribute15", max_length=1024, verb="Set")] = None
    extension_custom_attribute1: Annotated[
        Input[Sequence[Input[str]]] | None, Wire("ExtensionCustomAttribute1", unordered=True, maximum=1300, verb="Set")
    ] = None
    extension_custom_attribute2: Annotated[
        Input[Sequence[Input[str]]] | None, Wire("ExtensionCustomAttribute2", unordered=True, maximum=1300, verb="Set")
    ] = None
    extension_custom_attribute3: Annotated[
        Input[Sequence[Input[str]]] | None, Wire("ExtensionCustomAttribute3", unordered=True, maximum=1300, verb="Set")
    ] = None
    extension_custom_attribute4: Annotated[
        Input[Sequence[Input[str]]] | None, Wire("ExtensionCustomAttribute4", unordered=True, maximum=1300, verb="Set")
    ] = None
    extension_custom_attribute5: Annotated[
        Input[Sequence[Input[str]]] | None, Wire("ExtensionCustomAttribute5", unordered=True, maximum=1300, verb="Set")
    ] = None
    adopt: bool | None = None
    """Take over a group of this name that is there already; one of another type is refused."""


class DistributionGroupProvider(ExchangeProvider):
    """Lifecycle of distribution groups and mail-enabled security groups, members included."""

    noun = Noun("DistributionGroup", DistributionGroupArgs, settings=("member_mode", "adopt"))
    in_place = ("members",)

    def rules(self, desired: Properties) -> Problems:
        """Refuse what the pages of New- and Set-DistributionGroup exclude."""
        yield from group_rules.refusals(desired)
        if desired.get("member_mode") not in (None, "exact", "at_least"):
            yield "member_mode", f"{desired['member_mode']!r} is none of exact, at_least"

    def leftovers(self, desired: Properties, before: Properties) -> Problems:
        """Addresses go by turns: only one command must not name both. Another type is another group."""
        if desired.get("type", before.get("type")) == before.get("type"):
            kept = {name: value for name, value in before.items() if name not in _ADDRESSES}
            yield from super().leftovers(desired, kept)

    def irrevocable(self, state: Properties, desired: Properties) -> Collection[str]:
        """Hidden membership cannot be shown again (page of New-DistributionGroup)."""
        name = "hidden_group_membership_enabled"
        return [name] if state.get(name) is True and desired.get(name) is False else []

    def unsettled(self, state: Properties, desired: Properties) -> bool:
        """The same members mean something else where others may be in the group, and where not."""
        return "members" in desired and group_members.is_exact(state) != group_members.is_exact(desired)

    def collides(self, state: Properties, desired: Properties) -> bool:
        """Alias and address are taken once as well, and Exchange makes both of the name if they are not given."""
        given = any(desired.get(name) is not None for name in ("alias", *_ADDRESSES))
        return super().collides(state, desired) or given or _may_take(str(desired["name"]), state)

    def implied(self, desired: Properties, seen: Properties) -> Properties:
        """Give the alias, and the addresses of another group, that a new one gets because none are given."""
        alias = str(desired.get("alias") or _alias_of(str(desired["name"])))
        given = any(desired.get(name) for name in _ADDRESSES)
        proxies = [] if given else [one for one in seen.get("email_addresses") or () if _local(one) == alias.casefold()]
        return {"alias": alias, **({"email_addresses": proxies} if proxies else {})}

    def make(self, exchange: "Exchange", desired: Properties) -> Mapping[str, Any]:
        """Make the group with its members in one call, as far as New- takes them."""
        made = typed(super().make(exchange, group_members.split(desired)[0]))
        recipients.remember(exchange, made)
        return made

    def completed(
        self, exchange: "Exchange", id_: str, desired: Properties, made: Mapping[str, Any]
    ) -> Mapping[str, Any]:
        """Put in the members that New- does not take."""
        if group_members.split(desired)[1]:
            group_members.replace(exchange, id_, desired["members"])
        return super().completed(exchange, id_, desired, made)

    def observe(self, exchange: "Exchange", id_: str, known: Properties, names: Collection[str]) -> Mapping[str, Any]:
        """Get the group, and its members where they are managed; only what is asked for."""
        seen: dict[str, Any] = {}
        if set(names) != {"members"}:
            seen |= typed(self.get(exchange, id_))
        if "members" in names:
            seen["Members"] = group_members.observed(exchange, id_, known)
        return seen

    def looked_at(self, exchange: "Exchange", id_: str, state: Properties) -> dict[str, Any]:
        """Members that the state knows may be in the group, though a server that is behind does not show them."""
        seen = super().looked_at(exchange, id_, state)
        hidden = [one for one in state.get("members") or () if one not in (seen.get("members") or ())]
        return {**seen, group_members.NOT_SHOWN: hidden}

    def untrusted(self, state: Properties) -> dict[str, Any]:
        """Where others may be in the group, members that were ours are known, so that they may go."""
        kept = "members" in (state.get(MANAGED) or ()) and not group_members.is_exact(state)
        return {**state, MANAGED: ["members"] if kept else []}

    def brought(self, exchange: "Exchange", id_: str, state: Properties, desired: Properties) -> dict[str, Any]:
        """Bring the members about anew where the state knows them in another mode; a rule may follow with a new address."""
        if self.unsettled(state, desired):
            state = {**state, MANAGED: [name for name in state.get(MANAGED) or () if name != "members"]}
        outputs = super().brought(exchange, id_, state, desired)
        named = {"PrimarySmtpAddress": outputs.get("primary_smtp_address"), "Name": outputs.get("name")}
        recipients.remember(exchange, named)
        return outputs

    def apply(
        self, exchange: "Exchange", id_: str, names: Collection[str], desired: Properties, state: Properties
    ) -> None:
        """Set properties; bring members to what is desired by their own cmdlets."""
        super().apply(exchange, id_, names, desired, state)
        if "members" in names:
            group_members.apply(exchange, id_, desired, state)

    def set_parameters(self, exchange: "Exchange", id_: str, parameters: Mapping[str, Any]) -> None:
        """Set; an app is no manager of the group, so the check for one is passed by (Microsoft365DSC issue 6435)."""
        if parameters:
            super().set_parameters(exchange, id_, {**parameters, "BypassSecurityGroupManagerCheck": True})

    def remove(self, exchange: "Exchange", id_: str, state: Properties) -> None:
        """Remove the group; see `set_parameters` for the switch."""
        parameters = {"Identity": id_, "Confirm": False, "BypassSecurityGroupManagerCheck": True}
        exchange.invoke("Remove-DistributionGroup", parameters)


_ADDRESSES = ("primary_smtp_address", "email_addresses")


def _may_take(name: str, state: Properties) -> bool:
    """Say whether the alias or address that Exchange would make of a name may be one that the old group has."""
    alias = _alias_of(name).casefold()
    locals_ = {_local(str(text)) for text in state.get("email_addresses") or ()}
    return not re.fullmatch(r"[a-z0-9-]+", alias) or alias in {*locals_, str(state.get("alias")).casefold()}


def _alias_of(name: str) -> str:
    """Give the alias that Exchange makes of a plain name (page of New-DistributionGroup)."""
    return "".join(name.split())


def _local(proxy: str) -> str:
    """Give what stands before the @-sign, as it is compared."""
    return proxy.partition(":")[2].partition("@")[0].casefold()


def typed(group: Mapping[str, Any]) -> Mapping[str, Any]:
    """Add `Type`, which New- takes and no cmdlet shows, as `GroupType` tells it; what is no text stays, to be refused."""
    kind = group.get("GroupType")
    if isinstance(kind, str):
        kind = "Security" if "SecurityEnabled" in kind else "Distribution"
    return group if kind is None else {**group, "Type": kind}


class DistributionGroup(ExchangeResource, module="area1", name="DistributionGroup"):
    """A distribution group or mail-enabled security group of Exchange Online."""

    provider_class = DistributionGroupProvider

    def __init__(
        self, resource_name: str, args: DistributionGroupArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__(resource_name, args, opts)
