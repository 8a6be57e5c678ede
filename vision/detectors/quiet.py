"""Libraries that would otherwise talk: kept from the network, from pip, from the person's home folder, and to one thread.

Each of these must stand before the library is imported, since it reads its environment then.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from tempfile import gettempdir
from typing import Any

CONFIG_FOLDER = "YOLO_CONFIG_DIR"

_ULTRALYTICS = {
    "YOLO_OFFLINE": "1",  # no DNS probe at import (39 s with a silent server), no telemetry
    "YOLO_AUTOINSTALL": "0",  # no pip inside this process
    "YOLO_VERBOSE": "0",  # stdout is for records
    "ULTRALYTICS_SAFE_LOAD": "1",  # weights are data, not a program to run
}
# Two spinning threads on a busy machine take seconds for a frame.
_ONE_THREAD = {"OMP_NUM_THREADS": "1"}


def quiet_ultralytics() -> None:
    """Set the environment in which Ultralytics is to be imported. What the person has set of threads and folders stays."""
    os.environ.update(_ULTRALYTICS)
    os.environ.setdefault(CONFIG_FOLDER, str(Path(gettempdir()) / f"proactive-yolo-{os.getuid()}"))
    for name, value in _ONE_THREAD.items():
        os.environ.setdefault(name, value)


@contextmanager
def no_telemetry() -> Iterator[None]:
    """Keep OpenVINO from reporting its import over the network: without this module it uses a stub that does nothing."""
    name = "openvino_telemetry"
    before = sys.modules.get(name)
    sys.modules[name] = None  # type: ignore[assignment]  # how Python spells "cannot be imported"
    try:
        yield
    finally:
        del sys.modules[name]
        if before is not None:
            sys.modules[name] = before


@contextmanager
def one_openvino_thread() -> Iterator[None]:
    """Give whoever makes an OpenVINO core one of a single thread: Ultralytics does, and takes no number of threads."""
    openvino: Any = import_module("openvino")
    core = openvino.Core

    def pinned() -> object:
        made = core()
        made.set_property("CPU", {"INFERENCE_NUM_THREADS": 1})
        return made

    openvino.Core = pinned
    try:
        yield
    finally:
        openvino.Core = core
