"""Feeding: sources of homes, put on Kafka by an edge. What `serve` is for one process, this is for a machine near the cameras."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from functools import partial
from typing import TYPE_CHECKING

from proactive.joined import Joined
from streams.source import Deliver, DeviceSource, SourceError

if TYPE_CHECKING:
    from rules.home import Home
    from streams.kafka.edge import Edge

LEAVE = 5.0  # seconds that sources and the broker have when it is stopped
_log = logging.getLogger(__name__)


@contextmanager
def feeding(edge: Edge, homes: Sequence[Home], sources: Sequence[DeviceSource]) -> Iterator[None]:
    """Put what the sources tell on the topic while the block runs; what the broker has not taken then is kept for the next time."""
    stop = threading.Event()
    edge.start()
    with ExitStack() as stack:
        stack.enter_context(_thread("edge", edge.run, edge.stop))
        deliver = Joined(homes, edge.deliver)
        for source in sources:
            stack.enter_context(_thread("source", partial(_listen, source, deliver, stop), stop.set))
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
