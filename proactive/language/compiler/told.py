"""Told: what a rule says, as sets that words can be held against."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from rules.home import Home
from rules.rule import Rule


@dataclass(frozen=True, slots=True)
class Told:
    """What a rule watches, tests and does: its `pairs` of keys and scalars, its `keys`, `ids` of the home, `ops`, and `scalars`.

    Of what it tests, truth values are apart in `flags`, since in Python 1 is True.
    """

    rule: Rule
    pairs: tuple[tuple[str, Any], ...]
    keys: frozenset[str]
    ids: frozenset[str]
    ops: frozenset[str]
    scalars: frozenset[Any]
    flags: frozenset[bool]

    @property
    def tested(self) -> Iterator[tuple[str, Any]]:
        """Yield the pairs of what is watched for, without what is done."""
        value = self.rule.as_json()
        return _walk({key: value[key] for key in ("when", "while") if key in value})

    @property
    def recipients(self) -> set[str]:
        """Return who is told."""
        return set(self.rule.notify.to) if self.rule.notify is not None else set()

    @property
    def denies(self) -> bool:
        """Say whether a rule is about what is not so or does not happen; "not below" is how "at least" is written."""
        negated = bool(self.keys & {"missing", "is_not"}) or ("not" in self.keys and "below" not in self.keys)
        return negated or "absent" in self.ops or "nobody" in self.scalars

    @property
    def numbers(self) -> set[float]:
        """Return every number of the rule."""
        return {float(item) for item in self.scalars if isinstance(item, int | float)}


def told_by(rule: Rule, home: Home) -> Told:
    """Return what a rule says."""
    value = rule.as_json()
    said = {key: value[key] for key in ("when", "while", "do") if key in value}
    pairs = tuple(_walk(said))
    scalars = frozenset(item for _, item in pairs if not isinstance(item, bool))
    return Told(
        rule=rule,
        pairs=pairs,
        keys=frozenset((*(key for key, _ in pairs), *_keys(said))),
        ids=frozenset(item for item in scalars if isinstance(item, str) and item in home.by_id),
        ops=frozenset(item for key, item in pairs if key == "op"),
        scalars=scalars,
        flags=frozenset(item for _, item in pairs if isinstance(item, bool)),
    )


def _walk(value: Any, key: str = "") -> Iterator[tuple[str, Any]]:
    if isinstance(value, dict):
        for name, inner in value.items():
            yield from _walk(inner, name)
    elif isinstance(value, list | tuple):
        for inner in value:
            yield from _walk(inner, key)
    else:
        yield key, value


def _keys(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        for name, inner in value.items():
            yield name
            yield from _keys(inner)
    elif isinstance(value, list | tuple):
        for inner in value:
            yield from _keys(inner)
