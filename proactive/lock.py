"""The lock in the data folder: one process keeps the log; the others learn which one.

The lock is the operating system's, so it ends with the process however it ends; the text in the file only tells.
"""

from __future__ import annotations

import fcntl
import json
import os
from pathlib import Path
from time import monotonic, sleep
from typing import IO, Self

from proactive.error import ProactiveError

NAME = "serve.lock"
PATIENCE = 5.0  # seconds for which a holder that needs a moment is waited for
_MOMENT = 0.05


class InUse(ProactiveError):
    """Say that another process keeps this data folder."""


class DataLock:
    """Holds a data folder while the block runs: `with DataLock(folder): ...`. Raise InUse when another does.

    `about` is told to others beside the process id, such as the address of an API. `brief` tells them that it is for a
    moment, so that they wait for it.
    """

    def __init__(self, folder: Path, *, brief: bool = False, **about: str) -> None:
        self._path, self._about = folder / NAME, {**about, **({"brief": "yes"} if brief else {})}
        self._file: IO[str] | None = None

    def __enter__(self) -> Self:
        file = self._open()
        try:
            _take(file, self._path)
        except InUse:
            file.close()
            raise
        self._file = file
        self.tell()
        return self

    def tell(self, **about: str) -> None:
        """Tell others more, such as an address that is known only now."""
        assert self._file is not None, "a lock that is not held tells nothing"
        self._about |= about
        self._file.truncate(0)
        self._file.write(json.dumps({"pid": os.getpid(), **self._about}))
        self._file.flush()

    def _open(self) -> IO[str]:
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            return self._path.open("a+", encoding="utf-8")
        except OSError as error:
            hint = "Make it writable, or set PROACTIVE_DATA to a folder that is."
            raise ProactiveError(f"{self._path} cannot be made: {error.strerror}. {hint}") from error

    def __exit__(self, *_: object) -> None:
        assert self._file is not None
        self._file.truncate(0)
        self._file.close()


def _take(file: IO[str], path: Path) -> None:
    """Lock the file, waiting for a holder that needs a moment. Raise InUse."""
    until = monotonic() + PATIENCE
    while True:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            # A holder that has told nothing yet has just come: what it tells is known in a moment.
            told = _told(path.read_text("utf-8"))
            if monotonic() > until or (told and "brief" not in told):
                raise InUse(_in_use(path)) from error
            sleep(_MOMENT)
        else:
            return


def holder(folder: Path) -> dict[str, object] | None:
    """Return what the process that holds a data folder tells of itself, `pid` at least, or None when none does."""
    try:
        file = (folder / NAME).open("r+", encoding="utf-8")
    except (FileNotFoundError, NotADirectoryError):
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
