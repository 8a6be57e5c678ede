"""Why a day went as it did: the log is folded once more with traces, and what it decided that day is put into words."""

from __future__ import annotations

from datetime import date
from zoneinfo import ZoneInfo

from proactive.notify.text import happening
from rules.engine import Engine
from rules.explain import explain_firing
from rules.home import Home
from rules.record import Record, decode
from rules.rule import Rule
from rules.trace import Trace
from rules.units import moment
from rules.words.times import at_moment
from streams.log import Log


def explain_day(log: Log, home: Home, rule: Rule, day: date) -> str:
    """Return what the rule decided on a local date and why, from a second fold of the same log."""
    zone = ZoneInfo(home.time_zone)
    traces: list[Trace] = []
    records = [decode(line) for line in log.lines()]
    firings = Engine([home], since=log.beginning(), trace=traces.append).receive(records)
    said = [
        (firing.time, explain_firing(firing, rule, home))
        for firing in firings
        if moment(firing.time).astimezone(zone).date() == day
    ]
    said += [
        (trace.time, _quiet(trace, traces, log, home))
        for trace in traces
        if trace.what == "quiet" and moment(trace.time).astimezone(zone).date() == day
    ]
    return " ".join(text for _, text in sorted(said)) or "Nothing was decided."


def _quiet(trace: Trace, traces: list[Trace], log: Log, home: Home) -> str:
    seen = [one for one in traces if one.what == "matched" and one.time == trace.detail.get("last")]
    evidence: list[Record] = log.records(home.home, seen[-1].evidence) if seen else []
    because = "; ".join(happening(record, home) for record in evidence)
    return f"At {at_moment(trace.time, ZoneInfo(home.time_zone))} all was well: {because}."
