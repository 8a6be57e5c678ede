"""Tried: what a rule would have done in the last 14 days, as a small calendar: fired, quiet, could not tell."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from proactive.preview import DAYS, NO_HISTORY
from proactive.rereading import past_for
from rules.backtest import Backtest, Day, backtest
from rules.calendar import zone_of
from rules.home import Home
from rules.record import Record
from rules.rule import Rule
from rules.words.calendars import brief_text, day_text
from rules.words.times import on_short_date

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from proactive.settings import Settings
    from streams.log import Log

Sign = Literal["fired", "unknown", "quiet", "due", "nothing"]
SIGNS: dict[Sign, str] = {
    "fired": "fired",
    "unknown": "could not tell",
    "quiet": "quiet",
    "due": "not over",
    "nothing": "nothing",
}


@dataclass(frozen=True, slots=True)
class Tried:
    """A day of the calendar: its date, its number in the month, its sign, and what would have happened in words."""

    date: str
    number: int
    sign: Sign
    words: str


@dataclass(frozen=True, slots=True)
class Preview:
    """What a rule would have done: a sentence, and the days; no days where there is no history.

    `fired` are the occurrences at which it would have fired.
    """

    words: str
    days: tuple[Tried, ...] = ()
    fired: tuple[str, ...] = ()


def tried(rule: Rule, home: Home, settings: Settings, log: Log) -> Preview:
    """Return what a rule would have done on the last days of a home's records."""
    heard = _Heard(past_for(settings, log, home, [rule]))
    found = backtest(rule, home, heard, DAYS)
    if found.began is None or not heard.any:
        return Preview(NO_HISTORY.partition(". ")[0] + ".")
    fired = tuple(each.occurrence for day in found.days for each in day.firings if each.verdict == "fired")
    return Preview(_summary(found, rule, home), tuple(_tried(day, home) for day in found.days), fired)


class _Heard:
    """Hands records on, and remembers whether anything was reported."""

    def __init__(self, records: Iterable[Record]) -> None:
        self._records, self.any = records, False

    def __iter__(self) -> Iterator[Record]:
        for record in self._records:
            self.any = self.any or record.type in ("detection", "state", "event")
            yield record


def _summary(found: Backtest, rule: Rule, home: Home) -> str:
    return " ".join(line for line in brief_text(found, rule, home).splitlines() if not line.startswith("  "))


def _tried(day: Day, home: Home) -> Tried:
    return Tried(on_short_date(day.day), day.day.day, _sign(day), day_text(day, home, zone_of(home)))


def _sign(day: Day) -> Sign:
    if day.fired:
        return "fired"
    if day.unknown or day.stopped.get("blind"):
        return "unknown"
    if day.quiet or day.stopped:
        return "quiet"
    return "due" if day.known and day.due is not None else "nothing"


def same(one: Preview, other: Preview) -> bool:
    """Tell whether two rules would have done the same."""
    return _signs(one.days) == _signs(other.days)


def _signs(days: Sequence[Tried]) -> list[tuple[str, str]]:
    return [(day.sign, day.words) for day in days]
