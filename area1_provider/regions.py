"""Where Cloudflare takes journal mail: domains and hosts by region, as data with source and date.

Nothing else in the package names a Cloudflare host. All of it can be overridden: Cloudflare changed it before.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from area1_provider.forms import domain_of

GUIDE = (
    "Cloudflare Area 1, Phishing Protection for Microsoft O365, Deployment and Configuration Guide (O365 Journaling)"
)
PAGE = (
    "cloudflare-docs, email-security/deployment: journaling-connector.mdx and bcc-table-geographic-locations.mdx, "
    "read 2026-11-23"
)
ONE = "cloudflare-docs, cloudflare-one/email-security: m365-journaling.mdx, read 2026-11-23"


@dataclass(frozen=True)
class Region:
    """One choice of where mail is processed. `smart_hosts` empty: no connector is made unless hosts are named."""

    name: str
    meaning: str
    domains: tuple[str, ...]
    """Domains of the journal addresses that belong to it."""
    smart_hosts: tuple[str, ...]
    source: str


_TABLE = (
    Region(
        "us",
        "United States, as in the guide",
        ("journaling.mxrecord.io",),
        ("mailstream-east.mxrecord.io", "mailstream-west.mxrecord.io"),
        GUIDE,
    ),
    Region(
        "eu",
        "European Union, as in the guide",
        ("journaling.mxrecord.io", "journaling.mailstream-eu1.mxrecord.io"),
        ("mailstream-eu1.mxrecord.io",),
        GUIDE,
    ),
    Region(
        "us-current",
        "United States, one host as on Cloudflare's later pages",
        ("journaling.mxrecord.io",),
        ("journaling.mxrecord.io",),
        PAGE,
    ),
    Region(
        "eu-primary",
        "Germany first, United States as backup",
        ("journaling.mailstream-eu-primary.mxrecord.io",),
        ("journaling.mailstream-eu-primary.mxrecord.io",),
        PAGE,
    ),
    Region(
        "eu1",
        "European Union only, no backup outside",
        ("journaling.mailstream-eu1.mxrecord.io",),
        ("journaling.mailstream-eu1.mxrecord.io",),
        PAGE,
    ),
    Region(
        "india",
        "India only",
        ("journaling.mailstream-bom.mxrecord.mx",),
        ("journaling.mailstream-bom.mxrecord.mx",),
        PAGE,
    ),
    Region(
        "india-primary",
        "India, United States as backup",
        ("journaling.mailstream-india-primary.mxrecord.mx",),
        ("journaling.mailstream-india-primary.mxrecord.mx",),
        PAGE,
    ),
    Region(
        "asia",
        "India, Australia as backup",
        ("journaling.mailstream-asia.mxrecord.mx",),
        ("journaling.mailstream-asia.mxrecord.mx",),
        PAGE,
    ),
    Region(
        "australia-only",
        "Australia and New Zealand only",
        ("journaling.mailstream-syd.area1.cloudflare.net",),
        ("journaling.mailstream-syd.area1.cloudflare.net",),
        PAGE,
    ),
    Region(
        "australia",
        "Australia and New Zealand, India and United States as backup",
        ("journaling.mailstream-australia.area1.cloudflare.net",),
        ("journaling.mailstream-australia.area1.cloudflare.net",),
        PAGE,
    ),
    Region(
        "cloudflare-one",
        "Cloudflare One Email Security, global; the dashboard shows the address, no connector is described",
        ("cf-emailsecurity.com",),
        (),
        ONE,
    ),
)
# That the journaling domain itself takes mail as a smart host is said for journaling.mxrecord.io only; for the
# regional ones it is inferred (unconfirmed). Name smart_hosts yourself where Cloudflare gave you others.

REGIONS: Mapping[str, Region] = MappingProxyType({region.name: region for region in _TABLE})
"""Every region by name."""


def unknown_region(name: str) -> str | None:
    """Say that a region does not exist, with those that do; None if it exists."""
    if name in REGIONS:
        return None
    known = "\n".join(f"  {region.name:15} {region.meaning}" for region in _TABLE)
    return f"{name!r} is no region; known are\n{known}"


def mismatch(region: Region, journal_address: str) -> str | None:
    """Say that an address belongs to another region than its hosts; None if it fits, or is no domain that is known."""
    domain = domain_of(journal_address)
    others = sorted(other.name for other in _TABLE if domain in other.domains)
    if not others or domain in region.domains:
        return None
    return (
        f"{journal_address!r} is an address of region {' or '.join(others)}, but region {region.name!r} was chosen: mail "
        "would be processed elsewhere than its address says. Choose that region, or name smart_hosts yourself"
    )
