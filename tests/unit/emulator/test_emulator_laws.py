"""Laws: whatever is sent, a cmdlet answers with objects or with a documented error, and leaves the tenant whole."""

import json
from typing import Any

import pytest
from cmdlet_shell import Shell
from hypothesis import given, settings
from hypothesis import strategies as st

from area1_provider.emulator.cmdlets.errors import CmdletError
from area1_provider.emulator.tables.rows import Cmdlet, cmdlets
from area1_provider.emulator.tenant import Tenant
from area1_provider.emulator.tenant.store import Store

WORDS = ("Area 1", "Finance", "Journal", "adelev", "in@archive.example", "a@contoso.com", "*", "archive.example")
SCALARS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(allow_nan=False),
    st.text(max_size=8),
    st.sampled_from((*WORDS, "Partner", "Global", "1.00:00:00", "2026-07-24T18:59:12Z", "Unlimited", "<>")),
)
LISTS = st.lists(SCALARS, max_size=3)
TABLES = st.fixed_dictionaries(
    {}, optional={"@odata.type": st.just("#Exchange.GenericHashTable"), "Add": SCALARS | LISTS, "remove": LISTS}
)
VALUES = SCALARS | LISTS | TABLES


@st.composite
def calls(draw: st.DrawFn) -> tuple[Cmdlet, dict[str, Any]]:
    """A cmdlet with its mandatory parameters and some others, and values of every kind."""
    cmdlet = draw(st.sampled_from(list(cmdlets().values())))
    online = [row.name for row in cmdlet.parameters.values() if not row.onprem]
    chosen = draw(st.lists(st.sampled_from(online), max_size=4)) if online else []
    required = [row.name for row in cmdlet.parameters.values() if row.required]
    return cmdlet, {name: draw(VALUES) for name in dict.fromkeys([*required, *chosen])}


@settings(max_examples=300, deadline=None)
@given(calls())
def test_a_cmdlet_answers_with_objects_or_a_documented_error(call: tuple[Cmdlet, dict[str, Any]]) -> None:
    """Nothing else ever escapes; a refusal changes nothing; everything stored is JSON and can be read again."""
    cmdlet, parameters = call
    shell = Shell(Tenant(Store(None), "contoso.onmicrosoft.com", seed=1), "Organization Management")
    shell.connector()
    shell.rule()
    shell.group(Members=["adelev"])
    before = state(shell)
    refused = False
    answer: Any = None
    try:
        answer = [dict(row) for row in shell.outcome(cmdlet.name, **parameters).objects]
    except CmdletError as error:
        refused, answer = True, error.body()
    assert json.loads(json.dumps(answer)) == answer
    after = state(shell)
    reads = refused or cmdlet.name.partition("-")[0] in {"Get", "Validate"}
    assert after == before or not reads


KINDS: tuple[Any, ...] = (
    None,
    True,
    0,
    -1,
    1.5,
    10**30,
    "",
    " ",
    "x",
    "9" * 5000,
    "\ud800",
    [],
    [None],
    [[]],
    {},
    {"Add": []},
)
TAGGED = {"@odata.type": "#Exchange.GenericHashTable"}
ONLINE = [(row, it.name) for row in cmdlets().values() for it in row.parameters.values() if not it.onprem]


@pytest.mark.parametrize(("cmdlet", "name"), [pytest.param(row, name, id=f"{row.name}-{name}") for row, name in ONLINE])
def test_every_parameter_stands_every_kind_of_json(shell: Shell, cmdlet: Cmdlet, name: str) -> None:
    """One by one: a documented error or an answer, whatever stands there."""
    shell.connector("x")
    shell.rule("x")
    shell.group("x")
    required = {row.name: "x" for row in cmdlet.parameters.values() if row.required}
    for value in (*KINDS, TAGGED, TAGGED | {"Add": ["x"]}, TAGGED | {"Remove": None}):
        try:
            answer: Any = list(shell.outcome(cmdlet.name, **(required | {name: value})).objects)
        except CmdletError as error:
            answer = error.body()
        assert json.dumps(answer)


def state(shell: Shell) -> list[list[dict[str, Any]]]:
    """Everything that Get- cmdlets tell."""
    everything = ("OutboundConnector", "JournalRule", "TransportConfig", "DistributionGroup", "Recipient")
    return [shell(f"Get-{noun}") for noun in everything]


DOMAINS = st.from_regex(r"[a-z]{1,8}\.example", fullmatch=True)


@settings(max_examples=100, deadline=None)
@given(st.lists(DOMAINS, unique=True), st.lists(DOMAINS, unique=True), st.lists(DOMAINS, unique=True))
def test_tables_of_changes_are_set_arithmetic(present: list[str], add: list[str], remove: list[str]) -> None:
    """What was there, without what is removed, with what is added."""
    shell = Shell(Tenant(Store(None), "contoso.onmicrosoft.com"), "Organization Management")
    shell.connector(RecipientDomains=present)
    new = [one for one in add if one not in present]
    table = {"@odata.type": "#Exchange.GenericHashTable", "Add": new, "Remove": remove}
    shell("Set-OutboundConnector", Identity="Area 1", RecipientDomains=table)
    row = shell.one("Get-OutboundConnector")
    assert set(row["RecipientDomains"]) == (set(present) - set(remove)) | set(new)
