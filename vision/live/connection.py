"""Connections to live cameras: pictures as they come in, undecoded where that can wait.

A stream of MJPEG and snapshots over HTTP are read here; RTSP and other video by `video`, webcams by `webcam`. A picture that nobody
looks at is thus not even decoded where the format allows it.
"""

from __future__ import annotations

import ssl
import sys
from collections.abc import Iterator
from datetime import datetime, timedelta
from functools import cache
from math import inf
from time import monotonic, sleep

import cv2
import httpx
import numpy as np

from vision.frame import Image
from vision.live.address import hush, kind_of, login, without_password
from vision.live.freshness import OLD, Freshness
from vision.live.multipart import NotMultipart, Parts, boundary_of
from vision.live.shot import CHECK, PATIENCE, Clock, Shot, SourceLost

if sys.platform != "win32":
    import fcntl
    import termios

_STALE = 5.0  # seconds of nothing but old pictures after which it is quicker to connect anew


def connect(address: str, now: Clock, rate: float, patience: timedelta = PATIENCE) -> Iterator[Shot]:
    """Yield the pictures of a live camera as they come, until it ends. Raise SourceLost; show no password.

    `rate` is how many a second somebody will look at, which spares work on the others.
    """
    hush()
    behind: float | None = (
        None  # since when all pictures that came were old; a pause in which none come is another matter
    )
    for shot in _shots(address, now, rate, patience):
        behind = None if shot.fresh else behind or monotonic()
        yield shot
        if behind and monotonic() - behind > _STALE:
            raise SourceLost(f"{without_password(address)}: fell {_STALE:.0f} s behind; connecting anew.")


def _shots(address: str, now: Clock, rate: float, patience: timedelta) -> Iterator[Shot]:
    match kind_of(address):
        case "http":
            return _http(address, now, rate, patience)
        case "rtsp":
            return _video(address, now, rate, patience)
        case "webcam" | None:
            from vision.live.webcam import webcam

            return webcam(address, now, rate)


def _video(address: str, now: Clock, rate: float, patience: timedelta) -> Iterator[Shot]:
    from vision.live.video import video  # imports FFmpeg, which MJPEG and snapshots do without

    return video(address, now, rate, patience)


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
                yield from _video(url, now, rate, patience)
                return
            yield from _snapshots(client, bare, now, rate)
    except httpx.HTTPStatusError as error:
        raise SourceLost(
            f"{shown}: expected pictures; the camera answered {error.response.status_code}. {CHECK}"
        ) from None
    except NotMultipart as error:
        raise SourceLost(f"{shown}: {error}.") from None
    except (httpx.HTTPError, httpx.InvalidURL, httpx.StreamError, ValueError, OSError) as error:
        # Not from the original: its text may hold the address with everything in it.
        found = f"the camera did not answer as it should ({type(error).__name__})"
        raise SourceLost(f"{shown}: expected a picture or a video stream; {found}. {CHECK}") from None


@cache
def _authorities() -> ssl.SSLContext:
    """Return whose certificates are trusted: read once, since a camera that is away is tried for again every few seconds."""
    return httpx.create_ssl_context(trust_env=False)


def _mjpeg(answer: httpx.Response, boundary: bytes, now: Clock) -> Iterator[Shot]:
    parts, freshness = Parts(boundary), Freshness()
    for chunk in answer.iter_raw():
        came = now()  # before anything else: what holds the process up from here on makes the picture older, not newer
        *older, last = [b"", *parts.receive(chunk)]
        # Pictures that came together are no film: only the last of them can be of now, and only if no newer one waits.
        for jpeg in filter(None, (*older, last)):
            behind = freshness.receive(monotonic()) if jpeg is last else inf
            yield _shot(jpeg, came, fresh=behind <= OLD and _waiting(answer) < len(jpeg) / 2)


def _waiting(answer: httpx.Response) -> int:
    """Return how many bytes have come in that were not read yet; 0 where this system does not say."""
    line = answer.extensions["network_stream"].get_extra_info("socket")
    if sys.platform == "win32" or line is None:
        return 0
    count = fcntl.ioctl(line.fileno(), termios.FIONREAD, bytes(4))
    return int.from_bytes(count, sys.byteorder)


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
