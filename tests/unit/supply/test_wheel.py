"""The wheel: everything of the package is in it, and each choice of extras gives what it promises."""

import email
import os
import subprocess
import sys
import zipfile
from collections.abc import Iterable, Iterator
from importlib.metadata import Distribution, PathDistribution, distribution
from pathlib import Path

import pytest
from packaging.requirements import Requirement

CHECKOUT = Path(__file__).parents[3]
EXTRAS = ("cli", "emulator")


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the wheel."""
    folder = tmp_path_factory.mktemp("dist")
    command = [sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", str(folder)]
    done = subprocess.run(command, cwd=CHECKOUT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    (made,) = folder.glob("*.whl")
    return made


def installed(wheel: Path, folder: Path, *extras: str) -> dict[str, str]:
    """Put the wheel, and what it and these extras require, where a Python without site-packages finds it.

    Gives that Python's environment. What is required comes from this machine's own packages.
    """
    options = ["--no-deps", "--no-index", "--no-compile", "--quiet", "--disable-pip-version-check"]
    command = [sys.executable, "-m", "pip", "install", *options, "--target", str(folder), str(wheel)]
    subprocess.run(command, check=True)
    (metadata,) = folder.glob("*.dist-info")
    for one in required(PathDistribution(metadata), extras):
        for name in {file.parts[0] for file in one.files or ()} - {"..", "__pycache__"}:
            if not (folder / name).exists():
                (folder / name).symlink_to(Path(str(one.locate_file(name))))
    machine = {name: value for name, value in os.environ.items() if not name.startswith(("ARM_", "AZURE_", "AREA1_"))}
    return {**machine, "PYTHONPATH": str(folder), "PYTHONDONTWRITEBYTECODE": "1"}


def required(one: Distribution, extras: Iterable[str], seen: set[str] | None = None) -> Iterator[Distribution]:
    """Give the distributions that one requires on this machine, and those that they require."""
    seen = set() if seen is None else seen
    for text in one.requires or ():
        wanted = Requirement(text)
        applies = wanted.marker is None or any(wanted.marker.evaluate({"extra": extra}) for extra in ("", *extras))
        key = f"{wanted.name} {sorted(wanted.extras)}"
        if not applies or key in seen:
            continue
        seen.add(key)
        found = distribution(wanted.name)
        yield found
        yield from required(found, wanted.extras, seen)


def python(environment: dict[str, str], *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run Python with what `installed` has put there, and nothing else."""
    command = [sys.executable, "-S", "-W", "error", *arguments]
    return subprocess.run(
        command, cwd="/", env=environment, capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL
    )


def test_everything_of_the_package_is_in_it(wheel: Path) -> None:
    """Modules, py.typed, the emulator's tables, the engine's go.mod and go.sum; nothing that is not the package's."""
    ours = (file.relative_to(CHECKOUT) for file in (CHECKOUT / "area1_provider").rglob("*") if file.is_file())
    expected = {file.as_posix() for file in ours if "__pycache__" not in file.parts}

    names = set(zipfile.ZipFile(wheel).namelist())

    assert {name for name in names if ".dist-info/" not in name} == expected
    assert {"area1_provider/py.typed", "area1_provider/emulator/pytest_plugin.py"} < names
    assert {Path(name).suffix for name in names if name.startswith("area1_provider/")} >= {".py", ".json", ".sum"}
    assert [name for name in names if name.endswith("/licenses/LICENSE")]


def test_it_carries_its_bill_of_materials(wheel: Path) -> None:
    """Where PEP 770 says: `sboms` in its metadata."""
    with zipfile.ZipFile(wheel) as opened:
        (name,) = [name for name in opened.namelist() if ".dist-info/sboms/" in name]

        assert opened.read(name) == (CHECKOUT / "area1-provider.cdx.json").read_bytes()


def test_its_metadata_name_the_command_and_the_extras(wheel: Path) -> None:
    """`area1` is installed as a command; the extras are optional."""
    files = zipfile.ZipFile(wheel)
    (metadata,) = (files.read(name).decode() for name in files.namelist() if name.endswith("/METADATA"))
    (commands,) = (files.read(name).decode() for name in files.namelist() if name.endswith("/entry_points.txt"))
    headers = email.message_from_string(metadata)

    assert "area1 = area1_provider.cli:main" in commands
    assert set(headers.get_all("Provides-Extra") or ()) == set(EXTRAS)
    plain = {Requirement(text).name for text in headers.get_all("Requires-Dist") or () if "extra ==" not in text}
    assert plain == {"pulumi", "msal", "requests", "urllib3", "tenacity", "email-validator", "cryptography"}


def test_without_extras_the_library_works_and_the_command_says_what_is_missing(wheel: Path, tmp_path: Path) -> None:
    """The core needs no extra; the command names the one that it needs, in one line."""
    environment = installed(wheel, tmp_path)

    library = python(environment, "-c", "import area1_provider as one; print(one.__file__); one.Journaling; one.Tenant")
    command = python(environment, str(tmp_path / "bin" / "area1"), "doctor")

    assert (library.returncode, library.stderr) == (0, "")
    assert library.stdout.strip() == str(tmp_path / "area1_provider" / "__init__.py")
    assert command.returncode == 1
    assert "pip install 'area1-provider[cli]'" in command.stderr
    assert len(command.stderr.splitlines()) == 1


def test_with_the_command_alone_the_emulators_extra_is_named(wheel: Path, tmp_path: Path) -> None:
    """[cli] runs the command; what needs the offline Exchange names [emulator]."""
    environment = installed(wheel, tmp_path, "cli")

    shown = python(environment, str(tmp_path / "bin" / "area1"), "--help")
    missing = python(environment, str(tmp_path / "bin" / "area1"), "emulator")

    assert (shown.returncode, shown.stderr) == (0, "")
    assert "emulator" in shown.stdout
    assert missing.returncode == 1
    assert "pip install 'area1-provider[emulator]'" in missing.stderr
    assert len(missing.stderr.splitlines()) == 1


def test_with_all_extras_the_offline_exchange_runs(wheel: Path, tmp_path: Path) -> None:
    """`area1 emulator run` from the wheel serves what a command needs, and passes its exit code on."""
    environment = installed(wheel, tmp_path, *EXTRAS)
    look = "import os, sys; print(os.environ['AREA1_EXCHANGE_URL'], flush=True); sys.exit(5)"
    inside = (sys.executable, "-S", "-c", look)

    done = python(environment, str(tmp_path / "bin" / "area1"), "emulator", "run", "--", *inside)

    assert done.returncode == 5, done.stderr
    assert done.stdout.startswith("https://localhost:")
