"""Guards that stopped a rule, in the past: `somebody was home (Greg)`, `I never heard from the front door`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from rules.home import Home, Person
from rules.rule import Guard, SunGuard, guard_leaves
from rules.words.guards import holding
from rules.words.names import called, plain
from rules.words.times import joined

Json = dict[str, Any]


def stopped(found: Sequence[Json], guards: Sequence[Guard], home: Home) -> str:
    """Return why the guards in a trace's `guards` (`rules.stopped`) did not hold, joined with `and`."""
    said = [_guard(one, guards[one["guard"]], home) for one in found if one["guard"] < len(guards)]
    return joined(said) if said else "one of its guards did not hold"


def _guard(found: Json, guard: Guard, home: Home) -> str:
    if found["holds"] is False:
        return holding(guard, home, negated=True, past=True) + _who(found["leaves"], home)
    unknown = list(dict.fromkeys(_unknown(found["leaves"], guard, home)))
    return joined(unknown) if unknown else f"I could not know whether {holding(guard, home, past=True)}"


def _who(leaves: Sequence[Json], home: Home) -> str:
    """Return who was home in brackets, where one guard asked for anybody."""
    if len(leaves) != 1 or not leaves[0].get("home") or "unheard" not in leaves[0]:
        return ""
    return f" ({joined(called(person, home) for person in leaves[0]['home'])})"


def _unknown(leaves: Sequence[Json], guard: Guard, home: Home) -> Iterator[str]:
    """Yield why each leaf that cannot be known cannot be."""
    for leaf, of in zip(leaves, guard_leaves(guard), strict=False):
        if leaf["holds"] is not None:
            continue
        for source in leaf.get("unheard", ()):
            yield _unheard(source, home)
        if "reported" in leaf:
            about = called(getattr(of, "state", ""), home)
            yield f"{about} reported {plain(leaf['reported'])}, which is no number"
        if isinstance(of, SunGuard):
            yield "I don't know where the home is, so not whether the sun was up"


def _unheard(source: str, home: Home) -> str:
    if isinstance(home.by_id.get(source), Person):
        return f"I never heard whether {called(source, home)} was home"
    return f"I never heard from {called(source, home)}"
