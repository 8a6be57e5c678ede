"""The intake: what a Faust app's consumer fetched of one topic, handed on in one piece, past Faust's channels.

Faust carries every message by itself from its consumer to a stream: two tasks, a lock, four queues and a dozen sensors, at
about five times what the fold of a record costs. A worker needs none of it: it folds whole batches, keeps cursors of its own, and
nobody else reads its topic. So the app's consumer is one that hands the batches of that topic on as they were fetched and
waits until they are folded, which is all the flow control there is; other topics, such as that of the rows, go on through Faust.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from time import monotonic
from typing import TYPE_CHECKING, Any

from streams.kafka.stretch import Said, said

if TYPE_CHECKING:
    import faust
    from aiokafka import AIOKafkaConsumer, ConsumerRecord
    from faust.types import TP

    Fetched = dict[TP, list[ConsumerRecord[bytes, bytes]]]

Hand = Callable[[int, Sequence[Said]], Awaitable[None]]


def take_in(app: faust.App, topic: str, hand: Hand, doubt: Callable[[], None] = lambda: None) -> None:
    """Have what `app` fetches of a topic handed to `hand`, by partition and in order, instead of to streams.

    `doubt` is called before something is handed on that may have come over another connection than what was before it: at
    its other end may be a broker that has lost everything.

    Where the next start begins is committed as Faust does it, a while after `hand` has returned. Nothing is handed on while
    partitions move: whoever has them then reads it again.
    """
    from faust.transport.drivers.aiokafka import Consumer

    class Intake(Consumer):
        """Faust's consumer, but for one topic."""

        def __init__(self, *args: Any, **kwargs: Any) -> None:
            super().__init__(*args, **kwargs)
            self._next: dict[TP, int] = {}
            self._lines: tuple[object, ...] = ()

        async def _getmany(self, active_partitions: set[TP] | None, timeout: float) -> Fetched:  # noqa: ASYNC109  Faust's
            fetched = dict(await super()._getmany(active_partitions, timeout))
            mine = [at for at in fetched if at.topic == topic]
            if mine:
                self._look_at_lines()
            for at in mine:
                await self._hand(at, fetched.pop(at))
            return fetched

        def _look_at_lines(self) -> None:
            """Doubt if a connection is another one than at the last look; what was fetched came over these, or earlier ones."""
            consumer = self._thread._consumer  # noqa: SLF001
            before, self._lines = self._lines, connections(consumer)
            if self._lines != before:
                doubt()

        async def _hand(self, at: TP, batch: list[ConsumerRecord[bytes, bytes]]) -> None:
            if not self.flow_active or self.app.rebalancing:
                return
            await hand(at.partition, [said(message) for message in batch])
            self._next[at] = batch[-1].offset + 1
            self._acked[at].clear()  # an entry makes Faust ask `_new_offset` when it commits
            self.app.monitor.stream_inbound_time[at] = monotonic()  # else Faust warns that nothing is done

        def _new_offset(self, tp: TP) -> int | None:
            return self._next.get(tp) if tp.topic == topic else super()._new_offset(tp)

    transport: Any = app.transport  # whose class of consumers is not meant to be set, but is asked for
    transport.Consumer = Intake


def connections(consumer: AIOKafkaConsumer) -> tuple[object, ...]:
    """Return an aiokafka consumer's connections to brokers as they are now: a new one is another object. Any thread may ask."""
    return tuple(consumer._client._conns.values())  # noqa: SLF001  aiokafka tells nobody of it
