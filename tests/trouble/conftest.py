"""What tests of trouble share: a world of their own a module, a server that answers what a test wants, and the count."""

import os
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import fuzzing
import pytest
import schedules
import trustme
from lifecycle import Clock, Telling, exchange_of
from small_exchange import SmallExchange
from world import World, world

from area1_provider import engine
from area1_provider.emulator import Emulator
from area1_provider.project import Project


@pytest.fixture(autouse=True)
def counted(record_property: Callable[[str, object], None]) -> Iterator[None]:
    """Write down, for the report of `make trouble`, what was really tried."""
    bodies, ran = fuzzing.tried.total(), schedules.ran.total()
    yield
    record_property("bodies", fuzzing.tried.total() - bodies)
    record_property("schedules", schedules.ran.total() - ran)


@pytest.fixture(scope="module")
def place() -> Iterator[World]:
    """Give the world in which all schedules are run."""
    with world() as one:
        yield one


@pytest.fixture(scope="module")
def offline() -> Iterator[Emulator]:
    """Run one emulator, to sign in at."""
    with Emulator() as running:
        yield running


@pytest.fixture(scope="module")
def small(offline: Emulator) -> Iterator[tuple[SmallExchange, str]]:
    """Run a server that answers what the test wants, and name a bundle that trusts it."""
    authority = trustme.CA()
    with SmallExchange(authority) as server:
        bundle = Path(offline.ca_file).with_name("both.pem")
        bundle.write_bytes(Path(offline.ca_file).read_bytes() + authority.cert_pem.bytes())
        yield server, str(bundle)


@pytest.fixture(scope="module")
def environment(offline: Emulator, small: tuple[SmallExchange, str]) -> Mapping[str, str]:
    """Give what points a client at both."""
    server, bundle = small
    return {**offline.environment(), "AREA1_EXCHANGE_URL": server.url, "AREA1_CA_FILE": bundle}


@pytest.fixture(scope="module")
def client(environment: Mapping[str, str]) -> Iterator[Telling]:
    """Give a client of the server, which tries twice."""
    made = exchange_of(environment, Clock(), tries=2, lag_waits=(1.0,), gone_waits=(1.0,))
    yield made
    made.http.close()


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory, environment: Mapping[str, str]) -> Project:
    """Give a project whose `pulumi` prints `state.json` and an empty config, and keeps an import file."""
    folder = tmp_path_factory.mktemp("project")
    pulumi_ = folder / "pulumi"
    lines = ('[ "$1" = config ] && echo "{}" && exit', '[ "$1" = import ] && exec cp "$3" imported.json')
    pulumi_.write_text("\n".join(["#!/bin/sh", *lines, "exec cat state.json", ""]), encoding="utf-8")
    pulumi_.chmod(0o700)
    found = engine.Engine(folder, "3.259.0", "PATH")
    return Project(folder, found, {**os.environ, **environment})
