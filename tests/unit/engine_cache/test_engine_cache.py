"""The cache of engines: whole or not there, whoever is killed, interferes or comes at the same time."""

import os
import signal
from collections.abc import Callable
from pathlib import Path

import pytest
from fake_machine import Machine, taken_within

from area1_provider.engine import CacheUnwritable
from area1_provider.engine.cache import MANIFEST, cache_root


def parts(machine: Machine) -> list[Path]:
    """Give the scratch folders that lie in the cache."""
    return list(machine.cache.folder.glob(".*.part-*"))


@pytest.mark.parametrize(
    ("env", "root"),
    [
        ({"AREA1_CACHE_DIR": "/a", "XDG_CACHE_HOME": "/x", "HOME": "/h"}, "/a"),
        ({"XDG_CACHE_HOME": "/x", "HOME": "/h"}, "/x/area1"),
        ({"XDG_CACHE_HOME": "relative", "HOME": "/h"}, "/h/.cache/area1"),
        ({"XDG_CACHE_HOME": "", "AREA1_CACHE_DIR": "", "HOME": "/h"}, "/h/.cache/area1"),
    ],
)
def test_cache_stands_where_the_environment_says(env: dict[str, str], root: str) -> None:
    """Our own setting comes first, then the XDG folder if it is absolute, then ~/.cache."""
    assert Path(root) == cache_root(env)


def test_finished_entry_is_executable_and_nothing_else_remains(machine: Machine) -> None:
    """All four programs can be run, the scripts too, and the scratch folder is gone."""
    machine.put_go()

    engine = machine.ensure()

    assert all(os.access(program, os.X_OK) for program in engine.bin_dir.iterdir())
    assert len(list(engine.bin_dir.iterdir())) == 4
    assert parts(machine) == []


@pytest.mark.parametrize("place", ["cache", "cache/engine"])
def test_unwritable_cache_is_one_message_with_the_way_out(machine: Machine, place: str) -> None:
    """A cache folder that cannot be made stops everything before anything is downloaded or built."""
    machine.put_go()
    blocker = machine.root / place
    blocker.parent.mkdir(exist_ok=True)
    blocker.write_text("a file where the folder would stand; binds root too")

    with pytest.raises(CacheUnwritable) as caught:
        machine.ensure()

    assert f"cache folder {machine.cache.folder} cannot be written" in str(caught.value)
    assert "set AREA1_CACHE_DIR to a folder that can be written" in str(caught.value)
    assert machine.log("go") == machine.log("python") == []


def test_unwritable_cache_that_holds_the_engine_will_do(machine: Machine) -> None:
    """Using what is there needs no lock and writes nothing."""
    machine.put_go()
    machine.ensure()
    (machine.cache.folder / f".{machine.cache.key}.lock").unlink()

    machine.ensure()

    assert [machine.cache.key] == [path.name for path in machine.cache.folder.iterdir()]


def truncate(entry: Path) -> None:
    """Cut a program."""
    os.truncate(entry / "bin" / "pulumi", 5)


def replace(entry: Path) -> None:
    """Put other contents of the same size."""
    program = entry / "bin" / "pulumi"
    program.write_text("x" * program.stat().st_size)


def remove(entry: Path) -> None:
    """Take a program away."""
    (entry / "bin" / "pulumi-language-python").unlink()


def disarm(entry: Path) -> None:
    """Take a run bit away."""
    (entry / "bin" / "pulumi-language-python-exec").chmod(0o644)


def scribble(entry: Path) -> None:
    """Make the manifest no JSON."""
    (entry / MANIFEST).write_text("{")


def empty(entry: Path) -> None:
    """Make the manifest JSON that says nothing."""
    (entry / MANIFEST).write_text("[]")


@pytest.mark.parametrize("damage", [truncate, replace, remove, disarm, scribble, empty])
def test_damaged_entry_is_told_and_made_anew(machine: Machine, damage: Callable[[Path], None]) -> None:
    """An entry that is not as it was written is never used; it is replaced by a good one."""
    machine.put_go()
    machine.ensure()
    damage(machine.cache.entry)

    engine = machine.ensure()

    assert engine.origin == "build"
    assert "is damaged (" in machine.said.getvalue()
    assert machine.ensure().origin == "cache"


def test_restored_backup_is_the_same_engine(machine: Machine) -> None:
    """Other times on the same contents, as after a restored CI cache, are no damage."""
    machine.put_go()
    engine = machine.ensure()
    for program in engine.bin_dir.iterdir():
        os.utime(program, (1, 1))

    assert machine.ensure().origin == "cache"


def test_two_at_once_build_once(machine: Machine) -> None:
    """The second says that it waits, and takes what the first has made."""
    machine.put_go()
    machine.block_builds()
    with machine.start() as first:
        machine.wait_for_build()
        with machine.start() as second:
            assert second.stderr is not None
            assert second.stderr.readline() == (
                f"engine: waiting for another area1 (process {first.pid}) that is getting the engine ...\n"
            )
            machine.release_build()
            outputs = {first.communicate()[0], second.communicate()[0]}

    assert (first.returncode, second.returncode) == (0, 0)
    assert outputs == {f"{machine.cache.entry / 'bin'}\n"}
    assert len(machine.log("go")) == 2  # the CLI and the host, each once


def test_killed_build_is_not_taken_for_complete(machine: Machine) -> None:
    """After SIGKILL there is no entry; the next one waits for the orphaned compiler, tidies up and builds."""
    machine.put_go()
    machine.block_builds()
    with machine.start() as first:
        machine.wait_for_build()
        first.kill()
        first.communicate()
    assert not machine.cache.entry.exists()
    assert len(parts(machine)) == 1

    with machine.start() as second:
        assert second.stderr is not None
        assert "waiting for another area1" in second.stderr.readline()
        machine.release_build()
        out, _ = second.communicate()

    assert out == f"{machine.cache.entry / 'bin'}\n"
    assert parts(machine) == []
    assert machine.ensure().origin == "cache"


def test_terminated_build_takes_its_children_along(machine: Machine) -> None:
    """After SIGTERM neither the compiler nor the scratch folder remains."""
    machine.put_go()
    machine.block_builds()
    with machine.start() as builder:
        machine.wait_for_build()
        builder.send_signal(signal.SIGTERM)
        builder.communicate()

    assert builder.returncode == 128 + signal.SIGTERM
    with (machine.cache.folder / f".{machine.cache.key}.lock").open() as lock:  # the compiler has inherited it
        assert taken_within(lock, seconds=60)
    assert parts(machine) == []
    assert not machine.cache.entry.exists()


def test_failed_build_leaves_nothing_and_the_next_one_works(machine: Machine) -> None:
    """A failure is not remembered beyond its message."""
    machine.put_go()
    trouble = machine.root / "go.fails"
    trouble.write_text("dial tcp: refused")
    with pytest.raises(RuntimeError, match="dial tcp: refused"):
        machine.ensure()
    assert parts(machine) == []

    trouble.unlink()
    assert machine.ensure().origin == "build"
