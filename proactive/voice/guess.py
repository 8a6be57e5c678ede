"""Guess: a text is understood before it is known to be all; where it was, the answer is there already.

Understanding has no effect but its result, so that a guess that was wrong is only forgotten. Texts are the same where every
character is: "-5" and "5" are the same words, and mean another thing.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Executor, Future
from dataclasses import dataclass, field
from threading import Event
from time import monotonic
from typing import Generic, TypeVar

Meaning = TypeVar("Meaning")


@dataclass(frozen=True, slots=True)
class _Work(Generic[Meaning]):
    """A text that is being understood: its meaning and the seconds that took, and what stops it."""

    text: str
    found: Future[tuple[Meaning, float]]
    cancel: Event


@dataclass(slots=True)
class Guess(Generic[Meaning]):
    """Understands ahead, one text at a time: a new text stops the one before.

    `understand` gets a text and what is set when nobody waits for it any more. Counted are the texts that were tried, those that
    were right, and the seconds that this saved.
    """

    understand: Callable[[str, Event], Meaning]
    pool: Executor
    tried: int = 0
    right: int = 0
    saved: float = 0.0
    _work: _Work[Meaning] | None = field(default=None)

    def try_(self, text: str) -> None:
        """Begin to understand a text that may be all; one that was begun already goes on."""
        if not text or (self._work is not None and self._work.text == text):
            return
        self.drop()
        self.tried += 1
        cancel = Event()
        self._work = _Work(text, self.pool.submit(self._timed, text, cancel), cancel)

    def settle(self, text: str) -> Meaning | None:
        """Return what a final text means, where that was guessed; else None. A guess that failed is none."""
        work = self._work
        if work is None or work.text != text:
            self.drop()
            return None
        began = monotonic()
        try:
            meaning, took = work.found.result()
        except Exception:  # noqa: BLE001  whoever understands it anew says what is wrong
            return None
        finally:
            self._work = None
        self.right += 1
        self.saved += max(0.0, took - (monotonic() - began))
        return meaning

    def drop(self) -> None:
        """Stop what is being understood: nobody will ask for it."""
        if self._work is not None:
            self._work.cancel.set()
            self._work = None

    def _timed(self, text: str, cancel: Event) -> tuple[Meaning, float]:
        began = monotonic()
        return self.understand(text, cancel), monotonic() - began
