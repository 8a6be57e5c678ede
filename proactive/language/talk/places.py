"""Places: where a rule's JSON keeps its times, lengths, limits and counts, so that a follow-up can put others there."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal

from proactive.language.local.predicate import Json

ClockRole = Literal["main", "from", "until", "since"]


@dataclass(frozen=True, slots=True)
class Place:
    """One value in a rule's JSON: what holds it, a mapping or a list, and its key there."""

    holder: Any  # a mapping or a list of JSON
    key: str | int

    @property
    def value(self) -> Any:  # a scalar of JSON
        """Return what stands there."""
        return self.holder[self.key]

    def put(self, value: object) -> None:
        """Put another value there."""
        self.holder[self.key] = value


def leaves(rule: Json) -> list[Json]:
    """Return a rule's conditions below `any`, in order."""
    return list(_leaves(rule["when"]))


def _leaves(condition: Json) -> Iterator[Json]:
    if condition["op"] != "any":
        yield condition
    for inner in condition.get("conditions", ()):
        yield from _leaves(inner)


def guards(rule: Json) -> list[Json]:
    """Return the guards at the ends of the trees of a rule: those of `while`, then the states that must hold."""
    trees = [*rule.get("while", ()), *(leaf["state"] for leaf in leaves(rule) if leaf["op"] == "holds")]
    return [leaf for tree in trees for leaf in _guard_leaves(tree)]


def _guard_leaves(guard: Json) -> Iterator[Json]:
    inner = [guard["not"]] if "not" in guard else guard.get("any", guard.get("all"))
    if inner is None:
        yield guard
    for each in inner or ():
        yield from _guard_leaves(each)


def patterns(rule: Json) -> list[Json]:
    """Return every pattern of a rule, those of its guards last."""
    own = [pattern for leaf in leaves(rule) for key in ("of", "first", "then") for pattern in leaf.get(key, ())]
    return [*own, *(pattern for guard in guards(rule) if "seen" in guard for pattern in guard["seen"]["of"])]


def clocks(rule: Json) -> list[tuple[ClockRole, Place]]:
    """Return the times of day of a rule; `main` are those at which it decides."""
    found: list[tuple[ClockRole, Place]] = []
    for leaf in leaves(rule):
        if "time" in leaf:
            found.append(("main", Place(leaf, "time")))
        if "window" in leaf:
            found += [("main", Place(leaf["window"], "until")), ("from", Place(leaf["window"], "from"))]
    for guard in guards(rule):
        if "between" in guard:
            found += [("from", Place(guard["between"], 0)), ("until", Place(guard["between"], 1))]
        if "since" in guard.get("seen", {}):
            found.append(("since", Place(guard["seen"], "since")))
    return found


_LENGTHS = {"occurs": ("lasting", "after"), "absent": ("duration",), "sequence": ("within",), "holds": ("lasting",), "count": ("within",)}  # fmt: skip


def lengths(rule: Json) -> list[Place]:
    """Return the lengths of a rule: those of its conditions, else those of what was seen, else of its reminders."""
    main = [Place(leaf, key) for leaf in leaves(rule) for key in _LENGTHS.get(leaf["op"], ()) if key in leaf]
    seen = [Place(guard["seen"], "within") for guard in guards(rule) if "within" in guard.get("seen", {})]
    remind = rule.get("notify", {}).get("remind")
    return main or seen or ([Place(remind, "every")] if remind else [])


def amounts(rule: Json) -> list[tuple[str, Place]]:
    """Return the limits of numbers of a rule, each with the source whose number it is."""
    found: list[tuple[str, Place]] = []
    for pattern in patterns(rule):
        tests = [test for test in pattern.get("where", {}).values() if isinstance(test, dict)]
        source = pattern.get("source", "")
        places = [Place(test, key) for test in tests for key in ("ge", "gt", "le", "lt") if key in test]
        found += [(source if isinstance(source, str) else source[0], place) for place in places]
    for guard in guards(rule):
        found += [(guard["state"], Place(guard, key)) for key in ("above", "below") if key in guard]
    return found


def counts(rule: Json) -> list[Place]:
    """Return the numbers of times of a rule."""
    return [Place(leaf, "at_least") for leaf in leaves(rule) if "at_least" in leaf]
