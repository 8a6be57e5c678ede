"""From arrival order to one line of records: which are doubles, which are late, and what comes before what.

A place says where something happens in the order in which a home's log is decided. Places compare as tuples:
`(instant, 0, ..)` are deadlines, `(watermark, 1, arrival)` are records that came late, and `(time, 2, rank, 0)` are
the others, ranked by `(time, id)`. `(..., 1)` is right after a record.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from itertools import pairwise

from tests.reference.patterns import attribute_of, main_name
from tests.reference.units import DAY, Json, instant, length

Place = tuple[datetime, int, int, int]
Spot = tuple[str, str | None]  # a source, and a zone of it or None for all of it


def spot_of(record: Json) -> Spot:
    """Return what a health record is about."""
    zone = record.get("data", {}).get("zone")
    return record["source"], zone if isinstance(zone, str) else None


def _is_down(known: list[Fold], at: datetime) -> bool:
    """Return whether the last report at or before an instant says that its spot is offline."""
    past = [fold for fold in known if fold.time <= at]
    return bool(past) and past[-1].data["status"] != "online"


def deadline(at: datetime) -> Place:
    """Return the place where a deadline is decided."""
    return (at, 0, 0, 0)


def after(place: Place) -> Place:
    """Return the place right after a record."""
    return (*place[:3], 1)


def end_of(until: datetime) -> Place:
    """Return the place after everything due by `until`."""
    return (until, 3, 0, 0)


@dataclass(frozen=True, eq=False)
class Fold:
    """A record at its place. `watermark` is that of its arrival when it came late, else None.

    `sets` is false for a state or health that is older than what is known. `previous` is the report that an edge is
    measured against, None where there is none that counts.
    """

    place: Place
    record: Json
    time: datetime
    watermark: datetime | None = None
    sets: bool = True
    previous: Fold | None = None

    @property
    def id(self) -> str:
        """Return the record's id."""
        return str(self.record["id"])

    @property
    def data(self) -> Json:
        """Return the record's data."""
        found: Json = self.record.get("data", {})
        return found


@dataclass
class Timeline:
    """All records of a home, in the order in which they are decided."""

    home: Json
    begin: datetime
    until: datetime
    folds: list[Fold] = field(default_factory=list)

    def last_report(self, source: str, attribute: str | None, before: Place) -> Fold | None:
        """Return the newest report of a source that sets something and stands before a place."""
        meant = main_name(self.home, source, attribute or "state")
        known = [
            f
            for f in self.folds
            if f.place < before
            and f.record["type"] == "state"
            and f.record["source"] == source
            and f.sets
            and attribute_of(self.home, f.record) == meant
        ]
        return max(known, key=lambda f: (f.time, f.id), default=None)

    def health(self, spot: Spot, before: Place) -> list[Fold]:
        """Return what was reported of the health of a spot itself before a place, oldest first."""
        return [
            f
            for f in self.folds
            if f.record["type"] == "health" and spot_of(f.record) == spot and f.sets and f.place < before
        ]

    def offline(self, spot: Spot, start: datetime, stop: datetime, before: Place) -> tuple[float, bool]:
        """Return the seconds in [start, stop) in which a spot was offline, and whether it is at the end of what is known.

        A zone is offline while it or its source is: the instants at which either changes cut the span into pieces.
        """
        both = [self.health(one, before) for one in {spot, (spot[0], None)}]
        cuts = sorted({start, stop, *(f.time for known in both for f in known if start < f.time < stop)})
        pieces = pairwise(cuts)
        total = sum((end - cut).total_seconds() for cut, end in pieces if any(_is_down(known, cut) for known in both))
        return total, any(bool(known) and known[-1].data["status"] != "online" for known in both)


def timeline(home: Json, log: Iterable[Json], begin: datetime, until: datetime) -> Timeline:
    """Return the timeline of one home from a log in arrival order."""
    line = Timeline(home, begin, until)
    for fold in sorted(_placed(home, log, begin, until), key=lambda f: f.place):
        line.folds.append(_in_context(line, fold))
    return line


def _placed(home: Json, log: Iterable[Json], begin: datetime, until: datetime) -> list[Fold]:
    on_time: list[tuple[datetime, str, Json]] = []
    late: list[Fold] = []
    lateness, greatest = length(home.get("lateness", "2s")), None
    known: dict[str, datetime] = {}
    for number, record in enumerate(log):
        time = instant(record["time"])
        if record.get("home", home["home"]) != home["home"] or not begin <= time <= until:
            continue
        if record["type"] != "tick":
            if _is_double(known, record["id"], greatest or time):
                continue
            if greatest is not None and time < greatest - lateness:
                mark = greatest - lateness
                late.append(Fold((mark, 1, number, 0), record, time, mark))
            else:
                on_time.append((time, record["id"], record))
        greatest = max(greatest or time, time)
    on_time.sort(key=lambda entry: entry[:2])
    return late + [Fold((time, 2, rank, 0), record, time) for rank, (time, _, record) in enumerate(on_time)]


def _is_double(known: dict[str, datetime], name: str, now: datetime) -> bool:
    if name in known and now - known[name] <= DAY:
        return True
    known[name] = now
    return False


def _in_context(line: Timeline, fold: Fold) -> Fold:
    """Return the fold with what the records before it say about it."""
    if fold.record["type"] not in ("state", "health"):
        return fold
    last = _last_like(line, fold)
    if last is not None and (fold.time, fold.id) < (last.time, last.id):
        return Fold(fold.place, fold.record, fold.time, fold.watermark, sets=False)
    if last is not None and _went_blind(line, last):
        last = None
    return Fold(fold.place, fold.record, fold.time, fold.watermark, previous=last)


def _last_like(line: Timeline, fold: Fold) -> Fold | None:
    """Return the last record before it of the same source, type and attribute (of health: zone) that set something."""

    def kind(f: Fold) -> tuple[str, str, str | None]:
        of = attribute_of(line.home, f.record) if f.record["type"] == "state" else spot_of(f.record)[1]
        return f.record["type"], f.record["source"], of

    wanted = kind(fold)
    like = [f for f in line.folds if f.sets and f.record["type"] == wanted[0] and kind(f) == wanted]
    return like[-1] if like else None


def _went_blind(line: Timeline, report: Fold) -> bool:
    """Return whether the source of a report was not online at any time since, as far as is known."""
    health = line.health((report.record["source"], None), end_of(line.until))
    return any((f.time, f.id) > (report.time, report.id) and f.data["status"] != "online" for f in health)
