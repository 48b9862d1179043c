"""A person who signs in: a code is shown, typed into a browser anywhere, and waited for.

The refresh token that comes with it stays in this process's memory; the next run asks again.
"""

from collections.abc import Mapping
from typing import Any

from area1_provider.auth.refusals import refusal, unreadable
from area1_provider.auth.sources import Surroundings, token_in

_PENDING = frozenset({"authorization_pending", "slow_down"})
_LONGEST, _LONGEST_WAIT = 1800, 60
"""Seconds that a person, and one wait between polls, is given at most; Entra names 900 and 5."""


class DeviceSource:
    """Tokens of a person (device authorization grant, RFC 8628), renewed without them while that is allowed."""

    def __init__(self, surroundings: Surroundings, client_id: str) -> None:
        self._surroundings = surroundings
        self._client_id = client_id
        self._channel = surroundings.channel()
        self._scopes = [surroundings.settings.cloud.scope]
        self._app: Any = None

    def __call__(self, claims: str | None, *, fresh: bool) -> str:
        """Fetch a token: with the refresh token in hand, else by asking the person."""
        del fresh  # every call renews
        settings = self._surroundings.settings
        try:
            answer = self._renewed(claims) or self._asked(claims)
        except (ValueError, KeyError, TypeError, AttributeError, RuntimeError) as error:
            raise unreadable(settings, self._channel.said) from error
        return token_in(answer, settings, self._channel)

    def _application(self) -> Any:
        import msal  # type: ignore[import-untyped]  # noqa: PLC0415  # lazily, see sources.py

        if self._app is None:
            where = self._surroundings.authority()
            self._app = msal.PublicClientApplication(self._client_id, http_client=self._channel, **where)
        return self._app

    def _renewed(self, claims: str | None) -> Mapping[str, Any] | None:
        """Give msal's answer to the refresh token, None if there is none or it was refused."""
        app = self._application()
        accounts = app.get_accounts()
        if not accounts:
            return None
        answer: Mapping[str, Any] | None = app.acquire_token_silent(
            self._scopes, account=accounts[0], force_refresh=True, claims_challenge=claims
        )
        return answer

    def _asked(self, claims: str | None) -> Mapping[str, Any]:
        """Show the code and poll, as often as the sign-in host asked for, until the code is over."""
        app, here = self._application(), self._surroundings
        flow: dict[str, Any] = app.initiate_device_flow(self._scopes, claims_challenge=claims)
        if "user_code" not in flow:
            raise refusal(here.settings, flow, self._channel.said)
        here.tell(
            f"To sign in to {here.settings.tenant}, open {flow['verification_uri']} and enter {flow['user_code']}"
        )
        answer: Mapping[str, Any] = {"error_description": "AADSTS70020: nobody entered the code in time."}
        flow["interval"] = min(max(1, flow["interval"]), _LONGEST_WAIT)  # with none msal would poll without end
        until = here.clock() + min(flow["expires_in"], _LONGEST)
        while here.clock() < until:
            flow.pop("latest_attempt_at", None)  # msal would warn about polling by a clock that is not ours
            answer = app.acquire_token_by_device_flow(flow, exit_condition=lambda _: True, claims_challenge=claims)
            if answer.get("error") not in _PENDING:
                break
            here.sleep(flow["interval"])
        return answer
