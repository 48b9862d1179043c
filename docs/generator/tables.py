"""Tables in hand-written pages: stack config keys, settings, regions. Filled into blocks that are marked there."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import MISSING, Field, fields, is_dataclass
from typing import Any

from area1_provider import schema
from area1_provider.journaling import JournalingArgs
from area1_provider.regions import REGIONS
from area1_provider.settings.clouds import CLOUDS
from area1_provider.settings.keys import KEYS
from generator import wording
from generator.facts import field_docs
from generator.markdown import table

PAGES = {"connector_args": "OutboundConnector", "group": "DistributionGroup"}


def blocks() -> dict[str, str]:
    """Give every block by its name."""
    return {
        "stack-keys": table(["Key", "Meaning", "Type", "Default"], stack_keys("docs/resources/")),
        "journaling-args": table(["Argument", "Meaning", "Type", "Default"], journaling_args()),
        "regions": table(["Region", "Meaning", "Smart hosts", "Domain of the journal address"], _regions()),
        "settings": table(["Setting", "Meaning", "Environment, first found"], _settings()),
        "clouds": table(["Cloud", "Sign-in", "Exchange", "Source"], _clouds()),
    }


def stack_keys(links: str) -> Iterator[list[str]]:
    """Give the keys of a stack config that describe journaling."""
    for name, *rest in _args(links):
        yield [f"`area1:{name}`", *rest]


def journaling_args() -> Iterator[list[str]]:
    """Give the same as arguments of `JournalingArgs`."""
    for name, *rest in _args(""):
        yield [f"`{name}`", *rest]


def _args(links: str) -> Iterator[list[str]]:
    meanings = field_docs(JournalingArgs)
    for field in fields(JournalingArgs):
        meaning = meanings[field.name].replace("(`regions.REGIONS`)", "(the table of regions)")
        yield [field.name, meaning, _kind(field, links), _default(field)]


def _kind(field: Field[Any], links: str) -> str:
    if is_dataclass(schema.plain_type(field.type)):
        page = PAGES[field.name]
        return f"properties of [{page}]({links}{page}.md#properties)"
    if field.name == "region":
        return "name of a region"
    return wording.plain_kind(field)


def _default(field: Field[Any]) -> str:
    if field.default is MISSING:
        return "**required**"
    return "" if field.default is None else wording.code(field.default).replace("`True`", "`true`")


def _regions() -> Iterator[list[str]]:
    for region in REGIONS.values():
        hosts = "<br>".join(f"`{host}`" for host in region.smart_hosts) or "none: no connector"
        yield [f"`{region.name}`", region.meaning, hosts, "<br>".join(f"`{domain}`" for domain in region.domains)]


def _settings() -> Iterator[list[str]]:
    for key in KEYS.values():
        name = f"`{key.name}`" if key.in_config else f"`{key.name}` (environment only)"
        yield [name, key.meaning, ", ".join(f"`{variable}`" for variable in (*key.arm, *key.azure))]


def _clouds() -> Iterator[list[str]]:
    for cloud in CLOUDS.values():
        yield [f"`{cloud.name}`", f"`{cloud.login_host}`", f"`{cloud.exchange_host}`", cloud.source]
