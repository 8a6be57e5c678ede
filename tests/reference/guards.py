"""Guards, with three values: True, False and None for "cannot be known"."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime

from tests.reference.patterns import any_matches, as_list, is_number, same, watched
from tests.reference.timeline import Place, Spot, Timeline
from tests.reference.units import DAY, WEEKDAYS, Json, clock, instant, length
from tests.reference.wall import instant_of, reading, sun_is_up

Truth = bool | None


@dataclass(frozen=True)
class View:
    """What a guard may look at: an instant, the records before a place, and what the rule itself remembers.

    `memory` tells what a `seen` guard has been given: since the put that brought the guard, and the history of that put.
    `judged` is the id of the event being judged, which `seen` does not count. Where that came `late`, what is known
    now counts: the state as it is, and what has been seen since.
    """

    line: Timeline
    at: datetime
    before: Place
    memory: Callable[[Json], list[Json]]
    judged: str | None = None
    late: bool = False


def none_of(values: Iterable[Truth]) -> Truth:
    """Return the three-valued "none is true"."""
    return negation(any_of(values))


def negation(value: Truth) -> Truth:
    """Return the three-valued not."""
    return None if value is None else not value


def any_of(values: Iterable[Truth]) -> Truth:
    """Return the three-valued or."""
    found = list(values)
    return True if True in found else None if None in found else False


def all_of(values: Iterable[Truth]) -> Truth:
    """Return the three-valued and."""
    return negation(any_of(negation(value) for value in values))


def truth(guard: Json, view: View) -> Truth:
    """Return the value of a guard."""
    if "not" in guard:
        return negation(truth(guard["not"], view))
    if "any" in guard:
        return any_of(truth(inner, view) for inner in guard["any"])
    if "all" in guard:
        return all_of(truth(inner, view) for inner in guard["all"])
    if "state" in guard:
        return _state(guard, view)
    if "home" in guard:
        return _home(guard["home"], view)
    return _of_time(guard, view)


def _of_time(guard: Json, view: View) -> Truth:
    wall = reading(view.line.home, view.at)
    if "seen" in guard:
        return _seen(guard["seen"], view)
    if "between" in guard:
        return _between(guard["between"], view)
    if "days" in guard:
        return WEEKDAYS[wall.weekday()] in guard["days"]
    up = sun_is_up(view.line.home, view.at)
    return up if guard["sun"] == "up" else negation(up)


def _state(guard: Json, view: View) -> Truth:
    report = view.line.last_report(guard["state"], guard.get("attribute"), view.before)
    if report is None:
        return None
    value = report.data.get("value")
    found: list[Truth] = []
    if "is" in guard:
        found.append(any(same(value, one) for one in as_list(guard["is"])))
    if "is_not" in guard:
        found.append(not any(same(value, one) for one in as_list(guard["is_not"])))
    if "above" in guard:
        found.append(value > guard["above"] if is_number(value) else None)
    if "below" in guard:
        found.append(value < guard["below"] if is_number(value) else None)
    return all_of(found)


def _home(who: str, view: View) -> Truth:
    if who == "nobody":
        return none_of(_is_home(person["id"], view) for person in view.line.home.get("people", ()))
    if who == "anyone":
        return any_of(_is_home(person["id"], view) for person in view.line.home.get("people", ()))
    return _is_home(who, view)


def _is_home(person: str, view: View) -> Truth:
    report = view.line.last_report(person, None, view.before)
    return None if report is None else same(report.data.get("value"), "home")


def _seen(seen: Json, view: View) -> bool:
    return any(
        record["id"] != view.judged
        and _recent(seen, view, instant(record["time"]))
        and any_matches(view.line.home, seen["of"], record)
        for record in view.memory(seen)
    )


def _recent(seen: Json, view: View, time: datetime) -> bool:
    if time > view.at and not view.late:
        return False
    if seen.get("within"):
        return view.at - length(seen["within"]) < time
    today = reading(view.line.home, view.at).date()
    starts = [instant_of(view.line.home, today + n * DAY, clock(seen["since"])) for n in (-2, -1, 0, 1)]
    return max(start for start in starts if start <= view.at) <= time


def _between(bounds: list[str], view: View) -> bool:
    wall = reading(view.line.home, view.at)
    now = wall - wall.replace(hour=0, minute=0, second=0, microsecond=0)
    start, stop = clock(bounds[0]), clock(bounds[1])
    return start <= now < stop if start < stop else now >= start or now < stop


def leaves(guard: Json) -> list[Json]:
    """Return the guards at the ends of a tree of `not`, `any` and `all`."""
    inner = [guard["not"]] if "not" in guard else guard.get("any") or guard.get("all")
    return [leaf for one in inner for leaf in leaves(one)] if inner else [guard]


def all_leaves(guards: Iterable[Json]) -> list[Json]:
    """Return the guards at the ends of the trees of a rule's `while`."""
    return [leaf for guard in guards for leaf in leaves(guard)]


def guarded(home: Json, guards: Iterable[Json]) -> set[Spot]:
    """Return the spots that guards rest on: the sources of states, persons, and where `seen` patterns look."""
    found: set[Spot] = set()
    for leaf in all_leaves(guards):
        if "state" in leaf:
            found.add((leaf["state"], None))
        elif "home" in leaf:
            everyone = {person["id"] for person in home.get("people", ())}
            meant = everyone if leaf["home"] in ("nobody", "anyone") else {leaf["home"]}
            found |= {(person, None) for person in meant}
        elif "seen" in leaf:
            found |= watched(leaf["seen"]["of"])
    return found


def about_source(guard: Json, source: str) -> Json | None:
    """Return the guard without its `state` leaves about other sources, or None where nothing is left."""
    if "state" in guard:
        return guard if guard["state"] == source else None
    if "home" in guard:
        return guard
    if "not" in guard:
        inner = about_source(guard["not"], source)
        return None if inner is None else {"not": inner}
    key = "any" if "any" in guard else "all"
    kept = [part for one in guard[key] if (part := about_source(one, source)) is not None]
    return {key: kept} if kept else None
