"""Ear: one turn of one person at a microphone: PCM in, what was said so far out, and what it all was.

While a person speaks, what was said so far is written down again and again, each time over all of it, since a text that grows
is what people look at. A text that stays the same while more sound came is stable: it is worth understanding before the
talker has finished (`Guess`), and where it is the final text, the answer is there already.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from time import monotonic
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from proactive.voice.hearing import Heard, SpeechToText, plain
from proactive.voice.sound import LONGEST, RATE, from_pcm
from proactive.voice.turn import FRAME, Turn, VoiceActivity

if TYPE_CHECKING:
    from proactive.voice.sound import Samples

AGAIN = 0.7  # seconds of new sound before what was said so far is written down again
_TAIL = 0.3  # seconds after the last word that are kept

Meaning = TypeVar("Meaning")


class Ear:
    """Takes in sound of one turn; not for several threads at once."""

    def __init__(self, engine: SpeechToText, activity: Any, names: Sequence[str] = (), language: str = "en") -> None:
        self.turn = Turn(VoiceActivity(activity))
        self._engine, self._names, self._language = engine, tuple(names), language
        self._rest = b""
        self._frames: list[Samples] = []
        self._last_word = 0
        self._written = 0

    def receive(self, pcm: bytes) -> bool:
        """Take in 16-bit PCM, 16,000 a second; return whether the talker has finished."""
        self._rest += pcm
        step = FRAME * 2
        while len(self._rest) >= step and not self.turn.over:
            frame, self._rest = from_pcm(self._rest[:step]), self._rest[step:]
            self._frames.append(frame)
            if self.turn.receive(frame).speaking:
                self._last_word = len(self._frames)
        return self.turn.over

    @property
    def due(self) -> bool:
        """Return whether enough was said since the last text to write it down again."""
        return not self.turn.silent and (self._last_word - self._written) * FRAME >= AGAIN * RATE

    def so_far(self) -> Heard:
        """Return what was said so far."""
        self._written = self._last_word
        return self._engine.hear(self.samples, self._names, self._language)

    def heard(self) -> Heard:
        """Return what was said, all of it: "" where nobody spoke."""
        return Heard("", 0.0) if self.turn.silent else self.so_far()

    @property
    def samples(self) -> Samples:
        """Return the sound up to the talker's last word, and a little more; at most 20 seconds."""
        import numpy as np

        if not self._frames:
            return np.zeros(0, np.float32)
        kept = self._frames[: self._last_word + int(_TAIL * RATE / FRAME)]
        return np.concatenate(kept or self._frames)[: LONGEST * RATE]


@dataclass(slots=True)
class Guess(Generic[Meaning]):
    """Understands a text before it is known to be all; counts how often that was worth it, and the seconds it saved.

    `understand` has no effect but its result, so that a guess that was wrong is only forgotten.
    """

    understand: Callable[[str], Meaning]
    pool: ThreadPoolExecutor
    tried: int = 0
    right: int = 0
    saved: float = 0.0
    _of: str = ""
    _work: Future[tuple[Meaning, float]] | None = field(default=None)

    def try_(self, text: str) -> None:
        """Begin to understand a text that may be all; one that was begun before goes on."""
        if text and plain(text) != self._of:
            self._of, self.tried = plain(text), self.tried + 1
            self._work = self.pool.submit(self._timed, text)

    def settle(self, text: str) -> Meaning:
        """Return what a final text means: as it was guessed where its words are the same, else anew."""
        if self._work is not None and plain(text) == self._of:
            began = monotonic()
            meaning, took = self._work.result()
            self.right += 1
            self.saved += max(0.0, took - (monotonic() - began))
            return meaning
        return self.understand(text)

    def _timed(self, text: str) -> tuple[Meaning, float]:
        began = monotonic()
        return self.understand(text), monotonic() - began
