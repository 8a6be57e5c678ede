"""CPU time and memory of a piece of work, in a process of its own so that nothing else is counted."""

from __future__ import annotations

import os
import resource
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from time import perf_counter, process_time

ROOT = Path(__file__).resolve().parents[1]
PAGE = os.sysconf("SC_PAGE_SIZE")


def cpu_of(command: Sequence[str], output: Path) -> tuple[float, float]:
    """Return the CPU seconds (user and system) and the wall seconds of a child; its stdout goes to a file.

    Raise CalledProcessError where it fails: what failed fast is not fast.
    """
    before, start = _children(), perf_counter()
    with output.open("wb") as file:
        subprocess.run(command, stdout=file, check=True, cwd=ROOT)
    return _children() - before, perf_counter() - start


def _children() -> float:
    times = os.times()
    return times.children_user + times.children_system


def cpu_here(work: Callable[[], object]) -> float:
    """Return the CPU seconds of a function of this process."""
    start = process_time()
    work()
    return process_time() - start


def proactive(*arguments: str) -> list[str]:
    """Return the command that runs `proactive` with this Python."""
    return [sys.executable, "-m", "proactive", *arguments]


def resident() -> int:
    """Return the bytes of memory that this process has now; where /proc is missing, the most it ever had."""
    try:
        return int(Path("/proc/self/statm").read_text().split()[1]) * PAGE
    except FileNotFoundError:
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
