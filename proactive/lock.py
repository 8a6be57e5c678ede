"""The lock in the data folder: one process keeps the log; the others learn which one.

The lock is the operating system's, so it ends with the process however it ends; the text in the file only tells.
"""

from __future__ import annotations

import fcntl
import json
import os
from pathlib import Path
from typing import IO, Self

from proactive.error import ProactiveError

NAME = "serve.lock"


class InUse(ProactiveError):
    """Say that another process keeps this data folder."""


class DataLock:
    """Holds a data folder while the block runs: `with DataLock(folder): ...`. Raise InUse when another does.

    `about` is told to others beside the process id, such as the address of an API.
    """

    def __init__(self, folder: Path, **about: str) -> None:
        self._path, self._about = folder / NAME, about
        self._file: IO[str] | None = None

    def __enter__(self) -> Self:
        self._path.parent.mkdir(parents=True, exist_ok=True)
        file = self._path.open("a+", encoding="utf-8")
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            file.close()
            raise InUse(_in_use(self._path)) from error
        file.truncate(0)
        file.write(json.dumps({"pid": os.getpid(), **self._about}))
        file.flush()
        self._file = file
        return self

    def __exit__(self, *_: object) -> None:
        assert self._file is not None
        self._file.truncate(0)
        self._file.close()


def holder(folder: Path) -> dict[str, object] | None:
    """Return what the process that holds a data folder tells of itself, `pid` at least, or None when none does."""
    try:
        file = (folder / NAME).open("r+", encoding="utf-8")
    except FileNotFoundError:
        return None
    with file:
        try:
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except OSError:
            return _told(file.read())
        return None


def _told(text: str) -> dict[str, object]:
    try:
        told = json.loads(text)
    except ValueError:
        return {}
    return told if isinstance(told, dict) else {}


def _in_use(path: Path) -> str:
    pid = _told(path.read_text("utf-8")).get("pid", "unknown")
    return f"{path.parent} is in use by the process {pid}. Stop it first, or set PROACTIVE_DATA to another folder."
