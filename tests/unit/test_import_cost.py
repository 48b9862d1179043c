"""What importing the package loads: a program pays for pulumi, not for what only an operation needs."""

import subprocess
import sys

import pytest


def loaded_by(statement: str) -> set[str]:
    """Give the top-level modules that a fresh interpreter holds after a statement."""
    code = f"{statement}\nimport sys; print(*{{name.partition('.')[0] for name in sys.modules}})"
    return set(subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True).stdout.split())


def test_public_names_load_nothing_but_pulumi() -> None:
    """Every public name can be imported without msal, requests and the other libraries of an operation."""
    heavy = {"msal", "requests", "urllib3", "cryptography", "email_validator", "tenacity", "starlette", "rich", "typer"}

    assert not heavy & loaded_by("from area1_provider import *") - loaded_by("import pulumi")


@pytest.mark.parametrize("module", ["area1_provider", "area1_provider.emulator", "area1_provider.cli"])
def test_the_package_itself_does_without_pulumi(module: str) -> None:
    """The emulator and the CLI start without pulumi, which takes a third of a second to load."""
    assert "pulumi" not in loaded_by(f"import {module}")
