"""What importing costs: nobody pays for libraries of a way to sign in that is not used."""

import subprocess
import sys

import pytest


@pytest.mark.parametrize("module", ["msal", "cryptography", "requests"])
def test_not_imported(module: str) -> None:
    """Neither settings nor auth import msal, cryptography or requests before a token is needed."""
    # The package's own __init__ may import more: only what these two add counts.
    program = (
        "import sys, area1_provider; known = set(sys.modules)\n"
        "import area1_provider.settings, area1_provider.auth, area1_provider.network\n"
        f"sys.exit({module!r} in set(sys.modules) - known)"
    )

    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0
