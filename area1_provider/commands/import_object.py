"""`area1 import`: an object of the tenant into a stack's state, and the lines of program that describe it.

Nothing is changed in the tenant. What an object's inputs and outputs are is the provider's to say; how the import file
must look was measured with the CLI 3.259.
"""

from __future__ import annotations

import json
import re
import tempfile
import unicodedata
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pulumi.dynamic.dynamic import PROVIDER_KEY, serialize_provider

from area1_provider.commands.target import of_stack
from area1_provider.errors import Refused
from area1_provider.project import Project
from area1_provider.resource import ExchangeResource
from area1_provider.resources.distribution_group import DistributionGroup
from area1_provider.resources.journal_rule import JournalRule
from area1_provider.resources.outbound_connector import OutboundConnector
from area1_provider.resources.outbound_connector_validation import OutboundConnectorValidation
from area1_provider.resources.transport_config import TransportConfig

RESOURCES: Mapping[str, type[ExchangeResource]] = {
    one.__name__: one
    for one in (OutboundConnector, OutboundConnectorValidation, TransportConfig, JournalRule, DistributionGroup)
}
"""What can be imported, by noun."""

LINE = 100
"""Columns of the program that is printed."""


@dataclass(frozen=True)
class Imported:
    """What was imported: the stack, its logical name in it, its GUID, and the program that goes with it."""

    stack: str
    name: str
    id: str
    program: str


def bring_in(
    project: Project, stack: str | None, noun: str, identity: str, name: str | None = None, parent: str | None = None
) -> Imported:
    """Import one object into a stack, the selected one by default; `parent` is the logical name of its component.

    Raises `Refused` for an unknown noun, no identity, an object or name that is in the stack already, `errors.NotFound`
    if the tenant has no such object, `PulumiFailed` if the engine refuses.
    """
    resource = resource_of(noun)
    check_named(resource, identity)
    chosen_stack = project.chosen_stack(stack)
    exchange = of_stack(project, chosen_stack).exchange()
    id_, inputs, outputs = resource.provider_class().described(exchange, identity)
    resources = project.resources(chosen_stack)
    there = of_type(resources, token_of(resource))
    _check_absent(chosen_stack, resource.__name__, id_, there)
    chosen = _chosen(name, chosen_stack, there, safe_name(outputs.get("name") or "") or resource.__name__.lower(), id_)
    file: Mapping[str, Any] = {"resources": [entry(resource, chosen, id_, inputs, outputs)]}
    if parent is not None:
        file = below(file, parent, parent_urn(chosen_stack, parent, resources))
    _run(project, chosen_stack, file)
    return Imported(chosen_stack, chosen, id_, program(resource, chosen, inputs))


def resource_of(noun: str) -> type[ExchangeResource]:
    """Give the resource class of a noun, case ignored. Raises `Refused`."""
    found = next((one for known, one in RESOURCES.items() if known.casefold() == noun.casefold()), None)
    if found is None:
        raise Refused(f"{noun!r} cannot be imported; known are {', '.join(RESOURCES)}")
    return found


def check_named(resource: type[ExchangeResource], identity: str) -> None:
    """Raise `Refused` where no object is named, but for the one that a tenant has one of."""
    if not identity.strip() and resource is not TransportConfig:
        noun = resource.__name__
        raise Refused(f"Which {noun}? Give its name or GUID: area1 import {noun} NAME")


def token_of(resource: type[ExchangeResource]) -> str:
    """Give the type token, a stored format."""
    return resource.provider_class.noun.type_token


def of_type(resources: Collection[Mapping[str, Any]], token: str) -> list[Mapping[str, Any]]:
    """Give the resources of one type."""
    return [one for one in resources if one.get("type", "").rpartition("$")[2] == token]


def _check_absent(stack: str, noun: str, id_: str, there: Collection[Mapping[str, Any]]) -> None:
    for one in there:
        if str(one.get("id", "")).casefold() == id_.casefold():
            if one.get("delete"):
                raise Refused(
                    f"{noun} {id_} is the old half of a replacement of {logical_name(one)!r} in stack {stack}, which the "
                    f"next run deletes. Nothing was changed.\nTo be rid of it now: area1 repair --stack {stack}"
                )
            raise Refused(
                f"{noun} {id_} is in stack {stack} already, as {logical_name(one)!r}. Nothing was changed.\n"
                f"To drop that entry without touching the tenant: pulumi state delete '{one['urn']}' --stack {stack}"
            )


def parent_urn(stack: str, parent: str, resources: Collection[Mapping[str, Any]]) -> str:
    """Give the URN of the component of that logical name. Raises `Refused`."""
    urns = [str(one["urn"]) for one in resources if logical_name(one) == parent and not one.get("custom")]
    if len(urns) != 1:
        raise Refused(
            f"Stack {stack} has {len(urns)} components called {parent!r}; --parent needs one, made by a `pulumi up`."
        )
    return urns[0]


def _chosen(name: str | None, stack: str, there: Collection[Mapping[str, Any]], made: str, id_: str) -> str:
    """Give the logical name: the one that was asked for, else the one made of the object's own, told apart if taken."""
    taken = {logical_name(one) for one in there}
    if name is None:
        return f"{made}-{id_[:8]}" if made in taken else made
    if name in taken:
        raise Refused(f"Stack {stack} has a resource of this type called {name!r} already; choose another --name.")
    if not name.strip() or "::" in name:
        raise Refused(f"{name!r} cannot be a logical name: it must not be empty, and not hold '::'.")
    return name


def logical_name(resource: Mapping[str, Any]) -> str:
    """Give the name that the program calls a resource of the state."""
    return str(resource.get("urn", "")).split("::", 3)[-1]


def safe_name(text: str) -> str:
    """Give a logical name of plain letters, digits, `.`, `_` and `-` for any text; empty if nothing remains."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    return re.sub(r"[^A-Za-z0-9._]+", "-", plain).strip("-._").lower()


def entry(
    resource: type[ExchangeResource], name: str, id_: str, inputs: Mapping[str, Any], outputs: Mapping[str, Any]
) -> dict[str, Any]:
    """Give the import file's entry for a dynamic resource: state as a create would have left it."""
    provider = {PROVIDER_KEY: serialize_provider(resource.provider_class())}
    return {
        "type": token_of(resource),
        "name": name,
        "id": id_,
        "inputs": {**inputs, **provider},
        "outputs": {**outputs, **provider},
    }


def below(file: Mapping[str, Any], parent: str, urn: str) -> dict[str, Any]:
    """Give the import file with its resources under a component."""
    return {"nameTable": {parent: urn}, "resources": [{**one, "parent": parent} for one in file["resources"]]}


def _run(project: Project, stack: str, content: Mapping[str, Any]) -> None:
    with tempfile.TemporaryDirectory(prefix="area1-import-") as folder:
        file = Path(folder) / "import.json"
        file.write_text(json.dumps(content), encoding="utf-8")
        chosen = ("--generate-code=false", "--protect=false", "--yes", "--skip-preview", "--stack", stack)
        project.ask("import", "--file", str(file), *chosen)


def program(resource: type[ExchangeResource], name: str, inputs: Mapping[str, Any]) -> str:
    """Give the lines of Python that describe the object: with them the next preview is silent."""
    kind = resource.__name__
    values = [f"        {key}={literal(value, 8 + len(key) + 2)}," for key, value in inputs.items()]
    head = [f"import area1_provider as area1\n\narea1.{kind}(", f"    {name!r},", f"    area1.{kind}Args("]
    return "\n".join([*head, *values, "    ),", ")"]) + "\n"


def literal(value: Any, used: int) -> str:
    """Give a Python literal; a list that does not fit its line is put one item a line."""
    if not isinstance(value, list) or used + len(repr(value)) <= LINE:
        return repr(value)
    return "\n".join(["[", *(f"            {item!r}," for item in value), "        ]"])
