"""A backtest in English: a line for each date, then what that comes to and what to do about it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from rules.home import Home
from rules.rule import Occurs, Rule, leaf_conditions
from rules.words.firings import blind_sentences
from rules.words.times import at_moment, joined, often, on_short_date, time_of

if TYPE_CHECKING:
    from rules.backtest import Backtest, Day

SHOWN = 4  # times on a line before the rest is only counted
DATES = 5  # dates that a brief text shows
_STOPPED = {
    "guard": "a guard stopped it",
    "cooldown": "it had fired shortly before",
    "blind": "it could not tell, and says nothing then",
    "expired": "it had expired",
}


def backtest_text(tried: Backtest, rule: Rule, home: Home) -> str:
    """Return a small calendar: what the rule would have done on each date, and the totals."""
    zone = ZoneInfo(home.time_zone)
    if tried.began is None:
        return "No history yet: there are no records of this home, so nobody can say what the rule would have done."
    rows = [f"{on_short_date(each.day):<11} {day_text(each, home, zone)}" for each in tried.days]
    return "\n".join([*rows, "", *_summary(tried, rule, zone)])


def brief_text(tried: Backtest, rule: Rule, home: Home) -> str:
    """Return what the rule would have done in a few lines: the totals, then the last dates on which it would have told something."""
    zone = ZoneInfo(home.time_zone)
    told = [each for each in tried.days if each.firings]
    rows = [f"  {on_short_date(each.day):<11} {day_text(each, home, zone)}" for each in told[-DATES:]]
    more = [f"  and on {often_days(len(told) - DATES)} before."] if len(told) > DATES else []
    return "\n".join([*_summary(tried, rule, zone), *rows, *more])


def often_days(number: int) -> str:
    """Return `1 day`, `3 days`."""
    return "1 day" if number == 1 else f"{number} days"


def day_text(day: Day, home: Home, zone: ZoneInfo) -> str:
    """Return what the rule would have done on one date: `fired at noon; settled at 12:20 pm`."""
    said = "; ".join(
        [
            *_times("fired", day.fired, zone),
            *_times("could not tell", tuple(firing.time for firing in day.unknown), zone),
            *_times("taken back", day.times("corrected"), zone),
            *_times("settled", day.times("resolved"), zone),
        ]
    )
    blind = [sentence for firing in day.unknown for sentence in blind_sentences(firing.coverage, home, zone)]
    return " ".join([f"{said}." if blind else said, *dict.fromkeys(blind)]) if said else _nothing(day, zone)


def _times(what: str, times: tuple[int, ...], zone: ZoneInfo) -> Iterator[str]:
    if not times:
        return
    first = list(dict.fromkeys(time_of(time, zone) for time in times[:SHOWN]))
    if len(times) > SHOWN:
        yield f"{what} {often(len(times))}: at {', '.join(first)}, ..."
    else:
        yield f"{what} at {joined(first)}"


def _nothing(day: Day, zone: ZoneInfo) -> str:
    if not day.known:
        return "not known: the records begin later"
    if day.stopped:
        return "quiet: " + joined(f"{_STOPPED[what]}{_often(number)}" for what, number in day.stopped.items())
    if day.due is not None and not day.quiet:
        return f"not over: it decides at {time_of(day.due, zone)}"
    return "quiet" if day.quiet else "nothing"


def _often(number: int) -> str:
    return "" if number == 1 else f" {often(number)}"


def _summary(tried: Backtest, rule: Rule, zone: ZoneInfo) -> Iterator[str]:
    fired, unknown = tried.total("fired"), tried.total("unknown")
    would = f"would have fired {often(fired)}" if fired else "would never have fired"
    blind = f", and {often(unknown)} it could not have told whether to" if unknown else ""
    yield f"In {often_days(len(tried.days))} it {would}{blind}."
    if tried.total("corrected"):
        yield f"It would have taken back {tried.total('corrected')} of that: a report came late."
    if tried.too_often and tried.busiest is not None:
        yield f"That is {often(len(tried.busiest.fired))} on {on_short_date(tried.busiest.day)}. {_advice(rule)}"
    if not any(day.firings or day.quiet or day.stopped or day.due for day in tried.days):
        yield "Nothing in these records comes near it: check that its cameras and devices report what it waits for."
    if tried.began is not None and len(tried.days) < tried.asked:
        yield f"There is no history before {at_moment(tried.began, zone)}."


def _advice(rule: Rule) -> str:
    if any(isinstance(leaf, Occurs) and leaf.cooldown is None for leaf in leaf_conditions(rule.when)):
        return 'Give it a cooldown ("at most once in 30 minutes"), or say when it matters ("while nobody is home").'
    return 'Say more exactly when it matters ("while nobody is home", "between 10 pm and 6 am").'
