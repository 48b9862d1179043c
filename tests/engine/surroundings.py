"""Where a test's stack lives: a project's folder and the environment of its runs. No expectation of any test lives here."""

import atexit
import functools
import os
import shutil
import subprocess
import sys
import sysconfig
import tempfile
from collections.abc import Mapping
from pathlib import Path

from pulumi_stack import PROJECT

from area1_provider import engine

CHECKOUT = Path(__file__).parents[2]
OURS = ("ARM_", "AZURE_", "AREA1_", "PULUMI_")
PIP = """
import sys
if sys.argv[1:] != {question!r}:
    sys.exit(f"no such question was known when this was written: {{sys.argv}}")
print({answer!r})
"""


def project(folder: Path, name: str, program: str | None) -> Path:
    """Make the folder of a project: the checkout's files, or a program of the test's."""
    folder.mkdir(parents=True)
    if program is not None:
        (folder / "Pulumi.yaml").write_text(PROJECT.format(name=name), encoding="utf-8")
        (folder / "__main__.py").write_text(program, encoding="utf-8")
        return folder
    for file in ("Pulumi.yaml", "__main__.py"):
        shutil.copy(CHECKOUT / file, folder)
    shutil.copytree(CHECKOUT / "stacks", folder / "stacks")
    return folder


def surroundings(folder: Path, found: engine.Engine, tenant: Mapping[str, str]) -> dict[str, str]:
    """Give the environment of a run: the machine's without our settings, the tenant's, and a backend in `folder`."""
    (folder / "backend").mkdir(parents=True)
    machine = {name: value for name, value in os.environ.items() if not name.startswith(OURS)}
    base = {
        **machine,
        **tenant,
        "PULUMI_HOME": str(folder / "home"),
        "PULUMI_BACKEND_URL": (folder / "backend").as_uri(),
        "PULUMI_CONFIG_PASSPHRASE": "test",
    }
    environment = found.environment(base, Path(sysconfig.get_path("scripts")))
    return {**environment, "PYTHONPATH": str(told_packages())}


@functools.cache
def told_packages() -> Path:
    """Give a folder for PYTHONPATH whose `pip` knows one answer by heart: what is installed.

    The language host asks pip twice a command. It takes longer than all else that a command does, and never changes. The
    demo that ends early does without: there the real pip is asked.
    """
    question = ("list", "-v", "--format", "json")
    listed = subprocess.run([sys.executable, "-m", "pip", *question], stdout=subprocess.PIPE, check=True)
    folder = Path(tempfile.mkdtemp())
    atexit.register(shutil.rmtree, folder)
    (folder / "pip.py").write_text(PIP.format(question=[*question], answer=listed.stdout.decode()), encoding="utf-8")
    return folder
