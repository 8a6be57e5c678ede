"""Ear: one turn of one person at a microphone: PCM in, what was said so far out, and what it all was.

While a person speaks, what was said so far is written down again and again, each time over all of it, since a text that grows
is what people look at. In a short pause it is written down too: where the pause goes on, that text is the final one, and nobody
waits for it any more. Sound is taken in by one thread; writing down takes long, so another one may do it meanwhile.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from proactive.voice.hearing import Heard, SpeechToText
from proactive.voice.sound import LONGEST, RATE, from_pcm
from proactive.voice.turn import FRAME, Turn, VoiceActivity

if TYPE_CHECKING:
    from proactive.voice.sound import Samples

AGAIN = 0.7  # seconds of new speech before what was said so far is written down again
_TAIL = int(0.3 * RATE / FRAME)  # frames after the last word that are kept; a pause that long may be the end


@dataclass(frozen=True, slots=True, eq=False)
class Stretch:
    """Sound from the beginning of a turn to its last word so far, and whether all of its tail is there.

    `samples` are in -1..1, shape (n,), at `RATE`; `words` is the number of the frame after the last word.
    """

    samples: Samples
    words: int
    whole: bool


class Ear:
    """Takes in sound of one turn: `receive`, `due` and `stretch` by one thread, `write` by any one other."""

    def __init__(self, engine: SpeechToText, activity: Any, names: Sequence[str] = (), language: str = "en") -> None:
        self.turn = Turn(VoiceActivity(activity))
        self._engine, self._names, self._language = engine, tuple(names), language
        self._rest = b""
        self._frames: list[Samples] = []
        self._words = 0
        self._taken = (0, False)
        self._written: tuple[Stretch, Heard] | None = None

    def receive(self, pcm: bytes) -> bool:
        """Take in 16-bit PCM, 16,000 a second; return whether the talker has finished."""
        self._rest += pcm
        step = FRAME * 2
        while len(self._rest) >= step and not self.turn.over:
            frame, self._rest = from_pcm(self._rest[:step]), self._rest[step:]
            self._frames.append(frame)
            if self.turn.receive(frame).speaking:
                self._words = len(self._frames)
        return self.turn.over

    @property
    def due(self) -> bool:
        """Return whether enough was said since the last text, or a pause came, to write down what was said so far."""
        if self.turn.silent or self._taken == (self._words, True):
            return False
        return self._whole or (self._words - self._taken[0]) * FRAME >= AGAIN * RATE

    @property
    def cut(self) -> bool:
        """Return whether the talker was still speaking when the longest turn was over: there was more to hear."""
        return len(self._frames) * FRAME >= LONGEST * RATE and not self._whole

    def stretch(self) -> Stretch:
        """Return the sound up to the talker's last word, and a little more; at most 20 seconds."""
        import numpy as np

        self._taken = (self._words, self._whole)
        kept = self._frames[: self._words + _TAIL] if self._words else []
        samples = np.concatenate(kept)[: LONGEST * RATE] if kept else np.zeros(0, np.float32)
        return Stretch(samples, *self._taken)

    def write(self, stretch: Stretch) -> Heard:
        """Return what is said in a stretch."""
        heard = self._engine.hear(stretch.samples, self._names, self._language)
        self._written = stretch, heard
        return heard

    def heard(self) -> Heard:
        """Return what was said, all of it: "" where nobody spoke."""
        if self.turn.silent:
            return Heard("", 0.0)
        if self._written is not None and self._written[0].whole and self._written[0].words == self._words:
            return self._written[1]
        return self.write(self.stretch())

    @property
    def _whole(self) -> bool:
        return len(self._frames) >= self._words + _TAIL
