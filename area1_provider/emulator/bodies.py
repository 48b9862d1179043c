"""Reading JSON bodies that anybody may have sent: bounded, strict, never a crash. What is in them lives elsewhere."""

import json
import math
from dataclasses import dataclass
from typing import Any

from area1_provider.emulator.http_errors import MalformedBody, UnsupportedMediaType
from area1_provider.emulator.messages import Ask

DEEPEST = 32


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
    return Command(name.strip(), parameters)


def _members(value: Any, where: str, known: set[str]) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise MalformedBody(f"{where} must be an object.")
    # OData annotations may stand anywhere
    plain = {name: member for name, member in value.items() if "@" not in name}
    if set(plain) - known:
        raise MalformedBody(f"{where} holds properties that do not exist on its type.")
    return plain


def read_json(ask: Ask) -> Any:
    """Read the whole body as JSON in UTF-8; raises MalformedBody or UnsupportedMediaType."""
    _check_type(ask)
    try:
        text = ask.body.decode("utf-8-sig")
        value = json.loads(text, parse_constant=_no_constant, parse_float=_finite)
        if "\\u" in text:
            json.dumps(value, ensure_ascii=False).encode()
    except (ValueError, RecursionError) as error:
        raise MalformedBody("The body is not JSON in UTF-8.") from error
    _check_depth(value)
    return value


def _no_constant(name: str) -> Any:
    raise ValueError(name)


def _finite(digits: str) -> float:
    number = float(digits)
    if not math.isfinite(number):
        raise ValueError(digits)
    return number


def _check_type(ask: Ask) -> None:
    kind, *options = (part.strip().lower() for part in ask.headers.get("content-type", "").split(";"))
    if kind != "application/json":
        raise UnsupportedMediaType("The request entity's media type is not supported: send application/json.")
    charsets = [option.partition("=")[2].strip('"') for option in options if option.startswith("charset=")]
    if any(charset not in {"utf-8", "utf8"} for charset in charsets):
        raise UnsupportedMediaType("The request entity's charset is not supported: send utf-8.")
    if ask.headers.get("content-encoding", "identity").lower() != "identity":
        raise UnsupportedMediaType("The request entity's content encoding is not supported.")


def _check_depth(value: Any) -> None:
    level = [value]
    for _ in range(DEEPEST):
        level = [inner for outer in level for inner in _inside(outer)]
        if not level:
            return
    raise MalformedBody("The body is nested too deeply.")


def _inside(value: Any) -> list[Any]:
    if isinstance(value, dict):
        return list(value.values())
    return value if isinstance(value, list) else []
