"""`area1 demo` as a person runs it: the guide, drift, repair, destroy, and nothing left behind."""

import os
from pathlib import Path

import pytest
from area1_command import area1

CHECKOUT = Path(__file__).parents[2]


@pytest.fixture
def shell(tmp_path: Path) -> dict[str, str]:
    """A shell's environment that points at somebody's real tenant, with a temporary folder of its own."""
    real = {"ARM_TENANT_ID": "real.example.com", "AREA1_EXCHANGE_URL": "https://localhost:1", "PULUMI_STACK": "us"}
    return {**os.environ, **real, "TMPDIR": str(tmp_path)}


def test_the_demo_plays_to_its_end_and_leaves_nothing(shell: dict[str, str], tmp_path: Path) -> None:
    """Every act is shown with its command; the shell's own tenant is not touched; the temporary folder is empty."""
    before = {file: file.read_bytes() for file in (CHECKOUT / "stacks").iterdir()}

    played = area1("demo", cwd=CHECKOUT, environment=shell)

    assert played.returncode == 0, played.stdout + played.stderr
    acts = ("pulumi up", "area1 status", "pulumi refresh", "pulumi preview", "pulumi destroy", "All as expected")
    places = [played.stdout.index(act) for act in acts]
    assert places == sorted(places)
    assert "~ tls_settings" in played.stdout
    assert list(tmp_path.iterdir()) == []
    assert {file: file.read_bytes() for file in (CHECKOUT / "stacks").iterdir()} == before


def test_a_step_that_fails_ends_the_demo_with_code_1(shell: dict[str, str], tmp_path: Path) -> None:
    """What pulumi said is shown, once, and the exit code tells."""
    broken = tmp_path / "checkout"
    (broken / "stacks").mkdir(parents=True)
    (broken / "Pulumi.yaml").write_text("name: area1\nruntime: python\nstackConfigDir: stacks\n", encoding="utf-8")
    (broken / "stacks" / "Pulumi.offline.yaml").write_text("config: {}\n", encoding="utf-8")
    (broken / "__main__.py").write_text("raise SystemExit('the program is broken')\n", encoding="utf-8")

    played = area1("demo", cwd=broken, environment=shell)

    assert played.returncode == 1
    assert "the program is broken" in played.stderr
    assert "`pulumi up` ended with code" in played.stderr
