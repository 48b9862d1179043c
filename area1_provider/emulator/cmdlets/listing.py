"""How the Get- cmdlets of recipients choose, order and cut their rows; the parameters are the same for all of them.

Which properties a row has stands in the tables.
"""

from collections.abc import Iterable
from typing import Any

from area1_provider.emulator.cmdlets.binder import Replace
from area1_provider.emulator.cmdlets.call import Call, View, limit, render
from area1_provider.emulator.cmdlets.errors import ObjectNotFound, ValueRefused
from area1_provider.emulator.cmdlets.identity import check_unit
from area1_provider.emulator.cmdlets.opath import BadFilter, Test, parse
from area1_provider.emulator.tables.rows import Noun, nouns
from area1_provider.emulator.tenant import directory
from area1_provider.emulator.tenant.store import Document

NOTHING_SUCH = ("Archive", "Migration", "PublicFolder", "SoftDeletedMailbox", "InactiveMailboxOnly", "MailboxPlan")
NONE_OF_THESE = (*NOTHING_SUCH, "SharedWithMailUser", "HVEAccount", "SoftDeletedMailUser")
"""Switches that ask for kinds of recipients which no tenant here has."""


def listed(call: Call, noun: str, rows: Iterable[Document]) -> list[dict[str, Any]]:
    """The rows that the session sees and that the parameters ask for."""
    return limit(call, _chosen(call, noun, rows))


def named(call: Call, noun: str, row: Document) -> list[dict[str, Any]]:
    """The row that `Identity` names, if the other parameters ask for it too (unconfirmed): else it is not found."""
    if rows := _chosen(call, noun, [row]):
        return rows
    raise ObjectNotFound(call["Identity"], directory.SERVER)


def _chosen(call: Call, noun: str, rows: Iterable[Document]) -> list[dict[str, Any]]:
    if call.has("OrganizationalUnit"):
        check_unit(call)
    if any(call.get(name) for name in NONE_OF_THESE) or call.get("AuthenticationType") == "Federated":
        return []
    chosen = [row for row in rows if call.sees(row["Guid"]) and _is_chosen(call, row)]
    objects = [render(call, noun, row) for row in _filtered(call, noun, chosen)]
    return _sorted(call, objects)


def _is_chosen(call: Call, row: Document) -> bool:
    for name in ("RecipientType", "RecipientTypeDetails"):
        wanted = call.get(name, Replace(()))
        if wanted.values and row[name] not in wanted.values:
            return False
    return not call.has("Anr", "ANR") or _resembles(row, call.get("Anr") or call.get("ANR"))


def _resembles(row: Document, text: str) -> bool:
    """Ambiguous name resolution: the start of a name, alias or address."""
    names = [row["Name"], row["DisplayName"], row["Alias"], *row["DisplayName"].split(), *directory.addresses(row)]
    return any(name.casefold().startswith(text.casefold()) for name in names)


def _filtered(call: Call, noun: str, rows: list[Document]) -> list[Document]:
    table = nouns()[noun]
    for name in ("Filter", "RecipientPreviewFilter"):
        if call.has(name):
            test = _test(name, call[name], table)
            rows = [row for row in rows if test(View(call.tenant, table, row))]
    return rows


def _test(name: str, text: str, table: Noun) -> Test:
    try:
        return parse(text, table.properties)
    except BadFilter as bad:
        raise ValueRefused(name, f'Cannot bind parameter "{text}" to the target. {bad}') from None


def _sorted(call: Call, objects: list[dict[str, Any]]) -> list[dict[str, Any]]:
    if not call.has("SortBy") or not objects:
        return objects
    names = {name.casefold(): name for name in objects[0]}
    if (name := names.get(call["SortBy"].casefold())) is None:
        raise ValueRefused("SortBy", f"'{call['SortBy']}' isn't a property to sort by.")
    return sorted(objects, key=lambda row: str(row[name]).casefold())
