"""The view: whether a camera still looks where it looked when it was set up.

Two thumbnails are compared by their edges: each pixel's gradient as a complex number of doubled angle, so that neither brightness nor
which side of an edge is lighter counts. The best alignment within a few hundredths of the picture is found by correlation,
since a camera in the wind is not one that was turned; what is left of the correlation there is how alike the views are.
Between frames of one fixed camera that was .6 to .99, between cameras at most .43 (five clips, people and pets cut out).

At night a camera that switches to infrared sees another picture of the same place: it has no colour at all, and a view of its own.
"""

from __future__ import annotations

import logging
import zlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import IO, Literal, NamedTuple
from zipfile import BadZipFile

import cv2
import numpy as np
from numpy.typing import NDArray

from vision.detection import Floats
from vision.frame import Image
from vision.live.picture import EDGE
from vision.zone import Box

_log = logging.getLogger(__name__)

Mode = Literal["colour", "infrared"]
Edges = NDArray[np.complex64]  # 90 x 160
Places = NDArray[np.bool_]  # 90 x 160

SAME = 0.5  # how alike two thumbnails of one view are at least
ALIKE = 0.7  # and two that were taken within seconds
LEARNED = timedelta(seconds=3)  # how long a view has to stand still to be learned
_SHIFT_Y, _SHIFT_X = 8, 12  # thumbnail pixels by which a view may be off and still be the same
# What a view is shifted in: room for the shifts, and sides that are quick to transform (half the time of 106 x 184).
_PADDED = cv2.getOptimalDFTSize(90 + 2 * _SHIFT_Y), cv2.getOptimalDFTSize(160 + 2 * _SHIFT_X)
_STRONG = 60.0  # a gradient that is stronger counts no more: one lamp must not outweigh a room
_ENOUGH = 0.08  # of the picture must be left beside what is cut out, and show edges
_COLOURED = 0.01  # of the picture
_NO_COLOUR = 3  # levels between channels, which JPEG may leave in a picture without colour
# A file of what was learned: there is none yet, or it was cut off while it was written.
UNREADABLE = (OSError, ValueError, KeyError, EOFError, BadZipFile, zlib.error)


def edges(thumb: Floats) -> Edges:
    """Return the gradients of a thumbnail, their angles doubled."""
    smooth = cv2.GaussianBlur(thumb, (0, 0), 1.2)
    gradient = cv2.Sobel(smooth, cv2.CV_32F, 1, 0) + 1j * cv2.Sobel(smooth, cv2.CV_32F, 0, 1)
    strength = np.maximum(np.abs(gradient), 1e-6)
    found: Edges = (gradient**2 / strength**2 * np.minimum(strength, _STRONG)).astype(np.complex64)
    return found


def places(boxes: Iterable[Box]) -> Places:
    """Return where a view is not to be compared: where the boxes are, and where the camera writes over its picture."""
    covered = np.zeros((90, 160), np.bool_)
    covered[:EDGE] = covered[-EDGE:] = True
    for x1, y1, x2, y2 in boxes:
        covered[int(y1 * 90) : int(np.ceil(y2 * 90)), int(x1 * 160) : int(np.ceil(x2 * 160))] = True
    return covered


class Likeness(NamedTuple):
    """How alike two views are at their best alignment, at most 1, and where what the first shows is in the second.

    `shift` is to the right and down, in shares of the picture.
    """

    alike: float
    shift: tuple[float, float]


def likeness(taught: Edges, now: Edges, hidden: Places) -> Likeness | None:
    """Return how alike two views are; None where too little is left beside `hidden`."""
    taught = np.where(hidden, 0, taught)
    strong = np.abs(taught) > _STRONG / 4
    if strong.mean() < _ENOUGH / 4 or hidden.mean() > 1 - _ENOUGH:
        return None
    down, right = _alignment(taught, now)
    moved = _shifted(now, down, right)
    near = cv2.dilate(strong.astype(np.uint8), np.ones((5, 5), np.uint8)).astype(np.bool_)
    own, other = taught[near], moved[near]
    alike = (own * other.conj()).real.sum() / np.sqrt((np.abs(own) ** 2).sum() * (np.abs(other) ** 2).sum() + 1.0)
    return Likeness(float(alike), (-right / 160, -down / 90))


def _alignment(taught: Edges, now: Edges) -> tuple[int, int]:
    """Return by how many pixels down and to the right `now` has to be shifted to correlate best with `taught`."""
    match = cv2.idft(cv2.mulSpectrums(_spectrum(taught), _spectrum(now), 0, conjB=True))[:, :, 0]
    window = np.roll(match, (_SHIFT_Y, _SHIFT_X), (0, 1))[: 2 * _SHIFT_Y + 1, : 2 * _SHIFT_X + 1]
    y, x = np.unravel_index(int(window.argmax()), window.shape)
    return int(y) - _SHIFT_Y, int(x) - _SHIFT_X


def _spectrum(view: Edges) -> Floats:
    """Return the Fourier transform of a view with zeros around it, real and imaginary parts as channels."""
    padded = np.zeros((*_PADDED, 2), np.float32)
    padded[:90, :160] = view.view(np.float32).reshape(90, 160, 2)
    return cv2.dft(padded, flags=cv2.DFT_COMPLEX_OUTPUT).astype(np.float32, copy=False)


def _shifted(now: Edges, down: int, right: int) -> Edges:
    """Return `now` shifted; what comes in from outside is zero."""
    padded = np.pad(now, ((_SHIFT_Y, _SHIFT_Y), (_SHIFT_X, _SHIFT_X)))
    moved: Edges = padded[_SHIFT_Y - down : _SHIFT_Y - down + 90, _SHIFT_X - right : _SHIFT_X - right + 160]
    return moved


def mode_of(image: Image) -> Mode:
    """Return whether the picture has colour or is one of infrared light."""
    some = image[::16, ::16].astype(np.int16)
    return "colour" if (np.ptp(some, axis=2) > _NO_COLOUR).mean() > _COLOURED else "infrared"


@dataclass(frozen=True, slots=True, eq=False)
class Taught:
    """A view as it should be: its thumbnail, and where something stood in it that does not belong to it."""

    thumb: Floats
    hidden: Places
    edges: Edges


class Views:
    """The views of one camera by mode: kept in a folder, so that a camera that is turned while nothing runs is noticed.

    One that is not known yet is learned from the first seconds that stand still. To have it learned again, delete the folder.
    """

    def __init__(self, folder: Path | None = None) -> None:
        self._folder = folder
        self._taught = _load(folder) if folder else {}
        self._candidate: tuple[Mode, datetime, Taught] | None = None
        self.shift = (0.0, 0.0)  # by how far the view was off when it was last the one that was taught

    def receive(self, time: datetime, image: Image, thumb: Floats, boxes: Iterable[Box]) -> bool | None:
        """Return whether this is the camera's view; None where that cannot be said."""
        mode, hidden, now = mode_of(image), places(boxes), edges(thumb)
        if (taught := self._known(mode)) is None:
            self._learn(mode, time, Taught(thumb, hidden, now))
            return None
        found = likeness(taught.edges, now, hidden | taught.hidden)
        if found is None:
            return None
        self.shift = found.shift if found.alike >= SAME else (0.0, 0.0)
        return found.alike >= SAME

    def _known(self, mode: Mode) -> Taught | None:
        if self._folder and self._taught and not self._folder.exists():
            self._taught = {}
        return self._taught.get(mode)

    def _learn(self, mode: Mode, time: datetime, seen: Taught) -> None:
        """Take a view once it has stood still for `LEARNED`."""
        if self._candidate is None or self._candidate[0] != mode or not _stands(self._candidate[2], seen):
            self._candidate = mode, time, seen
        elif time - self._candidate[1] >= LEARNED:
            self._taught[mode] = seen
            self._candidate = None
            if self._folder:
                thumb, hidden = seen.thumb.astype(np.uint8), seen.hidden
                keep(self._folder / f"{mode}.npz", lambda file: np.savez_compressed(file, thumb=thumb, hidden=hidden))


def _stands(before: Taught, now: Taught) -> bool:
    found = likeness(before.edges, now.edges, before.hidden | now.hidden)
    return found is not None and found.alike >= ALIKE


def keep(path: Path, write: Callable[[IO[bytes]], None]) -> None:
    """Write what was learned for the next start; where the disk refuses it, that start learns anew."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("wb") as file:
            write(file)
    except OSError as error:
        _log.warning("%s: what was learned of a camera could not be kept: %s.", path.parent.name, error.strerror)


def _load(folder: Path) -> dict[Mode, Taught]:
    found: dict[Mode, Taught] = {}
    modes: tuple[Mode, ...] = ("colour", "infrared")
    for mode in modes:
        try:
            with np.load(folder / f"{mode}.npz", allow_pickle=False) as kept:
                thumb = kept["thumb"].astype(np.float32)
                found[mode] = Taught(thumb, kept["hidden"].astype(np.bool_), edges(thumb))
        except UNREADABLE:
            continue
    return found
