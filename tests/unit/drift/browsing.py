"""A headless Chromium that sees one page and whose every request is written down. No expectation lives here."""

import re
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

HOST = "report.invalid"
URL = f"http://{HOST}/drift.html"
"""A name that no machine resolves: the browser's proxy answers for it."""

QUIET = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-default-apps",
    "--disable-extensions",
    "--disable-features=NetworkTimeServiceQuerying",
    "--component-updater=url-source=data:,",
    "--gaia-url=http://127.0.0.1:9/",
    "--proxy-bypass-list=<-loopback>",
)
"""New, empty, and as silent as a browser can be told to be."""

SECONDS = 60.0


class Proxy(ThreadingHTTPServer):
    """Answers for one page, refuses all else, and keeps the requests: `GET http://...`, `CONNECT host:443`."""

    daemon_threads = True

    def __init__(self, page: str) -> None:
        super().__init__(("127.0.0.1", 0), Answer)
        self.page = page
        self.requests: list[str] = []

    def caused(self) -> list[str]:
        """Give the requests that the page can have caused: its own host, and hosts that its source names.

        A browser asks its maker's hosts for updates and the like; a page without scripts cannot ask for a host that it
        does not name.
        """
        named = [
            (request, re.split(r"[/:]+", request.partition("://")[2] or request.split()[1])[0])
            for request in self.requests
        ]
        return [request for request, host in named if host == HOST or host in self.page]


class Answer(BaseHTTPRequestHandler):
    """One request to the proxy."""

    server: Proxy

    def do_GET(self) -> None:
        """Give the page, or nothing."""
        self.server.requests.append(f"{self.command} {self.path}")
        known = self.path == URL
        self.send_response(200 if known else 404)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Connection", "close")
        self.end_headers()
        self.wfile.write(self.server.page.encode() if known else b"")

    do_POST = do_CONNECT = do_HEAD = do_GET  # noqa: N815  # names that http.server looks for

    def log_message(self, *_: object) -> None:
        """Stay quiet."""


@contextmanager
def proxy(page: str) -> Iterator[Proxy]:
    """Serve a page on loopback."""
    with Proxy(page) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()
            thread.join()


def browse(chromium: str, server: Proxy, profile: Path, *options: str) -> str:
    """Load the page in a new profile and give what the browser printed; raises CalledProcessError if it failed."""
    where = f"--proxy-server=http://127.0.0.1:{server.server_address[1]}"
    command = [chromium, *QUIET, where, f"--user-data-dir={profile}", *options, URL]
    done = subprocess.run(
        command, stdin=subprocess.DEVNULL, capture_output=True, encoding="utf-8", timeout=SECONDS, check=True
    )
    return done.stdout
