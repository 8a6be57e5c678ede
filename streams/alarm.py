"""The alarm: wakes an embedded runtime at the deadlines it names, and each minute.

APScheduler's jobs, in memory only: what is due is in the log, and a job that is lost or late costs nothing but time,
since the next tick decides it. A job only asks: waking, folding and handing on have threads of their own, so whoever appends
records waits for none of them, the fold does not wait for whoever takes the firings, and what falls due meanwhile is not missed.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from types import TracebackType
from typing import Any, Self

from streams.embedded import Clock, Embedded, system_clock

MINUTE = timedelta(minutes=1)
_log = logging.getLogger(__name__)


class Alarm:
    """Runs a started runtime until it is left: `with Alarm(runtime): ...`.

    `clock` is the runtime's; deadlines are reached by waiting the difference, so it may be any clock that runs at
    `speed` times the pace of the machine's.
    """

    def __init__(self, runtime: Embedded, clock: Clock = system_clock, speed: float = 1.0) -> None:
        from apscheduler.schedulers.background import BackgroundScheduler

        self.runtime, self._clock, self._speed = runtime, clock, speed
        self._due: datetime | None = None
        self._left = threading.Event()
        self._wake, self._fold = _Worker("wake", runtime.wake), _Worker("fold", runtime.settle)
        self._hand = _Worker("hand on", runtime.hand_on)
        # A job only asks, so that it may do so again before the last asking has ended.
        late = {"coalesce": True, "misfire_grace_time": None, "max_instances": 1_000}
        self._scheduler: Any = BackgroundScheduler(timezone=UTC, job_defaults=late)  # APScheduler has no types

    def __enter__(self) -> Self:
        self._scheduler.add_job(self._wake.do, "interval", seconds=MINUTE.total_seconds() / self._speed, id="tick")
        self._scheduler.start()
        self.runtime.on_deadline = self._set
        self.runtime.on_stored, self.runtime.nudge = self._hand.do, self._fold.do
        self._fold.do()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._left.set()
        self._scheduler.shutdown(wait=True)
        self._wake.leave()
        self._fold.leave()
        self._hand.leave()
        self.runtime.nudge, self.runtime.on_stored = self.runtime.settle, self.runtime.hand_on

    def _set(self, due: datetime | None) -> None:
        """Wake the runtime at a deadline; it names the next one after each fold."""
        if due is None or self._left.is_set() or (due == self._due and self._scheduler.get_job("deadline")):
            return
        self._due = due
        wait = max((due - self._clock()) / self._speed, timedelta())
        # A deadline beyond the next minute is set again by its tick, so a clock that is set meanwhile misleads nobody.
        if wait <= MINUTE:
            self._scheduler.add_job(
                self._wake.do, "date", run_date=datetime.now(UTC) + wait, id="deadline", replace_existing=True
            )


class _Worker:
    """A thread that does some work each time it is asked to."""

    def __init__(self, name: str, work: Callable[[], None]) -> None:
        self._work = work
        self._asked, self._left = threading.Event(), threading.Event()
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)
        self._thread.start()

    def do(self) -> None:
        """Ask for the work."""
        self._asked.set()

    def leave(self) -> None:
        """End the thread after what it is at."""
        self._left.set()
        self._asked.set()
        self._thread.join()

    def _run(self) -> None:
        while not self._left.is_set():
            self._asked.wait()
            self._asked.clear()
            _guarded(self._work)


def _guarded(work: Callable[[], None]) -> None:
    """Do some work; what fails is said and done again by the next tick."""
    try:
        work()
    except Exception:  # noqa: BLE001  the loop goes on whatever one round of it met; a full disk is the usual case
        _log.exception("This round failed; the next tick tries again.")
