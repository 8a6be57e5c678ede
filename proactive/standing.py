"""Rules in force: what stands in the store must stand in the log.

People change rules in the store; the log is what decides. While `proactive serve` runs, it alone writes the log: it looks at
the store each second, and at once when a command asks it to, and brings the log in line. While nothing runs, whoever changes a rule does so at once: a rule that was said at eleven counts
from eleven, with what the log knows of the morning, although nobody serves before one.
"""

from __future__ import annotations

import logging
import threading
from typing import TYPE_CHECKING

from proactive import app
from proactive.error import ProactiveError
from proactive.local import look_now
from proactive.lock import DataLock, InUse, holder
from streams.log import LogError

if TYPE_CHECKING:
    from collections.abc import Callable

    from proactive.settings import Settings
    from proactive.store import Store
    from streams.runtime import Rules, Runtime

_log = logging.getLogger(__name__)


def follow(store: Store, runtime: Runtime, known: Rules) -> Rules:
    """Put and drop in the log what differs between the store and `known`, the log's; return the rules as they are now."""
    wanted = {(rule.home, rule.id): rule for rule in store.rules()}
    for key, rule in wanted.items():
        if known.get(key) != rule and rule.home in runtime.homes:
            runtime.put_rule(rule)
    for home, rule_id in known.keys() - wanted.keys():
        runtime.drop_rule(home, rule_id)
    return wanted


class Follower:
    """Keeps the log of a started runtime in line with the store, and its homes as the store lists them.

    Any thread may call `look`. `erased` is told of each home of which the log has nothing any more.
    """

    def __init__(self, store: Store, runtime: Runtime, erased: Callable[[str], None] = lambda _: None) -> None:
        self._store, self._runtime, self._known = store, runtime, runtime.rules()
        self._erased = erased
        self._listings: int | None = None  # it may have grown since the runtime was made
        self._gone: set[str] = set()  # homes that were erased, of which the log still has something
        self._lock = threading.Lock()

    def look(self) -> None:
        """Bring the log in line with the store. Raise LogError or StoreError when that cannot be; the next look tries again."""
        with self._lock:
            self._adopt()
            self._known = follow(self._store, self._runtime, self._known)
            self._erase()

    def meet(self) -> None:
        """Take up the homes as they are listed now, where that changed and they can be read; else the next look does."""
        try:
            with self._lock:
                self._adopt()
        except (LogError, ProactiveError) as error:
            _log.warning("What the homes list cannot be looked at: %s", error)

    def _adopt(self) -> None:
        listings = self._store.listings
        if listings != self._listings:
            before = set(self._runtime.homes)
            self._runtime.adopt(self._store.export_homes())
            self._listings = listings
            self._gone = (self._gone | before) - set(self._runtime.homes)

    def _erase(self) -> None:
        """Delete from the log what the store had erased while this ran: a home vanishes from it in no other way."""
        for home in sorted(self._gone):
            self._runtime.erase(home)
            self._gone.discard(home)
            self._erased(home)


def enforce(settings: Settings, store: Store) -> int | None:
    """Bring the log in line with the store; where `serve` runs it is asked to, then return its process id.

    What the log decides on the way, such as a noon that passed while nothing ran, waits in it for the next `serve` to
    tell. Raise LogError when the log cannot be used: the store is then right, and the next `serve` follows it.
    """
    try:
        with DataLock(settings.data, brief=True), app.open_log(settings) as log:
            if settings.kafka is not None:
                with app.open_remote(settings, log, store.export_homes()) as remote:
                    follow(store, remote, remote.rules())
                return None
            runtime = app.open_runtime(log, store.export_homes())
            runtime.start()
            follow(store, runtime, runtime.rules())
            runtime.stop()
    except InUse:
        look_now(settings.data)
        pid = (holder(settings.data) or {}).get("pid")
        return pid if isinstance(pid, int) else 0
    return None


def in_force(serving: int | None) -> str:
    """Return in words what `enforce` returned: who watches from now on."""
    if serving is None:
        return "In force from now on. Nobody watches yet: start `proactive serve`."
    return f"The running `proactive serve` (process {serving or 'unknown'}) follows from now on."
