"""Members of a group: read in one paged call, added one by one or replaced as a whole, whichever is fewer calls.

Cmdlets: Add-, Remove-, Update-, Get-DistributionGroupMember.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from area1_provider import errors, recipients
from area1_provider.forms import is_guid
from area1_provider.schema import MANAGED, Properties

if TYPE_CHECKING:
    from area1_provider.client import Exchange

MOST_AT_ONCE = 5000
"""Update-DistributionGroupMember may time out above; the rest is added one by one (its page)."""

AT_LEAST = "at_least"

NOT_SHOWN = "members not shown"
"""Beside a state that was looked at: members that it had, and that the look did not show. Never kept."""


def split(desired: Properties) -> tuple[Properties, bool]:
    """Give what New- is called with, and whether members remain for afterwards."""
    if len(desired.get("members") or ()) <= MOST_AT_ONCE:
        return desired, False
    return {name: value for name, value in desired.items() if name != "members"}, True


def observed(exchange: Exchange, id_: str, known: Properties) -> list[str]:
    """Give the members, each as `known` spells it; where others may be in the group, only those that are known."""
    wanted = known.get("members") or ()
    members = _members(exchange, id_)
    if is_exact(known):
        return recipients.spelled(members, wanted)
    by_name = _by_name(members)
    there = set(by_name.values())
    return [text for text in wanted if _key(exchange, by_name, text) in there]


def is_exact(values: Properties) -> bool:
    """Say whether nobody else may be in the group."""
    return values.get("member_mode") != AT_LEAST


def apply(exchange: Exchange, id_: str, desired: Properties, state: Properties) -> None:
    """Bring the members to those desired: one more is added, else one call replaces all.

    Above what one call takes, and where others may be in the group, only those go in and out who have to.
    """
    exact, after = is_exact(desired), _by_text(desired.get("members") or ())
    more = _only_more(after, desired, state)
    if more and (len(more) == 1 or not exact):
        for text in more:
            add(exchange, id_, text)
    elif exact and 0 < len(after) <= MOST_AT_ONCE:  # what Update- does with an empty list is unconfirmed
        replace(exchange, id_, list(after.values()))
    else:
        _change_some(
            exchange, id_, list(after.values()), _known(state), everybody=exact, some=_is_known(desired, state)
        )


def _only_more(after: Mapping[str, str], desired: Properties, state: Properties) -> list[str]:
    """Give who is to be added, none where that is not all: the state does not say who is in it, or somebody goes."""
    before = _by_text(state.get("members") or ())
    if not _is_known(desired, state) or not before.keys() <= after.keys():
        return []
    return [text for key, text in after.items() if key not in before]


def _is_known(desired: Properties, state: Properties) -> bool:
    """Say whether the state tells of the members what `desired` does: all of them, or those that were wanted."""
    return "members" in (state.get(MANAGED) or ()) and is_exact(state) == is_exact(desired)


def _known(state: Properties) -> list[str]:
    """Name who was in the group by what the state says, shown now or not."""
    return [*(state.get("members") or ()), *(state.get(NOT_SHOWN) or ())]


def _change_some(
    exchange: Exchange, id_: str, after: Collection[str], before: Collection[str], *, everybody: bool, some: bool
) -> None:
    """Add and remove one by one. Who is in the group is asked first: one may be named otherwise now, or twice.

    Who is no longer wanted goes: of `everybody` who is there, or of `some` who were known `before`. None of these stays for
    the reason that a server which is behind does not show them.
    """
    by_name = _by_name(_members(exchange, id_))
    there = set(by_name.values())
    wanted = {text: _key(exchange, by_name, text) for text in after}
    for text in (text for text, key in wanted.items() if key not in there):
        add(exchange, id_, text)
    known = {_key(exchange, by_name, text) for text in (before if some or everybody else ())}
    leaving = {key for key in known if key in there or is_guid(key)}  # another text may name somebody who is wanted
    leaving |= there if everybody else set()
    for key in sorted(leaving - set(wanted.values())):
        remove(exchange, id_, key)


def _members(exchange: Exchange, id_: str) -> Sequence[Mapping[str, Any]]:
    return exchange.invoke("Get-DistributionGroupMember", {"Identity": id_, "ResultSize": "Unlimited"}).objects


def _by_name(members: Collection[Mapping[str, Any]]) -> dict[str, str]:
    """Give the GUID of a member by each of its names."""
    keyed = [(str(one.get("Guid") or recipients.shown(one)).casefold(), one) for one in members]
    return {name: key for key, one in keyed for name in recipients.names_of(one) | {key}}


def _key(exchange: Exchange, by_name: Mapping[str, str], text: str) -> str:
    """Give the GUID of the recipient that a text names; one is looked up that no member's names show."""
    return by_name.get(text.casefold()) or recipients.guid(exchange, text)


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
