"""`hibari`: English read aloud on this machine, the voice in the wheel."""

from __future__ import annotations

from threading import Lock

from proactive.settings import Settings
from proactive.voice.engine import SpeechError
from proactive.voice.sound import Sound

_LONGEST = 600  # characters that are read aloud: what is longer is for the eye


class HibariVoice:
    """Speaks with one voice, one text at a time."""

    languages = ("en",)
    name = "Hibari, voice heart"

    def __init__(self) -> None:
        """Load the voice. Raise SpeechError."""
        try:
            from hibari import Hibari
        except ImportError as error:
            raise SpeechError("No voice is installed. Install one: pip install 'proactive[voice]'.") from error
        self._voice, self._lock = Hibari(), Lock()

    def speak(self, text: str, language: str = "en") -> Sound:
        """Return an English text as sound; of one that is very long, its beginning."""
        if language not in self.languages:
            raise SpeechError(f"This voice speaks {', '.join(self.languages)}, not {language}.")
        with self._lock:
            return Sound(self._voice(text[:_LONGEST], seed=0), self._voice.sample_rate)


def load(_: Settings) -> HibariVoice:
    """Return the voice that the `[voice]` extra brings. Raise SpeechError."""
    return HibariVoice()
