"""Erasing: a home with everything that is kept of it; with the last home of a data folder records, pictures, views, and keys.

What a running program has open, its log and its keys, goes when it stops: `erase_rest` is for then.
"""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import TYPE_CHECKING

from proactive.cameras import STATUS, VIEWS
from proactive.error import ProactiveError
from proactive.history.kept import FOLDER as HISTORY
from proactive.history.kept import forget as forget_history
from proactive.lock import DataLock
from proactive.notify.webpush import KEY_FILE as PUSH_KEY
from proactive.pictures import PICTURES
from proactive.tls.authority import FOLDER as TLS
from proactive.vault import NAME as KEY
from rules.home import folder_of

if TYPE_CHECKING:
    from proactive.settings import Settings
    from proactive.store import Store

DEAD_LETTERS, FIRST_RUN, LOCAL = "dead-letters.jsonl", "first-run-code", "local.token"


def erase_home(settings: Settings, store: Store, home: str) -> bool:
    """Delete a home with its pictures and what was imported, and say whether it was the last one. Raise InputError, ProactiveError.

    It may be called while the home is watched.
    """
    store.erase_home(home)
    forget_history(settings, home)
    erase_pictures(settings, home)
    return not store.home_ids()


def erase_rest(settings: Settings) -> None:
    """Delete what a data folder holds beside its store, for good. Raise InUse while something runs there, else ProactiveError.

    Only what is ours, by its name: a folder that was named by mistake loses nothing else.
    """
    with DataLock(settings.data, brief=True):
        for name in (PICTURES, VIEWS, HISTORY, TLS):
            _delete(settings.data / name)
        for name in (STATUS, DEAD_LETTERS, FIRST_RUN, LOCAL, KEY, PUSH_KEY):
            _delete(settings.data / name)
        for ending in ("", "-wal", "-shm"):
            _delete(settings.log.with_name(settings.log.name + ending))


def erase_pictures(settings: Settings, home: str) -> None:
    """Delete the pictures and views of one home, for good. Raise ProactiveError."""
    for name in (PICTURES, VIEWS):
        _delete(settings.data / name / folder_of(home))


def _delete(path: Path) -> None:
    try:
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path)
        else:
            path.unlink(missing_ok=True)
    except OSError as error:
        raise ProactiveError(f"{path} cannot be deleted: {error.strerror}. Delete it yourself.") from error
