"""The stack's saved state, where it cannot be had. Where it can: tests/engine/test_repair.py."""

from pathlib import Path

import pytest

from area1_provider.project import NoStack, PulumiFailed
from area1_provider.saved_state import SavedState, facts_of


@pytest.fixture
def nothing_here(tmp_path: Path) -> SavedState:
    """Give the state of a run on a machine without a `pulumi`."""
    return SavedState({"PATH": str(tmp_path), "AREA1_CACHE_DIR": str(tmp_path)})


def test_no_pulumi(nothing_here: SavedState) -> None:
    """A `pulumi` that is not there is an error of ours, in one line that says what was asked."""
    nothing_here.told(facts_of("o/p/s", []))

    with pytest.raises(PulumiFailed, match=r"^`pulumi stack export` does not run here: No Pulumi engine"):
        nothing_here.resources()


def test_no_stack(nothing_here: SavedState) -> None:
    """A program that told nothing has a state that nobody can find."""
    nothing_here.told(None)

    with pytest.raises(NoStack):
        nothing_here.resources()


def test_a_pulumi_that_does_not_end(tmp_path: Path) -> None:
    """An export that takes too long is given up."""
    (tmp_path / "pulumi").write_text("#!/bin/sh\n[ $1 = version ] && { echo v3.259.0; exit; }\nexec sleep 600\n")
    for name in ("pulumi", "pulumi-language-python", "pulumi-resource-pulumi-python"):
        (tmp_path / name).touch()
        (tmp_path / name).chmod(0o755)
    state = SavedState({"PATH": f"{tmp_path}:/usr/bin:/bin"}, seconds=0.1)
    state.told(facts_of("o/p/s", []))

    with pytest.raises(PulumiFailed, match="did not end within"):
        state.resources()
