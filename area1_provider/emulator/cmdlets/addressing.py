"""Aliases and addresses of new and changed recipients, by the rules of the pages' Alias and EmailAddresses parameters.

Nothing here writes to the store.
"""

import re
import unicodedata
from collections.abc import Iterable
from typing import Any

from area1_provider.emulator.cmdlets.binder import Delta, Replace
from area1_provider.emulator.cmdlets.call import Call, entries
from area1_provider.emulator.cmdlets.errors import AddressInUse, ObjectExists, ValueRefused
from area1_provider.emulator.tenant import directory

ALIAS_CHARACTER = r"[A-Za-z0-9!#%*+\-/=?^_~$&'`{}|\u00A1-\u00FF]"
ALIAS = re.compile(rf"{ALIAS_CHARACTER}+(?:\.{ALIAS_CHARACTER}+)*\Z")
LONGEST_ALIAS = 64
BEST_FIT = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "Ä": "Ae", "Ö": "Oe", "Ü": "Ue", "ß": "ss"})
"""Only ö to oe is documented; the others follow it (unconfirmed)."""


def derived_alias(name: str) -> str:
    """The alias of a recipient without one: its name without spaces, unsupported characters become `?`."""
    kept = re.sub(r"\s", "", name)
    kept = re.sub(rf"(?!{ALIAS_CHARACTER}|\.).", "?", kept)
    return re.sub(r"^\.|\.$|\.(?=\.)", "?", kept)[:LONGEST_ALIAS]


def check_alias(alias: str) -> str:
    """The alias, if its characters are allowed."""
    if not ALIAS.match(alias):
        raise ValueRefused("Alias", f'The alias "{alias}" has characters that an alias can\'t have.')
    return alias


def local_part(alias: str) -> str:
    """The alias as the left side of an address: best-fit ASCII."""
    plain = unicodedata.normalize("NFKD", alias.translate(BEST_FIT))
    return re.sub(r"[^\x21-\x7e]", "?", "".join(part for part in plain if not unicodedata.combining(part)))


def check_name(call: Call, name: str, guid: str) -> None:
    """Refuse a name that another recipient has; a Microsoft 365 group's is free (Microsoft365DSC 3741)."""
    taken = call.tenant.find("Recipient", name, {"name"})
    others = [call.tenant.fetch(other) for other in taken if other != guid]
    if any(row["RecipientTypeDetails"] != "GroupMailbox" for row in others):
        raise ObjectExists(directory.recipient_dn(call.tenant.organization, name), directory.SERVER)


def check_free(call: Call, proxies: Iterable[str], guid: str) -> None:
    """Refuse addresses that another recipient has."""
    for proxy in proxies:
        for other in call.tenant.find("Recipient", proxy.partition(":")[2], {"address"}):
            if other != guid:
                raise AddressInUse(proxy, call.tenant.fetch(other)["DistinguishedName"])


def check_domains(call: Call, proxies: Iterable[str]) -> None:
    """Refuse addresses outside the accepted domains (general knowledge; text unconfirmed)."""
    inside = {domain.casefold() for domain in call.tenant.accepted_domains}
    for proxy in proxies:
        kind, _, address = proxy.partition(":")
        domain = address.rpartition("@")[2]
        if kind.casefold() == "smtp" and domain.casefold() not in inside:
            raise call.refuse(f"The domain {domain} isn't an accepted domain of your organization.")


def with_primary(proxies: Iterable[str], primary: str) -> list[str]:
    """The addresses with another primary one; the one before it stays as a secondary."""
    others = [proxy for proxy in proxies if proxy.partition(":")[2].casefold() != primary.casefold()]
    return [f"SMTP:{primary}", *(demoted(proxy) for proxy in others)]


def demoted(proxy: str) -> str:
    """A primary address as a secondary; any other as it is."""
    return f"smtp:{proxy.removeprefix('SMTP:')}" if proxy.startswith("SMTP:") else proxy


def changed(present: list[str], value: Replace | Delta) -> list[str]:
    """The addresses after a change: one `SMTP:`, or the first of them, is the primary one (EmailAddresses)."""
    proxies: list[str] = entries("EmailAddresses", value, present)
    given = value.values if isinstance(value, Replace) else value.add
    primaries = [proxy for proxy in given if proxy.startswith("SMTP:")]
    if len(primaries) > 1:
        raise ValueRefused("EmailAddresses", "Only one address can be the primary SMTP address.")
    primary = primaries or [proxy for proxy in proxies if proxy.startswith("SMTP:")]
    first = primary or [proxy for proxy in proxies if proxy.startswith("smtp:")]
    if not first or (isinstance(value, Delta) and not primary):
        raise ValueRefused("EmailAddresses", "The recipient needs a primary SMTP address.")
    return with_primary(proxies, first[0].partition(":")[2])


def primary_of(proxies: Iterable[str]) -> dict[str, Any]:
    """The properties that follow from a list of addresses."""
    listed = list(proxies)
    primary = next(proxy for proxy in listed if proxy.startswith("SMTP:")).partition(":")[2]
    return {"EmailAddresses": listed, "PrimarySmtpAddress": primary, "WindowsEmailAddress": primary}
