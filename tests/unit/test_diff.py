"""Desired against observed: what differs in meaning, what is no longer managed, what needs a new object."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from area1_provider import diff
from area1_provider.resources.distribution_group import DistributionGroupProvider
from area1_provider.resources.outbound_connector import OutboundConnectorProvider
from area1_provider.schema import MANAGED, UNKNOWN

CONNECTOR, GROUP = OutboundConnectorProvider.noun, DistributionGroupProvider.noun

values = st.fixed_dictionaries(
    {"name": st.sampled_from(["a", "b"])},
    optional={
        "comment": st.sampled_from(["", "x", None]),
        "enabled": st.sampled_from([True, False, None]),
        "smart_hosts": st.lists(st.sampled_from(["a.example", "A.example", "b.example"]), max_size=3),
        "tls_settings": st.sampled_from(["", "EncryptionOnly", None]),
    },
)


@given(values)
def test_nothing_differs_from_itself(args: dict[str, Any]) -> None:
    """What is as wanted is silent."""
    assert diff.changed(CONNECTOR, args, args) == []
    assert diff.released(CONNECTOR, args, args) == []


@given(values, values)
def test_what_changed_is_named(olds: dict[str, Any], news: dict[str, Any]) -> None:
    """Exactly the managed properties of the new side that mean something else are named, newly managed ones too."""
    names = diff.changed(CONNECTOR, olds, news)

    assert set(names) <= set(CONNECTOR.managed(news))
    for name, value in CONNECTOR.managed(news).items():
        same = olds.get(name) is not None and CONNECTOR.properties[name].same(olds[name], value)
        assert (name in names) == (not same)
    assert diff.changed(CONNECTOR, {**olds, **CONNECTOR.managed(news)}, news) == []


@given(values, values)
def test_what_is_released(olds: dict[str, Any], news: dict[str, Any]) -> None:
    """A property that is no longer named is forgotten, and nobody is told to change it."""
    released = diff.released(CONNECTOR, olds, news)

    assert set(released) == set(CONNECTOR.managed(olds)) - set(CONNECTOR.managed(news))
    assert not set(released) & set(diff.changed(CONNECTOR, olds, news))


def test_unmanaged_drift_is_silent() -> None:
    """What the state only shows is not compared."""
    state = {"name": "a", "comment": "somebody's", "enabled": False, MANAGED: ["name"]}

    assert diff.changed(CONNECTOR, state, {"name": "a"}) == []


def test_what_becomes_managed_is_told() -> None:
    """A property that the state shows but did not manage is set: what it shows may be old."""
    state = {"name": "a", "comment": "x", MANAGED: ["name"]}

    assert diff.changed(CONNECTOR, state, {"name": "a", "comment": "x"}) == ["comment"]


def test_the_unknown_differs() -> None:
    """A value that is not known yet may be another."""
    assert diff.changed(CONNECTOR, {"name": "a"}, {"name": UNKNOWN}) == ["name"]


@pytest.mark.parametrize(
    ("state", "wanted", "replaced"),
    [
        ({"type": "Distribution", MANAGED: ["type"]}, {"type": "Security"}, ["type"]),
        ({"type": "Distribution", MANAGED: ["type"]}, {"type": "Distribution"}, []),
        ({"type": "Distribution", MANAGED: []}, {"type": "Distribution"}, []),
        ({"type": "Distribution", MANAGED: []}, {"type": "Security"}, ["type"]),
        ({"members": ["a"], MANAGED: ["members"]}, {"members": ["b"]}, []),
        ({"type": "Security", MANAGED: ["type"]}, {}, []),
    ],
)
def test_replacements(state: dict[str, Any], wanted: dict[str, Any], replaced: list[str]) -> None:
    """Only what New- alone takes, and what really is another value, replaces an object."""
    assert diff.replaces(GROUP, state, wanted, DistributionGroupProvider.in_place) == replaced
