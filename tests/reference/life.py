"""A rule's life: from the put that starts it anew to the put or drop that ends it, and what it knows meanwhile."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial

from tests.reference.guards import View, all_leaves, all_of, guarded, truth
from tests.reference.patterns import REPORTS, any_matches, as_list, watched, which
from tests.reference.timeline import Fold, Place, Spot, Timeline, after
from tests.reference.units import DAY, Json, instant, length

LONGEST_TOLERANCE = timedelta(minutes=10)
Key = str | None
Subject = tuple[str, object]
Cooled = dict[tuple[int, Key], datetime]


@dataclass(frozen=True)
class Match:
    """A record that matched a slot: a fold, or a record of the history that a put brought (then `known` is the put)."""

    record: Json
    time: datetime
    known: Place
    watermark: datetime | None = None

    @property
    def id(self) -> str:
        """Return the record's id."""
        return str(self.record["id"])


@dataclass(frozen=True)
class Decision:
    """Something a condition says: at a place, about a record or a deadline; `pattern` is the one that its record matched."""

    place: Place
    index: int
    key: Key
    started: Place
    time: datetime
    verdict: str
    evidence: tuple[str, ...]
    subject: Subject
    about: str
    pattern: int | None = None


@dataclass
class Life:
    """One stretch in which a rule keeps what it knows. `put` is the instant P from which it counts.

    `late` tells whether the put came late: what it finds holding starts no deadline at P, which is the watermark then.
    `taken` are the records and deadlines about which an earlier condition of an `any` has spoken, with its verdict.
    """

    line: Timeline
    start: Place
    end: Place
    put: datetime
    late: bool
    versions: list[tuple[Place, Json, list[Json]]]
    cooled: Cooled = field(default_factory=dict)
    taken: set[tuple[Subject, str]] = field(default_factory=set)

    @property
    def home(self) -> Json:
        """Return the home."""
        return self.line.home

    def rule(self, at: Place) -> Json:
        """Return the version of the rule in force at a place."""
        return [rule for place, rule, _ in self.versions if place < at][-1]

    def folds(self) -> list[Fold]:
        """Return the records that the rule is given, in order."""
        return [f for f in self.line.folds if self.start < f.place < self.end]

    def keyed(self, per: str | None, key: Key) -> list[Fold]:
        """Return the records of one `per` key."""
        return [f for f in self.folds() if per is None or f.record.get(per) == key]

    def keys(self, per: str | None) -> list[Key]:
        """Return the `per` keys that records bring; None alone without `per`."""
        if per is None:
            return [None]
        return sorted({f.record[per] for f in self.folds() if f.record.get(per) is not None})

    def memory(self, before: Place, seen: Json) -> list[Json]:
        """Return every report that a `seen` guard has been given before a place, each once: since the put that brought the guard."""
        versions = [version for version in self.versions if version[0] < before]
        having = [{"seen": seen} in all_leaves(rule.get("while") or ()) for _, rule, _ in versions]
        first = len(having) - having[::-1].index(False) if False in having else 0
        given = [record for _, _, history in versions[first:] for record in history]
        given += [f.record for f in self.folds() if versions[first][0] < f.place < before]
        return [record for record in {r["id"]: r for r in given}.values() if record["type"] in REPORTS]

    def evidence(self, patterns: list[Json], per: str | None, key: Key) -> list[Match]:
        """Return the matches that count for an absence, in the order in which they became known."""
        history = [(record, instant(record["time"])) for record in self.versions[0][2]]
        found = [Match(record, time, self.start) for record, time in history if time <= self.put]
        found += [Match(f.record, f.time, f.place, f.watermark) for f in self.folds()]
        return [m for m in found if self._counts(patterns, m.record) and (per is None or m.record.get(per) == key)]

    def _counts(self, patterns: list[Json], record: Json) -> bool:
        return record["type"] in REPORTS and any_matches(self.home, patterns, record)

    def spots(self, patterns: list[Json], per: str | None, key: Key) -> set[Spot]:
        """Return the spots that an absence of a key rests on: those of the patterns that can match it."""
        able = [p for p in patterns if per is None or p.get(per) is None or key in as_list(p[per])]
        if per == "source" and key is not None:
            return watched(able, key) or {(key, None)}
        return watched(able)

    def which(self, patterns: list[Json], match: Match | Fold) -> int | None:
        """Return the number of the pattern that a match counts by: the first that it matches."""
        return which(self.home, patterns, match.record)

    def happenings(self, patterns: list[Json], per: str | None, key: Key) -> list[Fold]:
        """Return the records that match a slot of `occurs`, `sequence` or `count`: edges only, an episode once."""
        found: list[Fold] = []
        for fold in self.keyed(per, key):
            if fold.time >= self.put and self._happens(patterns, fold) and not self._again(found, fold):
                found.append(fold)
        return found

    def _happens(self, patterns: list[Json], fold: Fold) -> bool:
        if not self._counts(patterns, fold.record):
            return False
        if fold.record["type"] != "state":
            return True
        return fold.previous is not None and not any_matches(self.home, patterns, fold.previous.record)

    def _again(self, found: list[Fold], fold: Fold) -> bool:
        """Return whether an earlier match of the same episode is still remembered."""
        episode = fold.data.get("episode")
        earlier = [f for f in found if episode is not None and f.data.get("episode") == episode]
        return bool(earlier) and not self._forgotten(earlier[-1], fold)

    def _forgotten(self, match: Fold, now: Fold) -> bool:
        """Return whether the episode has ended, or been silent for more than a day, since it matched.

        The first part of a place is when the record counts: its time, or its arrival where it came late.
        """
        silent_since = match.place[0]
        for fold in self.episode(now.data["episode"]):
            if match.place < fold.place <= now.place:
                if fold.place[0] - silent_since > DAY:
                    return True
                silent_since = fold.place[0]
            if match.place <= fold.place < now.place and fold.data.get("phase") == "end":
                return True
        return False

    def episode(self, name: str) -> list[Fold]:
        """Return the records of an episode, whoever reports them, and from before the rule was put too."""
        return [f for f in self.line.folds if f.place < self.end and f.data.get("episode") == name]

    def allows(self, at: datetime, place: Place, judged: Fold | None = None) -> bool:
        """Return whether the rule may be `fired` at an instant, with the records before a place."""
        subject: Subject = ("record", judged.id) if judged else ("due", at)
        return (subject, "fired") not in self.taken and self._passes(at, place, judged)

    def _passes(self, at: datetime, place: Place, judged: Fold | None = None) -> bool:
        """Return whether the guards and `expires` let the rule say anything at an instant."""
        if self.expired(at, place):
            return False
        before = after(judged.place) if judged else place
        late = judged is not None and judged.watermark is not None
        view = View(self.line, at, before, partial(self.memory, before), judged.id if judged else None, late)
        return all_of(truth(guard, view) for guard in self.rule(place).get("while") or ()) is True

    def expired(self, at: datetime, place: Place) -> bool:
        """Return whether nothing may fire any more at an instant."""
        expires = self.rule(place).get("expires")
        return expires is not None and at >= instant(expires)

    def judge(self, span: tuple[datetime, datetime], place: Place, rests_on: Iterable[Spot]) -> str | None:
        """Return the verdict of something that did not happen in [from, D), or None when nothing is told."""
        start, stop = span
        rule = self.rule(place)
        if not self._passes(stop, place):
            return None
        spots = set(rests_on) | guarded(self.home, rule.get("while") or ())
        verdict: str | None = "fired"
        if any(self._blind(spot, start, stop, place) for spot in spots):
            verdict = {"tell": "unknown", "ignore": None, "fire": "fired"}[rule.get("unknown") or "tell"]
        return None if (("due", stop), verdict) in self.taken else verdict

    def _blind(self, spot: Spot, start: datetime, stop: datetime, place: Place) -> bool:
        text = self.rule(place).get("blind_tolerance")
        tolerance = length(text) if text is not None else min(LONGEST_TOLERANCE, (stop - start) / 10)
        seconds, now = self.line.offline(spot, start, stop, place)
        return now or seconds > tolerance.total_seconds()
