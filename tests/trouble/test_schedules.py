"""Random programs under random misfortunes: when the trouble is over, one more `up` comes to what is declared.

A few seeds run with the other tests; AREA1_SCHEDULES says how many (`make trouble`: 1000).
"""

import os
import time
from collections import Counter
from collections.abc import Callable

import pytest
from schedules import addressing, every_kind, moving, renaming, schedule
from world import World

SCHEDULES = int(os.environ.get("AREA1_SCHEDULES", "20"))
FIRST = int(os.environ.get("AREA1_SEED", "1"))


FEWER = max(10, SCHEDULES // 5)


@pytest.mark.parametrize(
    ("law", "count"),
    [(schedule, SCHEDULES), (renaming, FEWER), (moving, FEWER), (addressing, FEWER)],
    ids=["changed", "renamed", "both", "addresses"],
)
def test_schedules(
    law: Callable[..., Counter[str]],
    count: int,
    place: World,
    capsys: pytest.CaptureFixture[str],
    record_property: Callable[[str, object], None],
) -> None:
    """Every schedule converges; its seed is named where one does not."""
    began, met, failed = time.monotonic(), Counter[str](), {}
    for seed in range(FIRST, FIRST + count):
        try:
            met += law(place, seed, every_kind)
        except Exception as error:  # noqa: BLE001  # every seed is tried, each failure told
            failed[seed] = f"{type(error).__name__}: {error}"[:2000]
            record_property("failed seed", seed)
    with capsys.disabled():
        seconds = time.monotonic() - began
        print(f"\n{count} schedules in {seconds:.0f} s, runs in trouble: {sum(met.values())} ({dict(met)})")  # noqa: T201
    assert not failed, "\n".join(f"seed {seed}: {told}" for seed, told in failed.items())
