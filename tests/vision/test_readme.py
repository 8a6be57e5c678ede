from __future__ import annotations

import re
from pathlib import Path

README = Path(__file__).parents[2] / "vision" / "README.md"


def test_the_example_of_a_detector_works_as_printed() -> None:
    (example,) = re.findall(r"```python\n(.*?)```", README.read_text("utf-8"), re.DOTALL)
    exec(compile(example, str(README), "exec"), {"__name__": "example"})


def test_every_module_is_in_the_readmes_table() -> None:
    table = README.read_text("utf-8").split("```")[1]
    modules = {path.stem for path in README.parent.glob("*.py")} - {"__init__"}
    assert modules <= set(re.findall(r"\w+", table))
