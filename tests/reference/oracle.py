"""What every rule says about a whole log, straight from the definitions of `docs/formats.md`, offline and slowly.

Nothing is folded as it comes. First the log is put into the order in which it counts (`timeline`), then each rule's
lives are found (`life`), and every condition is evaluated by looking at the complete list of records, as often as the
definition asks (`happenings`, `absences`, `guards`). It shares no code with `rules/`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from itertools import count as counting

from tests.reference.absences import absent, holds
from tests.reference.happenings import at, count, occurs, sequence
from tests.reference.life import Cooled, Decision, Life
from tests.reference.timeline import Place, Timeline, end_of, timeline
from tests.reference.units import Json, instant, length

CONDITIONS = {"occurs": occurs, "absent": absent, "sequence": sequence, "holds": holds, "count": count, "at": at}


def firings(
    homes: list[Json],
    log: Sequence[Json],
    since: datetime | None = None,
    until: datetime | None = None,
    rules: Iterable[Json] = (),
) -> list[Json]:
    """Return every firing as `{home, rule, time, verdict, evidence, pattern, about}`, in order of time, home and rule.

    `log` is in arrival order. `rules` are put at `since` (default: the least time in the log), before every record of
    that time. Records after `until` (default: the greatest time in the log) are not looked at.
    """
    times = [instant(record["time"]) for record in log]
    begin, end = since or min(times), until or max(times)
    found: list[Json] = []
    for home in homes:
        line = timeline(home, log, begin, end)
        found += _of_home(line, [rule for rule in rules if rule["home"] == home["home"]])
    return sorted(found, key=lambda f: (f["time"], f["home"], f["rule"]))


Change = tuple[Place, datetime, Json | None, list[Json]]


def _of_home(line: Timeline, rules: list[Json]) -> list[Json]:
    found = []
    for name, changes in sorted(_changes(line, rules).items()):
        for decision in _of_rule(line, changes):
            found.append(
                {
                    "home": line.home["home"],
                    "rule": name,
                    "time": decision.time,
                    "verdict": decision.verdict,
                    "evidence": list(decision.evidence),
                    "about": (decision.index, decision.key, decision.about),
                    "pattern": decision.pattern,
                }
            )
    return found


def _changes(line: Timeline, rules: list[Json]) -> dict[str, list[Change]]:
    """Return the puts and drops of each rule, in order: place, P, the rule (None when dropped), history."""
    found: dict[str, list[Change]] = {}
    number = counting(1)
    for rule in rules:
        found.setdefault(rule["id"], []).append(((line.begin, 0, next(number), 0), line.begin, rule, []))
    for fold in line.folds:
        at_ = fold.watermark or fold.time
        if fold.record["type"] == "rule.put":
            rule = fold.data["rule"]
            found.setdefault(rule["id"], []).append((fold.place, at_, rule, fold.data.get("history") or []))
        elif fold.record["type"] == "rule.drop":
            found.setdefault(fold.data["rule"], []).append((fold.place, at_, None, []))
    return found


def _of_rule(line: Timeline, changes: list[Change]) -> list[Decision]:
    found: list[Decision] = []
    life: Life | None = None
    for place, put, rule, history in changes:
        said, gone, cooled = _lived(life, place)
        if life and rule and not gone and _keeps(life, rule):
            life.versions.append((place, rule, history))
            continue
        found += said
        if not life or not rule or gone or not _same_when(life, rule):
            cooled = {}
        late = place[1] == 1
        life = Life(line, place, end_of(line.until), put, late, [(place, rule, history)], cooled) if rule else None
    return found + _lived(life, end_of(line.until))[0]


def _same_when(life: Life, rule: Json) -> bool:
    return bool(life.versions[-1][1]["when"] == rule["when"])


def _keeps(life: Life, rule: Json) -> bool:
    return _same_when(life, rule) and life.versions[-1][1].get("enabled", True) and rule.get("enabled", True)


def _lived(life: Life | None, end: Place) -> tuple[list[Decision], bool, Cooled]:
    """Return what a life says until it ends, whether `once` has ended it before, and the cooldowns it leaves."""
    if life is None or not life.versions[-1][1].get("enabled", True):
        return [], False, life.cooled if life else {}
    lived = replace(life, end=end, cooled=dict(life.cooled), taken=set())
    said: list[Decision] = []
    conditions = list(enumerate(_leaves(life.versions[-1][1]["when"])))
    for index, when in sorted(conditions, key=lambda pair: _comes_last(pair[1])):
        found = CONDITIONS[when["op"]](lived, index, when)
        lived.taken |= {(decision.subject, decision.verdict) for decision in found}
        said += found
    said, gone = _until_gone(lived, sorted(said, key=lambda d: (d.place, d.index, d.key or "", d.started)))
    return said, gone, lived.cooled


def _comes_last(when: Json) -> bool:
    """Return whether what a condition decides comes after every deadline of its instant: it holds at once."""
    return when["op"] == "holds" and not length(when.get("lasting") or "0s")


def _leaves(when: Json) -> list[Json]:
    if when["op"] != "any":
        return [when]
    return [leaf for inner in when["conditions"] for leaf in _leaves(inner)]


def _until_gone(life: Life, decisions: list[Decision]) -> tuple[list[Decision], bool]:
    """Drop what has expired, and everything after the `fired` of a `once`."""
    kept: list[Decision] = []
    for decision in decisions:
        if life.expired(decision.time, decision.place):
            continue
        kept.append(decision)
        if decision.verdict == "fired" and life.rule(decision.place).get("once"):
            return kept, True
    return kept, False
