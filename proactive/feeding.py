"""Feeding: sources of homes, put on Kafka by an edge. What `serve` is for one process, this is for a machine near the cameras."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from functools import partial
from typing import TYPE_CHECKING

from proactive.joined import Joined
from streams.kafka.buffer import BufferFull
from streams.source import Deliver, DeviceSource, SourceError
from streams.valve import Valve

if TYPE_CHECKING:
    from rules.home import Home
    from streams.kafka.edge import Edge

LEAVE = 5.0  # seconds that sources and the broker have when it is stopped
SETTLE = 1.0  # seconds between two times that what a flood left behind is told
_log = logging.getLogger(__name__)


@contextmanager
def feeding(edge: Edge, homes: Callable[[], Mapping[str, Home]], sources: Sequence[DeviceSource]) -> Iterator[None]:
    """Put what the sources tell on the topic while the block runs; what the broker has not taken then is kept for the next time.

    `homes` says what the homes list, by id, each time it is asked. A source that floods is shed, and said so with how much; the
    newest state of each device is told all the same.
    """
    stop = threading.Event()
    edge.start()
    with ExitStack() as stack:
        stack.enter_context(_thread("edge", edge.run, edge.stop))
        valve = Valve(Joined(homes, edge.deliver))
        stack.enter_context(_thread("settle", partial(_settle, valve, stop), stop.set))
        for source in sources:
            stack.enter_context(_thread("source", partial(_listen, source, valve, stop), stop.set))
        yield


@contextmanager
def _thread(name: str, run: Callable[[], None], stop: Callable[[], None]) -> Iterator[None]:
    thread = threading.Thread(target=run, name=name, daemon=True)
    thread.start()
    try:
        yield
    finally:
        stop()
        thread.join(LEAVE)


def _listen(source: DeviceSource, deliver: Deliver, stop: threading.Event) -> None:
    try:
        source.run(deliver, stop)
    except SourceError as error:
        _log.error("A source has ended: %s", error)


def _settle(valve: Valve, stop: threading.Event) -> None:
    """Tell what floods left behind, each second and at the end."""
    ended = False
    while not ended:
        ended = stop.wait(SETTLE)
        try:
            valve.settle()
        except BufferFull as error:
            _log.warning("%s", error)
        for (home, source), shed in valve.take_shed().items():
            lost, known = shed.happenings, shed.reports
            _log.warning(
                "%s of %s floods: %d happenings and %d reports of its state were not taken.", source, home, lost, known
            )
