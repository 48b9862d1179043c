"""Which tenants this server holds and how a client may name them. What is in one lives in `tenant`."""

import re
import threading
from collections.abc import Iterable

from area1_provider.emulator.entra.applications import Applications
from area1_provider.emulator.tenant import Tenant
from area1_provider.emulator.tenant.store import Store

DOMAIN = re.compile(r"(?=.{4,253}$)(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}", re.IGNORECASE)


class Tenants:
    """The tenants of this server."""

    def __init__(self, store: Store, organizations: Iterable[str], seed: int | None = None) -> None:
        self._store = store
        self._seed = seed
        self._tenants: list[Tenant] = []
        self._locks: dict[str, threading.RLock] = {}
        for organization in organizations:
            self.add(organization)

    def all(self) -> list[Tenant]:
        """Give every tenant, in the order given."""
        return list(self._tenants)

    def add(self, organization: str) -> Tenant:
        """Open the tenant of that initial domain, or give the one that is open."""
        known = self.find(organization)
        if known:
            return known
        tenant = Tenant(self._store, organization.lower(), seed=self._seed)
        self._locks[tenant.tenant_id] = threading.RLock()
        # made before anybody asks: two at once would each make a secret
        self.applications(tenant).all()
        self._tenants.append(tenant)
        return tenant

    def find(self, name: str) -> Tenant | None:
        """Find by tenant id or by verified domain, without case."""
        wanted = name.lower()
        return next((tenant for tenant in self._tenants if wanted in names_of(tenant)), None)

    def lock(self, tenant: Tenant) -> threading.RLock:
        """Give what makes one cmdlet of the tenant run at a time."""
        return self._locks[tenant.tenant_id]

    def applications(self, tenant: Tenant) -> Applications:
        """Give the tenant's app registrations."""
        return Applications(tenant)


def names_of(tenant: Tenant) -> frozenset[str]:
    """Give every name of the tenant in lower case: its id and its verified domains."""
    return frozenset({tenant.tenant_id, *(domain.lower() for domain in tenant.accepted_domains)})
