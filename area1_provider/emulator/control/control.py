"""What a test may do to the offline Exchange: look at calls, script trouble, change registrations. In process.

The same over HTTP is in over_http.py.
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from area1_provider.emulator.calls import Call, Calls
from area1_provider.emulator.clock import Clock
from area1_provider.emulator.entra.applications import ALL_CMDLETS, Application, FederatedCredential, Secret
from area1_provider.emulator.entra.certificates import Certificate
from area1_provider.emulator.entra.devices import Devices
from area1_provider.emulator.entra.tenants import DOMAIN, Tenants
from area1_provider.emulator.entra.tokens import LIFETIME, Tokens
from area1_provider.emulator.exchange.admin_api import REDIRECT
from area1_provider.emulator.exchange.gate import Gate, people
from area1_provider.emulator.exchange.paging import Pages
from area1_provider.emulator.faults import Action, Faults, Match, Rule
from area1_provider.emulator.tenant import Tenant

Name = str | None
"""An organization, or None for the first tenant."""


class Control:
    """The handle on a running emulator. Tenants are named by organization or id; KeyError where there is none."""

    def __init__(
        self,
        *,
        tenants: Tenants,
        tokens: Tokens,
        devices: Devices,
        gate: Gate,
        pages: Pages,
        calls: Calls,
        faults: Faults,
        clock: Clock,
    ) -> None:
        self._tenants = tenants
        self._tokens = tokens
        self._devices = devices
        self._gate = gate
        self._pages = pages
        self._calls = calls
        self.faults = faults
        self.clock = clock

    def tenant(self, name: Name = None) -> Tenant:
        """Give the tenant itself, with all that it can do."""
        if name is None:
            return self._tenants.all()[0]
        found = self._tenants.find(name)
        if found is None:
            raise KeyError(name)
        return found

    def add_tenant(self, organization: str) -> Tenant:
        """Open one more tenant, or give the one that is open; ValueError for what is no domain name."""
        if not DOMAIN.fullmatch(organization):
            raise ValueError(f"'{organization}' is not a domain name")
        return self._tenants.add(organization)

    # calls

    def calls(self, tenant: Name = None) -> list[Call]:
        """Give the cmdlets asked for since the log was cleared: of all tenants, or of one."""
        return self._calls.all(self.tenant(tenant).organization if tenant else None)

    def clear_calls(self) -> None:
        """Forget the calls."""
        self._calls.clear()

    # scripted trouble

    def fault(self, action: Action, **match: Any) -> Rule:
        """Put a rule behind the others; `match` are the fields of faults.Match."""
        return self.faults.add(Rule(Match(**match), action))

    def script(self, rules: Iterable[Rule]) -> None:
        """Put rules behind the others."""
        for rule in rules:
            self.faults.add(rule)

    def organization(self, name: str) -> str:
        """Give the organization that a name or a tenant id means; ValueError that says which there are."""
        found = self._tenants.find(name)
        if found is None:
            raise ValueError(
                f"is no tenant here; open are {', '.join(one.organization for one in self._tenants.all())}"
            )
        return found.organization

    def clear_faults(self) -> None:
        """End all trouble."""
        self.faults.clear()

    def forget_pages(self) -> None:
        """Lose all paging tokens, as when a backend goes away."""
        self._pages.forget()

    def advance(self, seconds: float) -> None:
        """Move the emulator's clock on."""
        self.clock.advance(seconds)

    # the tenant's state

    def reset(self, tenant: Name = None) -> None:
        """Make one tenant, or all, as new: objects, registrations, settings; ends trouble, clears the log.

        Client id and secret of the default application stay. The clock follows its source again.
        """
        for one in [self.tenant(tenant)] if tenant else self._tenants.all():
            self._renew(one)
        self.faults.clear()
        self._calls.clear()
        self._pages.forget()
        self.clock.reset()
        self._tokens.lifetime = LIFETIME

    def _renew(self, tenant: Tenant) -> None:
        with self._tenants.lock(tenant):
            tenant.replication.reads = 0
            tenant.customization_needed = frozenset()
            tenant.reset()
            tenant.set_setting(REDIRECT, None)
            tenant.set_setting("people", {})
        self._tenants.applications(tenant).forget()
        self._gate.challenges.pop(tenant.tenant_id, None)

    def redirect(self, host: str | None, tenant: Name = None) -> None:
        """Send the tenant's clients to a regional host by 302; None ends it."""
        self.tenant(tenant).set_setting(REDIRECT, host.lower() if host else None)

    def replication_lag(self, reads: int, seed: int = 0, tenant: Name = None) -> None:
        """Hide new objects from other sessions for up to `reads` looks."""
        replication = self.tenant(tenant).replication
        replication.reads, replication.seed = reads, seed

    # sign-in

    def applications(self, tenant: Name = None) -> list[Application]:
        """Give the tenant's app registrations, the default first."""
        return self._tenants.applications(self.tenant(tenant)).all()

    def application(self, client_id: Name = None, tenant: Name = None) -> Application:
        """Give one registration, by default the default one; KeyError where there is none."""
        registered = self._tenants.applications(self.tenant(tenant))
        found = registered.find(client_id) if client_id else registered.default()
        if found is None:
            raise KeyError(client_id)
        return found

    def put_application(self, application: Application, tenant: Name = None) -> Application:
        """Register an application, or replace its registration; its certificates must be PEM (ValueError)."""
        for pem in application.certificates:
            Certificate.read(pem)
        return self._tenants.applications(self.tenant(tenant)).put(application)

    def change_application(self, client_id: Name = None, tenant: Name = None, **changes: Any) -> Application:
        """Change fields of a registration (those of Application)."""
        return self.put_application(replace(self.application(client_id, tenant), **changes), tenant)

    def remove_application(self, client_id: str, tenant: Name = None) -> None:
        """Take a registration away."""
        self._tenants.applications(self.tenant(tenant)).remove(client_id)

    def add_secret(self, value: str, expires: str = "", client_id: Name = None, tenant: Name = None) -> None:
        """Give an application one more secret; `expires` is ISO 8601 with zone."""
        known = self.application(client_id, tenant).secrets
        self.change_application(client_id, tenant, secrets=(*known, Secret(value, expires)))

    def add_certificate(self, pem: str, client_id: Name = None, tenant: Name = None) -> None:
        """Register a certificate (PEM, public part)."""
        known = self.application(client_id, tenant).certificates
        self.change_application(client_id, tenant, certificates=(*known, pem))

    def trust(self, credential: FederatedCredential, client_id: Name = None, tenant: Name = None) -> None:
        """Register a federated credential."""
        known = self.application(client_id, tenant).federated
        self.change_application(client_id, tenant, federated=(*known, credential))

    def revoke_tokens(self, tenant: Name = None) -> None:
        """Refuse every token given so far, of one tenant or of all."""
        tenant_id = self.tenant(tenant).tenant_id if tenant else None
        self._tokens.revoke(tenant_id)
        self._devices.revoke(tenant_id)

    def token_lifetime(self, seconds: int = LIFETIME) -> None:
        """Give tokens that last so long from now on; ValueError for less than a second."""
        if seconds < 1:
            raise ValueError("a token lasts a second at least")
        self._tokens.lifetime = seconds

    def challenge(self, claims: Mapping[str, Any] | None, tenant: Name = None) -> None:
        """Demand that tokens were asked for with these claims (401 with a claims challenge); None ends it."""
        tenant_id = self.tenant(tenant).tenant_id
        if claims is None:
            self._gate.challenges.pop(tenant_id, None)
        else:
            self._gate.challenges[tenant_id] = claims

    def approve_device(
        self, user_code: str, user: str = "", roles: Iterable[str] = (ALL_CMDLETS,), tenant: Name = None
    ) -> None:
        """Let a person sign in with a device code; KeyError where the code is unknown.

        `user` is a user principal name, by default the tenant's first mailbox; `roles` are the person's Exchange roles.
        """
        owner = self.tenant(tenant)
        name = user or owner.recipients()[0]
        self._devices.decide(user_code, name)
        owner.set_setting("people", {**people(owner), name.lower(): list(roles)})

    def decline_device(self, user_code: str) -> None:
        """Let a person decline a device code."""
        self._devices.decide(user_code, "")
