"""RTSP as cameras speak it, by GStreamer's server, where Debian's packages for it are installed: see benchmarks/rtsp_server.py."""

from __future__ import annotations

import subprocess
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import cache
from itertools import islice
from pathlib import Path
from time import monotonic

import pytest

from benchmarks import rtsp_server
from benchmarks.loop import LOOP, age_in_loop, loop_of
from benchmarks.probe import SYSTEM_PYTHON
from benchmarks.studio import drawn_film
from vision.live.connection import connect
from vision.live.reader import Reader
from vision.live.shot import Shot, SourceLost

SECRET = "hunter2"
FPS = 5


@cache
def is_here() -> bool:
    """Return whether the server can be run."""
    ask = "import gi; gi.require_version('GstRtspServer', '1.0'); from gi.repository import GstRtspServer, Gst; Gst.init(None); "
    ask += "assert Gst.ElementFactory.find('x264enc') and Gst.ElementFactory.find('h264parse')"
    if not Path(SYSTEM_PYTHON).exists():
        return False
    return subprocess.run([SYSTEM_PYTHON, "-c", ask], check=False, capture_output=True).returncode == 0


pytestmark = pytest.mark.skipif(
    not is_here(),
    reason="needs apt-get install python3-gi gir1.2-gst-rtsp-server-1.0 gstreamer1.0-plugins-{base,good,bad,ugly}",
)


@pytest.fixture(scope="module")
def film(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a film of a yard as raw pictures."""
    path: Path = tmp_path_factory.mktemp("film") / "yard.bgr"
    path.write_bytes(b"".join(picture.tobytes() for picture in loop_of(drawn_film(), FPS, 0.5)))
    return path


@contextmanager
def server(film: Path, *options: str) -> Iterator[str]:
    """Run the server; give the address of its camera."""
    command = [SYSTEM_PYTHON, str(rtsp_server.__file__), f"--film={film}", "--camera=0:0", f"--fps={FPS}", *options]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        try:
            yield process.stdout.readline().strip()
        finally:
            process.kill()


def now() -> datetime:
    return datetime.now(UTC)


def with_login(url: str, password: str = SECRET) -> str:
    return url.replace("rtsp://", f"rtsp://admin:{password}@")


def ages(shots: Iterator[Shot], count: int) -> list[float]:
    """Return how old the next pictures that are said to be of now were at the time that they say."""
    found = []
    for shot in islice((shot for shot in shots if shot.fresh), count):
        image = shot.decode()
        assert image is not None
        age = age_in_loop(image, shot.time.timestamp(), 0.0)
        found.append(age - LOOP if age > LOOP / 2 else age)  # a few milliseconds before it was due it was sent
    return found


def sockets(kind: str, port: int) -> int:
    """Return how many sockets of this machine are connected to a port of the loopback."""
    lines = Path(f"/proc/net/{kind}").read_text("ascii").splitlines()[1:]
    return sum(line.split()[2] == f"0100007F:{port:04X}" for line in lines)


def test_what_is_used_of_a_camera_is_of_now_from_its_first_picture_on_and_comes_over_tcp(film: Path) -> None:
    with server(film) as url:
        shots = connect(url, now, FPS)
        assert max(ages(shots, 5)) < 1
        assert sockets("tcp", int(url.split(":")[2].split("/")[0])) == 1
        assert sockets("udp", int(url.split(":")[2].split("/")[0])) == 0


@pytest.mark.parametrize("way", [(), ("--digest",)])
def test_a_camera_is_logged_in_to_in_the_way_it_asks_for_and_shows_no_password(
    film: Path, way: tuple[str, ...], capfd: pytest.CaptureFixture[str]
) -> None:
    with server(film, f"--login=admin:{SECRET}", *way) as url:
        assert ages(connect(with_login(url), now, FPS), 1)
        with pytest.raises(SourceLost, match="asks for another user or password") as caught:
            next(connect(with_login(url, "wrong-" + SECRET), now, FPS))
        assert SECRET not in str(caught.value) and caught.value.__cause__ is None
    printed = capfd.readouterr()
    assert SECRET not in printed.out + printed.err


def test_a_camera_that_is_killed_and_comes_back_is_seen_again_and_its_password_is_nowhere(
    film: Path, capfd: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    bell = threading.Event()
    with server(film, f"--login=admin:{SECRET}") as url:
        reader = Reader("cam.yard", lambda: connect(with_login(url), now, FPS), bell.set)
        reader.start()
        assert comes(bell, lambda: reader.take(now()) is not None)
    assert comes(bell, lambda: bool(reader.trouble))
    port = url.split(":")[2].split("/")[0]
    with server(film, f"--login=admin:{SECRET}", f"--port={port}"):
        assert comes(bell, lambda: reader.take(now()) is not None)
        reader.stop()
    assert reader.counts.connections >= 2
    printed = capfd.readouterr()
    assert SECRET not in printed.out + printed.err + caplog.text + reader.trouble


def comes(bell: threading.Event, what: Callable[[], bool], within: float = 20) -> bool:
    """Return whether something comes about in time."""
    until = monotonic() + within
    while not (there := what()) and monotonic() < until:
        bell.wait(0.05)
        bell.clear()
    return there
