"""RTSP, where the two packages that make a stream of it are installed: `pip install rtsp-rs av`."""

from __future__ import annotations

import socket
import threading
from datetime import UTC, datetime
from fractions import Fraction
from itertools import count, islice
from time import time
from typing import Any

import pytest

from benchmarks.loop import read_stamp, stamp
from benchmarks.studio import drawn_film
from vision.live.connection import connect

rtsp: Any = pytest.importorskip("rtsp", reason="an RTSP server for tests: pip install rtsp-rs")
av: Any = pytest.importorskip("av", reason="encodes its H.264: pip install av")

FPS = 10


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def film(server: Any, stop: threading.Event) -> None:
    """Send a yard as H.264, each picture stamped with its time, a key frame a second."""
    codec = av.CodecContext.create("libx264", "w")
    codec.width, codec.height, codec.pix_fmt = 640, 360, "yuv420p"
    codec.time_base, codec.framerate = Fraction(1, FPS), Fraction(FPS, 1)
    codec.options = {"preset": "ultrafast", "tune": "zerolatency", "x264-params": "keyint=10:repeat-headers=1"}
    yard = drawn_film()[0]
    for number in count():
        if stop.wait(1 / FPS):
            return
        picture = yard.copy()
        stamp(picture, time())
        frame = av.VideoFrame.from_ndarray(picture, format="bgr24")
        frame.pts = number
        for packet in codec.encode(frame):
            server.send_frame(bytes(packet), 90_000 // FPS)


def test_what_is_used_of_an_rtsp_stream_is_of_now_from_its_first_picture_on() -> None:
    port, stop = free_port(), threading.Event()
    server = rtsp.Server(f"127.0.0.1:{port}")
    server.start()
    threading.Thread(target=film, args=(server, stop), daemon=True).start()
    ages = []
    shots = connect(f"rtsp://admin:secret@127.0.0.1:{port}/stream", lambda: datetime.now(UTC), 5)
    for shot in islice((shot for shot in shots if shot.fresh), 8):
        image = shot.decode()
        assert image is not None
        ages.append(time() - read_stamp(image, time()))
    stop.set()
    assert max(ages) < 1
