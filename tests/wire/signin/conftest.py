"""An emulator to sign in to, and small servers that stand for pipelines and metadata services."""

import ssl
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from http.server import ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
import trustme
from signin_servers import Answers, Recorder, Serve, handler

from area1_provider.auth import Tokens
from area1_provider.emulator import Emulator
from area1_provider.settings import load


@pytest.fixture(scope="session")
def authority() -> trustme.CA:
    """Give the throw-away CA of the small servers."""
    return trustme.CA()


@pytest.fixture
def serve(authority: trustme.CA) -> Iterator[Serve]:
    """Start small servers on loopback; `tls=False` for plain HTTP, as metadata services speak."""
    with ExitStack() as stack:

        def start(answers: Answers, *, tls: bool = True) -> str:
            server = stack.enter_context(ThreadingHTTPServer(("127.0.0.1", 0), handler(answers)))
            if tls:
                context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
                authority.issue_cert("localhost").configure_cert(context)
                server.socket = context.wrap_socket(server.socket, server_side=True)
            thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
            thread.start()
            stack.callback(thread.join)
            stack.callback(server.shutdown)
            return f"{'https' if tls else 'http'}://localhost:{server.server_port}"

        yield start


@pytest.fixture(scope="session")
def running() -> Iterator[Emulator]:
    """Run one emulator for all of these tests."""
    with Emulator() as emulator:
        yield emulator


@pytest.fixture
def emulator(running: Emulator) -> Emulator:
    """Give the emulator as new."""
    running.control.reset()
    return running


@pytest.fixture
def ca_file(running: Emulator, authority: trustme.CA, tmp_path: Path) -> str:
    """Give a bundle that trusts the emulator and the small servers."""
    bundle = tmp_path / "ca.pem"
    bundle.write_bytes(Path(running.ca_file).read_bytes() + authority.cert_pem.bytes())
    return str(bundle)


@pytest.fixture
def http(ca_file: str) -> Iterator[Recorder]:
    """Give the session that signs in."""
    with Recorder(ca_file) as session:
        yield session


@pytest.fixture
def place(emulator: Emulator, ca_file: str) -> dict[str, str]:
    """Give the variables that name tenant, application and emulator, and no way to sign in."""
    environ = {**emulator.environment(), "AREA1_CA_FILE": ca_file}
    del environ["ARM_CLIENT_SECRET"]
    return environ


@pytest.fixture
def sign_in(emulator: Emulator, place: dict[str, str], http: Recorder) -> Callable[..., Tokens]:
    """Give tokens for variables added to `place`, by the emulator's clock."""

    def tokens(variables: Mapping[str, str], /, **options: Any) -> Tokens:
        settings = load({**place, **variables}, {})
        options = {"clock": lambda: emulator.control.clock().timestamp(), **options}
        return Tokens(settings, http=http, **options)

    return tokens
