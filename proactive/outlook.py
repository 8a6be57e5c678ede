"""Outlook: how a rule stands now and what comes next, as a person would say it: "3 h 12 min to noon; not seen yet".

Read off the log alone: its pending deadlines are the engine's own, its records the evidence so far. Nothing is decided here.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal
from zoneinfo import ZoneInfo

from rules.calendar import local, window_on, zone_of
from rules.home import Home
from rules.match import compile_pattern
from rules.record import Record
from rules.rule import Absent, At, Rule, condition_patterns, leaf_conditions
from rules.units import DAY, HOUR, MINUTE, instant, moment, seconds_of_day
from rules.words.names import called
from rules.words.times import joined, on_short_date, time_of

if TYPE_CHECKING:
    from streams.log import Log

# `watching`: it may happen any time; `waiting`: a time is coming; `well`: what was to be seen was seen; `blind`: what it
# rests on cannot be seen now; `off`: paused, or its time is over.
Mood = Literal["watching", "waiting", "well", "blind", "off"]


@dataclass(frozen=True, slots=True)
class Outlook:
    """How a rule stands: its mood, in words, when it decides next, and the last thing seen that counts, if any."""

    mood: Mood
    words: str
    due: int | None = None
    seen: Record | None = None


@dataclass(frozen=True, slots=True)
class _Now:
    """What the log says at an instant: the soonest deadline of each rule, and which sources are offline."""

    home: Home
    log: Log
    time: int
    due: dict[str, int]
    offline: frozenset[str]

    @property
    def zone(self) -> ZoneInfo:
        return zone_of(self.home)


def outlooks(rules: Iterable[Rule], home: Home, log: Log | None, now: int) -> dict[str, Outlook]:
    """Return how some rules of a home stand at `now`, in microseconds since the epoch, by id; without a log nobody watches."""
    if log is None:
        return {rule.id: _off(rule, now) or Outlook("blind", "Nobody is watching yet.") for rule in rules}
    due: dict[str, int] = {}
    for of, rule, at in log.deadlines():
        if of == home.home:
            due.setdefault(rule, at)
    offline = frozenset(each.source for each in log.sources() if each.home == home.home and not each.online)
    known = _Now(home, log, now, due, offline)
    return {rule.id: _outlook(rule, known) for rule in rules}


def _outlook(rule: Rule, now: _Now) -> Outlook:
    if (off := _off(rule, now.time)) is not None:
        return off
    found = _standing(rule, now)
    if lost := [source for source in _sources(rule) if source in now.offline]:
        names = joined(called(source, now.home) for source in lost)
        words = f"{found.words} But {names} {'is' if len(lost) == 1 else 'are'} offline, so I may not be able to tell."
        return Outlook("blind", words, found.due, found.seen)
    return found


def _off(rule: Rule, now: int) -> Outlook | None:
    if not rule.enabled:
        return Outlook("off", "Paused. Nothing happens until somebody resumes it.")
    if rule.expires is not None and instant(rule.expires) <= now:
        return Outlook("off", "Its time is over.")
    return None


def _standing(rule: Rule, now: _Now) -> Outlook:
    due = now.due.get(rule.id)
    leaves = leaf_conditions(rule.when)
    if due is None and all(isinstance(leaf, Absent | At) for leaf in leaves):
        # A change counts once the lateness of the home has passed: a few seconds.
        return Outlook("watching", "Made just now; it starts in a moment.")
    if due is None:
        return Outlook("watching", "You hear of it as soon as it happens.")
    if len(leaves) == 1 and isinstance(leaves[0], Absent):
        window = leaves[0].window
        return _before(due, leaves[0], now) if window is None else _in_window(due, leaves[0], now)
    if all(isinstance(leaf, At) for leaf in leaves):
        return Outlook("waiting", f"Next {_at(due, now)}, in {_left(due - now.time)}.", due)
    return Outlook("waiting", f"Something began: I decide in {_left(due - now.time)}, {_at(due, now)}.", due)


def _before(due: int, condition: Absent, now: _Now) -> Outlook:
    """Return how an absence of a duration stands."""
    assert condition.duration is not None
    words = f"{_left(due - now.time)} left, {_until(due, now)}, unless it is seen before."
    return Outlook("waiting", words, due)


def _in_window(due: int, condition: Absent, now: _Now) -> Outlook:
    """Return how a daily window stands whose end is due next."""
    start = _start(due, condition, now.zone)
    if now.time < start:
        words = f"Rests until {_clock(start, now)}. Then I look until {_clock(due, now)}."
        return Outlook("watching", words, due)
    seen = _last_match(condition, start, now)
    if seen is not None:
        words = f"Seen at {time_of(_minute(instant(seen.time)), now.zone)}, so all is well {_until(due, now)}."
        return Outlook("well", words, due, seen)
    return Outlook("waiting", f"{_left(due - now.time)} {_until(due, now, 'to')}. Not seen yet.", due)


def _start(due: int, condition: Absent, zone: ZoneInfo) -> int:
    """Return when the window began that ends at `due`."""
    window = condition.window
    assert window is not None
    clocks = seconds_of_day(window.start), seconds_of_day(window.until)
    day = local(zone, due)[0]
    return next(
        (start for each in (day, day - 1) for start, end in [window_on(zone, each, *clocks)] if end == due), due
    )


def _last_match(condition: Absent, since: int, now: _Now) -> Record | None:
    """Return the last record since an instant that the condition waits for, or None."""
    found = [
        record
        for pattern, matcher in ((pattern, compile_pattern(pattern)) for pattern in condition.of)
        for record in now.log.reports(now.home.home, pattern.source, since, now.time + 1)
        if matcher.matches(record, None)
    ]
    return max(found, key=lambda record: (record.time, record.id), default=None)


def _sources(rule: Rule) -> list[str]:
    return list(dict.fromkeys(source for each in condition_patterns(rule.when) for source in each.source or ()))


# --- words ------------------------------------------------------------------------------------------------------


def _left(span: int) -> str:
    """Return what is left as `3 h 12 min`, rounded up to minutes, so that it is never said to be over too early."""
    minutes = max(1, -(-span // MINUTE))
    if minutes >= 2 * DAY // MINUTE:
        return f"{minutes // (DAY // MINUTE)} days"
    hours, rest = divmod(minutes, HOUR // MINUTE)
    return " ".join(filter(None, [f"{hours} h" if hours else "", f"{rest} min" if rest else ""]))


def _minute(time: int) -> int:
    return time - time % MINUTE


def _clock(time: int, now: _Now) -> str:
    """Return a time of day, with its date where that is not today."""
    there, today = moment(time).astimezone(now.zone), moment(now.time).astimezone(now.zone).date()
    words = time_of(time, now.zone)
    if there.date() == today:
        return words
    if words == "midnight" and (there.date() - today).days == 1:
        return words
    return f"{words} tomorrow" if (there.date() - today).days == 1 else f"{words} on {on_short_date(there.date())}"


def _at(time: int, now: _Now) -> str:
    return f"at {_clock(time, now)}"


def _until(time: int, now: _Now, word: str = "until") -> str:
    return f"{word} {_clock(time, now)}"
