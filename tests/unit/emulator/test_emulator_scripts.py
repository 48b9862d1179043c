"""Trouble as JSON: what a file may say, that a seed draws the same again, and that every problem is told at once."""

import json
from dataclasses import fields
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from area1_provider.emulator.faults import Match, Reset, Revoke, Rule, Status
from area1_provider.emulator.schedules import drawn
from area1_provider.emulator.scripts import Misread, read_file, read_script
from area1_provider.emulator.troubles import KINDS

HERE = "contoso.onmicrosoft.com"


def resolve(name: str) -> str:
    """Know one tenant."""
    if name.lower() != HERE:
        raise ValueError(f"is no tenant here; open are {HERE}")
    return HERE


def problems(document: Any) -> list[str]:
    """Give what is said of a script that is none."""
    with pytest.raises(Misread) as caught:
        read_script(document, resolve)
    return str(caught.value).splitlines()


def test_rules() -> None:
    """One rule or a list of them, in order, with every default."""
    one = {"action": {"kind": "reset"}}
    full = {
        "match": {"surface": "entra", "cmdlet": "New-*", "tenant": HERE.upper(), "nth": 2, "times": 0},
        "action": {"kind": "status", "status": 503, "retry_after": "7", "headers": {"X-A": "b"}, "carried_out": True},
    }

    assert read_script(one, resolve) == [Rule(Match(), Reset())]
    assert read_script([one, full], resolve) == [
        Rule(Match(), Reset()),
        Rule(Match("entra", "New-*", HERE, 2, 0), Status(503, "7", None, {"X-A": "b"}, carried_out=True)),
    ]
    assert read_script([], resolve) == []


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_every_kind_is_read_as_it_is_written(kind: str) -> None:
    """What a rule says of itself is a rule, whatever its kind."""
    needed = {"status": {"status": 503}, "slow": {"seconds": 1.5}, "skew": {"seconds": -60}}
    (rule,) = read_script({"action": {"kind": kind, **needed.get(kind, {})}}, resolve)

    assert rule.kind == kind
    assert read_script(rule.document(), resolve) == [rule]


def test_a_seed_draws_the_same_again() -> None:
    """A schedule is its seed's alone, for one tenant or for all, and is itself a script."""
    assert read_script({"seed": 7}, resolve) == drawn(7) == drawn(7)
    assert {rule.match.tenant for rule in read_script({"seed": 7, "tenant": HERE}, resolve)} <= {"", HERE}
    assert len({json.dumps([rule.document() for rule in drawn(seed)]) for seed in range(50)}) == 50
    for seed in range(50):
        assert read_script([rule.document() for rule in drawn(seed)], resolve) == drawn(seed)


def test_seeds_reach_every_kind() -> None:
    """No kind of trouble is one that no schedule has."""
    assert {rule.kind for seed in range(500) for rule in drawn(seed)} == set(KINDS)


def test_every_problem_is_told_at_once() -> None:
    """Each with its place, the value, and the way out."""
    said = problems(
        [
            {"action": {"kind": "plague"}},
            7,
            {"match": {"nth": 0.5, "who": 1, "surface": "moon"}, "action": {"kind": "status"}, "more": 1},
            {"action": {"kind": "slow", "seconds": "x"}, "match": {"tenant": "fabrikam.com"}},
            {"seed": "x", "tenant": 7},
            {"action": {"kind": "reset"}, "match": []},
            {"action": {"kind": "reset"}, "match": {"times": -1}},
        ]
    )

    assert [line.partition(": ")[0] for line in said] == [
        "rule 1, action.kind",
        "rule 2",
        "rule 3, more",
        "rule 3, match.who",
        "rule 3, match.surface",
        "rule 3, match.nth",
        "rule 3, action.status",
        "rule 4, match.tenant",
        "rule 4, action.seconds",
        "rule 5, tenant",
        "rule 5, seed",
        "rule 6, match",
        "rule 7, match",
    ]
    assert said[0].startswith('rule 1, action.kind: "plague" is no kind of trouble; known are status, ')
    assert said[4] == 'rule 3, match.surface: "moon" is not "exchange" or "entra"'
    assert said[6] == "rule 3, action.status: is missing; give a whole number"
    assert said[7] == f'rule 4, match.tenant: "fabrikam.com" is no tenant here; open are {HERE}'


@pytest.mark.parametrize(
    "action",
    [
        {"kind": "status", "status": 99},
        {"kind": "status", "status": True},
        {"kind": "status", "status": 503, "retry_after": "1\r\nX: y"},
        {"kind": "status", "status": 503, "headers": {"a b": "c"}},
        {"kind": "garbage", "content_type": "a\nb"},
        {"kind": "garbage", "repeat": 2**40},
        {"kind": "cut", "keep": -1},
        {"kind": "slow", "seconds": -1},
        {"kind": "slow", "seconds": 10**9},
        {"kind": "skew", "seconds": 10**12},
        {"kind": "revoke", "carried_out": True},
        {"kind": "skew", "seconds": 1, "carried_out": False},
        {"kind": "transient", "name": "NoSuchException"},
    ],
)
def test_what_the_emulator_could_not_do(action: dict[str, Any]) -> None:
    """What no HTTP can carry, what would never end, or would end the emulator, is refused at once."""
    assert len(problems({"action": action})) == 1


def test_so_many_problems() -> None:
    """A hundred are told; of the rest it is said how many."""
    said = problems([7] * 1000)
    assert len(said) == 101
    assert said[-1] == "and 900 problems more"


values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8) | st.sampled_from([*KINDS, HERE]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner, max_size=4),
    max_leaves=8,
)
members = sorted({one.name for kind in (Match, *KINDS.values()) for one in fields(kind)})  # type: ignore[arg-type]
tables = st.dictionaries(st.sampled_from(members) | st.text(max_size=6), values, max_size=4)
actions = st.builds(lambda kind, table: {**table, "kind": kind}, st.sampled_from(sorted(KINDS)) | values, tables)
entries = st.fixed_dictionaries({}, optional={"match": tables | values, "action": actions | values, "seed": values})


@given(document=st.lists(entries | values, max_size=4) | entries | values)
def test_any_script(document: Any) -> None:
    """Any JSON is rules that can be written and read again, or every problem is told in one printable line."""
    try:
        rules = read_script(document, resolve)
    except Misread as error:
        lines = str(error).splitlines()
        assert lines
        assert all(line.startswith("rule ") and line.isprintable() for line in lines)
    else:
        assert read_script([rule.document() for rule in rules], resolve) == rules


@given(body=st.binary(max_size=60) | values.map(lambda value: json.dumps(value).encode()[:40]))
def test_any_file(tmp_path_factory: pytest.TempPathFactory, body: bytes) -> None:
    """Any bytes are rules or a problem that names the file."""
    path = tmp_path_factory.getbasetemp() / "any.json"
    path.write_bytes(body)
    said: list[str] = []
    try:
        read_file(path, resolve)
    except Misread as error:
        said = str(error).splitlines()
    assert all(line.startswith(f"{path}: ") for line in said)


@pytest.mark.parametrize(
    "body", [b"", b"{", b"\xff\xfe[]", b"[NaN]", b"[" * 100_000, b"[" * 99 + b"]" * 99, b'{"seed": 1, "seed": 2}']
)
def test_files_that_hold_no_json(tmp_path: Path, body: bytes) -> None:
    """No JSON, nested without end, a name given twice: one line that names the file."""
    (tmp_path / "script.json").write_bytes(body)
    with pytest.raises(Misread, match=r"\A.*script\.json: .*it holds rules as JSON in UTF-8\Z"):
        read_file(tmp_path / "script.json", resolve)


def test_a_file_without_end() -> None:
    """Only so much of a file is read."""
    with pytest.raises(Misread, match="larger than 8388608 bytes"):
        read_file(Path("/dev/zero"), resolve)


def test_a_file_with_a_mark(tmp_path: Path) -> None:
    """The mark that Windows puts before a text is no part of it."""
    (tmp_path / "script.json").write_text('[{"action": {"kind": "revoke"}}]', encoding="utf-8-sig")
    assert read_file(tmp_path / "script.json", resolve) == [Rule(Match(), Revoke())]
