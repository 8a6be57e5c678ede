from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import cv2
import numpy as np
import pytest

from vision.detection import Detection
from vision.frame import Frame
from vision.snapshot import SnapshotFolder, draw
from vision.zone import Box

NOON = datetime(2026, 3, 9, 16, tzinfo=UTC)
GREY = np.full((120, 400, 3), 100, np.uint8)


def test_a_snapshot_shows_the_box_and_leaves_the_frame_alone() -> None:
    picture = draw(GREY, Detection((0.5, 0.5, 0.9, 0.9), "", 0.9), "2026-03-09 12:00:00 EDT")
    changed = (picture != GREY).any(axis=2)
    assert changed[60, 200:360].all()
    assert changed[5:25, 8:200].any()
    assert not changed[70:100, 220:340].any()
    assert (GREY == 100).all()


@pytest.mark.parametrize("episode", ["cam.kitchen-bowl-1", "cam/../kitchen: my bowl\x00"])
def test_a_snapshot_is_kept_under_a_name_that_stays_in_its_folder(tmp_path: Path, episode: str) -> None:
    keep = SnapshotFolder(tmp_path / "pictures", ZoneInfo("America/New_York"))
    name = keep(Frame(GREY, NOON, "cam.kitchen"), Detection((0.1, 0.1, 0.5, 0.5), "dog", 0.9), episode)
    kept = cv2.imread(str(tmp_path / "pictures" / name))
    assert kept is not None
    assert kept.shape == GREY.shape
    assert [path.name for path in (tmp_path / "pictures").iterdir()] == [name]


@pytest.mark.parametrize("box", [(0.5, 0.5, 0.9, 0.9), (0.0, 0.0, 0.2, 0.2), (0.95, 0.9, 1.0, 1.0)])
def test_a_label_stands_at_its_box_and_whole_in_the_picture(box: Box) -> None:
    plain, labelled = (draw(GREY, Detection(box, label, 0.9), "") for label in ("", "dog"))
    ys, xs = np.nonzero((plain != labelled).any(axis=2))
    assert np.ptp(xs) > 20
    assert np.ptp(ys) > 15
    assert xs.min() - 400 * box[0] < 5
    assert ys.min() - 120 * box[1] < 25


def test_what_is_written_can_be_read_on_a_large_picture_that_is_shown_small() -> None:
    small, large = (np.full((360 * n, 640 * n, 3), 100, np.uint8) for n in (1, 6))
    there = Detection((0.5, 0.5, 0.9, 0.9), "dog", 0.9)
    shares = [(draw(each, there, "12:00:00") != each).any(axis=2).mean() for each in (small, large)]
    assert shares[1] == pytest.approx(shares[0], rel=0.15)
