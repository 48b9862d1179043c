"""Import files: whatever `area1 import` is asked for and finds, and whatever a file has put into a state.

`pulumi import` takes `inputs` and `outputs` of a file as they stand: from then on they are the old side of everything.
"""

import ast
import json
from typing import Any

import hostile
import pytest
from fuzzing import GUID, LIVES, times, works_or_ours
from hypothesis import given
from hypothesis import strategies as st
from lifecycle import Telling, config_of, provider_over, travelled
from small_exchange import Reply, SmallExchange, page

from area1_provider import connection
from area1_provider.commands.import_object import RESOURCES, bring_in, token_of
from area1_provider.project import Project

plain = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**53), 2**53)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=12),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=6), inner, max_size=4),
    max_leaves=10,
)
"""What JSON can say and the engine passes on: no half characters, no numbers beyond a double's."""


def sound(kind: Any) -> dict[str, Any]:
    """Give an object as Exchange would show one, by wire names."""
    noun, args = kind.noun, LIVES[kind]
    shown = {one.wire.name: args[one.name] for one in noun.properties.values() if one.name in args}
    return {"Guid": GUID, "Identity": "x", "Name": "x", "IsValidated": True, **shown}


@st.composite
def odd_objects(draw: st.DrawFn, kind: Any) -> dict[str, Any]:
    """Give a sound object some of whose members are of any type, or are not there."""
    names = [one.wire.name for one in kind.noun.properties.values()]
    there = {**sound(kind), **draw(st.dictionaries(st.sampled_from(names), hostile.values, max_size=3))}
    gone = draw(st.sets(st.sampled_from(sorted(there)), max_size=2))
    return {name: value for name, value in there.items() if name not in gone}


@st.composite
def odd_states(draw: st.DrawFn, kind: Any) -> dict[str, Any]:
    """Give a sound state some of whose members are anything, or are not there."""
    own = ["managed", "resolved", "tenant_id", "tenant", "adopt", "tasks", "is_validated", "routing", "member_mode"]
    names = st.sampled_from([*kind.noun.properties, *own]) | st.text(max_size=8)
    state = {**LIVES[kind], "managed": sorted(LIVES[kind]), "resolved": {}}
    state |= draw(st.dictionaries(names, plain, max_size=4))
    gone = draw(st.sets(st.sampled_from(sorted(state)), max_size=2))
    return {name: value for name, value in state.items() if name not in gone}


resources_of_a_state = st.lists(
    st.fixed_dictionaries(
        {},
        optional={
            "urn": st.sampled_from(["urn:pulumi:t::p::a::b", "urn:pulumi:t::p::a::x"]) | hostile.scalars,
            "type": st.sampled_from([token_of(one) for one in RESOURCES.values()]) | hostile.scalars,
            "id": st.just(GUID) | hostile.scalars,
            "custom": hostile.scalars,
        },
    )
    | hostile.values,
    max_size=3,
)
states = st.fixed_dictionaries(
    {"deployment": st.fixed_dictionaries({}, optional={"resources": resources_of_a_state | hostile.values})}
)


@times(0.04)
@given(
    noun=st.sampled_from(sorted(RESOURCES)),
    identity=st.just("x") | st.text(max_size=6),
    name=st.none() | st.text(max_size=6),
    parent=st.none() | st.just("x") | st.text(max_size=6),
    state=st.just({"deployment": None}) | states | hostile.values,
    data=st.data(),
)
def test_any_import(
    project: Project,
    client: Telling,
    small: tuple[SmallExchange, str],
    monkeypatch: pytest.MonkeyPatch,
    noun: str,
    identity: str,
    name: str | None,
    parent: str | None,
    state: Any,
    data: Any,
) -> None:
    """`area1 import` writes a whole file and a program that can be read, or says what is wrong."""
    monkeypatch.setitem(connection._exchanges, connection.Config(), client)  # noqa: SLF001  # one whose sleep is no waiting
    kind = next(one for one in LIVES if one.__name__ == f"{noun}Provider")
    small[0].answers = [page(data.draw(odd_objects(kind)))]
    (project.folder / "state.json").write_bytes(hostile.encoded(state))
    (project.folder / "imported.json").unlink(missing_ok=True)

    def bring() -> None:
        imported = bring_in(project, "test", noun, identity, name, parent)
        ast.parse(imported.program)
        (one,) = json.loads((project.folder / "imported.json").read_bytes())["resources"]
        assert (one["name"], one["id"]) == (imported.name, imported.id)
        assert all(isinstance(one[part], dict) for part in ("inputs", "outputs"))

    works_or_ours("imports", bring)


@times(0.1)
@given(
    kind=st.sampled_from(list(LIVES)),
    verb=st.sampled_from(["check", "diff", "read", "update", "delete"]),
    id_=st.just(GUID) | st.text(max_size=6),
    data=st.data(),
)
def test_any_imported_state(
    client: Telling, small: tuple[SmallExchange, str], environment: Any, kind: Any, verb: str, id_: str, data: Any
) -> None:
    """Whatever a file has put into the state, each operation goes on from there or says that it cannot."""
    held, args = travelled(data.draw(odd_states(kind))), travelled(LIVES[kind])
    small[0].answers = [page(sound(kind)), Reply()] if data.draw(st.booleans()) else [page(sound(kind))]
    provider = provider_over(kind, client, config_of(environment))
    operations = {
        "check": lambda: provider.check(held, args),
        "diff": lambda: provider.diff(id_, held, args),
        "read": lambda: provider.read(id_, held),
        "update": lambda: provider.update(id_, held, args),
        "delete": lambda: provider.delete(id_, held),
    }
    works_or_ours("imported states", operations[verb])
