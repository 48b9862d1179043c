"""A machine in a temporary folder: its PATH, its cache, and shell scripts that stand for pulumi, go and python.

No program of the real machine is on that PATH, and no script reaches beyond the folder.
"""

import fcntl
import os
import subprocess
import sys
import time
from collections.abc import Iterable
from contextlib import suppress
from io import StringIO
from pathlib import Path
from typing import TextIO

from area1_provider.engine import Engine, ensure
from area1_provider.engine.cache import EngineCache
from area1_provider.engine.progress import Progress
from area1_provider.engine.release import CLI_VERSION, SCRIPTS

#: What `go build -o TARGET` does: tells the test and waits for it if `block` exists, then writes a program.
#: The module cache's files have no run bit, as with the real Go.
GO = """
PATH=/usr/bin:/bin
case "$1" in
version) echo "go version go{version} linux/amd64" ;;
mod) echo '{{"Dir": "{root}/module"}}' ;;
build)
    echo "$@" >>{root}/go.log
    env >{root}/go.env
    if [ -e {root}/block ]; then echo $$ >{root}/started; read line <{root}/proceed; fi
    if [ -e {root}/go.fails ]; then echo "go: downloading x v1"; cat {root}/go.fails; exit 1; fi >&2
    while [ "$1" != -o ]; do shift; done
    printf '#!/bin/sh\\necho v{cli}\\n' >"$2"; chmod 755 "$2" ;;
esac
"""

#: What `python -c INSTALLER ROOT VERSION` and `python -m pip install ... --target FOLDER` do.
PYTHON = """
PATH=/usr/bin:/bin
echo "$1" >>{root}/python.log
case "$1" in
-c)
    if [ ! -e {root}/installer.works ]; then echo "URLError: no route to the site" >&2; exit 1; fi
    for name in {programs}; do printf '#!/bin/sh\\necho v{cli}\\n' >"$3/bin/$name"; chmod 755 "$3/bin/$name"; done ;;
-m)
    if [ ! -e {root}/wheel ]; then echo "ERROR: no matching distribution" >&2; exit 1; fi
    while [ "$1" != --target ]; do shift; done
    mkdir -p "$2/go/bin"; cp {root}/wheel "$2/go/bin/go" ;;
esac
"""

DRIVER = """
import signal, sys
from area1_provider.engine import ensure
from area1_provider.engine.__main__ import end
signal.signal(signal.SIGTERM, end)
print(ensure(python=sys.argv[1]).bin_dir)
"""


class Machine:
    """One fake machine; `env` is the environment to hand to what is tested."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.bin = root / "bin"
        self.bin.mkdir()
        self.env = {"PATH": str(self.bin), "HOME": str(root), "AREA1_CACHE_DIR": str(root / "cache")}
        self.cache = EngineCache(root / "cache" / "engine")
        self.said = StringIO()
        programs = " ".join(["pulumi", "pulumi-language-python", *SCRIPTS])
        self.python = self.put("fake-python", PYTHON.format(root=root, cli=CLI_VERSION, programs=programs))
        for place in SCRIPTS.values():
            (root / "module" / place).parent.mkdir(parents=True, exist_ok=True)
            (root / "module" / place).write_text("#!/bin/sh\n")

    def put(self, name: str, script: str, folder: Path | None = None) -> Path:
        """Write a shell script that can be run, on PATH unless a folder is given."""
        program = (folder or self.bin) / name
        program.parent.mkdir(parents=True, exist_ok=True)
        program.write_text(f"#!/bin/sh\n{script}")
        program.chmod(0o755)
        return program

    def put_pulumi(
        self, version: str, companions: Iterable[str] = ("language-python", "resource-pulumi-python")
    ) -> None:
        """Put a `pulumi` of that version on PATH, with its companions beside it."""
        self.put("pulumi", f"echo v{version}")
        for name in companions:
            self.put(f"pulumi-{name}", "exit 0")

    def put_go(self, version: str = "1.26.1") -> None:
        """Put a `go` of that version on PATH."""
        self.put("go", GO.format(version=version, root=self.root, cli=CLI_VERSION))

    def offer_wheel(self, version: str = "1.26.1") -> None:
        """Let pip find a Go."""
        self.put("wheel", GO.format(version=version, root=self.root, cli=CLI_VERSION), self.root)

    def let_installer_work(self) -> None:
        """Let Pulumi's installer reach its site."""
        (self.root / "installer.works").touch()

    def ensure(self) -> Engine:
        """Obtain an engine in this process; what a person sees goes to `said`."""
        return ensure(self.env, python=str(self.python), progress=Progress(self.said, live=False))

    def log(self, program: str) -> list[str]:
        """Give what `go` or `python` was called with, a line a call."""
        log = self.root / f"{program}.log"
        return log.read_text().splitlines() if log.exists() else []

    def block_builds(self) -> None:
        """Let each `go build` stop until released, see `wait_for_build` and `release_build`."""
        (self.root / "block").touch()
        for pipe in ("started", "proceed"):
            os.mkfifo(self.root / pipe)

    def wait_for_build(self) -> None:
        """Wait until a `go build` has begun."""
        (self.root / "started").read_text()

    def release_build(self) -> None:
        """Let the build that stands still go on, and later ones run through."""
        (self.root / "block").unlink()
        (self.root / "proceed").write_text("go\n")

    def start(self) -> "subprocess.Popen[str]":
        """Obtain an engine in a process of its own; its stdout is the bin folder."""
        command = [sys.executable, "-c", DRIVER, str(self.python)]
        return subprocess.Popen(command, env=self.env, text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE)


def taken_within(file: TextIO, seconds: float) -> bool:
    """Tell whether the lock can be had; killed processes let go of it an instant later."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        with suppress(BlockingIOError):
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return True
        time.sleep(0.01)
    return False
