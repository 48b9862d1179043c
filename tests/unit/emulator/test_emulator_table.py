"""The emulator's tables against the data gathered from the documentation: nothing left out, nothing added."""

import json
import re
from pathlib import Path
from typing import Any

import pytest

from area1_provider.emulator.cmdlets.call import CMDLETS
from area1_provider.emulator.cmdlets.values import TYPES
from area1_provider.emulator.tables.rows import Parameter, cmdlets, nouns

DOCUMENTED: dict[str, Any] = json.loads((Path(__file__).parent / "data" / "cmdlets.json").read_text(encoding="utf-8"))
PARAMETERS = [(cmdlet, name) for cmdlet, row in DOCUMENTED.items() for name in row["parameters"]]
BEYOND = {"Remove-MailContact"}
"""Cmdlets here that the data does not hold; their pages were read by hand."""


def row_of(cmdlet: str, name: str) -> Parameter:
    """The emulator's row for a parameter."""
    return cmdlets()[cmdlet.casefold()].parameters[name.casefold()]


def noted(pattern: str, notes: str) -> int | None:
    """A number that the data's notes mention."""
    match = re.search(pattern, notes)
    return int(match.group(1)) if match else None


def test_every_documented_cmdlet_is_there_and_no_other() -> None:
    """The tables hold the cmdlets of the data, and Remove-MailContact."""
    assert {row.name for row in cmdlets().values()} == set(DOCUMENTED) | BEYOND


@pytest.mark.parametrize("cmdlet", DOCUMENTED)
def test_no_parameter_is_left_out_or_added(cmdlet: str) -> None:
    """A cmdlet's table holds exactly the documented parameters, in their spelling."""
    names = {row.name for row in cmdlets()[cmdlet.casefold()].parameters.values()}
    assert names == set(DOCUMENTED[cmdlet]["parameters"])


@pytest.mark.parametrize(("cmdlet", "name"), PARAMETERS)
def test_a_parameter_is_as_documented(cmdlet: str, name: str) -> None:
    """Type, mandatory, enumerators, on-premises only, switch, reserved, lengths: as in the data."""
    row, documented = row_of(cmdlet, name), DOCUMENTED[cmdlet]["parameters"][name]
    online = documented["cloud"] != "onprem"
    assert row.type == documented["type"]
    assert row.required == bool(documented["required_sets"])
    assert list(row.values) == (documented["enum"] or [])
    assert row.onprem is not online
    assert (row.type == "SwitchParameter") == documented["switch"]
    assert row.length == noted(r"max length (\d+)", documented["notes"])
    if (entries := noted(r"max (\d+) entries", documented["notes"])) is not None:
        assert row.entries == entries
    assert row.reserved == (online and "reserved for internal Microsoft use" in documented["notes"])


@pytest.mark.parametrize(("cmdlet", "name"), PARAMETERS)
def test_a_parameter_belongs_to_its_documented_sets(cmdlet: str, name: str) -> None:
    """A parameter that the data puts into some sets only is in just those."""
    notes = DOCUMENTED[cmdlet]["parameters"][name]["notes"]
    match = re.search(r"only in sets: ([^;]+)", notes)
    row = row_of(cmdlet, name)
    assert row.onprem or row.sets == (set(match.group(1).split(", ")) if match else set())


@pytest.mark.parametrize("cmdlet", DOCUMENTED)
def test_a_cmdlet_has_its_documented_sets(cmdlet: str) -> None:
    """The parameter sets of a cmdlet are those of the data."""
    assert cmdlets()[cmdlet.casefold()].sets == set(DOCUMENTED[cmdlet]["sets"])


def test_every_parameter_can_be_converted() -> None:
    """Each online parameter has enumerators, names an object, or has a conversion."""
    for cmdlet in cmdlets().values():
        for row in cmdlet.parameters.values():
            name = row.converts or row.items or row.type
            identity = name.endswith("IdParameter") or name == "RecipientId"
            assert row.onprem or row.reserved or row.values or identity or name in TYPES, (cmdlet.name, row.name)


COMMANDS = {"Identity", "Confirm", "WhatIf", "Force", "LinkForModifiedConnector", "BypassSecurityGroupManagerCheck"}
COMMANDS |= {"CopyOwnerToMember", "IgnoreNamingPolicy", "Members", "Type", "RoomList", "ForceUpgrade"}
COMMANDS |= {"ResetMigrationToUnifiedGroup", "UpdateMemberCount"}
"""Parameters of New- and Set- that tell the cmdlet what to do and are no property."""


@pytest.mark.parametrize("cmdlet", [name for name in DOCUMENTED if name.startswith(("New-", "Set-"))])
def test_what_can_be_set_can_be_read(cmdlet: str) -> None:
    """Every parameter of New- and Set- is a property of the noun, or one of a few commands."""
    row = cmdlets()[cmdlet.casefold()]
    names = {parameter.name for parameter in row.parameters.values() if not parameter.onprem}
    assert names - COMMANDS <= set(nouns()[row.noun].properties)


def test_every_cmdlet_of_the_tables_has_its_function_and_roles() -> None:
    """What the tables offer can be run, and somebody may run it."""
    assert set(CMDLETS) == {row.name for row in cmdlets().values()}
    assert all(row.roles for row in cmdlets().values())


def test_defaults_are_fresh_each_time() -> None:
    """The lists in one object's defaults are not those of another."""
    first, second = nouns()["OutboundConnector"].defaults(), nouns()["OutboundConnector"].defaults()
    first["SmartHosts"].append("a.example")
    assert second["SmartHosts"] == []
