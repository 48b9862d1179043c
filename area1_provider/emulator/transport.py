"""Sockets, TLS connections and the event loop's server; no HTTP message is read or written here."""

import asyncio
import logging
import socket
import ssl
import struct
from collections.abc import Callable
from typing import Any

from starlette.types import ASGIApp
from uvicorn import Config, Server
from uvicorn.protocols.http.h11_impl import H11Protocol

TRANSPORT = "offline.transport"
"""The ASGI extension under which an application finds its connection."""


class Protocol(H11Protocol):
    """HTTP/1.1 whose connections can be ended from inside the application, for scripted trouble."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Hand the application the means to end this very connection."""
        super().connection_made(transport)
        inner = self.app

        async def app(scope: Any, receive: Any, send: Any) -> None:
            scope.setdefault("extensions", {})[TRANSPORT] = transport
            await inner(scope, receive, send)

        self.app = app


class Listener(Server):
    """A uvicorn server that says when it accepts connections."""

    def __init__(self, config: Config, ready: Callable[[], None]) -> None:
        super().__init__(config)
        self._ready = ready

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Start, then tell."""
        await super().startup(sockets)
        self._ready()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Stop at once: idle connections are broken, for a client that sits on one never says goodbye in TLS."""
        await self._abort(idle=True)
        await super().shutdown(sockets)
        await self._abort(idle=False)

    async def _abort(self, *, idle: bool) -> None:
        for connection in list(self.server_state.connections):
            cycle = getattr(connection, "cycle", None)
            if not idle or cycle is None or cycle.response_complete:
                connection.transport.abort()
        for _ in range(3):  # the loop needs a few turns to close what was aborted
            await asyncio.sleep(0)


def reset(transport: asyncio.Transport) -> None:
    """End the connection the hard way: RST instead of FIN."""
    connection = transport.get_extra_info("socket")
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    transport.abort()


def listener(application: ASGIApp, context: ssl.SSLContext, ready: Callable[[], None]) -> Listener:
    """Give a server for the application behind TLS; `ready` is called when it accepts connections."""
    logging.getLogger("uvicorn.error").setLevel(logging.CRITICAL)
    config = Config(
        application,
        http=Protocol,
        ws="none",
        lifespan="off",
        loop="asyncio",
        log_config=None,
        access_log=False,
        proxy_headers=False,
        server_header=False,
        date_header=False,
        timeout_keep_alive=120,
        timeout_graceful_shutdown=1,
        ssl_context_factory=lambda *_: context,
    )
    return Listener(config, ready)
