"""A made street of cameras: MJPEG streams over HTTP on the loopback, which can be told to freeze, go black, be covered, be turned, or die.

    python -m benchmarks.studio --cameras 4 --fps 5 [CLIP ...]

prints one URL a line and serves until stdin ends. Each camera plays a clip (default: a drawn yard with a walker) over and over, with a
sensor's noise, at its own share of motion. Lines on stdin tell cameras what to do: `2 freeze`, `all play`. A picture carries the
time at which it was taken, as a row of black and white squares at its lower edge (`benchmarks.loop`), so that who uses it can say how
old it really was. With `--looped` pictures are made beforehand and sent by the clock, which leaves the machine to who watches; such
cameras only play.
"""

from __future__ import annotations

import argparse
import os
import sys
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import count
from pathlib import Path
from time import monotonic, time
from typing import Protocol

import cv2
import numpy as np

from benchmarks.loop import FILM_FPS, HEIGHT, LOOP, WIDTH, frame_at, loop_of, next_slot, noise, shift_of, stamp
from vision.frame import Image


class Sender(Protocol):
    """Gives the JPEG pictures of one camera, each at its time, until it is dead or `stopping`."""

    state: str

    def shots(self, stopping: threading.Event) -> Iterator[bytes]: ...


class Looped:
    """A camera whose pictures were made beforehand."""

    def __init__(self, jpegs: Sequence[bytes], fps: float, shift: float) -> None:
        self.state = "play"
        self._jpegs, self._fps, self._shift = jpegs, fps, shift

    def shots(self, stopping: threading.Event) -> Iterator[bytes]:
        """Yield the pictures by the clock."""
        while self.state != "dead":
            slot, at = next_slot(time(), self._shift, self._fps)
            if stopping.wait(max(0.0, at - time())):
                return
            yield self._jpegs[slot % len(self._jpegs)]


class Camera:
    """One camera: what it films, at which rate, and what is the matter with it.

    Without `stamped` its pictures show nothing but the film; `box` are corners of what cardboard is put before in the state `box`.
    """

    def __init__(
        self,
        film: Sequence[Image],
        fps: float,
        motion: float = 0.5,
        phase: float = 0.0,
        *,
        stamped: bool = True,
        box: Sequence[tuple[float, float]] = (),
    ) -> None:
        self.state = "play"
        self._fps = fps
        self._film, self._motion, self._phase = film, motion, phase
        self._stamped, self._box = stamped, box
        self._shot = b""
        self._noise = noise()

    def shots(self, stopping: threading.Event) -> Iterator[bytes]:
        """Yield the pictures at the camera's rate."""
        begun = monotonic()
        for number in count(int(begun * self._fps) % 1000):
            if (jpeg := self.shoot(number)) is None:
                return
            yield jpeg
            begun += 1 / self._fps
            if stopping.wait(max(0.0, begun - monotonic())):
                return

    def shoot(self, number: int) -> bytes | None:
        """Return the next picture as JPEG; None when the camera is dead."""
        if self.state == "dead":
            return None
        if self.state != "freeze" or not self._shot:
            self._shot = self._jpeg(number)
        return self._shot

    def _jpeg(self, number: int) -> bytes:
        """Return a picture as a sensor gives it."""
        image = cv2.add(self._exposed(), self._noise[number % len(self._noise)]).astype(np.uint8, copy=False)
        if self._stamped:
            stamp(image, time())
        return jpeg_of(image)

    def _exposed(self) -> Image:
        scene = self._film[self._frame()]
        match self.state:
            case "black":
                return np.zeros_like(scene)
            case "cover":
                return cv2.GaussianBlur(scene, (0, 0), 45).astype(np.uint8) // 2
            case "box":
                return _boxed(scene, self._box)
            case "turn":
                turned = np.ascontiguousarray(np.roll(np.rot90(scene[:, ::-1], 2), WIDTH // 3, axis=1))
                return turned.astype(np.uint8)
            case _:
                return scene

    def _frame(self) -> int:
        return frame_at((time() + LOOP * self._phase) % LOOP, self._motion, len(self._film))


def _boxed(scene: Image, corners: Sequence[tuple[float, float]]) -> Image:
    """Return the scene with a cardboard box in front of one place."""
    xs, ys = zip(*corners, strict=True)
    left, top = int((min(xs) - 0.02) * WIDTH), int((min(ys) - 0.04) * HEIGHT)
    right, bottom = int((max(xs) + 0.02) * WIDTH), int((max(ys) + 0.04) * HEIGHT)
    hidden = scene.copy()
    cv2.rectangle(hidden, (left, top), (right, bottom), (90, 140, 180), cv2.FILLED)
    cv2.line(hidden, (left, (top + bottom) // 2), (right, (top + bottom) // 2), (70, 115, 150), 2)
    return hidden


def jpeg_of(image: Image) -> bytes:
    """Return a picture as cameras send it."""
    return cv2.imencode(".jpg", image, [cv2.IMWRITE_JPEG_QUALITY, 80])[1].tobytes()


def drawn_film(seed: int = 0, frames: int = 40) -> list[Image]:
    """Return a yard with a fence, and something that walks through it: for where detection does not matter."""
    yard = _yard(seed)
    film = []
    for number in range(frames):
        image = yard.copy()
        x = int((WIDTH + 120) * number / frames) - 60
        cv2.ellipse(image, (x, 250), (45, 70), 0, 0, 360, (60, 70, 160), cv2.FILLED)
        film.append(image)
    return film


def _yard(seed: int) -> Image:
    random = np.random.default_rng(seed)
    image = np.full((HEIGHT, WIDTH, 3), (150, 160, 150), np.uint8)
    image[220:] = (90, 140, 110)
    for _ in range(60):
        x, y = int(random.integers(0, WIDTH)), int(random.integers(0, HEIGHT - 20))
        size = (int(random.integers(8, 70)), int(random.integers(8, 50)))
        colour = tuple(int(level) for level in random.integers(30, 220, 3))
        cv2.rectangle(image, (x, y), (x + size[0], y + size[1]), colour, cv2.FILLED)
    return image


def clip_film(path: Path, frames: int = 100, begins: float = 0.0) -> list[Image]:
    """Return the first frame of a clip, and then those from `begins` seconds on: five a second, at 640 x 360."""
    video = cv2.VideoCapture(str(path))
    film: list[Image] = []
    rate = video.get(cv2.CAP_PROP_FPS)
    every = max(1, round(rate / FILM_FPS))
    for number in count():
        if not video.grab() or len(film) >= frames:
            break
        if number % every == 0 and (number == 0 or number >= begins * rate):
            film.append(cv2.resize(video.retrieve()[1], (WIDTH, HEIGHT), interpolation=cv2.INTER_AREA).astype(np.uint8))
    video.release()
    return film


def films_of(clips: Sequence[str]) -> list[list[Image]]:
    """Return the films of clips, named `PATH` or `PATH@SECONDS` for where something comes into them; without any, drawn ones."""
    named = [clip.partition("@") for clip in clips]
    return [clip_film(Path(path), begins=float(at or 0)) for path, _, at in named] or [drawn_film(n) for n in range(3)]


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.0"

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""

    def do_GET(self) -> None:
        camera = self.server.cameras[int(self.path.strip("/").split(".")[0].split("?")[0])]  # type: ignore[attr-defined]
        if camera.state == "dead":
            self.send_error(503)
            return
        self.send_response(200)
        self.send_header("Content-Type", "multipart/x-mixed-replace; boundary=frame")
        self.end_headers()
        try:
            self._stream(camera)
        except OSError:  # whoever looked has gone
            return

    def _stream(self, camera: Sender) -> None:
        for jpeg in camera.shots(self.server.stopping):  # type: ignore[attr-defined]
            head = b"--frame\r\nContent-Type: image/jpeg\r\nContent-Length: %d\r\n\r\n" % len(jpeg)
            self.wfile.write(head + jpeg + b"\r\n")


@contextmanager
def studio(cameras: Sequence[Sender]) -> Iterator[list[str]]:
    """Serve cameras on the loopback; give the URL of each."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
    server.daemon_threads = True
    server.cameras, server.stopping = cameras, threading.Event()  # type: ignore[attr-defined]
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
    try:
        yield [f"http://127.0.0.1:{server.server_port}/{number}.mjpg" for number in range(len(cameras))]
    finally:
        server.stopping.set()  # type: ignore[attr-defined]
        server.shutdown()
        server.server_close()


def street(clips: Sequence[str], cameras: int, fps: float, motion: float, looped: bool) -> list[Sender]:
    """Return so many cameras, of which each films one of the clips."""
    films = films_of(clips)
    if not looped:
        return [Camera(films[n % len(films)], fps, motion, n / cameras) for n in range(cameras)]
    jpegs = [[jpeg_of(picture) for picture in loop_of(film, fps, motion)] for film in films]
    return [Looped(jpegs[n % len(jpegs)], fps, shift_of(n)) for n in range(cameras)]


def write_raw(folder: Path, clips: Sequence[str], fps: float, motion: float) -> None:
    """Write the loop of each film as raw pictures, one after another."""
    for number, film in enumerate(films_of(clips)):
        (folder / f"{number}.bgr").write_bytes(b"".join(picture.tobytes() for picture in loop_of(film, fps, motion)))


def main() -> None:
    """Serve until stdin ends."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("clips", nargs="*", metavar="CLIP[@SECONDS]")
    parser.add_argument("--cameras", type=int, default=4)
    parser.add_argument("--fps", type=float, default=5.0)
    parser.add_argument("--motion", type=float, default=0.5, help="share of the time in which something moves")
    parser.add_argument("--looped", action="store_true", help="pictures made beforehand")
    parser.add_argument(
        "--raw", type=Path, metavar="FOLDER", help="only write the loops to 0.bgr, 1.bgr, ..., as raw pictures"
    )
    options = parser.parse_args()
    if options.raw:
        write_raw(options.raw, options.clips, options.fps, options.motion)
        return
    cameras = street(options.clips, options.cameras, options.fps, options.motion, options.looped)
    with studio(cameras) as urls:
        print("\n".join(urls), flush=True)
        for line in sys.stdin:
            which, _, state = line.strip().partition(" ")
            for camera in cameras if which == "all" else [cameras[int(which)]]:
                camera.state = state
        # Threads are still sending; to end under them takes some libraries by surprise.
        sys.stdout.flush()
        os._exit(0)


if __name__ == "__main__":
    main()
