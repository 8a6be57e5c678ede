"""Spans: a sentence cut into the pieces that mean something, each with every reading it may have.

Cutting is greedy: the longest phrase known to the home, the lexicon or the grammar of times wins, and all readings
of that length are kept. A word with no reading is `unknown`: a sentence that holds one never becomes a rule.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from proactive.language.local import lexicon
from proactive.language.local.catalogue import ARTICLES, Catalogue, Ref, without_articles
from proactive.language.local.clock import Clock, Date, Days, Length, Part, Sun, time_at
from proactive.language.local.number import TIMES, number_at, ordinal
from proactive.language.local.token import Token, stems

LONGEST = 7  # words in one phrase

Label = Literal[
    "mention", "length", "clock", "days", "part", "date", "number", "times", "meaning", "event", "motion", "label",
    "stranger", "nobody", "everyone", "compare", "extreme", "meal", "sun", "sun_event", "notice", "mark", "while", "join", "not",
    "sun_time", "particle", "placing", "left", "quantifier", "one_off", "command", "filler", "pronoun", "speaker", "unknown",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Span:
    """A piece of the sentence: the tokens `start` to `end` (excluded), its words, and its readings by label."""

    start: int
    end: int
    text: str
    readings: Mapping[str, Any] = field(default_factory=dict)

    def is_(self, *labels: Label) -> bool:
        """Say whether the piece has any of the readings."""
        return any(label in self.readings for label in labels)

    @property
    def refs(self) -> tuple[Ref, ...]:
        """Return what the piece may name."""
        return tuple(self.readings.get("mention", ()))


_TIME_LABELS: dict[type, Label] = {
    Length: "length",
    Clock: "clock",
    Days: "days",
    Part: "part",
    Date: "date",
    Sun: "sun_time",
}
_PRONOUNS = frozenset("he she him they it its his they".split())
_SPEAKER = frozenset("i me we us myself".split())


def _table() -> dict[str, dict[str, Any]]:
    table: dict[str, dict[str, Any]] = {}

    def put(label: Label, phrases: Mapping[str, Any] | Iterable[str]) -> None:
        rows = phrases.items() if isinstance(phrases, Mapping) else ((phrase, True) for phrase in phrases)
        for phrase, value in rows:
            for key in {stems(phrase), without_articles(stems(phrase)) or stems(phrase)}:
                table.setdefault(key, {}).setdefault(label, value)

    put("meaning", lexicon.MEANINGS)
    events: dict[str, list[str]] = {}
    for event, words in lexicon.EVENT_WORDS.items():
        for word in words:
            events.setdefault(stems(word), []).append(event)
    put("event", events)
    put("motion", lexicon.MOTIONS)
    put("label", lexicon.LABELS)
    for phrase, labels in lexicon.STRANGERS.items():
        table.setdefault(stems(phrase), {})["stranger"] = labels  # as it stands: "that is not ours" ends in an article
    put("nobody", lexicon.NOBODY)
    put("everyone", lexicon.EVERYONE)
    put("compare", lexicon.COMPARE)
    put("extreme", lexicon.EXTREMES)
    put("meal", lexicon.MEALS)
    put("sun", lexicon.DARK)
    put("sun_event", lexicon.SUN_EVENTS)
    put("notice", lexicon.NOTICE)
    put("mark", lexicon.MARKS)
    put("while", lexicon.WHILE)
    put("join", lexicon.JOINS)
    put("not", lexicon.NOT)
    put("left", lexicon.LEFT)
    put("quantifier", lexicon.QUANTIFIERS)
    put("one_off", lexicon.ONE_OFF)
    put("command", lexicon.COMMANDS)
    put("filler", lexicon.FILLER | lexicon.PARTICLES)
    put("particle", lexicon.PARTICLES)
    put("filler", lexicon.SOON_AFTER)
    put("pronoun", _PRONOUNS)
    put("speaker", _SPEAKER)
    return table


_TABLE = _table()
_UNIT_KEYS = {stems(unit): value for unit, value in lexicon.UNITS.items()}


def spans_of(tokens: Sequence[Token], catalogue: Catalogue) -> list[Span]:
    """Return the pieces of a sentence, in order, covering every token once."""
    found: list[Span] = []
    at = 0
    while at < len(tokens):
        span = _span(tokens, at, catalogue)
        found.append(span)
        at = span.end
    return [_in_its_place(span, found[position + 1 :]) for position, span in enumerate(found)]


_PLACING = frozenset(("on", "in", "at", "by", "near", "inside"))
_SKIPPED = frozenset("the a an my our your their his her this that".split())


def _in_its_place(span: Span, after: Sequence[Span]) -> Span:
    """Read "on the couch" as a place, and "the light is on" as a state: what follows tells them apart."""
    if span.text == "once" and after and after[0].is_("mark", "while"):
        return Span(span.start, span.end, span.text, {"one_off": True})
    if span.text not in _PLACING or not span.is_("meaning", "motion"):
        return span
    following = next((other for other in after if other.text not in _SKIPPED), None)
    if following is None or not (following.refs or following.is_("label", "stranger")):
        return span
    readings = {label: value for label, value in span.readings.items() if label not in ("meaning", "motion")}
    return Span(span.start, span.end, span.text, {**readings, "filler": True, "particle": True, "placing": True})


_VERBS_TOO = frozenset(("lock", "switch"))
_BEFORE_A_NOUN = frozenset(
    "the a an my our your their his her this that all any each every both of if when whenever while".split()
)


def _is_verb(tokens: Sequence[Token], at: int) -> bool:
    """Say whether a word that is also a kind of device is what to do: "lock the front door", not "the lock of ..."."""
    return tokens[at].text in _VERBS_TOO and (at == 0 or tokens[at - 1].text not in _BEFORE_A_NOUN)


def _span(tokens: Sequence[Token], at: int, catalogue: Catalogue) -> Span:
    best = _phrase(tokens, at, catalogue)
    if best is not None and best.refs and best.end > at + 1 and _is_verb(tokens, at):
        particle = at + 1 < len(tokens) and tokens[at + 1].text in ("on", "off")
        best = _phrase(tokens[: at + 1 + particle], at, catalogue) or best
    for other in (_number(tokens, at), _time(tokens, at), _times(tokens, at)):
        if other is not None and (best is None or other.end > best.end or (other.end == best.end and not best.refs)):
            best = other
    return best or _make(tokens, at, at + 1, {"unknown": tokens[at].raw})


def _make(tokens: Sequence[Token], start: int, end: int, readings: Mapping[str, Any]) -> Span:
    return Span(start, end, " ".join(token.text for token in tokens[start:end]), readings)


def _phrase(tokens: Sequence[Token], at: int, catalogue: Catalogue) -> Span | None:
    for end in range(min(len(tokens), at + LONGEST), at, -1):
        readings = _readings([token.stem for token in tokens[at:end]], catalogue)
        if readings:
            return _make(tokens, at, end, readings)
    return None


def _readings(words: list[str], catalogue: Catalogue) -> dict[str, Any]:
    whole = " ".join(words)
    bare = without_articles(whole)
    readings = dict(_TABLE.get(whole, {}))
    if words[0] in ARTICLES or words[-1] in ARTICLES:
        return readings
    if len(bare.split()) > 1:
        readings = {**_TABLE.get(bare, {}), **readings}
    refs = catalogue.phrases.get(bare)
    if refs:
        readings["mention"] = tuple(refs)
    return readings


def _time(tokens: Sequence[Token], at: int) -> Span | None:
    found = time_at(tokens, at)
    return found and _make(tokens, at, found[1], {_TIME_LABELS[type(found[0])]: found[0]})


def _times(tokens: Sequence[Token], at: int) -> Span | None:
    """Read "three times", "twice": how often."""
    word = tokens[at].text
    if word in TIMES and (word != "once" or (at and tokens[at - 1].text == "than")):
        return _make(tokens, at, at + 1, {"times": TIMES[word]})
    number = number_at(tokens, at)
    whole = number is not None and number[0] >= 1 and number[0] % 1 == 0 and number[1] < len(tokens)
    if number is not None and whole and tokens[number[1]].text in ("times", "x"):
        return _make(tokens, at, number[1] + 1, {"times": int(number[0])})
    return _nth_time(tokens, at)


def _nth_time(tokens: Sequence[Token], at: int) -> Span | None:
    """Read "for the third time" before a length in which to count: three times."""
    start = at + (tokens[at].text == "for")
    words = [token.text for token in tokens[start : start + 5] if token.text not in ("rd", "th", "nd")][:4]
    before_length = words[2:] in (["time", "within"], ["time", "in"], ["time", "inside"])
    if not before_length or words[0] not in ("a", "the") or not (nth := ordinal(words[1])) or nth < 2:
        return None
    end = next(i for i in range(start, len(tokens)) if tokens[i].text == "time")
    return _make(tokens, at, end + 1, {"times": nth})


def _number(tokens: Sequence[Token], at: int) -> Span | None:
    """Read a number with its unit, if it has one: "ten degrees", "40%"."""
    number = number_at(tokens, at)
    if number is None:
        return None
    value, after = number
    for end in (after + 2, after + 1):
        unit = " ".join(token.stem for token in tokens[after:end])
        if end <= len(tokens) and unit in _UNIT_KEYS:
            return _make(tokens, at, end, {"number": (value, _UNIT_KEYS[unit])})
    return _make(tokens, at, after, {"number": (value, None)})
