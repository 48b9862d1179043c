"""What tests of the real engine share: one offline Exchange a session, and stacks of their own in temporary folders.

A stack has its own organization, PULUMI_HOME, backend and passphrase, so tests may run side by side.
"""

import uuid
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from pathlib import Path

import kills
import pytest
from clicks import Clicks
from pulumi_stack import Stack
from surroundings import project, surroundings

from area1_provider import engine
from area1_provider.emulator import Emulator

MakeStack = Callable[..., Stack]
"""`make_stack(program=None, name="test", config={})`: a program's text, or the checkout's own program if None."""


@pytest.fixture(scope="session")
def pulumi_engine() -> engine.Engine:
    """The engine, obtained if the machine has none."""
    return engine.ensure()


@pytest.fixture
def kills_counted(record_property: Callable[[str, object], None]) -> Iterator[None]:
    """Write down, for the report of `make trouble`, how often a test has killed."""
    before = kills.done.total()
    yield
    record_property("kills", kills.done.total() - before)


@pytest.fixture(scope="session")
def emulator() -> Iterator[Emulator]:
    """An offline Exchange for the whole session; every stack opens an organization of its own in it."""
    with Emulator() as running:
        yield running


@pytest.fixture
def make_stack(tmp_path: Path, pulumi_engine: engine.Engine, emulator: Emulator) -> Iterator[MakeStack]:
    """Make stacks that are gone after the test."""
    with ExitStack() as ending:

        def make(program: str | None = None, name: str = "test", config: Mapping[str, str] | None = None) -> Stack:
            unique = uuid.uuid4().hex[:12]
            account = emulator.add_tenant(f"t{unique}.onmicrosoft.com")
            tenant = emulator.environment(account.organization)
            folder = project(tmp_path / unique / "program", f"test-{unique}" if program else "area1", program)
            environment = surroundings(tmp_path / unique, pulumi_engine, tenant)
            clicks = Clicks(tenant)
            ending.callback(clicks.close)
            made = Stack(folder, name, environment, emulator, account.organization, clicks)
            made.init()
            if config:
                made.config_set(**config)
            return made

        yield make


@pytest.fixture
def stack(make_stack: MakeStack) -> Stack:
    """The checkout's own program with an empty stack config."""
    return make_stack()
