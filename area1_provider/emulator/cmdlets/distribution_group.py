"""New-, Get-, Set- and Remove-DistributionGroup, as their pages in office-docs-powershell describe them.

Members stand in `distribution_group_member.py`, what a group must obey in `group_rules.py`.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from area1_provider.emulator.cmdlets import addressing, group_rules, people
from area1_provider.emulator.cmdlets.call import UNCHANGED, Call, assign, cmdlet, render
from area1_provider.emulator.cmdlets.distribution_group_member import join, resolve
from area1_provider.emulator.cmdlets.identity import check_unit, named_recipient, the_group
from area1_provider.emulator.cmdlets.listing import listed, named
from area1_provider.emulator.tenant import directory, population
from area1_provider.emulator.tenant.store import Document

NOUN = "DistributionGroup"
PLAIN = frozenset(
    {
        "BccBlocked",
        "BypassNestedModerationEnabled",
        "Description",
        "HiddenFromAddressListsEnabled",
        "MailTipTranslations",
    }
    | {"MemberDepartRestriction", "MemberJoinRestriction", "ModerationEnabled", "Notes", "ReportToManagerEnabled"}
    | {"ReportToOriginatorEnabled", "RequireSenderAuthenticationEnabled", "SendModerationNotifications"}
    | {"SendOofMessageToOriginatorEnabled", "SimpleDisplayName"}
    | {f"CustomAttribute{number}" for number in range(1, 16)}
    | {f"ExtensionCustomAttribute{number}" for number in range(1, 6)}
)
"""Parameters that simply become the property of the same name."""
STAMPS = {"WhenChanged": "", "WhenChangedUTC": "", "LastExchangeChangedTime": ""}
TYPES = {"Distribution": "MailUniversalDistributionGroup", "Security": "MailUniversalSecurityGroup"}
DISPLAY = "WithDisplayNames"


@cmdlet("New-DistributionGroup")
def new(call: Call) -> Iterable[Mapping[str, Any]]:
    """Source: New-DistributionGroup page.

    Without ManagedBy the caller owns the group; what that is for an application is unconfirmed: its name here.
    """
    if call.has("OrganizationalUnit"):
        check_unit(call)
    alias = call.get("Alias", addressing.derived_alias(call["Name"]))
    document = population.recipient(call.tenant, NOUN, call["Name"], addressing.check_alias(alias), call.timestamp)
    addressing.check_name(call, call["Name"], document["Guid"])
    document |= _typed(call) | _addressed(call, document)
    document |= {"ManagedBy": [group_rules.account(call)], "DisplayName": call["Name"], "Description": []}
    if call.has("ManagedBy"):
        document["ManagedBy"] = []
    document["SamAccountName"] = f"{alias[:10]}-{document['Guid'][:8]}"
    _write(call, document, call.get("DisplayName", call["Name"]))
    call.tenant.save(NOUN, document, call.session)
    _fill(call, document)
    yield render(call, NOUN, document)


def _typed(call: Call) -> dict[str, Any]:
    kind = call.get("Type", "Distribution")
    security = kind == "Security"
    return {
        "GroupType": group_rules.SECURITY if security else "Universal",
        "MemberDepartRestriction": "Closed" if security else "Open",
        "RecipientType": TYPES[kind],
        "RecipientTypeDetails": TYPES[kind],
    }


def _addressed(call: Call, document: Document) -> dict[str, Any]:
    """The primary address is alias@default domain unless given; that the first is meant is unconfirmed."""
    local = addressing.local_part(document["Alias"])
    primary = call.get("PrimarySmtpAddress", f"{local}@{call.tenant.default_domain}")
    found = population.addressed(primary, f"{local}@{call.tenant.organization}")
    addressing.check_domains(call, found["EmailAddresses"])
    addressing.check_free(call, found["EmailAddresses"], document["Guid"])
    return found


def _fill(call: Call, group: Document) -> None:
    members = [] if not call.has("Members") else resolve(call, call["Members"].values)
    if call.get("CopyOwnerToMember"):
        members += [call.tenant.fetch(owner) for owner in group["ManagedBy"] if directory.is_guid(owner)]
    join(call, group, list({row["Guid"]: row for row in members}.values()))


@cmdlet("Get-DistributionGroup")
def get(call: Call) -> Iterable[Mapping[str, Any]]:
    """Source: Get-DistributionGroup page; the Include...WithDisplayNames properties' form is unconfirmed."""
    if call.has("Identity"):
        rows = named(call, NOUN, the_group(call))
    elif call.has("ManagedBy"):
        owner = named_recipient(call, call["ManagedBy"])["Guid"]
        rows = listed(call, NOUN, [row for row in call.tenant.all(NOUN) if owner in row["ManagedBy"]])
    else:
        rows = listed(call, NOUN, call.tenant.all(NOUN))
    asked = [name.removeprefix("Include") for name, value in call.bound.items() if name.endswith(DISPLAY) and value]
    return [row | _display_names(call, row, asked) for row in rows] if asked else rows


def _display_names(call: Call, row: Mapping[str, Any], asked: Iterable[str]) -> dict[str, list[str]]:
    document = call.tenant.fetch(row["Guid"])
    return {name: _described(call, document[name.removesuffix(DISPLAY)]) for name in asked}


def _described(call: Call, guids: Iterable[str]) -> list[str]:
    rows = (call.tenant.fetch(guid) for guid in call.tenant.present(guids))
    return [f"{row['DisplayName']} <{row['PrimarySmtpAddress']}>" for row in rows]


@cmdlet("Set-DistributionGroup")
def change(call: Call) -> Iterable[Mapping[str, Any]]:
    """Source: Set-DistributionGroup page. ForceUpgrade, UpdateMemberCount and the migration's reset do nothing."""
    before = the_group(call)
    group_rules.check_manager(call, before)
    document = dict(before)
    _rename(call, document)
    _readdress(call, document)
    _write(call, document, call.get("DisplayName"))
    if document | STAMPS == before | STAMPS:
        call.warnings.append(UNCHANGED.format(before["Identity"]))
    else:
        call.tenant.save(NOUN, document)
    return ()


def _rename(call: Call, document: Document) -> None:
    if call.has("Alias"):
        document["Alias"] = addressing.check_alias(call["Alias"])
    if name := call.get("Name"):
        addressing.check_name(call, name, document["Guid"])
        dn = directory.recipient_dn(call.tenant.organization, name)
        document |= {"Name": name, "Identity": name, "Id": name, "DistinguishedName": dn}


def _readdress(call: Call, document: Document) -> None:
    given = [name for name in ("EmailAddresses", "PrimarySmtpAddress", "WindowsEmailAddress") if call.has(name)]
    if not given:
        return
    if len(given) > 1:  # the page forbids the first two together; the third changes the same (unconfirmed)
        raise call.refuse(f"These parameters can't be used together: {', '.join(given)}.")
    value, present = call[given[0]], document["EmailAddresses"]
    one = isinstance(value, str)
    proxies = addressing.with_primary(present, value) if one else addressing.changed(present, value)
    addressing.check_domains(call, set(proxies) - set(present))
    addressing.check_free(call, proxies, document["Guid"])
    document |= addressing.primary_of(proxies)


@cmdlet("Remove-DistributionGroup")
def remove(call: Call) -> Iterable[Mapping[str, Any]]:
    """Source: Remove-DistributionGroup page."""
    group = the_group(call)
    group_rules.check_manager(call, group)
    call.tenant.delete(group["Guid"])
    return ()


def _write(call: Call, document: Document, display_name: str | None) -> None:
    assign(call, document, PLAIN)
    people.assign(call, document)
    if display_name is not None:
        document["DisplayName"] = group_rules.name_by_policy(call, display_name)
    group_rules.tip_mail(call, document)
    group_rules.hide_members(call, document)
    group_rules.make_room_list(call, document)
    group_rules.check(call, document)
    local_time = call.timestamp.replace("Z", "+00:00")
    document |= {"WhenChangedUTC": call.timestamp, "WhenChanged": local_time}
    document["LastExchangeChangedTime"] = call.timestamp
