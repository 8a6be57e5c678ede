"""Voice: hearing and speaking for everybody who talks to one program. Engines are loaded once, by the first who needs them.

Few may talk at once, since each keeps about half a core of the machine busy while they speak, and one person has two turns at
most, so that a second try works while the first is still being missed.
"""

from __future__ import annotations

from collections import Counter, OrderedDict
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from threading import Lock
from typing import TYPE_CHECKING, Generic, NoReturn, TypeVar

from proactive.voice.ear import Ear
from proactive.voice.engine import SpeechError
from proactive.voice.hearing import SpeechToText, load_hearing
from proactive.voice.sound import mp3
from proactive.voice.speaking import SpeechOut, load_speaking
from proactive.voice.tally import Tally
from proactive.voice.turn import load_activity

if TYPE_CHECKING:
    from proactive.settings import Settings

SEATS = 4  # turns at once
OF_ONE = 2  # of them of one person
_KEPT = 16  # texts whose sound is kept: a page asks for the same again and again

Engine = TypeVar("Engine")


class Busy(Exception):
    """Say that too many are talking at once."""


class Voice:
    """Hears and speaks; any thread may use it. Each loader is called until it has succeeded once, and may raise SpeechError."""

    def __init__(
        self,
        hearing: Callable[[], SpeechToText],
        activity: Callable[[], object],
        speaking: Callable[[], SpeechOut],
    ) -> None:
        self._hearing, self._activity, self._speaking = _Once(hearing), _Once(activity), _Once(speaking)
        self._seated: Counter[str] = Counter()
        self._spoken: OrderedDict[tuple[str, str], bytes] = OrderedDict()
        self._lock = Lock()
        self.tally = Tally()
        self.pool = ThreadPoolExecutor(SEATS, "understand")

    @contextmanager
    def seat(self, who: str) -> Iterator[None]:
        """Take one of the seats while the block runs. Raise Busy where there is none."""
        with self._lock:
            if self._seated.total() >= SEATS or self._seated[who] >= OF_ONE:
                raise Busy
            self._seated[who] += 1
        try:
            yield
        finally:
            with self._lock:
                self._seated[who] -= 1
                self._seated = +self._seated

    def ear(self, names: Sequence[str], language: str) -> Ear:
        """Return an ear for one turn. Raise SpeechError where nothing hears here; the first time it takes some seconds."""
        return Ear(self._hearing(), self._activity(), names, language)

    def read_aloud(self, text: str, language: str) -> bytes:
        """Return a text as an MP3 file. Raise SpeechError where nothing speaks here, or not this language."""
        key = (text, language)
        with self._lock:
            if key in self._spoken:
                self._spoken.move_to_end(key)
                return self._spoken[key]
        engine = self._speaking()
        if language not in engine.languages:
            raise SpeechError(f"I can read aloud in {', '.join(engine.languages)} only, and this is in {language}.")
        data = mp3(engine.speak(text, language))
        with self._lock:
            self._spoken[key] = data
            if len(self._spoken) > _KEPT:
                self._spoken.popitem(last=False)
        return data


class _Once(Generic[Engine]):
    """Loads something once, also where several ask at the same time; what failed is tried again by the next."""

    def __init__(self, load: Callable[[], Engine]) -> None:
        self._load, self._found, self._lock = load, list[Engine](), Lock()

    def __call__(self) -> Engine:
        with self._lock:
            if not self._found:
                self._found.append(self._load())
            return self._found[0]


def voice_of(settings: Settings) -> Voice:
    """Return the voice with the engines that are set; none is loaded yet."""
    return Voice(lambda: load_hearing(settings), load_activity, lambda: load_speaking(settings))


def no_voice() -> Voice:
    """Return a voice that neither hears nor speaks."""
    return Voice(_nothing, _nothing, _nothing)


def _nothing() -> NoReturn:
    raise SpeechError("Voice is not set up here.")
