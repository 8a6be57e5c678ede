"""Pictures: where they are kept, which one a record may name, and how long: then they are really deleted.

Those of a camera have a folder of their own, so that the folder says who may see them. What a record says of its picture
was written by whoever handed it in: it may name a picture of its own camera, and no other file.
"""

from __future__ import annotations

import logging
from datetime import datetime, timedelta
from pathlib import Path

from rules.home import folder_of

PICTURES = "pictures"  # in the data folder
_log = logging.getLogger(__name__)


def place_of(home: str, camera: str) -> str:
    """Return where the pictures of a camera are, from the data folder."""
    return f"{PICTURES}/{folder_of(home)}/{folder_of(camera)}"


def kept(data: Path, home: str, camera: str, named: object) -> Path | None:
    """Return the picture that a record of a camera names, from the data folder; None where there is none of that camera."""
    if not isinstance(named, str) or not named:
        return None
    folder = data / place_of(home, camera)
    try:
        file = (data / named).resolve()
        return file if file.parent == folder.resolve() and file.suffix == ".jpg" and file.is_file() else None
    except (OSError, ValueError):
        return None


def expire(folder: Path, now: datetime, days: float) -> int:
    """Delete the pictures in a folder and below it that are older than so many days; return how many were.

    Only pictures, by their endings: a folder that was named by mistake loses nothing else. One that cannot be deleted is said and left.
    """
    before = (now - timedelta(days=days)).timestamp()
    deleted = 0
    for path in folder.rglob("*.jpg") if folder.is_dir() else ():
        try:
            if path.stat().st_mtime < before:
                path.unlink()
                deleted += 1
        except FileNotFoundError:
            continue
        except OSError as error:
            _log.warning("%s is older than %g days and cannot be deleted: %s.", path, days, error.strerror)
    return deleted
