"""Rereading: the part of a home's past that one rule rests on, for `why`, `preview` and the like.

A page must answer in a moment, and a log is long: what other sources reported is read as the passing of time only.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from heapq import merge
from typing import TYPE_CHECKING

from proactive.access.access import reports_of
from proactive.history.kept import before_the_log
from rules.home import Home
from rules.record import Record, decode
from rules.rule import Holds, Pattern, Rule, SeenGuard, condition_patterns, guard_leaves, leaf_conditions
from rules.units import instant

if TYPE_CHECKING:
    from proactive.settings import Settings
    from streams.log import Log


def reread(log: Log, home: Home, versions: Sequence[Rule]) -> Iterable[Record]:
    """Return the records of a log on which a rule rests in any of its versions, in the order of arrival; the rest as ticks."""
    sources = sources_of(versions, home)
    return map(decode, log.lines()) if sources is None else log.concerning(home.home, sources, versions[-1].id)


def past_for(settings: Settings, log: Log, home: Home, versions: Sequence[Rule]) -> Iterable[Record]:
    """Return the same beside what was imported from before the log."""
    imported = before_the_log(settings, log, home.home)
    return merge(imported, reread(log, home, versions), key=lambda record: instant(record.time))


def sources_of(versions: Iterable[Rule], home: Home) -> set[str] | None:
    """Return the sources that a rule names in any of its versions; None where it names none and anything may count."""
    found: set[str] = set()
    for rule in versions:
        if any(not pattern.source for pattern in _patterns(rule)):
            return None
        found.update(source for source, _ in reports_of(rule, home))
    return found


def _patterns(rule: Rule) -> Iterator[Pattern]:
    yield from condition_patterns(rule.when)
    held = [leaf.state for leaf in leaf_conditions(rule.when) if isinstance(leaf, Holds)]
    for guard in (*rule.guards, *held):
        for leaf in guard_leaves(guard):
            if isinstance(leaf, SeenGuard):
                yield from leaf.seen.of
