"""What stands around a provider: the engine that drives it, a clock, a client, and somebody who clicks around.

Nothing of the provider is replaced but the client that it would have made itself, since that one really waits.
"""

import asyncio
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Self

import requests
from google.protobuf import struct_pb2
from pulumi.dynamic import Config, ConfigureRequest
from pulumi.runtime import rpc

from area1_provider.client import Exchange
from area1_provider.holders import Holders
from area1_provider.limits import Limits
from area1_provider.lost_answers import LostAnswers
from area1_provider.provider import ExchangeProvider
from area1_provider.retry import Policy
from area1_provider.saved_state import RUN, facts_of, of_process
from area1_provider.settings import load

KEYS = {
    "ARM_TENANT_ID": "tenant",
    "ARM_CLIENT_ID": "client_id",
    "ARM_CLIENT_SECRET": "client_secret",
    "AREA1_EXCHANGE_URL": "exchange_url",
    "AREA1_AUTHORITY_HOST": "authority_host",
    "AREA1_CA_FILE": "ca_file",
}


class Clock:
    """A clock that only sleeping moves; `slept` holds every wait in seconds."""

    def __init__(self) -> None:
        self.now = time.time()
        self.slept: list[float] = []

    def __call__(self) -> float:
        """Give the time."""
        return self.now

    def sleep(self, seconds: float) -> None:
        """Move the time on."""
        self.slept.append(seconds)
        self.now += seconds


class Telling(Exchange):
    """A client that keeps what it would tell a person."""

    told: list[str]


def exchange_of(environment: Mapping[str, str], clock: Clock, limits: Limits | None = None, **policy: Any) -> Telling:
    """Give a client of the tenant that the environment names, whose waits cost nothing."""
    told: list[str] = []
    made = Telling(
        load(environment, {}),
        policy=Policy(sleep=clock.sleep, clock=clock, **policy),
        limits=limits,
        tell=told.append,
        environ=environment,
    )
    made.told = told
    return made


def config_of(environment: Mapping[str, str]) -> dict[str, str]:
    """Give the stack config that says what the environment says."""
    return {f"area1:{KEYS[name]}": value for name, value in environment.items()}


def configured(kind: type[ExchangeProvider], config: Mapping[str, str]) -> ExchangeProvider:
    """Give a provider as the plugin makes it: unpickled, then configured."""
    provider = kind()
    provider.configure(ConfigureRequest(config=Config(raw_config=dict(config), project_name="test")))
    return provider


def provider_over(kind: type[ExchangeProvider], exchange: Exchange, config: Mapping[str, str]) -> ExchangeProvider:
    """Give a provider that works with a client of ours."""
    known = Holders()

    class Over(kind):  # type: ignore[misc, valid-type]  # any of the five
        def exchange(self) -> Exchange:
            return exchange

        def remembered(self) -> LostAnswers:
            return exchange.lost_answers

        def holders(self) -> Holders:
            return known

    return configured(Over, config)


def travelled(properties: Mapping[str, Any]) -> dict[str, Any]:
    """Send properties through the engine's own encoding: None is dropped, numbers come back as floats."""
    loop = asyncio.new_event_loop()
    try:
        encoded = loop.run_until_complete(rpc.serialize_properties(dict(properties), {}))
    finally:
        loop.close()
    arrived = struct_pb2.Struct.FromString(encoded.SerializeToString())
    return dict(rpc.deserialize_properties(arrived, keep_unknowns=True))


@dataclass
class Engine:
    """One resource in a state, driven as the engine drives it: what raised changes no state. `id` is empty without one."""

    provider: ExchangeProvider
    id: str = ""
    inputs: dict[str, Any] = field(default_factory=dict)
    outputs: dict[str, Any] = field(default_factory=dict)
    to_delete: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    """Old halves of replacements whose new half was made."""

    def check(self, args: Mapping[str, Any]) -> list[tuple[str, str]]:
        """Give the failures of a preview."""
        result = self.provider.check(travelled(self.inputs), travelled(args))
        return [(failure.property, failure.reason) for failure in result.failures]

    def changes(self, args: Mapping[str, Any]) -> bool:
        """Say whether a preview would show a change."""
        return bool(self._diff(args).changes)

    def replaces(self, args: Mapping[str, Any]) -> list[str]:
        """Name the properties for which a preview would show a replacement."""
        return list(self._diff(args).replaces or ())

    def preview(self, args: Mapping[str, Any]) -> None:
        """Do what `pulumi preview` does, where the program tells that it is one."""
        try:
            assert self.check({**args, RUN: facts_of("", [], preview=True)}) == []
            self._diff(args)
        finally:
            of_process.told(facts_of("", []))

    def _diff(self, args: Mapping[str, Any]) -> Any:
        return self.provider.diff(self.id, travelled(self.outputs), travelled(args))

    def up(self, args: Mapping[str, Any]) -> None:
        """Do what `pulumi up` does: create, nothing, update, or delete and create again."""
        assert self.check(args) == []

        result = self._diff(args) if self.id else None
        if result and result.replaces:
            self._replace(args, first_delete=bool(result.delete_before_replace))
        elif not self.id:
            self._create(args)
        elif self.changes(args):
            result = self.provider.update(self.id, travelled(self.outputs), travelled(args))
            self.outputs = travelled(result.outs)
        self.inputs = travelled(args)
        self._tidy()

    def _create(self, args: Mapping[str, Any]) -> None:
        result = self.provider.create(travelled(args))
        self.id, self.outputs = result.id, travelled(result.outs)

    def _replace(self, args: Mapping[str, Any], *, first_delete: bool) -> None:
        old_id, old_outputs = self.id, self.outputs
        if first_delete:
            self.destroy()
        self._create(args)
        if not first_delete:
            self.to_delete.append((old_id, old_outputs))

    def _tidy(self) -> None:
        while self.to_delete:
            old_id, old_outputs = self.to_delete[0]
            self.provider.delete(old_id, travelled(old_outputs))
            self.to_delete.pop(0)

    def refresh(self) -> None:
        """Do what `pulumi refresh` does."""
        result = self.provider.read(self.id, travelled(self.outputs))
        self.id, self.outputs = result.id, travelled(result.outs)
        self.inputs = travelled(result.inputs) if result.id else {}

    def destroy(self) -> None:
        """Do what `pulumi destroy` does."""
        self.provider.delete(self.id, travelled(self.outputs))
        self.id, self.inputs, self.outputs = "", {}, {}


class Clicks:
    """Somebody else who changes the tenant, with a session of their own and none of our client's code."""

    def __init__(self, environment: Mapping[str, str]) -> None:
        self._session = requests.Session()
        self._session.trust_env = False
        self._session.verify = environment["AREA1_CA_FILE"]
        self._tenant, self._url = environment["ARM_TENANT_ID"], environment["AREA1_EXCHANGE_URL"]
        login = f"{environment['AREA1_AUTHORITY_HOST']}/{self._tenant}/oauth2/v2.0/token"
        form = {
            "grant_type": "client_credentials",
            "client_id": environment["ARM_CLIENT_ID"],
            "client_secret": environment["ARM_CLIENT_SECRET"],
            "scope": "https://outlook.office365.com/.default",
        }
        token = self._session.post(login, data=form, timeout=20).json()["access_token"]
        self._session.headers["Authorization"] = f"Bearer {token}"

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exception: object) -> None:
        self._session.close()

    def ask(self, cmdlet: str, **parameters: Any) -> tuple[int, dict[str, Any]]:
        """Run a cmdlet and give status and body."""
        body = {"CmdletInput": {"CmdletName": cmdlet, "Parameters": parameters}}
        url = f"{self._url}/adminapi/beta/{self._tenant}/InvokeCommand"
        answer = self._session.post(url, json=body, timeout=20)
        return answer.status_code, answer.json() if answer.content.strip(b"\0") else {}

    def run(self, cmdlet: str, **parameters: Any) -> list[dict[str, Any]]:
        """Run a cmdlet that must work and give its objects."""
        status, body = self.ask(cmdlet, **parameters)
        assert status == 200, body
        return list(body["value"])
