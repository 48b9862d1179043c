"""Forms of texts: what may stand in an address, a domain, a smart host, and which spellings mean the same.

Pure functions on single texts; which property has which form is said in the resource files.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Form:
    """A kind of text. `problem` gives what is wrong with a text, or None; `canonical` its one spelling."""

    name: str
    problem: Callable[[str], str | None]
    canonical: Callable[[str], str]
    recipient: bool = False
    """Names a recipient, who may come back in another form than was written: compared by identity (`settle`)."""


def _anything(_: str) -> None:
    return None


def _as_is(text: str) -> str:
    return text


def _address_problem(text: str) -> str | None:
    from email_validator import EmailNotValidError, validate_email  # noqa: PLC0415  # costs a tenth of `import pulumi`

    if not text.isascii():
        return f"{text!r} is no SMTP address: letters of ASCII only; write its domain in its xn-- form"
    try:
        validate_email(text, check_deliverability=False, allow_smtputf8=False, test_environment=True)
    except EmailNotValidError as error:
        return f"{text!r} is no SMTP address: {error}"
    return None


def _recipient_address_problem(text: str) -> str | None:
    """One mailbox or group: a rule takes no wildcard (OfficeDocs-Exchange, journaling)."""
    if "*" in text:
        return f"{text!r}: no wildcards; write the address of one mailbox or group, or leave it out for everyone"
    return _address_problem(text)


_LABEL = r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
_DOMAIN = re.compile(rf"(?=.{{1,255}}\Z){_LABEL}(?:\.{_LABEL})+\Z", re.IGNORECASE)
_PORT = re.compile(r"[^:]+:\d+\Z")
_GUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\Z", re.IGNORECASE)


def is_guid(text: str) -> bool:
    """Say whether a text is a GUID in its usual form of 36 characters."""
    return bool(_GUID.match(text))


def is_address(text: str) -> bool:
    """Say whether a text is an SMTP address (RFC 5321, letters of ASCII in the local part)."""
    return _address_problem(text) is None


def domain_of(address: str) -> str:
    """Give the domain of an SMTP address, in lower case."""
    return address.rpartition("@")[2].casefold()


def is_network(text: str) -> bool:
    """Say whether a text is an IP address or a CIDR range."""
    try:
        length = ipaddress.ip_network(text, strict=False).prefixlen
    except ValueError:
        return False
    return text.partition("/")[2] in {"", str(length)}  # a mask in dots is no CIDR


def _domain_problem(text: str) -> str | None:
    return None if _DOMAIN.match(text) else f"{text!r} is no domain name"


def _tls_domain_problem(text: str) -> str | None:
    return _domain_problem(text.removeprefix("*."))


def _recipient_domain_problem(text: str) -> str | None:
    if text == "*" or _DOMAIN.match(text.removeprefix("*.")):
        return None
    return f"{text!r} is no domain name, nor *.domain, nor * for every domain"


def _smart_host_problem(text: str) -> str | None:
    if is_network(text) or (_DOMAIN.match(text) and not text.replace(".", "").isdecimal()):
        return None
    if _PORT.match(text):
        return f"{text!r}: Exchange Online takes no port with a smart host"
    return f"{text!r} is no host name (with a dot), IP address or CIDR range"


def _undeliverable_canonical(text: str) -> str:
    return "" if text == "<>" else text.casefold()


def _undeliverable_problem(text: str) -> str | None:
    if text == "<>":
        return "'<>' is how Exchange shows that no address is set; it does not take it back"
    return _address_problem(text)


def _proxy_problem(text: str) -> str | None:
    kind, colon, address = text.partition(":")
    if not colon or (kind not in ("SMTP", "smtp") and kind.casefold() == "smtp"):
        return f"{text!r} must begin with SMTP: (the primary address) or smtp: (another one)"
    return _address_problem(address) if kind.casefold() == "smtp" else None


def _proxy_canonical(text: str) -> str:
    kind, colon, address = text.partition(":")
    return f"{kind}{colon}{address.casefold()}"


_ALIAS = re.compile(
    r"[A-Za-z0-9!#%*+\-/=?^_~$&'`{}|\u00a1-\u00ff]+(?:\.[A-Za-z0-9!#%*+\-/=?^_~$&'`{}|\u00a1-\u00ff]+)*\Z"
)


def _alias_problem(text: str) -> str | None:
    if _ALIAS.match(text):
        return None
    return f"{text!r} is no alias: letters, digits, ! # % * + - / = ? ^ _ ~ $ & ' ` {{ }} |, and dots between others"


def _mail_tip_canonical(text: str) -> str:
    return re.sub(r"<[^>]*>", "", text).strip()


def _mail_tip_problem(text: str) -> str | None:
    length = len(_mail_tip_canonical(text))
    return f"shows {length} characters, Exchange takes at most {MAIL_TIP_LENGTH}" if length > MAIL_TIP_LENGTH else None


MAIL_TIP_LENGTH = 175
"""Characters without tags (MicrosoftDocs Set-DistributionGroup)."""

_SIMPLE = re.compile(r"[A-Za-z0-9 \"'()+,\-./:?]*\Z")


def _simple_problem(text: str) -> str | None:
    if _SIMPLE.match(text):
        return None
    return f"{text!r} may hold only letters without accents, digits, spaces and \" ' ( ) + , - . / : ?"


TEXT = Form("text", _anything, _as_is)
ADDRESS = Form("SMTP address", _address_problem, str.casefold)
DOMAIN = Form("domain", _domain_problem, str.casefold)
TLS_DOMAIN = Form("domain, *. in front allowed", _tls_domain_problem, str.casefold)
"""`TlsDomain`: one SMTP domain, leading `*.` allowed (MicrosoftDocs New-OutboundConnector)."""
RECIPIENT_DOMAIN = Form("domain, *.domain or *", _recipient_domain_problem, str.casefold)
SMART_HOST = Form("host name, IP address or CIDR range", _smart_host_problem, str.casefold)
"""No port: office-docs-powershell issue 5599."""
UNDELIVERABLE = Form("SMTP address", _undeliverable_problem, _undeliverable_canonical)
"""Unset reads back as `<>`, which must not be written (Microsoft365DSC issue 3220, pull request 5851)."""
RECIPIENT = Form("recipient: GUID, address, alias or name", _anything, str.casefold, recipient=True)
RECIPIENT_ADDRESS = Form("SMTP address of a recipient", _recipient_address_problem, str.casefold, recipient=True)
PROXY_ADDRESS = Form("SMTP:primary@domain or smtp:other@domain", _proxy_problem, _proxy_canonical)
"""`EmailAddresses`: capital SMTP marks the primary address (MicrosoftDocs Set-DistributionGroup)."""
ALIAS = Form("alias", _alias_problem, str.casefold)
"""Characters as the page of New-DistributionGroup lists them."""
MAIL_TIP = Form("text", _mail_tip_problem, _mail_tip_canonical)
"""Exchange wraps a mail tip in HTML (general knowledge, unconfirmed for this endpoint)."""
SIMPLE_NAME = Form("plain letters", _simple_problem, _as_is)
"""Characters as the page of Set-DistributionGroup lists them for SimpleDisplayName."""
