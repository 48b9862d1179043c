"""What tests of commands share besides the emulator."""

import os

import pytest


@pytest.fixture
def alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """Leave no setting of ours in this process's environment."""
    for name in [name for name in os.environ if name.startswith(("ARM_", "AZURE_", "AREA1_"))]:
        monkeypatch.delenv(name)
