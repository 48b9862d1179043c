"""`area1 status`: the guide's steps against a tenant, ticked or not. Nothing is asked here, and nothing is changed."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any, Literal

from area1_provider.commands.sighting import Sighting
from area1_provider.resources.journal_rule import JournalRuleProvider
from area1_provider.resources.outbound_connector import OutboundConnectorProvider
from area1_provider.schema import Noun

if TYPE_CHECKING:
    from area1_provider.client import Exchange
    from area1_provider.journaling import JournalingArgs

State = Literal["done", "open", "not needed"]

TITLES = {
    "1.1": "Connector for delivery to Area 1",
    "1.2": "To a partner organization",
    "1.3": "Name, description, on, internal headers kept",
    "1.4": "Only for mail to these domains",
    "1.5": "Routed to these smart hosts",
    "1.6": "TLS with a certificate of a trusted CA",
    "1.7": "Settings confirmed",
    "1.8": "Validated with an address",
    "1.9": "Every task of the validation succeeded",
    "1.10": "Connector active",
    "2.1": "Journal rules",
    "2.2": "Undeliverable journal reports",
    "2.3": "Journal rule: to whom, of whom, which messages",
    "2.4": "Rule saved and on",
    "group": "Group that the rule is restricted to",
}
"""The guide's steps."""

SCREENS = {
    "1.2": ("connector_type",),
    "1.3": ("name", "comment", "enabled", "cloud_services_mail_enabled"),
    "1.4": ("recipient_domains", "is_transport_rule_scoped", "all_accepted_domains"),
    "1.5": ("use_mx_record", "smart_hosts"),
    "1.6": ("tls_settings", "tls_domain"),
}
"""What the screens of the connector set."""


@dataclass(frozen=True)
class Step:
    """One step of the guide; `found` says what the tenant holds, and what it should hold where that differs."""

    number: str
    state: State
    found: str

    @property
    def title(self) -> str:
        """Give the step in the guide's words."""
        return TITLES[self.number]


@dataclass(frozen=True)
class Status:
    """All steps of one tenant."""

    tenant: str
    tenant_id: str
    steps: tuple[Step, ...]

    @property
    def complete(self) -> bool:
        """Say whether no step is open."""
        return all(step.state != "open" for step in self.steps)

    def plain(self) -> dict[str, Any]:
        """Give it as JSON takes it."""
        steps = [{"step": step.number, "title": step.title, **asdict(step)} for step in self.steps]
        for step in steps:
            del step["number"]
        return {"tenant": self.tenant, "tenant_id": self.tenant_id, "complete": self.complete, "steps": steps}


def observe(exchange: Exchange, args: JournalingArgs | None) -> Status:
    """Look at a tenant; `args` is what it should hold, None for the guide's own values around what is found."""
    seen = Sighting(exchange, args)
    steps = (*connector_steps(seen), *rule_steps(seen), group_step(seen))
    return Status(exchange.settings.tenant, exchange.tenant_id, steps)


def connector_steps(seen: Sighting) -> Iterator[Step]:
    """Give steps 1.1 to 1.10: not needed where no connector is wanted, open where there is none."""
    numbers = [number for number in TITLES if number.startswith("1.")]
    if not seen.connector_wanted:
        yield from (Step(number, "not needed", "delivery without a connector") for number in numbers)
    elif seen.connector is None:
        yield from (Step(number, "open", "no connector") for number in numbers)
    else:
        yield Step("1.1", "done", f"{seen.connector.get('Name')} ({seen.connector.get('Guid')})")
        yield from _screens(seen, seen.connector)
        yield from _validation(seen, seen.connector)
        active = bool(seen.connector.get("Enabled")) and seen.connector.get("IsValid") is not False
        yield _step("1.10", told(active), done=active)


def _screens(seen: Sighting, connector: Mapping[str, Any]) -> Iterator[Step]:
    """Give steps 1.2 to 1.7."""
    noun, goal = OutboundConnectorProvider.noun, seen.connector_goal
    steps = [_compared(number, noun, names, connector, goal) for number, names in SCREENS.items()]
    yield from steps
    wrong = [step.number for step in steps if step.state == "open"]
    yield _step("1.7", f"differs in {', '.join(wrong)}" if wrong else "as above", done=not wrong)


def _validation(seen: Sighting, connector: Mapping[str, Any]) -> Iterator[Step]:
    """Give steps 1.8 and 1.9."""
    addresses, marked = connector.get("ValidationRecipients") or [], bool(connector.get("IsValidated"))
    without: State = "not needed" if not seen.args.validate or seen.args.accept_failed_validation else "open"
    when = f"at {connector.get('LastValidationTimestamp')}" if marked else "not marked as validated"
    yield Step("1.8", "done" if addresses else without, told(addresses))
    yield Step("1.9", "done" if marked else without, when)


def rule_steps(seen: Sighting) -> Iterator[Step]:
    """Give steps 2.1 to 2.4."""
    yield _step("2.1", f"{len(seen.rules)} in the tenant", done=True)
    wanted, found = str(seen.args.undeliverable_address or ""), seen.undeliverable
    right = bool(found) and wanted.casefold() in ("", found.casefold())
    yield _step("2.2", told(found) + ("" if right or not wanted else f" instead of {wanted}"), done=right)
    if seen.rule is None:
        yield from (Step(number, "open", "no rule") for number in ("2.3", "2.4"))
        return
    yield _compared("2.3", JournalRuleProvider.noun, tuple(seen.rule_goal), seen.rule, seen.rule_goal)
    on, goal = bool(seen.rule.get("Enabled")), seen.args.enabled is not False
    yield _step("2.4", told(on) if on == goal else f"{told(on)} instead of {told(goal)}", done=on == goal)


def group_step(seen: Sighting) -> Step:
    """Give the guide's last section: the group and who is in it."""
    if not seen.restricted_to and seen.args.group is None:
        return Step("group", "not needed", "everyone is journaled")
    if seen.group is not None:
        return _members(seen, seen.group)
    one = seen.recipient if seen.restricted_to and seen.args.group is None else None
    if one is None:
        return _step("group", f"no group {seen.restricted_to!r}", done=False)
    return _step("group", f"{recipients_kind(one)} {one.get('PrimarySmtpAddress')}, no group", done=True)


def recipients_kind(recipient: Mapping[str, Any]) -> str:
    """Say what kind of recipient it is, as Exchange calls it."""
    return str(recipient.get("RecipientTypeDetails") or "recipient")


def _members(seen: Sighting, group: Mapping[str, Any]) -> Step:
    """Compare the members where the stack names them."""
    stated = seen.args.group.members if seen.args.group else None
    wanted: Sequence[str] = [str(one) for one in stated] if isinstance(stated, list | tuple) else []
    there = seen.members(wanted)
    missing = [one for one in wanted if one not in there]
    exact = seen.args.group is not None and stated is not None and seen.args.group.member_mode != "at_least"
    extra = [one for one in there if one not in wanted] if exact else []
    lines = [f"{group.get('DisplayName') or group.get('Name')}: {told(there)}"]
    lines += [f"missing {told(missing)}"] if missing else []
    lines += [f"too many: {told(extra)}"] if extra else []
    return _step("group", "; ".join(lines), done=not missing and not extra)


def _compared(
    number: str, noun: Noun, names: Collection[str], found: Mapping[str, Any], goal: Mapping[str, Any]
) -> Step:
    """Compare those of the properties `names` that have a goal, by meaning."""
    values, lines, done = noun.observed(found), [], True
    for name in names:
        if goal.get(name) is None:
            continue
        same, shown = noun.properties[name].same(goal[name], values.get(name)), told(values.get(name))
        lines.append(f"{name}: {shown}" if same else f"{name}: {shown} instead of {told(goal[name])}")
        done = done and same
    return _step(number, "; ".join(lines), done=done)


def _step(number: str, found: str, *, done: bool) -> Step:
    return Step(number, "done" if done else "open", found)


def told(value: Any) -> str:
    """Give a value as a person reads it."""
    if isinstance(value, bool):
        return "on" if value else "off"
    if isinstance(value, list | tuple):
        return ", ".join(map(str, value)) or "none"
    return str(value) if value not in (None, "") else "none"
