"""Looks: an identity, label or activity that no detector of this home gives can never be seen."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from rules.checks.names import UNKNOWN
from rules.checks.places import patterns
from rules.checks.reports import expected
from rules.home import Camera, Home
from rules.problem import Problem, nearest
from rules.rule import Comparison, Pattern, Rule


@dataclass(frozen=True, slots=True)
class Capabilities:
    """What the detectors here can tell: labels, activities, and the subjects that they recognise. None: not known.

    `strangers` are the labels of which they can say that it is nobody the home knows: subject `unknown`. `zones` are the zones, by
    camera, at which alone an activity is told, for each that is told at some zones only.
    """

    labels: frozenset[str] | None = None
    activities: frozenset[str] | None = None
    identities: frozenset[str] | None = None
    strangers: frozenset[str] | None = None
    zones: Mapping[str, Mapping[str, frozenset[str]]] = field(default_factory=dict)


def check_looks(rule: Rule, home: Home, detectors: Capabilities) -> Iterator[Problem]:
    """Yield a problem for each detection that a rule waits for and that no detector gives."""
    for where, pattern in patterns(rule):
        if _seen(pattern, home):
            yield from _word(where, pattern, "label", detectors.labels)
            yield from _word(where, pattern, "activity", detectors.activities)
            yield from _zone(where, pattern, home, detectors.zones)
            yield from _identity(where, pattern, detectors.identities)
            yield from _stranger(where, pattern, detectors.strangers)


def _seen(pattern: Pattern, home: Home) -> bool:
    """Say whether only a detection can match: by its type, else because cameras alone are named."""
    if pattern.type is not None:
        return pattern.type == ("detection",)
    return bool(pattern.source) and all(isinstance(home.by_id.get(source), Camera) for source in pattern.source or ())


def _word(where: str, pattern: Pattern, key: str, given: frozenset[str] | None) -> Iterator[Problem]:
    """Yield a problem unless one of the values is given; one of several is enough for the pattern to match."""
    if given is None or key not in pattern.where:
        return
    values = [str(value) for value in expected(pattern.where[key]).values]
    if not given or (values and not isinstance(pattern.where[key], Comparison) and not given.intersection(values)):
        message = f"needs a detector that gives the {key} {' or '.join(values) or 'at all'}; none here does."
        hint = nearest(values[0], given) if values else ""
        yield Problem("nobody_looks", f"{where}.where.{key}", message, hint or _offer(key, given))


def _zone(
    where: str, pattern: Pattern, home: Home, zones: Mapping[str, Mapping[str, frozenset[str]]]
) -> Iterator[Problem]:
    """Yield a problem where all the activities that count are told at zones only, and none of those is looked at."""
    activities = _values(pattern, "activity")
    if not activities or not all(activity in zones for activity in activities):
        return
    cameras = [camera for camera in home.cameras if pattern.source is None or camera.id in pattern.source]
    drawn = {zone for activity in activities for camera in cameras for zone in zones[activity].get(camera.id, ())}
    wanted = _values(pattern, "zone")
    if not drawn or (wanted and not drawn.intersection(wanted)):
        names = " and ".join(camera.name or camera.id for camera in cameras) or "no camera"
        message = f"needs a zone round the bowl, where {' or '.join(activities)} is told, on {names}."
        hint = (
            "Draw one called 'food_bowl', or 'water_bowl' for drinking: until then it looks as if that never happened."
        )
        yield Problem("nobody_looks", f"{where}.where.activity", message, hint)


def _values(pattern: Pattern, key: str) -> list[str]:
    test = pattern.where.get(key)
    return [] if test is None or isinstance(test, Comparison) else [str(value) for value in expected(test).values]


def _identity(where: str, pattern: Pattern, given: frozenset[str] | None) -> Iterator[Problem]:
    if given is None or pattern.subject is None:
        return
    missing = [name for name in pattern.subject if name not in given and not (name == UNKNOWN and given)]
    if len(missing) == len(pattern.subject):
        message = f"needs a detector that recognises {' or '.join(missing)}; none here does."
        hint = "Add photos of them to the home, or leave 'subject' out and name a 'label'."
        yield Problem("nobody_looks", f"{where}.subject", message, hint)


def _stranger(where: str, pattern: Pattern, given: frozenset[str] | None) -> Iterator[Problem]:
    """Yield a problem where only strangers are meant, of a label of which nobody can say that it is one."""
    if given is None or pattern.subject != (UNKNOWN,):
        return
    label = pattern.where.get("label")
    meant = {str(value) for value in expected(label).values} if label is not None else set(given)
    if not meant & given and not isinstance(label, Comparison):
        who = f"a {' or '.join(sorted(meant))}" if meant else "somebody"
        message = f"needs a detector that can tell {who} that the home does not know; none here does."
        hint = "Teach it photos of each pet of that kind, or leave 'subject' out: then any counts."
        yield Problem("nobody_looks", f"{where}.subject", message, hint)


def _offer(key: str, given: frozenset[str]) -> str:
    return f"The detectors give {', '.join(sorted(given)[:12])}." if given else f"No detector gives any {key}."
