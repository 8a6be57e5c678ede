"""Photos that are sent: what a camera wrote wrong beside a picture costs nobody the picture."""

from __future__ import annotations

import struct
from io import BytesIO

import pytest
from PIL import Image

from vision.photo import decode_photo

ORIENTATION, MAKE, RESOLUTION, UNIT = 0x0112, 0x010F, 0x011A, 0x0128
SHORT, RATIONAL, UNDEFINED = 3, 5, 7
TO_THE_RIGHT = b"\6\0\0\0"  # how a telephone is held upright


def photo(*beside: tuple[int, int]) -> bytes:
    """Return a photo, wide as its sensor and taken upright, with one value of each tag and type given."""
    entries = sorted([(ORIENTATION, SHORT, TO_THE_RIGHT), *((tag, kind, b"\1\0\0\0") for tag, kind in beside)])
    written = b"".join(struct.pack("<HHI", tag, kind, 1) + value for tag, kind, value in entries)
    exif = b"Exif\0\0II*\0" + struct.pack("<IH", 8, len(entries)) + written + bytes(4)
    file = BytesIO()
    Image.new("RGB", (40, 20)).save(file, "JPEG", exif=exif)
    return file.getvalue()


@pytest.mark.parametrize("beside", [[], [(MAKE, RATIONAL)], [(RESOLUTION, UNDEFINED)], [(UNIT, UNDEFINED)]])
def test_a_photo_is_upright_whatever_else_its_camera_wrote_wrong(beside: list[tuple[int, int]]) -> None:
    assert decode_photo(photo(*beside), "a.jpg").shape == (40, 20, 3)
