from __future__ import annotations

from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

import av
import cv2
import numpy as np
import pytest
from av.packet import Packet
from av.video.stream import VideoStream

from vision.film import Due, Film, Unreadable, decoded, image_of
from vision.frame import Image


def scene(number: int) -> Image:
    """Return a picture with a bar that wanders to the right, and a mark at the upper left."""
    image = np.full((48, 80, 3), 60, np.uint8)
    image[:, number : number + 8] = (40, 90, 220)
    image[:12, :20] = 250
    return image


def film(path: Path, frames: int = 60, between: int = 2, pause: int = 0) -> Path:
    """Write a film of 30 frames a second, of which all but every third build on no other; `pause` frames long after half of them."""
    with av.open(str(path), "w") as container:
        stream = container.add_stream("mpeg4", rate=30, options={"bf": str(between)})
        stream.width, stream.height, stream.bit_rate = 80, 48, 1_000_000
        for number in range(frames):
            frame = av.VideoFrame.from_ndarray(scene(number), format="bgr24")
            frame.pts = number + (pause if number >= frames / 2 else 0)
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    return path


def turned(path: Path, a: int, b: int, c: int, d: int) -> Path:
    """Write into a film how the phone was held that took it: the matrix of its track's header."""
    whole = bytearray(path.read_bytes())
    matrix = whole.index(b"tkhd") + 4 + 40
    for place, value in zip((0, 4, 12, 16), (a, b, c, d), strict=True):
        whole[matrix + place : matrix + place + 4] = (value << 16).to_bytes(4, "big", signed=True)
    path.write_bytes(whole)
    return path


def all_of(path: Path) -> list[tuple[float, Image]]:
    """Return every picture, all of them decoded."""
    with av.open(str(path)) as container:
        return [(frame.time or 0.0, image_of(frame)) for frame in container.decode(video=0)]


def due_of(path: Path, rate: float) -> list[tuple[float, Image]]:
    due = Due(rate)
    return [(at, image) for at, image in all_of(path) if due(at)]


def looked_at(path: Path, rate: float) -> list[tuple[float, Image]]:
    with closing(Film(path)) as opened:
        return list(opened.pictures(rate))


def same(one: Sequence[tuple[float, Image]], other: Sequence[tuple[float, Image]]) -> bool:
    times = [at for at, _ in one] == pytest.approx([at for at, _ in other])
    return times and all(np.array_equal(a, b) for (_, a), (_, b) in zip(one, other, strict=True))


@pytest.mark.parametrize("between", [0, 2])
@pytest.mark.parametrize("rate", [1.0, 2.5, 5.0, 30.0, 120.0])
@pytest.mark.parametrize("kind", ["mp4", "mkv", "avi"])
def test_the_pictures_looked_at_are_to_the_bit_those_of_decoding_all(
    tmp_path: Path, kind: str, rate: float, between: int
) -> None:
    path = film(tmp_path / f"a.{kind}", between=between)
    assert same(looked_at(path, rate), due_of(path, rate))


def test_pictures_that_nobody_looks_at_and_none_builds_on_are_not_decoded(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, done = film(tmp_path / "a.mp4"), 0

    def counted(packet: Packet[VideoStream]) -> list[av.VideoFrame]:
        nonlocal done
        found = decoded(packet)
        done += len(found)
        return found

    monkeypatch.setattr("vision.film.decoded", counted)
    assert len(looked_at(path, 2.5)) == 5
    assert 20 <= done < 30


def test_after_a_gap_in_its_timestamps_a_film_is_looked_at_as_before(tmp_path: Path) -> None:
    path = film(tmp_path / "a.mp4", pause=200)
    assert same(looked_at(path, 5), due_of(path, 5))


def test_a_film_that_is_cut_off_ends_there(tmp_path: Path) -> None:
    path = film(tmp_path / "a.mkv")
    path.write_bytes(path.read_bytes()[:-2000])
    found = looked_at(path, 5)
    assert 0 < len(found) < 10
    assert same(found, due_of(path, 5)[: len(found)])


@pytest.mark.parametrize("matrix", [(0, 1, -1, 0), (-1, 0, 0, -1), (0, -1, 1, 0)])
def test_a_film_is_upright_however_the_phone_was_held(tmp_path: Path, matrix: tuple[int, int, int, int]) -> None:
    path = turned(film(tmp_path / "a.mp4"), *matrix)
    expected = cv2.VideoCapture(str(path)).read()[1]
    (_, image), *_ = looked_at(path, 5)
    assert image.shape == expected.shape
    assert np.abs(image.astype(int) - expected).mean() < 2


def test_a_name_with_a_colon_is_no_protocol(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    film(tmp_path / "a.mp4").rename(tmp_path / "udp:12.mp4")
    monkeypatch.chdir(tmp_path)
    assert len(looked_at(Path("udp:12.mp4"), 5)) == 10


def test_a_film_says_how_long_it_is(tmp_path: Path) -> None:
    for kind in ("mp4", "mkv", "avi"):
        with closing(Film(film(tmp_path / f"a.{kind}"))) as opened:
            assert opened.length == pytest.approx(2.0, abs=0.1)


def test_what_is_no_film_is_told(tmp_path: Path) -> None:
    (tmp_path / "a.mp4").write_text("this is no film", "utf-8")
    with pytest.raises(Unreadable, match=r"a\.mp4: expected a video"):
        Film(tmp_path / "a.mp4")


@pytest.mark.parametrize(
    "listing",
    [
        "ffconcat version 1.0\nfile other.mp4\n",
        "#EXTM3U\n#EXT-X-TARGETDURATION:2\n#EXTINF:2,\nother.mp4\n#EXT-X-ENDLIST\n",
        "v=0\no=- 0 0 IN IP4 127.0.0.1\ns=x\nc=IN IP4 127.0.0.1\nt=0 0\nm=video 9 RTP/AVP 96\na=rtpmap:96 H264/90000\n",
    ],
)
def test_a_file_that_only_names_others_is_no_film_and_nothing_that_it_names_is_opened(
    tmp_path: Path, listing: str
) -> None:
    film(tmp_path / "other.mp4")
    (tmp_path / "clip").write_text(listing)
    with pytest.raises(Unreadable):
        Film(tmp_path / "clip")
