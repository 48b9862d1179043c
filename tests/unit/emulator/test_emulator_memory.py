"""What a server remembers of its clients is bounded: unread results, the log of calls, tokens."""

import tracemalloc
from datetime import UTC, datetime, timedelta

import pytest

from area1_provider.emulator import calls
from area1_provider.emulator.clock import Clock
from area1_provider.emulator.cmdlets.outcome import Outcome
from area1_provider.emulator.entra.tokens import EXCHANGE, Subject, Tokens
from area1_provider.emulator.exchange import paging
from area1_provider.emulator.exchange.refusals import PageExpired

NOW = datetime(2026, 11, 1, tzinfo=UTC)


def first(pages: paging.Pages, size: int) -> str:
    """Begin to read a result of that many objects; give the token of its second page."""
    return pages.first(Outcome([{}] * size), "session", "tenant", "Get-Recipient", "body", 1).token


def test_results_that_nobody_reads_on_are_forgotten() -> None:
    """Unread results hold so many objects together; then the oldest goes, and its token is over."""
    pages = paging.Pages(Clock(lambda: NOW))
    begun = [first(pages, 10_000) for _ in range(paging.KEPT_OBJECTS // 10_000 + 1)]
    with pytest.raises(PageExpired):
        pages.next(begun[0], "session", "tenant", "body")
    assert pages.next(begun[1], "session", "tenant", "body").number == 2


def test_one_result_is_read_to_its_end_however_long() -> None:
    """The pages of one result count once, and the newest result is kept even where it alone is too much."""
    pages, size, read = paging.Pages(Clock(lambda: NOW)), paging.KEPT_OBJECTS + 2_500, 0
    page = pages.first(Outcome([{}] * size), "session", "tenant", "Get-Recipient", "body", 1000)
    while page.token:
        read += len(page.objects)
        page = pages.next(page.token, "session", "tenant", "body")
    assert read + len(page.objects) == size


def test_the_log_of_calls_forgets_the_oldest() -> None:
    """Numbers go on; only the latest calls are there."""
    log = calls.Calls()
    for number in range(calls.KEPT + 2):
        log.add(request=number, tenant="a", cmdlet="Get-Mailbox", parameters=(), status=200, session="")
    kept = log.all()
    assert (len(kept), kept[0].n, kept[-1].n) == (calls.KEPT, 3, calls.KEPT + 2)


def test_tokens_that_are_over_are_forgotten() -> None:
    """What a token was asked with is dropped with it, while those that are good stay known."""
    moment = NOW
    tokens = Tokens(Clock(lambda: moment))
    subject = Subject("tenant", "client", "object", "name")
    tokens.issue(subject, EXCHANGE)
    tracemalloc.start()
    try:
        for number in range(20):
            token = tokens.issue(subject, EXCHANGE, {"access_token": chr(ord("a") + number) * 1_000_000})
            moment += timedelta(minutes=50)
        held, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert held < 4_000_000
    assert tokens.check(token)["tid"] == "tenant"
