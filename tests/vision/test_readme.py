from __future__ import annotations

import json
import re
import tomllib
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from rules.match import compile_pattern
from rules.rule import Pattern
from tests.vision.pictures import at
from vision import activity
from vision.detector import BatchDetector
from vision.detectors.catalogue import GROUP
from vision.scene import Scene

ROOT = Path(__file__).parents[2]
README = ROOT / "vision" / "README.md"
GUIDE = ROOT / "docs" / "detectors.md"
ACTIVITIES = ROOT / "docs" / "activities.md"


@pytest.mark.parametrize("port", ["Detector", "Activity"])
def test_the_example_of_a_port_works_as_printed(port: str) -> None:
    section = README.read_text("utf-8").partition(f"## The port `{port}`")[2].partition("\n## ")[0]
    (example,) = re.findall(r"```python\n(.*?)```", section, re.DOTALL)
    exec(compile(example, str(README), "exec"), {"__name__": "example"})


def blocks(language: str, guide: Path = GUIDE) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", guide.read_text("utf-8"), re.DOTALL)


def test_the_guide_for_authors_of_detectors_works_as_printed() -> None:
    names: dict[str, Any] = {"__name__": "example"}
    for block in blocks("python"):
        exec(compile(block, str(GUIDE), "exec"), names)
    assert isinstance(names["Lamps"](), BatchDetector)
    (project,) = map(tomllib.loads, blocks("toml"))
    assert project["project"]["entry-points"] == {GROUP: {"lamp": "proactive_lamp:load"}}


def test_a_label_that_coco_lacks_becomes_records_that_the_guides_pattern_matches() -> None:
    names: dict[str, Any] = {"__name__": "example"}
    exec(compile(blocks("python")[0], str(GUIDE), "exec"), names)
    scene, lamp = Scene("lane", "cam.hall"), names["load"](None)
    shown = [
        at(np.full((90, 160, 3), light, np.uint8), second) for second, light in enumerate([9, 9, 9, 240, 240, 240])
    ]
    records = [record for frame in shown for record in scene.receive(frame, lamp.detect(frame))]
    asked = compile_pattern(Pattern.model_validate(json.loads(blocks("json")[0])))
    assert [record.data["activity"] for record in records if asked.matches(record, None)] == ["entered"]


def test_the_guide_for_authors_of_activities_works_as_printed() -> None:
    names: dict[str, Any] = {"__name__": "example"}
    for block in blocks("python", ACTIVITIES):
        exec(compile(block, str(ACTIVITIES), "exec"), names)
    (project,) = map(tomllib.loads, blocks("toml", ACTIVITIES))
    (name,) = project["project"]["entry-points"][activity.GROUP]
    assert name == names["ON_SOFA"].name
    assert Pattern.model_validate(json.loads(blocks("json", ACTIVITIES)[0])).where == {"activity": name}


def test_every_module_is_in_the_readmes_table() -> None:
    table = README.read_text("utf-8").split("```")[1]
    modules = {path.stem for path in README.parent.glob("*.py")} - {"__init__"}
    assert modules <= set(re.findall(r"\w+", table))
