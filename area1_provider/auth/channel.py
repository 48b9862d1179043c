"""The HTTP that msal is given: no redirects, secrets only to hosts that may have them, errors in our words.

What answers mean is read in `refusals.py`; this knows addresses and statuses only.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote_plus, urlsplit

from area1_provider.errors import ConnectionFailed, SignInError
from area1_provider.network import failure_of
from area1_provider.service_clock import ahead_of

_TOO_MANY, _BROKEN = 429, 500
_SHOWN = 300
TELLING = 8
"""Characters of what may be a secret and is no ordinary word."""
_PASSING = "temporarily_unavailable"
"""OAuth's word for trouble that passes, whatever the status (Microsoft Learn, authorization code flow, token errors)."""
_TIMEOUT = (20.0, 60.0)
"""Seconds to connect and to answer. Exchange may take minutes for a cmdlet; signing in does not."""


@dataclass(frozen=True)
class Said:
    """The last answer: its status, its text, and how many seconds this machine's clock is ahead of it."""

    status: int
    text: str
    ahead: float | None


class Channel:
    """A `requests.Session` as msal sees one (`get`, `post`, `close`), guarded.

    `hosts` are the `host[:port]` that may be asked, None for any (the machine's own metadata service).
    """

    def __init__(
        self, http: Any, hosts: frozenset[str] | None, ca_file: str | None, clock: Callable[[], float]
    ) -> None:
        self._http = http
        self._hosts = hosts
        self._ca_file = ca_file
        self._clock = clock
        self.said: Said | None = None

    def get(self, url: str, **options: Any) -> Any:
        """Send a GET. Raises ConnectionFailed, Untrusted or SignInError."""
        return self._send("get", url, options)

    def post(self, url: str, **options: Any) -> Any:
        """Send a POST. Raises ConnectionFailed, Untrusted or SignInError."""
        return self._send("post", url, options)

    def close(self) -> None:
        """Leave the session open: it belongs to whoever passed it in."""

    def _send(self, verb: str, url: str, options: dict[str, Any]) -> Any:
        host = self._checked(url)
        try:
            answer = getattr(self._http, verb)(url, **{"timeout": _TIMEOUT, **options, "allow_redirects": False})
            self.said = Said(answer.status_code, answer.text, ahead_of(answer.headers.get("Date"), self._clock()))
        except OSError as error:  # as those of requests are
            raise failure_of(error, url, self._ca_file) from error
        if answer.status_code == _TOO_MANY or answer.status_code >= _BROKEN:
            raise _not_now(host, answer, options)
        if answer.is_redirect:
            raise SignInError(f"{host}: redirected elsewhere, and secrets do not follow. Is a proxy in between?")
        return answer

    def _checked(self, url: str) -> str:
        """Refuse to send what may be a secret anywhere but where it belongs."""
        parts = urlsplit(url)
        if self._hosts is not None and not (parts.scheme == "https" and parts.netloc.lower() in self._hosts):
            raise SignInError(
                f"The sign-in host pointed to {parts.scheme}://{parts.netloc}, which is none of "
                f"{', '.join(sorted(self._hosts))}. Nothing was sent there."
            )
        return parts.netloc


class TokenChannel(Channel):
    """The channel to a token endpoint."""

    def post(self, url: str, **options: Any) -> Any:
        """Send a POST. Raises ValueError if the answer is no JSON object: msal would log it, and it may be half a token."""
        answer = super().post(url, **options)
        content = answer.json()
        if not isinstance(content, dict):
            raise ValueError("no JSON object")  # noqa: TRY004  # as json raises
        if content.get("error") == _PASSING:
            raise _not_now(urlsplit(url).netloc, answer, options)
        return answer


def _not_now(host: str, answer: Any, options: Mapping[str, Any]) -> ConnectionFailed:
    text = _unsaid(answer.text, options)[:_SHOWN]
    return ConnectionFailed(f"{host}: signing in is not possible at the moment (HTTP {answer.status_code}): {text}")


def _unsaid(text: str, options: Mapping[str, Any]) -> str:
    """Take out what was sent, as it is and as a form writes it: a page of errors may repeat the secret."""
    sent = (value for part in ("data", "headers") for value in (options.get(part) or {}).values())
    for value in sent:
        for form in (value, quote_plus(value)) if isinstance(value, str) and len(value) >= TELLING else ():
            text = text.replace(form, "(as sent)")
    return text
