"""Asking Exchange: `Exchange.invoke(cmdlet, parameters)` with paging, retries, redirects and typed errors.

What an answer says is read by `envelope`, when to try again by `retry`, who signs
in by `auth`; no cmdlet's meaning is known here. The endpoint is the one that the PowerShell module uses; it is not
documented for direct use.
"""

from __future__ import annotations

import json
import math
import threading
import uuid
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any
from urllib.parse import urljoin, urlsplit

import tenacity
import urllib3

from area1_provider import envelope, errors
from area1_provider.auth import Token, Tokens
from area1_provider.limits import Limits
from area1_provider.lost_answers import LostAnswers
from area1_provider.network import failure_of
from area1_provider.retry import Policy, passing, retrying, worth_another_try
from area1_provider.service_clock import ServiceClock
from area1_provider.session import ANSWER_SECONDS, CONNECT_SECONDS, Response, TrustingSession
from area1_provider.settings import Settings
from area1_provider.slots import Slots

ARBITRATION_MAILBOX = "bb558c35-97f1-4cb9-8ff7-d53741dc928c"
"""The mailbox that every tenant has, to route calls that concern no mailbox (CIPP, azure-auth)."""

REFRESHABLE = 401


@dataclass(frozen=True)
class Result:
    """What one cmdlet gave, over all its pages."""

    objects: Sequence[Mapping[str, Any]]
    warnings: Sequence[str]


class _Operation(threading.local):
    """What a thread is about: when its tries end, and how many seconds it waits for an answer."""

    until = math.inf
    patience: float = ANSWER_SECONDS


class Exchange:
    """One tenant's Exchange Online, safe to use from several threads.

    `tell` gets a line when something takes long; clock and sleep are those of `policy`. `lost_answers` is kept for whoever
    creates, `slots` limits the calls in flight: without it, those of this client.
    """

    def __init__(
        self,
        settings: Settings,
        *,
        policy: Policy | None = None,
        limits: Limits | None = None,
        tell: Callable[[str], None] = lambda _: None,
        environ: Mapping[str, str] | None = None,
        lost_answers: LostAnswers | None = None,
        slots: Slots | None = None,
    ) -> None:
        self.settings = settings
        self.lost_answers = lost_answers or LostAnswers()
        self.policy = policy or Policy()
        self.limits = limits or Limits()
        self.tell = tell
        self.service_clock = ServiceClock(self.policy.clock)
        self.http = TrustingSession(settings.ca_file, self.service_clock)
        self.tokens = Tokens(
            settings,
            http=self.http,
            clock=self.policy.clock,
            environ=environ or {},
            tell=tell,
            sleep=self.policy.sleep,
        )
        self._base = settings.exchange_url
        self._connection_id = str(uuid.uuid4())
        self._slots = slots or Slots(self.limits.calls_at_once)
        self._operation = _Operation()
        self.judging = threading.RLock()
        """Held while it is found out whether this is the right tenant; nothing is sent meanwhile."""
        self._closed = ""

    def close(self, reason: str) -> None:
        """Send nothing any more: every cmdlet raises `WrongTenant` with this reason."""
        self._closed = reason

    def begin(self, seconds: float | None = None) -> None:
        """Begin an operation in this thread, whose tries get the policy's `total` seconds.

        One that nobody has to wait for gets `seconds`, and each of its answers no longer than that.
        """
        self._operation.until = self.policy.clock() + (self.policy.total if seconds is None else seconds)
        self._operation.patience = ANSWER_SECONDS if seconds is None else seconds

    @property
    def overdue(self) -> bool:
        """Say whether this thread's operation has had its time, so that nothing is asked for once more."""
        return self.policy.clock() > self._operation.until

    @cached_property
    def tenant_id(self) -> str:
        """Give the tenant's GUID, from the token's `tid` claim; signs in if that was not done yet."""
        return self._retrying(passing)(self._token).tenant_id

    def invoke(self, cmdlet: str, parameters: Mapping[str, Any] | None = None) -> Result:
        """Run one cmdlet and give all its objects.

        Raises an `ExchangeError` (see `errors`), `WrongTenant`, `ConnectionFailed` or `BadAnswer`. Where `sent` is
        true, or a `Transient` came back for a New- cmdlet, the change may have been made: look before asking again.
        """
        body = {"CmdletInput": {"CmdletName": cmdlet, "Parameters": dict(parameters or {})}}
        objects: list[Mapping[str, Any]] = []
        warnings: list[str] = []
        for page in self._pages(cmdlet, body):
            objects += page.objects
            warnings += page.warnings
        return Result(objects, warnings)

    def offered(self) -> frozenset[str]:
        """Give the names of the cmdlets that the service offers to this identity (CIPP New-ExoRequest)."""
        path = f"/adminapi/v1.0/{self.tenant_id}/EXOModuleFile?Version=3.7.1"
        answer = self._tried(
            "EXOModuleFile", lambda: self._send("EXOModuleFile", "GET", path, None, {"CommandName": "*"})
        )
        lists = (str(item.get("exportedCmdlets") or "") for item in answer.objects)
        return frozenset(name.strip() for names in lists for name in names.split(",") if name.strip())

    def _pages(self, cmdlet: str, body: Mapping[str, Any]) -> Iterator[envelope.Answer]:
        """Follow nextLinks by POST with the same body; a link twice or too many pages is an error.

        So is one after anything but a Get-: the same body again would be the same change again.
        """
        url = f"/adminapi/beta/{self.tenant_id}/InvokeCommand"
        seen: set[str] = set()
        while url:
            if url in seen or len(seen) >= self.limits.pages:
                raise errors.BadAnswer(f"{cmdlet}: the pages never end (page {len(seen)}); nothing was used of them")
            seen.add(url)
            page = self._tried(cmdlet, lambda at=url: self._send(cmdlet, "POST", at, body))  # type: ignore[misc]
            if page.next_link and not cmdlet.casefold().startswith("get-"):
                raise errors.BadAnswer(f"{cmdlet}: the answer names further pages, which only a Get- has; not followed")
            yield page
            url = page.next_link

    def _tried(self, cmdlet: str, call: Callable[[], envelope.Answer]) -> envelope.Answer:
        """Call under the retry policy."""
        return self._retrying(lambda error: worth_another_try(cmdlet, error))(call)

    def _retrying(self, again: Callable[[BaseException], bool]) -> tenacity.Retrying:
        return retrying(self.policy, again, self.tell, self._operation.until)

    def _token(self, *, claims: str | None = None, fresh: bool = False) -> Token:
        """Give a token. A sign-in that broke has not asked Exchange for anything, whatever it sent to Entra."""
        try:
            return self.tokens.get(claims=claims, fresh=fresh)
        except (errors.ConnectionFailed, errors.BadAnswer) as error:
            error.sent = False
            raise

    def _send(
        self, cmdlet: str, method: str, url: str, body: Any, extra: Mapping[str, str] | None = None
    ) -> envelope.Answer:
        """Send once; after a 401 once more, with a fresh token and the claims that were asked for."""
        with self._slots.one(self.tenant_id):
            token = refused = self._token()
            self._check_open(cmdlet)
            response, content = self._follow(cmdlet, method, url, body, token, extra or {})
            if response.status_code == REFRESHABLE:
                claims = envelope.claims_in(response.headers.get("WWW-Authenticate", ""))
                token = self._token(claims=claims, fresh=True)
                response, content = self._follow(cmdlet, method, url, body, token, extra or {})
        if response.status_code == 403 and not content.strip(b"\0 \r\n"):  # noqa: PLR2004  # RFC 9110: forbidden
            raise envelope.denied(cmdlet, response.headers)
        try:
            return envelope.read(cmdlet, response.status_code, response.headers, content)
        except errors.Unauthenticated as error:
            if token.value != refused.value:
                raise
            raise errors.TokenKept.of(error) from error

    def _check_open(self, cmdlet: str) -> None:
        with self.judging:
            if self._closed:
                raise errors.WrongTenant(f"{cmdlet} was not sent. {self._closed}")

    def _follow(
        self, cmdlet: str, method: str, url: str, body: Any, token: Token, extra: Mapping[str, str]
    ) -> tuple[Response, bytes]:
        """Send, following redirects by hand: same method, same body, token only to trusted hosts."""
        target = urljoin(self._base, url)
        for _ in range(self.limits.redirects + 1):
            self._check_trusted(cmdlet, target)
            response, content = self._once(cmdlet, method, target, body, {**self._headers(cmdlet, token), **extra})
            location = response.headers.get("Location")
            if response.status_code not in (301, 302, 307, 308) or not location:
                return response, content
            target = urljoin(target, location)
            self._pin(cmdlet, target)
        raise errors.BadAnswer(
            f"{cmdlet}: redirected more than {self.limits.redirects} times, last to {target}", sent=False
        )

    def _once(
        self, cmdlet: str, method: str, url: str, body: Any, headers: Mapping[str, str]
    ) -> tuple[Response, bytes]:
        """Send one HTTP request and read its whole body, within limits."""
        data = None if body is None else json.dumps(body, ensure_ascii=False).encode()
        patience = self._operation.patience
        limits = replace(self.limits, seconds=min(self.limits.seconds, patience))
        options = {"allow_redirects": False, "stream": True, "timeout": (CONNECT_SECONDS, patience)}
        try:
            with self.http.request(method, url, data=data, headers=headers, **options) as response:
                encoding = response.headers.get("Content-Encoding", "")
                return response, limits.body(cmdlet, response.raw, encoding, self.policy.clock)
        except (OSError, urllib3.exceptions.HTTPError) as error:  # requests' own exceptions are OSErrors
            raise failure_of(error, url, self.settings.ca_file) from error

    def _headers(self, cmdlet: str, token: Token) -> dict[str, str]:
        return {
            "Authorization": f"Bearer {token.value}",
            "Content-Type": "application/json; charset=utf-8",
            "Accept": "application/json",
            "Accept-Encoding": "identity",  # some 403 bodies claim gzip and are not
            "Accept-Language": "en-US",  # error texts are localised otherwise
            "Prefer": f"odata.maxpagesize={self.limits.page_size}",
            "X-AnchorMailbox": f"APP:SystemMailbox{{{ARBITRATION_MAILBOX}}}@{token.tenant_id}",
            "X-CmdletName": cmdlet,
            "X-ResponseFormat": "json",
            "connection-id": self._connection_id,
            "client-request-id": str(uuid.uuid4()),
        }

    def _check_trusted(self, cmdlet: str, url: str) -> None:
        """Refuse to send a token anywhere but to this cloud's Exchange."""
        if not self.settings.trusts(url):
            raise errors.BadAnswer(
                f"{cmdlet}: Exchange pointed to {urlsplit(url).netloc or url}, which is no host of the cloud "
                f"{self.settings.cloud.name}; nothing was sent there",
                sent=False,
            )

    def _pin(self, cmdlet: str, url: str) -> None:
        """Stay with the host that this tenant was sent to."""
        self._check_trusted(cmdlet, url)
        parts = urlsplit(url)
        self._base = f"{parts.scheme}://{parts.netloc}"
