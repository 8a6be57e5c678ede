"""Retelling: a rule that is changed goes on to say what is so. What it tells names a time or a length as its condition does."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from rules.rule import Rule
from rules.words.times import clock, duration

_CLOCK = re.compile(r"\d\d:\d\d(:\d\d)?")
_LENGTH = re.compile(r"(\d+[smhd])+")


def retold(old: Rule, new: Rule) -> Rule:
    """Return a new version whose message names the new times and lengths where it named the old ones.

    A message that was changed as well is what somebody wants to be told, and stays.
    """
    if old.notify is None or new.notify is None or old.notify.message != new.notify.message:
        return new
    message = reworded(new.notify.message, dict(_renamed(old.as_json()["when"], new.as_json()["when"])))
    return new.model_copy(update={"notify": new.notify.model_copy(update={"message": message})})


def reworded(text: str, names: Mapping[str, str]) -> str:
    """Return a text with other names in the place of some, whole words only: `by 1 pm` for `by noon`.

    All at once: where noon becomes 1 pm and 1 pm becomes 2 pm, what was noon is 1 pm.
    """
    new = {before.lower(): after for before, after in names.items()}
    if not new:
        return text
    any_of = "|".join(re.escape(before) for before in sorted(new, key=len, reverse=True))
    return re.sub(rf"(?<!\w)(?:{any_of})(?!\w)", lambda found: new[found[0].lower()], text, flags=re.IGNORECASE)


def _renamed(old: object, new: object) -> Iterator[tuple[str, str]]:
    """Yield the times and lengths that differ between two conditions of one form, in words."""
    if isinstance(old, dict) and isinstance(new, dict):
        for key in old.keys() & new.keys():
            yield from _renamed(old[key], new[key])
    elif isinstance(old, list) and isinstance(new, list) and len(old) == len(new):
        for one, other in zip(old, new, strict=True):
            yield from _renamed(one, other)
    elif isinstance(old, str) and isinstance(new, str) and old != new:
        for kind, words in ((_CLOCK, clock), (_LENGTH, duration)):
            if kind.fullmatch(old) and kind.fullmatch(new):
                yield words(old), words(new)
