"""Laws of `proactive replay` and `proactive serve`: what comes out, what is said, and with which status."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import pytest

from proactive.cli.main import main
from rules.record import encode
from rules.rule import Rule
from streams.log import Log
from tests.streams.logs import at, fed_by_noon, home, line, record, ring, tick


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    devices = [{"id": "cover.garage", "attributes": {"state": ["open", "closed"]}}, {"id": "doorbell.front"}]
    (tmp_path / "homes.jsonl").write_text(home(devices=devices).model_dump_json(exclude_defaults=True) + "\n")
    write_rules(tmp_path, fed_by_noon(), ring())
    bell = record("bell", at("09:00"), "event", source="doorbell.front")
    write_log(tmp_path, encode(tick(at("00:00"))), encode(bell), encode(tick(at("12:00"))))
    return tmp_path


def write_rules(folder: Path, *rules: Rule) -> None:
    (folder / "rules.jsonl").write_text("".join(json.dumps(rule.as_json()) + "\n" for rule in rules))


def write_log(folder: Path, *lines: bytes) -> None:
    (folder / "log.jsonl").write_bytes(b"\n".join(lines) + b"\n")


def replay(folder: Path, *more: str, log: str = "log.jsonl") -> int:
    given = [("--home", "homes.jsonl"), ("--rules", "rules.jsonl"), ("--log", log)]
    return main(["replay", *(part for name, file in given for part in (name, str(folder / file))), *more])


def told(out: str) -> list[tuple[str, str, str]]:
    return [(f["rule"], f["time"], f["verdict"]) for f in map(json.loads, out.splitlines())]


RANG = ("ring", "2026-03-09T14:00:00Z", "fired")
NOT_FED = ("daisy-fed", "2026-03-09T17:00:00Z", "fired")


def test_a_replay_writes_firings_as_json_lines(folder: Path, capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    assert replay(folder) == 0
    out, said = capfdbinary.readouterr()
    assert told(out.decode()) == [RANG, NOT_FED]
    assert said == b""


def test_a_replay_takes_since_and_until(folder: Path, capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    assert replay(folder, "--until", "2026-03-09T11:59:59-05:00") == 0
    assert told(capfdbinary.readouterr().out.decode()) == [RANG]
    assert replay(folder, "--since", "2026-03-09T05:00:01Z") == 0
    assert told(capfdbinary.readouterr().out.decode()) == [RANG]


def test_bad_lines_are_said_and_kept_and_the_rest_is_used(
    folder: Path, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    lines = (folder / "log.jsonl").read_bytes().splitlines()
    write_log(folder, lines[0], b"{", *lines[1:], line("x").replace(b"maple", b"mapel"))
    dead = folder / "dead.jsonl"
    assert replay(folder, "--dead-letters", str(dead)) == 0
    out, said = capfdbinary.readouterr()
    assert told(out.decode()) == [RANG, NOT_FED]
    assert f"{folder}/log.jsonl:2: expected one JSON object on the line" in said.decode()
    assert "log.jsonl:5: home: expected a home that was given, found 'mapel'. Did you mean 'maple'?" in said.decode()
    assert f"2 lines were not used and kept in {dead}." in said.decode()
    assert [json.loads(text)["line"] for text in dead.read_text().splitlines()] == [2, 5]


@pytest.mark.parametrize(
    ("more", "says"),
    [
        (["--since", "2026-03-09T00:00:00"], "expected an offset at the end"),
        (["--until", "noon"], "expected RFC 3339"),
        (["--log", "nowhere.jsonl"], "nowhere.jsonl: cannot be read: No such file"),
        (["--rules", "nowhere.jsonl"], "nowhere.jsonl: cannot be read: No such file"),
    ],
)
def test_a_wrong_option_ends_with_status_2(
    more: Sequence[str], says: str, folder: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    assert replay(folder, *more) == 2
    assert says in capfd.readouterr().err


def test_wrong_rules_end_with_status_2_and_every_problem(folder: Path, capfd: pytest.CaptureFixture[str]) -> None:
    broken = fed_by_noon(id="other").as_json() | {"wen": 1}
    lines = [json.dumps(broken), "{", json.dumps(ring("mapel").as_json())]
    (folder / "rules.jsonl").write_text("\n".join(lines))
    assert replay(folder) == 2
    out, said = capfd.readouterr()
    assert out == ""
    for place in ("rules.jsonl:1: wen: is not a known key", "rules.jsonl:2: expected one rule", "rules.jsonl:3: home:"):
        assert place in said


def test_a_full_disk_ends_a_replay_with_status_1_and_a_message(folder: Path) -> None:
    full = Path("/dev/full")
    if not full.exists():
        pytest.skip("needs a device that is always full")
    names = [f"--{name}={folder / file}" for name, file in (("home", "homes.jsonl"), ("rules", "rules.jsonl"))]
    command = [sys.executable, "-m", "proactive", "replay", *names, f"--log={folder / 'log.jsonl'}"]
    with full.open("wb") as out:
        ended = subprocess.run(command, stdout=out, stderr=subprocess.PIPE, check=False, text=True)
    assert ended.returncode == 1
    assert "No space left on device" in ended.stderr


class Served:
    """A `proactive serve` that is fed through a pipe."""

    def __init__(self, folder: Path, *more: str) -> None:
        environment = {**os.environ, "PROACTIVE_DATA": str(folder / "data"), "PROACTIVE_PORT": "0"}
        command = [sys.executable, "-m", "proactive", "serve", "--home", str(folder / "homes.jsonl"), *more]
        self.process = subprocess.Popen(
            command, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE
        )

    def until(self, says: bytes) -> list[bytes]:
        """Return what it says on stderr up to and with a text."""
        assert self.process.stderr is not None
        said = []
        for text in self.process.stderr:
            said.append(text)
            if says in text:
                return said
        raise AssertionError(f"it ended before it said {says!r}: {said}")

    def feed(self, *lines: bytes) -> None:
        assert self.process.stdin is not None
        self.process.stdin.write(b"\n".join(lines) + b"\n")
        self.process.stdin.flush()

    def end(self) -> int:
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(10)


def test_serve_tells_what_its_rules_say_keeps_bad_lines_and_ends_in_order(folder: Path) -> None:
    served = Served(folder, "--input", "-")
    watchdog = threading.Timer(30, served.process.kill)
    watchdog.start()
    try:
        served.until(b"Watching over maple.")
        now = datetime.now(UTC)
        put = {
            "id": "p",
            "type": "rule.put",
            "time": now.isoformat(),
            "home": "maple",
            "data": {"rule": ring().as_json()},
        }
        served.feed(json.dumps(put).encode(), b"{ not json")
        served.until(b"expected one JSON")
        bell = record("bell", datetime.now(UTC), "event", source="doorbell.front")
        served.feed(encode(bell))
        assert served.process.stdout is not None
        firing = json.loads(served.process.stdout.readline())
        assert (firing["rule"], firing["verdict"], firing["evidence"]) == ("ring", "fired", ["bell"])
        assert served.end() == 0
    finally:
        watchdog.cancel()
        served.process.kill()
    assert len((folder / "data" / "dead-letters.jsonl").read_text().splitlines()) == 1
    with Log(folder / "data" / "log.db") as log:
        assert [f.rule for f in log.firings()] == ["ring"]
        assert log.snapshots()


def test_a_second_serve_names_the_first_and_ends(folder: Path) -> None:
    first = Served(folder)
    try:
        first.until(b"Watching over")
        second = Served(folder)
        said = second.until(b"is in use by the process")[-1]
        assert str(first.process.pid).encode() in said
        assert second.process.wait(10) == 1
        first.process.kill()
        first.process.wait()
        third = Served(folder)
        third.until(b"Watching over")
        assert third.end() == 0
    finally:
        first.process.kill()
