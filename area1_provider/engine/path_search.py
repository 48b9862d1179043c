"""The first way: a `pulumi` that the machine has on PATH. Nothing is changed here."""

import os
import shutil
from collections.abc import Mapping
from pathlib import Path

from area1_provider.engine.failures import WayFailed, dotted
from area1_provider.engine.installation import Engine, cli_version, executable, numbers
from area1_provider.engine.release import MINIMUM_CLI

#: Beside the CLI or on PATH; the CLI starts them by name.
COMPANIONS = ("pulumi-language-python", "pulumi-resource-pulumi-python")


def search_path(env: Mapping[str, str]) -> Engine:
    """Give the `pulumi` on PATH; raises WayFailed if none, too old, or without its Python host."""
    search = env.get("PATH", os.defpath)
    found = shutil.which("pulumi", path=search)
    if not found:
        raise WayFailed("none there")
    program = Path(found).absolute()
    version = cli_version(program, env)
    if (numbers(version) or (0,)) < MINIMUM_CLI:
        raise WayFailed(f"{program} is {version}, older than {dotted(MINIMUM_CLI)}")
    require_companions(program, search)
    return Engine(program.parent, version, "PATH")


def require_companions(program: Path, search: str) -> None:
    """Raise WayFailed if a companion stands neither beside the CLI (or its link's target) nor on PATH."""
    for name in COMPANIONS:
        beside = executable(name, program.parent, search) or executable(name, program.resolve().parent, "")
        if beside is None:
            raise WayFailed(f"{program} has no {name} beside it or on PATH")
