"""Problems: what is wrong with something a person wrote, and the way out.

A person's mistake is a value, not an exception: it can be shown, sent to a model for repair, or turned into a
question. `InputError` carries problems across a border where nothing can go on without the thing that is wrong.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from difflib import get_close_matches
from typing import Any

from pydantic import ValidationError


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong: a stable `code`, `where` it is, a `message` and a `hint` at what to do.

    `where` is a path such as `when.of[0].source` or `rules.jsonl:12`; `message` says what was expected and found.
    """

    code: str
    where: str
    message: str
    hint: str = ""

    def __str__(self) -> str:
        text = f"{self.where}: {self.message}" if self.where else self.message
        return f"{text} {self.hint}".rstrip()

    def as_json(self) -> dict[str, str]:
        """Return the problem as a flat JSON object."""
        return asdict(self)


class InputError(ValueError):
    """Say that an input cannot be used, and why: one or more problems."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(map(str, self.problems)))


def nearest(name: str, known: Iterable[str]) -> str:
    """Return a hint that names the known name closest to `name`, or an empty text."""
    close = get_close_matches(name, list(known), n=1, cutoff=0.6)
    return f"Did you mean {close[0]!r}?" if close else ""


def problems_of(error: ValidationError, where: str = "", given: Any = None) -> list[Problem]:
    """Return one problem for each thing that pydantic found wrong, with its path in `given` below `where`."""
    return [_problem(detail, where, given) for detail in error.errors(include_url=False)]


def _problem(detail: Any, where: str, given: Any) -> Problem:
    path = _path(detail["loc"], given)
    place = f"{where}: {path}" if where and path else where or path
    if detail["type"] == "missing":
        return Problem("missing", place, "is required and was not given.")
    if detail["type"] == "extra_forbidden":
        return Problem("unknown_key", place, "is not a known key.", "Remove it or check its spelling.")
    message = detail["msg"].removeprefix("Value error, ").rstrip(".") + "."
    found = detail.get("input")
    if not isinstance(found, dict | list) and repr(found) not in message:
        message += f" Found {found!r}."
    return Problem("invalid", place, message)


def _path(loc: tuple[str | int, ...], given: Any) -> str:
    """Return the path as the person wrote it: pydantic adds the tags of unions, which stand nowhere in the input."""
    text, at = "", given
    for position, part in enumerate(loc):
        if isinstance(part, int):
            text += f"[{part}]"
            at = at[part] if isinstance(at, list | tuple) and part < len(at) else None
        elif given is None or not _is_tag(loc[position:], at):
            text += f".{part}" if text else part
            at = at.get(part) if isinstance(at, dict) else None
    return text


def _is_tag(rest: tuple[str | int, ...], at: Any) -> bool:
    """Tell whether the first part of a path is no key of the value it is in, or one whose next part is beside it."""
    if not isinstance(at, dict):
        return True
    part, *following = rest
    if not following:
        return False
    inside = at.get(part)
    return part not in at or (following[0] in at and not (isinstance(inside, dict | list) and inside))
