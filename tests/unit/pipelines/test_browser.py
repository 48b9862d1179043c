"""Tests of seeing to a browser: installed on CI machines of our own, and nowhere else."""

import shutil
import subprocess
from pathlib import Path

import pytest

SCRIPT = Path(__file__).parents[3] / ".ci/pipeline-browser"


def see_to_it(
    folder: Path, *programs: str, user: int = 0, **env: str
) -> tuple[subprocess.CompletedProcess[str], list[str]]:
    """Run the script on a machine with these programs, each of which writes down its call; `id` tells the user."""
    bin_dir = folder / "bin"
    bin_dir.mkdir()
    for name in ("bash", "env"):
        (bin_dir / name).symlink_to(str(shutil.which(name)))
    bodies = {name: f'echo "{name} $*" >>"$CALLS"\nexit "${{APT_CODE:-0}}"' for name in programs}
    for name, body in {**bodies, "id": f"echo {user}"}.items():
        (bin_dir / name).write_text(f"#!{bin_dir}/bash\n{body}\n", encoding="utf-8")
        (bin_dir / name).chmod(0o755)
    calls = folder / "calls"
    calls.touch()
    around = {"PATH": str(bin_dir), "CALLS": str(calls), **env}
    done = subprocess.run([str(SCRIPT)], env=around, capture_output=True, encoding="utf-8", check=False)
    return done, calls.read_text(encoding="utf-8").splitlines()


def test_ci_machine_gets_a_browser(tmp_path: Path) -> None:
    """Root of a CI machine without a browser gets Debian's chromium."""
    done, calls = see_to_it(tmp_path, "apt-get", CI="true")
    assert done.returncode == 0
    assert calls == ["apt-get update -qq", "apt-get install -y -qq --no-install-recommends chromium"]


@pytest.mark.parametrize(
    ("programs", "user", "env"),
    [
        (("apt-get",), 0, {}),
        (("apt-get",), 1000, {"CI": "true"}),
        (("apt-get", "google-chrome"), 0, {"CI": "true"}),
        (("apt-get",), 0, {"CI": "true", "CHROMIUM": "/opt/chromium"}),
        ((), 0, {"CI": "true"}),
    ],
    ids=["a person's machine", "not root", "one is there", "one is named", "no apt-get"],
)
def test_other_machines_are_left_as_they_are(
    tmp_path: Path, programs: tuple[str, ...], user: int, env: dict[str, str]
) -> None:
    """Nothing is installed on a person's machine, without the right to, or where there is a browser."""
    done, calls = see_to_it(tmp_path, *programs, user=user, **env)
    assert (done.returncode, calls) == (0, [])


def test_failed_installation_does_not_fail_the_ci(tmp_path: Path) -> None:
    """Without a browser all other tests still run, and what is left out is said."""
    done, _ = see_to_it(tmp_path, "apt-get", CI="true", APT_CODE="100")
    assert done.returncode == 0
    assert "left out" in done.stdout
