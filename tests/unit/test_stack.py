"""Stack config to args: what is right comes typed, what is wrong is named with its place, all of it at once."""

import json
from typing import Any

import pulumi
import pytest
from hypothesis import given
from hypothesis import strategies as st

from area1_provider.stack import journaling_args

ADDRESS = {"area1:journal_address": "contoso@journaling.mxrecord.io"}


def refused(config: dict[str, str]) -> list[str]:
    """Give the lines of the refusal, its heading left out."""
    with pytest.raises(pulumi.RunError) as caught:
        journaling_args({**ADDRESS, **config})
    return str(caught.value).splitlines()[1:]


def test_what_is_right() -> None:
    """Texts, booleans, lists and tables come in their types; other namespaces and settings are not looked at."""
    args = journaling_args(
        {
            **ADDRESS,
            "aws:region": "eu-west-1",
            "area1:tenant": "contoso.com",
            "area1:client_secret": "x",
            "area1:region": "eu",
            "area1:connector": "true",
            "area1:validation_recipients": '["a@journaling.mxrecord.io"]',
            "area1:group": '{"name":"Journaled","members":["a@contoso.com"],"member_mode":"at_least"}',
            "area1:connector_args": '{"smart_hosts":["a.example"],"test_mode":false}',
            "area1:scope": "Global",
        }
    )

    assert args.region == "eu"
    assert args.connector is True
    assert args.validation_recipients == ["a@journaling.mxrecord.io"]
    assert args.group is not None
    assert args.group.members == ["a@contoso.com"]
    assert args.connector_args is not None
    assert args.connector_args.test_mode is False


def test_texts_stay_texts() -> None:
    """A text that looks like a number or like true is a text where one is wanted."""
    assert journaling_args({**ADDRESS, "area1:rule_name": "7"}).rule_name == "7"
    assert journaling_args({**ADDRESS, "area1:rule_name": "true"}).rule_name == "true"


WRONG = [
    ({"area1:regoin": "eu"}, "area1:regoin", "did you mean area1:region?"),
    ({"area1:xyzzy": "1"}, "area1:xyzzy", "known are"),
    ({"area1:connector": "maybe"}, "area1:connector", "must be true or false"),
    ({"area1:connector": "1"}, "area1:connector", "must be true or false"),
    ({"area1:scope": "Outside"}, "area1:scope", "Global, Internal, External"),
    ({"area1:region": "mars"}, "area1:region", "us-current"),
    ({"area1:group": '{"nmae":"x"}'}, "area1:group.nmae", "did you mean area1:group.name?"),
    ({"area1:group": '{"members":"a@b.example"}'}, "area1:group.members", "must be a list"),
    ({"area1:group": '{"members":["a@b.example",7]}'}, "area1:group.members[1]", "must be a text"),
    ({"area1:group": '{"type":"Room"}'}, "area1:group.type", "Distribution, Security"),
    ({"area1:group": "[]"}, "area1:group", "table of keys and values"),
    ({"area1:connector_args": '{"smart_host":["a.example"]}'}, "area1:connector_args.smart_host", "smart_hosts?"),
    ({"area1:connector_args": '{"enabled":"yes"}'}, "area1:connector_args.enabled", "true or false"),
    ({"area1:connector_args": "{"}, "area1:connector_args", "table of keys and values"),
    ({"area1:validation_recipients": "a@b.example"}, "area1:validation_recipients", "must be a list"),
    ({"area1:journal_address": "nobody"}, "area1:journal_address", "no SMTP address"),
    ({"area1:group": "{}", "area1:recipient": "a@b.example"}, "area1:recipient", "together with group"),
]


@pytest.mark.parametrize(("config", "place", "hint"), WRONG, ids=[case[1] + " " + case[2][:12] for case in WRONG])
def test_what_is_wrong(config: dict[str, str], place: str, hint: str) -> None:
    """Each mistake is said with its place and the way out."""
    lines = refused(config)

    assert lines[0].startswith(place)
    assert hint in "\n".join(lines)


def test_several_at_once() -> None:
    """Every problem is named, and how many there are."""
    config = {"area1:regoin": "eu", "area1:connector": "maybe", "area1:group": '{"nmae":"x","members":7}'}
    with pytest.raises(pulumi.RunError) as caught:
        journaling_args(config)

    text = str(caught.value)
    assert text.startswith("Stack config: 5 problems")
    for place in (
        "area1:regoin",
        "area1:connector:",
        "area1:group.nmae",
        "area1:group.members",
        "area1:journal_address",
    ):
        assert place in text


def test_the_required_key() -> None:
    """A missing journal address is said with the command that sets it."""
    with pytest.raises(pulumi.RunError, match="pulumi config set area1:journal_address"):
        journaling_args({})


@given(
    st.dictionaries(
        st.sampled_from(["region", "connector", "group", "connector_args", "scope", "recipient", "rule_name", "what"]),
        st.text(max_size=20)
        | st.recursive(
            st.none() | st.booleans() | st.integers() | st.text(max_size=5),
            lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
            max_leaves=5,
        ).map(json.dumps),
        max_size=4,
    )
)
def test_any_config(config: dict[str, Any]) -> None:
    """Whatever stands in the config: args, or one refusal with at least one problem."""
    try:
        args = journaling_args({**ADDRESS, **{f"area1:{name}": value for name, value in config.items()}})
    except pulumi.RunError as error:
        assert len(str(error).splitlines()) > 1  # noqa: PT017  # either outcome is right
    else:
        assert args.journal_address == ADDRESS["area1:journal_address"]
