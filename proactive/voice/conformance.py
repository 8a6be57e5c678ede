"""The checks that authors of an engine run on their own class: each obligation of the ports, tried out."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

from proactive.voice.engine import SpeechError
from proactive.voice.hearing import Heard, SpeechToText, plain
from proactive.voice.sound import RATE
from proactive.voice.speaking import SpeechOut

if TYPE_CHECKING:
    from proactive.voice.sound import Samples


def check_hearing(engine: SpeechToText, said: Samples, words: str) -> None:
    """Raise AssertionError with the obligation that an engine does not keep.

    `said` is a recording (samples in -1..1 at 16,000 a second) in which an English voice says `words`.
    """
    import numpy as np

    assert isinstance(engine, SpeechToText), f"{engine!r} has no 'hear' or no 'name'"
    assert engine.name, "an engine needs a name, for doctor"
    heard = engine.hear(said)
    assert isinstance(heard, Heard), f"hear must return Heard, it returned {heard!r}"
    assert plain(words) in plain(heard.text), f"hear must write down {words!r}; it wrote {heard.text!r}"
    assert 0 <= heard.sure <= 1, f"'sure' must be 0..1, it is {heard.sure}"
    for nothing in (np.zeros(0, np.float32), np.zeros(RATE, np.float32), said[:40]):
        assert isinstance(engine.hear(nothing), Heard), "hear must take silence, nothing, and less than a syllable"
    with ThreadPoolExecutor(2) as pool:
        both = list(pool.map(engine.hear, (said, said)))
    assert both[0] == both[1] == heard, "hear must say the same of the same sound, from two threads at once"


def check_speaking(engine: SpeechOut) -> None:
    """Raise AssertionError with the obligation that an engine does not keep."""
    assert isinstance(engine, SpeechOut), f"{engine!r} has no 'speak', 'languages' or 'name'"
    assert engine.name, "an engine needs a name, for doctor"
    assert engine.languages, "an engine needs a language"
    for text in ("Saved.", "Daisy ate at 12:20 pm, 3 < 4 & \U0001f415!", "word " * 2000):
        sound = engine.speak(text, engine.languages[0])
        assert sound.seconds > 0, f"speak({text[:20]!r}) is silent"
        assert abs(sound.samples).max() <= 1, f"speak({text[:20]!r}): samples must be in -1..1"
    try:
        engine.speak("hello", "xx")
    except SpeechError as error:
        assert str(error), "a SpeechError must say why nothing was spoken"
