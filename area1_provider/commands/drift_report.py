"""The findings of many stacks as text, JSON and JUnit. The HTML page is in `drift_html.py`; nothing is asked here.

Values come from tenants, so whoever may name a connector there may try to break a report: no value reaches one raw.
"""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Literal
from xml.etree import ElementTree as ET

from area1_provider.commands.drift_events import Checked, Resource

VERSION = 1
"""Of the JSON's form (docs/ci/drift.schema.json)."""

State = Literal["clean", "drifted", "failed"]
ACTING = frozenset({"Cc", "Cf", "Cn", "Co", "Cs", "Zl", "Zp"})
"""Unicode categories of characters that steer a terminal, turn the text's direction, are not seen, or not legal in XML."""


@dataclass(frozen=True)
class Row:
    """One drifted property, or an object that is gone (`property` None). Values are as in JSON."""

    stack: str
    resource: str
    type: str
    id: str
    status: Literal["changed", "gone"]
    property: str | None
    expected: Any
    found: Any
    changed: str | None


def rows(checked: Sequence[Checked]) -> Iterator[Row]:
    """Give a row for each drifted property and each object that is gone."""
    for one in checked:
        for resource in one.drifted:
            yield from _rows(one.stack, resource)


def _rows(stack: str, of: Resource) -> Iterator[Row]:
    if of.gone:
        yield Row(stack, of.name, of.kind, of.id, "gone", None, None, None, None)
    for one in of.differences:
        changed = of.changed or None
        yield Row(stack, of.name, of.kind, of.id, "changed", one.property, one.expected, one.found, changed)


def state_of(one: Checked) -> State:
    """Give a stack's state: a failure hides drift that was found before it, so it comes first."""
    if one.failure:
        return "failed"
    return "drifted" if one.drifted else "clean"


def shown(value: Any) -> str:
    """Give a value as text that cannot act: JSON, characters that steer something as an escape."""
    return visible(json.dumps(value, ensure_ascii=False, sort_keys=True))


def visible(text: str, keep: str = "") -> str:
    """Write characters that steer something as an escape, such as backslash u202e, but for those in `keep`."""
    return "".join(c if c in keep or unicodedata.category(c) not in ACTING else _escaped(c) for c in text)


def _escaped(character: str) -> str:
    return character.encode("unicode_escape", "backslashreplace").decode("ascii")


def sentence(row: Row) -> str:
    """Give a row in one line, without stack and resource."""
    if row.status == "gone":
        return "is gone from the tenant"
    when = f" (object last changed {visible(row.changed)})" if row.changed else ""
    return f"{visible(str(row.property))}: expected {shown(row.expected)}, found {shown(row.found)}{when}"


def text(checked: Sequence[Checked]) -> str:
    """Give the findings as a person reads them in a terminal or a log."""
    return "".join(f"{line}\n" for one in checked for line in _lines(one))


def _lines(one: Checked) -> Iterator[str]:
    count = len(one.drifted)
    looked_at = many(len(one.resources), "resource")
    words = {
        "clean": f"no drift ({looked_at})" if one.resources else "nothing was compared: its state holds no resource",
        "drifted": f"{count} of {looked_at} drifted",
        "failed": "could not be checked",
    }
    yield f"{visible(one.stack)}: {words[state_of(one)]}"
    yield from (f"  {row.type} {visible(row.resource)} {sentence(row)}" for row in rows([one]))
    yield from (f"  {visible(line)}" for line in one.failure.splitlines())


def many(count: int, noun: str) -> str:
    """Give a count with its noun."""
    return f"{count} {noun}{'' if count == 1 else 's'}"


def plain(checked: Sequence[Checked], when: str) -> dict[str, Any]:
    """Give the findings as JSON takes them; `when` is the time of the check in ISO 8601."""
    found = [vars(row) for row in rows(checked)]
    states = [state_of(one) for one in checked]
    stacks = [
        {"stack": one.stack, "state": state, "resources": len(one.resources), "failure": one.failure or None}
        for one, state in zip(checked, states, strict=True)
    ]
    summary = {"stacks": len(states), "drifted": states.count("drifted"), "failed": states.count("failed")}
    return {
        "version": VERSION,
        "checked": when,
        "summary": {**summary, "rows": len(found)},
        "stacks": stacks,
        "rows": found,
    }


def junit(checked: Sequence[Checked]) -> str:
    """Give the findings as JUnit XML: a suite a stack, a case a resource; what could not be checked is an error."""
    root = ET.Element("testsuites", name="area1 drift")
    for one in checked:
        suite = ET.SubElement(root, "testsuite", name=visible(one.stack))
        for resource in one.resources:
            _case(suite, one.stack, resource)
        if one.failure:
            message = visible(one.failure.partition("\n")[0])
            case = ET.SubElement(suite, "testcase", classname=visible(one.stack), name="refresh preview")
            ET.SubElement(case, "error", message=message).text = visible(one.failure, "\n")
        errors, drifted = int(bool(one.failure)), len(one.drifted)
        counts = {"tests": len(one.resources) + errors, "failures": drifted, "errors": errors, "skipped": 0}
        suite.attrib.update({name: str(count) for name, count in counts.items()})
    ET.indent(root)
    return ET.tostring(root, encoding="unicode", xml_declaration=True) + "\n"


def _case(suite: ET.Element, stack: str, resource: Resource) -> None:
    name = visible(f"{resource.kind} {resource.name}")
    case = ET.SubElement(suite, "testcase", classname=visible(stack), name=name)
    lines = [sentence(row) for row in _rows(stack, resource)]
    if lines:
        ET.SubElement(case, "failure", type="drift", message=lines[0]).text = "\n".join(lines)
