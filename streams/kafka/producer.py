"""What puts messages on topics: all of them acknowledged by every replica, in order, or an error.

Kafka's idempotent producer keeps the order of a partition through its own retries and stores no message twice in one
session. A broker that has none of that (Tansu) gets one request at a time instead, which keeps the order too.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

from streams.kafka.binding import HEADERS, Header
from streams.kafka.broker import BrokerError, Brokers, answering
from streams.kafka.topics import MESSAGE_BYTES, require

if TYPE_CHECKING:
    from kafka import KafkaProducer

COMPRESSION = "gzip"  # every broker and client reads it, and it needs no package
LINGER = 5  # milliseconds a batch waits for more
BATCH_BYTES = 256 << 10
_LONG = 2_000_000_000  # milliseconds: who sends decides when to give up
_LOOK = 0.2  # seconds between two looks at whether to go on waiting


@dataclass(frozen=True, slots=True)
class Sent:
    """A message for a topic: by its key, or to a partition by number. A value of None is a tombstone."""

    topic: str
    value: bytes | None
    key: bytes | None = None
    partition: int | None = None
    headers: tuple[Header, ...] = HEADERS


class Refused(BrokerError):
    """Say that one message can never be taken, such as one that is too large: `index` is its place among those sent."""

    def __init__(self, index: int, why: str) -> None:
        super().__init__(f"Kafka will not take a message ({why}).")
        self.index = index


def never() -> bool:
    """Go on waiting, however long it takes."""
    return False


class Producer:
    """A connection to brokers that is made when it is first needed, and again after a failure.

    `send` returns when all messages are acknowledged by every replica. After a failure nothing of them is sent any
    more, so that sending all of them again keeps their order; some are then there twice.

    Nothing is sent to a topic that is not there: many brokers would make it, with partitions and settings of their own.
    """

    def __init__(self, brokers: Brokers, *, idempotent: bool = True, patience: float = 10.0, **options: Any) -> None:
        self.brokers, self.idempotent = brokers, idempotent
        self._patience, self._options = patience, options
        self._producer: KafkaProducer | None = None
        self._partitions: dict[str, int] = {}
        self._there: frozenset[str] = frozenset()

    def send(self, messages: Sequence[Sent], enough: Callable[[], bool] = never) -> None:
        """Send messages in order and wait until they are kept. Raise BrokerError, also where `enough` says to give up, or Refused."""
        try:
            self._require(frozenset(message.topic for message in messages))
            with answering(self.brokers):
                self._wait(self._begin(messages), enough)
        except BaseException:
            self.close(0)
            raise

    def partition_of(self, topic: str, home: str) -> int:
        """Return the partition of a home in a topic. Raise BrokerError."""
        from kafka.partitioner import murmur2

        if topic not in self._partitions:
            self._require(frozenset({topic}))
            with answering(self.brokers):
                self._partitions[topic] = len(self._opened().partitions_for(topic))
        return int(murmur2(home.encode()) & 0x7FFFFFFF) % self._partitions[topic]

    def close(self, wait: float = 5.0) -> None:
        """Let go of the connection; what was not acknowledged within `wait` seconds is given up."""
        from kafka.errors import KafkaTimeoutError

        producer, self._producer = self._producer, None
        if producer is None:
            return
        try:
            producer.close(timeout=wait)
        except KafkaTimeoutError:
            # It raises before it stops the thread that sends, which would go on: end that first.
            producer._sender.force_close()  # noqa: SLF001  there is no public way
            producer.close(timeout=wait + 1)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _require(self, topics: frozenset[str]) -> None:
        """Raise BrokerError where a topic is not there; those that are, are asked for once."""
        if not topics <= self._there:
            require(self.brokers, topics, self._patience)
            self._there |= topics

    def _begin(self, messages: Iterable[Sent]) -> list[Any]:  # kafka-python has no types
        from kafka.errors import MessageSizeTooLargeError

        producer, begun = self._opened(), []
        for index, message in enumerate(messages):
            headers = list(message.headers) if message.value is not None else []
            try:
                begun.append(
                    producer.send(
                        message.topic, message.value, message.key, headers=headers, partition=message.partition
                    )
                )
            except MessageSizeTooLargeError as error:
                raise Refused(index, str(error)) from error
        return begun

    def _wait(self, begun: Sequence[Any], enough: Callable[[], bool]) -> None:
        from kafka.errors import KafkaTimeoutError, MessageSizeTooLargeError, RecordListTooLargeError

        for index, future in enumerate(begun):
            while not future.is_done and not enough():
                try:
                    future.get(timeout=_LOOK)
                except KafkaTimeoutError:
                    continue
            if not future.is_done:
                raise BrokerError("Kafka did not answer before this was stopped.")
            if future.failed():
                if isinstance(future.exception, MessageSizeTooLargeError | RecordListTooLargeError):
                    raise Refused(index, str(future.exception))
                raise future.exception

    def _opened(self) -> KafkaProducer:
        if self._producer is None:
            self._producer = self._open()
        return self._producer

    def _open(self) -> KafkaProducer:
        from kafka import KafkaProducer

        wait = int(self._patience * 1000)
        return KafkaProducer(
            acks="all",
            allow_auto_create_topics=False,
            enable_idempotence=self.idempotent,
            max_in_flight_requests_per_connection=5 if self.idempotent else 1,
            compression_type=COMPRESSION,
            linger_ms=LINGER,
            batch_size=BATCH_BYTES,
            max_request_size=MESSAGE_BYTES,
            delivery_timeout_ms=_LONG,
            bootstrap_timeout_ms=wait,
            max_block_ms=wait,
            reconnect_backoff_max_ms=2_000,
            **self.brokers.checked(),
            **self._options,
        )
