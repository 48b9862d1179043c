"""What may happen to a call: one class each. Which call meets which is decided in faults.py.

An action is given the means to carry the call out, and decides whether, when and how it is answered.
"""

import json
import random
import re
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
HUGEST, LONGEST, FARTHEST = 2**30, 86_400, 10 * 366 * 86_400
"""Bytes of a body, seconds of a wait and seconds of a clock's error that the emulator itself stands."""
HEADER_NAME = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
HEADER_VALUE = re.compile(r"(?:[^\x00-\x20\x7f](?:[^\x00-\x08\x0a-\x1f\x7f]*[^\x00-\x20\x7f])?)?")
"""What HTTP can carry (RFC 9110 5); characters that are no ASCII go out in UTF-8."""
BODILESS = frozenset({204, 205, 304})
CONCURRENT = "You have reached the maximum number of concurrent requests per tenant. Please wait and try again"


@dataclass(frozen=True)
class Means:
    """What a trouble may do besides answering: wait, set the emulator's clock, end all tokens, lose all nextLinks."""

    sleep: Sleep
    set_ahead: Callable[[float], None]
    revoke: Callable[[], None]
    forget_pages: Callable[[], None]


class Action(Protocol):
    """What happens to a call. `carried_out` tells whether the change is made before the trouble."""

    @property
    def carried_out(self) -> bool:
        """Whether the cmdlet runs all the same."""
        ...

    def disturb(self, carry_out: CarryOut, means: Means) -> Answer:
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
        if not all(
            HEADER_NAME.fullmatch(name) and HEADER_VALUE.fullmatch(value) for name, value in self._sent().items()
        ):
            raise ValueError("headers and retry_after are what HTTP can carry: no line breaks, no space at the ends")

    def _sent(self) -> dict[str, str]:
        return {**self.headers, **({} if self.retry_after is None else {"Retry-After": self.retry_after})}

    def disturb(self, carry_out: CarryOut, means: Means) -> Answer:
        """Carry out if asked to, then answer with the status."""
        del means
        if self.carried_out:
            carry_out()
        headers = self._sent()
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

    def disturb(self, carry_out: CarryOut, means: Means) -> Answer:
        """Carry out if asked to, then answer with the exception."""
        del means
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

    def disturb(self, carry_out: CarryOut, means: Means) -> Answer:
        """Carry out if asked to, then reset."""
        del means
        if self.carried_out:
            carry_out()
        return Answer(0, trouble="reset")


@dataclass(frozen=True)
class Cut:
    """Sends the true answer's first `keep` bytes and ends the connection."""

    keep: int = 20
    carried_out: bool = True

    def __post_init__(self) -> None:
        if self.keep < 0:
            raise ValueError("keep is a number of bytes, 0 or more")

    def disturb(self, carry_out: CarryOut, means: Means) -> Answer:
        """Carry out, then cut the answer."""
        del means
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

    def __post_init__(self) -> None:
        if not 200 <= self.status <= 599:  # noqa: PLR2004 - the statuses HTTP has for final answers
            raise ValueError("status is a number from 200 to 599")
        if not HEADER_VALUE.fullmatch(self.content_type):
            raise ValueError("content_type is what HTTP can carry: no line breaks, no space at the ends")
        if not 0 <= self.repeat * len(self.body.encode()) <= HUGEST:
            raise ValueError(f"body times repeat is 0 to {HUGEST} bytes")

    def disturb(self, carry_out: CarryOut, means: Means) -> Answer:
        """Carry out if asked to, then answer nonsense."""
        del means
        if self.carried_out:
            carry_out()
        return Answer(self.status, self.body.encode() * self.repeat, {"Content-Type": self.content_type})


@dataclass(frozen=True)
class Slow:
    """Waits before the cmdlet is carried out, by the server's own sleep."""

    seconds: float
    carried_out: bool = True

    def __post_init__(self) -> None:
        if not 0 <= self.seconds <= LONGEST:
            raise ValueError(f"seconds is a number from 0 to {LONGEST}")

    def disturb(self, carry_out: CarryOut, means: Means) -> Answer:
        """Wait, then carry out and answer truly."""
        means.sleep(self.seconds)
        return carry_out()


@dataclass(frozen=True)
class Stale:
    """Answers a read as a server that has heard of nothing yet: with an empty list."""

    carried_out: bool = True

    def disturb(self, carry_out: CarryOut, means: Means) -> Answer:
        """Carry out if asked to, and give an empty list all the same."""
        del means
        if self.carried_out:
            carry_out()
        return json_answer({"value": []})


@dataclass(frozen=True)
class WrongTypes:
    """Answers truly but for one to three members of each object, which are of another type; the seed says which."""

    seed: int = 0
    carried_out: bool = True

    def disturb(self, carry_out: CarryOut, means: Means) -> Answer:
        """Carry out, then spoil the answer."""
        del means
        answer, chance = carry_out(), random.Random(self.seed)  # noqa: S311 - no secret
        envelope_ = json.loads(answer.body or b"{}")
        for one in envelope_.get("value", ()):
            names = sorted(one)
            for name in chance.sample(names, min(len(names), chance.randint(1, 3))):
                one[name] = chance.choice([value for value in OTHERWISE if type(value) is not type(one[name])])
        return replace(answer, body=json.dumps(envelope_).encode())


OTHERWISE: tuple[Any, ...] = (None, 7, [], {}, {"a": 1}, [[1]], True, "x", -1.5)
"""What a member of another type holds."""


@dataclass(frozen=True)
class Revoke:
    """Ends every token given so far, as when they were revoked or their time is over, and refuses the call for that."""

    @property
    def carried_out(self) -> bool:
        """No: its token is refused."""
        return False

    def disturb(self, carry_out: CarryOut, means: Means) -> Answer:
        """Revoke, then refuse."""
        del carry_out
        means.revoke()
        return Answer(401, b"", {"WWW-Authenticate": 'Bearer error="invalid_token"'})


@dataclass(frozen=True)
class Skew:
    """Makes the emulator's clock wrong by `seconds` (negative: behind) from this call on, which is answered truly."""

    seconds: float

    def __post_init__(self) -> None:
        if not -FARTHEST <= self.seconds <= FARTHEST:
            raise ValueError(f"seconds is a number from -{FARTHEST} to {FARTHEST}")

    @property
    def carried_out(self) -> bool:
        """Always: the call itself is not disturbed."""
        return True

    def disturb(self, carry_out: CarryOut, means: Means) -> Answer:
        """Set the clock, then carry out."""
        means.set_ahead(self.seconds)
        return carry_out()


@dataclass(frozen=True)
class ForgetPages:
    """Loses every nextLink given so far, as when a backend goes away, before the call is answered."""

    @property
    def carried_out(self) -> bool:
        """Always: the call itself is not disturbed."""
        return True

    def disturb(self, carry_out: CarryOut, means: Means) -> Answer:
        """Forget, then carry out: a call for a next page is refused."""
        means.forget_pages()
        return carry_out()


KINDS: dict[str, Callable[..., Action]] = {
    "status": Status,
    "transient": Transient,
    "reset": Reset,
    "cut": Cut,
    "garbage": Garbage,
    "slow": Slow,
    "stale": Stale,
    "wrongtypes": WrongTypes,
    "revoke": Revoke,
    "skew": Skew,
    "forgetpages": ForgetPages,
}
