"""The control interface over HTTP, under /emulator/, behind the control token. What it does lives in control.py.

`GET calls`, `DELETE calls`, `GET`, `POST` and `DELETE faults`, `GET tenants`, `GET applications`, and `POST` of a JSON
object to each name in `OPERATIONS`; `tenant` is an organization or a tenant id, by default the first tenant. What
`POST faults` takes is read by scripts.py.
"""

import secrets
from collections.abc import Callable, Mapping
from dataclasses import asdict
from functools import partial
from typing import Any

from area1_provider.emulator.control.control import Control
from area1_provider.emulator.entra.applications import ALL_CMDLETS, FederatedCredential, read_application, read_changes
from area1_provider.emulator.scripts import read_script
from area1_provider.emulator.web.http_errors import MalformedBody, NoSuchPath, Problem, envelope
from area1_provider.emulator.web.json_bodies import read_json
from area1_provider.emulator.web.messages import Answer, Ask, Handler, json_answer


class Arguments:
    """What a control request says; every reading checks the type and raises MalformedBody."""

    def __init__(self, given: Any) -> None:
        if not isinstance(given, dict):
            raise MalformedBody("A control request is a JSON object.")
        self._given = given
        self._read: set[str] = set()

    def text(self, name: str, default: str | None = None) -> str:
        """Give a string."""
        return str(self._value(name, str, default))

    def maybe(self, name: str) -> str | None:
        """Give a string, or None where it is absent or null."""
        return self.text(name) if self.has(name) else None

    def number(self, name: str, default: int | None = None) -> float:
        """Give a number."""
        return float(self._value(name, (int, float), default))

    def texts(self, name: str, default: list[str]) -> list[str]:
        """Give a list of strings."""
        value = self._value(name, list, default)
        if not all(isinstance(one, str) for one in value):
            raise MalformedBody(f"'{name}' must be a list of strings.")
        return list(value)

    def table(self, name: str) -> dict[str, Any]:
        """Give an object."""
        return dict(self._value(name, dict, None))

    def rest(self) -> None:
        """Refuse what nobody has read."""
        unknown = sorted(set(self._given) - self._read)
        if unknown:
            raise MalformedBody(f"Unknown: {', '.join(unknown)[:200]}")

    def has(self, name: str) -> bool:
        """Tell whether the member is there and not null."""
        self._read.add(name)
        return self._given.get(name) is not None

    def _value(self, name: str, kind: type | tuple[type, ...], default: Any) -> Any:
        self._read.add(name)
        value = self._given.get(name, default)
        if not isinstance(value, kind) or isinstance(value, bool):
            raise MalformedBody(f"'{name}' is missing or of the wrong type.")
        return value


Operation = Callable[[Control, Arguments], Callable[[], Any]]
"""Reads the arguments first and gives what is to be done, so that a bad request does nothing."""


def _add_tenant(control: Control, given: Arguments) -> Callable[[], Any]:
    organization = given.text("organization")
    return lambda: {"tenant_id": control.add_tenant(organization).tenant_id}


def _change_application(control: Control, given: Arguments) -> Callable[[], Any]:
    changes = read_changes(given.table("changes"))
    return partial(control.change_application, given.maybe("client_id"), given.maybe("tenant"), **changes)


def _put_application(control: Control, given: Arguments) -> Callable[[], Any]:
    return partial(control.put_application, read_application(given.table("application")), given.maybe("tenant"))


def _add_secret(control: Control, given: Arguments) -> Callable[[], Any]:
    value, expires = given.text("value"), given.text("expires", "")
    return partial(control.add_secret, value, expires, given.maybe("client_id"), given.maybe("tenant"))


def _trust(control: Control, given: Arguments) -> Callable[[], Any]:
    credential = FederatedCredential(**given.table("credential"))
    return partial(control.trust, credential, given.maybe("client_id"), given.maybe("tenant"))


def _approve_device(control: Control, given: Arguments) -> Callable[[], Any]:
    roles, user = given.texts("roles", [ALL_CMDLETS]), given.text("user", "")
    return partial(control.approve_device, given.text("user_code"), user, roles, given.maybe("tenant"))


def _challenge(control: Control, given: Arguments) -> Callable[[], Any]:
    claims = given.table("claims") if given.has("claims") else None
    return partial(control.challenge, claims, given.maybe("tenant"))


def _replication_lag(control: Control, given: Arguments) -> Callable[[], Any]:
    reads, seed = int(given.number("reads")), int(given.number("seed", 0))
    return partial(control.replication_lag, reads, seed, given.maybe("tenant"))


OPERATIONS: dict[str, Operation] = {
    "tenants": _add_tenant,
    "reset": lambda control, given: partial(control.reset, given.maybe("tenant")),
    "pages/forget": lambda control, _: control.forget_pages,
    "clock/advance": lambda control, given: partial(control.advance, given.number("seconds")),
    "redirect": lambda control, given: partial(control.redirect, given.maybe("host"), given.maybe("tenant")),
    "replication-lag": _replication_lag,
    "applications": _put_application,
    "applications/change": _change_application,
    "applications/remove": lambda control, given: partial(
        control.remove_application, given.text("client_id"), given.maybe("tenant")
    ),
    "secrets": _add_secret,
    "certificates": lambda control, given: partial(
        control.add_certificate, given.text("pem"), given.maybe("client_id"), given.maybe("tenant")
    ),
    "federated-credentials": _trust,
    "tokens/revoke": lambda control, given: partial(control.revoke_tokens, given.maybe("tenant")),
    "tokens/lifetime": lambda control, given: partial(control.token_lifetime, int(given.number("seconds"))),
    "challenge": _challenge,
    "devices/approve": _approve_device,
    "devices/decline": lambda control, given: partial(control.decline_device, given.text("user_code")),
}
QUIET = frozenset({"applications", "applications/change"})
"""Operations whose result is an object of this process, not for the wire."""


class ControlHttp:
    """Serves the control interface to whoever holds its token."""

    def __init__(self, control: Control, token: str, accounts: Callable[[], list[dict[str, Any]]]) -> None:
        self._control = control
        self._token = token
        self._accounts = accounts

    def routes(self) -> Mapping[tuple[str, str], Handler]:
        """Give the routes: (method, path) -> handler."""
        looks: dict[tuple[str, str], Callable[[Ask], Any]] = {
            ("GET", "calls"): self._calls,
            ("DELETE", "calls"): lambda _: self._control.clear_calls(),
            ("GET", "faults"): self._faults,
            ("POST", "faults"): self._script,
            ("DELETE", "faults"): lambda _: self._control.clear_faults(),
            ("GET", "tenants"): lambda _: {"tenants": self._accounts()},
            ("GET", "applications"): self._applications,
            **{("POST", name): self._posted(name) for name in OPERATIONS},
        }
        return {(method, f"/emulator/{name}"): self._guarded(handler) for (method, name), handler in looks.items()}

    def _guarded(self, handler: Callable[[Ask], Any]) -> Handler:
        def answer(ask: Ask) -> Answer:
            sent = ask.headers.get("authorization", "").removeprefix("Bearer ").encode()
            if not secrets.compare_digest(sent, self._token.encode()):
                refusal = envelope("Unauthorized", "The control token is missing or wrong.")
                return json_answer(refusal, 401, {"WWW-Authenticate": 'Bearer realm="emulator"'})
            try:
                result = handler(ask)
            except Problem as problem:
                return problem.answer()
            except KeyError:
                return NoSuchPath("There is no such tenant, application or code.").answer()
            except (TypeError, ValueError, AttributeError, OverflowError) as error:
                return MalformedBody(f"Not understood: {error}").answer()
            return Answer(204) if result is None else json_answer(result)

        return answer

    def _posted(self, name: str) -> Callable[[Ask], Any]:
        def handler(ask: Ask) -> Any:
            given = Arguments(_sent(ask))
            act = OPERATIONS[name](self._control, given)
            given.rest()
            result = act()
            return None if name in QUIET else result

        return handler

    def _calls(self, ask: Ask) -> dict[str, Any]:
        return {"calls": [asdict(call) for call in self._control.calls(ask.query.get("tenant"))]}

    def _faults(self, ask: Ask) -> dict[str, Any]:
        del ask
        return {"faults": [{**rule.document(), "met": met} for rule, met in self._control.faults.rules()]}

    def _script(self, ask: Ask) -> None:
        self._control.script(read_script(_sent(ask), self._named))

    def _named(self, name: str) -> str:
        """Give the organization that a name means; a tenant that is none yet may be opened later."""
        try:
            return self._control.tenant(name).organization
        except KeyError:
            return name

    def _applications(self, ask: Ask) -> dict[str, Any]:
        found = self._control.applications(ask.query.get("tenant"))
        return {"applications": [{**asdict(one), "secrets": len(one.secrets)} for one in found]}


def _sent(ask: Ask) -> Any:
    """Give what a request says; no body says nothing."""
    return read_json(ask) if ask.body else {}
