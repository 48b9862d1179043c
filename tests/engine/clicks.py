"""Somebody who changes the tenant behind Pulumi's back: plain HTTP, nothing of the package under test."""

from collections.abc import Mapping
from typing import Any

import requests

SCOPE = "https://outlook.office365.com/.default"
ANCHOR = "APP:SystemMailbox{{bb558c35-97f1-4cb9-8ff7-d53741dc928c}}@{tenant}"


class Clicks:
    """A signed-in admin of one tenant: `clicks("Set-JournalRule", Identity="...", Scope="Global")`.

    Raises AssertionError with the server's text where a cmdlet is refused.
    """

    def __init__(self, environment: Mapping[str, str]) -> None:
        self._http = requests.Session()
        self._ca = environment["AREA1_CA_FILE"]
        self._tenant = environment["ARM_TENANT_ID"]
        self._url = f"{environment['AREA1_EXCHANGE_URL']}/adminapi/beta/{self._tenant}/InvokeCommand"
        self._http.headers["Authorization"] = f"Bearer {self._token(environment)}"
        self._http.headers["X-AnchorMailbox"] = ANCHOR.format(tenant=self._tenant)

    def __call__(self, cmdlet: str, **parameters: Any) -> list[dict[str, Any]]:
        """Run a cmdlet and give its objects (the first page)."""
        body = {"CmdletInput": {"CmdletName": cmdlet, "Parameters": parameters}}
        answer = self._http.post(self._url, json=body, verify=self._ca, timeout=30)
        assert answer.status_code == 200, f"{cmdlet}: {answer.status_code} {answer.text}"
        objects: list[dict[str, Any]] = answer.json()["value"]
        return objects

    def one(self, cmdlet: str, **parameters: Any) -> dict[str, Any]:
        """Run a cmdlet that gives exactly one object."""
        (found,) = self(cmdlet, **parameters)
        return found

    def close(self) -> None:
        """End the session."""
        self._http.close()

    def _token(self, environment: Mapping[str, str]) -> str:
        form = {
            "grant_type": "client_credentials",
            "client_id": environment["ARM_CLIENT_ID"],
            "client_secret": environment["ARM_CLIENT_SECRET"],
            "scope": SCOPE,
        }
        url = f"{environment['AREA1_AUTHORITY_HOST']}/{self._tenant}/oauth2/v2.0/token"
        answer = self._http.post(url, data=form, verify=self._ca, timeout=30)
        assert answer.status_code == 200, answer.text
        return str(answer.json()["access_token"])
