"""A tenant, and callers with various roles in it."""

from collections.abc import Callable
from typing import Any

import pytest
from cmdlet_shell import Shell, tagged

from area1_provider.emulator.tenant import Tenant
from area1_provider.emulator.tenant.store import Store


@pytest.fixture
def tenant() -> Tenant:
    """A new tenant in memory."""
    return Tenant(Store(None), "contoso.onmicrosoft.com", seed=1)


@pytest.fixture
def shell(tenant: Tenant) -> Shell:
    """An administrator of the tenant."""
    return Shell(tenant, "Organization Management")


@pytest.fixture
def shell_of(tenant: Tenant) -> Callable[..., Shell]:
    """Makes callers with other roles in the same tenant."""
    return lambda *roles, **caller: Shell(tenant, *roles, **caller)


@pytest.fixture
def table() -> Any:
    """Makes tagged tables of changes."""
    return tagged
