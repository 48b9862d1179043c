"""Which way to an engine is taken, and what is said when none leads anywhere."""

import pytest
from fake_machine import Machine

from area1_provider.engine import EngineUnavailable, find
from area1_provider.engine.release import CLI_VERSION


def test_path_comes_first(machine: Machine) -> None:
    """A new enough pulumi with its Python host is used, silently, and no cache is made."""
    machine.put_pulumi("3.253.0")

    engine = machine.ensure()

    assert (machine.bin, "3.253.0", "PATH") == (engine.bin_dir, engine.version, engine.origin)
    assert not machine.cache.folder.exists()
    assert machine.said.getvalue() == ""


def test_path_wins_over_cache(machine: Machine) -> None:
    """An engine that appears on PATH later is preferred to the cached one."""
    machine.put_go()
    machine.ensure()
    machine.put_pulumi("3.300.1")

    assert machine.ensure().version == "3.300.1"


def test_path_companions_may_stand_elsewhere(machine: Machine) -> None:
    """The language host need only be on PATH."""
    machine.put_pulumi("3.260.0", companions=["resource-pulumi-python"])
    machine.put("pulumi-language-python", "exit 0", machine.root / "elsewhere")
    machine.env["PATH"] += f":{machine.root / 'elsewhere'}"

    assert machine.ensure().origin == "PATH"


def test_path_companions_beside_the_links_target(machine: Machine) -> None:
    """A pulumi that is linked into PATH has its host beside the real file."""
    machine.put_pulumi("3.260.0")
    links = machine.root / "links"
    links.mkdir()
    (links / "pulumi").symlink_to(machine.bin / "pulumi")
    machine.env["PATH"] = str(links)

    assert find(machine.env).bin_dir == links


@pytest.mark.parametrize(
    ("version", "companions", "reason"),
    [
        ("3.252.9", ["language-python", "resource-pulumi-python"], "is 3.252.9, older than 3.253.0"),
        ("2.999.0", ["language-python", "resource-pulumi-python"], "is 2.999.0, older than 3.253.0"),
        ("3.260.0", ["resource-pulumi-python"], "has no pulumi-language-python beside it or on PATH"),
        ("3.260.0", ["language-python"], "has no pulumi-resource-pulumi-python beside it or on PATH"),
        ("none", [], "does not tell its version but 'vnone'"),
    ],
)
def test_unfit_pulumi_is_passed_over(machine: Machine, version: str, companions: list[str], reason: str) -> None:
    """A pulumi that is too old, lacks its host or talks nonsense is named, and the next way is taken."""
    machine.put_pulumi(version, companions)

    with pytest.raises(EngineUnavailable, match=reason):
        find(machine.env)

    machine.put_go()
    assert machine.ensure().origin == "build"


def test_pulumi_that_fails_is_passed_over(machine: Machine) -> None:
    """The words of a pulumi that cannot even tell its version are handed on."""
    machine.put("pulumi", "echo 'no such library' >&2; exit 3")

    with pytest.raises(EngineUnavailable, match=r"ended with code 3: no such library"):
        find(machine.env)


def test_installer_comes_before_the_build(machine: Machine) -> None:
    """What Pulumi's installer gives is kept in the cache; Go is not asked."""
    machine.put_go()
    machine.let_installer_work()

    engine = machine.ensure()

    assert (engine.version, engine.origin) == (CLI_VERSION, "installer")
    assert engine.bin_dir == machine.cache.entry / "bin"
    assert machine.log("go") == []


def test_cache_answers_the_second_time(machine: Machine) -> None:
    """Once obtained, an engine is found without running anything but itself."""
    machine.put_go()
    built = machine.ensure()
    (machine.bin / "go").unlink()
    calls = machine.log("python")

    again = machine.ensure()

    assert (built.origin, again.origin) == ("build", "cache")
    assert built.bin_dir == again.bin_dir == find(machine.env).bin_dir
    assert calls == machine.log("python")


def test_one_error_names_all_four_ways(machine: Machine) -> None:
    """When nothing works, one text tells what each way said, and the way out."""
    machine.put_pulumi("3.10.0")
    machine.put_go("1.21.0")

    with pytest.raises(EngineUnavailable) as caught:
        machine.ensure()

    lines = str(caught.value).splitlines()
    assert "1. `pulumi` on PATH" in lines[1]
    assert "3.10.0, older than 3.253.0" in lines[1]
    assert f"2. the cache, {machine.cache.entry}: nothing there yet" in lines[2]
    assert "3. Pulumi's own installer: `fake-python -c ...` ended with code 1:" in lines[3]
    assert "URLError: no route to the site" in lines[4]
    assert "4. a build from Go modules" in lines[5]
    assert "too old (go version go1.21.0 linux/amd64; 1.25.11 is needed)" in lines[5]
    assert "ERROR: no matching distribution" in lines[6]
    assert lines[7].startswith("Way out: put a Pulumi CLI of 3.253.0 or newer on PATH")
    assert not machine.cache.entry.exists()


def test_a_way_that_gives_another_version_gives_nothing(machine: Machine) -> None:
    """What was made is asked for its version before it is kept."""
    machine.put_go()
    machine.put("go", (machine.bin / "go").read_text().replace(f"echo v{CLI_VERSION}", "echo v3.1.0"))

    with pytest.raises(EngineUnavailable, match=f"gave a pulumi 3.1.0, not {CLI_VERSION}"):
        machine.ensure()


def test_a_way_that_leaves_a_program_out_gives_nothing(machine: Machine) -> None:
    """An engine without its scripts is not kept."""
    machine.let_installer_work()
    script = machine.python.read_text().replace("pulumi-resource-pulumi-python", "")
    machine.python.write_text(script)

    with pytest.raises(EngineUnavailable, match="gave no pulumi-resource-pulumi-python"):
        machine.ensure()


def test_find_obtains_nothing(machine: Machine) -> None:
    """The quick look names both places and the command that obtains the engine."""
    machine.put_go()

    with pytest.raises(EngineUnavailable, match=r"(?s)1\. .*none there.*2\. .*nothing there yet.*make engine"):
        find(machine.env)

    assert machine.log("go") == machine.log("python") == []
    assert not machine.cache.folder.exists()
