"""What stopped a rule: which of its guards did not hold, and what they looked at. Worked out for a trace only."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import msgspec

from rules.guard import Seen, Test, Tracks, View, compile_guard
from rules.rule import (
    BetweenGuard,
    DaysGuard,
    Decides,
    HomeGuard,
    SeenGuard,
    StateGuard,
    SunGuard,
    guard_leaves,
)

Json = dict[str, Any]  # the detail of a trace, ready for JSON
Leaf = StateGuard | HomeGuard | SeenGuard | BetweenGuard | DaysGuard | SunGuard


def stopped_by(spec: bytes, view: View, tracks: Tracks, time: int) -> list[Json]:
    """Return each guard of a plan's `spec` that does not hold, as `{"guard", "holds", "leaves"}`.

    `guard` is its index in `while`; `holds` is False, or None where that cannot be known. `leaves` are the guards at
    its ends in the order of `rules.rule.guard_leaves`, each with `holds` and what it looked at: `reported`, the last
    value of a state; `home`, the people who were; `unheard`, the sources that never reported.
    """
    found = []
    for index, (test, leaves) in enumerate(_compiled(spec)):
        holds = test(view, tracks, time)
        if holds is not True:
            ends = [{"holds": inner(view, tracks, time)} | _looked_at(leaf, view) for leaf, inner in leaves]
            found.append({"guard": index, "holds": holds, "leaves": ends})
    return found


@lru_cache(maxsize=1024)
def _compiled(spec: bytes) -> tuple[tuple[Test, tuple[tuple[Leaf, Test], ...]], ...]:
    """Return the test of each guard and of its leaves; both number the `seen` guards in the same order."""
    seen: list[Seen] = []
    seen_at_ends: list[Seen] = []
    guards = Decides.model_validate(msgspec.msgpack.decode(spec)).guards
    return tuple(
        (compile_guard(guard, seen), tuple((leaf, compile_guard(leaf, seen_at_ends)) for leaf in guard_leaves(guard)))
        for guard in guards
    )


def _looked_at(leaf: Leaf, view: View) -> Json:
    match leaf:
        case StateGuard():
            found = view.value_of(leaf.state, leaf.attribute)
            return {"unheard": [leaf.state]} if found is None else {"reported": found[0]}
        case HomeGuard():
            people = view.people if leaf.home in ("nobody", "anyone") else (leaf.home,)
            return _people(people, view)
        case _:
            return {}


def _people(people: tuple[str, ...], view: View) -> Json:
    reports = {person: view.value_of(person, None) for person in people}
    return {
        "home": [person for person, report in reports.items() if report is not None and report[0] == "home"],
        "unheard": [person for person, report in reports.items() if report is None],
    }
