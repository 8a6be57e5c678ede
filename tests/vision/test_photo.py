"""Photos that are sent: what a camera wrote wrong beside a picture costs nobody the picture, and half a picture is none."""

from __future__ import annotations

import struct
import warnings
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image

from rules.problem import InputError
from vision.photo import decode_photo, read_photo

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


def jpeg(width: int, height: int) -> bytes:
    file = BytesIO()
    Image.effect_noise((width, height), 50).save(file, "JPEG")
    return file.getvalue()


@pytest.mark.parametrize(
    ("content", "found"),
    [
        (b"", "an empty file"),
        (b"hello", "something else"),
        (b"\0\0\0\x18ftypheic\0\0\0\0mif1heic" + bytes(100), "a HEIC picture"),
        (jpeg(64, 64)[:900], "cut off or damaged"),
    ],
)
def test_a_file_in_a_folder_is_held_to_what_is_asked_of_one_that_is_sent(
    tmp_path: Path, content: bytes, found: str
) -> None:
    (tmp_path / "a.jpg").write_bytes(content)
    with pytest.raises(InputError, match=f"a.jpg: expected a picture.*{found}"):
        read_photo(tmp_path / "a.jpg")


def test_a_picture_of_a_hundred_million_pixels_is_named_by_its_size_and_by_nothing_else() -> None:
    file = BytesIO()
    Image.new("1", (10_000, 10_000)).save(file, "PNG")
    with (
        warnings.catch_warnings(action="error"),
        pytest.raises(InputError, match=r"10000 x 10000 pixels\. Save it smaller"),
    ):
        decode_photo(file.getvalue(), "a.png")
