"""`area1 demo` as a person runs it: the guide, drift, repair, destroy, and nothing left behind."""

import os
import shutil
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from area1_command import area1
from surroundings import told_packages

CHECKOUT = Path(__file__).parents[2]
GROUP = '  area1:group: {name: "Journaled users", members: [adelev@contoso.com, meganb@contoso.com]}\n'


@pytest.fixture
def shell(tmp_path: Path) -> dict[str, str]:
    """A shell's environment that points at somebody's real tenant, with a temporary folder of its own."""
    real = {"ARM_TENANT_ID": "real.example.com", "AREA1_EXCHANGE_URL": "https://localhost:1", "PULUMI_STACK": "us"}
    return {**os.environ, **real, "TMPDIR": str(tmp_path)}


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """The checkout's own files; its stack restricts the rule to a group, so that every resource takes part."""
    folder = tmp_path / "checkout"
    shutil.copytree(CHECKOUT / "stacks", folder / "stacks")
    for file in ("Pulumi.yaml", "__main__.py"):
        shutil.copy(CHECKOUT / file, folder)
    stack = folder / "stacks" / "Pulumi.offline.yaml"
    text = stack.read_text(encoding="utf-8")
    stack.write_text(text if "area1:group" in text else text + GROUP, encoding="utf-8")
    return folder


def test_two_demos_at_once_play_to_their_end_and_leave_nothing(
    shell: dict[str, str], tmp_path: Path, checkout: Path
) -> None:
    """Every act is shown with its command, in order; nothing of the shell's own tenant is touched, no file is left."""
    before = {file: file.read_bytes() for file in checkout.rglob("*") if file.is_file()}

    environment = {**shell, "PYTHONPATH": str(told_packages())}
    with ThreadPoolExecutor() as pool:
        both = [pool.submit(area1, "demo", cwd=checkout / "stacks", environment=environment) for _ in range(2)]

    for played in (one.result() for one in both):
        assert played.returncode == 0, played.stdout + played.stderr
        in_order(played.stdout)
    assert list(tmp_path.iterdir()) == [checkout]
    assert {file: file.read_bytes() for file in checkout.rglob("*") if file.is_file()} == before


def in_order(stdout: str) -> None:
    """Expect every act of the demo, one after the other."""
    acts = ("pulumi up", "area1 status", "leaves the group", "pulumi refresh", "pulumi preview", "pulumi destroy")
    told = ("1. Remove-JournalRule", "2. Remove-OutboundConnector", "3. Remove-DistributionGroup", "All as expected")
    places = [stdout.index(text) for text in (*acts, *told)]
    assert places == sorted(places)
    assert "~ tls_settings" in stdout


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
