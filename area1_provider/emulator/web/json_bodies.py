"""Reading JSON that anybody may have sent: bounded, strict, never a crash. What is in it lives elsewhere."""

import json
import math
from typing import Any

from area1_provider.emulator.web.http_errors import MalformedBody, UnsupportedMediaType
from area1_provider.emulator.web.messages import Ask

DEEPEST = 32


def read_json(ask: Ask) -> Any:
    """Read the whole body as JSON in UTF-8; raises MalformedBody or UnsupportedMediaType."""
    _check_type(ask)
    return parsed(ask.body)


def parsed(body: bytes) -> Any:
    """Read JSON in UTF-8; raises MalformedBody, whose cause says where the text is none."""
    try:
        text = body.decode("utf-8-sig")
        value = json.loads(text, parse_constant=_no_constant, parse_float=_finite, object_pairs_hook=_once)
        if "\\u" in text:
            json.dumps(value, ensure_ascii=False).encode()
    except (ValueError, RecursionError) as error:
        raise MalformedBody("The body is not JSON in UTF-8.") from error
    _check_depth(value)
    return value


def _once(members: list[tuple[str, Any]]) -> dict[str, Any]:
    """Refuse a name given twice: which of the two would count is anybody's guess (RFC 8259 4)."""
    table = dict(members)
    if len(table) != len(members):
        raise ValueError("a name is given twice")
    return table


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
    named = [option.partition("=") for option in options]
    if any(name.strip() == "charset" and value.strip(' "') not in {"utf-8", "utf8"} for name, _, value in named):
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
