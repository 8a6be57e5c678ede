"""Photos: the looks that an owner's pictures teach, or why a picture teaches none.

A photo that somebody sends may be anything: it is held to a size before it is decoded, turned as its camera was held, and nothing
that it says of when, where and by what it was taken goes any further.
"""

from __future__ import annotations

import warnings
from dataclasses import replace
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from typing import Literal

import numpy as np

from rules.problem import InputError, Problem
from vision.colour import look_of
from vision.detection import Detection
from vision.detector import Detector
from vision.embedding import load_embedder
from vision.frame import Frame, Image
from vision.look import Look
from vision.track import ANIMAL, group_of, overlap
from vision.zone import Box, area, corners

RIVAL = 0.4  # of the largest animal's area: one as large may be the one that is meant
LARGEST = 80_000_000  # pixels of a photo that is sent; telephones take up to 50 million
WIDEST = 2048  # pixels of what is kept of one: nobody is told apart by more
FORMATS = ("JPEG", "PNG", "WEBP")
HEIC = frozenset({b"ftypheic", b"ftypheix", b"ftyphevc", b"ftypmif1", b"ftypmsf1"})
SMALLER = "Save it smaller."
SAME = 0.5  # of the union: two boxes with that much in common are one animal, called dog and bear
_TAKEN = datetime(2000, 1, 1, tzinfo=UTC)  # when a photo was taken changes nothing in how anybody looks


def read_photo(path: Path) -> Image:
    """Return a picture file upright, BGR, at most `WIDEST` wide and high. Raise InputError where there is none, or no picture."""
    return decode_photo(content_of(path), path.name)


def content_of(path: Path) -> bytes:
    """Return what is in a picture file. Raise InputError where there is none."""
    if not path.is_file():
        raise InputError([Problem("no_photo", str(path), "expected a picture file, found none.", "Check the path.")])
    return path.read_bytes()


def decode_photo(content: bytes, name: str) -> Image:
    """Return a picture that was sent, upright, BGR, at most `WIDEST` wide and high. Raise InputError for what is none."""
    from PIL import Image as Pillow
    from PIL import ImageOps

    try:
        with warnings.catch_warnings(action="ignore", category=Pillow.DecompressionBombWarning):  # said below
            opened = Pillow.open(BytesIO(content), formats=FORMATS)
    except Pillow.DecompressionBombError as error:
        raise InputError([_not_a_photo(name, "one of far too many pixels", SMALLER)]) from error
    except (OSError, SyntaxError, ValueError) as error:
        raise InputError([_not_a_photo(name, *_kind_of(content))]) from error
    with opened:
        if opened.width * opened.height > LARGEST:
            raise InputError([_not_a_photo(name, f"one of {opened.width} x {opened.height} pixels", SMALLER)])
        try:
            opened.draft("RGB", (WIDEST, WIDEST))  # a JPEG is decoded at a half, a quarter, an eighth for nothing
            opened.load()
            opened.getexif()  # read for how the camera was held; the rest, which cameras often write wrong, is not written again
            opened.info.clear()
            upright = ImageOps.exif_transpose(opened).convert("RGB")
        except (OSError, SyntaxError, ValueError) as error:
            hint = "Copy it again, whole, or save it as JPEG or PNG."
            raise InputError([_not_a_photo(name, "one that is cut off or damaged", hint)]) from error
    upright.thumbnail((WIDEST, WIDEST))
    return np.ascontiguousarray(np.asarray(upright, np.uint8)[:, :, ::-1])


def _kind_of(content: bytes) -> tuple[str, str]:
    """Return what a file is that is no picture of the formats that are read, and what to do with it."""
    if not content:
        return "an empty file", "Copy it again."
    if content[4:12] in HEIC:
        hint = "Save it as JPEG; new ones are where the phone's camera is set to the most compatible format."
        return "a HEIC picture, as iPhones take them", hint
    return "something else, or a part of one", "Save it as JPEG or PNG."


def _not_a_photo(name: str, found: str, hint: str) -> Problem:
    return Problem("not_a_photo", name, f"expected a picture (JPEG, PNG or WebP), found {found}.", hint)


def look_at(photo: Image, detector: Detector) -> Look:
    """Return the look of the one animal in a photo; without a coat where it shows none, several, or no colour."""
    frame = Frame(photo, _TAKEN, "photo")
    box = animal_in(frame, detector)
    if isinstance(box, str):
        return Look(None, box)
    look, embed = look_of(frame, box), load_embedder()
    return replace(look, embedding=embed(frame.crop(box).image)) if embed and look.coat else look


def animal_in(frame: Frame, detector: Detector) -> Box | Literal["nobody", "several"]:
    """Return the box of the animal that a photo is of: the largest, unless another is nearly as large."""
    animals = sorted(
        (one for one in detector.detect(frame).clear() if group_of(one.label) == ANIMAL), key=_area, reverse=True
    )
    if not animals:
        return "nobody"
    first, *others = animals
    rivals = (one for one in others if _area(one) >= RIVAL * _area(first) and overlap(first.xyxy, one.xyxy) < SAME)
    return "several" if any(rivals) else first.xyxy


def _area(one: Detection) -> float:
    return area(corners(one.xyxy))
