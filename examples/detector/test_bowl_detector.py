"""The promises of every detector, and what this one can tell: on drawn bowls, in changing light."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import cv2
import numpy as np
import pytest
from bowl_detector import EMPTY, FULL

from rules.problem import InputError
from vision.conformance import check_detector
from vision.detector import Detector, load_detector
from vision.frame import Frame, Image

BOX = (0.4, 0.6, 0.6, 0.9)
NOON = datetime(2026, 3, 9, 12, tzinfo=UTC)
STEEL, KIBBLE, FUR = (150, 140, 130), (40, 80, 140), (60, 30, 90)  # BGR


def view(inside: tuple[int, int, int], light: float = 1.0) -> Image:
    """Return a drawn kitchen with a bowl that holds one colour, in some light, with a sensor's noise."""
    image = np.full((360, 640, 3), (120, 160, 190), np.uint8)
    cv2.ellipse(image, (320, 270), (60, 50), 0, 0, 360, (170, 160, 150), -1)
    cv2.ellipse(image, (320, 270), (50, 42), 0, 0, 360, inside, -1)
    noise = np.random.default_rng(5).normal(0, 3, image.shape)
    return (image * light + noise).clip(0, 255).astype(np.uint8)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return what the detector is taught with."""
    cv2.imwrite(str(tmp_path / "full.png"), view(KIBBLE))
    cv2.imwrite(str(tmp_path / "empty.png"), view(STEEL))
    (tmp_path / "bowl.json").write_text(json.dumps({"box": BOX}))
    return tmp_path


@pytest.fixture
def detector(folder: Path) -> Detector:
    """Return the detector as Proactive finds it: by its name."""
    return load_detector("bowl", folder)


def seen(detector: Detector, image: Image) -> list[str]:
    return list(detector.detect(Frame(image, NOON, "cam.kitchen")).label)


def test_it_keeps_the_promises_of_every_detector(detector: Detector) -> None:
    check_detector(detector, view(KIBBLE), view(STEEL))


@pytest.mark.parametrize("light", [0.6, 1.0, 1.2])
def test_a_full_bowl_is_told_from_an_empty_one_in_any_light(detector: Detector, light: float) -> None:
    assert seen(detector, view(KIBBLE, light)) == [FULL]
    assert seen(detector, view(STEEL, light)) == [EMPTY]


def test_nothing_is_said_of_a_bowl_that_cannot_be_seen(detector: Detector) -> None:
    grey = cv2.cvtColor(cv2.cvtColor(view(KIBBLE), cv2.COLOR_BGR2GRAY), cv2.COLOR_GRAY2BGR).astype(np.uint8)
    assert seen(detector, grey) == [], "by infrared light"
    assert seen(detector, view(FUR)) == [], "behind a head"
    assert seen(detector, view(KIBBLE)[::32, ::32].copy()) == [], "from too far"


@pytest.mark.parametrize("name", ["full.png", "empty.png", "bowl.json"])
def test_a_folder_that_teaches_nothing_is_told(folder: Path, name: str) -> None:
    (folder / name).write_bytes(b"nothing")
    with pytest.raises(InputError, match=rf"{name}: expected"):
        load_detector("bowl", folder)
    with pytest.raises(InputError, match="PROACTIVE_DETECTOR_MODEL"):
        load_detector("bowl")
