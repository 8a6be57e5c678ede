"""The demo's video: a drawn kitchen into which a photo of a cat comes for breakfast.

The clip is made, and says so in its picture; what finds the cat in it is a real detector. The photo is `chelsea.png`
from scikit-image, by Stefan van der Walt, dedicated to the public domain (CC0). It is read as a file: scikit-image
itself is never imported.
"""

from __future__ import annotations

from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from proactive.error import ProactiveError

Image = NDArray[np.uint8]
Floats = NDArray[np.float32]

SIZE = (640, 360)
RATE = 5
SECONDS = 40
EMPTY = 12  # seconds of the clip in which nobody comes
MEAL = (6.0, 26.0)  # seconds at which she is at the bowl
VISIT = (32.0, 35.0)  # long enough for a sniff only
BOWL = ((0.40, 0.72), (0.66, 0.72), (0.66, 0.98), (0.40, 0.98))  # the bowl's zone, in 0..1 of the picture

_MARGIN = 12  # pixels drawn around the picture, so that the camera can sway
_CAT_WIDTH = 300
_CAT_AT = (184, 112)  # where her photo's top left corner is while she eats
_WALK = 0.6  # seconds from the edge of the picture to the bowl
_LABEL = "made clip: photo of a cat (CC0) in a drawn kitchen"
_EMPTY_LABEL = "made clip: a drawn kitchen"


@dataclass(frozen=True, slots=True)
class Cutout:
    """A photo and how opaque each of its pixels is, 0..1."""

    image: Image
    opacity: Floats


def make_clip(path: Path) -> None:
    """Write 40 s of 640 x 360 at 5 frames a second: empty, a meal, empty, a visit of 3 s, empty. Raise ProactiveError."""
    _write(path, SECONDS, _cat(_photo()))


def make_empty_clip(path: Path) -> None:
    """Write 12 s of the same kitchen in which nobody comes. Raise ProactiveError."""
    _write(path, EMPTY, None)


def _write(path: Path, seconds: int, cat: Cutout | None) -> None:
    kitchen, grains = _kitchen(cat is not None), _grains()
    writer = cv2.VideoWriter(str(path), cv2.VideoWriter.fourcc(*"mp4v"), RATE, SIZE)
    if not writer.isOpened():
        raise ProactiveError(f"{path}: the demo's clip cannot be written there. Name a folder that you may write to.")
    for number in range(seconds * RATE):
        writer.write(_frame(kitchen, cat, number / RATE, grains[number % len(grains)]))
    writer.release()


def _photo() -> Image:
    spec = find_spec("skimage")
    path = Path(spec.origin).parent / "data" / "chelsea.png" if spec and spec.origin else None
    photo = cv2.imread(str(path), cv2.IMREAD_COLOR) if path and path.is_file() else None
    if photo is None:
        raise ProactiveError(
            "The demo's cat is a photo inside scikit-image, which is not installed. "
            "Install it with: pip install 'proactive[demo]', or give a video of your own."
        )
    return photo.astype(np.uint8, copy=False)


def _cat(photo: Image) -> Cutout:
    """Return the photo at the clip's size with a soft, rounded edge."""
    height = round(_CAT_WIDTH * photo.shape[0] / photo.shape[1])
    image = cv2.resize(photo, (_CAT_WIDTH, height), interpolation=cv2.INTER_AREA)
    y, x = np.meshgrid(np.linspace(-1, 1, height), np.linspace(-1, 1, _CAT_WIDTH), indexing="ij")
    # A superellipse: a rectangle whose corners are rounded off, ears inside.
    opacity = np.clip((1.0 - (x**4 + y**4) ** 0.25) / 0.15, 0, 1)
    return Cutout(image.astype(np.uint8, copy=False), opacity.astype(np.float32))


def _frame(kitchen: Image, cat: Cutout | None, seconds: float, grain: Floats) -> Image:
    picture = kitchen.copy()
    left = _cat_left(seconds)
    if cat is not None and left is not None:
        _paste(picture, cat, left + _MARGIN, _CAT_AT[1] + _MARGIN)
    _bowl(picture, full=cat is not None)
    grainy: Image = np.clip(_sway(picture, seconds) + grain, 0, 255).astype(np.uint8)
    return grainy


def _grains() -> list[Floats]:
    """Return the noise of a small sensor; a few pictures of it are enough to look alive."""
    noise = np.random.default_rng(2026)
    return [noise.normal(0, 3, (SIZE[1], SIZE[0], 3)).astype(np.float32) for _ in range(8)]


def _cat_left(seconds: float) -> int | None:
    """Return where her photo begins at that time, None while she is away. She walks in and out at the left."""
    for begin, end in (MEAL, VISIT):
        if begin <= seconds < end:
            walked = min(seconds - begin + _WALK / 2, end - seconds, _WALK) / _WALK
            return round(-_CAT_WIDTH / 2 + (_CAT_AT[0] + _CAT_WIDTH / 2) * walked)
    return None


def _paste(picture: Image, cat: Cutout, left: int, top: int) -> None:
    """Lay the part of the cutout that is inside the picture over it."""
    height, width = cat.opacity.shape
    skipped, right = max(-left, 0), min(left + width, picture.shape[1])
    shown = slice(skipped, skipped + right - max(left, 0))
    under = picture[top : top + height, max(left, 0) : right]
    opacity = cat.opacity[:, shown, None]
    under[:] = (cat.image[:, shown] * opacity + under * (1 - opacity)).astype(np.uint8)


def _sway(picture: Image, seconds: float) -> Image:
    """Return the view of a camera that sways by a few pixels."""
    x = _MARGIN + round(6 * np.sin(seconds / 6))
    y = _MARGIN + round(4 * np.sin(seconds / 9 + 1))
    swayed: Image = picture[y : y + SIZE[1], x : x + SIZE[0]]
    return swayed


def _kitchen(with_cat: bool) -> Image:
    """Return the drawn room with the words that say what it is, larger than the picture by the margin on every side."""
    width, height = SIZE[0] + 2 * _MARGIN, SIZE[1] + 2 * _MARGIN
    picture = np.empty((height, width, 3), np.uint8)
    floor = 215
    picture[:floor] = np.linspace((214, 224, 230), (196, 208, 218), floor)[:, None]
    picture[floor:] = np.linspace((120, 142, 160), (150, 172, 190), height - floor)[:, None]
    for x in range(0, width, 83):
        cv2.rectangle(picture, (x, 120), (x + 80, floor), (150, 170, 178), -1)
        cv2.rectangle(picture, (x + 8, 130), (x + 72, floor - 8), (140, 160, 170), 2)
    cv2.rectangle(picture, (0, 108), (width, 122), (90, 96, 104), -1)
    for y in range(floor, height, 40):
        cv2.line(picture, (0, y), (width, y), (110, 130, 146), 1)
    label = _LABEL if with_cat else _EMPTY_LABEL
    # Below the line in which a kept picture has its time.
    cv2.putText(picture, label, (_MARGIN + 12, _MARGIN + 48), cv2.FONT_HERSHEY_SIMPLEX, 0.42, (90, 90, 90), 1)
    return cv2.GaussianBlur(picture, (3, 3), 0).astype(np.uint8, copy=False)


def _bowl(picture: Image, *, full: bool) -> None:
    """Draw her bowl, in front of whoever eats from it; it is empty where nobody brought food."""
    x, y = _MARGIN + round(0.53 * SIZE[0]), _MARGIN + round(0.82 * SIZE[1])
    side = np.array([[x - 70, y], [x + 70, y], [x + 54, y + 42], [x - 54, y + 42]], np.int32)
    cv2.fillPoly(picture, [side], (176, 120, 60))
    cv2.ellipse(picture, (x, y + 42), (54, 10), 0, 0, 180, (150, 100, 50), -1)
    cv2.ellipse(picture, (x, y), (70, 14), 0, 0, 360, (200, 150, 90), -1)
    cv2.ellipse(picture, (x, y + 1), (60, 10), 0, 0, 360, (60, 84, 120) if full else (224, 186, 140), -1)
