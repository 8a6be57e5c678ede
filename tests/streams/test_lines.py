"""Laws of reading JSON lines: bad input is named, counted and kept, and stops nothing else."""

from __future__ import annotations

import gzip
import json
import os
import threading
import tracemalloc
from pathlib import Path

import pytest

from rules.problem import InputError
from rules.record import MAX_LINE, encode
from streams.dead_letters import DeadLetters
from streams.lines import BadLine, read_lines
from tests.streams.logs import line, record


def read(path: Path, homes: set[str] | None = None) -> tuple[list[str], list[BadLine]]:
    bad: list[BadLine] = []
    return [r.id for batch in read_lines(path, bad.append, homes) for r in batch], bad


def write(path: Path, *lines: bytes) -> Path:
    path.write_bytes(b"\n".join(lines) + b"\n")
    return path


BROKEN = {
    "not_json": b'{"id": "x", "type":',
    "not_json, invalid UTF-8": line("x").replace(b"cam", b"c\xffm"),
    "not_an_object": b"[1, 2]",
    "missing time": b'{"id":"x","type":"event","source":"s","home":"maple"}',
    "missing id": b'{"time":"2026-03-09T11:02:03Z","type":"event","source":"s","home":"maple"}',
    "missing home": b'{"id":"x","time":"2026-03-09T11:02:03Z","type":"event","source":"s"}',
    "missing source": b'{"id":"x","time":"2026-03-09T11:02:03Z","type":"event","home":"maple"}',
    "missing data.value": b'{"id":"x","time":"2026-03-09T11:02:03Z","type":"state","source":"s","home":"maple"}',
    "naive_time": line("x").replace(b"Z", b""),
    "bad_time": line("x").replace(b"2026-03-09T", b"yesterday "),
    "unknown_type": line("x").replace(b'"detection"', b'"detecton"'),
    "unknown_home": line("x").replace(b"maple", b"mapel"),
    "not_flat": line("x").replace(b'"dog"', b'["dog"]'),
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_bad_line_is_named_and_does_not_stop_the_rest(name: str, tmp_path: Path) -> None:
    path = write(tmp_path / "log.jsonl", line("a"), BROKEN[name], line("b"))
    ids, bad = read(path, {"maple"})
    assert ids == ["a", "b"]
    assert [(b.line, b.raw) for b in bad] == [(2, BROKEN[name])]
    assert bad[0].problem.code == name.split(maxsplit=1)[0].rstrip(",")
    assert str(bad[0]).startswith(f"{path}:2: ")


def test_a_line_that_is_too_long_is_skipped_without_being_held_in_memory(tmp_path: Path) -> None:
    path = tmp_path / "log.jsonl"
    with path.open("wb") as file:
        file.write(line("a") + b"\n" + b'{"id":"')
        for _ in range(40):
            file.write(b"x" * MAX_LINE)
        file.write(b'"}\n' + line("b") + b"\n")
    tracemalloc.start()
    ids, bad = read(path)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert ids == ["a", "b"]
    assert [(b.line, b.problem.code) for b in bad] == [(2, "too_long")]
    assert len(bad[0].raw) < MAX_LINE
    assert peak < 8 * MAX_LINE


@pytest.mark.parametrize("extra", [-1, 0, 1, 7])
def test_a_line_is_too_long_from_one_byte_over_the_limit_on(extra: int, tmp_path: Path) -> None:
    short = line("a")
    long = short.replace(b'"dog"', b'"' + b"d" * (MAX_LINE + extra - len(short) + 3) + b'"')
    assert len(long) == MAX_LINE + extra
    ids, bad = read(write(tmp_path / "log.jsonl", line("z"), long, line("b")))
    assert ids == (["z", "a", "b"] if extra <= 0 else ["z", "b"])
    assert [b.line for b in bad] == ([] if extra <= 0 else [2])


def test_a_file_without_a_last_line_break_with_blank_lines_and_carriage_returns_is_read_whole(tmp_path: Path) -> None:
    path = tmp_path / "log.jsonl"
    path.write_bytes(b"\xef\xbb\xbf" + line("a") + b"\r\n\r\n  \n" + line("b") + b"\n{\n" + line("c"))
    ids, bad = read(path)
    assert ids == ["a", "b", "c"]
    assert [b.line for b in bad] == [5]


def test_a_gzip_is_unpacked_whatever_its_name(tmp_path: Path) -> None:
    path = tmp_path / "log"
    path.write_bytes(gzip.compress(line("a") + b"\n" + line("b") + b"\n"))
    assert read(path) == (["a", "b"], [])


def test_what_comes_before_the_break_in_a_broken_gzip_is_used(tmp_path: Path) -> None:
    path = tmp_path / "log.gz"
    lines = b"".join(encode(record(os.urandom(8).hex())) + b"\n" for _ in range(20_000))
    whole = gzip.compress(lines)
    path.write_bytes(whole[: len(whole) // 2])
    ids, bad = read(path)
    assert len(ids) > 1000
    assert [b.problem.code for b in bad] == ["broken_file", "not_json"]


def test_a_file_that_cannot_be_opened_is_an_input_error(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"nowhere\.jsonl: cannot be read: No such file"):
        read(tmp_path / "nowhere.jsonl")
    with pytest.raises(InputError, match="cannot be read: Is a directory"):
        read(tmp_path)


def test_a_record_in_a_pipe_is_read_before_the_pipe_is_closed(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    seen, go = threading.Event(), threading.Event()

    def feed() -> None:
        with pipe.open("wb", buffering=0) as file:
            file.write(line("a") + b"\n")
            seen.wait(10)
            file.write(line("b") + b"\n")
            go.set()

    feeder = threading.Thread(target=feed)
    feeder.start()
    ids = []
    for batch in read_lines(pipe, print):
        ids += [r.id for r in batch]
        seen.set()
    feeder.join()
    assert go.is_set()
    assert ids == ["a", "b"]


def test_line_numbers_hold_over_many_blocks(tmp_path: Path) -> None:
    lines = [line(f"r-{number}") for number in range(20_000)]
    for number in (7, 9_999, 19_998):
        lines[number] = b"{"
    ids, bad = read(write(tmp_path / "log.jsonl", *lines))
    assert len(ids) == 19_997
    assert [b.line for b in bad] == [8, 10_000, 19_999]


def test_dead_letters_keep_every_line_byte_for_byte_and_show_only_the_first(tmp_path: Path) -> None:
    shown: list[str] = []
    raw = line("x").replace(b"cam", b"c\xffm")
    path = write(tmp_path / "log.jsonl", *[raw] * 30)
    with DeadLetters(tmp_path / "dead.jsonl", shown.append) as letters:
        assert list(read_lines(path, letters)) == []
    kept = [json.loads(text) for text in (tmp_path / "dead.jsonl").read_text().splitlines()]
    assert [letter["raw"].encode("utf-8", "surrogateescape") for letter in kept] == [raw] * 30
    assert [letter["line"] for letter in kept] == list(range(1, 31))
    assert len(shown) == 11
    assert shown[-1] == f"30 lines were not used and kept in {tmp_path / 'dead.jsonl'}."


def test_when_nothing_is_wrong_no_dead_letters_are_written(tmp_path: Path) -> None:
    shown: list[str] = []
    with DeadLetters(tmp_path / "dead.jsonl", shown.append) as letters:
        list(read_lines(write(tmp_path / "log.jsonl", line("a")), letters))
    assert shown == []
    assert not (tmp_path / "dead.jsonl").exists()
