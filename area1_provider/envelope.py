"""What an answer of Exchange's admin API says: objects, warnings, the next page, or which error.

Pure: bytes and headers in, values or a typed error out; no HTTP client here. The shapes are the published
captures of Microsoft365DSC issue 2998, rknightion/graph2otel (errors_test.go) and office-docs-powershell issue 7970.
"""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from area1_provider import errors


@dataclass(frozen=True)
class Answer:
    """One page: `objects` without type annotations, `warnings` as texts, `next_link` an address or empty."""

    objects: Sequence[Mapping[str, Any]]
    warnings: Sequence[str] = ()
    next_link: str = ""


@dataclass(frozen=True)
class Failure:
    """What an error body says: exception type without namespace, the useful text, and the `Ex…` id."""

    kind: str
    text: str
    message_id: str = ""


def read(cmdlet: str, status: int, headers: Mapping[str, str], body: bytes) -> Answer:
    """Read one answer.

    Raises an `ExchangeError` for every error body, also inside a 200, and `BadAnswer` for what is no envelope.
    """
    payload = _parsed(body)
    if status >= 400 or _says_failure(payload):  # noqa: PLR2004  # RFC 9110: 400 and above are errors
        raise error_of(cmdlet, status, headers, failure_in(payload, body, status))
    if "html" in headers.get("Content-Type", "").casefold():  # also where empty: a success is taken at its word
        raise errors.BadAnswer(f"{cmdlet}: a web page came back; is this an Exchange endpoint, or a proxy in between?")
    if status == 204 or not body.strip():  # noqa: PLR2004  # no content, RFC 9110
        return Answer([])
    return _page(cmdlet, payload)


def _page(cmdlet: str, payload: Any) -> Answer:
    """Read the envelope of a success."""
    if not isinstance(payload, Mapping):
        raise errors.BadAnswer(f"{cmdlet}: the answer is no JSON object; is this an Exchange endpoint?")
    value = payload.get("value", [])
    if not isinstance(value, list) or not all(isinstance(item, Mapping) for item in value):
        raise errors.BadAnswer(f"{cmdlet}: the answer's `value` is no list of objects")
    link = payload.get("@odata.nextLink") or ""
    if not isinstance(link, str):
        raise errors.BadAnswer(f"{cmdlet}: the answer's nextLink is no text")
    warnings = payload.get("@adminapi.warnings") or []
    told = [str(warning) for warning in warnings] if isinstance(warnings, list) else []
    return Answer([plain(item) for item in value], told, link)


def plain(an_object: Mapping[str, Any]) -> dict[str, Any]:
    """Drop the side keys (`X@data.type`, `X@odata.type`) of an object."""
    return {name: value for name, value in an_object.items() if "@" not in name}


def failure_in(payload: Any, body: bytes, status: int) -> Failure:
    """Find the useful text of an error body, in the order that covers every published shape."""
    error = _error_member(payload)
    inner = _mapping(error.get("innererror"))
    internal = _mapping(inner.get("internalexception"))
    for found in (_detail(error), _exception(internal)):
        if found.text:
            return found
    text = inner.get("message") or error.get("message") or _excerpt(body) or f"HTTP {status} without a text"
    return Failure(_bare(str(error.get("code") or "")), str(text))


def _detail(error: Mapping[str, Any]) -> Failure:
    """Read `details[0].message`: JSON in a string, `Ex…|Type|text`, `|Type|text`, or plain text."""
    details = error.get("details")
    first = _mapping(details[0]) if isinstance(details, list) and details else {}
    message = str(first.get("message") or "")
    embedded = _parsed(message.encode()) if message.startswith("{") else None
    if isinstance(embedded, Mapping):
        kind = embedded.get("TypeName") or embedded.get("ClassName") or ""
        return Failure(_bare(str(kind)), str(embedded.get("Message") or ""))
    message_id, mark, rest = message.partition("|")
    kind, second, text = rest.partition("|")
    return Failure(_bare(kind), text, message_id) if mark and second else Failure("", message)


def _exception(internal: Mapping[str, Any]) -> Failure:
    return Failure(_bare(str(internal.get("type") or "")), str(internal.get("message") or ""))


NOT_FOUND_ID = "Ex6F9304"
"""Hash of "managed object not found" (Microsoft365DSC issue 2998, go-exoscc)."""

TRANSIENT_KINDS = frozenset(
    {
        "ADServerSettingsChangedException",
        "BackendCommunicationException",
        "CmdletProxyNotAvailableFailure",
        "DCOverloadedException",
        "ServerBusyException",
        "ServerInMMException",
        "StorageTransientException",
        "SuitabilityDirectoryException",
        "TransientException",
    }
)
"""Exception types that the PowerShell module and M365Permissions retry."""

TRANSIENT_STATUSES = frozenset({408, 429, 500, 502, 503, 504})
"""Statuses that the module (429, 503, 504) and other clients (the rest) retry."""

_BY_KIND: Mapping[str, type[errors.ExchangeError]] = {
    "ManagementObjectNotFoundException": errors.NotFound,
    "ADObjectAlreadyExistsException": errors.AlreadyExists,
    "MemberAlreadyExistsException": errors.AlreadyMember,
    "InvalidOperationInDehydratedContextException": errors.Dehydrated,
}

# Texts, for where the service gives no telling type. English, as Accept-Language asks for.
_BY_TEXT: Sequence[tuple[re.Pattern[str], type[errors.ExchangeError]]] = (
    (re.compile(r"matches multiple entries|multiple recipients matching"), errors.Ambiguous),
    (re.compile(r"is already a member of the group"), errors.AlreadyMember),
    (re.compile(r"isn't a member of the group"), errors.NotMember),
    (
        re.compile(r"already exists|name is already being used|proxy address .* is already"),
        errors.AlreadyExists,
    ),
    (re.compile(r"maximum number of concurrent requests"), errors.Transient),
    (re.compile(r"not present in the role definition"), errors.Denied),
    (re.compile(r"User is not allowed to call"), errors.Denied),
)


def error_of(cmdlet: str, status: int, headers: Mapping[str, str], failure: Failure) -> errors.ExchangeError:
    """Give the typed error: by exception type, then message id, then text, then status."""
    kind = _class_of(status, failure)
    request_id = headers.get("request-id") or headers.get("client-request-id") or ""
    text = _empty_denial(cmdlet) if kind is errors.Denied and not failure.text.strip() else failure.text
    error = kind(cmdlet, text, status=status, kind=failure.kind, request_id=request_id)
    if isinstance(error, errors.Transient):
        error.retry_after_text = headers.get("Retry-After", "")
    return error


def _class_of(status: int, failure: Failure) -> type[errors.ExchangeError]:
    """Classify; a several-matches text comes with the type of not found, so it is looked at first."""
    by_text = next((kind for pattern, kind in _BY_TEXT if pattern.search(failure.text)), None)
    if by_text is errors.Ambiguous:
        return by_text
    if failure.kind in TRANSIENT_KINDS:
        return errors.Transient
    if failure.message_id == NOT_FOUND_ID:
        return errors.NotFound
    return _BY_KIND.get(failure.kind) or by_text or _by_status(status)


def _by_status(status: int) -> type[errors.ExchangeError]:
    """Fall back on the status. A bare 404 is no proof that an object is gone, so it has no class of its own."""
    if status in TRANSIENT_STATUSES:
        return errors.Transient
    return {401: errors.Unauthenticated, 403: errors.Denied}.get(status, errors.ExchangeError)


def denied(cmdlet: str, headers: Mapping[str, str]) -> errors.Denied:
    """Give the error for the 403 whose body is NUL bytes and says nothing (azure-auth, graph2otel: measured)."""
    request_id = headers.get("request-id") or headers.get("client-request-id") or ""
    return errors.Denied(cmdlet, _empty_denial(cmdlet), status=403, request_id=request_id)


def _empty_denial(cmdlet: str) -> str:
    return (
        f"Exchange refused {cmdlet} and gave no reason: the cmdlet is unknown there, or this identity has no "
        "Exchange role that grants it, or the grant has not arrived yet"
    )


def _parsed(body: bytes) -> Any:
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        return None


def _says_failure(payload: Any) -> bool:
    return isinstance(payload, Mapping) and bool(
        payload.get("error") or payload.get("@odata.error") or payload.get("@adminapi.errors")
    )


def _error_member(payload: Any) -> Mapping[str, Any]:
    """Find the error object of a payload, wherever this endpoint puts it."""
    payload = _mapping(payload)
    listed = payload.get("@adminapi.errors")
    if isinstance(listed, list) and listed:
        return {"message": listed[0]} if isinstance(listed[0], str) else _mapping(listed[0])
    found = payload.get("error") or payload.get("@odata.error")
    return {"message": found} if isinstance(found, str) else _mapping(found)


def _mapping(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


def _bare(kind: str) -> str:
    return kind.rpartition(".")[2]


def _excerpt(body: bytes) -> str:
    """Give the start of a body that is no JSON; cut, so that a page of HTML does not fill the screen."""
    text = body.decode("utf-8", "replace").replace("\0", "").strip()
    return " ".join(text[:200].split())


_CLAIMS = re.compile(r'claims="([^"]*)"')


def claims_in(challenge: str) -> str | None:
    """Give the claims of a `WWW-Authenticate` challenge (continuous access evaluation), decoded; None without."""
    found = _CLAIMS.search(challenge)
    encoded = found[1] if found else ""
    try:
        return base64.b64decode(encoded + "=" * (-len(encoded) % 4)).decode() or None
    except ValueError:
        return None
