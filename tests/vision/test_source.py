from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from itertools import count
from pathlib import Path
from threading import Thread

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.problem import InputError
from vision.source import (
    Due,
    SnapshotUrl,
    SourceLost,
    Stills,
    StreamUrl,
    VideoFile,
    is_snapshot,
    open_source,
    without_password,
)

START = datetime(2026, 3, 8, 6, 59, 58, tzinfo=UTC)


def video(path: Path, frames: int = 50, rate: float = 10) -> Path:
    """Write a small video whose frames grow brighter."""
    writer = cv2.VideoWriter(str(path), cv2.VideoWriter.fourcc(*"mp4v"), rate, (64, 36))
    for number in range(frames):
        writer.write(np.full((36, 64, 3), number * 4, np.uint8))
    writer.release()
    return path


def seconds(source: VideoFile | Stills, start: datetime = START) -> list[float]:
    return [round((frame.time - start).total_seconds(), 3) for frame in source]


def test_a_video_is_looked_at_by_its_own_timestamps_from_the_start(tmp_path: Path) -> None:
    source = VideoFile(video(tmp_path / "a.mp4"), "cam.kitchen", START)
    assert seconds(source) == pytest.approx([0.4 * number for number in range(13)], abs=0.01)
    assert source.length == timedelta(seconds=5)


def test_every_frame_of_a_slow_video_is_looked_at(tmp_path: Path) -> None:
    assert seconds(VideoFile(video(tmp_path / "a.mp4", 5, 1), "cam.kitchen", START)) == [0, 1, 2, 3, 4]


def test_frames_are_those_of_the_video(tmp_path: Path) -> None:
    frames = list(VideoFile(video(tmp_path / "a.mp4"), "cam.kitchen", START))
    assert [int(frame.image.mean()) for frame in frames] == pytest.approx([16 * n for n in range(13)], abs=4)
    assert {frame.camera for frame in frames} == {"cam.kitchen"}


def test_without_a_start_the_file_was_written_until_its_last_frame(tmp_path: Path) -> None:
    path = video(tmp_path / "a.mp4")
    os.utime(path, (START.timestamp() + 5, START.timestamp() + 5))
    assert VideoFile(path, "cam.kitchen").begins == START


def test_a_start_with_an_offset_is_counted_from_in_real_time(tmp_path: Path) -> None:
    local = datetime.fromisoformat("2026-03-08T01:59:58-05:00")
    frames = list(VideoFile(video(tmp_path / "a.mp4"), "cam.kitchen", local))
    assert frames[-1].time == START + timedelta(seconds=4.8)


@pytest.mark.parametrize("content", [b"", b"this is not a video\n" * 100, b"\x00\x00\x00\x18ftypmp42" + bytes(500)])
def test_a_file_that_is_not_a_video_is_named_with_what_was_expected(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "broken.mp4"
    path.write_bytes(content)
    with pytest.raises(InputError, match=r"broken\.mp4: expected a video file.*(cannot read it|no frame)"):
        open_source(str(path), "cam.kitchen", START, lambda: START)


def test_a_video_cut_off_in_the_middle_is_seen_or_refused_and_never_hangs(tmp_path: Path) -> None:
    whole = video(tmp_path / "whole.mp4").read_bytes()
    (tmp_path / "cut.mp4").write_bytes(whole[: len(whole) // 2])
    with pytest.raises(InputError, match=r"cut\.mp4"):
        open_source(str(tmp_path / "cut.mp4"), "cam.kitchen", START, lambda: START)


def test_a_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="there is no such file"):
        open_source(str(tmp_path / "none.mp4"), "cam.kitchen", START, lambda: START)


def still(path: Path, brightness: int = 100) -> None:
    cv2.imwrite(str(path), np.full((36, 64, 3), brightness, np.uint8))


def test_stills_follow_each_other_by_name_from_the_start(tmp_path: Path) -> None:
    for name in ("b.png", "a.jpg", "c.png"):
        still(tmp_path / name)
    (tmp_path / "notes.txt").write_text("not a picture", "utf-8")
    source = open_source(str(tmp_path), "cam.kitchen", START, lambda: START)
    assert isinstance(source, Stills)
    assert seconds(source) == [0, 0.4, 0.8]


def test_stills_without_a_start_are_of_their_files_times(tmp_path: Path) -> None:
    for name, at in (("a.png", 60), ("b.png", 0)):
        still(tmp_path / name)
        os.utime(tmp_path / name, (START.timestamp() + at, START.timestamp() + at))
    assert seconds(Stills(tmp_path, "cam.kitchen")) == [0, 60]


def test_an_empty_folder_is_told(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"expected a folder with pictures \(\.bmp"):
        open_source(str(tmp_path), "cam.kitchen", START, lambda: START)


def test_a_picture_that_cannot_be_read_is_left_out_and_only_such_are_told(tmp_path: Path) -> None:
    (tmp_path / "a.png").write_bytes(b"broken")
    with pytest.raises(InputError, match="can read none of them"):
        list(Stills(tmp_path, "cam.kitchen", START))
    still(tmp_path / "b.png")
    assert seconds(Stills(tmp_path, "cam.kitchen", START)) == [0.4]


@given(st.floats(5, 120), st.sampled_from([2.5, 5.0]))
def test_the_rate_is_kept_whatever_the_video_has(fps: float, rate: float) -> None:
    due = Due(rate)
    looked = sum(due(number / fps) for number in range(round(20 * fps)))
    assert looked == pytest.approx(20 * min(rate, fps), abs=1.5)


def test_after_a_gap_frames_are_not_caught_up_with() -> None:
    due = Due(2.5)
    assert [due(at) for at in (0, 0.1, 100, 100.1, 100.2, 100.4)] == [True, False, True, False, False, True]


def test_a_password_is_never_shown() -> None:
    assert without_password("rtsp://admin:secret@10.0.0.2:554/a") == "rtsp://10.0.0.2:554/a"
    with pytest.raises(InputError, match=r"^ftp://10\.0\.0\.2/a: expected a URL"):
        open_source("ftp://admin:secret@10.0.0.2/a", "cam.kitchen", None, lambda: START)
    with pytest.raises(SourceLost, match=r"^http://127\.0\.0\.1:1/a: expected a picture or a video stream"):
        open_source("http://admin:secret@127.0.0.1:1/a", "cam.kitchen", None, lambda: START)


class Quiet(BaseHTTPRequestHandler):
    """Handles requests without logging them."""

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


JPEG = cv2.imencode(".jpg", np.full((36, 64, 3), 100, np.uint8))[1].tobytes()


@contextmanager
def camera(pictures: int) -> Iterator[str]:
    """Serve a camera on the loopback that gives so many pictures and fails from then on."""
    left = [pictures]

    class Handler(Quiet):
        def do_GET(self) -> None:
            left[0] -= 1
            self.send_response(200 if left[0] >= 0 else 503)
            self.send_header("Content-Type", "image/jpeg")
            self.end_headers()
            self.wfile.write(JPEG)

    with serving(Handler) as address:
        yield f"{address}/still.jpg"


class Motion(Quiet):
    """A camera that sends thirty pictures as one stream of MJPEG, and stops."""

    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "multipart/x-mixed-replace; boundary=frame")
        self.end_headers()
        part = b"--frame\r\nContent-Type: image/jpeg\r\nContent-Length: %d\r\n\r\n%b\r\n" % (len(JPEG), JPEG)
        # Whoever only asked what this is has hung up by now.
        with suppress(ConnectionError):
            self.wfile.write(part * 30)


@contextmanager
def serving(handler: type[BaseHTTPRequestHandler]) -> Iterator[str]:
    """Serve on the loopback and give the address."""
    server = HTTPServer(("127.0.0.1", 0), handler)
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def test_a_snapshot_url_is_asked_until_it_does_not_answer_any_more() -> None:
    waits: list[float] = []
    with camera(pictures=4) as url:
        assert is_snapshot(url)
        frames = list(SnapshotUrl(url, "cam.kitchen", lambda: START, pause=waits.append))
    assert len(frames) == 3
    assert frames[0].image.shape == (36, 64, 3)
    assert waits == [0.4] * 6


def test_a_stream_is_read_until_the_camera_stops_sending() -> None:
    clock = (START + timedelta(seconds=number / 10) for number in count())
    with serving(Motion) as address:
        source = open_source(f"{address}/video", "cam.kitchen", None, lambda: next(clock))
        assert isinstance(source, StreamUrl)
        frames = list(source)
    assert [round((frame.time - frames[0].time).total_seconds(), 1) for frame in frames[:3]] == [0, 0.4, 0.8]
    assert len(frames) == pytest.approx(8, abs=1)
    assert source.length is None


def test_a_stream_that_is_none_is_told(tmp_path: Path) -> None:
    with pytest.raises(SourceLost, match=r"^rtsp://127\.0\.0\.1:1/a: expected a video stream"):
        list(StreamUrl("rtsp://admin:secret@127.0.0.1:1/a", "cam.kitchen", lambda: START))
