"""Rounds: whatever is due is delivered and done, at the instant that the rows name, and each minute.

APScheduler's jobs, in memory only: what is due is in rows, so a job that is lost costs nothing but time. Rounds have a
thread of their own: a channel that takes a minute to give up keeps no rule and no camera waiting.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from types import TracebackType
from typing import Any, Self

from proactive import clock
from proactive.notify.actor import Actor
from proactive.notify.notifier import Notifier
from rules.units import MINUTE, SECOND

_log = logging.getLogger(__name__)


class Rounds:
    """Delivers and acts until it is left: `with Rounds(notifier, actor) as rounds: ...`.

    Who writes rows calls `nudge`; what another process writes is found within a minute, or at the next nudge.
    """

    def __init__(self, notifier: Notifier, actor: Actor, now: Callable[[], int] = clock.now) -> None:
        from apscheduler.schedulers.background import BackgroundScheduler

        self._notifier, self._actor, self._now = notifier, actor, now
        self._one = threading.Lock()
        # A round that ends sets the next one, which may begin before the job of the one that ends is over; `_one` keeps them apart.
        late = {"coalesce": True, "misfire_grace_time": None, "max_instances": 2}
        self._scheduler: Any = BackgroundScheduler(timezone=UTC, job_defaults=late)  # APScheduler has no types

    def __enter__(self) -> Self:
        self._scheduler.add_job(self._round, "interval", seconds=MINUTE // SECOND, id="minute")
        self._scheduler.start()
        self.nudge()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._scheduler.shutdown(wait=True)
        self.once()

    def nudge(self) -> None:
        """Set the next round to the earliest instant that any row names. Raise StoreError."""
        if self._one.locked():
            return  # the round that is under way sets the next one when it ends
        due = min((at for at in (self._notifier.notify_at(), self._actor.notify_at()) if at is not None), default=None)
        # What is further away than the next minute is set by its round, so a clock that is set meanwhile misleads nobody.
        if due is not None and (wait := max(due - self._now(), 0)) <= MINUTE:
            at = datetime.now(UTC) + timedelta(microseconds=wait)
            self._scheduler.add_job(self._round, "date", run_date=at, id="due", replace_existing=True)

    def once(self) -> None:
        """Act, then deliver, once: how a deed ended is told in the same round. What fails is tried by the next."""
        with self._one:
            for work in (self._actor.act, self._notifier.deliver):
                try:
                    work(self._now())
                except Exception:  # noqa: BLE001  the rounds go on whatever one of them met; a full disk is the usual case
                    _log.exception("This round failed; the next one tries again.")

    def _round(self) -> None:
        self.once()
        try:
            self.nudge()
        except Exception:  # noqa: BLE001  the same: the next minute comes by itself
            _log.exception("The next round could not be set; the next minute tries again.")
