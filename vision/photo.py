"""Photos: the looks that an owner's pictures teach, or why a picture teaches none.

A photo that somebody sends may be anything: it is held to a size before it is decoded, turned as its camera was held, and nothing
that it says of when, where and by what it was taken goes any further.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from typing import Literal

import cv2
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
SAME = 0.5  # of the union: two boxes with that much in common are one animal, called dog and bear
_TAKEN = datetime(2000, 1, 1, tzinfo=UTC)  # when a photo was taken changes nothing in how anybody looks


def read_photo(path: Path) -> Image:
    """Return a picture file upright, BGR. Raise InputError where there is none or OpenCV cannot read it."""
    if not path.is_file():
        raise InputError([Problem("no_photo", str(path), "expected a picture file, found none.", "Check the path.")])
    image = cv2.imread(str(path), cv2.IMREAD_COLOR)
    if image is None:
        message = "expected a picture, found what OpenCV cannot read."
        raise InputError([Problem("not_a_photo", str(path), message, "Save it as JPEG or PNG.")])
    return image.astype("uint8", copy=False)


def decode_photo(content: bytes, name: str) -> Image:
    """Return a picture that was sent, upright, BGR, at most `WIDEST` wide and high. Raise InputError for what is none."""
    from PIL import Image as Pillow
    from PIL import ImageOps

    try:
        with Pillow.open(BytesIO(content), formats=FORMATS) as opened:
            if opened.width * opened.height > LARGEST:
                raise InputError(
                    [_not_a_photo(name, f"one of {opened.width} x {opened.height} pixels", "Send a smaller one.")]
                )
            opened.draft("RGB", (WIDEST, WIDEST))  # a JPEG is decoded at a half, a quarter, an eighth for nothing
            opened.load()
            opened.getexif()  # read for how the camera was held; the rest, which cameras often write wrong, is not written again
            opened.info.clear()
            upright = ImageOps.exif_transpose(opened).convert("RGB")
    except InputError:  # which is a ValueError too
        raise
    except Pillow.DecompressionBombError as error:
        raise InputError([_not_a_photo(name, "one of far too many pixels", "Send a smaller one.")]) from error
    except (OSError, SyntaxError, ValueError) as error:
        raise InputError([_not_a_photo(name, "something else, or a part of one", "Save it as JPEG or PNG.")]) from error
    upright.thumbnail((WIDEST, WIDEST))
    return np.ascontiguousarray(np.asarray(upright, np.uint8)[:, :, ::-1])


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
