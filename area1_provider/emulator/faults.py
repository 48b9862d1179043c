"""Scripted trouble: rules that say which call meets which misfortune. What a cmdlet does lives elsewhere.

A rule is a `Match` and an action. Actions are classes; a new kind of trouble is one more class, listed in
`KINDS`. Each is given the means to carry the call out, and decides whether, when and how it is answered.
Schedules come as rules in order: the first rule that is due takes the call.
"""

import json
import threading
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field, fields, replace
from fnmatch import fnmatchcase
from typing import Any, Literal, Protocol

from area1_provider.emulator.http_errors import ODATA_EXCEPTION, envelope
from area1_provider.emulator.messages import Answer, json_answer

Surface = Literal["exchange", "entra"]
Sleep = Callable[[float], None]
CarryOut = Callable[[], Answer]

TRANSIENT = {
    "DCOverloadedException": "Microsoft.Exchange.Data.Directory",
    "SuitabilityDirectoryException": "Microsoft.Exchange.Data.Directory",
    "ADServerSettingsChangedException": "Microsoft.Exchange.Data.Directory",
    "ServerInMMException": "Microsoft.Exchange.Data.Directory",
    "StorageTransientException": "Microsoft.Exchange.Data.Storage",
    "CmdletProxyNotAvailableFailure": "Microsoft.Exchange.AdminApi",
    "ServerBusyException": "Microsoft.Exchange.Data.Storage",
    "TransientException": "Microsoft.Exchange.Data.Common",
    "BackendCommunicationException": "Microsoft.Exchange.AdminApi",
}
"""Exception names that clients are known to retry (sources: exception lists of the module, M365Permissions).

Their namespaces are unconfirmed: published lists give short names only.
"""
CONCURRENT = "You have reached the maximum number of concurrent requests per tenant. Please wait and try again"


@dataclass(frozen=True)
class Occasion:
    """A call that a rule may match. `cmdlet` is empty at the sign-in surface."""

    surface: Surface
    tenant: str
    cmdlet: str = ""


@dataclass(frozen=True)
class Match:
    """Which calls a rule is for: a glob over cmdlet names without case, one organization or any.

    The `nth` matching call is the first one hit, `times` of them in a row are (0: all from then on).
    """

    surface: Surface = "exchange"
    cmdlet: str = "*"
    tenant: str = ""
    nth: int = 1
    times: int = 1

    def __post_init__(self) -> None:
        if self.surface not in {"exchange", "entra"} or self.nth < 1 or self.times < 0:
            raise ValueError("surface is exchange or entra; nth counts from 1; times is 0 or more")

    def fits(self, occasion: Occasion) -> bool:
        """Tell whether the call is one of those that the rule counts."""
        return (
            occasion.surface == self.surface
            and self.tenant.lower() in {"", occasion.tenant}
            and fnmatchcase(occasion.cmdlet.lower(), self.cmdlet.lower())
        )

    def due(self, count: int) -> bool:
        """Tell whether the `count`-th fitting call is one of those that are hit."""
        return count >= self.nth and (self.times == 0 or count < self.nth + self.times)


class Action(Protocol):
    """What happens to a call. `carried_out` tells whether the change is made before the trouble."""

    @property
    def carried_out(self) -> bool:
        """Whether the cmdlet runs all the same."""
        ...

    def disturb(self, carry_out: CarryOut, sleep: Sleep) -> Answer:
        """Answer instead of, or after, the cmdlet."""
        ...


@dataclass(frozen=True)
class Status:
    """Answers with a status; `retry_after` is sent as given (seconds, a date, nonsense), `body` as given."""

    status: int
    retry_after: str | None = None
    body: str | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    carried_out: bool = False

    def __post_init__(self) -> None:
        if not 200 <= self.status <= 599:  # noqa: PLR2004 - the statuses HTTP has for final answers
            raise ValueError("status is a number from 200 to 599")

    def disturb(self, carry_out: CarryOut, sleep: Sleep) -> Answer:
        """Carry out if asked to, then answer with the status."""
        del sleep
        if self.carried_out:
            carry_out()
        headers = dict(self.headers)
        if self.retry_after is not None:
            headers["Retry-After"] = self.retry_after
        if self.body is not None:
            return Answer(self.status, self.body.encode(), {"Content-Type": "application/json", **headers})
        return json_answer(envelope("ServiceUnavailable", "The service is unavailable."), self.status, headers)


@dataclass(frozen=True)
class Transient:
    """Answers with one of the exceptions that clients retry, in the body's `details`."""

    name: str = "ServerBusyException"
    status: int = 400
    text: str = "The server is busy. The issue may be transient; try again."
    carried_out: bool = False

    def __post_init__(self) -> None:
        if self.name not in TRANSIENT:
            raise ValueError(f"name is one of {', '.join(TRANSIENT)}")

    def disturb(self, carry_out: CarryOut, sleep: Sleep) -> Answer:
        """Carry out if asked to, then answer with the exception."""
        del sleep
        if self.carried_out:
            carry_out()
        kind = f"{TRANSIENT[self.name]}.{self.name}"
        body = envelope("BadRequest", "Error executing cmdlet")
        body["error"]["details"] = [{"code": "Context", "target": "", "message": f"|{kind}|{self.text}"}]
        body["error"]["innererror"]["internalexception"] = {"message": self.text, "type": kind, "stacktrace": ""}
        return json_answer(body, self.status, {"x-ExceptionType": kind or ODATA_EXCEPTION})


@dataclass(frozen=True)
class Reset:
    """Breaks the connection without an answer, before the change was made or after it."""

    carried_out: bool = False

    def disturb(self, carry_out: CarryOut, sleep: Sleep) -> Answer:
        """Carry out if asked to, then reset."""
        del sleep
        if self.carried_out:
            carry_out()
        return Answer(0, trouble="reset")


@dataclass(frozen=True)
class Cut:
    """Sends the true answer's first `keep` bytes and ends the connection."""

    keep: int = 20
    carried_out: bool = True

    def disturb(self, carry_out: CarryOut, sleep: Sleep) -> Answer:
        """Carry out, then cut the answer."""
        del sleep
        true = carry_out()
        return replace(true, body=true.body[: min(self.keep, max(len(true.body) - 1, 0))], trouble="cut")


@dataclass(frozen=True)
class Garbage:
    """Answers 200 with a body that is no answer of Exchange; `repeat` makes it as huge as wanted."""

    body: str = "<html><body>Proxy</body></html>"
    content_type: str = "text/html"
    status: int = 200
    repeat: int = 1
    carried_out: bool = False

    def disturb(self, carry_out: CarryOut, sleep: Sleep) -> Answer:
        """Carry out if asked to, then answer nonsense."""
        del sleep
        if self.carried_out:
            carry_out()
        return Answer(self.status, self.body.encode() * self.repeat, {"Content-Type": self.content_type})


@dataclass(frozen=True)
class Slow:
    """Waits before the cmdlet is carried out, by the server's own sleep."""

    seconds: float
    carried_out: bool = True

    def disturb(self, carry_out: CarryOut, sleep: Sleep) -> Answer:
        """Wait, then carry out and answer truly."""
        sleep(self.seconds)
        return carry_out()


KINDS: dict[str, Callable[..., Action]] = {
    "status": Status,
    "transient": Transient,
    "reset": Reset,
    "cut": Cut,
    "garbage": Garbage,
    "slow": Slow,
}


@dataclass(frozen=True)
class Rule:
    """One line of a schedule."""

    match: Match
    action: Action

    @property
    def kind(self) -> str:
        """The action's name, as in JSON."""
        return type(self.action).__name__.lower()

    @classmethod
    def read(cls, document: Any) -> "Rule":
        """Read `{"match": {…}, "action": {"kind": …, …}}`; raises ValueError that says what is wrong."""
        if not isinstance(document, dict) or set(document) - {"match", "action"} or "action" not in document:
            raise ValueError('a rule is {"match": {...}, "action": {"kind": ..., ...}}')
        action = dict(document["action"])
        kind = action.pop("kind", None)
        if kind not in KINDS:
            raise ValueError(f"kind is one of {', '.join(KINDS)}")
        try:
            return cls(Match(**document.get("match", {})), KINDS[kind](**action))
        except TypeError as error:
            raise ValueError(f"{kind}: {error}") from error

    def document(self) -> dict[str, Any]:
        """Give the rule as `read` takes it."""
        values: dict[str, Any] = {
            one.name: getattr(self.action, one.name)
            for one in fields(self.action)  # type: ignore[arg-type]
        }
        return {"match": asdict(self.match), "action": {"kind": self.kind, **json.loads(json.dumps(values))}}


@dataclass(frozen=True)
class Disturbed:
    """How a call went: its answer, the name of the trouble or "", and whether it was carried out."""

    answer: Answer
    fault: str = ""
    carried_out: bool = True


class Faults:
    """The rules in force, and how often each has been met."""

    def __init__(self, sleep: Sleep) -> None:
        self._sleep = sleep
        self._rules: list[tuple[Rule, list[int]]] = []
        self._lock = threading.Lock()

    def add(self, match: Match, action: Action) -> Rule:
        """Put a rule behind the others."""
        rule = Rule(match, action)
        with self._lock:
            self._rules.append((rule, [0]))
        return rule

    def rules(self) -> list[tuple[Rule, int]]:
        """Give the rules with the number of calls that each has counted."""
        return [(rule, count[0]) for rule, count in self._rules]

    def clear(self) -> None:
        """End all trouble."""
        with self._lock:
            self._rules.clear()

    def around(self, occasion: Occasion, carry_out: CarryOut) -> Disturbed:
        """Carry a call out under the rules in force."""
        rule = self._due(occasion)
        if rule is None:
            return Disturbed(carry_out())
        answer = rule.action.disturb(carry_out, self._sleep)
        return Disturbed(answer, rule.kind, rule.action.carried_out)

    def _due(self, occasion: Occasion) -> Rule | None:
        """Count the call at every rule that it fits, and give the first that is due."""
        found = None
        with self._lock:
            for rule, count in self._rules:
                if not rule.match.fits(occasion):
                    continue
                count[0] += 1
                if found is None and rule.match.due(count[0]):
                    found = rule
        return found
