"""The port `SpeechToText`: whatever writes down what was said.

An engine is found by its entry point in the group `proactive.hearing`; the built-in ones are declared the same way.
`proactive/README.md` lists what an engine owes, and `proactive.voice.conformance.check_hearing` checks it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from importlib.metadata import EntryPoint
from typing import TYPE_CHECKING, Protocol, runtime_checkable

from proactive.settings import Settings
from proactive.voice.engine import load_engine

if TYPE_CHECKING:
    from proactive.voice.sound import Samples

GROUP = "proactive.hearing"
BUILT_IN = (
    EntryPoint("whisper", "proactive.voice.whisper:load", GROUP),
    EntryPoint("openai", "proactive.voice.remote:load_ear", GROUP),
)
DOUBTFUL = 0.6  # below, a person is asked whether that was what they said


@dataclass(frozen=True, slots=True)
class Heard:
    """What was said, as an engine wrote it down; `sure` is 0..1, and below `DOUBTFUL` a person is asked whether that was it."""

    text: str
    sure: float = 1.0


@runtime_checkable
class SpeechToText(Protocol):
    """Writes down what was said."""

    @property
    def name(self) -> str:
        """Return who hears, and with which weights, for `doctor`."""
        ...

    def hear(self, samples: Samples, names: Sequence[str] = (), language: str = "en") -> Heard:
        """Return what was said in samples in -1..1, shape (n,), 16,000 a second: "" where nobody spoke. Raise SpeechError.

        `names` are the household's, so that they are written as they are spelt there. It may be called from several threads.
        """
        ...


def load_hearing(settings: Settings) -> SpeechToText:
    """Return the engine of `PROACTIVE_HEARING`, by default Whisper on this machine. Raise SpeechError where it cannot hear."""
    found = load_engine(GROUP, BUILT_IN, settings.hearing or "whisper", settings)
    assert isinstance(found, SpeechToText), f"{found!r} is no SpeechToText: it has no 'hear' or no 'name'"
    return found


def plain(text: str) -> str:
    """Return a text's letters and digits, in lower case, words apart by a space."""
    return " ".join("".join(c if c.isalnum() else " " for c in text.lower()).split())
