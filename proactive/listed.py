"""Listed: what the homes of a store list, by id, and again when somebody changed it."""

from __future__ import annotations

import logging
import threading
from collections.abc import Mapping
from time import monotonic
from typing import TYPE_CHECKING

from proactive.error import ProactiveError

if TYPE_CHECKING:
    from collections.abc import Callable

    from proactive.store import Store
    from rules.home import Home

LOOK = 1.0  # seconds between two looks at whether anything changed
_log = logging.getLogger(__name__)


class Listed:
    """Returns the homes when it is called, as they stood in the store a second ago at most. Any thread may call it.

    It is the same mapping until they list something else. While the store cannot be read, it is what was read last.
    """

    def __init__(self, store: Store, clock: Callable[[], float] = monotonic) -> None:
        self._store, self._clock, self._turn = store, clock, threading.Lock()
        self._tally: object = None
        self._homes: Mapping[str, Home] = {}
        self._read()

    def __call__(self) -> Mapping[str, Home]:
        with self._turn:
            if self._clock() >= self._looked + LOOK:
                try:
                    self._read()
                except ProactiveError as error:
                    _log.warning("What the homes list cannot be looked at: %s", error)
            return self._homes

    def _read(self) -> None:
        self._looked = self._clock()
        if (tally := self._store.listings) != self._tally:
            self._homes = {home.home: home for home in self._store.export_homes()}
            self._tally = tally
