"""Sound: what a microphone heard, as 32-bit floats in -1..1, one channel, 16,000 a second.

PyAV decodes what browsers and phones record (webm, ogg, mp4, wav), without a system ffmpeg.
"""

from __future__ import annotations

import io
import wave
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from proactive.voice.engine import SpeechError
from rules.problem import InputError, Problem

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    Samples = npt.NDArray[np.float32]

RATE = 16_000  # samples a second, as Whisper and Silero take them
LONGEST = 20  # seconds of speech that are heard at once
_FULL = 32_768  # of a 16-bit sample
_QUIET = 0.2  # seconds of a pause between words


@dataclass(frozen=True, slots=True, eq=False)
class Sound:
    """Samples in -1..1, shape (n,), one channel, `rate` a second."""

    samples: Samples
    rate: int = RATE

    @property
    def seconds(self) -> float:
        """Return how long it lasts."""
        return len(self.samples) / self.rate


def from_pcm(data: bytes) -> Samples:
    """Return the samples of 16-bit little-endian PCM; an odd last byte is left out."""
    import numpy as np

    whole = np.frombuffer(data[: len(data) // 2 * 2], dtype="<i2")
    return whole.astype(np.float32) / np.float32(_FULL)


def decode(data: bytes, where: str = "sound") -> Samples:
    """Return a whole recording of any common format as samples at `RATE`. Raise InputError for what is none, SpeechError without PyAV."""
    try:
        import av
        import numpy as np
    except ImportError as error:
        raise SpeechError(f"Recordings need {error.name}. Install it: pip install 'proactive[voice]'.") from error

    try:
        with av.open(io.BytesIO(data), mode="r", metadata_errors="ignore") as container:
            parts = list(_parts(container))
    except (av.FFmpegError, IndexError, ValueError) as error:
        # A decoder's own words are about its insides: an error number, a chunk that it missed.
        raise _unreadable(where, len(data), "they are none that is known") from error
    if not parts:
        raise _unreadable(where, len(data), "they hold no sound")
    return np.concatenate(parts)


def _parts(container: object) -> Iterator[Samples]:
    import av

    assert isinstance(container, av.container.InputContainer)
    resample = av.AudioResampler(format="s16", layout="mono", rate=RATE)
    for frame in (*container.decode(audio=0), None):  # None: what the resampler still holds
        for ready in resample.resample(frame):
            yield from_pcm(ready.to_ndarray().tobytes())


def pieces(samples: Samples) -> list[Samples]:
    """Return samples in pieces of at most 20 seconds, cut where it is quietest in the last third of each, between words."""
    import numpy as np

    found, whole, step = [], LONGEST * RATE, int(_QUIET * RATE)
    while len(samples) > whole:
        last = samples[whole * 2 // 3 : whole]
        loud = np.square(last[: len(last) // step * step].reshape(-1, step)).mean(axis=1)
        cut = whole * 2 // 3 + int(loud.argmin()) * step + step // 2
        found.append(samples[:cut])
        samples = samples[cut:]
    return [*found, samples]


def wav(sound: Sound) -> bytes:
    """Return sound as a WAV file of 16-bit samples."""
    import numpy as np

    whole = (np.clip(sound.samples, -1, 1) * (_FULL - 1)).astype("<i2")
    file = io.BytesIO()
    with wave.open(file, "wb") as writer:
        writer.setnchannels(1)
        writer.setsampwidth(2)
        writer.setframerate(sound.rate)
        writer.writeframes(whole.tobytes())
    return file.getvalue()


def mp3(sound: Sound) -> bytes:
    """Return sound as an MP3 file, which every browser plays, in a sixth of a WAV's bytes."""
    import av
    import numpy as np

    whole = (np.clip(sound.samples, -1, 1) * (_FULL - 1)).astype("<i2")
    frame = av.AudioFrame.from_ndarray(whole[None, :], format="s16", layout="mono")
    frame.sample_rate = sound.rate
    file = io.BytesIO()
    with av.open(file, mode="w", format="mp3") as container:
        stream = container.add_stream("mp3", rate=24_000, layout="mono", bit_rate=64_000)
        for part in (frame, None):  # None: what the encoder still holds
            container.mux(stream.encode(part))
    return file.getvalue()


def _unreadable(where: str, size: int, why: str) -> InputError:
    message = f"expected a recording (wav, webm, ogg, mp4), found {size:,} bytes: {why}. Record it again."
    return InputError([Problem("not_sound", where, message)])
