"""The cache of engines, outside any checkout: one entry a version and platform, whole or not there.

How an engine is made is not known here.
"""

import fcntl
import hashlib
import json
import os
import platform
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from area1_provider.engine.failures import CacheUnwritable, Damaged, WayFailed
from area1_provider.engine.installation import Engine, Origin, cli_version, numbers
from area1_provider.engine.progress import Progress
from area1_provider.engine.release import CLI_VERSION, PROGRAMS

MANIFEST = "engine.json"


def cache_root(env: Mapping[str, str]) -> Path:
    """Give `$AREA1_CACHE_DIR`, else `area1` in `$XDG_CACHE_HOME` or `~/.cache` (XDG Base Directory Specification)."""
    if own := env.get("AREA1_CACHE_DIR"):
        return Path(own).expanduser().absolute()
    shared = env.get("XDG_CACHE_HOME", "")
    if Path(shared).is_absolute():
        return Path(shared) / "area1"
    return Path(env.get("HOME") or Path.home()) / ".cache" / "area1"


@dataclass(frozen=True)
class EngineCache:
    """The engines under one folder; `key` names the entry that this machine uses."""

    folder: Path
    key: str = f"{CLI_VERSION}-{platform.system().lower()}-{platform.machine()}"

    @property
    def entry(self) -> Path:
        """The finished engine: `bin/` and the manifest."""
        return self.folder / self.key

    @property
    def toolchain(self) -> Path:
        """A Go toolchain that was fetched for the build, kept until the build has succeeded."""
        return self.folder / f".{self.key}.toolchain"

    def load(self) -> Engine:
        """Give the engine; raises WayFailed if there is none, Damaged if it is not as it was written."""
        if not self.entry.exists():
            raise WayFailed("nothing there yet")
        try:
            manifest = json.loads((self.entry / MANIFEST).read_bytes())
            for name in PROGRAMS:
                require_unchanged(self.entry / "bin" / name, manifest["programs"][name])
            return Engine(self.entry / "bin", str(manifest["version"]), "cache")
        except PermissionError as error:
            raise WayFailed(f"cannot be read: {error}") from error
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise Damaged(f"damaged ({type(error).__name__}: {error})") from error

    @contextmanager
    def locked(self, progress: Progress) -> Iterator[int]:
        """Hold the entry alone, waiting and saying so while somebody else does; gives the lock's descriptor.

        Raises CacheUnwritable if the folder cannot be made or written.
        """
        with self._writing():
            self.folder.mkdir(parents=True, exist_ok=True)
            descriptor = os.open(self.folder / f".{self.key}.lock", os.O_RDWR | os.O_CREAT, 0o644)
        try:
            with self._writing():
                take_turn(descriptor, progress)
            os.ftruncate(descriptor, 0)
            os.pwrite(descriptor, str(os.getpid()).encode(), 0)
            yield descriptor
        finally:
            os.close(descriptor)

    @contextmanager
    def scratch(self) -> Iterator[Path]:
        """Give an empty folder beside the entry, gone afterwards; only while locked.

        What killed attempts left behind is removed first: the lock says that none of them still runs.
        """
        for stale in self.folder.glob(f".{self.key}.part-*"):
            shutil.rmtree(stale, ignore_errors=True)
        with self._writing():
            folder = Path(tempfile.mkdtemp(prefix=f".{self.key}.part-", dir=self.folder))
        try:
            (folder / "entry" / "bin").mkdir(parents=True)
            yield folder
        finally:
            shutil.rmtree(folder, ignore_errors=True)

    def publish(self, product: Path, origin: Origin, env: Mapping[str, str]) -> Engine:
        """Make a finished product the entry, in one step; raises WayFailed if it is not the engine it should be."""
        version = cli_version(product / "bin" / "pulumi", env)
        if numbers(version) != numbers(CLI_VERSION):
            raise WayFailed(f"gave a pulumi {version}, not {CLI_VERSION}")
        seal(product, version, origin)
        if self.entry.exists():  # damaged, or load() had taken it
            self.entry.rename(product.with_name("replaced"))
        product.rename(self.entry)
        sync(self.folder)
        return Engine(self.entry / "bin", version, origin)

    @contextmanager
    def _writing(self) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            raise CacheUnwritable(
                f"There is no Pulumi engine yet, and the cache folder {self.folder} cannot be written to keep one: "
                f"{error.strerror or error}.\nWay out: set AREA1_CACHE_DIR to a folder that can be written, or put a "
                "Pulumi CLI with pulumi-language-python on PATH. Then run it again."
            ) from error


def take_turn(descriptor: int, progress: Progress) -> None:
    """Lock the file, waiting for whoever holds it."""
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        holder = os.pread(descriptor, 32, 0).decode(errors="replace").strip() or "unknown"
        with progress.phase(f"waiting for another area1 (process {holder}) that is getting the engine"):
            fcntl.flock(descriptor, fcntl.LOCK_EX)


def seal(product: Path, version: str, origin: Origin) -> None:
    """Write the manifest and bring everything to disk, so that a rename makes it the entry."""
    programs = {name: fingerprint(product / "bin" / name) for name in PROGRAMS}
    manifest = {"version": version, "origin": origin, "programs": programs}
    (product / MANIFEST).write_text(json.dumps(manifest, indent=2) + "\n")
    for path in (*product.glob("bin/*"), product / MANIFEST, product / "bin", product):
        sync(path)


def fingerprint(program: Path) -> dict[str, int | str]:
    """Give what load() compares; raises WayFailed if the program is not there."""
    try:
        stat = program.stat()
        return {"size": stat.st_size, "mtime_ns": stat.st_mtime_ns, "sha256": digest(program)}
    except OSError as error:
        raise WayFailed(f"gave no {program.name}: {error.strerror}") from error


def require_unchanged(program: Path, written: Mapping[str, int | str]) -> None:
    """Raise ValueError if a program is not as it was written.

    Size and time are compared on every call; contents only where the time differs, as after a restored backup.
    """
    stat = program.stat()
    if stat.st_size != written["size"]:
        raise ValueError(f"{program.name} has {stat.st_size} bytes, not {written['size']}")
    if not os.access(program, os.X_OK):
        raise ValueError(f"{program.name} is not executable")
    if stat.st_mtime_ns != written["mtime_ns"] and digest(program) != written["sha256"]:
        raise ValueError(f"{program.name} is not what was written")


def digest(path: Path) -> str:
    """Give a file's SHA-256 in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def sync(path: Path) -> None:
    """Bring a file or a folder to disk."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
