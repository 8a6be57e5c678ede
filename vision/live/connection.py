"""Connections to live cameras: pictures as they come in, undecoded where that can wait.

A stream of MJPEG and snapshots over HTTP are read here; RTSP, webcams and other video over HTTP by OpenCV. A picture that
nobody looks at is thus not even decoded where the format allows it.
"""

from __future__ import annotations

import ssl
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from time import monotonic, sleep
from typing import Any

import cv2
import httpx
import numpy as np
from numpy.typing import NDArray

from vision.frame import Image
from vision.live.address import device_of, hush, kind_of, login, without_password
from vision.live.freshness import Freshness
from vision.live.multipart import NotMultipart, Parts, boundary_of

Clock = Callable[[], datetime]
PATIENCE = timedelta(seconds=5)  # for a camera to answer, and between two pictures
_STALE = 5.0  # seconds of nothing but old pictures after which it is quicker to connect anew
_RESTART = "Check the address, the camera's password, and that it is switched on."


class SourceLost(RuntimeError):
    """Say that a camera which gave pictures, or should, gives none now. Never holds a password."""


@dataclass(frozen=True, slots=True, eq=False)
class Shot:
    """A picture that came in at `time`; `fresh` when it shows that time. `decode` gives None for a broken one."""

    time: datetime
    fresh: bool
    decode: Callable[[], Image | None]


def connect(address: str, now: Clock, rate: float, patience: timedelta = PATIENCE) -> Iterator[Shot]:
    """Yield the pictures of a live camera as they come, until it ends. Raise SourceLost; show no password.

    `rate` is how many a second somebody will look at, which spares work on the others.
    """
    hush()
    shots = (
        _http(address, now, rate, patience) if kind_of(address) == "http" else _capture(address, now, rate, patience)
    )
    stale = monotonic()
    for shot in shots:
        stale = monotonic() if shot.fresh else stale
        yield shot
        if monotonic() - stale > _STALE:
            raise SourceLost(f"{without_password(address)}: fell {_STALE:.0f} s behind; connecting anew.")


# --- HTTP: MJPEG, snapshots -------------------------------------------------------------------------------------


def _http(url: str, now: Clock, rate: float, patience: timedelta) -> Iterator[Shot]:
    shown = without_password(url)
    try:
        bare, auth = login(url)
        # No proxy: cameras are on the same network, and a proxy would be told their addresses.
        options = {
            "timeout": patience.total_seconds(),
            "follow_redirects": True,
            "trust_env": False,
            "verify": _authorities(),
        }
        with httpx.Client(auth=auth, **options) as client:  # type: ignore[arg-type]  # a table of several types
            with client.stream("GET", bare) as answer:
                answer.raise_for_status()
                kind = answer.headers.get("content-type", "")
                if boundary := boundary_of(kind):
                    yield from _mjpeg(answer, boundary, now)
                    return
            if not kind.startswith("image/"):
                yield from _capture(url, now, rate, patience)
                return
            yield from _snapshots(client, bare, now, rate)
    except httpx.HTTPStatusError as error:
        raise SourceLost(
            f"{shown}: expected pictures; the camera answered {error.response.status_code}. {_RESTART}"
        ) from None
    except NotMultipart as error:
        raise SourceLost(f"{shown}: {error}.") from None
    except (httpx.HTTPError, httpx.InvalidURL, httpx.StreamError, ValueError, OSError) as error:
        # Not from the original: its text may hold the address with everything in it.
        found = f"the camera did not answer as it should ({type(error).__name__})"
        raise SourceLost(f"{shown}: expected a picture or a video stream; {found}. {_RESTART}") from None


@cache
def _authorities() -> ssl.SSLContext:
    """Return whose certificates are trusted: read once, since a camera that is away is tried for again every few seconds."""
    return httpx.create_ssl_context(trust_env=False)


def _mjpeg(answer: httpx.Response, boundary: bytes, now: Clock) -> Iterator[Shot]:
    parts, freshness = Parts(boundary), Freshness()
    for chunk in answer.iter_raw():
        *older, last = [b"", *parts.receive(chunk)]
        # Pictures that came together are no film: only the last of them can be of now.
        for jpeg in filter(None, (*older, last)):
            newest = jpeg is last
            fresh = freshness.receive(monotonic()) if newest else False
            yield _shot(jpeg, now(), fresh)


def _snapshots(client: httpx.Client, url: str, now: Clock, rate: float) -> Iterator[Shot]:
    while True:
        began = monotonic()
        answer = client.get(url).raise_for_status()
        yield _shot(answer.content, now(), fresh=True)
        sleep(max(0.0, 1 / rate - (monotonic() - began)))


def _shot(encoded: bytes, time: datetime, fresh: bool) -> Shot:
    return Shot(time, fresh, lambda: _decoded(encoded))


def _decoded(encoded: bytes) -> Image | None:
    image = cv2.imdecode(np.frombuffer(encoded, np.uint8), cv2.IMREAD_COLOR)
    return None if image is None else image.astype(np.uint8, copy=False)


# --- OpenCV: RTSP, webcams, other video -------------------------------------------------------------------------


def _capture(address: str, now: Clock, rate: float, patience: timedelta) -> Iterator[Shot]:
    video, freshness, due = _open(address, patience), Freshness(), 0.0
    stamped = kind_of(address) != "webcam"  # a webcam's driver may leave all stamps zero; a stream's first stamp is
    try:
        while video.grab():
            arrived = monotonic()
            stamp = float(video.get(cv2.CAP_PROP_POS_MSEC)) / 1000
            fresh = freshness.receive(arrived, stamp if stamped or stamp else None)
            # What was grabbed is overwritten by the next grab, so it is taken now, if anybody will look.
            if arrived >= due and fresh:
                due = max(due, arrived - 1 / rate) + 1 / rate
                done, image = video.retrieve()
                if done:
                    yield Shot(now(), True, _given(image))
            elif not fresh:
                yield Shot(now(), False, lambda: None)
    finally:
        video.release()
    raise SourceLost(f"{without_password(address)}: the stream ended. {_RESTART}")


def _given(image: NDArray[Any]) -> Callable[[], Image]:
    decoded = image.astype(np.uint8, copy=False)
    return lambda: decoded


def _open(address: str, patience: timedelta) -> cv2.VideoCapture:
    cv2.utils.logging.setLogLevel(cv2.utils.logging.LOG_LEVEL_SILENT)
    if kind_of(address) == "webcam":
        video = cv2.VideoCapture(device_of(address))
    else:
        wait = round(patience.total_seconds() * 1000)
        limits = [cv2.CAP_PROP_OPEN_TIMEOUT_MSEC, wait, cv2.CAP_PROP_READ_TIMEOUT_MSEC, wait]
        # One thread decodes: several would each hold a frame back.
        video = cv2.VideoCapture(address, cv2.CAP_FFMPEG, [*limits, cv2.CAP_PROP_N_THREADS, 1])
    if not video.isOpened():
        raise SourceLost(f"{without_password(address)}: expected a video stream, got none. {_RESTART}")
    return video
