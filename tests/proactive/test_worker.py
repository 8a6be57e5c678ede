"""`proactive worker` as a process: it works until it is told to stop, and knows homes that come later."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from proactive.cli.main import main
from proactive.store import Store
from proactive.working import AGAIN, KnownHomes
from rules.home import Home
from streams.changes import put_record
from tests.streams.kafka.crew import Town
from tests.streams.logs import home, record, ring


def test_a_home_that_nobody_knew_is_asked_for_again_after_a_while() -> None:
    store: dict[str, Home] = {}
    time = [0.0]
    known = KnownHomes(lambda ids: [store[id] for id in ids if id in store], clock=lambda: time[0])
    assert known("maple") is None
    store["maple"] = home()
    assert known("maple") is None
    time[0] += AGAIN
    assert known("maple") == home()


def test_homes_that_are_edited_are_news_once(tmp_path: Path) -> None:
    with Store(f"sqlite:///{tmp_path / 'proactive.db'}") as store:
        store.import_homes([home(), home("birch")])
        known = KnownHomes(store.export_homes, lambda: store.listings)
        assert (known("maple"), known.news()) == (home(), [])
        store.import_homes([home(lateness="9s"), home("birch", lateness="9s")])
        assert known.news() == [home(lateness="9s")]
        assert (known("maple"), known.news()) == (home(lateness="9s"), [])


def test_without_a_broker_it_says_what_to_set(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["worker"]) == 2
    assert "PROACTIVE_KAFKA=localhost:9092" in capsys.readouterr().err


GIVES_UP = """
import threading
from proactive import working

class Worker:
    async def run(self, stop, ready):
        threading.Thread(target=threading.Event().wait).start()  # as Faust's threads may, it never ends
        raise OSError("no more files")

working.LAST_WORDS = 0.1
working.work(Worker(), lambda: None, ())
"""


def test_a_worker_that_cannot_go_on_ends_whatever_the_reason_so_that_it_is_started_again() -> None:
    ended = subprocess.run([sys.executable, "-c", GIVES_UP], capture_output=True, text=True, timeout=30, check=False)
    assert (ended.returncode, "no more files" in ended.stderr) == (1, True)


def test_a_worker_decides_for_the_homes_of_a_file_until_it_is_told_to_stop(kafka: str, tmp_path: Path) -> None:
    pytest.importorskip("faust", reason="Faust is not installed: pip install 'proactive[kafka]'")
    town = Town(kafka, {"maple": home(lateness="0s")})
    file = tmp_path / "homes.jsonl"
    file.write_text(json.dumps({"home": "maple", "time_zone": "UTC", "lateness": "0s"}) + "\n")
    town.say([put_record(ring(), _now()), record("bell", _now(), "event", source="doorbell.front")])
    environment = os.environ | {
        "PROACTIVE_DATA": str(tmp_path),
        "PROACTIVE_KAFKA": kafka,
        "PROACTIVE_KAFKA_TOPICS": town.names.prefix,
    }
    command = [sys.executable, "-m", "proactive", "worker", "--home", str(file), "--session", "6"]
    process = subprocess.Popen(command, env=environment, stderr=subprocess.PIPE, text=True)
    try:
        [firing] = asyncio.run(town.firings(1))
        assert firing["evidence"] == ["bell"]
        process.send_signal(signal.SIGTERM)
        _, said = process.communicate(timeout=30)
        assert (process.returncode, said.splitlines()[0]) == (0, "Working.")
    finally:
        process.kill()
        process.wait()


def test_a_home_that_is_edited_counts_for_a_worker_that_runs(kafka: str, tmp_path: Path) -> None:
    pytest.importorskip("faust", reason="Faust is not installed: pip install 'proactive[kafka]'")
    town = Town(kafka, {})
    town.say([put_record(ring(), _now()), record("bell", _now(), "event", source="doorbell.front")])
    settings = {"PROACTIVE_DATA": str(tmp_path), "PROACTIVE_KAFKA": kafka, "PROACTIVE_KAFKA_TOPICS": town.names.prefix}
    command = [sys.executable, "-m", "proactive", "worker", "--session", "6"]
    with Store(f"sqlite:///{tmp_path / 'proactive.db'}") as store:
        store.import_homes([home(lateness="0s", cameras=[])])
        process = subprocess.Popen(command, env=os.environ | settings, stderr=subprocess.PIPE, text=True)
        try:
            asyncio.run(town.firings(1))
            store.import_homes([home(lateness="0s")])
            town.hear(town.names.records, lambda found: any(b"cam.kitchen-online" in each.value for each in found))
        finally:
            process.terminate()
            process.communicate(timeout=30)


def _now() -> datetime:
    return datetime.now(UTC)
