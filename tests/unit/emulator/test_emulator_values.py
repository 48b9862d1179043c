"""Conversions of single values, one type at a time."""

import re
from collections.abc import Callable
from typing import Any

import pytest

from area1_provider.emulator.cmdlets import values
from area1_provider.emulator.cmdlets.values import TYPES, BadValue

GUID = "0a1b2c3d-0000-4000-8000-00000000000f"


@pytest.mark.parametrize(
    ("type_name", "given", "kept"),
    [
        ("Int32", -3, -3),
        ("Unlimited", "unlimited", "Unlimited"),
        ("Unlimited", 50, "50"),
        ("Unlimited", "0500", "500"),
        ("Guid", "{0A1B2C3D-0000-4000-8000-00000000000F}", GUID),
        ("DateTime", "2026-07-24T18:59:12Z", "2026-07-24T18:59:12.0000000"),
        ("DateTime", "2026-07-24T18:59:12.1234567Z", "2026-07-24T18:59:12.1234567"),
        ("DateTime", "2026-07-24T18:59:12.5", "2026-07-24T18:59:12.5000000"),
        ("DateTime", "2026-07-24T20:59:12+02:00", "2026-07-24T18:59:12.0000000"),
        ("DateTime", "2021-05-06 14:30:00z", "2021-05-06T14:30:00.0000000"),
        ("DateTime", "0001-01-01T00:00:00Z", "0001-01-01T00:00:00.0000000"),
        ("EnhancedTimeSpan", "1.00:00:00", "1.00:00:00"),
        ("EnhancedTimeSpan", "23:30", "23:30:00"),
        ("SmtpDomainWithSubdomains", "*.example.net", "*.example.net"),
        ("SmtpDomainPattern", "*", "*"),
        ("SmtpAddress", "o'hara+x@sub.example", "o'hara+x@sub.example"),
        ("SmtpAddressOrUnset", "<>", "<>"),
        ("ProxyAddress", "a@b.example", "smtp:a@b.example"),
        ("ProxyAddress", "SMTP:a@b.example", "SMTP:a@b.example"),
        ("ExternalAddress", "SMTP:a@b.example", "a@b.example"),
        ("SmartHost", "192.0.2.1", "192.0.2.1"),
        ("SmartHost", "192.0.2.0/24", "192.0.2.0/24"),
        ("SmartHost", "2001:db8::1", "2001:db8::1"),
        ("CultureInfo", "en-US", "en-US"),
        ("CultureInfo", "zh-Hant-TW", "zh-Hant-TW"),
        ("MailTip", "hello", "<html><body>hello</body></html>"),
        ("MailTipTranslation", "ES:hola", "ES:<html><body>hola</body></html>"),
    ],
)
def test_a_value_is_kept_in_one_form(type_name: str, given: Any, kept: Any) -> None:
    """What several spellings mean is stored in one."""
    assert TYPES[type_name](given) == kept


@pytest.mark.parametrize(
    ("type_name", "given"),
    [
        ("Int32", "5"),
        ("Int32", 2**31),
        ("Int32", True),
        ("Int32", 1.5),
        ("Unlimited", "lots"),
        ("Unlimited", -1),
        ("Unlimited", "9" * 5000),
        ("Guid", "no-guid"),
        ("Guid", 7),
        ("DateTime", "24.07.2026"),
        ("DateTime", "2026-13-01T00:00:00Z"),
        ("DateTime", "2026-07-24"),
        ("DateTime", "0001-01-01T00:00:00+02:00"),
        ("EnhancedTimeSpan", "24:00:00"),
        ("EnhancedTimeSpan", "1d"),
        ("SmtpDomain", "-bad-.example"),
        ("SmtpDomain", "two..dots"),
        ("SmtpDomainWithSubdomains", "*"),
        ("SmtpDomainWithSubdomains", "**.example"),
        ("SmtpDomainPattern", "*example"),
        ("SmtpAddress", "nobody"),
        ("SmtpAddress", "a b@c.example"),
        ("SmtpAddress", ".a@c.example"),
        ("SmtpAddress", "a@"),
        ("SmtpAddressOrUnset", "none"),
        ("ProxyAddress", "x"),
        ("ProxyAddress", ""),
        ("SmartHost", "mx.example.net:25"),
        ("SmartHost", "300.1.1.1"),
        ("SmartHost", "mx"),
        ("SmartHost", "192.0.2.0/255.255.255.0"),
        ("SmartHost", "10.0.0.0/33"),
        ("SmartHost", ""),
        ("CultureInfo", "english"),
        ("MailTip", "x" * 176),
        ("MailTipTranslation", "hola"),
        ("MailTipTranslation", "Spanish!:hola"),
        ("PSCredential", "x"),
        ("PropertySet", " "),
    ],
)
def test_a_value_of_another_kind_is_refused(type_name: str, given: Any) -> None:
    """What no source describes is refused."""
    with pytest.raises(BadValue):
        TYPES[type_name](given)


@pytest.mark.parametrize(
    "convert", [values.text, values.guid, values.moment, values.span, values.smart_host, values.address_or_unset]
)
@pytest.mark.parametrize("value", [None, 1, [], {}, True])
def test_texts_are_strings_only(convert: Callable[[Any], Any], value: Any) -> None:
    """Nothing but a JSON string is a text."""
    with pytest.raises(BadValue, match=re.escape("System.String")):
        convert(value)
