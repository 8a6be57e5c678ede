"""Amending: what could be changed about a rule so that what was a false alarm would not have been told.

Nothing is guessed by a model: each reason that a person may give has a few changes, made from the rule, the report that it
fired on, and what the home lists. Whoever offers them tries each on the past first, since not every one would have helped.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

from proactive.retelling import retold
from rules.calendar import local, weekday, zone_of
from rules.check import check, is_advice
from rules.firing import Firing
from rules.forms.pattern import Comparison
from rules.home import Camera, Home
from rules.problem import InputError
from rules.record import Record
from rules.rule import (
    Absent,
    AnyOf,
    At,
    BetweenGuard,
    Condition,
    Count,
    Guard,
    Holds,
    HomeGuard,
    NotGuard,
    Occurs,
    Pattern,
    Rule,
    leaf_conditions,
    parse_rule,
)
from rules.rule import Sequence as Follows
from rules.units import SECOND, WEEKDAYS, microseconds, seconds_of_day
from rules.words.names import called, plain
from rules.words.times import clock, duration, joined, on_days

Reason = Literal["subject", "place", "nothing", "boring", "time"]
Change = Callable[[Pattern], Pattern]
SURE = 0.05  # steps in which a confidence is asked for
SUREST = 0.95
BRIEF = "10s"  # what is there for less is easily nothing
SELDOM = "1h"
NIGHT = ("22:00", "07:00")
_HOUR = 3600


@dataclass(frozen=True, slots=True)
class Amendment:
    """A change to a rule: what it is in a few words, and the rule as it would be."""

    words: str
    rule: Rule


def is_absence(rule: Rule) -> bool:
    """Tell whether a rule fires at what did not happen, so that a false alarm is a happening that it missed."""
    return all(
        isinstance(leaf, Absent) or (isinstance(leaf, Follows) and leaf.missing) for leaf in leaf_conditions(rule.when)
    )


def amendments(rule: Rule, home: Home, firing: Firing, evidence: Sequence[Record], reason: Reason) -> list[Amendment]:
    """Return the changes that a reason calls for, as far as they make a sound rule. `evidence` are the firing's records."""
    proof = next((record for record in reversed(evidence) if record.type == "detection"), None)
    made = _Making(rule, home, firing, proof)
    found = {
        "subject": made.subject, "place": made.place, "nothing": made.nothing, "boring": made.boring, "time": made.time
    }[reason]()  # fmt: skip
    return list(_sound(found, rule, home))


def _sound(found: Iterator[Amendment], rule: Rule, home: Home) -> Iterator[Amendment]:
    """Yield the amendments that change something and that make rules which may be saved, each once."""
    known = [rule.as_json()]
    for each in found:
        try:
            new = parse_rule(each.rule.as_json())
        except InputError:
            continue
        if new.as_json() not in known and all(map(is_advice, check(new, home))):
            known.append(new.as_json())
            yield replace(each, rule=new)


@dataclass(frozen=True, slots=True)
class _Making:
    """Makes amendments of one rule, after one firing; `proof` is the detection that it fired on, where there was one."""

    rule: Rule
    home: Home
    firing: Firing
    proof: Record | None

    # --- who ---

    def subject(self) -> Iterator[Amendment]:
        """Yield what asks for somebody else, or more surely; an absence ends at any animal of the kind."""
        if is_absence(self.rule):
            yield self._patterns("Count anybody of the kind, recognised or not", self._unnamed)
            return
        if self.proof is None:
            return
        who, label = self.proof.subject, str(self.proof.data.get("label", ""))
        pets = tuple(pet.id for pet in self.home.pets if pet.species == label and pet.id != who)
        people = tuple(person.id for person in self.home.people)
        if pets and who in (None, "unknown"):
            yield self._patterns(f"Only {joined((called(id, self.home) for id in pets), 'or')}", _of(pets))
        if label == "person" and who in people:
            yield self._patterns("Only somebody I don't know", _of(("unknown",)))
        if label == "person" and who not in people:
            yield self._patterns("Only people of the home", _of(people))
        yield from self._surer()

    def _unnamed(self, pattern: Pattern) -> Pattern:
        species = {pet.species for pet in self.home.pets if pet.id in (pattern.subject or ())}
        if not species or "" in species:
            return pattern
        kinds: Any = tuple(sorted(species)) if len(species) > 1 else species.pop()
        return pattern.model_copy(update={"subject": None, "where": {**pattern.where, "label": kinds}})

    # --- where ---

    def place(self) -> Iterator[Amendment]:
        """Yield what looks elsewhere: at other zones, or not at this camera; an absence ends anywhere in the picture."""
        if is_absence(self.rule):
            yield self._patterns("Count it anywhere in the picture", _anywhere)
            return
        camera = self.home.by_id.get(self.proof.source or "") if self.proof is not None else None
        if not isinstance(camera, Camera) or self.proof is None:
            return
        others = tuple(zone for zone in camera.zones if zone != self.proof.data.get("zone"))
        if len(others) > 1:
            yield self._patterns(f"Only at the {joined(map(plain, others), 'or')}", _at(others))
        for zone in others:
            yield self._patterns(f"Only at the {plain(zone)}", _at((zone,)))
        yield self._patterns(f"Not by {called(camera.id, self.home)}", self._without(camera.id))

    def _without(self, camera: str) -> Change:
        known = tuple(each.id for each in self.home.cameras)

        def change(pattern: Pattern) -> Pattern:
            left = tuple(id for id in pattern.source or known if id != camera)
            return pattern.model_copy(update={"source": left}) if left else pattern

        return change

    # --- whether ---

    def nothing(self) -> Iterator[Amendment]:
        """Yield what asks for more: to be surer, or that it lasts."""
        yield from self._surer()
        yield from self._leaves("Only once it has lasted", _lasting)

    def _surer(self) -> Iterator[Amendment]:
        sure = self.proof.data.get("confidence") if self.proof is not None else None
        if isinstance(sure, bool) or not isinstance(sure, int | float):
            return
        least = round((int(sure / SURE + 1e-9) + 1) * SURE, 2)
        if least <= SUREST:
            yield self._patterns(f"Only where I am at least {least:.0%} sure".replace("%", " %"), _sure(least))

    # --- when ---

    def boring(self) -> Iterator[Amendment]:
        """Yield what keeps it to when nobody is home, or makes it rarer."""
        yield self._guarded("Only while nobody is home", HomeGuard(home="nobody"))
        yield from self._leaves("At most once in", _seldom)

    def time(self) -> Iterator[Amendment]:
        """Yield what keeps it to other times: not in this hour, day or night, or on this day; an absence is decided later."""
        later = [*self._leaves("Decide later: ", _later)]
        yield from later
        if later and is_absence(self.rule):
            return  # what was decided too early is decided later: that it is never decided at that hour would help nobody
        day, second = local(zone_of(self.home), self.firing.time)
        hour = second // _HOUR
        since, until = f"{hour:02}:00", f"{(hour + 1) % 24:02}:00"
        out = NotGuard.model_validate({"not": {"between": [since, until]}})
        yield self._guarded(f"Not between {clock(since)} and {clock(until)}", out)
        start, end = (seconds_of_day(each) for each in NIGHT)
        night = second >= start or second < end
        span = NIGHT[::-1] if night else NIGHT
        yield self._guarded(f"Only {'by day' if night else 'at night'}", BetweenGuard(between=span))
        this = WEEKDAYS[weekday(day)]
        yield self._guarded(f"Not {on_days([this])}", NotGuard.model_validate({"not": {"days": [this]}}))

    # --- how ---

    def _guarded(self, words: str, guard: Guard) -> Amendment:
        return Amendment(words, self.rule.model_copy(update={"guards": (*self.rule.guards, guard)}))

    def _patterns(self, words: str, change: Change) -> Amendment:
        """Return a change of those patterns that the report could have matched; of all where there was none."""
        new = _changed(self.rule.when, lambda pattern: change(pattern) if self._is_meant(pattern) else pattern)
        return Amendment(words, self.rule.model_copy(update={"when": new}))

    def _is_meant(self, pattern: Pattern) -> bool:
        proof = self.proof
        if proof is None:
            return pattern.type in (None, ("detection",))
        by = pattern.source is None or proof.source in pattern.source
        return by and (pattern.subject is None or proof.subject in pattern.subject)

    def _leaves(self, words: str, change: Callable[[Condition], tuple[Condition, str] | None]) -> Iterator[Amendment]:
        """Yield a change of the only condition of a rule."""
        changed = change(self.rule.when)
        if changed is not None:
            new, how = changed
            amended = self.rule.model_copy(update={"when": new})
            yield Amendment(f"{words.rstrip()} {how}", retold(self.rule, amended))


def _changed(condition: Condition, change: Change) -> Condition:
    """Return a condition with its patterns changed."""
    match condition:
        case Occurs() | Absent() | Count():
            return condition.model_copy(update={"of": tuple(map(change, condition.of))})
        case Follows():
            first, then = tuple(map(change, condition.first)), tuple(map(change, condition.then))
            return condition.model_copy(update={"then": then} if condition.missing else {"first": first, "then": then})
        case AnyOf():
            inner = tuple(_changed(each, change) for each in condition.conditions)
            return condition.model_copy(update={"conditions": inner})
        case Holds() | At():
            return condition


def _of(subjects: tuple[str, ...]) -> Change:
    return lambda pattern: pattern.model_copy(update={"subject": subjects})


def _at(zones: tuple[str, ...]) -> Change:
    def change(pattern: Pattern) -> Pattern:
        asked = pattern.where.get("zone")
        allowed = zones if asked is None else tuple(each for each in zones if each in _listed(asked))
        zone: Any = allowed[0] if len(allowed) == 1 else allowed
        return pattern.model_copy(update={"where": {**pattern.where, "zone": zone}}) if allowed else pattern

    return change


def _listed(asked: object) -> tuple[object, ...]:
    return asked if isinstance(asked, tuple) else (asked,)


def _anywhere(pattern: Pattern) -> Pattern:
    return pattern.model_copy(update={"where": {key: test for key, test in pattern.where.items() if key != "zone"}})


def _sure(least: float) -> Change:
    return lambda pattern: pattern.model_copy(update={"where": {**pattern.where, "confidence": Comparison(ge=least)}})


def _lasting(condition: Condition) -> tuple[Condition, str] | None:
    if not isinstance(condition, Occurs) or condition.after is not None:
        return None
    longer = BRIEF if condition.lasting is None else _twice(condition.lasting)
    return condition.model_copy(update={"lasting": longer}), duration(longer)


def _seldom(condition: Condition) -> tuple[Condition, str] | None:
    if not isinstance(condition, Occurs):
        return None
    rarer = SELDOM if condition.cooldown is None else _twice(condition.cooldown)
    return condition.model_copy(update={"cooldown": rarer}), duration(rarer)


def _later(condition: Condition) -> tuple[Condition, str] | None:
    if not isinstance(condition, Absent):
        return None
    if condition.window is None:
        longer = _twice(condition.duration or SELDOM)
        return condition.model_copy(update={"duration": longer}), f"after {duration(longer)}"
    until = seconds_of_day(condition.window.until) + _HOUR
    if until >= 24 * _HOUR:
        return None
    text = f"{until // _HOUR:02}:{until // 60 % 60:02}"
    window = condition.window.model_copy(update={"until": text})
    return condition.model_copy(update={"window": window}), f"at {clock(text)}"


def _twice(length: str) -> str:
    seconds = 2 * microseconds(length) // SECOND
    step, unit = next((each for each in ((3600, "h"), (60, "m")) if seconds % each[0] == 0), (1, "s"))
    return f"{seconds // step}{unit}"
