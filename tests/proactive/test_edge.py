"""`proactive edge` as a process: what its sources tell is on the topic, and what waits when it is stopped comes the next time."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from time import monotonic, sleep

import pytest

from proactive.cli.main import main
from rules.record import encode
from streams.kafka.broker import Brokers
from streams.kafka.buffer import Buffer
from streams.kafka.topics import create, topics
from tests.brokers import Tansu, names, read_all, records_on
from tests.proactive.conftest import HOME
from tests.streams.logs import record


class Process:
    """`proactive edge` that reads records from a named pipe."""

    def __init__(self, folder: Path, broker: str, prefix: str) -> None:
        self.pipe = folder / "told"
        if not self.pipe.exists():
            os.mkfifo(self.pipe)
        (folder / "home.yaml").write_text(HOME)
        options = ["--home", str(folder / "home.yaml"), "--input", str(self.pipe), "--name", "cellar", "--no-cameras"]
        settings = {"PROACTIVE_DATA": str(folder), "PROACTIVE_KAFKA": broker, "PROACTIVE_KAFKA_TOPICS": prefix}
        self._process = subprocess.Popen(
            [sys.executable, "-m", "proactive", "edge", *options],
            env=os.environ | settings,
            stderr=subprocess.PIPE,
            text=True,
        )
        assert self._process.stderr is not None
        self.said = self._process.stderr.readline()

    def tell(self, *lines: bytes) -> None:
        with self.pipe.open("wb") as pipe:
            pipe.write(b"".join(line + b"\n" for line in lines))

    def wait_until_kept(self) -> None:
        """Return when a record waits on the disk."""
        until = monotonic() + 20
        with Buffer(self.pipe.parent / "edges" / "cellar" / "buffer.db") as buffer:
            while not buffer.head(1) and monotonic() < until:
                sleep(0.05)
            assert buffer.head(1)

    def stop(self) -> int:
        self._process.send_signal(signal.SIGTERM)
        self._process.communicate(timeout=30)
        return self._process.returncode


def test_what_an_edge_is_told_while_the_broker_is_away_comes_when_both_are_back(tmp_path: Path) -> None:
    mine = names()
    with Tansu() as broker:
        create(Brokers.at(broker.address), topics(mine, 2))
        edge = Process(tmp_path, broker.address, mine.prefix)
        assert edge.said == "Feeding maple as cellar.\n"
        edge.tell(encode(record("one", datetime.now(UTC))))
        heard = read_all(broker.address, mine.records, quiet=3)
        broker.kill()
        edge.tell(encode(record("two", datetime.now(UTC))))
        edge.wait_until_kept()
        assert edge.stop() == 0
        broker.start()
        create(Brokers.at(broker.address), topics(mine, 2))
        edge = Process(tmp_path, broker.address, mine.prefix)
        found = records_on(broker.address, mine, quiet=3)
        assert edge.stop() == 0
    assert len(heard) == 1
    assert [each.id for each in found if each.type == "detection"] == ["two"]
    assert [each.data["status"] for each in found if each.type == "health"] == ["offline", "online"]


def test_without_a_broker_it_says_what_to_set(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "home.yaml").write_text(HOME)
    monkeypatch.setenv("PROACTIVE_DATA", str(tmp_path))
    monkeypatch.delenv("PROACTIVE_KAFKA", raising=False)
    assert main(["edge", "--home", str(tmp_path / "home.yaml"), "--no-cameras"]) == 2
    assert "PROACTIVE_KAFKA=localhost:9092" in capsys.readouterr().err
