"""`$batch`: several InvokeCommands in one request. Each is served as if it had come alone.

Form: the OData JSON batch as CIPP sends it: a request need not declare its body, which is JSON anyway, and a header
may be a Boolean. How many the service takes at once, and what a denied cmdlet looks
like inside a batch, are unconfirmed: ten (what CIPP sends), and a 403 with an error that says nothing.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from area1_provider.emulator.entra.tenants import names_of
from area1_provider.emulator.exchange.gate import Admitted
from area1_provider.emulator.exchange.refusals import DENIED
from area1_provider.emulator.web.http_errors import MalformedBody, Problem, envelope
from area1_provider.emulator.web.json_bodies import read_json
from area1_provider.emulator.web.messages import Answer, Ask, json_answer

MOST = 10
FAILED = 400
FIELDS = frozenset({"id", "method", "url", "headers", "body"})
Invoke = Callable[[Ask, Admitted], Answer]


@dataclass(frozen=True)
class Batch:
    """Serves batches with the handler for one command."""

    invoke: Invoke

    def answer(self, ask: Ask, admitted: Admitted) -> Answer:
        """Serve each request in order; after a failure the rest is left out, unless the client wants to go on."""
        goes_on = "odata.continue-on-error" in ask.headers.get("prefer", "").lower()
        responses: list[dict[str, Any]] = []
        for request in _requests(ask):
            inner = self._one(request, ask, admitted)
            if inner.trouble:
                return inner
            responses.append(_response(request, inner))
            if inner.status >= FAILED and not goes_on:
                break
        return json_answer({"responses": responses})

    def _one(self, request: Mapping[str, Any], ask: Ask, admitted: Admitted) -> Answer:
        try:
            return self.invoke(_inner(request, ask, admitted), admitted)
        except Problem as problem:
            return problem.answer()


def _requests(ask: Ask) -> list[dict[str, Any]]:
    body = read_json(ask)
    requests = body.get("requests") if isinstance(body, dict) else None
    if not isinstance(requests, list) or not 1 <= len(requests) <= MOST:
        raise MalformedBody(f"A batch is an object with 1 to {MOST} requests.")
    for request in requests:
        _check(request)
    if len({request["id"] for request in requests}) != len(requests):
        raise MalformedBody("The ids of a batch's requests must differ.")
    return requests


def _check(request: Any) -> None:
    if not isinstance(request, dict) or set(request) - FIELDS:
        raise MalformedBody("A request of a batch has id, method, url, headers and body.")
    if not all(isinstance(request.get(name), str) for name in ("id", "method", "url")):
        raise MalformedBody("id, method and url of a batch's request must be strings.")
    headers = request.get("headers", {})
    if not isinstance(headers, dict) or not all(isinstance(value, str | bool) for value in headers.values()):
        raise MalformedBody("The headers of a batch's request must be strings or Booleans.")


def _inner(request: Mapping[str, Any], ask: Ask, admitted: Admitted) -> Ask:
    """Make the inner request an ask of its own; only InvokeCommand of the same tenant and host may be in a batch."""
    try:
        url = urlsplit(request["url"])
    except ValueError as error:
        raise MalformedBody("The url of a batch's request is malformed.") from error
    parts = url.path.lower().strip("/").split("/")
    paths = {f"adminapi/beta/{name}/invokecommand" for name in names_of(admitted.tenant)}
    own = not url.netloc or f"https://{url.netloc.lower()}" == ask.origin
    if request["method"].upper() != "POST" or not own or "/".join(parts) not in paths:
        raise MalformedBody("A request of a batch must be a POST to InvokeCommand of the same tenant.")
    inherited = {name: ask.headers[name] for name in ("authorization", "x-anchormailbox") if name in ask.headers}
    headers = {name.lower(): _text(value) for name, value in request.get("headers", {}).items()}
    return replace(
        ask,
        target=request["url"],
        query=dict(parse_qsl(url.query)),
        headers={"content-type": "application/json", **inherited, **headers},
        body=json.dumps(request.get("body")).encode(),
    )


def _text(value: str | bool) -> str:
    return value if isinstance(value, str) else json.dumps(value)


def _response(request: Mapping[str, Any], answer: Answer) -> dict[str, Any]:
    shown = {name: value for name, value in answer.headers.items() if name != "Content-Encoding"}
    return {"id": request["id"], "status": answer.status, "headers": shown, "body": _body(answer)}


def _body(answer: Answer) -> Any:
    if answer.note == DENIED:
        return envelope("Forbidden", "")
    try:
        return json.loads(answer.body) if answer.body else None
    except ValueError:
        return answer.body.decode(errors="replace")
