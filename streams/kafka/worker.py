"""A worker: a Faust app that shares the homes with others of its kind, and can be killed at any moment.

Faust is asked for what it does well: it shares out the partitions, brings the rows of their state, and fetches records.
It is not trusted with the rest, and records do not go through its streams (`intake`). A start can begin before or behind what
was folded, and its tables know nothing of where they were made. `Share` goes by its own cursors, and the offsets that Faust
commits mean nothing here but where it begins.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING, Any

from streams.embedded import Clock, system_clock
from streams.kafka.broker import BrokerError, Brokers
from streams.kafka.heartbeat import PATIENCE
from streams.kafka.intake import take_in
from streams.kafka.listening import LOOK, Listening
from streams.kafka.outlet import Outlet, Parcel
from streams.kafka.shard import FindHome, Row
from streams.kafka.share import KEEP_SECONDS, FindNews, Share
from streams.kafka.stretch import Stretches
from streams.kafka.topics import MESSAGE_BYTES, Names, Topic, standing

if TYPE_CHECKING:
    import faust

BATCH = 2_000  # records folded at a time
LEAVE = 20.0  # seconds for Faust to end
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Options:
    """How a worker runs. `folder` is its own: two workers cannot share one.

    A worker that dies is missed after `session` seconds. `fetch_wait` is how long the broker may wait for more to send; Kafka
    sends at once when something comes, so it matters for brokers that do not. An edge that was not heard for `patience`
    seconds is taken for dead. A worker that has not begun to work `begin` seconds after its start gives up: a connection
    that is lost while it joins the others can keep Faust waiting for ever, and a new start helps.
    """

    brokers: Brokers
    names: Names
    folder: Path
    session: float = 15.0
    fetch_wait: float | None = None
    keep_seconds: float = KEEP_SECONDS
    patience: float = PATIENCE
    begin: float = 180.0


class Worker:
    """Folds the homes that `find_home` knows, as far as their partitions are this worker's; `find_news` says which changed."""

    def __init__(
        self,
        options: Options,
        find_home: FindHome,
        clock: Clock = system_clock,
        steady: Callable[[], float] = monotonic,
        find_news: FindNews = tuple,
    ) -> None:
        self._options = options
        self._app = _app(options)
        self._table = _table(self._app, options)
        self._outlet = Outlet(self._send)
        self.share = Share(
            options.names,
            find_home,
            _TableRows(self._table),
            self._outlet,
            Stretches(options.brokers, options.names.records),
            clock=clock,
            steady=steady,
            keep_seconds=options.keep_seconds,
            listening=Listening(
                options.brokers,
                options.names.heartbeats,
                clock=clock,
                patience=options.patience,
                wait=options.fetch_wait or LOOK,
            ),
            find_news=find_news,
        )
        self._listen()

    async def run(self, stop: asyncio.Event, ready: Callable[[], None] = lambda: None) -> None:
        """Work until `stop` is set, then keep the state and leave. Raise BrokerError when it cannot go on."""
        self._app.finalize()
        try:
            await self._begin()
            async with _beside(self.share.run()) as rest, _beside(self._app.wait_until_stopped()) as app:
                ready()
                async with _beside(stop.wait()) as asked:
                    await asyncio.wait([asked, rest, app], return_when=asyncio.FIRST_COMPLETED)
                if rest.done() and not rest.cancelled():
                    rest.result()
                if not stop.is_set():
                    raise BrokerError(f"Faust has ended: {self._app.crash_reason!r}. Start the worker again.")
                await self.share.keep_all(self._options.session / 2)
                self.share.own(())
        finally:
            await self._leave()

    async def _leave(self) -> None:
        """End Faust. A thread of it that died while a line was down is waited for by Faust for ever, and here for a while."""
        try:
            async with asyncio.timeout(LEAVE):
                await self._app.stop()
        except TimeoutError:
            _log.warning("Faust has not ended within %g s and is left to the end of the process.", LEAVE)

    async def _begin(self) -> None:
        try:
            async with asyncio.timeout(self._options.begin):
                await self._app.start()
        except TimeoutError as error:
            raise BrokerError(
                f"No partition was shared out within {self._options.begin:g} s. Do the brokers answer? Start the worker again."
            ) from error

    def _listen(self) -> None:
        app, records = self._app, self._options.names.records

        async def subscribe(stream: Any) -> None:
            async for _ in stream:  # nothing comes this way: it is taken in before
                pass

        async def revoked(*_: Any, **__: Any) -> None:
            await self.share.keep_all(self._options.session / 2)

        async def assigned(*_: Any, **__: Any) -> None:
            self._hurry()
            self.share.own({at.partition for at in app.consumer.assignment() if at.topic == records})

        app.agent(app.topic(records), name="subscribe")(subscribe)
        take_in(app, records, self.share.receive, self.share.doubt)
        app.on_partitions_revoked.connect(revoked, weak=False)
        app.on_rebalance_complete.connect(assigned, weak=False)

    async def _send(self, parcel: Parcel) -> Any:
        headers = list(parcel.headers)
        return await self._app.producer.send(parcel.topic, parcel.key, parcel.value, parcel.partition, None, headers)

    def _hurry(self) -> None:
        """Set how long the broker may wait for more: Faust has no setting for it."""
        if self._options.fetch_wait is not None:
            consumer: Any = self._app.consumer
            fetcher = consumer._thread._consumer._fetcher  # noqa: SLF001
            fetcher._fetch_max_wait_ms = int(self._options.fetch_wait * 1000)  # noqa: SLF001


class _TableRows:
    """A Faust table of rows, written with the partition that is meant instead of that of the current event."""

    def __init__(self, table: Any) -> None:
        self._table = table

    def find(self, key: str) -> bytes | None:
        found: bytes | None = self._table.data.get(key)
        return found

    async def keep(self, partition: int, rows: Sequence[Row]) -> None:
        sent = [self._table.send_changelog(partition, key, body) for key, body in rows]
        await asyncio.shield(asyncio.gather(*sent))  # Faust stumbles over a message that nobody waits for any more
        for key, body in rows:
            self._table.data[key] = body


def _app(options: Options) -> faust.App:
    import faust

    folder = options.folder / "faust"
    folder.mkdir(parents=True, exist_ok=True)
    return faust.App(
        options.names.workers,
        broker=[f"kafka://{server}" for server in options.brokers.servers],
        broker_credentials=options.brokers.security.credentials(),
        broker_client_id="proactive-worker",
        broker_session_timeout=options.session,
        broker_heartbeat_interval=options.session / 5,
        broker_rebalance_timeout=2 * options.session,
        broker_max_poll_records=BATCH,
        stream_buffer_maxsize=2 * BATCH,
        consumer_max_fetch_size=MESSAGE_BYTES,
        consumer_auto_offset_reset="earliest",
        producer_max_request_size=MESSAGE_BYTES,
        producer_request_timeout=30.0,
        processing_guarantee="at_least_once",
        table_standby_replicas=0,
        topic_disable_leader=True,
        web_enabled=False,
        datadir=folder,
        store="memory://",
    )


def _table(
    app: faust.App, options: Options
) -> Any:  # a faust.Table, whose types are of its values before they are bytes
    """Return the table of state: its changelog has as many partitions as the records, or Faust would never begin."""
    [records] = standing(options.brokers, [Topic(options.names.records, 0, {})])
    if records.state == "missing":
        raise BrokerError(f"There is no topic {options.names.records}. Make it with: proactive topics create")
    return app.Table(
        "state",
        key_type=str,
        value_type=bytes,
        partitions=records.partitions,
        extra_topic_configs={"max.message.bytes": str(MESSAGE_BYTES)},
    )


@asynccontextmanager
async def _beside(work: Any) -> AsyncIterator[asyncio.Future[Any]]:
    """Run something beside the body, and end it with the body."""
    task = asyncio.ensure_future(work)
    try:
        yield task
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
