"""Records: the entries of a home's log, one JSON object a line, with CloudEvents 1.0 names.

A record is what a source reported (`detection`, `state`, `event`, `health`), the passing of time (`tick`), or a
change to the rules (`rule.put`, `rule.drop`). Decoding is the hottest code of a replay, so records are msgspec
structs: the shape is checked while the JSON is read, and only what failed is looked at again to say why.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Annotated, Any, Literal, cast, get_args

import msgspec

from rules.problem import InputError, Problem, nearest
from rules.units import FIRST_YEAR, LAST_YEAR

Kind = Literal["detection", "state", "event", "health", "tick", "rule.put", "rule.drop"]
KINDS: tuple[str, ...] = get_args(Kind)
REPORTS = frozenset({"detection", "state", "event", "health"})
MAX_LINE = 1 << 20  # bytes; a rule.put with its history stays far below
BROKEN = (
    msgspec.DecodeError,
    UnicodeDecodeError,
    RecursionError,
)  # what decoding JSON raises; the last: nested too deep


class Record(msgspec.Struct, kw_only=True, omit_defaults=True, gc=False):
    """One entry of the log. `time` is aware; `data` is flat, scalars only, except in `rule.put`."""

    specversion: str = "1.0"
    id: Annotated[str, msgspec.Meta(min_length=1)]
    type: Kind
    time: Annotated[datetime, msgspec.Meta(tz=True)]
    source: str | None = None
    subject: str | None = None
    home: str | None = None
    data: dict[str, Any] = {}


class _Flat(Record, kw_only=True, omit_defaults=True, gc=False):
    data: dict[str, str | int | float | bool | None] = {}


_flat = msgspec.json.Decoder(_Flat)
_nested = msgspec.json.Decoder(Record)
_encoder = msgspec.json.Encoder()


def decode(line: bytes | str) -> Record:
    """Return the record of one JSON line. Raise InputError that says what was expected and found."""
    try:
        record: Record = _flat.decode(line)
    except BROKEN as error:
        record = _decode_rule(line, error)
    if record.home is None or record.source is None or record.type in _NEEDS:
        _check(record)
    if not FIRST_YEAR <= record.time.year <= LAST_YEAR:
        raise InputError([_far(record)])
    return record


def encode(record: Record) -> bytes:
    """Return the record as one JSON line without its line break."""
    return _encoder.encode(record)


def decode_lines(chunk: bytes) -> list[Record]:
    """Return the records of whole JSON lines without nested data; blank lines give nothing. Raise InputError.

    Much faster than `decode` a line at a time. The error does not say which line: go back over them with `decode`.
    """
    try:
        records: list[Record] = list(_flat.decode_lines(chunk))
    except BROKEN as error:
        raise InputError([Problem("not_json", "", f"expected a record on each line: {error}.")]) from error
    for record in records:
        if record.home is None or record.source is None or record.type in _NEEDS:
            _check(record)
        if not FIRST_YEAR <= record.time.year <= LAST_YEAR:
            raise InputError([_far(record)])
    return records


def _decode_rule(line: bytes | str, error: Exception) -> Record:
    """Decode what has nested data, which only `rule.put` may have."""
    try:
        record = _nested.decode(line)
    except msgspec.ValidationError as invalid:
        raise InputError([_explain(line, invalid)]) from error
    except BROKEN as broken:
        raise InputError([Problem("not_json", "", f"expected one JSON object on the line: {broken}.")]) from error
    if record.type != "rule.put":
        raise InputError([Problem("not_flat", "data", "expected scalars only; found an object or a list.")]) from error
    return record


def _explain(line: bytes | str, error: Exception) -> Problem:
    try:
        raw = msgspec.json.decode(line)
    except BROKEN as broken:  # such as a number beyond what JSON readers hold, of which only the place is told above
        return Problem("not_json", "", f"expected one JSON object on the line: {broken}.")
    if not isinstance(raw, dict):
        return Problem("not_an_object", "", f"expected a JSON object, found {type(raw).__name__}.")
    kind = raw.get("type")
    if kind is not None and kind not in KINDS:
        hint = nearest(kind, KINDS) if isinstance(kind, str) else ""
        return Problem("unknown_type", "type", f"expected one of {', '.join(KINDS)}; found {kind!r}.", hint)
    for name in ("id", "type", "time"):
        if name not in raw:
            return Problem("missing", name, "is required and was not given.")
    time = raw["time"]
    if "timezone" in str(error):
        message = f"expected RFC 3339 with an offset, found {time!r}."
        return Problem("naive_time", "time", message, "Add 'Z' or an offset such as '-05:00'.")
    if "$.time" in str(error):
        message = f"expected RFC 3339 with an offset such as '2026-03-09T11:02:03Z', found {time!r}."
        return Problem("bad_time", "time", message)
    return Problem("invalid", "", f"{error}.")


_NEEDS: dict[str, tuple[str, ...]] = {
    "state": ("value",),
    "health": ("status",),
    "rule.put": ("rule",),
    "rule.drop": ("rule",),
}


def _check(record: Record) -> None:
    if record.type in REPORTS and record.source is None:
        raise InputError([Problem("missing", "source", f"a {record.type} record needs its source.")])
    if record.type != "tick" and record.home is None:
        raise InputError([Problem("missing", "home", f"a {record.type} record needs its home.")])
    for name in _NEEDS.get(record.type, ()):
        if name not in record.data:
            raise InputError([Problem("missing", f"data.{name}", f"a {record.type} record needs it.")])


def _far(record: Record) -> Problem:
    message = f"expected a time in the years {FIRST_YEAR} to {LAST_YEAR}, found {record.time.isoformat()!r}."
    return Problem("bad_time", "time", message, "Check the clock of the source.")


def as_json(record: Record) -> dict[str, Any]:
    """Return the record as a plain JSON object."""
    return cast(dict[str, Any], msgspec.to_builtins(record))


def from_json(value: dict[str, Any]) -> Record:
    """Return the record of a plain JSON object. Raise InputError."""
    return decode(_encoder.encode(value))


def history(records: Iterable[dict[str, Any]]) -> list[Record]:
    """Return the earlier records that a `rule.put` carries in `data.history`. Raise InputError."""
    if not isinstance(records, list | tuple):
        message = f"expected a list of records, found {type(records).__name__}."
        raise InputError([Problem("not_a_list", "data.history", message)])
    return [from_json(record) for record in records]
