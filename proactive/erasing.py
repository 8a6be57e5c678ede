"""Erasing: a home with everything that is kept of it; with the last home of a data folder records, pictures, views, and keys.

What a running program has open, its log and its keys, goes when it stops: `erase_rest` is for then. Of a home that shares the
log with others the records go alone, by whoever has the log open (`erase_records`, `proactive.standing`), and the file is
written anew, so that no byte of them stays in it. What is on other machines is not reached from here: `BEYOND` says what.

A home is gone from the store before its records are from the log, and the program may end in between. So that it was begun is
a file in the data folder from before until all is done: the next `serve`, or the same erasing again, does the rest (`finish`).
"""

from __future__ import annotations

import logging
import os
import shutil
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from proactive import app
from proactive.cameras import STATUS, VIEWS
from proactive.error import ProactiveError
from proactive.history.kept import FOLDER as HISTORY
from proactive.history.kept import forget as forget_history
from proactive.local import look_now
from proactive.lock import DataLock, InUse
from proactive.notify.webpush import KEY_FILE as PUSH_KEY
from proactive.pictures import PICTURES
from proactive.tls.authority import FOLDER as TLS
from proactive.vault import NAME as KEY
from rules.home import folder_of

if TYPE_CHECKING:
    from proactive.settings import Settings
    from proactive.store import Store

BEYOND = (
    "On Kafka what was recorded of it and what was decided stay on the topics until their retention is over (30 days as "
    "`proactive topics create` makes them), and in the folders of workers and edges: a broker deletes no single home. "
    "For sooner, lower retention.ms of the topics for a while, and delete the folders of stopped workers and edges."
)
"""What erasing does not reach where brokers are configured, in words for a person."""
BEGUN = "erasing"  # the folder with a file for each home that is being erased, which holds its id
_log = logging.getLogger(__name__)
DEAD_LETTERS, FIRST_RUN, LOCAL = "dead-letters.jsonl", "first-run-code", "local.token"


def erase_home(settings: Settings, store: Store, home: str) -> bool:
    """Delete a home with its pictures and what was imported, and say whether it was the last one. Raise InputError, ProactiveError.

    It may be called while the home is watched. The rest, its records above all, goes with `finish`, or by whoever watches.
    """
    if home in store.home_ids():  # else the store says that there is none
        _begin(settings, home)
        forget_history(settings, home)
    store.erase_home(home)
    _erase_seen(settings, home)
    return not store.home_ids()


def begun(settings: Settings) -> set[str]:
    """Return the homes whose erasing was begun and is not known to be over."""
    return {path.read_text("utf-8") for path in (settings.data / BEGUN).glob("*")}


def settle(settings: Settings, home: str) -> None:
    """Note that nothing of a home is left to erase. Raise ProactiveError."""
    _delete(settings.data / BEGUN / folder_of(home))


def finish(settings: Settings) -> None:
    """Erase what is left of homes whose erasing was cut short. Raise ProactiveError, LogError; InUse where `serve` does it when it stops.

    A home that is listed was not erased yet, or begun anew since: it stays.
    """
    if not (left := begun(settings)):
        return
    with app.open_store(settings) as store:
        listed = set(store.home_ids())
        store.database.forget_deleted()
        for home in left - listed:
            _erase_seen(settings, home)
            if listed:
                erase_records(settings, store, home)
            elif settings.kafka is not None:
                _forget_rules(settings, home)
    if not listed:
        erase_rest(settings)
    for home in left & listed:
        settle(settings, home)


def _begin(settings: Settings, home: str) -> None:
    path = settings.data / BEGUN / folder_of(home)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(home, "utf-8")
    except OSError as error:
        raise ProactiveError(f"{path} cannot be written: {error.strerror}. Nothing was erased.") from error


def _erase_seen(settings: Settings, home: str) -> None:
    erase_pictures(settings, home)
    _delete(settings.data / STATUS)  # whoever watches cameras writes it again
    _empty(settings.data / DEAD_LETTERS)  # what could not be read names no home for certain


def erase_records(settings: Settings, store: Store, home: str) -> None:
    """Delete the records of a home from the log that it shares with others; where `serve` runs, that does. Raise LogError."""
    try:
        with DataLock(settings.data, brief=True), app.open_log(settings) as log:
            if settings.kafka is not None:
                log.erase(home)
                log.overwrite_deleted()
                if not _forget_rules(settings, home):
                    return
            else:
                runtime = app.open_runtime(log, store.export_homes())
                runtime.start()
                runtime.erase(home)
                runtime.stop()
        settle(settings, home)
    except InUse:
        look_now(settings.data)


def _forget_rules(settings: Settings, home: str) -> bool:
    """Drop a home's rules from their topic, and say whether that could be done."""
    from streams.kafka.broker import BrokerError

    try:
        app.forget_rules(settings, home)
    except BrokerError as error:
        _log.warning("The rules of %s stay on their topic: %s", home, error)
        return False
    return True


def erase_rest(settings: Settings) -> None:
    """Delete what a data folder holds beside its store, for good. Raise InUse while something runs there, else ProactiveError.

    Only what is ours, by its name: a folder that was named by mistake loses nothing else.
    """
    with DataLock(settings.data, brief=True):
        for name in (PICTURES, VIEWS, HISTORY, TLS, BEGUN):
            _delete(settings.data / name)
        for name in (STATUS, DEAD_LETTERS, FIRST_RUN, LOCAL, KEY, PUSH_KEY):
            _delete(settings.data / name)
        for ending in ("", "-wal", "-shm"):
            _delete(settings.log.with_name(settings.log.name + ending))


def erase_pictures(settings: Settings, home: str) -> None:
    """Delete the pictures and views of one home, for good. Raise ProactiveError."""
    for name in (PICTURES, VIEWS):
        _delete(settings.data / name / folder_of(home))


class Leftovers:
    """Deletes what was still written of homes that were erased: whoever watches their cameras hears of it a moment later."""

    def __init__(self, settings: Settings, homes: Iterable[str]) -> None:
        self._settings, self._known, self._gone = settings, set(homes), set[str]()

    def look(self, homes: Iterable[str]) -> None:
        """Look once, at the homes that there are now. Raise ProactiveError."""
        now = set(homes)
        self._gone, self._known = (self._gone | self._known) - now, now
        for home in self._gone:
            erase_pictures(self._settings, home)


def _empty(path: Path) -> None:
    """Empty a file that somebody may have open to add to."""
    try:
        if path.exists():
            os.truncate(path, 0)
    except OSError as error:
        raise ProactiveError(f"{path} cannot be emptied: {error.strerror}. Delete it yourself.") from error


def _delete(path: Path) -> None:
    try:
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path)
        else:
            path.unlink(missing_ok=True)
    except OSError as error:
        raise ProactiveError(f"{path} cannot be deleted: {error.strerror}. Delete it yourself.") from error
