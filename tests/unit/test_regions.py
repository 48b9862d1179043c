"""Regions are data: each has its source, and each can be delivered to."""

import pytest

from area1_provider import forms
from area1_provider.regions import REGIONS, Region, mismatch, unknown_region

each = pytest.mark.parametrize("region", REGIONS.values(), ids=list(REGIONS))


@each
def test_every_region(region: Region) -> None:
    """A region has a meaning, a source, domains that are domains and hosts that Exchange takes."""
    assert region.meaning
    assert "cloudflare" in region.source.casefold()
    assert region.domains
    assert not [text for text in region.domains if forms.DOMAIN.problem(text)]
    assert not [text for text in region.smart_hosts if forms.SMART_HOST.problem(text)]


@each
def test_sources_are_dated(region: Region) -> None:
    """A page is named with the day it was read; the guide is a document of its own."""
    assert "read 20" in region.source or "Guide" in region.source


def test_values_of_the_guide() -> None:
    """The guide's own hosts are the presets `us` and `eu`."""
    assert REGIONS["us"].smart_hosts == ("mailstream-east.mxrecord.io", "mailstream-west.mxrecord.io")
    assert REGIONS["eu"].smart_hosts == ("mailstream-eu1.mxrecord.io",)
    assert "journaling.mxrecord.io" in REGIONS["us"].domains


@each
def test_own_addresses_fit(region: Region) -> None:
    """An address in one of a region's domains is no mismatch, in any case."""
    for domain in region.domains:
        assert mismatch(region, f"x@{domain}") is None
        assert mismatch(region, f"x@{domain.upper()}") is None


def test_mismatch() -> None:
    """An address of another region is named with that region; an address of nobody's is the user's own affair."""
    said = mismatch(REGIONS["india"], "x@journaling.mailstream-eu1.mxrecord.io")

    assert said is not None
    assert "eu1" in said
    assert mismatch(REGIONS["us"], "x@archive.example") is None


def test_unknown_region() -> None:
    """A region that does not exist is answered with all that do."""
    said = unknown_region("mars")

    assert said is not None
    assert all(name in said for name in REGIONS)
    assert unknown_region("us") is None
