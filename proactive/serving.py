"""Serving: the embedded runtime with the real parts. Sources in; rules from the store; firings out, told and printed."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import TYPE_CHECKING

from proactive.settings import Settings
from rules.firing import Firing
from rules.home import Home
from rules.rule import Rule
from rules.units import instant
from streams.alarm import Alarm
from streams.embedded import Embedded, system_clock
from streams.log import Log, LogError
from streams.source import DeviceSource, SourceError

if TYPE_CHECKING:
    from proactive.notify.notifier import Notifier
    from proactive.store import Store

LOOK = 1.0  # seconds between two looks at the store: rules that changed, notifications that are due
LOG = "log.db"
_log = logging.getLogger(__name__)

OnFiring = Callable[[Firing], None]


class Serving:
    """Runs the homes of a store: `serve` returns when `stop` is set."""

    def __init__(
        self, store: Store, settings: Settings, sources: Sequence[DeviceSource], on_firing: OnFiring | None = None
    ) -> None:
        from proactive.notify.notifier import Notifier

        self.store, self.sources, self.stop = store, sources, threading.Event()
        self.notifier: Notifier = Notifier(store, settings)
        self.homes: list[Home] = [store.export_home(home) for home in store.home_ids()]
        self._path = settings.data / LOG
        self._on_firing = on_firing

    def serve(self, ready: Callable[[Embedded], None] | None = None) -> None:
        """Run until `stop` is set; then leave everything in order. `ready` is called when records are taken."""
        with Log(self._path) as log:
            runtime = Embedded(log, self.homes, on_firings=lambda firings: self._tell(log, firings))
            runtime.start()
            with Alarm(runtime), self._listening(runtime):
                if ready is not None:
                    ready(runtime)
                self._look_until_stopped(runtime)
            runtime.stop()

    def _look_until_stopped(self, runtime: Embedded) -> None:
        known = runtime.rules()
        while True:
            try:
                known = self._follow(runtime, known)
                self._deliver(system_clock())
            except (LogError, OSError):
                _log.exception("This look at the store failed; the next one tries again.")
            if self.stop.wait(LOOK):
                return

    def _follow(self, runtime: Embedded, known: dict[tuple[str, str], Rule]) -> dict[tuple[str, str], Rule]:
        """Put and drop what changed in the store since the last look; return the rules as they are now."""
        wanted = {(rule.home, rule.id): rule for rule in self.store.rules()}
        for key, rule in wanted.items():
            if known.get(key) != rule and rule.home in runtime.homes:
                runtime.put_rule(rule)
        for home, rule_id in known.keys() - wanted.keys():
            runtime.drop_rule(home, rule_id)
        return wanted

    def _tell(self, log: Log, firings: Sequence[Firing]) -> None:
        now = instant(system_clock())
        for firing in firings:
            self.notifier.receive(firing, log.records(firing.home, firing.evidence), now=now)
            if self._on_firing is not None:
                self._on_firing(firing)

    def _deliver(self, now: datetime) -> None:
        due = self.notifier.notify_at()
        if due is not None and due <= instant(now):
            self.notifier.deliver(instant(now))

    @contextmanager
    def _listening(self, runtime: Embedded) -> Iterator[None]:
        threads = [
            threading.Thread(target=self._listen, args=(source, runtime), name="source", daemon=True)
            for source in self.sources
        ]
        for thread in threads:
            thread.start()
        try:
            yield
        finally:
            for thread in threads:
                thread.join(2.0)

    def _listen(self, source: DeviceSource, runtime: Embedded) -> None:
        try:
            source.run(runtime.ingest, self.stop)
        except SourceError as error:
            _log.error("A source has ended: %s", error)
