"""The form of a good answer: envelope, side keys, `$select`. No cmdlet is known here."""

from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import urlencode

from area1_provider.emulator.exchange.paging import Page
from area1_provider.emulator.exchange.refusals import UnsupportedFormat
from area1_provider.emulator.tenant import Tenant
from area1_provider.emulator.web.http_errors import Problem
from area1_provider.emulator.web.messages import Answer, Ask, json_answer

JSON_KIND = "application/json; odata.metadata=minimal; odata.streaming=true; charset=utf-8"


OPTIONS = frozenset({"$select", "$skiptoken"})
"""The query options of OData that are known to work here."""


def context(origin: str, tenant: Tenant, of: str, version: str = "beta") -> str:
    """Give `@odata.context`. What stands behind the number sign is unconfirmed."""
    return f"{origin}/adminapi/{version}/{tenant.tenant_id}/$metadata#{of}"


def envelope(ask: Ask, tenant: Tenant, page: Page) -> Answer:
    """Give a page of objects as the service writes it. A cmdlet without output has an empty `value` (unconfirmed)."""
    selected = select(ask)
    body: dict[str, Any] = {
        "@odata.context": context(ask.origin, tenant, "Collection(Exchange.GenericHashTable)"),
        "adminapi.warnings@odata.type": "#Collection(String)",
        "@adminapi.warnings": list(page.outcome.warnings),
        "value": [_typed(one, page.outcome.types, selected) for one in page.objects],
    }
    if page.outcome.confirmation is not None:
        body["@adminapi.confirmationmessage"] = page.outcome.confirmation
    if page.token:
        body["@odata.nextLink"] = next_link(ask, tenant, page.token)
    return json_answer(body, kind=JSON_KIND)


def next_link(ask: Ask, tenant: Tenant, token: str) -> str:
    """Give the absolute address of the next page, at the host through which the client came."""
    query = {"$select": ask.query["$select"]} if "$select" in ask.query else {}
    query["$skiptoken"] = token
    return f"{ask.origin}/adminapi/beta/{tenant.tenant_id}/InvokeCommand?{urlencode(query, safe='$,')}"


def select(ask: Ask) -> frozenset[str] | None:
    """Give the properties wanted in lower case, or None for all. A name that no object has is no error (unconfirmed)."""
    wanted = ask.query.get("$select")
    if wanted is None or wanted.strip() in {"", "*"}:
        return None
    return frozenset(name.strip().lower() for name in wanted.split(","))


def check_options(ask: Ask) -> None:
    """Refuse query options of OData that nobody is known to use: unheeded, `$top` would look as if it had worked."""
    unknown = sorted(name for name in ask.query if name.startswith("$") and name not in OPTIONS)
    if unknown:
        raise Problem(f"The query parameter '{unknown[0][:32]}' is not supported.")


def check_format(ask: Ask) -> None:
    """Refuse CLIXML; absent or `json` is JSON."""
    wanted = ask.headers.get("x-responseformat", "json").strip().lower()
    if wanted != "json":
        raise UnsupportedFormat(
            f"X-ResponseFormat '{wanted[:32]}' is not offered here: send 'json', or leave the header out."
        )


def _typed(
    properties: Mapping[str, Any], types: Mapping[str, tuple[str, str | None]], selected: Iterable[str] | None
) -> dict[str, Any]:
    """Put the side keys of each property before it."""
    written: dict[str, Any] = {}
    for name, value in properties.items():
        if selected is not None and name.lower() not in selected:
            continue
        clr, odata = types.get(name, ("", None))
        if clr:
            written[f"{name}@data.type"] = clr
        if odata:
            written[f"{name}@odata.type"] = odata
        written[name] = value
    return written
