"""What this machine remembers of questions nobody answered: one asker at a time, whoever else asks and whoever dies."""

import subprocess
import sys
from pathlib import Path

from area1_provider.lost_answers import LostAnswers, Question

QUESTION = Question("1b2c", "JournalRule", "Journal Messages to Area 1")
OTHER_RUN = """
import sys
from pathlib import Path
from area1_provider.lost_answers import LostAnswers, Question
with LostAnswers(Path(sys.argv[1])).asking(Question(*sys.argv[2:])) as free:
    print(free, flush=True)
    sys.stdin.read()
"""


def other_run(folder: Path) -> "subprocess.Popen[str]":
    """Start a process that asks the same question until it is killed."""
    words = [QUESTION.tenant_id, QUESTION.noun, QUESTION.name.upper()]
    command = [sys.executable, "-c", OTHER_RUN, str(folder), *words]
    return subprocess.Popen(command, text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE)


def test_another_run_asks_the_same(tmp_path: Path) -> None:
    """While another process asks, the question is not free; once that process was killed, it is."""
    known = LostAnswers(tmp_path)
    with other_run(tmp_path) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == "True\n"
        with known.asking(QUESTION) as free:
            assert not free
        other.kill()

    with known.asking(QUESTION) as free:
        assert free


def test_one_asker_in_a_process(tmp_path: Path) -> None:
    """Two of one process are two askers too; another question is free, and nothing is left behind."""
    known = LostAnswers(tmp_path)
    with (
        known.asking(QUESTION) as first,
        known.asking(QUESTION) as second,
        known.asking(Question("1b2c", "X", "y")) as third,
    ):
        assert (first, second, third) == (True, False, True)

    assert list(tmp_path.iterdir()) == []


def test_where_nothing_can_be_written(tmp_path: Path) -> None:
    """Without a folder everybody may ask: nothing is noted there that could be misread."""
    (tmp_path / "file").touch()
    for known in (LostAnswers(None), LostAnswers(tmp_path / "file" / "folder")):
        with known.asking(QUESTION) as first, known.asking(QUESTION) as second:
            assert (first, second) == (True, True)
