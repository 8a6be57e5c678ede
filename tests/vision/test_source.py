from __future__ import annotations

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.problem import InputError
from vision.film import Due
from vision.source import Stills, VideoFile, open_source

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
        open_source(str(path), "cam.kitchen", START)


def test_a_video_cut_off_in_the_middle_is_seen_or_refused_and_never_hangs(tmp_path: Path) -> None:
    whole = video(tmp_path / "whole.mp4").read_bytes()
    (tmp_path / "cut.mp4").write_bytes(whole[: len(whole) // 2])
    with pytest.raises(InputError, match=r"cut\.mp4"):
        open_source(str(tmp_path / "cut.mp4"), "cam.kitchen", START)


def test_a_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"there is no such file\. Check the path\."):
        open_source(str(tmp_path / "none.mp4"), "cam.kitchen", START)


def still(path: Path, brightness: int = 100) -> None:
    cv2.imwrite(str(path), np.full((36, 64, 3), brightness, np.uint8))


def test_stills_follow_each_other_by_name_from_the_start(tmp_path: Path) -> None:
    for name in ("b.png", "a.jpg", "c.png"):
        still(tmp_path / name)
    (tmp_path / "notes.txt").write_text("not a picture", "utf-8")
    source = open_source(str(tmp_path), "cam.kitchen", START)
    assert isinstance(source, Stills)
    assert seconds(source) == [0, 0.4, 0.8]


def test_stills_without_a_start_are_of_their_files_times(tmp_path: Path) -> None:
    for name, at in (("a.png", 60), ("b.png", 0)):
        still(tmp_path / name)
        os.utime(tmp_path / name, (START.timestamp() + at, START.timestamp() + at))
    assert seconds(Stills(tmp_path, "cam.kitchen")) == [0, 60]


def test_an_empty_folder_is_told(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"expected a folder with pictures \(\.bmp"):
        open_source(str(tmp_path), "cam.kitchen", START)


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
