"""Which combinations of a group's properties Exchange refuses (pages of New- and Set-DistributionGroup). Pure."""

from __future__ import annotations

from area1_provider.schema import UNKNOWN, Properties
from area1_provider.steps import Problems

MOST_OWNERS = 10
"""Owners of a group (exchange-online-limits page, about 2020)."""


def refusals(desired: Properties) -> Problems:
    """Give property and what is wrong with it, and the way out."""
    yield from _address_problems(desired)
    yield from _owner_problems(desired)
    yield from _security_problems(desired)


def _address_problems(desired: Properties) -> Problems:
    listed, name = desired.get("email_addresses"), "email_addresses"
    if desired.get("primary_smtp_address") and listed:
        yield name, "cannot stand together with primary_smtp_address: Exchange takes one of them"
    if not listed or listed == UNKNOWN or UNKNOWN in listed:
        return
    primaries = [text for text in listed if text.startswith("SMTP:")]
    if len(primaries) > 1:
        yield name, f"{', '.join(primaries)}: only one can be the primary address; write smtp: before others"
    if not primaries:
        yield name, "must name the primary address: write SMTP: before it; Exchange would take the first"
    others = {text.casefold() for text in listed if not text.startswith("SMTP:")}
    if twice := [text for text in primaries if text.casefold() in others]:
        yield name, f"{twice[0]}: the primary address stands there once more; Exchange takes each address once"


def _owner_problems(desired: Properties) -> Problems:
    owners = desired.get("managed_by")
    if owners is not None and owners != UNKNOWN and not 1 <= len(owners) <= MOST_OWNERS:
        yield "managed_by", f"must name 1 to {MOST_OWNERS} owners, not {len(owners)}"


def _security_problems(desired: Properties) -> Problems:
    if desired.get("type") != "Security":
        return
    for name in ("member_join_restriction", "member_depart_restriction"):
        if desired.get(name) == "Open":
            yield name, "cannot be 'Open' for a security group; write 'Closed'"
    if desired.get("moderation_enabled") is True and not desired.get("moderated_by"):
        yield "moderated_by", "must name a moderator: a moderated security group needs one"
