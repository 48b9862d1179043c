"""A session that writes down what it sent, and small servers that stand for pipelines and metadata services."""

import json
from collections.abc import Callable, Mapping
from http.server import BaseHTTPRequestHandler
from typing import Any, Protocol
from urllib.parse import parse_qsl, urlsplit

import requests


class Recorder(requests.Session):
    """A session that trusts one CA, ignores the environment's proxies and CAs, and writes down what it sent."""

    def __init__(self, ca_file: str) -> None:
        super().__init__()
        self.trust_env = False
        self.verify = ca_file
        self.sent: list[tuple[str, str]] = []

    def request(self, method: str | bytes, url: str | bytes, **options: Any) -> requests.Response:
        """Write the request down, then send it."""
        self.sent.append((str(method).upper(), str(url)))
        return super().request(method, url, **options)

    @property
    def posts(self) -> int:
        """How many POSTs were sent."""
        return sum(method == "POST" for method, _ in self.sent)


class Answers(Protocol):
    """What a small server does with a request: verb, path, query, headers; it gives status and body."""

    def __call__(
        self, verb: str, path: str, query: Mapping[str, str], headers: Mapping[str, str], /
    ) -> tuple[int, Any]:
        """Answer; a string body is sent as it is, anything else as JSON."""


Serve = Callable[..., str]
"""Starts a small server with these answers and gives its address."""


def handler(answers: Answers) -> type[BaseHTTPRequestHandler]:
    """Give a request handler that asks a function."""

    class Small(BaseHTTPRequestHandler):
        def answer(self) -> None:
            self.rfile.read(int(self.headers.get("Content-Length") or 0))
            parts = urlsplit(self.path)
            status, body = answers(self.command, parts.path, dict(parse_qsl(parts.query)), self.headers)
            content = body.encode() if isinstance(body, str) else json.dumps(body).encode()
            self.send_response(status)
            if 300 <= status < 400:
                self.send_header("Location", "https://elsewhere.example/")
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        do_GET = do_POST = answer  # noqa: N815  # http.server's names

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002  # http.server's name
            del format, args

    return Small
