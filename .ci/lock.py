"""Writes requirements.txt anew: exact versions with hashes for every platform; and from it the wheel's bill of materials.

Neither holds an address to download from. Uses uv: the one on PATH, or one fetched into a folder that is thrown away.
"""

import json
import shutil
import subprocess
import sys
import tempfile
import tomllib
from pathlib import Path
from typing import Any

CHECKOUT = Path(__file__).resolve().parent.parent
LOCK = CHECKOUT / "requirements.txt"
BILL = CHECKOUT / "area1-provider.cdx.json"
FORM = ("--universal", "--python-version", "3.11", "--generate-hashes")
PLAIN = ("--no-emit-index-url", "--no-annotate", "--no-header", "--no-emit-package", "pip", "--quiet")
WHAT = ("--group", "pyproject.toml:dev", "--all-extras", "pyproject.toml", "--output-file", str(LOCK))
SBOM = ("--format", "cyclonedx1.5", "--all-extras", "--quiet")


def main() -> None:
    """Lock, then list what of it the library and its extras need. Raises CalledProcessError where uv fails; uv says why."""
    with tempfile.TemporaryDirectory() as folder:
        uv = shutil.which("uv") or fetched(Path(folder))
        subprocess.run([uv, "pip", "compile", *FORM, *PLAIN, *WHAT], cwd=CHECKOUT, check=True)
        lines = LOCK.read_text(encoding="utf-8").replace("\\\n", "").splitlines()
        locked = [[part.strip() for part in line.split("--hash=sha256:")] for line in lines]
        pins = {pin.split("==")[0]: (pin, *hashes) for pin, *hashes in locked}
        bill = plain(listed(uv, Path(folder), [pin for pin, *_ in pins.values()]), pins)
    BILL.write_text(json.dumps(bill, indent=1, sort_keys=True) + "\n", encoding="utf-8")


def fetched(folder: Path) -> str:
    """Give a uv of our own."""
    install = ["install", "--quiet", "--disable-pip-version-check", "--target", str(folder), "uv>=0.13"]
    subprocess.run([sys.executable, "-m", "pip", *install], check=True)
    return str(folder / "bin" / "uv")


def listed(uv: str, folder: Path, pins: list[str]) -> dict[str, Any]:
    """Give uv's bill of what the library and its extras need of these pins, and who needs whom, on every platform."""
    ours = tomllib.loads((CHECKOUT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    kept = ("name", "version", "requires-python", "dependencies")
    lines = [
        "[project]",
        *(f"{name} = {json.dumps(ours[name])}" for name in kept),
        "[project.optional-dependencies]",
        *(f"{name} = {json.dumps(texts)}" for name, texts in ours["optional-dependencies"].items()),
        "[tool.uv]",
        "package = false",
        f"constraint-dependencies = {json.dumps(pins)}",
    ]
    (folder / "pyproject.toml").write_text("\n".join(lines), encoding="utf-8")
    subprocess.run([uv, "lock", "--quiet"], cwd=folder, check=True)
    export = subprocess.run([uv, "export", *SBOM], cwd=folder, check=True, stdout=subprocess.PIPE)
    bill: dict[str, Any] = json.loads(export.stdout)
    return bill


def plain(bill: dict[str, Any], pins: dict[str, tuple[str, ...]]) -> dict[str, Any]:
    """Leave out time, serial number and addresses, so that the same lock gives the same bill; hashes are the lock's."""
    subject = bill["metadata"]["component"]
    subject["purl"] = f"pkg:pypi/{subject['name']}@{subject['version']}"
    for one in bill["components"]:
        hashes = [{"alg": "SHA-256", "content": each} for each in pins[one["name"]][1:]]
        one["externalReferences"] = [{"type": "distribution", "url": one["purl"], "hashes": hashes}]
    del bill["serialNumber"]
    return {**bill, "metadata": {"component": subject}}


if __name__ == "__main__":
    main()
