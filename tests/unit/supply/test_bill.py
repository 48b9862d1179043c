"""The bill of materials: what the lock holds for the library and its extras, and who needs whom; the wheel carries it."""

import json
import re
import tomllib
from importlib.metadata import PackageNotFoundError, requires
from pathlib import Path
from typing import Any

import pytest
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

CHECKOUT = Path(__file__).parents[3]
BILL = CHECKOUT / "area1-provider.cdx.json"
LOCKED = re.compile(r"^([a-z0-9][a-z0-9._-]*)==([^ ;]+)")
PROJECT = tomllib.loads((CHECKOUT / "pyproject.toml").read_text(encoding="utf-8"))["project"]


@pytest.fixture(scope="module")
def bill() -> dict[str, Any]:
    """Read it."""
    read: dict[str, Any] = json.loads(BILL.read_text(encoding="utf-8"))
    return read


def locked() -> dict[tuple[str, str], set[str]]:
    """Give the hashes by name and version that the lock holds."""
    found: dict[tuple[str, str], set[str]] = {}
    for line in (CHECKOUT / "requirements.txt").read_text(encoding="utf-8").splitlines():
        if match := LOCKED.match(line):
            name, version = match.groups()
            found[name, version] = set()
        else:
            found[name, version].add(line.strip(" \\").removeprefix("--hash=sha256:"))
    return found


def needs(bill: dict[str, Any]) -> dict[str, set[str]]:
    """Give whom each needs, by name."""
    named = {one["bom-ref"]: one["name"] for one in [*bill["components"], bill["metadata"]["component"]]}
    return {named[one["ref"]]: {named[ref] for ref in one.get("dependsOn", ())} for one in bill["dependencies"]}


def names(texts: list[str], extras: frozenset[str] = frozenset()) -> set[str]:
    """Give the names of requirements that apply here."""
    found = [Requirement(text) for text in texts]
    applying = [one for one in found if not one.marker or any(one.marker.evaluate({"extra": e}) for e in ("", *extras))]
    return {canonicalize_name(one.name) for one in applying}


def test_it_is_valid_and_names_no_place(bill: dict[str, Any]) -> None:
    """It is CycloneDX, and the same wherever it is written: no address, time or serial number."""
    text = BILL.read_text(encoding="utf-8")

    assert JsonStrictValidator(SchemaVersion.V1_5).validate_str(text) is None
    assert not re.search(r"https?:|/tmp|/home", text)
    assert not {"serialNumber"} & bill.keys()
    assert bill["metadata"].keys() == {"component"}


def test_it_is_of_this_version_and_of_this_lock(bill: dict[str, Any]) -> None:
    """Versions and hashes are those of the lock (`make lock` writes both)."""
    lock, subject = locked(), bill["metadata"]["component"]
    listed = {(one["name"], one["version"]): one["externalReferences"][0]["hashes"] for one in bill["components"]}

    assert (subject["name"], subject["version"]) == (PROJECT["name"], PROJECT["version"])
    for one, hashes in listed.items():
        assert {each["content"] for each in hashes} == lock[one], one


def test_nothing_is_missing(bill: dict[str, Any]) -> None:
    """All that the project asks for is in it, all that those ask for, and nothing else."""
    graph = needs(bill)
    extras = [text for texts in PROJECT["optional-dependencies"].values() for text in texts]
    todo, reached = {PROJECT["name"]}, set[str]()
    while todo:
        reached |= todo
        todo = set().union(*(graph[name] for name in todo)) - reached

    assert graph[PROJECT["name"]] == names([*PROJECT["dependencies"], *extras])
    assert reached == {one["name"] for one in bill["components"]} | {PROJECT["name"]}
    for name in reached - {PROJECT["name"]}:
        try:
            asked = requires(name) or []
        except PackageNotFoundError:  # for another system
            continue
        assert names(asked) <= graph[name], name
