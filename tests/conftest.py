"""What the whole suite shares: how laws are tried, the count of examples over all of pytest's processes, a loop."""

import asyncio
import sys
from collections import Counter
from typing import Any

import pytest
from hypothesis import HealthCheck, settings

# Nothing here is timed: how fast examples come says how busy the machine is.
settings.register_profile("suite", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("suite")

elsewhere: Counter[str] = Counter()
"""Examples that xdist's workers tried, by law."""


def tried_here() -> Counter[str]:
    """Give the examples that this process tried; none if it ran no law."""
    strategies = sys.modules.get("strategies")
    return Counter(getattr(strategies, "tried", {}))


@pytest.fixture(scope="session")
def event_loop() -> None:
    """A loop for what Pulumi makes outside a program: without one Python 3.12 warns, and 3.14 refuses.

    It stays open: what Pulumi leaves running in it has no end.
    """
    asyncio.set_event_loop(asyncio.new_event_loop())


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Hand a worker's count to the process that reports."""
    if hasattr(session.config, "workeroutput"):
        session.config.workeroutput["tried"] = dict(tried_here())


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any) -> None:
    """Take a worker's count."""
    elsewhere.update(getattr(node, "workeroutput", {}).get("tried", {}))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say how many examples the laws were tried with."""
    tried = elsewhere + tried_here()
    if tried:
        terminalreporter.section("laws: examples tried")
        for law, number in sorted(tried.items()):
            terminalreporter.write_line(f"{number:6}  {law}")
        terminalreporter.write_line(f"{sum(tried.values()):6}  in all")
