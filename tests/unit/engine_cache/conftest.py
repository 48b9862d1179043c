"""The fixture that tests of the engine finder share."""

from pathlib import Path

import pytest
from fake_machine import Machine


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    """Give a machine that has nothing on PATH but a Python whose installer and pip reach nothing."""
    return Machine(tmp_path)
