"""Scenes: what makes a rule decide, or only just not. A log is some scenes of the rules in question, and some noise."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime
from random import Random

from benchmarks.nl.interest import Interest, Leaf
from benchmarks.nl.stage import Stage
from rules.calendar import local, resolve, sun_is_up, sun_time, weekday, zone_of
from rules.home import Home
from rules.record import Record
from rules.rule import (
    Absent,
    AllGuard,
    AnyGuard,
    At,
    BetweenGuard,
    Count,
    DaysGuard,
    Guard,
    Holds,
    NotGuard,
    Occurs,
    Pattern,
    Rule,
    Sequence,
    SunGuard,
    leaf_conditions,
)
from rules.units import DAY, HOUR, MINUTE, SECOND, microseconds, seconds_of_day

NOW = datetime(2026, 3, 9, 15, tzinfo=UTC)  # a Monday, when every request of a benchmark is made
_WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
# The clocks change in New York on 8 March, in Europe on 29 March, in both in autumn; a summer week has none.
_BEGINNINGS = (date(2026, 3, 4), date(2026, 3, 25), date(2026, 10, 22), date(2026, 10, 29), date(2026, 6, 10))
_ASIDE = (0, SECOND, MINUTE, 7 * MINUTE, 50 * MINUTE, 3 * HOUR)
_SHARES = (0.3, 0.6, 0.9, 0.99, 1.0, 1.01, 1.1, 1.6, 2.5)


@dataclass(frozen=True)
class Log:
    """Records in order of time, from an instant to an instant (microseconds)."""

    records: tuple[Record, ...]
    since: int
    until: int


def make_log(home: Home, about: Interest, random: Random) -> Log:
    """Return a log that is about some rules: quiet or busy, with or without stretches that nobody saw."""
    scenes = _Scenes(home, about, random)
    scenes.set()
    for _ in range(random.choice([2, 6, 14, 30])):
        scenes.play(random.choice(about.rules))
    for _ in range(random.choice([0, 4, 30])):
        scenes.stage.anything(scenes.sometime())
    scenes.blind()
    inside = (record for record in scenes.stage.records() if scenes.since <= _instant(record) <= scenes.until)
    return Log(tuple(inside), scenes.since, scenes.until)


def _instant(record: Record) -> int:
    return int(record.time.timestamp() * SECOND)


class _Scenes:
    def __init__(self, home: Home, about: Interest, random: Random) -> None:
        self.home, self.about, self.random = home, about, random
        self.zone = zone_of(home)
        self.stage = Stage(home, about, random)
        # A rule that ends, or is for a date, was made now.
        bound = about.dates or any(rule.expires for rule in about.rules)
        self.day = NOW.toordinal() if bound else random.choice(_BEGINNINGS).toordinal()
        self.since = int(NOW.timestamp() * SECOND) if bound else resolve(self.zone, self.day, 0)
        self.until = resolve(self.zone, self.day + about.days, 0)

    # --- times --------------------------------------------------------------------------------------------------

    def sometime(self) -> int:
        """Return a time anywhere, half of them on or near a clock that a rule speaks of."""
        day = self.day + self.random.randrange(self.about.days)
        if self.about.clocks and self.random.random() < 0.5:
            return resolve(self.zone, day, self.random.choice(self.about.clocks)) + self._aside()
        return resolve(self.zone, day, 0) + self.random.randrange(DAY // SECOND) * SECOND

    def _aside(self) -> int:
        return self.random.choice((1, -1)) * self.random.choice(_ASIDE)

    def _moment(self, guards: tuple[Guard, ...]) -> int:
        """Return a time at which the guards' days and hours are right, mostly."""
        time = self.sometime()
        for _ in range(40 if self.random.random() < 0.8 else 0):
            if all(True in self._can(guard, time) for guard in guards):
                break
            time = self.sometime()
        return time

    def _can(self, guard: Guard, time: int) -> set[bool]:
        """Return what a guard can be at a time, whatever the states are."""
        match guard:
            case NotGuard():
                return {not truth for truth in self._can(guard.negated, time)}
            case AnyGuard():
                return _joined([self._can(inner, time) for inner in guard.any], any)
            case AllGuard():
                return _joined([self._can(inner, time) for inner in guard.all], all)
            case BetweenGuard():
                begin, end = map(seconds_of_day, guard.between)
                clock = local(self.zone, time)[1]
                return {begin <= clock < end if begin < end else clock >= begin or clock < end}
            case DaysGuard():
                return {_WEEKDAYS[weekday(local(self.zone, time)[0])] in guard.days}
            case SunGuard() if self.home.location:
                return {sun_is_up(self.home.location, self.zone, time) == (guard.sun == "up")}
            case _:
                return {True, False}

    # --- the log ------------------------------------------------------------------------------------------------

    def set(self) -> None:
        """Report at the beginning how most things stand that the rules ask for."""
        for guard in self.about.guards:
            if self.random.random() < 0.85:
                self.stage.arrange(guard, self.random.random() < 0.3, self.since + SECOND)
        for pattern in self.about.patterns:
            if "state" in (pattern.type or ()) and self.random.random() < 0.85:
                self.stage.miss(pattern, self.since + 10 * MINUTE)

    def blind(self) -> None:
        """Take some sources offline for a while, in a third of the logs."""
        named = {source for pattern in self.about.patterns for source in pattern.source or ()}
        if named and self.random.random() < 0.35:
            for _ in range(self.random.choice([1, 2, 4])):
                source = self.random.choice(sorted(named))
                self.stage.outage(source, self.sometime(), self.random.choice([MINUTE, 12 * MINUTE, 3 * HOUR, 2 * DAY]))

    def play(self, rule: Rule) -> None:
        """Do what makes a rule decide, or all but one thing of it."""
        time = self._moment(rule.guards)
        odd = self.random.choice(rule.guards) if rule.guards and self.random.random() < 0.35 else None
        before = time - self.random.choice([SECOND, MINUTE, 40 * MINUTE, 3 * HOUR])
        leaf = self.random.choice(leaf_conditions(rule.when))
        if isinstance(leaf, Absent | At):
            time = self._decision(leaf, time)
            before = time - self.random.choice([SECOND, MINUTE, 40 * MINUTE])
        for guard in rule.guards:
            self.stage.arrange(guard, guard is not odd, before)
        self._happen(leaf, time)

    def _decision(self, leaf: Absent | At, time: int) -> int:
        """Return when a window ends or an `at` is due on the date of a time, or the time itself."""
        day = local(self.zone, time)[0]
        if isinstance(leaf, At):
            if leaf.sun and self.home.location:
                offset = self._offset(leaf.offset)
                return (sun_time(self.home.location, self.zone, day, leaf.sun) or time) + offset
            day = leaf.date.toordinal() if leaf.date else day
            return resolve(self.zone, day, seconds_of_day(leaf.time)) if leaf.time else time
        return resolve(self.zone, day, seconds_of_day(leaf.window.until)) if leaf.window else time

    @staticmethod
    def _offset(text: str | None) -> int:
        return 0 if not text else -microseconds(text[1:]) if text.startswith("-") else microseconds(text)

    # --- one scene for each kind of condition -------------------------------------------------------------------

    def _happen(self, leaf: Leaf, time: int) -> None:
        match leaf:
            case Occurs():
                self._occurs(leaf, time)
            case Absent():
                self._absent(leaf, time)
            case Sequence():
                self._sequence(leaf, time)
            case Holds():
                self._holds(leaf, time)
            case Count():
                self._count(leaf, time)
            case At():
                pass  # its guards are the scene

    def _some(self, patterns: tuple[Pattern, ...], time: int, lasting: int | None = None) -> None:
        """Make one of the patterns match, or now and then only nearly."""
        pattern = self.random.choice(patterns)
        if self.random.random() < 0.2:
            self.stage.miss(pattern, time)
        else:
            self.stage.match(pattern, time, lasting)

    def _share(self, length: int) -> int:
        return int(length * self.random.choice(_SHARES))

    def _occurs(self, leaf: Occurs, time: int) -> None:
        wait = microseconds(leaf.lasting or leaf.after or "0s")
        self._some(leaf.of, time - wait, self._share(wait) if leaf.lasting else None)
        if self.random.random() < 0.4:
            self._some(leaf.of, time - wait + self._share(microseconds(leaf.cooldown or "1m")))

    def _absent(self, leaf: Absent, time: int) -> None:
        if leaf.duration:
            self._some(leaf.of, time - microseconds(leaf.duration))
            if self.random.random() < 0.3:
                self._some(leaf.of, time - self._share(microseconds(leaf.duration)) // 2)
            return
        begin, until = (seconds_of_day(leaf.window.start), seconds_of_day(leaf.window.until)) if leaf.window else (0, 0)
        length = ((until - begin) % 86_400 or 86_400) * SECOND
        near = (time - length, time - length - SECOND, time - length - HOUR, time - SECOND, time, time + 5 * MINUTE)
        if self.random.random() < 0.6:
            inside = time - int(length * self.random.random())
            self._some(leaf.of, self.random.choice((*near, inside, inside)))

    def _sequence(self, leaf: Sequence, time: int) -> None:
        within = microseconds(leaf.within)
        begin = time - within if leaf.missing else time - self._share(within)
        self._some(leaf.first, begin)
        if not leaf.missing:
            self._some(leaf.then, time)
        elif self.random.random() < 0.5:
            self._some(leaf.then, begin + self._share(within))

    def _holds(self, leaf: Holds, time: int) -> None:
        begin = time - microseconds(leaf.lasting)
        self.stage.arrange(leaf.state, False, begin - self.random.choice([SECOND, MINUTE, HOUR]))
        self.stage.arrange(leaf.state, self.random.random() < 0.85, begin)
        if self.random.random() < 0.5:
            self.stage.arrange(leaf.state, self.random.random() < 0.3, begin + self._share(microseconds(leaf.lasting)))

    def _count(self, leaf: Count, time: int) -> None:
        number = max(1, leaf.at_least + self.random.choice([-1, 0, 0, 0, 1, 2]))
        span = int(microseconds(leaf.within) * self.random.choice([0.2, 0.5, 0.95, 1.0, 1.05, 1.5]))
        for step in range(number):
            self._some(leaf.of, time - span * step // max(1, number - 1), 20 * SECOND)


def _joined(parts: list[set[bool]], join: object) -> set[bool]:
    """Return what `any` or `all` of some guards can be."""
    wins = join is any
    found = {wins} if any(wins in part for part in parts) else set()
    return found | ({not wins} if all(wins not in part for part in parts) else set())
