"""The account: after a rule is made, every time that was said must stand in it, in a place that its preposition allows.

"By noon" may be where a window ends or a check happens, and never where it begins; "since six" is where evidence
begins; "within two minutes" is the span of a sequence or a count. A time that stands nowhere, or in the wrong place,
means that the sentence was read wrongly, whatever the steps before made of it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from proactive.language.local.clause import Preposition, Timed
from proactive.language.local.clock import Clock, Length
from proactive.language.local.detour import cannot
from proactive.language.local.predicate import Json

_ANY_CLOCK = frozenset({"from", "until", "time", "since", "start", "end"})
_ROLES: dict[Preposition, frozenset[str]] = {
    "by": frozenset({"until", "time", "end"}),
    "before": frozenset({"until", "time", "end", "offset"}),
    "until": frozenset({"until", "end"}),
    "at": frozenset({"time", "until"}),
    "after": frozenset({"from", "start", "time", "after", "lasting"}),
    "from": frozenset({"from", "start", "time"}),
    "since": frozenset({"since", "from"}),
    "between": frozenset({"from", "start", "time"}),
    "for": frozenset({"lasting", "duration", "seen", "count"}),
    "within": frozenset({"within", "count", "duration", "seen"}),
    "in": frozenset({"within", "count", "duration", "seen"}),
    "last": frozenset({"duration", "seen", "count"}),
    "every": frozenset({"every", "count"}),
    "next": frozenset({"expires"}),
    "": _ANY_CLOCK | {"lasting", "duration", "within", "count", "seen", "after"},
}  # fmt: skip


def account_for(timed: Sequence[Timed], when: Json, guards: Sequence[Json], within: str | None = None) -> None:
    """Raise a detour unless each time stands in the condition or a guard, in a place its preposition allows.

    `within` is the length in which something had to happen: "is not closed after two minutes" is within two minutes.
    """
    places = set(_places(when)) | {place for one in guards for place in _guard_places(one)}
    places |= {(role, within) for role in ("within", "after", "lasting")} if within else set()
    for said in timed:
        values = _values(said)
        if values and not any((role, value) in places for role in _ROLES[said.preposition] for value in values):
            spoken = " or ".join(values)
            message = f"I did not understand what {spoken} is for in this, so I made no rule."
            raise cannot("time_unused", message, "Say it in other words.")


def _values(said: Timed) -> tuple[str, ...]:
    if isinstance(said.value, Clock):
        return said.value.times
    assert isinstance(said.value, Length)
    return (said.value.duration,) if said.value.duration else ()


def _places(when: Json) -> Iterator[tuple[str, str]]:
    """Yield where each time of a condition stands: `("until", "12:00")`, `("lasting", "10m")`."""
    for one in when.get("conditions", ()):
        yield from _places(one)
    window = when.get("window", {})
    for role, value in (*window.items(), *when.items()):
        if role in ("from", "until", "time", "lasting", "duration", "after", "within", "offset") and isinstance(
            value, str
        ):
            yield ("count" if role == "within" and when["op"] == "count" else role), value.lstrip("-")


def _guard_places(guard: Json) -> Iterator[tuple[str, str]]:
    match guard:
        case {"between": [start, end]}:
            yield from (("start", start), ("end", end))
        case {"seen": {"since": since}}:
            yield "since", since
        case {"seen": {"within": within}}:
            yield "seen", within
        case {"not": inner}:
            yield from _guard_places(inner)
        case {"any": inner} | {"all": inner}:
            for one in inner:
                yield from _guard_places(one)
