"""Changes whose outcome nobody could say, remembered on this machine until it is known.

The state records nothing of a create that raised, and keeps the old values where an update or a delete did: the next run
could not tell its own object from somebody else's, or believe a state that is not so. Only names, ids and times are
written, one small file a question; no rule about taking an object over lives here.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, TextIO

from area1_provider import machine


@dataclass(frozen=True)
class Question:
    """Was this object made, or changed? Named by tenant (GUID), noun, and name or id."""

    tenant_id: str
    noun: str
    name: str

    @property
    def file_name(self) -> str:
        """Give a name that any name of an object can be made to."""
        whole = json.dumps([self.tenant_id.casefold(), self.noun, self.name.casefold()])
        return f"{hashlib.sha256(whole.encode()).hexdigest()[:32]}.json"


UNCONFIRMED = "unconfirmed"
"""Beside the outputs after a change that no reading showed. Never kept."""


@dataclass
class Doubt:
    """Whether nobody knows of a change that did not raise if it was made."""

    stays: bool = False

    def taken_out_of(self, outputs: dict[str, Any]) -> dict[str, Any]:
        """Give the outputs of the change without what they say of it (`UNCONFIRMED`)."""
        self.stays = bool(outputs.pop(UNCONFIRMED, False))
        return outputs


@dataclass(frozen=True)
class LostAnswers:
    """A folder of open questions; None keeps nothing. One that cannot be written is no reason to fail."""

    folder: Path | None = None

    @contextmanager
    def asking(self, question: Question) -> Iterator[bool]:
        """Keep a question to oneself; False where somebody else on this machine, in this process or not, asks it just now.

        What they noted would pass for an answer that was lost. Whoever dies lets go.
        """
        if self.folder is None:
            yield True
            return
        path = (self.folder / question.file_name).with_suffix(".lock")
        try:
            self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            file = path.open("a", encoding="utf-8")
        except OSError:  # nothing can be noted there either
            yield True
            return
        with file:
            free = _locked(file, path)
            try:
                yield free
            finally:
                if free:
                    path.unlink(missing_ok=True)

    @contextmanager
    def doubting(self, question: Question, now: float) -> Iterator[Doubt]:
        """Remember a question until there is no doubt left: what is done meanwhile may raise, or the process be killed."""
        doubt = Doubt()
        self.note(question, now)
        yield doubt
        if not doubt.stays:
            self.forget(question)

    def note(self, question: Question, asked_at: float) -> None:
        """Remember when the object was first asked for (seconds, Unix)."""
        if self.folder is None or self.asked_at(question) is not None:
            return
        with suppress(OSError):
            self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            text = json.dumps({**asdict(question), "asked_at": asked_at})
            (self.folder / question.file_name).write_text(text, encoding="utf-8")

    def asked_at(self, question: Question) -> float | None:
        """Give when the object was asked for, None if no answer about it was lost."""
        if self.folder is None:
            return None
        try:
            text = (self.folder / question.file_name).read_text(encoding="utf-8")
            return float(json.loads(text)["asked_at"])
        except (OSError, ValueError, KeyError, TypeError, RecursionError):
            return None

    def forget(self, question: Question) -> None:
        """Take a question that has been answered away."""
        if self.folder is not None:
            with suppress(OSError):
                (self.folder / question.file_name).unlink(missing_ok=True)


def _locked(file: TextIO, path: Path) -> bool:
    """Lock a file, without waiting. One that was removed meanwhile was somebody's until now."""
    try:
        return machine.locked(file) and os.path.samestat(os.fstat(file.fileno()), path.stat())
    except OSError:
        return False


def of_machine(environ: Mapping[str, str] = os.environ) -> LostAnswers:
    """Give those of this machine."""
    return LostAnswers(machine.folder(environ) / "lost-answers")
