"""A made street of cameras: MJPEG streams over HTTP on the loopback, which can be told to freeze, go black, be covered, be turned, or die.

    python -m benchmarks.studio --cameras 4 --fps 5 [CLIP ...]

prints one URL a line and serves until stdin ends. Each camera plays a clip (default: a drawn yard with a walker) over and over, with a
sensor's noise, at its own share of motion. Lines on stdin tell cameras what to do: `2 freeze`, `all play`. A picture carries the
time at which it was taken, as a row of black and white squares at its lower edge (`stamp`, `read_stamp`), so that who
uses it can say how old it really was.
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

import cv2
import numpy as np

from vision.frame import Image

WIDTH, HEIGHT = 640, 360
FILM_FPS = 5  # at which films were taken
BITS, SQUARE = 40, 16  # a stamp: milliseconds since the epoch, lowest 40 bits, as squares of 16 pixels at 640 wide


class Camera:
    """One camera: what it films, at which rate, and what is the matter with it."""

    def __init__(
        self, film: Sequence[Image], fps: float, motion: float = 0.5, phase: float = 0.0, stamped: bool = True
    ) -> None:
        self.state = "play"
        self.fps = fps
        self._film, self._motion, self._phase = film, motion, phase
        self._shot = b""
        self._noise = [np.random.default_rng(n).integers(0, 5, (HEIGHT, WIDTH, 3), np.uint8) for n in range(4)]
        self._kept: dict[tuple[int, int], bytes] | None = None if stamped else {}

    def shoot(self, number: int) -> bytes | None:
        """Return the next picture as JPEG; None when the camera is dead."""
        if self.state == "dead":
            return None
        if self.state != "freeze" or not self._shot:
            self._shot = self._jpeg(number)
        return self._shot

    def _jpeg(self, number: int) -> bytes:
        """Return a picture as a sensor gives it; one without a stamp is encoded once, to leave the machine to who watches."""
        place = self._frame(), number % len(self._noise)
        if self._kept is not None and place in self._kept and self.state == "play":
            return self._kept[place]
        image = cv2.add(self._exposed(), self._noise[number % len(self._noise)]).astype(np.uint8, copy=False)
        if self._kept is None:
            stamp(image, time())
        jpeg = cv2.imencode(".jpg", image, [cv2.IMWRITE_JPEG_QUALITY, 80])[1].tobytes()
        if self._kept is not None and self.state == "play":
            self._kept[place] = jpeg
        return jpeg

    def _exposed(self) -> Image:
        scene = self._film[self._frame()]
        match self.state:
            case "black":
                return np.zeros_like(scene)
            case "cover":
                return cv2.GaussianBlur(scene, (0, 0), 45).astype(np.uint8) // 2
            case "turn":
                turned = np.ascontiguousarray(np.roll(np.rot90(scene[:, ::-1], 2), WIDTH // 3, axis=1))
                return turned.astype(np.uint8)
            case _:
                return scene

    def _frame(self) -> int:
        """Return which frame of the film to show: it runs for the share `motion` of each twenty seconds, else its first stands."""
        at = (time() + 20 * self._phase) % 20
        return int(at * FILM_FPS) % len(self._film) if at < 20 * self._motion else 0


def stamp(image: Image, seconds: float) -> None:
    """Draw a time into the lower edge of a picture of 640 x 360."""
    value = round(seconds * 1000) & ((1 << BITS) - 1)
    for bit in range(BITS):
        image[-SQUARE:, bit * SQUARE : (bit + 1) * SQUARE] = 235 if value >> bit & 1 else 20


def read_stamp(image: Image, now: float) -> float:
    """Return the seconds since the epoch of the stamp in a picture, the last before `now`."""
    row = image[-SQUARE // 2, SQUARE // 2 :: SQUARE, 1][:BITS]
    value = sum(1 << bit for bit, level in enumerate(row.tolist()) if level > 128)
    low = (1 << BITS) - 1
    return now - ((round(now * 1000) - value) & low) / 1000


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


def clip_film(path: Path, frames: int = 100) -> list[Image]:
    """Return the first frames of a clip, five a second, at 640 x 360."""
    video = cv2.VideoCapture(str(path))
    film: list[Image] = []
    every = max(1, round(video.get(cv2.CAP_PROP_FPS) / FILM_FPS))
    for number in count():
        if not video.grab() or len(film) >= frames:
            break
        if number % every == 0:
            film.append(cv2.resize(video.retrieve()[1], (WIDTH, HEIGHT), interpolation=cv2.INTER_AREA).astype(np.uint8))
    video.release()
    return film


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

    def _stream(self, camera: Camera) -> None:
        begun = monotonic()
        for number in count(int(begun * camera.fps) % 1000):
            if (jpeg := camera.shoot(number)) is None or self.server.stopping.is_set():  # type: ignore[attr-defined]
                return
            head = b"--frame\r\nContent-Type: image/jpeg\r\nContent-Length: %d\r\n\r\n" % len(jpeg)
            self.wfile.write(head + jpeg + b"\r\n")
            begun += 1 / camera.fps
            self.server.stopping.wait(max(0.0, begun - monotonic()))  # type: ignore[attr-defined]


@contextmanager
def studio(cameras: Sequence[Camera]) -> Iterator[list[str]]:
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


def main() -> None:
    """Serve until stdin ends."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("clips", nargs="*", type=Path)
    parser.add_argument("--cameras", type=int, default=4)
    parser.add_argument("--fps", type=float, default=5.0)
    parser.add_argument("--motion", type=float, default=0.5, help="share of the time in which something moves")
    parser.add_argument("--plain", action="store_true", help="pictures without stamps, which cost less")
    options = parser.parse_args()
    films = [clip_film(path) for path in options.clips] or [drawn_film(seed) for seed in range(3)]
    cameras = [
        Camera(films[n % len(films)], options.fps, options.motion, n / options.cameras, not options.plain)
        for n in range(options.cameras)
    ]
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
