"""An offline Exchange for tests of client and providers, and a second administrator who clicks around in it."""

import os
from collections.abc import Iterator

import pytest
from lifecycle import Clicks, Clock, Telling, config_of, exchange_of
from one_resource import World

from area1_provider.emulator import Emulator
from area1_provider.emulator.tenant import Tenant
from area1_provider.limits import Limits


@pytest.fixture(scope="session")
def offline() -> Iterator[Emulator]:
    """Run one emulator for all tests that need no fresh one."""
    with Emulator() as emulator:
        yield emulator


@pytest.fixture
def emulator(offline: Emulator) -> Emulator:
    """Give the emulator as new."""
    offline.control.reset()
    return offline


@pytest.fixture
def tenant(emulator: Emulator) -> Tenant:
    """Give the emulator's tenant, to look into and to change behind everybody's back."""
    return emulator.control.tenant()


@pytest.fixture
def clock() -> Clock:
    """Give a clock that only sleeping moves."""
    return Clock()


@pytest.fixture
def limits() -> Limits:
    """Give the client's usual bounds; a test may be run with others."""
    return Limits()


@pytest.fixture
def config(emulator: Emulator) -> dict[str, str]:
    """Give the stack config that names the tenant, the way to sign in and the emulator."""
    return config_of(emulator.environment())


@pytest.fixture
def environ(emulator: Emulator, monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """Point this process's environment at the emulator."""
    for name in [name for name in os.environ if name.startswith(("ARM_", "AZURE_", "AREA1_"))]:
        monkeypatch.delenv(name)
    for name, value in emulator.environment().items():
        monkeypatch.setenv(name, value)
    return emulator.environment()


@pytest.fixture
def exchange(emulator: Emulator, clock: Clock, limits: Limits) -> Iterator[Telling]:
    """Give a client whose waits cost nothing; what it tells is in `exchange.told`."""
    made = exchange_of(emulator.environment(), clock, limits)
    yield made
    made.http.close()


@pytest.fixture
def clicks(emulator: Emulator) -> Iterator[Clicks]:
    """Give somebody who works in the admin centre of the same tenant."""
    with Clicks(emulator.environment()) as somebody:
        yield somebody


@pytest.fixture
def world(request: pytest.FixtureRequest, exchange: Telling, tenant: Tenant, config: dict[str, str]) -> World:
    """Give the world of the noun that the test is for."""
    return World(request.param, exchange, tenant, config)
