"""Fixtures for anybody's tests: `pytest_plugins = ["area1_provider.emulator.pytest_plugin"]` in a conftest.py.

Nothing is loaded until a test asks for a fixture.
"""

from collections.abc import Iterator

import pytest

from area1_provider.emulator.emulator import Emulator


@pytest.fixture(scope="session")
def exchange_server() -> Iterator[Emulator]:
    """Give one offline Exchange for the whole session; its state is whatever tests have made of it."""
    with Emulator() as emulator:
        yield emulator


@pytest.fixture
def exchange(exchange_server: Emulator) -> Emulator:
    """Give the session's offline Exchange as new: fresh tenants, no calls counted, no trouble scripted."""
    exchange_server.control.reset()
    return exchange_server


@pytest.fixture
def exchange_environment(exchange: Emulator, monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """Point this process's environment at the first tenant, and give the variables."""
    variables = exchange.environment()
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    return variables
