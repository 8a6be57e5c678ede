"""What a rule may look back on when it is put: the evidence of windows that are open at that time.

A rule made at eleven can decide noon only if the log says by itself what happened since midnight. So whoever appends a
`rule.put` adds, in `data.history`, the earlier records that the rule's patterns match: for an `absent` window those
since its `from`, for a `seen` guard those of its span.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from zoneinfo import ZoneInfo

from rules.calendar import latest_before, local, window_on, zone_of
from rules.home import Home
from rules.match import compile_pattern
from rules.record import Record
from rules.rule import Absent, Pattern, Rule, Seen, SeenGuard, Window, guard_leaves, leaf_conditions
from rules.units import microseconds, seconds_of_day
from streams.log import Log

Span = tuple[Pattern, int]


def history(log: Log, home: Home, rule: Rule, put: int) -> list[Record]:
    """Return the earlier records that a rule put at `put` may rest on, in order of (time, id).

    One of each pattern, source, subject and attribute is enough, the last: an absence or a `seen` asks whether
    something matched in a span that ends now or later.
    """
    last: dict[tuple[object, ...], Record] = {}
    for number, (pattern, since) in enumerate(_spans(rule, zone_of(home), put)):
        matcher = compile_pattern(pattern)
        for record in log.reports(home.home, pattern.source, since, put + 1):
            if matcher.matches(record, None):
                last[number, record.source, record.subject, record.data.get("attribute")] = record
    unique = {record.id: record for record in last.values()}
    return sorted(unique.values(), key=lambda record: (record.time, record.id))


def _spans(rule: Rule, zone: ZoneInfo, put: int) -> Iterator[Span]:
    """Yield each pattern that looks back, with the beginning of its span."""
    for condition in leaf_conditions(rule.when):
        if isinstance(condition, Absent) and condition.window is not None:
            yield from _each(condition.of, _window_start(condition.window, zone, put))
    for guard in rule.guards:
        for leaf in guard_leaves(guard):
            if isinstance(leaf, SeenGuard):
                yield from _each(leaf.seen.of, _seen_start(leaf.seen, zone, put))


def _each(patterns: Iterable[Pattern], since: int | None) -> Iterator[Span]:
    return ((pattern, since) for pattern in patterns if since is not None)


def _window_start(window: Window, zone: ZoneInfo, put: int) -> int | None:
    """Return the start of the window that is open at `put`, or None. One that began yesterday may be."""
    today = local(zone, put)[0]
    for day in (today, today - 1):
        start, until = window_on(zone, day, seconds_of_day(window.start), seconds_of_day(window.until))
        if start <= put < until:
            return start
    return None


def _seen_start(seen: Seen, zone: ZoneInfo, put: int) -> int:
    if seen.within is not None:
        return put - microseconds(seen.within)
    assert seen.since is not None
    return latest_before(zone, put, seconds_of_day(seen.since))
