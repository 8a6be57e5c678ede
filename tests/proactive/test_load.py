from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import msgspec
import pytest

from proactive.cameras import STATUS, CameraStatus
from proactive.checkup import checkup
from proactive.load import CameraFigures, load_of
from proactive.settings import Settings
from rules.units import instant

NOW = datetime(2026, 3, 9, 16, tzinfo=UTC)


def status(camera: str, **values: float) -> CameraStatus:
    """Return how a camera does of which a look takes 110 ms, and half of the pictures are looked at; two of them have a core."""
    known = {"rate": 5.0, "most_fps": 5.0, "ms_per_picture": 56.0, "ms_moving": 112.0, "fps": 4.9, **values}
    return msgspec.convert({"home": "maple", "camera": camera, "time": NOW, **known}, CameraStatus)


def test_what_a_picture_takes_says_how_many_cameras_are_carried() -> None:
    load = load_of([status("cam.a"), status("cam.b")])
    assert load is not None
    assert (load.carried, load.carried_moving) == pytest.approx((3.04, 1.52), abs=0.01)
    assert not load.is_short
    assert load.in_words() == (
        "This machine carries about 2 like yours at 5 pictures a second while something moves before each, "
        "about 3 with as much going on as lately; you have 2: each gets 5 a second."
    )


def test_less_than_one_camera_is_said_so_and_quiet_ones_cost_no_more_than_busy_ones() -> None:
    slow = load_of([status("cam.a", ms_moving=900.0, ms_per_picture=2000.0)])
    assert slow is not None
    assert slow.carried == slow.carried_moving
    assert slow.in_words().startswith("This machine carries less than one like yours")


def test_cores_share_the_cameras() -> None:
    load = load_of([status("cam.a", cores=4), status("cam.b", cores=4)])
    assert load is not None
    assert load.carried == pytest.approx(12.14, abs=0.01)


def test_a_machine_that_is_too_slow_says_what_each_camera_gets_and_what_to_do(tmp_path: Path) -> None:
    found = [status(f"cam.{n}", most_fps=2.53) for n in range(6)]
    (tmp_path / STATUS).write_bytes(msgspec.json.encode(found))
    (finding,) = [one for one in checkup(Settings(data=tmp_path)) if one.about == "cameras"]
    assert finding.state == "advice"
    assert finding.found.endswith("you have 6: each gets 2.5 a second.")
    assert "faster detector" in finding.advice


def test_nothing_is_said_of_the_load_before_it_is_known() -> None:
    assert load_of([]) is None
    assert load_of([status("cam.a", ms_moving=0.0)]) is None


def test_figures_of_cameras_are_of_now_or_not_given(tmp_path: Path) -> None:
    (tmp_path / STATUS).write_text(json.dumps([msgspec.to_builtins(status("cam.a"))]), "utf-8")
    at = instant(NOW)
    shown = {
        (sample.name, *sample.labels.values()): sample.value
        for family in CameraFigures(Settings(data=tmp_path), lambda: at).collect()
        for sample in family.samples
    }
    assert shown["proactive_camera_seeing", "maple", "cam.a"] == 1
    assert shown["proactive_camera_picture_seconds", "maple", "cam.a"] == pytest.approx(0.056)
    assert shown["proactive_cameras_carried", "lately"] == pytest.approx(3.04, abs=0.01)
    late = CameraFigures(Settings(data=tmp_path), lambda: at + 60_000_000).collect()
    assert [sample for family in late for sample in family.samples] == []
