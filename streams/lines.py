"""JSON lines in, records out: in bounded memory, and no bad line stops the rest.

A file is read in blocks and decoded a block at a time. Only a block in which something is wrong is gone over again a
line at a time, to say which line it is and why. What is wrong becomes a `BadLine`, handed to the caller; a line
longer than `MAX_LINE` is never held in memory as a whole.
"""

from __future__ import annotations

import gzip
import sys
import zlib
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Protocol, cast

from typing_extensions import override

from rules.problem import InputError, Problem, nearest
from rules.record import MAX_LINE, Record, decode, decode_lines
from streams.changes import read_put

BLOCK = 1 << 20
KEPT = 1 << 16  # bytes that are kept of a line that is too long
STDIN = "-"
_GZIP = b"\x1f\x8b"
_BOM = b"\xef\xbb\xbf"


@dataclass(frozen=True, slots=True)
class BadLine:
    """A line that is no record of this log: where it stands (`line` counts from 1), what is wrong, and the line."""

    file: str
    line: int
    problem: Problem
    raw: bytes

    @override
    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.problem}"


Report = Callable[[BadLine], None]


class _Readable(Protocol):
    def read1(self, size: int = ..., /) -> bytes: ...


def read_lines(path: str | Path, report: Report, homes: Collection[str] | None = None) -> Iterator[list[Record]]:
    """Yield the records of a file (plain or gzip; `-` is the standard input), some at a time, in order.

    A pipe's records are yielded as they come. `report` gets each bad line; so does a record of a home that is not
    one of `homes` (None: any home). Raise InputError for a file that cannot be read at all.
    """
    with open_lines(path) as stream:
        reader = _Reader(str(path), report, homes)
        for chunk in _chunks(cast(_Readable, stream), reader):
            if records := reader.records(chunk):
                yield records


def open_lines(path: str | Path) -> BinaryIO:
    """Return the file opened for reading, unpacked where it is gzip. Raise InputError when it cannot be opened."""
    if str(path) == STDIN:
        return cast(BinaryIO, open(sys.stdin.fileno(), "rb", closefd=False))
    try:
        stream = Path(path).open("rb")  # noqa: SIM115  the caller closes it
        packed = stream.peek(2)[:2] == _GZIP
    except OSError as error:
        problem = Problem("unreadable", str(path), f"cannot be read: {error.strerror}.", "Check the path.")
        raise InputError([problem]) from error
    return cast(BinaryIO, gzip.GzipFile(fileobj=stream)) if packed else stream


@dataclass(frozen=True, slots=True)
class _Chunk:
    """Whole lines that start at line `number`, or with `cut` the head of a line that is too long."""

    number: int
    data: bytes
    cut: bool = False


def _chunks(stream: _Readable, reader: _Reader) -> Iterator[_Chunk]:
    number, rest, skipping = 1, b"", False
    for block in _blocks(stream, reader):
        end = block.rfind(b"\n") + 1
        if skipping:
            start = block.find(b"\n") + 1
            if not start:
                continue
            number, skipping, block, end = number + 1, False, block[start:], end - start
        if end:
            data, rest = rest + block[:end], block[end:]
            yield _Chunk(number, data)
            number += data.count(b"\n")
            reader.number = number
        else:
            rest += block
        if len(rest) > MAX_LINE:
            yield _Chunk(number, rest[:KEPT], cut=True)
            rest, skipping = b"", True
    if rest:
        yield _Chunk(number, rest)


def _blocks(stream: _Readable, reader: _Reader) -> Iterator[bytes]:
    """Yield the blocks of a stream; where a gzip is broken or a disk fails, report it and end there."""
    try:
        while block := stream.read1(BLOCK):
            yield block
    except (OSError, EOFError, zlib.error) as error:
        message = f"the file cannot be read from about here on: {error}."
        reader.bad(
            reader.number, Problem("broken_file", "", message, "Fetch it again; what came before was used."), b""
        )


def _count_lines(data: bytes) -> int:
    return data.count(b"\n") + (not data.endswith(b"\n"))


class _Reader:
    """Decodes the chunks of one file."""

    def __init__(self, file: str, report: Report, homes: Collection[str] | None) -> None:
        self.file, self.report, self.number = file, report, 1
        self.homes = None if homes is None else frozenset(homes) | {None}

    def records(self, chunk: _Chunk) -> list[Record]:
        if chunk.cut:
            self._too_long(chunk.number, chunk.data)
            return []
        if chunk.data.find(b"\n") <= MAX_LINE:
            # Two records on one line, or one on two, would be taken here: as many lines as records go the quick way.
            try:
                records = decode_lines(chunk.data)
            except InputError:
                return self._one_by_one(chunk)
            if len(records) == _count_lines(chunk.data) and self._are_sound(records):
                return records
        return self._one_by_one(chunk)

    def _are_sound(self, records: list[Record]) -> bool:
        """Tell whether nothing but the shape of the records is left to check: no rule (they are nested) is among them."""
        homes = self.homes is None or self.homes.issuperset({record.home for record in records})
        return homes and not any(record.type == "rule.put" for record in records)

    def _one_by_one(self, chunk: _Chunk) -> list[Record]:
        lines = enumerate(chunk.data.split(b"\n"), chunk.number)
        return [record for number, line in lines if (record := self._record(number, line)) is not None]

    def _record(self, number: int, line: bytes) -> Record | None:
        text = (line.removeprefix(_BOM) if number == 1 else line).strip()
        if not text:
            return None
        if len(text) > MAX_LINE:
            self._too_long(number, text[:KEPT])
            return None
        try:
            record = decode(text)
            if record.type == "rule.put":
                read_put(record)
        except InputError as error:
            self.bad(number, error.problems[0], text)
            return None
        return record if self._is_known(record, number, text) else None

    def _is_known(self, record: Record, number: int, text: bytes) -> bool:
        if self.homes is None or record.home in self.homes:
            return True
        hint = nearest(record.home or "", [home for home in self.homes if home])
        message = f"expected a home that was given, found {record.home!r}."
        self.bad(number, Problem("unknown_home", "home", message, hint or "Give its file with --home."), text)
        return False

    def _too_long(self, number: int, head: bytes) -> None:
        message = f"expected at most {MAX_LINE:,} bytes on a line; only its first {len(head):,} are kept."
        self.bad(number, Problem("too_long", "", message), head)

    def bad(self, number: int, problem: Problem, raw: bytes) -> None:
        self.report(BadLine(self.file, number, problem, raw))
