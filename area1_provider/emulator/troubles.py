"""What may happen to a call: one class each. Which call meets which is decided in faults.py.

An action is given the means to carry the call out, and decides whether, when and how it is answered.
"""

import json
import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from http import HTTPStatus
from typing import Any, Protocol

from area1_provider.emulator.web.http_errors import envelope
from area1_provider.emulator.web.messages import Answer, json_answer

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
BODILESS = frozenset({204, 205, 304})
CONCURRENT = "You have reached the maximum number of concurrent requests per tenant. Please wait and try again"


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
        if self.status in BODILESS:
            return Answer(self.status, b"", headers)
        if self.body is not None:
            return Answer(self.status, self.body.encode(), {"Content-Type": "application/json", **headers})
        phrase = HTTPStatus(self.status).phrase if self.status in set(HTTPStatus) else "Trouble"
        return json_answer(envelope(phrase.replace(" ", ""), phrase), self.status, headers)


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
        return json_answer(body, self.status, {"x-ExceptionType": kind})


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


@dataclass(frozen=True)
class Stale:
    """Answers a read as a server that has heard of nothing yet: with an empty list."""

    carried_out: bool = True

    def disturb(self, carry_out: CarryOut, sleep: Sleep) -> Answer:
        """Carry out if asked to, and give an empty list all the same."""
        del sleep
        if self.carried_out:
            carry_out()
        return json_answer({"value": []})


@dataclass(frozen=True)
class WrongTypes:
    """Answers truly but for one to three members of each object, which are of another type; the seed says which."""

    seed: int = 0
    carried_out: bool = True

    def disturb(self, carry_out: CarryOut, sleep: Sleep) -> Answer:
        """Carry out, then spoil the answer."""
        del sleep
        answer, chance = carry_out(), random.Random(self.seed)  # noqa: S311 - no secret
        envelope_ = json.loads(answer.body or b"{}")
        for one in envelope_.get("value", ()):
            names = sorted(one)
            for name in chance.sample(names, min(len(names), chance.randint(1, 3))):
                one[name] = chance.choice(OTHERWISE)
        return replace(answer, body=json.dumps(envelope_).encode())


OTHERWISE: tuple[Any, ...] = (None, 7, [], {}, {"a": 1}, [[1]], True, "x", -1.5)
"""What a member of another type holds."""

KINDS: dict[str, Callable[..., Action]] = {
    "status": Status,
    "transient": Transient,
    "reset": Reset,
    "cut": Cut,
    "garbage": Garbage,
    "slow": Slow,
    "stale": Stale,
    "wrongtypes": WrongTypes,
}
