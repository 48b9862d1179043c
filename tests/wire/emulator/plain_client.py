"""The plainest of clients: one HTTP session, one tenant. Nothing of the provider is imported."""

from dataclasses import dataclass
from typing import Any

import requests
from requests.adapters import HTTPAdapter

from area1_provider.emulator import Account, Emulator

ANCHOR = "APP:SystemMailbox{{bb558c35-97f1-4cb9-8ff7-d53741dc928c}}@{}"


class Resolving(HTTPAdapter):
    """Sends what is meant for a name to loopback, as name resolution would; TLS and Host keep the name."""

    def __init__(self, hostname: str, port: int) -> None:
        self._hostname = hostname
        self._port = port
        super().__init__()

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        """Check the certificate against the name."""
        super().init_poolmanager(*args, **kwargs, server_hostname=self._hostname, assert_hostname=self._hostname)

    def send(self, request: requests.PreparedRequest, *args: Any, **kwargs: Any) -> requests.Response:
        """Go to loopback."""
        request.headers["Host"] = self._hostname
        request.url = request.url.replace(f"//{self._hostname}", f"//127.0.0.1:{self._port}", 1)
        return super().send(request, *args, **kwargs)


@dataclass
class Plain:
    """A plain HTTP client of one tenant."""

    server: Emulator
    account: Account
    http: requests.Session

    @property
    def url(self) -> str:
        """Where InvokeCommand is."""
        return f"{self.server.exchange_url}/adminapi/beta/{self.account.tenant_id}/InvokeCommand"

    def form(self, **fields: str) -> requests.Response:
        """Ask the token endpoint."""
        return self.http.post(f"{self.server.authority_host}/{self.account.tenant_id}/oauth2/v2.0/token", data=fields)

    def token(self, scope: str = "https://outlook.office365.com/.default", **fields: str) -> str:
        """Sign in with the secret."""
        credentials = {"client_id": self.account.client_id, "client_secret": self.account.client_secret}
        answer = self.form(grant_type="client_credentials", scope=scope, **{**credentials, **fields})
        assert answer.status_code == 200, answer.text
        return str(answer.json()["access_token"])

    def headers(self, token: str | None = None, **more: str) -> dict[str, str]:
        """Give the headers that clients in production send."""
        return {
            "Authorization": f"Bearer {token or self.token()}",
            "X-AnchorMailbox": ANCHOR.format(self.account.tenant_id),
            **{name.replace("_", "-"): value for name, value in more.items()},
        }

    def invoke(
        self, cmdlet: str, parameters: dict[str, Any] | None = None, *, token: str | None = None, **headers: str
    ) -> requests.Response:
        """Send one cmdlet."""
        body = {"CmdletInput": {"CmdletName": cmdlet, "Parameters": parameters or {}}}
        return self.http.post(self.url, json=body, headers=self.headers(token, **headers), allow_redirects=False)
