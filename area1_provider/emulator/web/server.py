"""HTTP: routes, reading requests, writing answers, the access log. It knows no rules."""

import asyncio
import re
import secrets
import time
from collections.abc import Awaitable, Callable, Mapping
from email.utils import format_datetime
from itertools import count
from typing import TextIO
from urllib.parse import urlsplit

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send

from area1_provider.emulator.clock import Clock
from area1_provider.emulator.web.http_errors import NoSuchPath, Problem, ServerTrouble, TooLarge, WrongHost, WrongMethod
from area1_provider.emulator.web.messages import Answer, Ask, Handler, trace_id
from area1_provider.emulator.web.transport import TRANSPORT, reset

LARGEST_BODY = 8 * 1024 * 1024
"""Bytes. The real limit is unconfirmed; a group of 10,000 members fits in easily."""
DRAINED = 256 * 1024 * 1024
"""Bytes of a refused body that are still read, so that the client gets to see the refusal."""
COOKIE, SESSIONS = "exchangecookie", "/adminapi/"
HOST = re.compile(r"(?:[a-z0-9](?:[a-z0-9.-]{0,252})|\[[0-9a-f:.]+\])(?::\d{1,5})?", re.IGNORECASE)
SESSION = re.compile(r"[0-9a-f]{32}")
CORRELATION = re.compile(r"[\w.{}-]{1,64}", re.ASCII)


class Web:
    """Turns HTTP into asks and answers into HTTP."""

    def __init__(self, clock: Clock, log: TextIO | None) -> None:
        self._clock = clock
        self._log = log
        self._numbers = count(1)

    def application(self, routes: Mapping[tuple[str, str], Handler]) -> ASGIApp:
        """Give the ASGI application for `(method, path)` -> handler; paths are matched without case."""
        methods: dict[str, dict[str, Handler]] = {}
        for (method, path), handler in routes.items():
            methods.setdefault(path, {})[method] = handler
        served = [Route(path, self._endpoint(handlers), methods=list(handlers)) for path, handlers in methods.items()]
        inner = Starlette(routes=served, exception_handlers={HTTPException: self._not_served})
        inner.router.redirect_slashes = False

        async def application(scope: Scope, receive: Receive, send: Send) -> None:
            if scope["type"] == "http":
                scope["written_path"] = scope["path"]
                scope["path"] = scope["path"].lower()
                await inner(scope, receive, send)

        return application

    def _endpoint(self, handlers: Mapping[str, Handler]) -> Callable[[Request], Awaitable[Response]]:
        async def endpoint(request: Request) -> Response:
            method = "GET" if request.method == "HEAD" else request.method
            return await self._serve(request, handlers[method])

        return endpoint

    async def _not_served(self, request: Request, error: Exception) -> Response:
        """Answer what no route takes: 404 or 405, as JSON."""
        status = getattr(error, "status_code", 404)
        allowed = getattr(error, "headers", None) or {}

        def refuse(ask: Ask) -> Answer:
            del ask
            if status == WrongMethod.status:
                return WrongMethod("The requested resource does not support this method.", allowed).answer()
            return NoSuchPath("Resource not found.").answer()

        return await self._serve(request, refuse)

    async def _serve(self, request: Request, handler: Handler) -> Response:
        began, number = time.perf_counter(), next(self._numbers)
        try:
            ask = await _read(request, number)
            answer = await run_in_threadpool(self._guard, handler, ask)
        except Problem as problem:
            answer = problem.answer()
        self._write_log(request, answer, number, time.perf_counter() - began)
        return _Reply(request, self._stamped(request, answer))

    def _guard(self, handler: Handler, ask: Ask) -> Answer:
        try:
            answer = handler(ask)
            # the sign-in host keeps no session
            return answer.with_headers(Set_Cookie=_cookie(ask)) if ask.target.lower().startswith(SESSIONS) else answer
        except Exception as error:  # noqa: BLE001 - whatever went wrong, a client gets JSON and no traceback
            self._say(f"defect: {_where(error)}")
            return ServerTrouble("The emulator failed; see its log.").answer()

    def _stamped(self, request: Request, answer: Answer) -> Answer:
        headers = {
            "Date": format_datetime(self._clock(), usegmt=True),
            "request-id": trace_id(),
            "X-CalculatedBETarget": "offline.prod.outlook.com",
        }
        sent = request.headers.get("client-request-id", "")
        if CORRELATION.fullmatch(sent):
            headers["client-request-id"] = sent
        return Answer(answer.status, answer.body, {**headers, **answer.headers}, answer.trouble, answer.note)

    def _write_log(self, request: Request, answer: Answer, number: int, seconds: float) -> None:
        path = request.scope.get("written_path", "/").encode("ascii", "backslashreplace").decode()[:200]
        ending = f" {answer.trouble}" if answer.trouble else ""
        note = f" {answer.note}" if answer.note else ""
        self._say(f"{number} {request.method} {path} {answer.status}{ending}{note} {seconds * 1000:.0f} ms")

    def _say(self, line: str) -> None:
        if self._log is not None:
            printable = "".join(letter if letter.isprintable() else "?" for letter in line)
            print(f"{self._clock().isoformat(timespec='milliseconds')} {printable}", file=self._log, flush=True)


class _Reply(Response):
    """An answer on its way out, which may end the connection instead."""

    def __init__(self, request: Request, answer: Answer) -> None:
        self._transport: asyncio.Transport | None = request.scope.get("extensions", {}).get(TRANSPORT)
        self._trouble = answer.trouble
        # Starlette writes Latin-1; what is no ASCII goes out in UTF-8
        headers = {name: value.encode().decode("latin-1") for name, value in answer.headers.items()}
        super().__init__(answer.body, answer.status or 200, headers=headers)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if self._trouble is None or self._transport is None:
            await super().__call__(scope, receive, send)
            return
        if self._trouble == "cut":
            # one byte is promised that never comes
            self.headers["Content-Length"] = str(len(self.body) + 1)
            await send({"type": "http.response.start", "status": self.status_code, "headers": self.raw_headers})
            await send({"type": "http.response.body", "body": self.body, "more_body": True})
            self._transport.close()
        else:
            reset(self._transport)
        while (await receive())["type"] != "http.disconnect":
            pass


async def _read(request: Request, number: int) -> Ask:
    written = request.scope["written_path"]
    return Ask(
        request.method,
        _origin(request.headers.get("host", "")),
        written + (f"?{request.url.query}" if request.url.query else ""),
        dict(request.path_params),
        dict(request.query_params),
        _headers(request),
        await _body(request),
        number,
        _session(request),
    )


def _origin(host: str) -> str:
    """Give scheme, host and port of the Host header, from which answers make absolute addresses."""
    origin = f"https://{host.lower()}"
    try:
        # the port is read when it is asked for
        if HOST.fullmatch(host) and urlsplit(origin).port != 0:
            return origin.removesuffix(":443")
    except ValueError:
        pass
    raise WrongHost("The Host header is missing or malformed.")


def _headers(request: Request) -> dict[str, str]:
    """Give headers by lower-case name; one that is repeated is one list (RFC 9110 5.3)."""
    names = dict.fromkeys(name.lower() for name in request.headers)
    return {name: ", ".join(request.headers.getlist(name)) for name in names}


async def _body(request: Request) -> bytes:
    """Read the body; a body too large is read on and dropped, since a client that still writes reads no answer."""
    chunks, size = [], 0
    try:
        async for chunk in request.stream():
            size += len(chunk)
            if size <= LARGEST_BODY:
                chunks.append(chunk)
            elif size > DRAINED:
                break
    except ClientDisconnect as error:
        raise Problem("The client went away.") from error
    if size > LARGEST_BODY:
        raise TooLarge("The request body is too large.")
    return b"".join(chunks)


def _session(request: Request) -> str:
    """Give the routing cookie's value, or a new one."""
    sent = request.cookies.get(COOKIE, "")
    return sent if SESSION.fullmatch(sent) else secrets.token_hex(16)


def _cookie(ask: Ask) -> str:
    return f"{COOKIE}={ask.session}; path=/; secure; HttpOnly"


def _where(error: BaseException) -> str:
    """Name an error's type and place; its text may hold a client's values, so it stays out."""
    places = []
    frame = error.__traceback__
    while frame is not None:
        places.append(f"{frame.tb_frame.f_code.co_filename.rpartition('/')[2]}:{frame.tb_lineno}")
        frame = frame.tb_next
    return f"{type(error).__name__} at {' > '.join(places[-4:])}"
