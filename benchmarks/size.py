"""Measure an installation: `python -m benchmarks.size [EXTRA ...]`, in new virtual environments."""

from __future__ import annotations

import subprocess
import sys
import venv
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter

from benchmarks.cost import ROOT


def main(extras: list[str]) -> None:
    """Print the megabytes that the base and each extra add to an empty environment, and the seconds they take."""
    for extra in ["", *extras]:
        with TemporaryDirectory(prefix="proactive-size-") as folder:
            size, seconds = _install(Path(folder), f"{ROOT}[{extra}]" if extra else str(ROOT))
        print(f"{extra or 'base':12}{size / 1e6:8.0f} MB{seconds:8.0f} s")


def _install(folder: Path, what: str) -> tuple[int, float]:
    venv.create(folder, with_pip=True)
    empty, start = _bytes(folder), perf_counter()
    subprocess.run([folder / "bin" / "python", "-m", "pip", "install", "--quiet", what], check=True, cwd=folder)
    return _bytes(folder) - empty, perf_counter() - start


def _bytes(folder: Path) -> int:
    return sum(path.lstat().st_size for path in folder.rglob("*") if path.is_file())


if __name__ == "__main__":
    main(sys.argv[1:])
