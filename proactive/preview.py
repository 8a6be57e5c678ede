"""Preview: what is shown of a rule before it is saved: what it would have done lately, with pictures, or why nobody can say."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from rules.backtest import Backtest, backtest, brief_text
from rules.home import Home
from rules.record import Record
from rules.rule import At, Holds, Rule, leaf_conditions
from rules.words.times import at_moment

if TYPE_CHECKING:
    from rules.firing import Firing

DAYS = 14
PICTURES = 3
_ENOUGH = 5  # decisions after which "each time" says something
NO_HISTORY = (
    "No history yet, so nobody can say what it would have done. "
    "Where Frigate watched before: proactive home history --frigate URL"
)


def preview(rule: Rule, home: Home, records: Iterable[Record], days: int = DAYS) -> str:
    """Return what a rule would have done on the last dates of a home's records, given in order of arrival; rules are not saved."""
    album = _Album(records)
    tried = backtest(rule, home, album, days)
    if tried.began is None or not album.reports:
        return NO_HISTORY
    fired = [firing for day in tried.days for firing in day.firings if firing.verdict == "fired"]
    told = [brief_text(tried, rule, home), *_always(rule, tried, fired), *album.pictures(fired, home)]
    return "\n".join(told)


class _Album:
    """Hands records on, and remembers which of them have a picture."""

    def __init__(self, records: Iterable[Record]) -> None:
        self._records = records
        self._taken: dict[str, str] = {}
        self.reports = 0

    def __iter__(self) -> Iterator[Record]:
        for record in self._records:
            self.reports += record.type in ("detection", "state", "event")
            if isinstance(picture := record.data.get("snapshot"), str):
                self._taken[record.id] = picture
            yield record

    def pictures(self, fired: list[Firing], home: Home) -> Iterator[str]:
        """Yield a line for the last pictures of what it would have fired at."""
        zone = ZoneInfo(home.time_zone)
        found = [(firing.time, self._taken[id]) for firing in fired for id in firing.evidence if id in self._taken]
        for time, picture in found[-PICTURES:]:
            yield f"  Picture: {picture} ({at_moment(time, zone)})"


def _always(rule: Rule, tried: Backtest, fired: list[Firing]) -> Iterator[str]:
    """Say so where a check found its condition true each time, or where what should hold never ended."""
    leaves = leaf_conditions(rule.when)
    stopped = sum(day.stopped.get("guard", 0) for day in tried.days)
    if rule.guards and len(fired) >= _ENOUGH and not stopped and all(isinstance(leaf, At) for leaf in leaves):
        yield "Its condition would have been true every time: say when it should not count, or expect it each time."
    ended = any(firing.verdict == "resolved" for day in tried.days for firing in day.firings)
    if len(leaves) == 1 and isinstance(leaves[0], Holds) and len(fired) == 1 and not ended and len(tried.days) > 1:
        yield "From then on it would have been true all the time, so it would have told you once."
