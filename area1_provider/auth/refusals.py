"""What Entra's refusals mean for this provider, and what to do about each.

The table is data; the codes are those of Microsoft Learn, "Microsoft Entra authentication and authorization error
codes". What they mean here is our reading of them. Nothing is fetched or retried in this module.
"""

import json
import re
from collections.abc import Mapping
from typing import Any, NamedTuple

from area1_provider.auth.channel import TELLING, Said
from area1_provider.errors import SignInError
from area1_provider.settings import Settings, secrets_of
from area1_provider.settings.sources import OF_TENANT


class Meaning(NamedTuple):
    """What a code means here, and the way out; both may name what `_names` gives."""

    what: str
    remedy: str


_CONSENT = (
    "Grant the application permission Exchange.ManageAsApp of Office 365 Exchange Online and give admin consent: "
    "az ad app permission admin-consent --id {client}"
)
_PERSON = "Sign in with an application instead (certificate, OIDC or managed identity), as pipelines do."
_TENANT = "Check {tenant_at}, and {cloud_at}."
_FEDERATED = (
    "Compare issuer, subject and audience in the text below with the federated credential: "
    "az ad app federated-credential list --id {client}"
)
_CERTIFICATE = "Upload this certificate's public part: az ad app credential reset --append --id {client} --cert @FILE"
_SECRET = "Make a new one (az ad app credential reset --append --id {client}) and {secret_set}."  # noqa: S105  # no secret
_CLOCK = "Set this machine's clock (NTP)."
_AGAIN = "Sign in again (az login, or the device code)."
_BLOCKED = "Entra admin center, Sign-in logs, shows why; exclude this identity or sign in from an allowed place."
_DEVICE = "Run again, and enter the code in the browser before its time is over."

MEANINGS: Mapping[int, Meaning] = {
    7000215: Meaning("the client secret is wrong; often its id was copied in place of its value", _SECRET),
    7000222: Meaning("the client secret has expired", _SECRET),
    7000216: Meaning("the application was asked to prove itself and did not", "Set a secret, certificate or OIDC."),
    7000218: Meaning(
        "the application may not sign in without a secret, as device code does",
        "In its Authentication settings allow public client flows, or use another application.",
    ),
    700025: Meaning("the application is a public client, so it has no secret or certificate", _PERSON),
    7000112: Meaning("the application {client} is disabled", "Enable it under Enterprise applications."),
    7000229: Meaning("the application has no service principal in {tenant}", "az ad sp create --id {client}"),
    700016: Meaning(
        "the tenant {tenant} does not know the application {client}",
        f"Check {{client_at}}; an application of another tenant needs admin consent in this one first. {_TENANT}",
    ),
    700027: Meaning("the application {client} does not know this certificate", _CERTIFICATE),
    700030: Meaning("the application {client} does not take a certificate of this subject name", _CERTIFICATE),
    50012: Meaning("the certificate is not one that the application {client} takes", _CERTIFICATE),
    1000502: Meaning("the certificate registered at the application is not valid now", _CERTIFICATE),
    700021: Meaning("the assertion is for another application than {client}", "Check {client_at}."),
    700023: Meaning("the assertion is meant for another audience", _TENANT),
    700024: Meaning("the assertion is not valid at this time: too old, or a clock is wrong", _CLOCK),
    50027: Meaning("the token presented as proof is malformed", "Look at where {token_at} comes from."),
    50013: Meaning("the token presented as proof is not accepted", _FEDERATED),
    70021: Meaning("no federated credential matches the pipeline's token", _FEDERATED),
    700211: Meaning("no federated credential matches the issuer of the pipeline's token", _FEDERATED),
    700212: Meaning("no federated credential matches the audience of the pipeline's token", _FEDERATED),
    700213: Meaning("no federated credential matches the subject of the pipeline's token", _FEDERATED),
    70025: Meaning("the application {client} has no federated credential", _FEDERATED),
    7002138: Meaning("the pipeline's token is not signed by its issuer", "Look at where {token_at} comes from."),
    70052: Meaning(
        "the same assertion was used before", "Use a token file or a pipeline's endpoint, not a fixed token."
    ),
    90002: Meaning("there is no tenant {tenant} in this cloud", _TENANT),
    900023: Meaning("{tenant} is no tenant's GUID or domain", _TENANT),
    50059: Meaning("no tenant was named", _TENANT),
    50049: Meaning("the sign-in host is not Microsoft's", "Check AREA1_AUTHORITY_HOST."),
    90038: Meaning("the tenant {tenant} is in another cloud", _TENANT),
    900382: Meaning("the application or the tenant is in another cloud", _TENANT),
    900432: Meaning("the application or the tenant is in another cloud", _TENANT),
    90094: Meaning("an administrator has not consented to what the application {client} asks for", _CONSENT),
    90099: Meaning(
        "the partner's application {client} is not authorized in the customer's tenant {tenant}",
        "Have an administrator there consent to it, or consent through Partner Center.",
    ),
    650056: Meaning("the application {client} asks for nothing of {resource}, or nobody has consented", _CONSENT),
    65001: Meaning("nobody has consented to what the application {client} asks for", _CONSENT),
    650057: Meaning("the application {client} is not registered for {resource}", _CONSENT),
    650052: Meaning(
        "the tenant {tenant} has no subscription to Exchange Online", "Check that this tenant has Exchange Online."
    ),
    500011: Meaning("the tenant {tenant} has no {resource}", f"Does it have Exchange Online? {_TENANT}"),
    500014: Meaning("{resource} is disabled in the tenant {tenant}", "Enable Office 365 Exchange Online there."),
    1002012: Meaning("the scope is not one for applications", "Check {cloud_at}; report this if it is right."),
    70011: Meaning("the scope is not valid", "Check {cloud_at}; report this if it is right."),
    50076: Meaning("multi-factor authentication is needed", _PERSON),
    50079: Meaning("multi-factor authentication has to be set up first", _PERSON),
    50074: Meaning("multi-factor authentication is needed", _PERSON),
    50072: Meaning("multi-factor authentication has to be set up first", _PERSON),
    50078: Meaning("multi-factor authentication was too long ago", _PERSON),
    50097: Meaning("the device has to prove itself", _PERSON),
    50158: Meaning("another check of the person is needed", _PERSON),
    53000: Meaning("the device does not comply with Conditional Access", _PERSON),
    53001: Meaning("the device is not joined to the domain, which Conditional Access wants", _PERSON),
    53003: Meaning("a Conditional Access policy blocks this sign-in", _BLOCKED),
    50131: Meaning("a Conditional Access policy blocks this sign-in", _BLOCKED),
    530032: Meaning("a security policy of the tenant {tenant} blocks this sign-in", _BLOCKED),
    530035: Meaning("the security defaults of the tenant {tenant} block this sign-in", _BLOCKED),
    53011: Meaning("the person is blocked for risk in their home tenant", "Have its administrator look at the risk."),
    530034: Meaning(
        "the partner's administrator is blocked for risk in their home tenant",
        "Have its administrator look at the risk.",
    ),
    50034: Meaning("the person has no account in {tenant}", _TENANT),
    50020: Meaning("the person's account is of another tenant than {tenant}", _TENANT),
    50053: Meaning("the account is locked after too many attempts", "Wait, or have an administrator unlock it."),
    50055: Meaning("the person's password has expired", "Change it, then sign in again."),
    50057: Meaning("the person's account is disabled", "Have an administrator enable it."),
    50105: Meaning("the person is not assigned to the application {client}", "Assign them in Enterprise applications."),
    50126: Meaning("user name or password is wrong", "Sign in again."),
    50173: Meaning("the sign-in was revoked", _AGAIN),
    50132: Meaning("the person's password has expired or was changed since", _AGAIN),
    50133: Meaning("the person's password has expired or was changed since", _AGAIN),
    700082: Meaning("the sign-in is too old", _AGAIN),
    70008: Meaning("the sign-in is too old", _AGAIN),
    70043: Meaning("the sign-in is older than Conditional Access lets it be", _AGAIN),
    70016: Meaning("nobody entered the device code", _DEVICE),
    70017: Meaning("the sign-in was declined", _DEVICE),
    70019: Meaning("the device code is not known any more", _DEVICE),
    70020: Meaning("the device code has expired", _DEVICE),
}
"""AADSTS numbers and their meaning here."""

_CODE = re.compile(r"AADSTS(\d{4,10})")
_TIMELY = frozenset({700024, 50027})
_NOTABLE_SECONDS = 60


def refusal(settings: Settings, answer: Mapping[str, Any], said: Said | None = None) -> SignInError:
    """Give the error for an answer that is no token: OAuth's `error` and `error_description`."""
    text = str(answer.get("error_description") or answer.get("error") or answer)
    return explained(settings, text, said, str(answer.get("correlation_id") or ""))


def explained(
    settings: Settings, text: str, said: Said | None = None, correlation: str = "", *, speaker: str = "", hint: str = ""
) -> SignInError:
    """Give the error for a text of Entra's, wherever it was found: its code, its meaning here, the way out.

    `speaker` is who said it, the sign-in host unless given; `hint` is the way out where the code is not known.
    """
    found = _CODE.search(text)
    meaning = MEANINGS.get(int(found[1])) if found else None
    code = found[0] if found else ""
    names = _names(settings)
    what = meaning.what.format(**names) if meaning else "it was refused"
    lines = [
        f"Signing in to {settings.tenant} by {settings.way.label} failed: {what}{f' ({code})' if code else ''}.",
        meaning.remedy.format(**names) if meaning else hint,
        _skew(said) if found and int(found[1]) in _TIMELY else "",
        f"{speaker or settings.authority_host} said: {_first(_masked(settings, text))}",
        f"Correlation id for Microsoft's support: {correlation}" if correlation else "",
    ]
    return SignInError("\n".join(line for line in lines if line), code)


def _names(settings: Settings) -> dict[str, str]:
    """Give what meanings name: the values in force, and the places that they came from."""
    return {
        "tenant": settings.tenant,
        "client": getattr(settings.way, "client_id", None) or "(none)",
        "resource": settings.cloud.resource,
        "tenant_at": _place(settings, "tenant") or "ARM_TENANT_ID or area1:tenant",
        "cloud_at": _place(settings, "cloud") or "ARM_ENVIRONMENT or area1:cloud",
        "client_at": _place(settings, "client_id", "client_id_file_path") or "ARM_CLIENT_ID",
        "token_at": _place(settings, "oidc_token", "oidc_token_file_path", "oidc_request_url") or "ARM_OIDC_TOKEN",
        "secret_set": _set_secret(settings),
    }


def _place(settings: Settings, *settings_names: str) -> str:
    return next((settings.origin[name] for name in settings_names if name in settings.origin), "")


def _set_secret(settings: Settings) -> str:
    """Say where a new secret goes, and that a state keeps the old one where it came from there."""
    file, place = _place(settings, "client_secret_file_path"), _place(settings, "client_secret")
    if file:
        return f"write it to the file that {file} names"
    stored = place.startswith("area1:") or place.endswith(OF_TENANT)
    kept = "; refresh and destroy use the one that the last `pulumi up` saved, unless they have --run-program"
    return f"set it as {place or 'ARM_CLIENT_SECRET'}{kept if stored else ''}"


def _masked(settings: Settings, text: str) -> str:
    """Take secrets out of what somebody else said, who may repeat what they were sent; not what is any word's length."""
    for secret in secrets_of(settings.way):
        text = text.replace(secret, "(secret)") if len(secret) >= TELLING else text
    return text


def unreadable(settings: Settings, said: Said | None) -> SignInError:
    """Give the error for an exchange that msal could not make sense of, from the last answer."""
    if said is None:
        return SignInError(f"Signing in to {settings.tenant} by {settings.way.label} failed before anything was sent.")
    try:
        answer = json.loads(said.text)
    except (ValueError, RecursionError):
        answer = None
    if isinstance(answer, dict) and "error" in answer:
        return refusal(settings, answer, said)
    return SignInError(
        f"{settings.authority_host} is no sign-in host: it answered HTTP {said.status} and no token. Check "
        f"AREA1_AUTHORITY_HOST, and whether a proxy answers in its place.\nIt said: {_shown(_masked(settings, said.text))}"
    )


def _shown(text: str) -> str:
    """Give an answer that was not understood as far as it may be seen: a cut one may hold half a token."""
    return "(not shown, it may hold a token)" if "_token" in text else _first(text) or "(nothing)"


def _skew(said: Said | None) -> str:
    if said is None or said.ahead is None or abs(said.ahead) < _NOTABLE_SECONDS:
        return ""
    side = "ahead of" if said.ahead > 0 else "behind"
    return f"This machine's clock is {abs(said.ahead):.0f} s {side} the sign-in host's."


def _first(text: str) -> str:
    """Give what was said without the trace and time stamps that Entra adds, cut to a line's length."""
    return re.split(r"\s*Trace ID:", " ".join(text.split()))[0][:400]
