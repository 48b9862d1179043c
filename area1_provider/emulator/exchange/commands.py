"""Reading the body of InvokeCommand. What the cmdlet makes of its parameters lives in `cmdlets`."""

from dataclasses import dataclass
from typing import Any

from area1_provider.emulator.web.http_errors import MalformedBody
from area1_provider.emulator.web.json_bodies import read_json
from area1_provider.emulator.web.messages import Ask


@dataclass(frozen=True)
class Command:
    """What `CmdletInput` says."""

    cmdlet: str
    parameters: dict[str, Any]


def read_command(ask: Ask) -> Command:
    """Read the body of InvokeCommand; raises MalformedBody or UnsupportedMediaType."""
    body = read_json(ask)
    given = _members(body, "the body", {"CmdletInput"})
    if "CmdletInput" not in given:
        raise MalformedBody("The body must contain CmdletInput.")
    asked = _members(given["CmdletInput"], "CmdletInput", {"CmdletName", "Parameters"})
    name, parameters = asked.get("CmdletName"), asked.get("Parameters", {})
    if not isinstance(name, str) or not name.strip():
        raise MalformedBody("CmdletInput.CmdletName must be a string that is not empty.")
    if not isinstance(parameters, dict):
        raise MalformedBody("CmdletInput.Parameters must be an object.")
    return Command(name, parameters)


def _members(value: Any, where: str, known: set[str]) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise MalformedBody(f"{where} must be an object.")
    # OData annotations may stand anywhere
    plain = {name: member for name, member in value.items() if "@" not in name}
    if set(plain) - known:
        raise MalformedBody(f"{where} holds properties that do not exist on its type.")
    return plain
