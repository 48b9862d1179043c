"""Binding: from the JSON of a request to typed parameters, with the service's errors on the way.

It knows the tables and nothing about what a cmdlet does with the values.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from area1_provider.emulator.cmdlets.errors import EmptyIdentity, ParameterSetUnresolved, UnknownParameter, ValueRefused
from area1_provider.emulator.cmdlets.values import TYPES, BadValue, duration, filled, text
from area1_provider.emulator.tables.rows import Cmdlet, Parameter

HASHTABLE = "#Exchange.GenericHashTable"
ACTIONS = ("SilentlyContinue", "Stop", "Continue", "Inquire", "Ignore", "Suspend")
PREFERENCES = frozenset({"erroraction", "warningaction", "informationaction", "progressaction"})
COMMON = frozenset(
    {"verbose", "debug", "errorvariable", "warningvariable", "informationvariable", "outvariable", "outbuffer"}
    | {"pipelinevariable"}
    | PREFERENCES
)
"""about_CommonParameters: every cmdlet takes them; what they ask for happens in the module."""
ALIASES = {"cf": "confirm", "wi": "whatif"}


@dataclass(frozen=True)
class Replace:
    """A list in place of what is there."""

    values: Sequence[Any]


@dataclass(frozen=True)
class Delta:
    """Entries to add to a list and entries to take out of it."""

    add: Sequence[Any] = ()
    remove: Sequence[Any] = ()


Bound = dict[str, Any]
"""Parameters by the name the table gives them; lists are Replace or Delta, and one with nothing in it is left out."""


def bind(cmdlet: Cmdlet, given: Mapping[str, Any], granted: Iterable[str]) -> Bound:
    """Check the parameters of a request against the cmdlet's table and give them typed.

    Raises:
        UnknownParameter: one is not in the table, exists on-premises only, or is not in the roles.
        ParameterSetUnresolved: some exclude each other, or a mandatory one is missing.
        ValueRefused: a value is not of its parameter's type.
    """
    rows = _rows(cmdlet, given, frozenset(granted))
    _check_sets(cmdlet, [row for row, _ in rows])
    bound = {row.name: _value(cmdlet, row, value) for row, value in rows}
    _check_required(cmdlet, bound)
    _check_changes(cmdlet, bound)
    return {name: value for name, value in bound.items() if value is not NOT_GIVEN}


NOT_GIVEN = object()


def _rows(cmdlet: Cmdlet, given: Mapping[str, Any], granted: frozenset[str]) -> list[tuple[Parameter, Any]]:
    found: list[tuple[Parameter, Any]] = []
    unknown: list[str] = []
    for key, value in given.items():
        if "@" in key:  # `Param@odata.type` says what follows; it is no parameter
            continue
        row = cmdlet.parameters.get(ALIASES.get(key.casefold(), key.casefold()))
        if row is not None and _is_offered(row, granted):
            found.append((row, value))
        elif key.casefold() in COMMON:
            _check_common(key, value)
        else:
            unknown.append(key)
    if unknown:
        raise UnknownParameter(unknown)
    _check_twice([row.name for row, _ in found])
    return found


def _check_twice(names: Sequence[str]) -> None:
    if twice := sorted({name for name in names if names.count(name) > 1}):
        raise ParameterSetUnresolved(f"Given more than once: {', '.join(twice)}.")


def _is_offered(row: Parameter, granted: frozenset[str]) -> bool:
    return not row.onprem and (not row.roles or bool(row.roles & granted))


def _check_common(name: str, value: Any) -> None:
    if name.casefold() in PREFERENCES:
        try:
            enumerator(ACTIONS, "System.Management.Automation.ActionPreference", value)
        except BadValue as bad:
            raise ValueRefused(name, str(bad)) from None


def _check_sets(cmdlet: Cmdlet, rows: Sequence[Parameter]) -> None:
    possible = cmdlet.sets
    for row in rows:
        possible = possible & (row.sets or cmdlet.sets)
    if not possible:
        raise ParameterSetUnresolved(f"Given together: {', '.join(row.name for row in rows if row.sets)}.")


def _check_changes(cmdlet: Cmdlet, bound: Bound) -> None:
    """Tables of changes are documented for Set- cmdlets only; elsewhere they are refused (unconfirmed)."""
    for name, value in bound.items():
        if isinstance(value, Delta) and not cmdlet.name.startswith("Set-"):
            raise ValueRefused(name, "There is nothing here to add to or to remove from.")


def _check_required(cmdlet: Cmdlet, bound: Bound) -> None:
    required = [row.name for row in cmdlet.parameters.values() if row.required]
    if missing := [name for name in required if bound.get(name, NOT_GIVEN) in (NOT_GIVEN, Replace(()))]:
        raise ParameterSetUnresolved(f"Missing mandatory parameters: {', '.join(missing)}.")


def _value(cmdlet: Cmdlet, row: Parameter, value: Any) -> Any:
    try:
        return _null(cmdlet, row) if value is None else _given(row, value)
    except BadValue as bad:
        raise ValueRefused(row.name, str(bad)) from None


def _given(row: Parameter, value: Any) -> Any:
    if row.reserved:
        raise BadValue("The parameter is reserved for internal Microsoft use.")
    return _list(row, value) if row.many else _single(row, row.type, value)


def _null(cmdlet: Cmdlet, row: Parameter) -> Any:
    """Null, where it is a value: of a text the empty one, as PowerShell's binder has it and objects read.

    Whether it empties a list is unconfirmed, so there it is refused; a new object has nothing to empty, and CIPP
    sends New-DistributionGroup a Description that may be null.
    """
    if row.many and cmdlet.name.startswith("New-"):
        return NOT_GIVEN
    if not row.null:
        raise BadValue("The argument is null. Provide a valid value for the argument, and then try again.")
    if row.name == "Identity":
        return NOT_GIVEN
    return "" if row.type == "String" else None


def _list(row: Parameter, value: Any) -> Replace | Delta | object:
    if isinstance(value, Mapping):
        return _table(row, value)
    entries = _entries(row, value)
    # an empty array changes nothing: go-exoscc found out and sends a Remove instead
    return Replace(entries) if entries else NOT_GIVEN


def _table(row: Parameter, table: Mapping[str, Any]) -> Replace | Delta:
    if table.get("@odata.type") != HASHTABLE:
        # the failure that CIPP's ConvertTo-CIPPExoHashtable describes
        raise BadValue(f'Cannot convert the object to type "{row.type}": it is not tagged as {HASHTABLE}.')
    parts = {key.casefold(): _entries(row, value) for key, value in table.items() if "@" not in key}
    if unknown := set(parts) - {"add", "remove"}:
        raise BadValue(f"A table may hold Add and Remove, not: {', '.join(sorted(unknown))}.")
    return Delta(**parts) if parts else Replace(())


def _entries(row: Parameter, value: Any) -> list[Any]:
    values = value if isinstance(value, list) else [value]
    entries = [_single(row, row.items or row.type.removesuffix("[]"), entry) for entry in values]
    if row.entries is not None and len(entries) > row.entries:
        raise BadValue(f"The list holds {len(entries)} entries; at most {row.entries} are allowed.")
    _check_distinct(entries)
    return entries


def _check_distinct(entries: Sequence[Any]) -> None:
    seen: set[str] = set()
    for entry in entries:
        if (folded := str(entry).casefold()) in seen:  # text met with EmailAddresses (DLConversionV2 issue 184)
            raise BadValue(f'The value "{entry}" is already present in the collection.')
        seen.add(folded)


def _single(row: Parameter, type_name: str, value: Any) -> Any:
    if row.values:
        return enumerator(row.values, type_name, value) if value != "" or not row.null else None
    if type_name.endswith("IdParameter") or type_name == "RecipientId":
        return _identity(row, type_name, value)
    converted = TYPES[row.converts or type_name](value)
    _check_length(row, converted)
    _check_range(row, converted)
    return converted


def _identity(row: Parameter, type_name: str, value: Any) -> str:
    if not text(value).strip():
        raise EmptyIdentity(row.name, "GeneralRecipientIdParameter" if type_name == "RecipientId" else type_name)
    return str(value)


def enumerator(values: Sequence[str], type_name: str, value: Any) -> str:
    """The enumerator that a value means: in any case, whole or as a prefix of just one (graph2otel, live)."""
    wanted = value.casefold() if isinstance(value, str) else ""
    exact = [name for name in values if name.casefold() == wanted]
    matches = exact or [name for name in values if wanted and name.casefold().startswith(wanted)]
    if len(matches) == 1:
        return matches[0]
    trouble = "matches several enumerator names" if matches else "to a valid enumerator name"
    raise BadValue(
        f'Cannot convert value "{value}" to type "{type_name}". Error: "Unable to match the identifier name {value} '
        f'{trouble}. Specify one of the following enumerator names and try again: {", ".join(values)}"'
    )


def _check_length(row: Parameter, value: Any) -> None:
    if row.filled:
        filled(value)
    if row.length is not None and len(value) > row.length:
        raise BadValue(
            f"The value is too long: the maximum length is {row.length} and the length of the value provided is "
            f"{len(value)}."
        )


def _check_range(row: Parameter, value: Any) -> None:
    if not row.range:
        return
    low, high = row.range
    measure: Any = duration if isinstance(value, str) else int
    if not measure(low) <= measure(value) <= measure(high):
        raise BadValue(f"The value {value} is out of range: {low} to {high}.")
