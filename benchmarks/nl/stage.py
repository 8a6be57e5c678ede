"""A stage: what a home's sources can be made to report, so that a pattern matches, nearly matches, or a guard holds.

Cameras report as `vision` does: a visit has entered, at and left, of a zone and mostly of the picture as well; a meal is
an episode of its own. States come with the report before them that makes an edge, mostly.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from random import Random
from typing import Any

from benchmarks.nl.interest import Interest
from rules.calendar import latest_before, zone_of
from rules.home import Camera, Device, Home
from rules.record import Record
from rules.rule import (
    AllGuard,
    AnyGuard,
    Comparison,
    Guard,
    HomeGuard,
    NotGuard,
    Pattern,
    Seen,
    SeenGuard,
    StateGuard,
)
from rules.units import MINUTE, SECOND, microseconds, moment, seconds_of_day

_OPERATORS: dict[str, Callable[[Any, Any], bool]] = {
    "ge": operator.ge,
    "gt": operator.gt,
    "le": operator.le,
    "lt": operator.lt,
    "ne": operator.ne,
}
_NUDGES = (0, 0, 0.1, -0.1, 0.5, -0.5, 1, -1, 2, -2, 9, -9)
_PEOPLE = ["home", "away"]


@dataclass
class Stage:
    """What happened so far, in no order; `random` draws everything that a pattern or guard leaves open."""

    home: Home
    about: Interest
    random: Random
    happened: list[Record] = field(default_factory=list)
    episodes: int = 0

    def records(self) -> list[Record]:
        """Return everything that happened, in order of time."""
        return sorted(self.happened, key=lambda record: (record.time, record.id))

    # --- patterns -----------------------------------------------------------------------------------------------

    def match(self, pattern: Pattern, time: int, lasting: int | None = None) -> None:
        """Make a record match at `time`; what a camera sees lasts so long, or a while."""
        source = self._source(pattern)
        entry = self.home.by_id.get(source)
        if isinstance(entry, Camera):
            self._sight(entry, pattern, time, lasting)
        elif isinstance(entry, Device) and "event" in (pattern.type or ()):
            names = pattern.where.get("name", entry.events)
            self._report("event", source, time, {"name": self._one(names)})
        else:
            self._edge(source, pattern, time)

    def miss(self, pattern: Pattern, time: int) -> None:
        """Make something happen that is like the pattern but for one thing: who, where, what, or which value."""
        changes = [change for change in self._changes(pattern) if change != pattern]
        if changes:
            self.match(self.random.choice(changes), time)

    def _changes(self, pattern: Pattern) -> list[Pattern]:
        source = self._source(pattern)
        entry = self.home.by_id.get(source)
        if isinstance(entry, Camera):
            return self._other_sights(entry, pattern)
        found = [pattern.model_copy(update={"source": (other,)}) for other in self._siblings(source)]
        if "value" in pattern.where:
            values = [v for v in self.values(source, self._attribute(pattern)) if not fits(pattern.where["value"], v)]
            found += [pattern.model_copy(update={"where": {**pattern.where, "value": value}}) for value in values]
        return found

    def _other_sights(self, camera: Camera, pattern: Pattern) -> list[Pattern]:
        who: list[tuple[str, ...] | None] = [(pet.id,) for pet in self.home.pets] + [("unknown",), None]
        found = [pattern.model_copy(update={"subject": subject}) for subject in who if subject != pattern.subject]
        for name, values in (
            ("zone", list(camera.zones)),
            ("activity", ["eating", "entered", "left"]),
            ("label", ["person", "dog", "cat", "car"]),
        ):
            found += [pattern.model_copy(update={"where": {**pattern.where, name: value}}) for value in values]
        others = [other.id for other in self.home.cameras if other.id != camera.id]
        return found + [pattern.model_copy(update={"source": (other,)}) for other in others]

    def _siblings(self, source: str) -> list[str]:
        if source.startswith("person."):
            return [person.id for person in self.home.people if person.id != source]
        entry = self.home.by_id.get(source)
        same = [d.id for d in self.home.devices if isinstance(entry, Device) and d.type == entry.type]
        return [other for other in same if other != source]

    def _source(self, pattern: Pattern) -> str:
        if pattern.source:
            return self.random.choice(pattern.source)
        return self.random.choice([camera.id for camera in self.home.cameras] or ["nowhere"])

    def _sight(self, camera: Camera, pattern: Pattern, time: int, lasting: int | None) -> None:
        activity = self._one(pattern.where.get("activity", (None, None, "eating")))
        zone = self._one(pattern.where.get("zone", (None, *camera.zones)))
        subject = self._one(pattern.subject or (None, "unknown", *(pet.id for pet in self.home.pets)))
        label = self._one(pattern.where.get("label", self._label(subject)))
        length = lasting or self.random.choice([20 * SECOND, 3 * MINUTE, 25 * MINUTE])
        begin = time - length if activity == "left" else time
        stages = ("eating",) * 3 if activity == "eating" else ("entered", "at", "left")
        seen: dict[str, Any] = {"label": label, "confidence": 0.9} | ({"zone": zone} if zone else {})
        self._episode(camera.id, subject, seen, stages, begin, length)
        if zone and activity != "eating" and self.random.random() < 0.6:
            del seen["zone"]
            self._episode(camera.id, subject, seen, stages, begin - SECOND, length + 2 * SECOND)

    def _label(self, subject: str | None) -> tuple[str, ...]:
        pets = {pet.id: pet.species for pet in self.home.pets}
        return (pets[subject or ""],) if pets.get(subject or "") else ("person", "person", "dog", "cat", "car")

    def _episode(
        self, source: str, subject: str | None, seen: dict[str, Any], stages: Sequence[str], begin: int, length: int
    ) -> None:
        self.episodes += 1
        times = (begin, begin + length // 2, begin + length)
        for phase, activity, time in zip(("start", "update", "end"), stages, times, strict=True):
            data = seen | {"activity": activity, "episode": f"e{self.episodes}", "phase": phase}
            self._report("detection", source, time, data, subject)

    def _edge(self, source: str, pattern: Pattern, time: int) -> None:
        test, attribute = pattern.where.get("value", ()), self._attribute(pattern)
        values = self.values(source, attribute)
        others = [value for value in values if not fits(test, value)]
        if others and self.random.random() < 0.85:
            before = self.random.choice([SECOND, 20 * SECOND, 5 * MINUTE])
            self.state(source, attribute, self.random.choice(others), time - before)
        self.state(source, attribute, self._one([value for value in values if fits(test, value)] or [None]), time)

    def _attribute(self, pattern: Pattern) -> str | None:
        test = pattern.where.get("attribute")
        return str(self._one(test)) if test is not None and not isinstance(test, Comparison) else None

    # --- states and guards --------------------------------------------------------------------------------------

    def state(self, source: str, attribute: str | None, value: Any, time: int) -> None:
        """Report a state; the only attribute of a device needs no name, and has none half of the time."""
        named = attribute if attribute not in (None, "state") else None
        if named and len(self._attributes(source)) == 1 and self.random.random() < 0.5:
            named = None
        self._report("state", source, time, {"value": value} | ({"attribute": named} if named else {}))

    def values(self, source: str, attribute: str | None) -> list[Any]:
        """Return the values that a state can have; of a number those near the thresholds of the rules."""
        if source.startswith("person."):
            return _PEOPLE
        attributes = self._attributes(source)
        kind = attributes.get(attribute or "state", next(iter(attributes.values()), "number"))
        if kind == "boolean":
            return [True, False]
        if isinstance(kind, tuple):
            return list(kind)
        if kind != "number":
            return ["here", "there"]
        return [round(n + nudge, 3) for n in self.about.numbers.get(source, (20,)) for nudge in _NUDGES]

    def _attributes(self, source: str) -> dict[str, Any]:
        entry = self.home.by_id.get(source)
        return dict(entry.attributes) if isinstance(entry, Device) else {}

    def arrange(self, guard: Guard, truth: bool, time: int) -> None:
        """Report at `time` what makes a guard true or false; the clock and the sun cannot be helped."""
        match guard:
            case StateGuard():
                values = self.values(guard.state, guard.attribute)
                wanted = [value for value in values if state_fits(guard, value) == truth]
                self.state(guard.state, guard.attribute, self._one(wanted or values), time)
            case HomeGuard():
                self._move(guard.home, truth, time)
            case SeenGuard():
                self._remember(guard.seen, truth, time)
            case NotGuard():
                self.arrange(guard.negated, not truth, time)
            case AnyGuard() | AllGuard():
                inner = guard.any if isinstance(guard, AnyGuard) else guard.all
                odd = self.random.randrange(len(inner))
                whole = isinstance(guard, AllGuard) == truth
                for number, one in enumerate(inner):
                    self.arrange(one, truth if whole or number == odd else self.random.random() < 0.5, time)
            case _:
                pass

    def _move(self, who: str, truth: bool, time: int) -> None:
        people = [person.id for person in self.home.people]
        chosen = [who] if who in people else people
        there = truth != (who == "nobody")
        lucky = self.random.choice(chosen)
        for person in chosen:
            home = there and (person == lucky or self.random.random() < 0.3)
            self.state(person, None, "home" if home else "away", time)

    def _remember(self, seen: Seen, truth: bool, time: int) -> None:
        begin = latest_before(zone_of(self.home), time, seconds_of_day(seen.since)) if seen.since else None
        span = time - begin if begin is not None else microseconds(seen.within or "1h")
        share = self.random.choice([0.1, 0.5, 0.95]) if truth else self.random.choice([1.05, 1.5])
        if truth or self.random.random() < 0.5:
            self.match(self.random.choice(seen.of), time - int(span * share))

    # --- anything else ------------------------------------------------------------------------------------------

    def outage(self, source: str, time: int, length: int) -> None:
        """Take a source offline, and back."""
        self._report("health", source, time, {"status": "offline"})
        self._report("health", source, time + length, {"status": "online"})

    def anything(self, time: int) -> None:
        """Report something that one of the rules asks for, or nearly, or that some device says of itself."""
        kind = self.random.randrange(4)
        if kind == 0 and self.about.patterns:
            self.match(self.random.choice(self.about.patterns), time)
        elif kind == 1 and self.about.patterns:
            self.miss(self.random.choice(self.about.patterns), time)
        elif kind == 2 and self.about.guards:
            self.arrange(self.random.choice(self.about.guards), self.random.random() < 0.5, time)
        elif devices := [device for device in self.home.devices if device.attributes]:
            device = self.random.choice(devices)
            attribute = self.random.choice(list(device.attributes))
            self.state(device.id, attribute, self._one(self.values(device.id, attribute)), time)

    def _one(self, values: Any) -> Any:
        many = list(values) if isinstance(values, list | tuple) else [values]
        plain = [value for value in many if not isinstance(value, Comparison)]
        return self.random.choice(plain) if plain else None

    def _report(self, kind: Any, source: str, time: int, data: dict[str, Any], subject: str | None = None) -> None:
        name = f"{self.random.choice('kxa')}{len(self.happened):05d}"
        when = moment(time)
        self.happened.append(
            Record(id=name, type=kind, time=when, source=source, subject=subject, home=self.home.home, data=data)
        )


def fits(test: Any, value: Any) -> bool:
    """Tell whether a value of `where` passes its test."""
    if isinstance(test, Comparison):
        given = test.model_fields_set
        numeric = isinstance(value, int | float) and not isinstance(value, bool)
        return all(name == "ne" or numeric for name in given) and all(
            _OPERATORS[name](value, getattr(test, name)) for name in given
        )
    return value in test if isinstance(test, tuple | list) else bool(value == test)


def state_fits(guard: StateGuard, value: Any) -> bool:
    """Tell whether a state's value is what a guard wants."""
    if guard.equals and value not in guard.equals:
        return False
    if guard.is_not and value in guard.is_not:
        return False
    sizes = [bound for bound in (guard.above, guard.below) if bound is not None]
    if sizes and (isinstance(value, bool) or not isinstance(value, int | float)):
        return False
    return (guard.above is None or value > guard.above) and (guard.below is None or value < guard.below)
