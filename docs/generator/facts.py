"""What the pages are made of: the args classes, their docstrings, docs/data, and the table of cmdlets.

Nothing here knows Markdown.
"""

from __future__ import annotations

import ast
import inspect
import json
import textwrap
import tomllib
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from area1_provider.provider import ExchangeProvider
from area1_provider.resource import ExchangeResource
from area1_provider.resources.distribution_group import DistributionGroup
from area1_provider.resources.journal_rule import JournalRule
from area1_provider.resources.outbound_connector import OutboundConnector
from area1_provider.resources.outbound_connector_validation import OutboundConnectorValidation
from area1_provider.resources.transport_config import TransportConfig

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
CMDLETS = ROOT / "tests/unit/emulator/data/cmdlets.json"


@dataclass(frozen=True)
class Subject:
    """One resource, and what docs/data says of it."""

    resource: type[ExchangeResource]

    @property
    def name(self) -> str:
        """Give the class's name, which is also the page's."""
        return self.resource.__name__

    @cached_property
    def provider(self) -> ExchangeProvider:
        """Give a provider, which holds no state."""
        return self.resource.provider_class()

    @cached_property
    def data(self) -> dict[str, Any]:
        """Give what a person wrote: docs/data/<name>.toml."""
        return tomllib.loads((DOCS / "data" / f"{self.name}.toml").read_text(encoding="utf-8"))

    @cached_property
    def meanings(self) -> dict[str, str]:
        """Give each field's docstring; fields that are numbered may share one from docs/data."""
        written = field_docs(self.provider.noun.args)
        numbered = self.data.get("meanings", {})
        return {name: text or numbered.get(name.rstrip("0123456789"), "") for name, text in written.items()}

    @property
    def example(self) -> str:
        """Give the example program's text."""
        return (DOCS / "examples" / f"{snake(self.name)}.py").read_text(encoding="utf-8")


SUBJECTS = tuple(
    Subject(one)
    for one in (OutboundConnector, OutboundConnectorValidation, TransportConfig, JournalRule, DistributionGroup)
)


def snake(name: str) -> str:
    """Give a class's name as its module is called."""
    return "".join(f"_{letter.lower()}" if letter.isupper() else letter for letter in name).lstrip("_")


def field_docs(args: type[Any]) -> dict[str, str]:
    """Give the text below each field of a dataclass on one line, empty where there is none."""
    body = ast.parse(textwrap.dedent(inspect.getsource(args))).body[0]
    assert isinstance(body, ast.ClassDef)  # noqa: S101  # a dataclass is a class
    found = {}
    for line, below in zip(body.body, [*body.body[1:], None], strict=True):
        if isinstance(line, ast.AnnAssign) and isinstance(line.target, ast.Name):
            found[line.target.id] = " ".join(_text(below).split())
    return found


def _text(statement: ast.stmt | None) -> str:
    if isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant):
        return str(statement.value.value)
    return ""


def cmdlets() -> dict[str, dict[str, Any]]:
    """Give parameters and source of each cmdlet as Exchange's documentation lists them."""
    loaded: dict[str, dict[str, Any]] = json.loads(CMDLETS.read_text(encoding="utf-8"))
    return loaded
