"""Turn: when a person who tapped to talk has said what they had to say, whoever else speaks in the room.

Silero's network says of each 32 ms whether it is speech. Alone it never ends an utterance while a television is on, so a
frame counts only within 9 dB of the talker's own level, which is that of the loudest speech so far: who holds the phone is
nearer than everybody else. At 5 dB between the two it fails; then the person taps again, or 20 seconds are over.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from math import log10
from typing import TYPE_CHECKING, Any

from proactive.voice.sound import LONGEST, RATE

if TYPE_CHECKING:
    from proactive.voice.sound import Samples

FRAME = 512  # samples that are judged at once: 32 ms
_SPEECH = 0.5  # of the network's answer
_BELOW = 9.0  # dB under the talker's level at which it is somebody else
_ENOUGH = 5  # frames of speech (0.16 s) before a silence ends anything: a short "yes" has no more
_LOUDEST = 8  # frames of speech that tell the talker's level
_SILENCE = 0.8  # seconds after which it was said
_NOTHING = 6.0  # seconds without a word after which nobody is going to speak
_CONTEXT = 64  # samples of the frame before, which the network wants to see again


@dataclass(frozen=True, slots=True)
class Level:
    """How loud the last frame was (dB, 0 is full scale), and whether the talker was heard in it."""

    loud: float
    speaking: bool


@dataclass(slots=True)
class Turn:
    """One turn of one talker: frames in, and whether it is over."""

    voice: VoiceActivity
    frames: int = 0
    spoken: int = 0
    quiet: int = 0
    loudest: list[float] = field(default_factory=list)

    def receive(self, frame: Samples) -> Level:
        """Return how a frame of 512 samples counts."""
        loud = _decibels(frame)
        speech = self.voice.of(frame) >= _SPEECH
        if speech:
            self.loudest = sorted((*self.loudest, loud))[-_LOUDEST:]
        speaking = speech and loud >= self.loudest[len(self.loudest) // 2] - _BELOW
        self.frames += 1
        self.spoken += speaking
        self.quiet = 0 if speaking else self.quiet + 1
        return Level(loud, speaking)

    @property
    def over(self) -> bool:
        """Return whether the talker has finished, never began, or has had the longest turn."""
        if self.frames * FRAME >= LONGEST * RATE:
            return True
        wait = _SILENCE if self.spoken >= _ENOUGH else _NOTHING
        return self.quiet * FRAME >= wait * RATE

    @property
    def silent(self) -> bool:
        """Return whether nobody has spoken yet."""
        return self.spoken < _ENOUGH


class VoiceActivity:
    """Silero's network, as faster-whisper brings it; one for each turn, since it remembers."""

    def __init__(self, session: Any) -> None:
        import numpy as np

        self._session = session
        self._h = np.zeros((1, 1, 128), np.float32)
        self._c = np.zeros((1, 1, 128), np.float32)
        self._before = np.zeros(_CONTEXT, np.float32)

    def of(self, frame: Samples) -> float:
        """Return how surely 512 samples are speech, 0..1."""
        import numpy as np

        told = np.concatenate([self._before, frame])[None, :]
        found, self._h, self._c = self._session.run(None, {"input": told, "h": self._h, "c": self._c})
        self._before = frame[-_CONTEXT:]
        return float(np.asarray(found).reshape(-1)[0])


def load_activity() -> Any:
    """Return the network's session, to be shared by all turns. Raise SpeechError where it is not installed."""
    from proactive.voice.engine import SpeechError

    try:
        from faster_whisper.vad import get_vad_model
    except ImportError as error:
        raise SpeechError("Voice activity is not installed. Install it: pip install 'proactive[voice]'.") from error
    return get_vad_model().session


def _decibels(frame: Samples) -> float:
    import numpy as np

    return 20 * log10(max(float(np.sqrt(np.mean(frame.astype(np.float64) ** 2))), 1e-6))
