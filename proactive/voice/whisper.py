"""`whisper`: speech to text on this machine, by faster-whisper on one core.

Whisper hears 30 seconds at a time, whatever was said. Here only what was said is encoded, with three seconds of silence after
it, which takes a third of the time; with less silence it repeats itself. Where the text then looks wrong (it is unlikely, or
repeats), all 30 seconds are encoded as in Whisper's own code. A little silence before the first word keeps that word whole.
"""

from __future__ import annotations

import os
import zlib
from collections.abc import Sequence
from math import exp
from threading import Lock
from typing import TYPE_CHECKING, Any

from proactive.settings import Settings
from proactive.voice.engine import SpeechError
from proactive.voice.hearing import Heard
from proactive.voice.sound import RATE, pieces
from proactive.voice.weights import Weights, find_weights

if TYPE_CHECKING:
    from proactive.voice.sound import Samples

_BEFORE, _AFTER = 0.3, 3.0  # seconds of silence round what was said
_WHOLE = 3000  # frames of 30 seconds, as Whisper was trained
_UNLIKELY, _REPEATS = (
    -1.0,
    1.8,
)  # average log-probability below, and zlib's compression above, which a text is not believed
_MOST = 96  # tokens of 20 seconds of speech
_NAMES = 40  # of the household's names that fit into the prompt


class Whisper:
    """Hears with one model, one utterance at a time."""

    def __init__(self, weights: Weights) -> None:
        """Load the model into memory, which takes a second or two. Raise SpeechError."""
        os.environ.setdefault("OMP_NUM_THREADS", "1")  # two threads on two busy cores wait for each other
        os.environ.setdefault("HF_HUB_OFFLINE", "1")  # what is missing is said, never fetched behind one's back
        try:
            from faster_whisper import WhisperModel
        except ImportError as error:
            raise SpeechError("Whisper is not installed. Install it: pip install 'proactive[voice]'.") from error
        try:
            self._model = WhisperModel(str(weights.folder), device="cpu", compute_type="int8", cpu_threads=1)
        except (RuntimeError, ValueError, OSError) as error:
            raise SpeechError(f"Whisper's weights in {weights.folder} cannot be read: {error}") from error
        self._name, self._lock = weights.name, Lock()

    @property
    def name(self) -> str:
        """Return the weights' name."""
        return self._name

    def hear(self, samples: Samples, names: Sequence[str] = (), language: str = "en") -> Heard:
        """Return what was said. More than 20 seconds are heard in pieces, and as sure as the least sure of them."""
        if not len(samples):
            return Heard("", 0.0)
        heard = [self._piece(piece, names, language) for piece in pieces(samples)]
        said = [each for each in heard if each.text]
        return Heard(" ".join(each.text for each in said), min((each.sure for each in said), default=heard[0].sure))

    def _piece(self, said: Samples, names: Sequence[str], language: str) -> Heard:
        """Return what was said in at most 20 seconds."""
        import numpy as np

        silence = np.zeros(int(RATE * _BEFORE), np.float32)
        with self._lock:
            features = self._model.feature_extractor(np.concatenate([silence, said]), padding=0)
            text, likely = self._written(_padded(features, features.shape[1] + int(_AFTER * 100)), names, language)
            if likely < _UNLIKELY or _repeats(text):
                text, likely = self._written(_padded(features, _WHOLE), names, language)
        return Heard("" if _repeats(text) else text, round(exp(likely), 3))

    def _written(self, features: Any, names: Sequence[str], language: str) -> tuple[str, float]:
        """Return a text and its tokens' average log-probability, for features of shape (mels, frames)."""
        tokenizer = self._tokenizer(language)
        told = tokenizer.encode(f" Household: {', '.join(names[:_NAMES])}.") if names else []
        prompt = self._model.get_prompt(tokenizer, told, without_timestamps=True)
        heard = self._model.model.generate(
            self._model.encode(features), [prompt], beam_size=1, return_scores=True, max_length=len(prompt) + _MOST
        )[0]
        return tokenizer.decode(heard.sequences_ids[0]).strip(), heard.scores[0]

    def _tokenizer(self, language: str) -> Any:
        from faster_whisper.tokenizer import Tokenizer

        several = self._model.model.is_multilingual
        return Tokenizer(self._model.hf_tokenizer, several, task="transcribe", language=language if several else "en")


def load(settings: Settings) -> Whisper:
    """Return Whisper with the weights that are here. Raise SpeechError."""
    return Whisper(find_weights(settings.voice_model, settings.data))


def _padded(features: Any, frames: int) -> Any:
    """Return features of an even number of frames, silence after them."""
    import numpy as np

    wanted = min(frames + frames % 2, _WHOLE)
    return np.pad(features[:, :wanted], ((0, 0), (0, max(0, wanted - features.shape[1]))))


def _repeats(text: str) -> bool:
    """Return whether a text says the same again and again, as Whisper does of silence."""
    raw = text.encode()
    return len(raw) > 0 and len(raw) / len(zlib.compress(raw)) > _REPEATS
