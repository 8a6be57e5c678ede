from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest

from proactive.cli.main import main

HOME = """
home: maple
time_zone: America/New_York
pets: [{id: pet.daisy, species: dog}]
cameras:
- id: cam.kitchen
  zones: {food_bowl: [[0.4, 0.75], [0.6, 0.75], [0.6, 1.0], [0.4, 1.0]]}
"""
SCRIPT = [{"label": "dog", "box": [0.1, 0.2, 0.6, 0.95], "from": 2, "to": 9}]


@pytest.fixture
def kitchen(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a folder with a home, a video of 12 s and a script of what is in it, as the working directory."""
    (tmp_path / "home.yaml").write_text(HOME, "utf-8")
    (tmp_path / "script.json").write_text(json.dumps(SCRIPT), "utf-8")
    writer = cv2.VideoWriter(str(tmp_path / "a.mp4"), cv2.VideoWriter.fourcc(*"mp4v"), 5, (64, 36))
    for _ in range(60):
        writer.write(np.zeros((36, 64, 3), np.uint8))
    writer.release()
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PROACTIVE_DETECTOR_MODEL", str(tmp_path / "script.json"))
    return tmp_path


def see(*arguments: str, camera: str = "cam.kitchen") -> int:
    return main(["see", *arguments, "--camera", camera, "--home", "home.yaml", "--detector", "scripted"])


def records(capfd: pytest.CaptureFixture[str]) -> tuple[list[dict[str, Any]], str]:
    out, err = capfd.readouterr()
    return [json.loads(line) for line in out.splitlines()], err


def test_seeing_writes_records_to_stdout_and_everything_else_to_stderr(
    kitchen: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    assert see("a.mp4", "--start", "2026-03-09 07:00", "--snapshots", "pictures") == 0
    lines, err = records(capfd)
    eating = [line for line in lines if line["data"].get("activity") == "eating"]
    assert [(line["time"], line["data"]["phase"], line["subject"]) for line in eating] == [
        ("2026-03-09T11:00:02Z", "start", "pet.daisy"),
        ("2026-03-09T11:00:07.200000Z", "update", "pet.daisy"),
        ("2026-03-09T11:00:08.800000Z", "end", "pet.daisy"),
    ]
    assert (kitchen / "pictures" / eating[0]["data"]["snapshot"]).stat().st_size > 0
    assert "First frame: 2026-03-09 07:00:00 EDT\nDetector: scripted" in err
    assert "Seen 90%" in err


def test_a_start_with_an_offset_is_taken_as_it_is(kitchen: Path, capfd: pytest.CaptureFixture[str]) -> None:
    assert see("a.mp4", "--start", "2026-03-09T12:00:00+01:00") == 0
    assert records(capfd)[0][0]["time"] == "2026-03-09T11:00:00Z"


def test_without_a_start_the_time_taken_is_told(kitchen: Path, capfd: pytest.CaptureFixture[str]) -> None:
    assert see("a.mp4") == 0
    assert "give --start if it was taken at another" in records(capfd)[1]


@pytest.mark.parametrize(
    ("arguments", "camera", "told"),
    [
        (["script.json"], "cam.kitchen", "script.json: expected a video file"),
        (["none.mp4"], "cam.kitchen", "none.mp4: expected a video file, a folder of stills or a URL; there is no"),
        (["a.mp4"], "cam.kichen", "Did you mean 'cam.kitchen'?"),
        (["a.mp4", "--start", "breakfast"], "cam.kitchen", "--start: expected a time such as"),
        (["a.mp4", "--detector", "scirpted"], "cam.kitchen", "Did you mean 'scripted'?"),
        (["a.mp4", "--detector", "openvino"], "cam.kitchen", "script.json: expected a YOLO model"),
    ],
)
def test_a_wrong_input_ends_with_status_2_and_says_what_was_expected(
    kitchen: Path, capfd: pytest.CaptureFixture[str], arguments: list[str], camera: str, told: str
) -> None:
    tail = ["--detector", "scripted"] if "--detector" not in arguments else []
    assert main(["see", *arguments, *tail, "--camera", camera, "--home", "home.yaml"]) == 2
    lines, err = records(capfd)
    assert told in err
    assert lines == []


def test_recordings_of_two_cameras_that_overlap_tell_of_one_episode(
    kitchen: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    hall = "- {id: cam.hall, overlaps: [cam.kitchen], zones: {cat_feeder: [[0.4, 0.75], [0.6, 0.75], [0.6, 1.0], [0.4, 1.0]]}}\n"
    (kitchen / "home.yaml").write_text(HOME + hall, "utf-8")
    at = ["--start", "2026-03-09T11:00:00Z", "--start", "2026-03-09T11:00:01Z"]
    assert see("a.mp4", "a.mp4", "--camera", "cam.hall", *at) == 0
    lines, err = records(capfd)
    eating = [line for line in lines if line["data"].get("activity") == "eating"]
    assert {(line["source"], line["data"]["phase"]) for line in eating} == {
        ("cam.hall", "start"),
        ("cam.hall", "update"),
        ("cam.kitchen", "update"),
        ("cam.hall", "end"),
    }
    assert len({line["data"]["episode"] for line in eating}) == 1
    times = [datetime.fromisoformat(line["time"]) for line in lines]
    assert times == sorted(times)
    assert "Seen 90% of cam.hall" in err


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["a.mp4", "a.mp4"], "--camera: expected one for each of 2 recordings, found 1."),
        (["a.mp4", "--start", "2026-03-09", "--start", "2026-03-10"], "--start: expected one for each of 1"),
        (["a.mp4", "webcam:0", "--camera", "cam.kitchen"], "VIDEO: expected recordings, or one camera only"),
    ],
)
def test_recordings_that_do_not_fit_their_cameras_are_refused(
    kitchen: Path, capfd: pytest.CaptureFixture[str], arguments: list[str], told: str
) -> None:
    assert see(*arguments) == 2
    assert told in records(capfd)[1]


def test_a_camera_that_does_not_answer_ends_with_status_1(kitchen: Path, capfd: pytest.CaptureFixture[str]) -> None:
    assert see("http://admin:secret@127.0.0.1:1/still.jpg") == 1
    err = records(capfd)[1]
    assert "http://127.0.0.1:1/still.jpg: expected a picture or a video stream" in err
    assert "secret" not in err
