"""What tests of the real engine share: one offline Exchange a session, and stacks of their own in temporary folders.

A stack has its own organization, PULUMI_HOME, backend and passphrase, so tests may run side by side.
"""

import atexit
import functools
import os
import shutil
import subprocess
import sys
import sysconfig
import tempfile
import uuid
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from pathlib import Path

import kills
import pytest
from clicks import Clicks
from pulumi_stack import PROJECT, Stack

from area1_provider import engine
from area1_provider.emulator import Emulator

CHECKOUT = Path(__file__).parents[2]
OURS = ("ARM_", "AZURE_", "AREA1_", "PULUMI_")
PIP = """
import sys
if sys.argv[1:] != {question!r}:
    sys.exit(f"no such question was known when this was written: {{sys.argv}}")
print({answer!r})
"""

MakeStack = Callable[..., Stack]
"""`make_stack(program=None, name="test", config={})`: a program's text, or the checkout's own program if None."""


@pytest.fixture(scope="session")
def pulumi_engine() -> engine.Engine:
    """The engine, obtained if the machine has none."""
    return engine.ensure()


@pytest.fixture
def kills_counted(record_property: Callable[[str, object], None]) -> Iterator[None]:
    """Write down, for the report of `make trouble`, how often a test has killed."""
    before = kills.done.total()
    yield
    record_property("kills", kills.done.total() - before)


@pytest.fixture(scope="session")
def emulator() -> Iterator[Emulator]:
    """An offline Exchange for the whole session; every stack opens an organization of its own in it."""
    with Emulator() as running:
        yield running


@pytest.fixture
def make_stack(tmp_path: Path, pulumi_engine: engine.Engine, emulator: Emulator) -> Iterator[MakeStack]:
    """Make stacks that are gone after the test."""
    with ExitStack() as ending:

        def make(program: str | None = None, name: str = "test", config: Mapping[str, str] | None = None) -> Stack:
            unique = uuid.uuid4().hex[:12]
            account = emulator.add_tenant(f"t{unique}.onmicrosoft.com")
            tenant = emulator.environment(account.organization)
            folder = project(tmp_path / unique / "program", f"test-{unique}" if program else "area1", program)
            environment = surroundings(tmp_path / unique, pulumi_engine, tenant)
            clicks = Clicks(tenant)
            ending.callback(clicks.close)
            made = Stack(folder, name, environment, emulator, account.organization, clicks)
            made.init()
            if config:
                made.config_set(**config)
            return made

        yield make


@pytest.fixture
def stack(make_stack: MakeStack) -> Stack:
    """The checkout's own program with an empty stack config."""
    return make_stack()


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

    The language host asks pip twice a command. It takes longer than all else that a command does, and never changes.
    """
    question = ("list", "-v", "--format", "json")
    listed = subprocess.run([sys.executable, "-m", "pip", *question], stdout=subprocess.PIPE, check=True)
    folder = Path(tempfile.mkdtemp())
    atexit.register(shutil.rmtree, folder)
    (folder / "pip.py").write_text(PIP.format(question=[*question], answer=listed.stdout.decode()), encoding="utf-8")
    return folder
