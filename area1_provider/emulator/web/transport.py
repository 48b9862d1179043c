"""Sockets, TLS connections and the event loop's server; no HTTP message is read or written here."""

import asyncio
import errno
import logging
import socket
import ssl
import struct
import threading
from collections.abc import Callable
from contextlib import ExitStack
from typing import Any

from starlette.types import ASGIApp
from uvicorn import Config, Server
from uvicorn.protocols.http.h11_impl import H11Protocol

Application = ASGIApp
START = 20.0
OF_PORT = (errno.EADDRINUSE, errno.EACCES, None)
"""What another port helps against; None is a number that is no port."""
TRANSPORT = "offline.transport"
"""The ASGI extension under which an application finds its connection."""


class PortInUse(Exception):
    """Raised when host and port cannot be listened on; the text says why and the way out."""


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


def bound(host: str, port: int) -> socket.socket:
    """Give a socket that listens; raises PortInUse."""
    try:
        connection = socket.create_server((host, port), family=socket.AF_INET6 if ":" in host else socket.AF_INET)
        # inherited by accepted connections; asyncio overlooks it, and every answer would wait 40 ms
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    except (OSError, OverflowError) as error:
        reason = str(getattr(error, "strerror", None) or error).partition(" (while")[0]
        ours = getattr(error, "errno", None) in OF_PORT
        way_out = "--port, or 0 for any that is free" if ours else "--host: an address of this machine"
        raise PortInUse(f"Cannot listen on {host}:{port}: {reason}. Choose another {way_out}.") from error
    return connection


def run(server: Listener, connection: socket.socket, accepting: threading.Event, stack: ExitStack) -> None:
    """Run the server in a thread until the stack is closed."""
    thread = threading.Thread(target=server.run, args=([connection],), name="offline-exchange", daemon=True)

    def stop() -> None:
        server.should_exit = True
        thread.join()

    thread.start()
    stack.callback(stop)
    if not accepting.wait(START):
        raise RuntimeError("The server did not come up.")
