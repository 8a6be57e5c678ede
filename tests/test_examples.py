"""The example packages: each is built and installed as an author's would be, found by its entry point, and passes its tests."""

from __future__ import annotations

import os
import subprocess
import sys
import tomllib
from importlib.util import find_spec
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
EXAMPLES = sorted(path.parent for path in ROOT.glob("examples/*/pyproject.toml"))

pytestmark = pytest.mark.skipif(
    not all(map(find_spec, ("hatchling", "pip", "cv2"))), reason="needs hatchling, pip and proactive[vision]"
)


def run(*command: str | Path, path: Path, cwd: Path) -> str:
    """Run Python with a folder of packages before the others, and return what it prints."""
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join((str(path), str(ROOT))), "PIP_NO_INDEX": "1"}
    done = subprocess.run(
        [sys.executable, *command], cwd=cwd, env=environment, capture_output=True, text=True, timeout=120, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda path: path.name)
def test_an_example_is_a_package_of_its_own_that_is_found_by_its_entry_point(example: Path, tmp_path: Path) -> None:
    target, elsewhere = tmp_path / "installed", tmp_path / "elsewhere"
    elsewhere.mkdir()
    source = tmp_path / "source"
    _copy(example, source)
    run("-m", "pip", "install", "-q", "--no-deps", "--no-build-isolation", "--target", target, source, path=ROOT, cwd=elsewhere)  # fmt: skip
    run("-m", "pytest", "-q", "-p", "no:cacheprovider", "--rootdir", source, _tests(source), path=target, cwd=elsewhere)
    for group, names in tomllib.loads((example / "pyproject.toml").read_text())["project"]["entry-points"].items():
        code = f"from importlib.metadata import entry_points; print(*(e.name for e in entry_points(group={group!r})))"
        assert set(names) <= set(run("-c", code, path=target, cwd=elsewhere).split())


def _copy(example: Path, to: Path) -> None:
    """Copy what an author would have: building must leave nothing in the project."""
    for path in example.rglob("*"):
        if path.is_file() and path.suffix != ".pyc":
            (to / path.relative_to(example)).parent.mkdir(parents=True, exist_ok=True)
            (to / path.relative_to(example)).write_bytes(path.read_bytes())


def _tests(source: Path) -> Path:
    (tests,) = source.glob("test_*.py")
    return tests
