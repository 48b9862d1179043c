"""What a handler is asked and what it answers, free of the web framework. No rules live here."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Literal
from urllib.parse import urlsplit
from uuid import uuid4

Trouble = Literal["reset", "cut"]


@dataclass(frozen=True)
class Ask:
    """One HTTP request, read whole.

    `headers` have lower-case names. `path` holds the parts of the path that the route names, in the
    case that the client wrote. `origin` is scheme, host and port through which the client came.
    `number` counts HTTP requests of this server, from 1. `session` is the routing cookie's value.
    """

    method: str
    origin: str
    target: str = "/"
    """Path and query as the client wrote them."""
    path: Mapping[str, str] = field(default_factory=dict)
    query: Mapping[str, str] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""
    number: int = 0
    session: str = ""

    @property
    def hostname(self) -> str:
        """The host through which the client came, without port and brackets, lower case."""
        return urlsplit(self.origin).hostname or ""


@dataclass(frozen=True)
class Answer:
    """One HTTP answer. `trouble` says how the connection ends instead of a whole answer."""

    status: int
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)
    trouble: Trouble | None = None
    note: str = ""
    """What the access log says of it besides the status: a cmdlet's name, an error code; never a value."""

    def with_headers(self, **headers: str) -> "Answer":
        """Give the same answer with more headers; underscores stand for hyphens."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return replace(self, headers={**self.headers, **named})


Handler = Callable[[Ask], Answer]


def json_answer(
    content: Any,
    status: int = 200,
    headers: Mapping[str, str] | None = None,
    *,
    kind: str = "application/json; charset=utf-8",
    note: str = "",
) -> Answer:
    """Give `content` as a JSON body in UTF-8."""
    body = json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode()
    return Answer(status, body, {"Content-Type": kind, **(headers or {})}, note=note)


def trace_id() -> str:
    """Give an id for logs and headers."""
    return str(uuid4())
