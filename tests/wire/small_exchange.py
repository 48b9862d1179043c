"""A server that answers exactly what a test wants and writes down what it was sent. It knows nothing of Exchange."""

import json
import ssl
import sys
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self

import trustme


@dataclass(frozen=True)
class Asked:
    """One request as it arrived."""

    method: str
    path: str
    headers: Mapping[str, str]
    body: Any


@dataclass(frozen=True)
class Reply:
    """One answer. `length` is the announced length, where it is not the body's."""

    status: int = 200
    body: bytes = b'{"value":[]}'
    headers: Mapping[str, str] = field(default_factory=dict)
    length: int | None = None


def page(*objects: Mapping[str, Any], **more: Any) -> Reply:
    """Give an answer with objects."""
    return Reply(body=json.dumps({"value": list(objects), **more}).encode())


Answer = Callable[[Asked], Reply]


class _Server(ThreadingHTTPServer):
    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say nothing of a client that read enough and left."""
        if not isinstance(sys.exc_info()[1], OSError):
            super().handle_error(request, client_address)


class SmallExchange:
    """A TLS server on loopback. `answers` are taken one by one, the last one again and again; `asked` is what came."""

    def __init__(self, authority: trustme.CA) -> None:
        self._authority = authority
        self.answers: list[Reply | Answer] = [Reply()]
        self.asked: list[Asked] = []

    def __enter__(self) -> Self:
        self._server = _Server(("127.0.0.1", 0), _handler(self))
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        self._authority.issue_cert("localhost", "127.0.0.1").configure_cert(context)
        self._server.socket = context.wrap_socket(self._server.socket, server_side=True)
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *exception: object) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    @property
    def url(self) -> str:
        """Where it is, by a name that a client of it trusts."""
        return f"https://localhost:{self._server.server_port}"

    @property
    def stranger_url(self) -> str:
        """Where it is, by a name that is no host of the client's cloud."""
        return f"https://127.0.0.1:{self._server.server_port}"

    def reply(self, asked: Asked) -> Reply:
        """Write a request down and give its answer."""
        self.asked.append(asked)
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        return answer if isinstance(answer, Reply) else answer(asked)


def _handler(of: SmallExchange) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def answer(self) -> None:
            content = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            body = json.loads(content) if content else None
            reply = of.reply(Asked(self.command, self.path, dict(self.headers), body))
            self.send_response(reply.status)
            for name, value in {"Content-Type": "application/json", **reply.headers}.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(reply.body) if reply.length is None else reply.length))
            self.end_headers()
            self.wfile.write(reply.body)
            self.close_connection = True

        do_GET = do_POST = answer  # noqa: N815  # http.server's names

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002  # http.server's name
            del format, args

    return Handler
