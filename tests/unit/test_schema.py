"""What a property is: one line in an args class says its wire name, its type and how values of it compare."""

from dataclasses import fields
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from area1_provider import schema
from area1_provider.errors import BadAnswer
from area1_provider.resources.distribution_group import DistributionGroupProvider
from area1_provider.resources.journal_rule import JournalRuleProvider
from area1_provider.resources.outbound_connector import OutboundConnectorProvider
from area1_provider.resources.outbound_connector_validation import OutboundConnectorValidationProvider
from area1_provider.resources.transport_config import TransportConfigProvider
from area1_provider.schema import MANAGED, UNKNOWN, Noun, Property

NOUNS = [
    kind.noun
    for kind in (
        DistributionGroupProvider,
        JournalRuleProvider,
        OutboundConnectorProvider,
        OutboundConnectorValidationProvider,
        TransportConfigProvider,
    )
]
PROPERTIES = [(noun, one) for noun in NOUNS for one in noun.properties.values()]
each = pytest.mark.parametrize(
    ("noun", "one"), PROPERTIES, ids=[f"{noun.args.__name__}.{one.name}" for noun, one in PROPERTIES]
)
every_noun = pytest.mark.parametrize("noun", NOUNS, ids=lambda noun: noun.args.__name__)
junk = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20) | st.just(UNKNOWN),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=2),
    max_leaves=6,
)
CONNECTOR, RULE, GROUP, CONFIG = (NOUNS[i] for i in (2, 1, 0, 4))


def test_unknown_is_pulumis() -> None:
    """The constant for values that are not known yet is the SDK's own."""
    from pulumi.runtime import rpc  # noqa: PLC0415  # costs as much as all of the other tests here

    assert schema.UNKNOWN == rpc.UNKNOWN


@every_noun
def test_every_field_is_a_property_or_a_setting(noun: Noun) -> None:
    """No field of an args class is forgotten; no two stand for one wire name."""
    assert {field.name for field in fields(noun.args)} == {*noun.properties, *noun.settings}
    wires = [one.wire.name for one in noun.properties.values()]
    assert len(set(wires)) == len(wires)


@each
def test_types_of_properties(noun: Noun, one: Property) -> None:
    """Every property is a text, a boolean or a whole number, or a list of texts; Pulumi inputs are seen through."""
    assert one.base in (str, bool, int)
    assert one.base is str or not one.many
    assert schema.plain_type(next(f for f in fields(noun.args) if f.name == one.name).type) is not None
    assert one.wire.name[0].isupper()


@each
@settings(max_examples=12, deadline=None)
@given(value=junk)
def test_any_value_is_judged(noun: Noun, one: Property, value: Any) -> None:
    """Whatever a program passes, problems are texts, and a value without a problem can be compared and sent."""
    problems = [problem for name, problem in noun.problems({one.name: value}) if name == one.name]

    assert all(problem.strip() for problem in problems)
    if not problems and value is not None:
        assert one.same(value, value)
        assert one.same(one.canonical(value), value)
        if value != UNKNOWN and UNKNOWN not in (value if isinstance(value, list) else ()):
            one.parameter(value, "Set")
            one.parameter(value, "New")


@each
@settings(max_examples=12, deadline=None)
@given(value=junk)
def test_any_answer_is_read(noun: Noun, one: Property, value: Any) -> None:
    """Whatever stands in a member of an object, it is read or refused as one of our errors, never otherwise."""
    try:
        seen = one.observed(value)
    except BadAnswer:
        return

    assert not one.many or isinstance(seen, list)
    assert one.same(seen, seen) or seen != seen  # noqa: PLR0124  # NaN
    assert noun.observed({one.wire.name: value})[one.name] == seen or seen != seen  # noqa: PLR0124  # NaN


@pytest.mark.parametrize("value", [7, -1.5, True, [7], ["a", False], {"a": "b"}], ids=repr)
def test_what_is_no_text(value: Any) -> None:
    """A number or a switch in the place of a text, or of one of a list, is no answer: a state would hand it on."""
    for name in ("comment", "smart_hosts"):
        with pytest.raises(BadAnswer, match="is not a text"):
            CONNECTOR.properties[name].observed(value)


@pytest.mark.parametrize("value", [None, "", [], [None], [""]], ids=repr)
def test_what_is_never_empty(value: Any) -> None:
    """A name and an address are always there; what may be unset may be shown so in any of these ways."""
    for name in ("name", "alias", "email_addresses"):
        with pytest.raises(BadAnswer, match=r"never empty|not a text"):
            DistributionGroupProvider.noun.properties[name].observed(value)
    assert CONNECTOR.properties["smart_hosts"].observed(value) in ([], [""])


@given(st.lists(st.sampled_from(["a.example", "A.example", "b.example", "192.0.2.1"]), max_size=6))
def test_sets_are_sets(hosts: list[str]) -> None:
    """Order, case and repetition mean nothing in a list that is a set; each value is sent once."""
    one = CONNECTOR.properties["smart_hosts"]

    assert one.same(hosts, [host.upper() for host in reversed(hosts)] * 2)
    sent = one.parameter(hosts, "New")
    assert len({host.casefold() for host in sent}) == len(sent)
    assert one.same(sent, hosts)
    assert set(sent) <= set(hosts)


@pytest.mark.parametrize(
    ("noun", "name", "one", "other"),
    [
        (CONNECTOR, "tls_settings", "", None),
        (CONNECTOR, "comment", "", None),
        (CONNECTOR, "smart_hosts", [], None),
        (CONFIG, "undeliverable_address", "<>", None),
        (CONFIG, "undeliverable_address", "", "<>"),
        (CONFIG, "undeliverable_address", "A@b.example", "a@B.EXAMPLE"),
        (CONFIG, "journal_message_expiration_days", 2, 2.0),
        (GROUP, "mail_tip", "Tip", "<html><body>Tip</body></html>"),
    ],
)
def test_same_meaning(noun: Noun, name: str, one: Any, other: Any) -> None:
    """These spellings are one state."""
    assert noun.properties[name].same(one, other)


@pytest.mark.parametrize(
    ("noun", "name", "one", "other"),
    [
        (CONNECTOR, "name", "a", "A"),
        (CONNECTOR, "enabled", False, None),
        (GROUP, "description", ["a", "b"], ["b", "a"]),
        (GROUP, "email_addresses", ["SMTP:a@b.example"], ["smtp:a@b.example"]),
        (CONFIG, "journal_message_expiration_days", 0, None),
    ],
)
def test_different_meaning(noun: Noun, name: str, one: Any, other: Any) -> None:
    """These are two."""
    assert not noun.properties[name].same(one, other)


WRONG = [
    (CONNECTOR, "enabled", "true", "true or false"),
    (CONNECTOR, "name", 7, "a text"),
    (CONNECTOR, "name", "", "must not be empty"),
    (CONNECTOR, "smart_hosts", "a.example", "a list"),
    (CONNECTOR, "smart_hosts", [7], "a text"),
    (CONNECTOR, "smart_hosts", [""], "must not be empty"),
    (CONNECTOR, "connector_type", "Friend", "Partner, OnPremises"),
    (CONNECTOR, "connector_type", "", "Partner, OnPremises"),
    (CONNECTOR, "name", "x" * 65, "at most 64"),
    (CONFIG, "journal_message_expiration_days", True, "a whole number"),
    (CONFIG, "journal_message_expiration_days", 1.5, "a whole number"),
    (CONFIG, "journal_message_expiration_days", float("nan"), "a whole number"),
    (CONFIG, "journal_message_expiration_days", float("inf"), "a whole number"),
    (CONFIG, "journal_message_expiration_days", 8, "0 to 7"),
    (GROUP, "email_addresses", [], "must not be empty"),
    (GROUP, "description", ["a", "a"], "twice"),
    (RULE, "journal_email_address", None, "is required"),
    (RULE, "colour", "red", "is no property of JournalRule"),
]


@pytest.mark.parametrize(("noun", "name", "value", "text"), WRONG, ids=[f"{w[1]}={str(w[2])[:20]}" for w in WRONG])
def test_what_is_wrong_is_named(noun: Noun, name: str, value: Any, text: str) -> None:
    """A value that Exchange cannot take is a problem of its property, with the reason."""
    found = [problem for place, problem in noun.problems({name: value}) if place == name]

    assert any(text in problem for problem in found), found


def test_a_long_value_is_cut_in_the_message() -> None:
    """A huge value does not fill the screen."""
    ((_, problem), *_) = CONNECTOR.problems({"enabled": ["x" * 5000]})

    assert len(problem) < 120


def test_unset_is_unmanaged() -> None:
    """None is left alone; empty values are managed; a state says by itself which of its properties are."""
    assert CONNECTOR.managed({"name": "c", "comment": None, "smart_hosts": [], "adopt": True}) == {
        "name": "c",
        "smart_hosts": [],
    }
    assert CONNECTOR.managed({"name": "c", "comment": "x", MANAGED: ["comment"]}) == {"comment": "x"}
    assert CONNECTOR.parameters({"name": "c", "comment": None, "adopt": True}, "New") == {"Name": "c"}


@pytest.mark.parametrize("nonsense", ["soon", float("inf"), float("nan")])
def test_a_number_that_is_none_differs_from_any(nonsense: Any) -> None:
    """What a server shows in place of a number is drift, and no crash."""
    days = TransportConfigProvider.noun.properties["journal_message_expiration_days"]

    assert not days.same(nonsense, 3)
    assert days.same("3", 3.0)


@pytest.mark.parametrize("value", [[], {}, [[1]], {"a": 1}])
def test_an_answer_that_is_no_single_value(value: Any) -> None:
    """A list or a table where a switch is comes into no state."""
    with pytest.raises(BadAnswer, match="Enabled that is not true or false"):
        OutboundConnectorProvider.noun.properties["enabled"].observed(value)
