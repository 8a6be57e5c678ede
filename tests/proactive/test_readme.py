"""The examples of this package's README run as they stand."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from rules.home import Home
from tests.proactive.conftest import make_rule

README = Path(__file__).parents[2] / "proactive" / "README.md"
EXAMPLES = re.findall(r"^```python\n(.*?)^```$", README.read_text(), re.MULTILINE | re.DOTALL)


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example.partition("\n")[0])
def test_an_example_runs(example: str, maple: Home, tmp_path: Path) -> None:
    exec(example, {"__name__": "example", "folder": tmp_path, "home": maple, "rule": make_rule(), "now": 0})
