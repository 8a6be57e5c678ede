"""Engines that take no time and show what they were asked: for tests of what is done with what was heard."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from proactive.voice.hearing import Heard
from proactive.voice.sound import RATE, Sound
from proactive.voice.voice import Voice

if TYPE_CHECKING:
    from proactive.voice.sound import Samples

LOUD = 0.1


def tone(seconds: float, loud: float = LOUD) -> bytes:
    """Return PCM that counts as speech where it is loud, and as silence where it is 0."""
    import numpy as np

    wave = np.sin(np.arange(int(seconds * RATE)) * 0.3) * loud
    return bytes((wave * 32767).astype("<i2").tobytes())


def wait_until(done: Callable[[], bool]) -> None:
    """Return once something is so that happens in another thread; fail where it never does."""
    ends = time.monotonic() + 60
    while not done():
        assert time.monotonic() < ends, "it never happened"
        threading.Event().wait(0.01)


@dataclass
class Writer:
    """Hears its words one by one, one for each 0.4 s of sound; keeps how much sound it was given."""

    words: str = "let me know if Daisy isn't fed by noon every day"
    sure: float = 0.9
    given: list[float] = field(default_factory=list)
    names: Sequence[str] = ()

    name = "writer"

    def hear(self, samples: Samples, names: Sequence[str] = (), language: str = "en") -> Heard:
        """Return the words for which there was time."""
        self.names = names
        self.given.append(len(samples) / RATE)
        return Heard(" ".join(self.words.split()[: int(len(samples) / RATE / 0.4)]), self.sure)

    def wait_for(self, seconds: float) -> None:
        """Return once it was given so much sound."""
        wait_until(lambda: max(self.given, default=0.0) >= seconds)


class Loudness:
    """What stands for the network of voice activity: what is loud is speech."""

    def run(self, _: None, given: Mapping[str, Any]) -> tuple[Any, Any, Any]:
        """Return how surely a frame is speech, and its memory, which it does not use."""
        import numpy as np

        return np.float32(abs(given["input"]).max() > LOUD / 2), given["h"], given["c"]


@dataclass
class Crier:
    """Says anything as a tone; keeps what it was given."""

    said: list[str] = field(default_factory=list)

    name, languages = "crier", ("en",)

    def speak(self, text: str, language: str = "en") -> Sound:
        """Return half a second of a tone."""
        import numpy as np

        self.said.append(text)
        return Sound(np.sin(np.arange(12_000) * 0.1).astype(np.float32) * np.float32(0.2), 24_000)


def voice_with(writer: Writer, crier: Crier | None = None) -> Voice:
    """Return a voice with these engines."""
    mouth = crier or Crier()
    return Voice(lambda: writer, Loudness, lambda: mouth)
