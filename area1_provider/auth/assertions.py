"""Another issuer's token, which an application shows instead of a secret (workload identity federation).

Fetched whenever one is needed, because it lives for minutes. Entra's judgement of it is met in `refusals.py`.

Sources: GitHub's page on OpenID Connect reference for the GitHub request; the Azure Pipelines Terraform task
and the azuread provider's documentation for the Azure DevOps one. Neither was tried against the real pipeline.
"""

from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from area1_provider.auth.channel import Channel
from area1_provider.auth.claims import payload_of, seconds_of, when
from area1_provider.auth.sources import Surroundings
from area1_provider.errors import SignInError
from area1_provider.settings import AssertionFile, AssertionRequest, AssertionValue, Oidc

_OK = 200
_ADO_VERSION = "7.1"


def fetch_assertion(surroundings: Surroundings, way: Oidc) -> str:
    """Give a token of the other issuer, fresh.

    Raises SignInError if there is none, it is malformed or over; ConnectionFailed or Untrusted for the pipeline.
    """
    origin = surroundings.settings.origin
    match way.assertion:
        case AssertionValue(value=value):
            return _checked(value, origin.get("oidc_token", "oidc_token"), surroundings.clock())
        case AssertionFile(path=path):
            place = f"{path} ({origin.get('oidc_token_file_path', 'oidc_token_file_path')})"
            return _checked(_read(path, place), place, surroundings.clock())
        case request:
            return _checked(_requested(surroundings, request, way.audience), "the pipeline", surroundings.clock())


def _read(path: str, place: str) -> str:
    try:
        return Path(path).read_text(encoding="utf-8-sig").strip()
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is no text"
        raise SignInError(f"{place}: the token cannot be read: {reason}.") from error


def _checked(value: str, place: str, now: float) -> str:
    """Give the token back if it is one and not over; Entra's own answer would not say where it came from."""
    claims = payload_of(value)
    if claims is None:
        raise SignInError(f"{place}: the token is malformed (no JWT).")
    ends = seconds_of(claims, "exp")
    if ends is not None and ends <= now:
        raise SignInError(
            f"{place}: the token ended at {when(ends)}; this machine's clock says {when(now)}. Such tokens live for "
            "minutes: name a file that is kept fresh (ARM_OIDC_TOKEN_FILE_PATH), or let the pipeline issue one."
        )
    return value


def _requested(surroundings: Surroundings, request: AssertionRequest, audience: str) -> str:
    host = urlsplit(request.url).netloc.lower()
    channel = Channel(surroundings.http, frozenset({host}), surroundings.settings.ca_file, surroundings.clock)
    ask = _ask_github if request.pipeline == "github" else _ask_azure_devops
    answer, name = ask(channel, request, audience)
    if answer.status_code != _OK:
        raise SignInError(
            f"{host}: the pipeline issued no token (HTTP {answer.status_code}). {_PERMISSION[request.pipeline]}"
        )
    try:
        value = answer.json()[name]
    except (ValueError, KeyError, TypeError) as error:
        raise SignInError(f"{host}: the pipeline's answer holds no token ({name}).") from error
    return str(value)


_PERMISSION = {
    "github": "Give the job `permissions: id-token: write`.",
    "azure-devops": "Map SYSTEM_ACCESSTOKEN from $(System.AccessToken), and use the service connection in a task.",
}


def _ask_github(channel: Channel, request: AssertionRequest, audience: str) -> tuple[Any, str]:
    headers = {"Authorization": f"Bearer {request.token}", "Accept": "application/json"}
    return channel.get(request.url, params={"audience": audience}, headers=headers), "value"


def _ask_azure_devops(channel: Channel, request: AssertionRequest, audience: str) -> tuple[Any, str]:
    del audience  # the service connection decides it
    headers = {
        "Authorization": f"Bearer {request.token}",
        "Content-Type": "application/json",
        "X-TFS-FedAuthRedirect": "Suppress",  # an error, not a redirect to a sign-in page; general knowledge
    }
    params = {"api-version": _ADO_VERSION, "serviceConnectionId": request.service_connection_id}
    return channel.post(request.url, params=params, headers=headers), "oidcToken"
