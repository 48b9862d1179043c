"""Members of a group: read in one paged call, changed one by one or replaced as a whole, whichever is fewer calls.

Cmdlets: Add-, Remove-, Update-, Get-DistributionGroupMember.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING, Any

from area1_provider import errors, recipients
from area1_provider.schema import Properties

if TYPE_CHECKING:
    from area1_provider.client import Exchange

MOST_AT_ONCE = 5000
"""Update-DistributionGroupMember may time out above; the rest is added one by one (its page)."""

AT_LEAST = "at_least"


def split(desired: Properties) -> tuple[Properties, bool]:
    """Give what New- is called with, and whether members remain for afterwards."""
    if len(desired.get("members") or ()) <= MOST_AT_ONCE:
        return desired, False
    return {name: value for name, value in desired.items() if name != "members"}, True


def observed(exchange: Exchange, id_: str, known: Properties) -> list[str]:
    """Give the members, each as `known` spells it; where others may be in the group, only those that are known."""
    wanted = known.get("members") or ()
    parameters = {"Identity": id_, "ResultSize": "Unlimited"}
    members = exchange.invoke("Get-DistributionGroupMember", parameters).objects
    spelled = recipients.spelled(members, wanted)
    if known.get("member_mode") != AT_LEAST:
        return spelled
    there, guids = set(spelled), {str(member.get("Guid")).casefold() for member in members}
    return [text for text in wanted if text in there or recipients.guid(exchange, text) in guids]


def apply(exchange: Exchange, id_: str, desired: Properties, state: Properties) -> None:
    """Bring the members from those of the state to those desired."""
    before, after = (_by_text(values.get("members") or ()) for values in (state, desired))
    to_add = [text for key, text in after.items() if key not in before]
    to_remove = [text for key, text in before.items() if key not in after]
    exact = desired.get("member_mode") != AT_LEAST
    if exact and after and len(to_add) + len(to_remove) != 1:  # what Update- does with an empty list is unconfirmed
        replace(exchange, id_, list(after.values()))
        return
    for text in to_add:
        add(exchange, id_, text)
    for text in _really(exchange, to_remove, to_add):
        remove(exchange, id_, text)


def _really(exchange: Exchange, to_remove: Collection[str], to_add: Collection[str]) -> list[str]:
    """Leave out of the members to remove those that are only spelled otherwise now."""
    if not to_add:
        return list(to_remove)
    stay = recipients.identify(exchange)(to_add) if to_remove else frozenset()
    return [text for text in to_remove if recipients.guid(exchange, text) not in stay]


def _by_text(members: Collection[str]) -> dict[str, str]:
    return {text.casefold(): text for text in members}


def replace(exchange: Exchange, id_: str, members: Collection[str]) -> None:
    """Make `members` the only members."""
    listed = list(members)
    _change(exchange, "Update", id_, Members=listed[:MOST_AT_ONCE])
    for text in listed[MOST_AT_ONCE:]:
        add(exchange, id_, text)


def add(exchange: Exchange, id_: str, member: str) -> None:
    """Add one; one that is in the group already is as wanted."""
    try:
        _change(exchange, "Add", id_, Member=member)
    except errors.AlreadyMember:
        exchange.tell(f"{member} was a member already")


def remove(exchange: Exchange, id_: str, member: str) -> None:
    """Remove one; one that is not in the group is as wanted."""
    try:
        _change(exchange, "Remove", id_, Member=member)
    except (errors.NotMember, errors.NotFound):
        exchange.tell(f"{member} was no member any more")


def _change(exchange: Exchange, verb: str, id_: str, **parameters: Any) -> None:
    """Call a member cmdlet; an app is no manager of the group, so the check for one is passed by."""
    common = {"Identity": id_, "BypassSecurityGroupManagerCheck": True}
    confirm = {} if verb == "Add" else {"Confirm": False}
    exchange.invoke(f"{verb}-DistributionGroupMember", {**common, **parameters, **confirm})
