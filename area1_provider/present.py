"""How an error of ours reaches a person through the engine: its own lines, without frames.

The dynamic server prints `traceback.format_exc()`; a class of module `builtins` raised with `sys.tracebacklimit = 0`
leaves exactly name and message (measured with the CLI 3.259).
"""

from __future__ import annotations

import functools
import sys
from collections.abc import Callable
from typing import ParamSpec, TypeVar

from area1_provider.errors import Area1Error

Parameters = ParamSpec("Parameters")
Returned = TypeVar("Returned")


def plainly(operation: Callable[Parameters, Returned]) -> Callable[Parameters, Returned]:
    """Show errors of `operation` as their message alone when the engine runs it; elsewhere they pass through."""

    @functools.wraps(operation)
    def shown(*args: Parameters.args, **options: Parameters.kwargs) -> Returned:
        try:
            return operation(*args, **options)
        except Exception as error:
            if not in_plugin():
                raise
            sys.tracebacklimit = 0
            raise plain(error) from None

    return shown


def in_plugin() -> bool:
    """Say whether this process is the engine's plugin for dynamic resources."""
    spec = getattr(sys.modules.get("__main__"), "__spec__", None)
    return spec is not None and spec.name == "pulumi.dynamic.__main__"


def plain(error: Exception) -> Exception:
    """Give an exception that prints as `Name: message`; an error that is not ours says that it is a defect."""
    if isinstance(error, Area1Error):
        return _kind(type(error).__name__)(str(error))
    return _kind("Defect")(
        f"{type(error).__name__}: {error}\nThis is a defect in area1_provider, not in your program. Nothing more was "
        "changed in this step; please report it with these lines and the resource's arguments, without secrets."
    )


def _kind(name: str) -> type[Exception]:
    return type(name, (Exception,), {"__module__": "builtins"})
