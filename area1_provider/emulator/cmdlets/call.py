"""One invocation of a cmdlet: what it was given, what it may see, what it wants to say; and the list of cmdlets.

No rule of a cmdlet stands here.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, TypeVar

from area1_provider.emulator.cmdlets.binder import Bound, Delta, Replace
from area1_provider.emulator.cmdlets.errors import RuleRefused, ValueRefused
from area1_provider.emulator.cmdlets.outcome import Caller
from area1_provider.emulator.tables.rows import Cmdlet, Noun, nouns
from area1_provider.emulator.tenant import Tenant

UNCHANGED = "The command completed successfully but no settings of '{}' have been modified."


@dataclass
class Call:
    """What the function of a cmdlet works with."""

    tenant: Tenant
    row: Cmdlet
    bound: Bound
    caller: Caller
    granted: frozenset[str]
    """The caller's roles, role groups resolved."""
    session: str
    now: datetime
    warnings: list[str] = field(default_factory=list)
    _seen: dict[str, bool] = field(default_factory=dict)

    def __getitem__(self, name: str) -> Any:
        """A parameter's value; KeyError if it was not given."""
        return self.bound[name]

    def get(self, name: str, default: Any = None) -> Any:
        """A parameter's value, or the default if it was not given."""
        return self.bound.get(name, default)

    def has(self, *names: str) -> bool:
        """Whether any of these parameters was given."""
        return any(name in self.bound for name in names)

    def sees(self, guid: str) -> bool:
        """Whether this session sees the object already; one call counts as one look."""
        if guid not in self._seen:
            self._seen[guid] = self.tenant.replication.sees(guid, self.session)
        return self._seen[guid]

    @property
    def timestamp(self) -> str:
        """The time of the call as objects carry it: UTC, whole seconds, seven digits."""
        return timestamp(self.now)

    def refuse(self, rule: str) -> RuleRefused:
        """The error for a broken rule of this cmdlet's page."""
        return RuleRefused(rule)


def timestamp(moment: datetime) -> str:
    """A moment as the service writes it; the directory keeps whole seconds."""
    return f"{moment.astimezone(UTC):%Y-%m-%dT%H:%M:%S}.0000000Z"


Row = TypeVar("Row")
Run = Callable[[Call], Iterable[Mapping[str, Any]]]

CMDLETS: dict[str, Run] = {}
"""The function of each cmdlet, by its name."""


def cmdlet(name: str) -> Callable[[Run], Run]:
    """Enter a function into the list of cmdlets."""

    def enter(run: Run) -> Run:
        CMDLETS[name] = run
        return run

    return enter


def render(call: Call, noun: str, document: Mapping[str, Any]) -> dict[str, Any]:
    """An object as a Get- cmdlet of the noun gives it: all its properties, in order.

    Owners come as names (which may be GUIDs), other recipients as GUIDs, never as addresses (Microsoft365DSC 6769,
    Get-DistributionGroup page); the GUID is the recipient's Guid (unconfirmed).
    """
    table = nouns()[noun]
    rendered = {name: document.get(name, default) for name, default in table.blank}
    for name, kind in table.people.items():
        rendered[name] = shown(call.tenant, kind, rendered[name])
    return rendered


def shown(tenant: Tenant, kind: str, value: Any) -> Any:
    """The value of a property as it is shown."""
    if not value or kind not in {"Recipients", "RecipientGuids"}:
        return value
    return tenant.names_of(value) if kind == "Recipients" else tenant.present(value)


@dataclass(frozen=True)
class View:
    """An object as render gives it, one property at a time: for filters, which look at one or two."""

    tenant: Tenant
    noun: Noun
    document: Mapping[str, Any]

    def __getitem__(self, name: str) -> Any:
        """The value of a property."""
        row = self.noun.properties[name]
        return shown(self.tenant, row.type, self.document.get(name, row.default))


def entries(name: str, value: Replace | Delta, present: Sequence[Any]) -> list[Any]:
    """A list after a change. Adding what is there is refused; taking out what is not there is not (unconfirmed)."""
    if isinstance(value, Replace):
        return list(value.values)
    gone = {str(entry).casefold() for entry in value.remove}
    kept = [entry for entry in present if str(entry).casefold() not in gone]
    there = {str(entry).casefold() for entry in kept}
    for entry in value.add:
        if str(entry).casefold() in there:
            raise ValueRefused(name, f'The value "{entry}" is already present in the collection.')
    return [*kept, *value.add]


def assign(call: Call, document: dict[str, Any], names: Iterable[str]) -> None:
    """Write those parameters that were given into the properties of the same names."""
    for name in names:
        if name in call.bound:
            value = call[name]
            is_list = isinstance(value, Replace | Delta)
            document[name] = entries(name, value, document[name]) if is_list else value


def limit(call: Call, rows: list[Row]) -> list[Row]:
    """The first rows that ResultSize allows, with the service's warning when some are left out.

    1000 without it (each page); whether the service heeds it over REST is told both ways, so it does here.
    """
    size = call.get("ResultSize", "1000")
    if size == "Unlimited" or len(rows) <= int(size):
        return rows
    call.warnings.append(
        f"There are more results available than are currently displayed. By default, the first {size} items are "
        "returned. To view them, increase the value for the ResultSize parameter."
    )
    return rows[: int(size)]
