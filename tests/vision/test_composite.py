from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest

from rules.problem import InputError
from vision.composite import Composite, models_of
from vision.conformance import check_detector
from vision.detector import load_detector
from vision.detectors.scripted import Appearance, Scripted
from vision.frame import Frame

DOG = Scripted(Appearance("dog", (0.1, 0.2, 0.5, 0.9), 0, 60))
BOWL = Scripted(Appearance("full bowl", (0.5, 0.8, 0.6, 0.9), 0, 60))
NOON = datetime(2026, 3, 9, 12, tzinfo=UTC)
FRAME = Frame(np.zeros((36, 64, 3), np.uint8), NOON, "cam.kitchen")


def test_several_detectors_as_one_find_what_each_finds_and_keep_the_promises() -> None:
    both = Composite([DOG, BOWL])
    check_detector(both)
    assert both.labels == {"dog", "full bowl"}
    found = [(one.label, round(one.xyxy[0], 2)) for one in both.detect(FRAME)]
    assert found == [("dog", 0.1), ("full bowl", 0.5)]
    assert len(Composite([Scripted(), Scripted()]).detect(FRAME)) == 0


def test_detectors_are_named_with_a_plus_between_them_and_so_are_their_models(tmp_path: Path) -> None:
    for name, label in (("a.json", "dog"), ("b.json", "full bowl")):
        script = [{"label": label, "box": [0.1, 0.2, 0.5, 0.9], "from": 0, "to": 60}]
        (tmp_path / name).write_text(json.dumps(script), "utf-8")
    both = load_detector("scripted+scripted", Path(f"{tmp_path / 'a.json'}+{tmp_path / 'b.json'}"))
    assert both.labels == {"dog", "full bowl"}
    with pytest.raises(InputError, match="expected one of"):
        load_detector("scripted+bowll", tmp_path / "a.json")


def test_a_model_that_is_given_alone_is_the_first_ones() -> None:
    names = ["openvino", "bowl"]
    assert models_of(names, Path("yolo")) == models_of(names, Path("yolo+")) == [Path("yolo"), None]
    assert models_of(names, Path("+bowl.json")) == [None, Path("bowl.json")]
    assert models_of(names, None) == [None, None]
    with pytest.raises(InputError, match="expected a model for each of"):
        models_of(names, Path("a+b+c"))
