"""Bearer tokens for Exchange: fetched when needed, kept until shortly before they end, dropped on demand.

The only importer of msal, and only once a token is needed. Which way to sign in was decided in `settings`;
what a token is good for is Exchange's to say.
"""

import os
import sys
import threading
import time
from collections.abc import Callable, Mapping
from typing import Any

from area1_provider.auth.claims import Token, read_token, usable_challenge
from area1_provider.auth.dispatch import source_of
from area1_provider.auth.sources import Source, Surroundings
from area1_provider.auth.tenancy import check_tenant
from area1_provider.errors import ConnectionFailed
from area1_provider.settings import Settings

__all__ = ["Token", "Tokens"]

_EARLY_SECONDS = 300
"""How long before its end a token is replaced (as MSAL does); a fifth of its life if that is less."""


def _to_stderr(line: str) -> None:
    sys.stderr.write(f"{line}\n")
    sys.stderr.flush()


class Tokens:
    """The tokens of one tenant and one identity, safe to use from several threads.

    `http` is a `requests.Session` or alike with trust and time limits set. `tell` gets what a person must read
    (the device code), `sleep` is waited with between its polls. `environ` is what the Azure CLI runs in, the
    process's own where it is empty.
    """

    def __init__(
        self,
        settings: Settings,
        *,
        http: Any,
        clock: Callable[[], float] = time.time,
        environ: Mapping[str, str] | None = None,
        tell: Callable[[str], None] = _to_stderr,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._settings = settings
        self._clock = clock
        self._surroundings = Surroundings(settings, http, clock, environ or os.environ, tell, sleep)
        self._source: Source | None = None
        self._lock = threading.Lock()
        self._fetched = 0
        self._token: Token | None = None
        self._tenant_id = ""
        self._replace_at = 0.0

    def get(self, *, claims: str | None = None, fresh: bool = False) -> Token:
        """Give a token that is good for some minutes at least.

        `fresh` drops the one in hand (after a 401, or a new role); `claims` is the decoded claims challenge that
        came with a 401. Several threads that ask for a fresh one at once get the same.

        Raises SignInError with Entra's code, WrongTenant if it is of another tenant than the settings name,
        ConnectionFailed, or Untrusted.
        """
        seen = self._fetched
        with self._lock:
            stale = self._token is None or self._clock() >= self._replace_at
            refused = (fresh or claims is not None) and seen == self._fetched
            if self._token is None or refused:
                return self._renew(usable_challenge(claims), fresh=refused)
            return self._renewed_or(self._token) if stale else self._token

    def _renewed_or(self, held: Token) -> Token:
        """Replace a token that ends soon; while the way there is cut, the one in hand will do."""
        try:
            return self._renew(None, fresh=False)
        except ConnectionFailed:
            if self._clock() >= held.expires_on:
                raise
            return held

    def _renew(self, claims: str | None, *, fresh: bool) -> Token:
        if self._source is None:
            self._source = source_of(self._surroundings)
        if fresh:
            self._token = None
        token = read_token(self._source(claims, fresh=fresh), self._settings, self._clock())
        if token.tenant_id != self._tenant_id:  # one look-up for all tokens of a tenant
            check_tenant(self._surroundings, token)
            self._tenant_id = token.tenant_id
        life = token.expires_on - self._clock()
        self._replace_at = token.expires_on - min(_EARLY_SECONDS, life / 5)
        self._token = token
        self._fetched += 1
        return token
