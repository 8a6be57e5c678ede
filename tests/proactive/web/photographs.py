"""Photos made here, for the tests of what people send: coats of one colour before a wall, as files of several kinds."""

from __future__ import annotations

from io import BytesIO

import numpy as np
from PIL import Image

CREAM, BLACK = (216, 190, 150), (40, 36, 34)
ORIENTATION = 0x0112  # EXIF: how the camera was held
MADE_AT = 0x0132


def photo(coat: tuple[int, int, int] = CREAM, number: int = 0, size: tuple[int, int] = (320, 240)) -> Image.Image:
    """Return a photo in which the middle is a coat; each number gives another."""
    noise = np.random.default_rng(number).normal(0, 4, (size[1], size[0], 3))
    picture = np.full((size[1], size[0], 3), (120, 150, 170), float)
    height, width = size[1], size[0]
    picture[: height // 6], picture[-height // 6 :] = (
        (190, 60, 50),
        (60, 140, 70),
    )  # of two colours any could be but light and shade
    picture[height // 5 : -height // 5, width // 5 : -width // 5] = coat
    return Image.fromarray(np.clip(picture + noise + number, 0, 255).astype(np.uint8))


def jpeg(picture: Image.Image, orientation: int = 0) -> bytes:
    """Return a photo as a JPEG, of a camera that was held so."""
    file, exif = BytesIO(), Image.Exif()
    if orientation:
        exif[ORIENTATION], exif[MADE_AT] = orientation, "2026:03:09 07:00:00"
    picture.save(file, "JPEG", quality=92, exif=exif)
    return file.getvalue()


def png(picture: Image.Image) -> bytes:
    """Return a photo as a PNG."""
    file = BytesIO()
    picture.save(file, "PNG")
    return file.getvalue()
