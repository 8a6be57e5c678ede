"""Laws of sources: what was refused is delivered again, and a source is found by its name."""

from __future__ import annotations

import os
import threading
from collections.abc import Sequence
from pathlib import Path

import pytest

from rules.problem import InputError
from rules.record import Record
from streams.jsonlines import JsonLines
from streams.lines import BadLine
from streams.source import Command, Deliver, DeviceSource, SourceError, check_source, open_source
from streams.sources.address import parse_address
from tests.streams.logs import line, record


def write(path: Path, *lines: bytes) -> Path:
    path.write_bytes(b"\n".join(lines) + b"\n")
    return path


def test_json_lines_keep_the_obligations_of_a_source(tmp_path: Path) -> None:
    path = write(tmp_path / "log.jsonl", line("a"), line("b"))
    check_source(lambda: JsonLines(str(path), retry=0.01), records=2)


class Forgetful:
    """A source that drops what was refused."""

    def run(self, deliver: Deliver, stop: threading.Event) -> None:
        for id in "ab":
            try:
                deliver([record(id)])
            except OSError:
                continue

    def send(self, command: Command) -> None:
        raise SourceError("deaf")


class Restless(Forgetful):
    """A source that names the same record differently each time."""

    made = 0

    def run(self, deliver: Deliver, stop: threading.Event) -> None:
        Restless.made += 1
        while not stop.is_set():
            try:
                deliver([record(f"{Restless.made}-a"), record(f"{Restless.made}-b")])
            except OSError:
                continue
            return


class Stubborn(Forgetful):
    """A source that does not stop when it is told."""

    def run(self, deliver: Deliver, stop: threading.Event) -> None:
        threading.Event().wait(5)


@pytest.mark.parametrize(
    ("make", "problem"),
    [
        (Forgetful, "expected 2 records after a delivery was refused, found 1"),
        (Restless, "same id and time"),
        (Stubborn, "return within a second"),
        (object, "expected the methods 'run' and 'send'"),
    ],
)
def test_the_check_finds_a_source_that_breaks_an_obligation(make: type[DeviceSource], problem: str) -> None:
    with pytest.raises(AssertionError, match=problem):
        check_source(make, records=2, seconds=0.2)


def test_an_unknown_source_is_answered_with_those_there_are() -> None:
    with pytest.raises(InputError, match=r"one of calendar, ha, .*; found 'mqqt'\. Did you mean 'mqtt'"):
        open_source("mqqt:broker")


def test_the_name_of_a_source_may_be_written_large(tmp_path: Path) -> None:
    assert isinstance(open_source(f"JSONLines:{tmp_path}/Told"), JsonLines)


def test_an_address_of_the_newer_kind_is_written_in_brackets() -> None:
    schemes = {"mqtt": "mqtt://broker"}
    found = parse_address("mqtt://greg:hunter2@[fd00::7]:1883", schemes, ())
    assert (found.host, found.shown) == ("fd00::7", "mqtt://[fd00::7]:1883")
    assert parse_address("mqtt://[::1]", schemes, ()).authority == "[::1]"


def test_a_file_takes_no_commands(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match=r"light\.hall cannot be told to 'turn_on'"):
        JsonLines("events.jsonl").send(Command("maple", "light.hall", "turn_on"))


def test_a_pipe_is_read_again_when_another_writer_comes(tmp_path: Path) -> None:
    pipe, stop = tmp_path / "pipe", threading.Event()
    os.mkfifo(pipe)
    heard: list[str] = []
    came = threading.Semaphore(0)

    def deliver(records: Sequence[Record]) -> None:
        for r in records:
            heard.append(r.id)
            came.release()

    bad: list[BadLine] = []
    thread = threading.Thread(target=JsonLines(str(pipe), bad.append).run, args=(deliver, stop))
    thread.start()
    for id in "ab":
        with pipe.open("wb") as file:
            file.write(line(id) + b"\n{\n")
        assert came.acquire(timeout=10)
    stop.set()
    thread.join(2)
    assert not thread.is_alive()
    assert heard == ["a", "b"]
