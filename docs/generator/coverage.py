"""docs/coverage.md: every parameter of the cmdlets that change something, and what became of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

from generator.facts import SUBJECTS, Subject, cmdlets
from generator.markdown import table
from generator.resource_page import NOTICE

PROPERTY, SENT, LEFT_OUT, ON_PREMISES, MISSING = "property", "sent", "left out", "on-premises", "MISSING"

INTRO = """\
# Coverage of parameters

Every parameter of the cmdlets that make, change or remove something, as Exchange's documentation lists them.

- *property*: settable by a property of the resource.
- *sent*: sent by the provider itself.
- *left out*: refused by design, with the reason.
- *on-premises*: cannot be set in Exchange Online."""


def page() -> str:
    """Give the whole page."""
    parts = [NOTICE, INTRO, table(["Cmdlet", PROPERTY, SENT, LEFT_OUT, ON_PREMISES], _totals())]
    for subject in SUBJECTS:
        for cmdlet in subject.data["cmdlets"]:
            source = cmdlets()[cmdlet]["source"]
            rows = [[f"`{name}`", state, why] for name, state, why in parameters(subject, cmdlet)]
            parts += [f"## {cmdlet}", table(["Parameter", "State", "Property or reason"], rows), f"Source: {source}"]
    return "\n\n".join(parts) + "\n"


def _totals() -> Iterator[list[str]]:
    for subject in SUBJECTS:
        for cmdlet in subject.data["cmdlets"]:
            counted = Counter(state for _, state, _ in parameters(subject, cmdlet))
            states = (PROPERTY, SENT, LEFT_OUT, ON_PREMISES)
            yield [f"[{cmdlet}](#{cmdlet.lower()})", *(str(counted[state]) for state in states)]


def parameters(subject: Subject, cmdlet: str) -> Iterator[tuple[str, str, str]]:
    """Give (parameter, state, property or reason) for one cmdlet; state MISSING where nobody has decided."""
    verb = cmdlet.partition("-")[0]
    for name, known in cmdlets()[cmdlet]["parameters"].items():
        yield (name, *_state(subject, verb, name, known))


def _state(subject: Subject, verb: str, name: str, known: dict[str, Any]) -> tuple[str, str]:
    if known["cloud"] == "onprem":
        return ON_PREMISES, ""
    owned = _property(subject, verb, name)
    if owned:
        return PROPERTY, f"`{owned}`"
    data = subject.data
    for state, table_ in ((SENT, data["sent"]), (LEFT_OUT, data["left_out"])):
        if name in table_:
            return state, table_[name]
    return MISSING, ""


def _property(subject: Subject, verb: str, name: str) -> str:
    """Give the property that this parameter of this verb carries."""
    for one in subject.provider.noun.properties.values():
        if one.wire.name == name and verb in ("New", "Set") and one.wire.verb in ("", verb):
            return one.name
    return ""
