"""Runs a program with Pulumi's own test monitor in place of an engine, and prints what it registered as JSON.

Run as a process of its own, since Pulumi keeps its settings in globals: python docs_play.py PROGRAM
"""

import asyncio
import json
import runpy
import sys
from pathlib import Path
from typing import Any

import pulumi
from pulumi.runtime import MockCallArgs, MockResourceArgs, Mocks

PROJECT = "example"
FOUND: list[dict[str, Any]] = []


class Monitor(Mocks):
    """Takes down every resource; each gets its inputs back as outputs."""

    def new_resource(self, args: MockResourceArgs) -> tuple[str | None, dict[Any, Any]]:
        """Take one resource down."""
        inputs = {name: value for name, value in args.inputs.items() if not name.startswith("__") and value is not None}
        FOUND.append({"type": args.typ, "name": args.name, "inputs": inputs, "provider": args.provider})
        return f"{args.name}-id", {"primary_smtp_address": "group@contoso.com", **args.inputs}

    def call(self, args: MockCallArgs) -> tuple[dict[Any, Any], list[tuple[str, str]] | None]:
        """Answer nothing: the examples look nothing up."""
        raise NotImplementedError(args.token)


def main(program: str) -> None:
    """Run a program and print its resources."""
    names = [f"{customer}_client_{half}" for customer in ("contoso", "fabrikam") for half in ("id", "secret")]
    pulumi.runtime.set_all_config({f"{PROJECT}:{name}": name for name in names})
    asyncio.set_event_loop(asyncio.new_event_loop())  # Python 3.14 has none by itself
    pulumi.runtime.set_mocks(Monitor(), project=PROJECT, preview=False)

    @pulumi.runtime.test
    def play() -> None:
        runpy.run_path(str(Path(program)))

    play()
    sys.stdout.write(json.dumps(FOUND))


main(sys.argv[1])
