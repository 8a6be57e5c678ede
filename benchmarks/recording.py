"""Recordings: a clip written to a file again as other cameras and recorders would have, so that reading files is tried with it.

Each keeps what happens, and when it does since the film began; `zones` lie where `place` says. `variation` redraws pictures that are
decoded already; what is here goes through an encoder, and is decoded by the product.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import chain, pairwise
from math import cos, sin
from pathlib import Path
from struct import pack
from typing import cast

import av
import cv2
import numpy as np
from av.video.stream import VideoStream

from benchmarks.variation import Place, Redraw, same_place
from rules.home import Camera
from vision.film import image_of
from vision.frame import Image

Redrawn = Callable[[Image, float], Image]  # a picture, and its seconds since the film began
X264 = {"preset": "veryfast", "x264-params": "log-level=none"}
X265 = {"preset": "fast", "x265-params": "log-level=none"}
NARROW = 0.75  # of a picture's width, in its middle: 16:9 becomes 4:3
FOUR_K = (3840, 2160)


@dataclass(frozen=True, slots=True)
class Recording:
    """How a clip is written: by which codec, how often a second (None: as it was taken), how redrawn, and where its points go."""

    codec: str = "libx264"
    options: Mapping[str, str] = field(default_factory=lambda: X264 | {"crf": "23"})
    rate: float | None = None
    redraw: Redrawn = lambda image, _: image
    place: Place = same_place
    suffix: str = ".mp4"
    begins: float = 0.0  # the stamp of its first frame, in seconds
    turned: bool = False  # stored on its side, as telephones do, with a note which side is up

    def into(self, folder: Path, name: str) -> Recorder:
        """Return what writes clips as this recording into the folder, under that name."""
        return Recorder(self, folder, name)

    def camera(self, camera: Camera) -> Camera:
        """Return the camera with its zones where they lie in this recording."""
        zones = {name: [self.place(point) for point in points] for name, points in camera.zones.items()}
        return camera.model_copy(update={"zones": zones})

    def write(self, clip: Path, path: Path) -> None:
        """Write the clip to a file as this recording."""
        self._encode(clip, path)
        if self.turned:
            _note_turn(path)

    def _encode(self, clip: Path, path: Path) -> None:
        rate = Fraction(self.rate or _rate_of(clip)).limit_denominator(1000)
        drawn = (self._drawn(image, seconds) for seconds, image in _at_rate(_pictures(clip), rate))
        first = next(drawn)
        with av.open(str(path), "w") as out:
            stream = cast(VideoStream, out.add_stream(self.codec, rate=rate, options=dict(self.options)))
            stream.height, stream.width = first.shape[:2]
            stream.pix_fmt = "yuvj420p" if self.codec == "mjpeg" else "yuv420p"
            for number, image in enumerate(chain([first], drawn), start=round(self.begins * rate)):
                frame = av.VideoFrame.from_ndarray(image, format="bgr24")
                frame.time_base, frame.pts = 1 / rate, number
                out.mux(stream.encode(frame))
            out.mux(stream.encode(None))

    def _drawn(self, image: Image, seconds: float) -> Image:
        drawn = _even(self.redraw(image, seconds))
        return np.ascontiguousarray(np.rot90(drawn) if self.turned else drawn)


@dataclass(frozen=True, slots=True)
class Recorder:
    """Writes clips into a folder as one recording each, once."""

    recording: Recording
    folder: Path
    name: str

    def camera(self, camera: Camera) -> Camera:
        """Return the camera with its zones where they lie in the recording."""
        return self.recording.camera(camera)

    def write(self, clip: Path) -> Path:
        """Return the file with the clip as that recording, written where it is not there already."""
        path = self.folder / f"{clip.stem}-{self.name}{self.recording.suffix}"
        if not path.exists():
            part = path.with_name(f"part-{path.name}")
            self.recording.write(clip, part)
            part.rename(path)
        return path


def _pictures(clip: Path) -> Iterator[tuple[float, Image]]:
    """Yield each picture of the clip with its seconds since it began."""
    with av.open(str(clip)) as container:
        first = None
        for frame in container.decode(video=0):
            first = frame.time if first is None else first
            yield frame.time - first, image_of(frame)


def _rate_of(clip: Path) -> float:
    with av.open(str(clip)) as container:
        return float(container.streams.video[0].average_rate or 25)


def _at_rate(pictures: Iterator[tuple[float, Image]], rate: Fraction) -> Iterator[tuple[float, Image]]:
    """Yield at each tick of that rate the picture that a screen would show."""
    tick = 0
    for (_, image), (until, _) in pairwise(pictures):
        while tick / rate < until:
            yield float(tick / rate), image
            tick += 1


def _even(image: Image) -> Image:
    """Return the picture less a row or column where its sides are odd, which half-size colour cannot have."""
    height, width = image.shape[:2]
    return image[: height // 2 * 2, : width // 2 * 2]


def _note_turn(path: Path) -> None:
    """Write into an MP4 that its picture is to be turned right by a quarter before it is shown."""
    content = bytearray(path.read_bytes())
    matrix = content.index(b"tkhd") + 44
    content[matrix : matrix + 36] = pack(">9i", 0, 1 << 16, 0, -(1 << 16), 0, 0, 0, 0, 1 << 30)
    path.write_bytes(content)


def _each(redraw: Redraw) -> Redrawn:
    return lambda image, _: redraw(image)


def _night(image: Image, seconds: float) -> Image:
    """Return what a camera takes by its infrared lamp: grey, dim, brighter in the middle, full of noise."""
    height, width = image.shape[:2]
    grey = cv2.cvtColor(image, cv2.COLOR_BGR2GRAY).astype(np.float32) / 255
    y, x = np.mgrid[0:height, 0:width].astype(np.float32)
    off = ((x / width - 0.5) ** 2 + (y / height - 0.5) ** 2) / 0.5
    noise = np.random.default_rng(round(seconds * 1000)).normal(0, 9, grey.shape)
    dim = (grey**1.2 * 140 * (1 - 0.6 * off) + noise).clip(0, 255)
    return np.repeat(dim[..., None], 3, axis=2).astype(np.uint8)


def _shaking(image: Image, seconds: float) -> Image:
    """Return the picture of a camera on a thin pole: to and fro by one hundredth of its width, quickly and slowly."""
    height, width = image.shape[:2]
    x = width * 0.01 * (sin(9.1 * seconds) + sin(1.3 * seconds)) / 2
    y = width * 0.01 * (cos(7.3 * seconds) + sin(0.9 * seconds)) / 2
    moved = cv2.warpAffine(image, np.array([[1, 0, x], [0, 1, y]]), (width, height), borderMode=cv2.BORDER_REPLICATE)
    return moved.astype(np.uint8, copy=False)


def _pumping(image: Image, seconds: float) -> Image:
    """Return the picture under an exposure that hunts: between half the light and half as much again, every six seconds."""
    gain = 1 + 0.5 * sin(seconds * 2 * np.pi / 6)
    return (image.astype(np.float32) * gain).clip(0, 255).astype(np.uint8)


def _narrow(image: Image) -> Image:
    width = image.shape[1]
    left = round(width * (1 - NARROW) / 2)
    return np.ascontiguousarray(image[:, left : width - left])


def _within_narrow(point: tuple[float, float]) -> tuple[float, float]:
    return min(max((point[0] - (1 - NARROW) / 2) / NARROW, 0.0), 1.0), point[1]


def _four_k(image: Image) -> Image:
    height, width = image.shape[:2]
    scale = min(FOUR_K[0] / width, FOUR_K[1] / height)
    large = cv2.resize(image, None, fx=scale, fy=scale, interpolation=cv2.INTER_CUBIC)
    return large.astype(np.uint8, copy=False)


RECORDINGS = {
    "h264_small": Recording(options=X264 | {"crf": "38"}),
    "h265": Recording("libx265", X265 | {"crf": "28"}),
    "h265_small": Recording("libx265", X265 | {"crf": "38"}),
    "mjpeg": Recording("mjpeg", {"qmin": "12", "qmax": "12"}, suffix=".avi"),
    "four_k": Recording(options={"preset": "ultrafast", "crf": "26"}, rate=5, redraw=_each(_four_k)),
    "sixty": Recording(rate=60),
    "fifteen": Recording(rate=15),
    "five": Recording(rate=5),
    "late_stamps": Recording(begins=3600, suffix=".mkv"),
    "turned": Recording(turned=True),
    "narrow": Recording(redraw=_each(_narrow), place=_within_narrow),
    "night": Recording(redraw=_night),
    "shaking": Recording(redraw=_shaking),
    "pumping": Recording(redraw=_pumping),
}
