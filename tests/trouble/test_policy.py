"""Patience has bounds: per call, per operation, by the clock that is passed in. A plugin whose engine is gone ends."""

import os
import threading
from pathlib import Path

import pytest
from lifecycle import Clock

from area1_provider import errors, orphan
from area1_provider.lost_answers import LostAnswers, Question, of_machine
from area1_provider.retry import Policy, retrying

BUSY = errors.Transient("Get-X", "busy", status=503)
QUESTION = Question("tenant", "Noun", "Näme/../x")


def tries(policy: Policy, until: float = float("inf"), retry_after: str = "") -> int:
    """Count the tries of a call that is busy for ever."""
    count = 0
    busy = errors.Transient("Get-X", "busy", status=503)
    busy.retry_after_text = retry_after

    def call() -> None:
        nonlocal count
        count += 1
        raise busy

    with pytest.raises(errors.Transient):
        retrying(policy, lambda _: True, lambda _: None, until)(call)
    return count


def test_a_call_has_a_budget() -> None:
    """No try begins after the budget of a call, by our clock."""
    clock = Clock()
    began = clock()

    assert tries(Policy(tries=1000, sleep=clock.sleep, clock=clock), retry_after="50") == 7
    assert clock() - began == 300


def test_an_operation_has_one() -> None:
    """Nor after that of the operation, whatever the call has left."""
    clock = Clock()

    assert tries(Policy(tries=1000, sleep=clock.sleep, clock=clock), clock() + 120, retry_after="50") == 3


def test_now_is_believed_once() -> None:
    """A Retry-After of 0 is obeyed once; then we wait as we would."""
    clock = Clock()

    tries(Policy(sleep=clock.sleep, clock=clock), retry_after="0")

    assert clock.slept[0] == 0
    assert any(clock.slept[1:])


def test_a_long_wait_is_said() -> None:
    """A wait of a few seconds is told with its reason; a short one is not."""
    clock, told = Clock(), []
    busy = errors.Transient("Get-X", "busy", status=503)
    busy.retry_after_text = "30"
    answers = iter([busy])

    def call() -> None:
        if (error := next(answers, None)) is not None:
            raise error

    retrying(Policy(sleep=clock.sleep, clock=clock), lambda _: True, told.append)(call)

    assert told == ["waiting 30 s, then trying again: Get-X: busy (HTTP 503)"]


def test_what_is_remembered(tmp_path: Path) -> None:
    """The first time of asking stays until the question is settled, also for another process."""
    LostAnswers(tmp_path / "a").note(QUESTION, 7.0)
    LostAnswers(tmp_path / "a").note(QUESTION, 9.0)

    assert LostAnswers(tmp_path / "a").asked_at(QUESTION) == 7.0
    assert LostAnswers(tmp_path / "a").asked_at(Question("tenant", "Noun", "other")) is None
    LostAnswers(tmp_path / "a").forget(QUESTION)
    assert LostAnswers(tmp_path / "a").asked_at(QUESTION) is None


def test_nothing_can_be_remembered(tmp_path: Path) -> None:
    """A folder that cannot be made, and none at all, keep nothing and fail nothing."""
    (tmp_path / "file").touch()
    for kept in (LostAnswers(tmp_path / "file"), LostAnswers()):
        kept.note(QUESTION, 7.0)
        kept.forget(QUESTION)
        assert kept.asked_at(QUESTION) is None


def test_where_it_is_remembered() -> None:
    """Notes lie in Pulumi's own folder."""
    assert of_machine({"PULUMI_HOME": "/p"}).folder == Path("/p/area1/lost-answers")
    assert of_machine({}).folder == Path.home() / ".pulumi/area1/lost-answers"


def test_a_plugin_ends_with_its_engine() -> None:
    """While the engine reads, the plugin stays; when nobody can read any more, it leaves."""
    reader, writer = os.pipe()
    left = threading.Event()
    watch = threading.Thread(target=orphan.wait, args=(writer, lambda _: left.set()), daemon=True)
    watch.start()
    assert not left.is_set()

    os.close(reader)

    assert left.wait(10)
    watch.join()
    os.close(writer)
