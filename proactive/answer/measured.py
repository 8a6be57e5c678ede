"""Answers about readings: what a sensor says, its lowest and highest of a period, and whether that is too much.

What is too warm is for a person to say: a limit is taken from a rule that stands, and from nowhere else.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from proactive.answer.answer import Answer
from proactive.answer.blindness import blind
from proactive.answer.happening import Key, state_before
from proactive.answer.inquiry import Inquiry, answered, reading_text, unsure
from proactive.answer.standing import keys_of, stood
from proactive.answer.stood import is_now
from rules.match import is_number
from rules.record import Record
from rules.rule import (
    Comparison,
    Holds,
    Pattern,
    Rule,
    StateGuard,
    guard_leaves,
    leaf_conditions,
)
from rules.units import instant
from rules.words.names import called
from rules.words.times import joined


def reading(inquiry: Inquiry) -> Answer:
    """Answer "what is the freezer temperature?", "was the freezer too warm yesterday?"."""
    keys = keys_of(inquiry.query.of, inquiry.asked)
    if inquiry.query.extreme:
        return _extreme(keys[0], inquiry)
    if is_now(inquiry):
        return _value_at(keys, inquiry)
    parts = [_range(key, inquiry) for key in keys]
    found = [record for records in parts for record in records]
    if not found:
        return unsure(inquiry, inquiry.blind(), "Nothing was reported") if inquiry.blind() else _silent(inquiry)
    text = joined(_range_text(records, inquiry) for records in parts if records)
    stretches = inquiry.blind()
    tail = f" But {inquiry.tell.blind(stretches)}." if stretches else ""
    only = found[-1].data.get("value") if len(found) == 1 else None
    return answered("known", f"{text}.{tail}", found, stretches, only)


def _silent(inquiry: Inquiry) -> Answer:
    return answered("unknown", f"Nothing was reported{inquiry.when}.")


# --- at an instant ----------------------------------------------------------------------------------------------


def _value_at(keys: list[Key], inquiry: Inquiry) -> Answer:
    found = [stood(inquiry.archive, inquiry.asked, key, inquiry.until, now=inquiry.query.period.now) for key in keys]
    told = [each for each in found if each.record is not None and inquiry.may(each.record)]
    if not told:
        names = joined(called(key[0], inquiry.home) for key in keys)
        return answered("unknown", f"I can't tell: {names} has never reported it.")
    lines: list[str] = []
    for each in told:
        assert each.record is not None, "of those that have one"
        line = f"{reading_text(each.record, inquiry.home, past=each.lost or not inquiry.query.period.now)}, reported {inquiry.tell.at(instant(each.record.time))}"
        stretches = blind(inquiry.archive, [each.key[0]], instant(each.record.time), inquiry.until) if each.lost else []
        lines.append(line + (f", but {inquiry.tell.blind(stretches)}" if stretches else ""))
    lost = [each for each in told if each.lost]
    evidence = [each.record for each in told if each.record is not None]
    blinds = [
        s
        for each in lost
        if each.record
        for s in blind(inquiry.archive, [each.key[0]], instant(each.record.time), inquiry.until)
    ]
    only = evidence[0].data.get("value") if len(evidence) == 1 else None
    return answered("unknown" if len(lost) == len(told) else "known", f"{joined(lines)}.", evidence, blinds, only)


# --- over a period ----------------------------------------------------------------------------------------------


def _range(key: Key, inquiry: Inquiry) -> list[Record]:
    """Return the lowest and the highest report of a period, or its last where they are no numbers; in order of time."""
    found = _numbers(key, inquiry)
    if not found:
        last = state_before(inquiry.archive, inquiry.asked, key, inquiry.until)
        return [last] if last is not None and inquiry.may(last) else []
    low = min(found, key=lambda record: float(record.data["value"]))
    high = max(found, key=lambda record: float(record.data["value"]))
    return [low, high] if low.id != high.id else [low]


def _numbers(key: Key, inquiry: Inquiry) -> list[Record]:
    """Return the readings of a period, with the one that it began with."""
    before = state_before(inquiry.archive, inquiry.asked, key, inquiry.since)
    reports = inquiry.archive.reports([key[0]], inquiry.since, inquiry.until)
    own = [record for record in reports if record.type == "state" and inquiry.asked.matches(record)]
    found = [*([before] if before else []), *own]
    return [record for record in found if is_number(record.data.get("value")) and inquiry.may(record)]


def _range_text(records: list[Record], inquiry: Inquiry) -> str:
    if len(records) == 1:
        return f"{reading_text(records[0], inquiry.home, past=True)} {inquiry.tell.at(instant(records[0].time))}"
    low, high = (reading_text(record, inquiry.home, past=True) for record in records)
    least, most = (inquiry.tell.at(instant(record.time)) for record in records)
    return f"at its lowest, {low} ({least}); at its highest, {high.rpartition(' was ')[2]} ({most})"


# --- too much ---------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Limit:
    value: float
    rule: Rule


def _extreme(key: Key, inquiry: Inquiry) -> Answer:
    high = inquiry.query.extreme == "high"
    readings = _numbers(key, inquiry) if not is_now(inquiry) else _now(key, inquiry)
    stretches = inquiry.blind()
    if not readings:
        return unsure(inquiry, stretches, "Nothing was reported") if stretches else _silent(inquiry)
    furthest = (max if high else min)(readings, key=lambda record: float(record.data["value"]))
    said = f"{reading_text(furthest, inquiry.home, past=not inquiry.query.period.now)} {'at most' if high else 'at least'}, {inquiry.tell.at(instant(furthest.time))}"
    limit = _limit(key, high, inquiry)
    if limit is None:
        text = f"I don't know what is too {'much' if high else 'little'} here, since no rule says so: {said}."
        return answered("unknown", text, [furthest], stretches, furthest.data["value"])
    passed = furthest.data["value"] > limit.value if high else furthest.data["value"] < limit.value
    tail = f"the limit of your rule {limit.rule.id} is {limit.value:g}"
    if passed:
        return answered("yes", f"Yes: {said}; {tail}.", [furthest], (), furthest.data["value"])
    if stretches:
        return unsure(inquiry, stretches, f"Not that I know of: {said}; {tail}", [furthest])
    return answered("no", f"No: {said}; {tail}.", [furthest], (), furthest.data["value"])


def _now(key: Key, inquiry: Inquiry) -> list[Record]:
    last = state_before(inquiry.archive, inquiry.asked, key, inquiry.until + 1)
    return [last] if last is not None and is_number(last.data.get("value")) and inquiry.may(last) else []


def _limit(key: Key, high: bool, inquiry: Inquiry) -> _Limit | None:
    """Return the limit that a rule sets on a reading; the nearest of several."""
    found = [_Limit(value, rule) for rule in inquiry.rules for value in _limits(rule, key, high)]
    return (min if high else max)(found, key=lambda limit: limit.value, default=None)


def _limits(rule: Rule, key: Key, high: bool) -> Iterator[float]:
    guards = [*rule.guards, *(leaf.state for leaf in leaf_conditions(rule.when) if isinstance(leaf, Holds))]
    for guard in (leaf for each in guards for leaf in guard_leaves(each)):
        if isinstance(guard, StateGuard) and guard.state == key[0] and guard.attribute in (None, key[1]):
            limit = guard.above if high else guard.below
            if limit is not None:
                yield float(limit)
    for pattern in (pattern for leaf in leaf_conditions(rule.when) for pattern in getattr(leaf, "of", ())):
        yield from _of_pattern(pattern, key, high)


def _of_pattern(pattern: Pattern, key: Key, high: bool) -> Iterator[float]:
    test = pattern.where.get("value")
    if key[0] not in (pattern.source or ()) or not isinstance(test, Comparison):
        return
    for limit in (test.gt, test.ge) if high else (test.lt, test.le):
        if limit is not None:
            yield float(limit)
