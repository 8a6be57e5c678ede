"""Changes to the rules of a house: put, edited, paused, dropped, each without touching another's state.

A put whose conditions are unchanged keeps what is pending; any other starts anew at its instant, with the evidence that
it brings along for the windows that are open.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from rules.plan import Plan, Terms, read_rule, same_when
from rules.problem import InputError, Problem
from rules.record import Record, history
from rules.units import DAY, instant
from rules.watch import SeenTrack, Watch

if TYPE_CHECKING:
    from rules.house import House


def take(house: House, record: Record, time: int) -> None:
    """Take a `rule.put` or `rule.drop`; what is wrong with it goes to the house's problems."""
    if record.type == "rule.drop":
        id = str(record.data["rule"])
        if house.trace is not None:
            house.leave_trace(id, "dropped", time)
        drop(house, id)
        return
    try:
        terms, plan = read_rule(record.data["rule"], f"record {record.id}")
        if terms.home != house.id:
            raise InputError(
                [Problem("other_home", record.id, f"expected a rule of {house.id!r}, found {terms.home!r}.")]
            )
        earlier = history(record.data.get("history", ()))
    except InputError as error:
        house.problems.extend(error.problems)
        return
    put(house, terms, plan, time, earlier)


def put(house: House, terms: Terms, plan: Plan, time: int, earlier: Sequence[Record] = ()) -> None:
    """Put a rule: keep what is pending where its conditions are unchanged, else start anew."""
    if house.trace is not None:
        house.leave_trace(terms.id, "put", time, enabled=terms.enabled)
    old = house.watches.get(terms.id)
    unchanged = old is not None and same_when(old.plan.spec, plan.spec)
    if old is not None and unchanged and old.enabled and terms.enabled:
        _adopt(house, old, terms, plan)
        _remember(house, old, earlier, time)
        return
    watch = Watch(terms, plan, time)
    if old is not None:
        drop(house, terms.id)
        if unchanged:
            watch.cool(old.cooldowns())
    install(house, watch)
    if earlier:
        _remember(house, watch, earlier, time)
    for running in list(watch.running()):
        running.begin(house, time)


def drop(house: House, id: str) -> None:
    """Drop a rule and everything that is pending of it."""
    watch = house.watches.pop(id, None)
    if watch is None:
        return
    watch.gone = True
    house.index.remove(watch)
    for source, holds in watch.reports_to(house.people):
        house.reporters[source] = tuple(other for other in house.reporters.get(source, ()) if other is not holds)


def install(house: House, watch: Watch) -> None:
    """Make a watch find its records."""
    house.watches[watch.id] = watch
    house.index.add(watch)
    house.keep = max(house.keep, watch.plan.span + DAY)
    for source, holds in watch.reports_to(house.people):
        house.reporters[source] = (*house.reporters.get(source, ()), holds)


def _adopt(house: House, watch: Watch, terms: Terms, plan: Plan) -> None:
    house.index.remove_seen(watch)
    watch.adopt(terms, plan)
    house.index.add_seen(watch)


def _remember(house: House, watch: Watch, earlier: Iterable[Record], put: int) -> None:
    """Give a watch the evidence from before it was put."""
    members = [*watch.members(), *watch.seen_members()]
    for record in earlier:
        time = instant(record.time)
        if time <= put:
            names = house.names_of(record)
            for target, _, of in members:
                if any(matcher.matches(record, names) for matcher in of):
                    target.remember(record, time)
                    if house.trace is not None and target.__class__ is not SeenTrack:
                        house.leave_trace(watch.id, "matched", time, (record.id,))
