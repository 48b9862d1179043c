"""The emulator as one object: everything put together, running in a thread. What the parts do lives in the parts."""

import secrets
import tempfile
import threading
import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Self, TextIO

from area1_provider.emulator.calls import Calls
from area1_provider.emulator.clock import Clock, utc_now
from area1_provider.emulator.control.control import Control
from area1_provider.emulator.control.over_http import ControlHttp
from area1_provider.emulator.entra.devices import Devices
from area1_provider.emulator.entra.endpoints import Entra
from area1_provider.emulator.entra.grants import Grants
from area1_provider.emulator.entra.identities import Identities
from area1_provider.emulator.entra.tenants import Tenants
from area1_provider.emulator.entra.tokens import Tokens, signing_key
from area1_provider.emulator.exchange.admin_api import Exchange
from area1_provider.emulator.exchange.gate import Gate
from area1_provider.emulator.exchange.paging import Pages
from area1_provider.emulator.faults import Faults
from area1_provider.emulator.routes import routes
from area1_provider.emulator.tenant import Tenant
from area1_provider.emulator.tenant.store import Store
from area1_provider.emulator.troubles import Means, Sleep
from area1_provider.emulator.web.server import Web
from area1_provider.emulator.web.tls import identity
from area1_provider.emulator.web.transport import Application, PortInUse, bound, listener, run

ORGANIZATION = "contoso.onmicrosoft.com"
__all__ = ["ORGANIZATION", "Account", "Emulator", "PortInUse"]

LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})


@dataclass(frozen=True)
class Account:
    """What a client needs to reach one tenant; the shape of the ready file's `tenants`."""

    organization: str
    tenant_id: str
    client_id: str
    client_secret: str
    recipients: tuple[str, ...]


class Emulator:
    """An offline Exchange Online and its Entra on loopback, behind TLS; a context manager.

    `store` is a SQLite file, or None for memory. `tls_dir` keeps the throw-away CA, or None for a temporary
    directory. `hostnames` are further names in the certificate. `clock` gives the time (aware, UTC) and `sleep`
    waits, for scripted slowness. `seed` makes the GUIDs of new objects repeatable. `log` takes the access log, or
    None for none. Raises PortInUse on entering.
    """

    def __init__(
        self,
        organizations: Sequence[str] = (ORGANIZATION,),
        *,
        host: str = "127.0.0.1",
        port: int = 0,
        store: str | Path | None = None,
        tls_dir: str | Path | None = None,
        hostnames: Sequence[str] = (),
        clock: Callable[[], datetime] = utc_now,
        sleep: Sleep = time.sleep,
        seed: int | None = None,
        log: TextIO | None = None,
    ) -> None:
        self._organizations = organizations
        self._host = host
        self._port = port
        self._store = str(store) if store is not None else None
        self._tls_dir = Path(tls_dir) if tls_dir is not None else None
        self._hostnames = tuple(hostnames)
        self._clock = Clock(clock)
        self._sleep = sleep
        self._seed = seed
        self._log = log
        self._stack = ExitStack()
        self.control_token = secrets.token_urlsafe(24)

    def __enter__(self) -> Self:
        with ExitStack() as stack:
            self._start(stack)
            self._stack = stack.pop_all()
        return self

    def __exit__(self, *exception: object) -> None:
        self._stack.close()

    @property
    def exchange_url(self) -> str:
        """Where the admin API is, for AREA1_EXCHANGE_URL."""
        return self._origin

    @property
    def authority_host(self) -> str:
        """Where sign-in is, for AREA1_AUTHORITY_HOST."""
        return self._origin

    @property
    def authority(self) -> str:
        """The first tenant's authority, as MSAL takes it."""
        return f"{self._origin}/{self.control.tenant().tenant_id}"

    @property
    def control_url(self) -> str:
        """Where the control interface is; it wants `control_token` as a bearer token."""
        return f"{self._origin}/emulator"

    @property
    def ca_file(self) -> str:
        """The PEM file to trust."""
        return self._ca_file

    @property
    def control(self) -> Control:
        """The handle for tests."""
        return self._control

    @property
    def tenants(self) -> list[Tenant]:
        """Every tenant, in the order given."""
        return self._tenants.all()

    def account(self, tenant: str | None = None) -> Account:
        """Give ids, secret and mailbox addresses of a tenant, by default the first."""
        found, application = self.control.tenant(tenant), self.control.application(None, tenant)
        secret = application.secrets[0].value if application.secrets else ""
        return Account(found.organization, found.tenant_id, application.client_id, secret, tuple(found.recipients()))

    def environment(self, tenant: str | None = None) -> dict[str, str]:
        """Give the variables that point a client at a tenant, by default the first."""
        account = self.account(tenant)
        return {
            "ARM_TENANT_ID": account.tenant_id,
            "ARM_CLIENT_ID": account.client_id,
            "ARM_CLIENT_SECRET": account.client_secret,
            "AREA1_EXCHANGE_URL": self.exchange_url,
            "AREA1_AUTHORITY_HOST": self.authority_host,
            "AREA1_CA_FILE": self.ca_file,
        }

    def machine_environment(self) -> dict[str, str]:
        """Give the variables that make a client find this machine's managed identity as on a virtual machine."""
        return {"AZURE_POD_IDENTITY_AUTHORITY_HOST": self.authority_host}

    def app_service_environment(self) -> dict[str, str]:
        """Give the variables that make a client find this machine's managed identity as in App Service."""
        return {
            "IDENTITY_ENDPOINT": f"{self.authority_host}/msi/token",
            "IDENTITY_HEADER": self._identities.header,
        }

    def add_tenant(self, organization: str) -> Account:
        """Open one more tenant while running, or give the one that is open."""
        return self.account(self.control.add_tenant(organization).organization)

    def _start(self, stack: ExitStack) -> None:
        signing_key()
        connection = stack.enter_context(bound(self._host, self._port))
        self._origin = self._origin_of(connection.getsockname()[1])
        directory = self._tls_dir or Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="offline-exchange-")))
        own = identity(directory, self._names())
        self._ca_file = str(own.ca_file.resolve())
        store = Store(self._store)
        stack.callback(store.close)
        application = self._compose(store)
        accepting = threading.Event()
        server = listener(application, own.context, accepting.set)
        run(server, connection, accepting, stack)

    def _compose(self, store: Store) -> Application:
        clock = self._clock
        self._tenants = Tenants(store, self._organizations, self._seed)
        tokens, devices, pages, calls = Tokens(clock), Devices(clock), Pages(clock), Calls()
        faults = Faults(Means(self._sleep, clock.set_ahead, self._revoke, pages.forget))
        gate = Gate(self._tenants, tokens)
        self._control = Control(
            tenants=self._tenants,
            tokens=tokens,
            devices=devices,
            gate=gate,
            pages=pages,
            calls=calls,
            faults=faults,
            clock=clock,
        )
        exchange = Exchange(self._tenants, gate, pages, calls, faults, clock)
        entra = Entra(self._tenants, Grants(self._tenants, tokens, devices, clock), faults, clock)
        self._identities = Identities(self._tenants, tokens, clock)
        control = ControlHttp(self._control, self.control_token, self._documents)
        return Web(clock, self._log).application(routes(exchange, entra, self._identities, control))

    def _revoke(self) -> None:
        self._control.revoke_tokens()

    def _documents(self) -> list[dict[str, Any]]:
        return [asdict(self.account(tenant.organization)) for tenant in self.tenants]

    def _names(self) -> tuple[str, ...]:
        return self._hostnames if self._host in {"0.0.0.0", "::"} else (*self._hostnames, self._host)  # noqa: S104

    def _origin_of(self, port: int) -> str:
        name = "localhost" if self._host in {*LOOPBACK, "0.0.0.0", "::"} else self._host  # noqa: S104
        return f"https://{name}" if port == 443 else f"https://{name}:{port}"  # noqa: PLR2004 - https's own port
