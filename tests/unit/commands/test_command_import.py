"""The pure part of an import: logical names, the file's entry, the program that is printed."""

import ast
from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from area1_provider.commands import import_object
from area1_provider.commands.import_object import (
    RESOURCES,
    check_named,
    entry,
    literal,
    program,
    resource_of,
    safe_name,
    token_of,
)
from area1_provider.errors import Refused
from area1_provider.resources.journal_rule import JournalRule


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Journal Messages to Area 1", "journal-messages-to-area-1"),
        ('Müller\'s "rule" / one', "muller-s-rule-one"),
        ("a::b", "a-b"),
        ("日本語", ""),
        ("  -- ", ""),
    ],
)
def test_a_logical_name_is_made_of_plain_letters(text: str, name: str) -> None:
    """Accents fall off, all else becomes one dash, and what leaves nothing is empty."""
    assert safe_name(text) == name


@settings(deadline=None)  # a busy machine is no failure
@given(st.text())
def test_a_logical_name_never_holds_what_a_urn_cannot(text: str) -> None:
    """Whatever an object is called."""
    assert not set(safe_name(text)) - set("abcdefghijklmnopqrstuvwxyz0123456789._-")


@settings(deadline=None)  # a busy machine is no failure
@given(
    st.dictionaries(
        st.sampled_from(["name", "scope", "recipient"]),
        st.one_of(st.text(), st.booleans(), st.integers(), st.lists(st.text(max_size=40), max_size=5)),
    )
)
def test_the_printed_program_is_python_with_exactly_those_values(inputs: Mapping[str, Any]) -> None:
    """Quotes, line breaks and other scripts in values stay what they are."""
    call = ast.parse(program(JournalRule, "a 'name'", inputs)).body[1]

    assert isinstance(call, ast.Expr)
    assert isinstance(call.value, ast.Call)
    name, args = call.value.args
    assert ast.literal_eval(name) == "a 'name'"
    assert isinstance(args, ast.Call)
    assert {one.arg: ast.literal_eval(one.value) for one in args.keywords} == inputs


def test_a_long_list_is_put_one_item_a_line() -> None:
    """A program is read by people."""
    hosts = [f"host{number}.example.com" for number in range(9)]

    assert literal(hosts[:1], 20) == "['host0.example.com']"
    assert len(literal(hosts, 20).splitlines()) == len(hosts) + 2


def test_the_entry_carries_the_provider_in_plain_text() -> None:
    """The engine takes a dynamic resource into its state with inputs, outputs and its pickled provider."""
    made = entry(JournalRule, "rule", "id", {"name": "r"}, {"name": "r", "managed": ["name"]})

    assert made["type"] == "pulumi-python:dynamic/area1:JournalRule"
    assert made["inputs"]["__provider"] == made["outputs"]["__provider"]
    assert isinstance(made["inputs"]["__provider"], str)


@pytest.mark.parametrize("noun", RESOURCES)
def test_nouns_are_known_whatever_their_case(noun: str) -> None:
    """PowerShell's users do not mind the case."""
    assert token_of(resource_of(noun.upper())) == f"pulumi-python:dynamic/area1:{noun}"


def test_an_unknown_noun_is_refused_with_those_that_are_known() -> None:
    """A misspelt noun names the way out."""
    with pytest.raises(Refused, match="JournalRule, DistributionGroup"):
        resource_of("JournalRules")


@pytest.mark.parametrize("noun", sorted(RESOURCES.keys() - {"TransportConfig"}))
@pytest.mark.parametrize("identity", ["", " "])
def test_where_no_object_is_named_the_message_shows_how(noun: str, identity: str) -> None:
    """Exchange is not asked for nothing: its answer speaks of parameter types. A tenant has one TransportConfig."""
    with pytest.raises(Refused, match=f"^Which {noun}[?] Give its name or GUID: area1 import {noun} NAME$"):
        check_named(RESOURCES[noun], identity)

    check_named(RESOURCES["TransportConfig"], identity)


def test_a_resource_is_found_by_its_type_below_any_parent() -> None:
    """A component's children count as being in the stack."""
    listed = [{"type": "pulumi-python:dynamic/area1:JournalRule"}, {"type": "pulumi:pulumi:Stack"}]

    assert import_object.of_type(listed, token_of(JournalRule)) == listed[:1]
