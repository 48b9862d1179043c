"""The fourth way: build the CLI and its Python host from Go modules, as `release` and `modules/` name them.

`modules/*/go.sum` pin the sources by hash. Where the result is kept is not known here.
"""

import json
import shutil
from pathlib import Path

from area1_provider.engine.failures import WayFailed
from area1_provider.engine.go_toolchain import Go, find_go
from area1_provider.engine.release import (
    CLI_LINK_FLAGS,
    CLI_PACKAGE,
    CLI_VERSION,
    HOST_LINK_FLAGS,
    HOST_PACKAGE,
    SCRIPTS,
    SCRIPTS_MODULE,
)
from area1_provider.engine.workshop import Workshop

#: Seconds for one program; a slow machine needs several times the usual six minutes.
LIMIT = 3600.0

MODULES = Path(__file__).with_name("modules")


def build(shop: Workshop) -> None:
    """Fill the product's `bin`; raises WayFailed with Go's own words."""
    shop.progress.say(
        f"building Pulumi {CLI_VERSION} from Go modules: 6 to 7 minutes the first time on two cores, and up to 4 GB "
        "for Go's caches. It is done once; the result is kept."
    )
    go = find_go(shop)
    sources = shop.folder / "modules"
    shutil.copytree(MODULES, sources)
    compile_program(shop, go, sources / "cli", CLI_PACKAGE, link_flags=CLI_LINK_FLAGS)
    compile_program(shop, go, sources / "host", HOST_PACKAGE, link_flags=HOST_LINK_FLAGS)
    copy_scripts(shop, go, sources / "cli")
    shutil.rmtree(shop.toolchain, ignore_errors=True)


def compile_program(shop: Workshop, go: Go, module: Path, package: str, *, link_flags: str) -> None:
    """Build one program. -mod=mod lets Go add hashes that only other platforms' sources need."""
    target = shop.product / "bin" / package.rpartition("/")[2]
    flags = ["-mod=mod", "-buildvcs=false", *go.flags, "-ldflags", link_flags]
    command = [go.program, "build", *flags, "-o", str(target), package]
    shop.run(f"building {target.name}", command, limit=LIMIT, env=go.env, cwd=module)


def copy_scripts(shop: Workshop, go: Go, module: Path) -> None:
    """Copy the two scripts out of the module's folder, with the run bit that Go's module cache takes away."""
    command = [go.program, "mod", "download", *go.flags, "-json", SCRIPTS_MODULE]
    said = shop.run("copying Pulumi's scripts", command, limit=LIMIT, env=go.env, cwd=module)
    try:
        folder = Path(json.loads(said)["Dir"])
        for name, place in SCRIPTS.items():
            target = shop.product / "bin" / name
            shutil.copyfile(folder / place, target)
            target.chmod(0o755)
    except (ValueError, KeyError, OSError) as error:
        raise WayFailed(f"{SCRIPTS_MODULE} gave no scripts: {error}") from error
