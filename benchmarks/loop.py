"""Films that repeat: pictures of twenty seconds, made beforehand, that still tell how old each of them is when it is used.

Making and encoding a picture costs as much as watching it, and the machine that watches should be left alone. So a film is made once,
each picture stamped with its place in it, and sent by the clock: picture k when the clock, moved on by the camera's shift,
stands at slot k. Who sees the stamp knows when the picture was due, less than a loop ago.
"""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np

from vision.frame import Image

LOOP = 20.0  # seconds
WIDTH, HEIGHT = 640, 360
FILM_FPS = 5  # at which films were taken
BITS, SQUARE = 40, 16  # a stamp: milliseconds, lowest 40 bits, as squares of 16 pixels at 640 wide
_GOLDEN = 0.618034


def shift_of(camera: int) -> float:
    """Return the seconds by which a camera is ahead in its film: cameras of a street neither move nor expose together."""
    return LOOP * (camera * _GOLDEN % 1)


def loop_of(film: Sequence[Image], fps: float, motion: float) -> list[Image]:
    """Return the stamped pictures of one loop: the film runs for the share `motion` of it, else its first picture stands."""
    grains, pictures = noise(), []
    for slot in range(round(LOOP * fps)):
        at = slot / fps
        scene = film[frame_at(at, motion, len(film))]
        picture = cv2.add(scene, grains[slot % len(grains)]).astype(np.uint8, copy=False)
        stamp(picture, at)
        pictures.append(picture)
    return pictures


def noise() -> list[Image]:
    """Return what a sensor adds to a picture: never the same twice in a row."""
    return [np.random.default_rng(n).integers(0, 5, (HEIGHT, WIDTH, 3), np.uint8) for n in range(4)]


def frame_at(seconds: float, motion: float, frames: int) -> int:
    """Return which frame of a film to show at so many seconds of its loop."""
    return int(seconds * FILM_FPS) % frames if seconds < LOOP * motion else 0


def next_slot(now: float, shift: float, fps: float) -> tuple[int, float]:
    """Return the number of the next picture, and when it is to be sent."""
    slot = int((now + shift) * fps) + 1
    return slot, slot / fps - shift


def stamp(image: Image, seconds: float) -> None:
    """Draw a time into the lower edge of a picture of 640 x 360."""
    value = round(seconds * 1000) & ((1 << BITS) - 1)
    for bit in range(BITS):
        image[-SQUARE:, bit * SQUARE : (bit + 1) * SQUARE] = 235 if value >> bit & 1 else 20


def stamp_in(image: Image) -> int:
    """Return the milliseconds of the stamp in a picture."""
    row = image[-SQUARE // 2, SQUARE // 2 :: SQUARE, 1][:BITS]
    return sum(1 << bit for bit, level in enumerate(row.tolist()) if level > 128)


def read_stamp(image: Image, now: float) -> float:
    """Return the seconds since the epoch of the stamp in a picture, the last before `now`."""
    low = (1 << BITS) - 1
    return now - ((round(now * 1000) - stamp_in(image)) & low) / 1000


def age_in_loop(image: Image, now: float, shift: float) -> float:
    """Return how many seconds ago a picture of a loop was to be sent, which was less than a loop ago."""
    return (now + shift - stamp_in(image) / 1000) % LOOP
