"""Old halves of replacements that a run left in the state: what becomes of each, and of one whose name is wanted.

The engine removes them last, after the change that needs the name. Which it will remove for certain the state says;
notes on a machine could not: they do not say what the program retains, and a fresh runner has none.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

from area1_provider import connection, errors
from area1_provider.saved_state import ENCRYPTED, texts_in
from area1_provider.schema import OURS, Properties

if TYPE_CHECKING:
    from area1_provider.client import Exchange
    from area1_provider.steps import Steps

DELETE, DROP, KEEP = "delete", "drop", "keep"

Answered = TypeVar("Answered")

State = Sequence[Mapping[str, Any]]
"""Resources as `pulumi stack export` gives them."""

NAMES = ("name", "alias", "primary_smtp_address", "email_addresses")
"""Properties that Exchange takes once."""

PRIMARY, OTHER = "SMTP:", "smtp:"
"""What stands before the primary one of the addresses, and before others."""

MOST = 50
"""Characters of a name to which more is added; Exchange takes 64."""


def is_half(resource: Mapping[str, Any]) -> bool:
    """Say whether a resource of the state is the old half of a replacement of ours, to be deleted."""
    return bool(resource.get("delete")) and str(resource["type"]).startswith(OURS)


def fate(half: Mapping[str, Any], live: State, regained: Collection[str] = ()) -> tuple[str, str]:
    """Give what becomes of an old half, beside the resources that stay, and why.

    `delete` it, `drop` only its entry, or `keep` both until nothing names it any more. What names it by a text among
    `regained` means its successor, which is to have that text next.
    """
    urn, id_ = str(half["urn"]), str(half.get("id") or "")
    if any(one["type"] == half["type"] and str(one.get("id")).casefold() == id_.casefold() for one in live):
        return DROP, f"another resource of the stack has {id_} now"
    if half.get("retainOnDelete"):
        return DROP, f"the program retains it (`retain_on_delete`): {id_} stays in the tenant"
    texts = {*([id_.casefold()] if id_ else []), *_addressed(half.get("outputs") or {})} - {*regained}
    if users := [str(one["urn"]) for one in live if one["urn"] != urn and _may_name(one, texts)]:
        last = users[0].rpartition("::")[2]
        return KEEP, f"{last} still names it; the `pulumi up` that changes {last} removes it"
    return DELETE, f"the old half of a replacement that no run has removed yet: {id_}"


@dataclass(frozen=True)
class InTheWay:
    """An old half that has a name of what is wanted: as Exchange shows it, its properties, and what becomes of it."""

    there: Mapping[str, Any]
    id: str
    seen: Properties
    wanted: Properties
    """What is wanted, with what Exchange makes of it by itself."""
    fate: str
    said: str


def in_the_way(
    exchange: Exchange, steps: Steps, saved: Callable[[], State], desired: Properties, of: str = ""
) -> Sequence[InTheWay]:
    """Give the old halves of this tenant that are there and have a name of `desired`; none where there is no state.

    `of` is the id of the object that is to have it, empty for a new one: it is in nobody's way, were it a half itself.
    """
    try:
        state = saved()
    except errors.Area1Error as error:
        exchange.tell(
            f"Whether an old half of a replacement has the name could not be looked up: {error}".splitlines()[0]
        )
        return ()
    live = [one for one in state if one.get("id") and not one.get("delete")]  # no component: what it shows is of others
    found: list[InTheWay] = []
    for half in filter(is_half, state):
        tenant_id = str((half.get("outputs") or {}).get(connection.TENANT_ID))
        ours = half["type"] == steps.noun.type_token and tenant_id.casefold() == exchange.tenant_id.casefold()
        if ours and half["id"] != of:
            with suppress(errors.NotFound):
                found += _met(half, steps.get(exchange, str(half["id"])), steps, desired, live, anew=not of)
    return found


def _met(
    half: Mapping[str, Any], there: Mapping[str, Any], steps: Steps, desired: Properties, live: State, *, anew: bool
) -> Iterator[InTheWay]:
    """Give the half if it has a name or an address that is wanted."""
    seen = steps.noun.observed(there)
    wanted = {**desired, **(steps.implied(desired, seen) if anew else {})}
    if {*_names(wanted)} & {*_names(seen)}:
        found, reason = fate(half, live, [*_addressed(wanted)])
        ends = "removing it" if found == DELETE else f"it stays: {reason}"
        said = f"{steps.noun.name} {half['id']}, the old half of a replacement, is in the way: {ends}"
        yield InTheWay(there, str(half["id"]), seen, wanted, found, said)


def wanted_again(
    exchange: Exchange, steps: Steps, halves: Sequence[InTheWay], desired: Properties
) -> Mapping[str, Any] | None:
    """Give the object of the half that can become what is wanted: nothing that names it is left without it."""
    for half in halves:
        if half.fate != DROP and not steps.replacing(steps.state_of(exchange, desired, half.there), desired):
            exchange.tell(
                f"{steps.noun.name} {half.id}, the old half of a replacement, is wanted again: it is taken back"
            )
            return half.there
    return None


def freeing(
    exchange: Exchange,
    steps: Steps,
    saved: Callable[[], State],
    desired: Properties,
    of: str,
    ask: Callable[[], Answered],
) -> Answered:
    """Give what `ask` gives for the object `of`; where old halves have what it sends, once they have made way."""
    try:
        return ask()
    except errors.AlreadyExists:
        if not made_way(exchange, steps, in_the_way(exchange, steps, saved, desired, of)):
            raise
    return ask()


def made_way(exchange: Exchange, steps: Steps, halves: Sequence[InTheWay]) -> bool:
    """Remove those that nothing names, and let others give up what is wanted; say whether any did. Raises what that raises.

    One that something names has another name, alias and other addresses then. It does what it did, by what it is named by,
    until the engine removes it.
    """
    ways = [_made_way(exchange, steps, half) for half in halves]
    return any(ways)


def _made_way(exchange: Exchange, steps: Steps, half: InTheWay) -> bool:
    if half.fate == DELETE:
        exchange.tell(half.said)
        steps.removed(exchange, half.id, half.seen)
        return True
    parameters = _aside(half) if half.fate == KEEP else {}
    told = ", ".join(f"{name} {value!r}" for name, value in parameters.items())
    exchange.tell(f"{half.said}. Until then it has {told}" if told else half.said)
    steps.set_parameters(exchange, half.id, parameters)
    return bool(parameters)


def _aside(half: InTheWay) -> dict[str, Any]:
    """Give the parameters that free what is wanted."""
    seen, wanted, mark = half.seen, {*_addresses(half.wanted)}, half.id[:8]
    taken = [name for name in ("name", "alias") if seen.get(name) and _same(seen[name], half.wanted.get(name))]
    parameters: dict[str, Any] = {}
    if "name" in taken:
        parameters["Name"] = f"{str(seen['name'])[:MOST]} ({mark})"
    if "alias" in taken:
        parameters["Alias"] = f"{str(seen['alias'])[:MOST]}-{mark}"
    present = list(seen.get("email_addresses") or ())
    kept = [one for one in present if _address(one) not in wanted]
    if kept != present or "alias" in taken:  # an alias moves the primary address where a policy says so: it is named
        parameters["EmailAddresses"] = _with_primary(kept, str(seen.get("primary_smtp_address")), mark)
    return parameters


def _with_primary(proxies: list[str], before: str, mark: str) -> list[str]:
    """Give addresses of which one is the primary one: another, or one of its own that nobody wants, if it was taken."""
    if any(one.startswith(PRIMARY) for one in proxies):
        return proxies
    first, *others = sorted(proxies, key=lambda one: not one.startswith(OTHER)) or [""]
    if first.startswith(OTHER):
        return [PRIMARY + first.removeprefix(OTHER), *others]
    local, _, domain = before.partition("@")
    return [f"{PRIMARY}{local[:MOST]}-{mark}@{domain}", *proxies]


def _same(one: Any, other: Any) -> bool:
    return str(one).casefold() == str(other).casefold()


def _addresses(values: Properties) -> Iterator[str]:
    return _names({name: value for name, value in values.items() if name not in ("name", "alias")})


def _address(proxy: str) -> str:
    return proxy.casefold().removeprefix("smtp:")


def _names(values: Properties) -> Iterator[str]:
    """Give names and addresses, as they are compared."""
    for name in NAMES:
        for text in texts_in(values.get(name)):
            if text:
                yield _address(text)


def _addressed(values: Properties) -> Iterator[str]:
    """Give what others may name an object by; where it is by its name, they have its GUID beside (`resolved`)."""
    return _names({**values, "name": None})


def _may_name(resource: Mapping[str, Any], wanted: Collection[str]) -> bool:
    """Say whether one of these texts (lower case) is among a resource's outputs; where one of ours is secret, it may be."""
    ours = str(resource["type"]).startswith(OURS)
    return any(text in wanted or (ours and text == ENCRYPTED) for text in texts_in(resource.get("outputs") or {}))
