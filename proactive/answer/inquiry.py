"""An inquiry: a query with everything that it takes to answer it. What each kind of answer shares is here."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from proactive.access.access import May
from proactive.answer.answer import Answer, Verdict
from proactive.answer.archive import Archive
from proactive.answer.blindness import Blind, blind
from proactive.answer.happening import Asked
from proactive.answer.said import Telling
from proactive.language.query import Query
from proactive.notification import Notification
from rules.coverage import Spot, zone_of
from rules.home import Home
from rules.match import spots_of
from rules.record import Record
from rules.rule import Pattern, Rule, Scalar
from rules.units import instant
from rules.words.clauses import Clause, clause
from rules.words.names import called, plain
from rules.words.times import joined
from rules.words.values import attribute, value


@dataclass(frozen=True, slots=True)
class Inquiry:
    """A query about a home, asked at `now`: its period `since` to `until`, both known, and what may be told."""

    query: Query
    archive: Archive
    home: Home
    now: int
    since: int
    until: int
    asked: Asked
    may: May
    rules: tuple[Rule, ...] = ()
    notices: tuple[Notification, ...] | None = ()
    asker: str | None = None
    tell: Telling = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "tell", Telling(self.home, self.now))

    @property
    def sources(self) -> tuple[str, ...] | None:
        """Return the sources that are asked, None where it is all of them."""
        return self.query.sources

    @property
    def zones(self) -> list[Spot]:
        """Return the zones that are asked about."""
        return [spot for spot in spots_of(self.asked.matchers) if zone_of(spot)]

    @property
    def when(self) -> str:
        """Return the period in words with a space before it, or nothing where none was said."""
        return f" {self.query.period.called}" if self.query.period.called else ""

    def blind(self, since: int | None = None, until: int | None = None) -> list[Blind]:
        """Return what could not be seen of the sources in the period, or in another."""
        start, end = self.since if since is None else since, self.until if until is None else until
        return blind(self.archive, self.sources, start, end, self.zones)

    def allowed(self, records: Iterable[Record]) -> list[Record]:
        """Return the records that the asker may be told of."""
        return [record for record in records if self.may(record)]


def unsure(inquiry: Inquiry, stretches: Sequence[Blind], seen: str, evidence: Iterable[Record] = ()) -> Answer:
    """Return the answer of one who saw nothing, and could not see all of the time."""
    told = inquiry.tell.blind(stretches)
    if _is_whole(stretches, inquiry):
        text = f"I can't tell: {told}."
    else:
        text = f"{seen}, but {told}, so I can't be sure."
    return answered("unknown", text, evidence, stretches)


def _is_whole(stretches: Sequence[Blind], inquiry: Inquiry) -> bool:
    """Say whether nothing at all could be seen."""
    whole = [s for s in stretches if s.since <= inquiry.since and s.until >= inquiry.until]
    named = {stretch.source for stretch in whole}
    return "" in named or (inquiry.sources is not None and set(inquiry.sources) <= named)


def answered(
    verdict: Verdict,
    text: str,
    evidence: Iterable[Record] = (),
    stretches: Iterable[Blind] = (),
    value: float | str | bool | None = None,
) -> Answer:
    """Return an answer with its evidence once each, in order of time, and its first letter large."""
    unique = {record.id: record for record in evidence}
    found = sorted(unique.values(), key=lambda record: (instant(record.time), record.id))
    return Answer(verdict, text[:1].upper() + text[1:], tuple(found), tuple(stretches), value)


def denied(inquiry: Inquiry) -> str:
    """Return that nothing of it happened: `Daisy has not been seen eating by the kitchen camera`."""
    patterns, over = inquiry.query.of, inquiry.until < inquiry.now
    if not patterns or len(patterns) > 2:
        return "I saw nothing of that"
    return joined((_not(pattern, inquiry.home, over=over) for pattern in patterns), "and")


def _not(pattern: Pattern, home: Home, *, over: bool) -> str:
    words = clause(pattern, home, edge=True)
    did = words.past if over else f"has {words.participle}"
    label = pattern.where.get("label")
    if pattern.subject == ("unknown",):
        return f"nobody I don't know {did}"
    if pattern.subject is None and isinstance(label, str | tuple):
        labels = (label,) if isinstance(label, str) else label
        return f"no {joined((plain(one) for one in labels), 'or')} {did}"
    names = pattern.subject if pattern.type == ("detection",) else pattern.source
    return f"{none_of(names, home)} {did}" if names and len(names) > 1 else not_so(words, over=over)


def none_of(names: Sequence[str], home: Home) -> str:
    """Return `neither the front door nor the back door`, or `none of A, B and C`."""
    said = [called(name, home) for name in names]
    return f"neither {said[0]} nor {said[1]}" if len(said) == 2 else f"none of {joined(said)}"


def not_so(words: Clause, *, over: bool) -> str:
    """Return that something did not happen, or was not so: in a time that is over, or up to now."""
    if not over:
        return words.has("has not")
    was = words.past.startswith("was ")
    return (
        f"{words.subject} was not {words.past.removeprefix('was ')}" if was else f"{words.subject} never {words.past}"
    )


def reading_text(record: Record, home: Home, *, past: bool) -> str:
    """Return a reading: `the freezer temperature is -18 °C`."""
    name = record.data.get("attribute")
    about = attribute((record.source or "",), str(name) if name else None, home)
    return f"{about.called} {'was' if past else 'is'} {value(_rounded(record.data.get('value')), about)}"


def _rounded(given: Scalar) -> Scalar:
    """Return a reading to two places: more of them say nothing to a person."""
    return round(given, 2) if isinstance(given, float) else given
