"""Rules from a file of JSON lines: all of them, or every problem with its file and line.

Rules stay the JSON lines they are, the least that can be held of hundreds of thousands. Many homes have the same rules
under other names, so what a rule says is checked once, and its id and home each time.
"""

from __future__ import annotations

from collections.abc import Collection
from functools import lru_cache
from pathlib import Path
from typing import Any

import msgspec
from pydantic import ValidationError

from rules.problem import InputError, Problem, nearest
from rules.record import BROKEN
from rules.rule import Rule, parse_rule
from streams.lines import open_lines

_BOM = b"\xef\xbb\xbf"
MOST = 100  # problems shown at once: a file of the wrong kind has one on each line


Json = dict[str, Any]


def load_rules(path: str | Path, homes: Collection[str]) -> list[bytes]:
    """Return the rules of a file as JSON lines, in order. Raise InputError that names the file and line of every problem."""
    loader = _Loader(str(path), frozenset(homes))
    with open_lines(path) as stream:
        try:
            rules = [rule for number, line in enumerate(stream, 1) for rule in loader.rules(number, line)]
        except (OSError, EOFError) as error:
            raise InputError([Problem("unreadable", str(path), f"cannot be read: {error}.")]) from error
    if loader.problems:
        raise InputError(_first(loader.problems))
    return rules


class _Loader:
    def __init__(self, file: str, homes: frozenset[str]) -> None:
        self.file, self.homes = file, homes
        self.problems: list[Problem] = []
        self._lines: dict[tuple[str, str], int] = {}

    def rules(self, number: int, line: bytes) -> list[bytes]:
        """Return the rule of the line; none when it is blank or something is wrong with it."""
        line = line.removeprefix(_BOM) if number == 1 else line
        if not line.strip():
            return []
        try:
            rule = _rule(line, f"{self.file}:{number}")
        except InputError as error:
            self.problems += error.problems
            return []
        if (problem := self._misplaced(rule, number)) is not None:
            self.problems.append(problem)
            return []
        return [line]

    def _misplaced(self, rule: Json, number: int) -> Problem | None:
        home, id = rule["home"], rule["id"]
        if home not in self.homes:
            message = f"expected a home that was given, found {home!r}."
            hint = nearest(home, self.homes) or "Give its file with --home."
            return Problem("unknown_home", f"{self.file}:{number}: home", message, hint)
        before = self._lines.setdefault((home, id), number)
        if before != number:
            message = f"rule {id!r} of home {home!r} is on line {before} too."
            return Problem("rule_twice", f"{self.file}:{number}", message, "Remove one, or give it another id.")
        return None


def _rule(line: bytes, where: str) -> Json:
    raw = _decoded(line, where)
    if not isinstance(raw, dict) or not (_is_name(raw.get("id")) and _is_name(raw.get("home"))):
        parse_rule(raw, where)
        raise AssertionError(f"{where}: a rule without id and home was taken for sound")
    said = {key: value for key, value in raw.items() if key not in ("id", "home")}
    try:
        _check(msgspec.msgpack.encode(said))
    except (ValidationError, OverflowError):  # the latter: a number too long to be packed, which is no rule either
        parse_rule(raw, where)
    return raw


def _is_name(value: object) -> bool:
    return isinstance(value, str) and value != ""


@lru_cache(maxsize=16_384)
def _check(said: bytes) -> None:
    """Raise ValidationError unless this, with an id and a home, is a rule."""
    Rule.model_validate({"id": "any", "home": "any", **msgspec.msgpack.decode(said)})


def _decoded(line: bytes, where: str) -> object:
    try:
        return msgspec.json.decode(line)
    except BROKEN as error:
        message = f"expected one rule as a JSON object on the line: {error}."
        raise InputError([Problem("not_json", where, message)]) from error


def _first(problems: list[Problem]) -> list[Problem]:
    if len(problems) <= MOST:
        return problems
    return [*problems[:MOST], Problem("more", "", f"and {len(problems) - MOST:,} more.")]
