"""What a stack of many resources costs: seconds of each operation, calls to Exchange, and the largest process.

    python benchmarks/many_resources.py [COUNT]

Runs the real engine on the offline Exchange, COUNT outbound connectors (200) in one program. Compare figures within one
run only.
"""

import os
import resource
import subprocess
import sys
import sysconfig
import tempfile
import time
from pathlib import Path

from area1_provider import engine
from area1_provider.emulator import Emulator

PROGRAM = """
import area1_provider as area1

for number in range({count}):
    area1.OutboundConnector(
        f"connector-{{number}}",
        area1.OutboundConnectorArgs(
            recipient_domains=[f"d{{number}}.example"], use_mx_record=False, smart_hosts=["a.example"]
        ),
    )
"""

OPERATIONS = {
    "up (create)": ("up", "--yes", "--skip-preview"),
    "up (no change)": ("up", "--yes", "--skip-preview"),
    "preview": ("preview",),
    "refresh": ("refresh", "--yes", "--skip-preview"),
    "destroy": ("destroy", "--yes", "--skip-preview"),
}


def environment(folder: Path, found: engine.Engine, emulator: Emulator) -> dict[str, str]:
    """Give the environment of an isolated run."""
    base = {
        **os.environ,
        **emulator.environment(),
        "PULUMI_HOME": str(folder / "home"),
        "PULUMI_BACKEND_URL": (folder / "backend").as_uri(),
        "PULUMI_CONFIG_PASSPHRASE": "benchmark",
    }
    return dict(found.environment(base, Path(sysconfig.get_path("scripts"))))


def main(count: int) -> None:
    """Run every operation once and print what it took."""
    found = engine.ensure()
    with tempfile.TemporaryDirectory() as name, Emulator() as emulator:
        folder = Path(name)
        (folder / "backend").mkdir()
        (folder / "Pulumi.yaml").write_text("name: benchmark\nruntime: python\n", encoding="utf-8")
        (folder / "__main__.py").write_text(PROGRAM.format(count=count), encoding="utf-8")
        run = environment(folder, found, emulator)
        subprocess.run(
            [found.pulumi, "stack", "init", "benchmark"], cwd=folder, env=run, check=True, capture_output=True
        )
        for operation, arguments in OPERATIONS.items():
            emulator.control.clear_calls()
            started = time.perf_counter()
            subprocess.run([found.pulumi, *arguments], cwd=folder, env=run, check=True, capture_output=True)
            seconds, calls = time.perf_counter() - started, len(emulator.control.calls())
            print(f"{operation:15} {seconds:6.1f} s  {calls:4} calls")
    print(f"largest process {resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024:6.0f} MiB")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 200)
