"""Pictures: kept for as long as is set, and then really deleted."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta
from pathlib import Path

_log = logging.getLogger(__name__)


def expire(folder: Path, now: datetime, days: float) -> int:
    """Delete the pictures in a folder that are older than so many days; return how many were.

    Only pictures, by their endings: a folder that was named by mistake loses nothing else. One that cannot be deleted is said and left.
    """
    before = (now - timedelta(days=days)).timestamp()
    deleted = 0
    for path in folder.glob("*.jpg") if folder.is_dir() else ():
        try:
            if path.stat().st_mtime < before:
                path.unlink()
                deleted += 1
        except FileNotFoundError:
            continue
        except OSError as error:
            _log.warning("%s is older than %g days and cannot be deleted: %s.", path, days, error.strerror)
    return deleted
