"""The worker: a process that watches some cameras with one detector, and tells the process that started it."""

from __future__ import annotations

import logging
import os
import signal
import sys
import threading
from datetime import UTC, datetime, timedelta
from multiprocessing.connection import Connection

from vision.live.post import Drawing, Lesson, Orders, draw, posts_of, teach
from vision.live.report import reports_of
from vision.live.rota import Rota
from vision.live.trial import trial

_log = logging.getLogger(__name__)
REPORT = timedelta(seconds=2)  # how often a worker reports


def work(orders: Orders, line: Connection) -> None:
    """Watch until told to stop, or until nobody listens any more.

    Send `Told` as it comes, and every two seconds a list of `CameraReport` and a `Glimpse` of each camera with a new picture.
    """
    _settle_in()
    bell = threading.Event()
    try:
        from vision.detector import load_detector

        detector = load_detector(orders.detector, orders.model)
        rota = Rota(posts_of(orders, detector, _now, bell, trial(detector, _now())), _now, orders.rate, bell)
        threading.Thread(target=_listen, args=(line, rota), daemon=True).start()
        _tell(rota, line)
    except (BrokenPipeError, ConnectionResetError):
        return  # whoever started this is gone
    except Exception as error:  # noqa: BLE001  said here, since the traceback would go where nobody reads
        _log.error("The camera worker cannot go on: %s", error)  # without a traceback: it may show addresses
        sys.exit(1)


def _tell(rota: Rota, line: Connection) -> None:
    due = _now()
    for told in rota.run():
        if told is not None:
            line.send(told)
        if (now := _now()) >= due:
            due = now + REPORT
            line.send(reports_of(rota, now))
            for glimpse in filter(None, (post.glimpse() for post in rota.posts)):
                line.send(glimpse)


def _listen(line: Connection, rota: Rota) -> None:
    """Learn from each `Lesson` what photos teach, and look where each `Drawing` says. Stop on any other word, or when the line is cut."""
    try:
        while isinstance(word := line.recv(), Lesson | Drawing):
            if isinstance(word, Lesson):
                teach(rota.posts, word.taught)
            else:
                draw(rota.posts, word)
    except (EOFError, OSError):
        # Nobody is left who could be told.
        os._exit(0)
    rota.stop()


def _settle_in() -> None:
    """Make this process one that uses one core and leaves signals to the one that started it."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    logging.basicConfig(format="%(levelname)s %(message)s", level=logging.WARNING)
    for name in ("OMP_NUM_THREADS", "INFERENCE_NUM_THREADS"):
        os.environ.setdefault(name, "1")
    from vision.live.address import hush

    hush()
    import cv2

    cv2.setNumThreads(1)


def _now() -> datetime:
    return datetime.now(UTC)
