"""The port `SpeechOut`: whatever reads aloud.

An engine is found by its entry point in the group `proactive.speaking`; the built-in ones are declared the same way.
`proactive/README.md` lists what an engine owes, and `proactive.voice.conformance.check_speaking` checks it.
"""

from __future__ import annotations

from collections.abc import Sequence
from importlib.metadata import EntryPoint
from typing import TYPE_CHECKING, Protocol, runtime_checkable

from proactive.settings import Settings
from proactive.voice.engine import load_engine

if TYPE_CHECKING:
    from proactive.voice.sound import Sound

GROUP = "proactive.speaking"
BUILT_IN = (
    EntryPoint("hibari", "proactive.voice.hibari:load", GROUP),
    EntryPoint("openai", "proactive.voice.remote:load_mouth", GROUP),
)


@runtime_checkable
class SpeechOut(Protocol):
    """Reads aloud."""

    @property
    def name(self) -> str:
        """Return who speaks, for `doctor`."""
        ...

    @property
    def languages(self) -> Sequence[str]:
        """Return the languages that it speaks, such as `en`."""
        ...

    def speak(self, text: str, language: str = "en") -> Sound:
        """Return a text as sound. Raise SpeechError. It may be called from several threads."""
        ...


def load_speaking(settings: Settings) -> SpeechOut:
    """Return the engine of `PROACTIVE_SPEAKING`, by default Hibari on this machine. Raise SpeechError where it cannot speak."""
    found = load_engine(GROUP, BUILT_IN, settings.speaking or "hibari", settings)
    assert isinstance(found, SpeechOut), f"{found!r} is no SpeechOut: it has no 'speak', 'languages' or 'name'"
    return found
