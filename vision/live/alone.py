"""One camera alone, watched in this process: what `proactive see URL` does."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime

from rules.record import Record
from vision.detector import Detector
from vision.live.post import Orders, posts_of
from vision.live.report import CameraReport, reports_of
from vision.live.rota import Rota
from vision.live.shot import SourceLost
from vision.live.trial import trial


class Alone:
    """Watches the one camera of its orders: `records` yields until `stop`."""

    def __init__(
        self, orders: Orders, detector: Detector, progress: Callable[[CameraReport], None] | None = None
    ) -> None:
        bell = threading.Event()
        (self._post,) = posts_of(orders, detector, _now, bell, trial(detector, _now()))
        self._rota = Rota([self._post], _now, orders.rate, bell)
        self._progress = progress

    def stop(self) -> None:
        """End `records`, after the ends of what goes on."""
        self._rota.stop()

    def records(self) -> Iterator[Record]:
        """Yield records as they are known. Raise SourceLost when the camera cannot be reached at first; later it is waited for."""
        for told in self._rota.run():
            if not self._post.reader.counts.received and self._post.reader.trouble:
                raise SourceLost(self._post.reader.trouble)
            if self._progress:
                self._progress(reports_of(self._rota, _now())[0])
            yield from told.records if told else ()


def _now() -> datetime:
    return datetime.now(UTC)
