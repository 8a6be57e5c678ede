"""Serving: a runtime with the real parts. Sources in; rules from the store; firings out, told and printed.

Where it is given a socket it answers there too: the local API (`proactive.web`), in a thread of its own.
"""

from __future__ import annotations

import logging
import socket
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from proactive import app
from proactive.erasing import Leftovers, settle
from proactive.error import ProactiveError
from proactive.intake import Intake
from proactive.pictures import PICTURES, expire
from proactive.settings import Settings
from proactive.standing import Follower
from rules.firing import Firing
from rules.home import Home
from rules.units import instant
from streams.alarm import Alarm
from streams.embedded import Clock, system_clock
from streams.log import Log, LogError
from streams.runtime import Runtime
from streams.source import Deliver, DeviceSource, SourceError

if TYPE_CHECKING:
    from proactive.cameras import Glimpses
    from proactive.notify.notifier import Notifier
    from proactive.notify.rounds import Rounds
    from proactive.store import Store
    from proactive.tls.secured import Secured

TIDY = timedelta(hours=1)  # between two looks for pictures that are too old
LOOK = 1.0  # seconds between two looks at the store: rules that changed, notifications that are due
_log = logging.getLogger(__name__)

OnFiring = Callable[[Firing], None]


class Serving:
    """Runs the homes of a store: `serve` returns when `stop` is set.

    People are told through `notifier`, which is this machine's unless another is given; `clock` is this machine's too, unless
    it is one that is moved by hand.
    """

    def __init__(
        self,
        store: Store,
        settings: Settings,
        sources: Sequence[DeviceSource],
        on_firing: OnFiring | None = None,
        notifier: Notifier | None = None,
        listening: socket.socket | None = None,
        glimpses: Glimpses | None = None,
        secured: Secured | None = None,
        clock: Clock | None = None,
    ) -> None:
        self.store, self.sources, self.stop = store, sources, threading.Event()
        self.notifier = notifier or app.open_notifier(settings, store)
        self.homes: list[Home] = list(store.export_homes())
        self._settings, self._listening_at, self._glimpses, self._secured = settings, listening, glimpses, secured
        self._on_firing, self._moved, self._clock = on_firing, clock, clock or system_clock
        self._forgetting = False
        self._leftovers = Leftovers(settings, (home.home for home in self.homes))

    def serve(self, ready: Callable[[Runtime], None] | None = None) -> None:
        """Run until `stop` is set; then leave everything in order. `ready` is called when records are taken."""
        with app.open_log(self._settings) as log, self._rounds() as rounds, self._runtime(log) as runtime:
            follower = Follower(self.store, runtime, self._erased)
            intake = Intake(runtime, log, follower.meet)
            look = self._looker(follower, rounds)
            with self._listening(intake), self._web(runtime, intake, look):
                if ready is not None:
                    ready(runtime)
                self._look_until_stopped(look, intake, log)
            intake.settle()
            self._leftovers.look(self.store.home_ids())

    @contextmanager
    def _runtime(self, log: Log) -> Iterator[Runtime]:
        """Run what decides: here, or where a broker is configured its workers, whose firings come back."""
        if self._settings.kafka is not None:
            with app.open_remote(self._settings, log, self.homes, lambda firings: self._tell(log, firings)) as remote:
                yield remote
            return
        runtime = app.open_runtime(log, self.homes, lambda firings: self._tell(log, firings), self._moved)
        runtime.start()
        with Alarm(runtime, self._clock):
            yield runtime
        runtime.stop()

    def _erased(self, home: str) -> None:
        """Note that a home's records are gone. Of the last home more is left, its keys too, which goes when this stops."""
        if self.store.home_ids():
            settle(self._settings, home)

    def _rounds(self) -> Rounds:
        from proactive.notify.actor import Actor, through
        from proactive.notify.rounds import Rounds

        return Rounds(self.notifier, Actor(self.store, through(self.sources)), self._now)

    def _looker(self, follower: Follower, rounds: Rounds) -> Callable[[], None]:
        """Return what looks at the store once: for rules that changed, and for what is to be told."""

        def look() -> None:
            follower.look()
            rounds.nudge()

        return look

    def _web(self, runtime: Runtime, intake: Intake, look: Callable[[], None]) -> AbstractContextManager[None]:
        if self._listening_at is None:
            return nullcontext()
        return app.open_web(
            self._settings, self.store, runtime, intake, look, self._listening_at, self.sources, self._glimpses,
            self._secured, self._now,
        )  # fmt: skip

    def _look_until_stopped(self, look: Callable[[], None], intake: Intake, log: Log) -> None:
        tidied = None
        while True:
            try:
                tidied = self._tidy(self._clock(), tidied)
                self._forget(log, self._clock())
                intake.settle()
                look()
                self._leftovers.look(self.store.home_ids())
            except (LogError, ProactiveError, OSError):
                _log.exception("This look at the store failed; the next one tries again.")
            if self.stop.wait(LOOK):
                return

    def _tidy(self, now: datetime, last: datetime | None) -> datetime:
        """Delete the pictures that are too old, once in a while; return when that was last done."""
        if last is not None and now - last < TIDY:
            return last
        expire(self._settings.data / PICTURES, now, self._settings.picture_days)
        self._forgetting = self._settings.keep_days > 0
        return now

    def _forget(self, log: Log, now: datetime) -> None:
        """Delete a little of the log that is too old, where there is any: never more at a time than nobody notices."""
        if self._forgetting:
            self._forgetting = log.forget(instant(now - timedelta(days=self._settings.keep_days)))

    def _tell(self, log: Log, firings: Sequence[Firing]) -> None:
        evidence = [record for firing in firings for record in log.records(firing.home, firing.evidence)]
        self.notifier.receive_all(firings, evidence, now=self._now())
        if self._on_firing is not None:
            for firing in firings:
                self._on_firing(firing)

    def _now(self) -> int:
        return instant(self._clock())

    @contextmanager
    def _listening(self, deliver: Deliver) -> Iterator[None]:
        threads = [
            threading.Thread(target=self._listen, args=(source, deliver), name="source", daemon=True)
            for source in self.sources
        ]
        for thread in threads:
            thread.start()
        try:
            yield
        finally:
            for thread in threads:
                thread.join(2.0)

    def _listen(self, source: DeviceSource, deliver: Deliver) -> None:
        try:
            source.run(deliver, self.stop)
        except SourceError as error:
            _log.error("A source has ended: %s", error)
