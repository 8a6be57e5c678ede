"""The example of this package's README runs as it stands."""

from __future__ import annotations

import re
from pathlib import Path

from proactive.home_file import load_homes

PROJECT = Path(__file__).parents[4]
README = PROJECT / "proactive" / "language" / "talk" / "README.md"


def test_the_example_runs() -> None:
    (example,) = re.findall(r"^```python\n(.*?)^```$", README.read_text(), re.MULTILINE | re.DOTALL)
    exec(example, {"home": load_homes([PROJECT / "docs" / "examples" / "daisy" / "home.yaml"])[0]})
