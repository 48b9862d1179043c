"""docs/resources/<Resource>.md: example, properties, outputs, what is refused, what a delete does."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import MISSING, Field, fields
from typing import Any

from generator import wording
from generator.facts import Subject
from generator.markdown import plain, table

NOTICE = "<!-- Written by docs/generate.py from the code and docs/data. Change those, then run `make docs`. -->"

UNSET = """\
A property that is left out (or `None`) is unmanaged: Exchange keeps its value and it never shows as drift. `""` and `[]`
clear a value where Exchange lets it be cleared. Only properties that are named are ever sent, and an update sends only what
changed. *in place* changes the object that is there; *replaces* deletes it and makes another."""

MOST = 60
"""Characters of a value in a table."""

COMMON_OUTPUTS = {
    "id": "GUID of the object in Exchange. A rename keeps it.",
    "tenant_id": "GUID of the tenant that the object is in.",
    "tenant": "The tenant as the settings named it.",
    "resolved": "By property: what Exchange made of recipients that were written as alias, name or address.",
}


def page(subject: Subject) -> str:
    """Give the whole page."""
    data = subject.data
    parts = [
        NOTICE,
        f"# {subject.name}",
        data["intro"].strip(),
        f"```python\n{subject.example.strip()}\n```",
        "## Properties",
        UNSET,
        table(["Property", "Meaning", "Type", "Default", "A change", "On the wire", "Since"], _rows(subject)),
        f"What is sent has Exchange's default if it is left out when the object is made (page of {_page(data['page'])}).",
        "## Outputs",
        "Every property above is an output of the same name, as Exchange has it. Besides those:",
        table(["Output", "Meaning"], _outputs(subject)),
        "## On delete",
        data["delete"].strip(),
        "## Refused at preview",
        "Types, forms and lengths of the table above are checked too. All problems of a resource are named at once.",
        table(["Written", "Property", "Why it is refused", "Source"], _refused(subject)),
    ]
    asked = list(_asked(subject))
    if asked:
        parts += ["Asked of the tenant where the value is new:", table(["Property", "Check", "Source"], asked)]
    return "\n\n".join(parts) + "\n"


def _rows(subject: Subject) -> Iterator[list[str]]:
    noun, since = subject.provider.noun, subject.data["since"]
    for field in fields(noun.args):
        one = noun.properties.get(field.name)
        sent = f"`{one.wire.name}`" if one else "not sent"
        type_ = wording.kind(one) if one else wording.plain_kind(field)
        marked = subject.data.get("later", {}).get(field.name, since)
        default = _default(subject, field)
        yield [
            f"`{field.name}`",
            subject.meanings[field.name],
            type_,
            default,
            wording.change(subject, field.name),
            sent,
            marked,
        ]


def _default(subject: Subject, field: Field[Any]) -> str:
    if field.name == "adopt":
        return "`False`"
    text = wording.default(subject, field.name)
    return "**required**" if field.default is MISSING else text


def _outputs(subject: Subject) -> Iterator[list[str]]:
    meanings = {**COMMON_OUTPUTS, **subject.data["outputs"]}
    for name in ("id", *subject.resource.computed, "tenant_id", "tenant", "resolved"):
        yield [f"`{name}`", meanings[name]]


def _refused(subject: Subject) -> Iterator[list[str]]:
    for rule in subject.data["rules"]:
        found = problems(subject, rule["given"])
        source = ", ".join(filter(None, [_page(rule["page"]), rule.get("note")]))
        for name, why in found:
            yield [_written(rule["given"]), f"`{name}`", plain(why), source]


def problems(subject: Subject, given: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Give what check says of properties, but for required ones that an example leaves out."""
    noun = subject.provider.noun
    found = [(name, why) for name, why in noun.problems(given) if why != "is required"]
    return found or list(subject.provider.rules(given))


def _written(given: Mapping[str, Any]) -> str:
    return "<br>".join(f"`{name}={shown(value)}`" for name, value in given.items())


def shown(value: Any) -> str:
    """Give a value as a program writes it, cut if it would fill the table."""
    text = repr(value)
    return text if len(text) <= MOST else f"{text[: MOST - 3]}...{text[-1]}"


def _asked(subject: Subject) -> Iterator[list[str]]:
    for one in subject.data.get("asked", []):
        yield [
            f"`{one['property']}`",
            plain(one["text"]),
            ", ".join(filter(None, [_page(one["page"]), one.get("note")])),
        ]


def _page(name: str) -> str:
    address = "https://learn.microsoft.com/powershell/module/exchange/"
    return f"[{name}]({address}{name.lower()})" if name.partition("-")[2] else name
