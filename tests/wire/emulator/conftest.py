"""One offline Exchange for these tests, and plain clients of its tenants."""

from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest
import requests
from plain_client import Plain, Resolving

from area1_provider.emulator import Emulator

HOSTNAMES = (
    "outlook.office365.com",
    "login.microsoftonline.com",
    "eur01.outlook.office365.com",
    "partner.outlook.cn",
)
ORGANIZATIONS = ("contoso.onmicrosoft.com", "fabrikam.onmicrosoft.com")


@pytest.fixture(scope="session")
def server() -> Iterator[Emulator]:
    """Give one server with two tenants for the whole session."""
    with Emulator(ORGANIZATIONS, hostnames=HOSTNAMES) as emulator:
        yield emulator


@pytest.fixture
def exchange(server: Emulator) -> Emulator:
    """Give the server as new."""
    server.control.reset()
    return server


@pytest.fixture
def http(exchange: Emulator) -> Iterator[requests.Session]:
    """Give a session that trusts the emulator's CA and knows the cloud's names."""
    with requests.Session() as session:
        session.verify = exchange.ca_file
        session.trust_env = False
        for hostname in HOSTNAMES:
            session.mount(f"https://{hostname}", Resolving(hostname, urlsplit(exchange.exchange_url).port or 443))
        yield session


@pytest.fixture
def plain(exchange: Emulator, http: requests.Session) -> Plain:
    """Give a client of the first tenant."""
    return Plain(exchange, exchange.account(), http)


@pytest.fixture
def other(exchange: Emulator, http: requests.Session) -> Plain:
    """Give a client of the second tenant."""
    return Plain(exchange, exchange.account(ORGANIZATIONS[1]), http)


@pytest.fixture
def control(exchange: Emulator, http: requests.Session) -> Callable[..., requests.Response]:
    """Give what asks the control interface over HTTP."""

    def ask(method: str, name: str, **arguments: Any) -> requests.Response:
        return http.request(
            method,
            f"{exchange.control_url}/{name}",
            json=arguments or None,
            headers={"Authorization": f"Bearer {exchange.control_token}"},
        )

    return ask
