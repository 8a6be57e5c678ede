"""Video streams: RTSP, and what else FFmpeg reads over HTTP, by PyAV.

Not by OpenCV, which opens one stream at a time in a process: three cameras that hung kept a fourth from being seen for 18 s. All
pictures of a stream are decoded, since most of them build on others; only those that somebody looks at are made into images.
FFmpeg hands a picture on when the next one begins, which is how it knows that it is whole: a picture has the time at which it came in
itself, and is that much older.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from time import monotonic

import av
from av.container import InputContainer
from av.video.frame import VideoFrame

from vision.film import decoded, image_of
from vision.live.address import without_password
from vision.live.freshness import OLD, Freshness
from vision.live.shot import CHECK, Clock, Pace, Shot, SourceLost

# Over UDP, which is FFmpeg's first choice, a lost packet is a smeared picture: something moved that did not. By itself it
# studies a stream for five seconds, whose pictures it then gives all at once.
_OPTIONS = {"rtsp_flags": "prefer_tcp", "analyzeduration": "1000000"}
_HELD = 0.5  # seconds at most that are counted for it: slower cameras would else never be of now
av.logging.set_level(None)  # FFmpeg prints addresses with their passwords


def video(address: str, now: Clock, rate: float, patience: timedelta) -> Iterator[Shot]:
    """Yield the pictures of a video stream as they come, until it ends; of those of now, `rate` a second. Raise SourceLost."""
    shown = without_password(address)
    # No error is chained: the text of the original holds the address with everything in it.
    try:
        # To close a connection whose camera hangs takes as long again: it is told so, and does not answer.
        limits = patience.total_seconds(), patience.total_seconds() / 2
        with av.open(address, options=_OPTIONS, timeout=limits) as stream:
            yield from _shots(stream, now, rate)
    except av.error.HTTPUnauthorizedError:
        raise SourceLost(f"{shown}: expected pictures; the camera asks for another user or password.") from None
    except (av.FFmpegError, IndexError) as error:
        found = f"got none ({type(error).__name__})"
        raise SourceLost(f"{shown}: expected a video stream, {found}. {CHECK}") from None
    raise SourceLost(f"{shown}: the stream ended. {CHECK}")


def _shots(stream: InputContainer, now: Clock, rate: float) -> Iterator[Shot]:
    film = stream.streams.video[0]
    film.codec_context.thread_count = 1  # several would each hold a picture back
    freshness, due, last = Freshness(stamped=True), Pace(rate), 0.0
    for packet in stream.demux(film):
        for frame in decoded(packet):
            # The clock is read first: what holds the process up from here on makes the picture older, not newer.
            came, arrived, stamp = now(), monotonic(), frame.time
            age = freshness.receive(arrived, stamp)
            if stamp is not None:
                age, last = age + min(max(stamp - last, 0.0), _HELD), stamp
            if age > OLD:
                yield Shot(came, False, lambda: None)
            elif due(arrived):
                yield _shot(frame, came, timedelta(seconds=age))


def _shot(frame: VideoFrame, arrived: datetime, age: timedelta) -> Shot:
    return Shot(arrived - age, True, lambda: image_of(frame), age)
