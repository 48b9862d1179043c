"""What a JSON value must be to become a value of a parameter's type, as PowerShell's binder would have it.

Each function takes a value and gives it back in the form the store keeps, or raises BadValue. Nothing here knows a
cmdlet. Conversions that no source describes (a number in a string, "true" for a Boolean) are refused.
"""

import ipaddress
import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

LABEL = r"[A-Za-z0-9_](?:[A-Za-z0-9_-]{0,61}[A-Za-z0-9_])?"
DOMAIN = re.compile(rf"(?=.{{1,255}}\Z){LABEL}(?:\.{LABEL})*\Z")
LOCAL_PART = re.compile(r"(?=.{1,64}\Z)[^\s@\"(),:;<>\[\]\\.]+(?:\.[^\s@\"(),:;<>\[\]\\.]+)*\Z")
CULTURE = re.compile(r"[a-z]{2,3}(?:-[A-Z][a-z]{3})?(?:-(?:[A-Z]{2}|\d{3}))?\Z")
MOMENT = re.compile(r"(\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d)(?:\.(\d{1,7}))?([Zz]|[+-]\d\d:\d\d)?\Z", re.ASCII)
SPAN = re.compile(r"(?:(\d{1,8})\.)?(\d{1,2}):(\d\d)(?::(\d\d))?\Z")
DIGITS = re.compile(r"[0-9]{1,10}\Z")
PREFIXED = re.compile(r"(?:(smtp|SMTP):)?(.+)\Z")
LONGEST_MAIL_TIP = 175
INT32 = range(-(2**31), 2**31)


class BadValue(Exception):
    """Raised with the reason why a value is not of the type; the binder adds which parameter."""


def text(value: Any) -> str:
    """A string; half of a surrogate pair is no character."""
    if not isinstance(value, str):
        raise BadValue(f'Cannot convert value "{value}" to type "System.String".')
    if any("\ud800" <= character <= "\udfff" for character in value):
        raise BadValue("The text holds half of a surrogate pair.")
    return value


def filled(value: Any) -> str:
    """A string that is not empty."""
    if not text(value).strip():
        raise BadValue("The value can't be empty.")
    return str(value)


def boolean(value: Any) -> bool:
    """A JSON boolean, or 0 and 1, which PowerShell takes as well."""
    if isinstance(value, bool) or (isinstance(value, int) and value in {0, 1}):
        return bool(value)
    raise BadValue(
        f'Cannot convert value "{value}" to type "System.Boolean". Boolean parameters accept only Boolean values and '
        "numbers, such as $True, $False, 1 or 0 instead."
    )


def switch(value: Any) -> bool:
    """A JSON boolean."""
    if not isinstance(value, bool):
        raise BadValue(f'Cannot convert value "{value}" to type "System.Management.Automation.SwitchParameter".')
    return value


def int32(value: Any) -> int:
    """A whole JSON number of 32 bits."""
    if isinstance(value, bool) or not isinstance(value, int) or value not in INT32:
        raise BadValue(f'Cannot convert value "{value}" to type "System.Int32".')
    return value


def unlimited(value: Any) -> str:
    """`Unlimited`, or a whole number as a number or as a string."""
    if isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 2**32:
        return str(value)
    if isinstance(value, str) and value.casefold() == "unlimited":
        return "Unlimited"
    if isinstance(value, str) and DIGITS.match(value) and int(value) < 2**32:
        return str(int(value))
    raise BadValue(f'Cannot convert value "{value}" to type "Microsoft.Exchange.Data.Unlimited`1[System.UInt32]".')


def guid(value: Any) -> str:
    """A GUID in any of its usual spellings, given back in the plain one."""
    try:
        return str(UUID(text(value)))
    except ValueError:
        raise BadValue(f'Cannot convert value "{value}" to type "System.Guid".') from None


def moment(value: Any) -> str:
    """A date and time with up to seven fractional digits; without a zone it is taken as UTC.

    ISO 8601, or with a space and a small `z` as the Set-OutboundConnector page writes it. Given back in UTC and
    without the `Z`, which is how LastValidationTimestamp reads (graph2otel's capture).
    """
    if (match := MOMENT.match(text(value))) is None:
        raise BadValue(f'Cannot convert value "{value}" to type "System.DateTime".')
    whole, fraction, zone = match.groups()
    try:
        parsed = datetime.fromisoformat(whole + (zone or "Z").upper()).astimezone(UTC)
    except (ValueError, OverflowError):
        raise BadValue(f'Cannot convert value "{value}" to type "System.DateTime".') from None
    return f"{parsed.replace(tzinfo=None).isoformat()}.{(fraction or '').ljust(7, '0')}"


def span(value: Any) -> str:
    """A time span, `[d.]hh:mm[:ss]`; days are left out of the result when there are none."""
    length = duration(text(value))
    hours, rest = divmod(length.seconds, 3600)
    clock = f"{hours:02}:{rest // 60:02}:{rest % 60:02}"
    return f"{length.days}.{clock}" if length.days else clock


def duration(value: str) -> timedelta:
    """The length that a time span's text means."""
    match = SPAN.match(value)
    days, hours, minutes, seconds = (int(part or 0) for part in match.groups()) if match else (0, 24, 0, 0)
    if hours > 23 or minutes > 59 or seconds > 59:  # noqa: PLR2004 - hours of a day, minutes, seconds
        raise BadValue(f'Cannot convert value "{value}" to type "Microsoft.Exchange.Data.EnhancedTimeSpan".')
    return timedelta(days=days, hours=hours, minutes=minutes, seconds=seconds)


def domain(value: Any) -> str:
    """A mail domain."""
    if not DOMAIN.match(text(value)):
        raise BadValue(f'"{value}" isn\'t a valid SMTP domain.')
    return str(value)


def domain_with_subdomains(value: Any) -> str:
    """A mail domain, perhaps with `*.` before it; no other wildcard."""
    domain(text(value).removeprefix("*."))
    return str(value)


def domain_pattern(value: Any) -> str:
    """A mail domain, `*.domain`, or `*` for all."""
    return "*" if value == "*" else domain_with_subdomains(value)


def address(value: Any) -> str:
    """An SMTP address."""
    local, at, host = text(value).rpartition("@")
    if not (at and LOCAL_PART.match(local) and DOMAIN.match(host)):
        raise BadValue(f'"{value}" isn\'t a valid SMTP address.')
    return str(value)


def address_or_unset(value: Any) -> str:
    """An SMTP address, or the two spellings of "none": empty and `<>`. The cmdlet decides what they mean."""
    return str(value) if text(value) in {"", "<>"} else address(value)


def proxy_address(value: Any) -> str:
    """An address with its type before it: `SMTP:` marks the primary one; without a type it is `smtp:`."""
    match = PREFIXED.match(text(value))
    if match is None:
        raise BadValue(f'"{value}" isn\'t a valid proxy address.')
    return f"{match.group(1) or 'smtp'}:{address(match.group(2))}"


def external_address(value: Any) -> str:
    """The address of a mail contact, with or without `SMTP:`; given back without."""
    return proxy_address(value).partition(":")[2]


def smart_host(value: Any) -> str:
    """A host name with its domain, an IP address or a CIDR range; a port is refused (office-docs-powershell 5599)."""
    name = DOMAIN.match(text(value)) and "." in value and not re.fullmatch(r"[\d.]+", value)
    if not (name or _is_network(value)):
        raise BadValue(f'"{value}" isn\'t a valid smart host: a host name, an IP address or a CIDR range.')
    return str(value)


def _is_network(value: str) -> bool:
    try:
        length = ipaddress.ip_network(value, strict=False).prefixlen
    except ValueError:
        return False
    return value.partition("/")[2] in {"", str(length)}  # a mask in dots is no CIDR


def mail_tip(value: Any) -> str:
    """The text of a MailTip, with the HTML tags that the service puts around it (Set-DistributionGroup page)."""
    plain = re.sub(r"^<html>\s*<body>|</body>\s*</html>\s*$", "", text(value))
    if len(plain) > LONGEST_MAIL_TIP:
        raise BadValue(f"A MailTip can't be longer than {LONGEST_MAIL_TIP} displayed characters.")
    return f"<html><body>{plain}</body></html>" if plain else ""


def mail_tip_translation(value: Any) -> str:
    """A culture, a colon and the text of a MailTip."""
    language, colon, tip = text(value).partition(":")
    if not (colon and re.fullmatch(r"default|[A-Za-z]{2,3}(-[A-Za-z0-9]{2,4})*", language)):
        raise BadValue(f'"{value}" isn\'t a MailTip translation: Culture:Text.')
    return f"{language}:{mail_tip(tip)}"


def culture(value: Any) -> str:
    """A culture's name, such as `en-US`."""
    if not CULTURE.match(text(value)):
        raise BadValue(f'Cannot convert value "{value}" to type "System.Globalization.CultureInfo".')
    return str(value)


def refused(value: Any) -> str:  # noqa: ARG001 - it has the form of its neighbours
    """Nothing: a credential is encrypted with a key that changes with the module's versions."""
    raise BadValue("Values of this type are not accepted here.")


TYPES: Mapping[str, Callable[[Any], Any]] = {
    "String": text,
    "Boolean": boolean,
    "SwitchParameter": switch,
    "Int32": int32,
    "Unlimited": unlimited,
    "Guid": guid,
    "DateTime": moment,
    "EnhancedTimeSpan": span,
    "SmtpDomain": domain,
    "SmtpDomainWithSubdomains": domain_with_subdomains,
    "SmtpDomainPattern": domain_pattern,
    "SmtpAddress": address,
    "SmtpAddressOrUnset": address_or_unset,
    "ProxyAddress": proxy_address,
    "ExternalAddress": external_address,
    "SmartHost": smart_host,
    "CultureInfo": culture,
    "MailTip": mail_tip,
    "MailTipTranslation": mail_tip_translation,
    "PSCredential": refused,
    "PropertySet": filled,
}
"""By type name; identities (`...IdParameter`) and enumerations are the binder's."""
