"""Omitted: what stands in the words and not in a rule, told apart by whether leaving it out changes what is meant."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from proactive.language.compiler.invented import is_number_said
from proactive.language.compiler.roster import name_words
from proactive.language.compiler.said import OF_WORD, limits
from proactive.language.compiler.told import Told
from proactive.language.local.account import account_for
from proactive.language.local.clock import Length
from proactive.language.local.detour import DetourError
from proactive.language.local.lexicon import SETTING_UP
from proactive.language.local.slots import Slots
from proactive.language.local.span import Label, Span
from proactive.language.local.when import part_window
from rules.home import Camera, Home
from rules.problem import Problem

UNKNOWN_THING = "unknown_thing"  # the code of a problem that no form can put right
_ASIDE = 3  # words with content and none of the rule's: a remark about it, such as who comes then
_STOPS = frozenset(",.;:!?()-")
_EMPTY: tuple[Label, ...] = (
    "filler", "particle", "placing", "left", "pronoun", "join", "while", "mark", "notice", "speaker", "quantifier",
    "not", "one_off", "days", "clock", "length", "part", "date", "sun_time",
)  # fmt: skip
_WEIGHTY: tuple[Label, ...] = (
    "number", "times", "extreme", "sun", "stranger", "nobody", "command", "meaning", "event", "label",
)  # fmt: skip
_DETERMINERS = frozenset("the a an my our your their his her this that".split())
_OPPOSITE = {"open": "closed", "closed": "open", "locked": "unlocked", "unlocked": "locked", "on": "off", "off": "on"}


@dataclass(frozen=True, slots=True)
class Omitted:
    """What a rule leaves out: problems where that changes the meaning, other words, and the share of words that it explains."""

    dropped: tuple[Problem, ...]
    left_out: tuple[str, ...]
    score: float


def omitted(told: Told, found: Slots, home: Home) -> Omitted:
    """Return what of the words a rule leaves out. In another language only what is named and counted is known."""
    explained, left = _parted(told, found, home)
    spans = [*_orders(told, found), *(span for span in left if _changes(span, found))]
    dropped = (*map(_left_out, spans), *_times_dropped(told, found, home), *_not_dropped(told, found))
    whole = len(explained) + len(left)
    score = (len(explained) / whole if whole else 0.0) if found.english else 1.0
    return Omitted(dropped, tuple(span.text for span in left), score)


def _parted(told: Told, found: Slots, home: Home) -> tuple[list[Span], list[Span]]:
    """Return the pieces with content that a rule explains, and those that it does not; remarks are neither."""
    explained: list[Span] = []
    left: list[Span] = []
    for stretch in _stretches(found.inside):
        content = [span for span in stretch if _has_content(span)]
        known = [span for span in content if _explains(told, span, home)]
        remark = not known and len(content) >= _ASIDE and any(span.is_("unknown") for span in content)
        explained += known
        left += [] if remark else [span for span in content if span not in known]
    return explained, left


def _stretches(spans: list[Span]) -> Iterator[list[Span]]:
    """Yield the pieces between marks of punctuation."""
    stretch: list[Span] = []
    for span in spans:
        if span.text in _STOPS:
            yield stretch
            stretch = []
        else:
            stretch.append(span)
    yield stretch


def _has_content(span: Span) -> bool:
    """Say whether a piece says something by itself: a name, a state, a number, or a word with no reading."""
    if span.is_("unknown"):
        return any(letter.isalpha() for letter in span.text)
    return not span.is_(*_EMPTY) or bool(span.refs) or span.is_("number", "times")


# --- what a rule explains ---------------------------------------------------------------------------------------


def _explains(told: Told, span: Span, home: Home) -> bool:
    if span.is_("unknown"):
        named = any(span.text in name_words(home.by_id[identity]) for identity in told.ids)
        return named or OF_WORD.get(span.text) in told.scalars
    known = told.ids | told.recipients
    if span.refs and (any(ref.id in known for ref in span.refs) or _is_watched(told, span, home)):
        return True
    if span.is_("number"):
        return any(is_number_said(number, {span.readings["number"][0]}) for number in told.numbers)
    if span.is_("times"):
        return "count" in told.ops
    if span.is_("compare"):
        return bool(told.keys & {"gt", "lt", "ge", "le", "above", "below"})
    if span.is_("sun", "sun_event"):
        return "sun" in told.keys
    return _says(told, span) or (span.is_("command") and bool(told.rule.do))


def _is_watched(told: Told, span: Span, home: Home) -> bool:
    """Say whether a camera of the rule looks where a device is: "the door" is where its camera looks."""
    words = set(span.text.split())
    watched = (home.by_id[identity] for identity in told.ids)
    return any(isinstance(entry, Camera) and words <= set(entry.name.lower().split()) for entry in watched)


def _says(told: Told, span: Span) -> bool:
    """Say whether a word for a state, a movement or somebody is borne out by what the rule tests."""
    values = {value for meaning in span.readings.get("meaning", ()) for value in meaning.values}
    values |= {_OPPOSITE[value] for value in values if value in _OPPOSITE}  # "is not locked" is unlocked
    if values & told.scalars or values & told.flags or set(span.readings.get("event", ())) & told.scalars:
        return True
    if set(span.readings.get("label", ())) & told.scalars or (span.is_("stranger") and "unknown" in told.scalars):
        return True
    if span.is_("nobody", "everyone", "label") and told.scalars & {"nobody", "anyone", "home", "away", "person"}:
        return True
    return _moves(told, span) or (span.is_("meal") and "eating" in told.scalars)


def _moves(told: Told, span: Span) -> bool:
    motion = span.readings.get("motion")
    if motion in ("home", "away"):
        return bool(told.scalars & {"home", "away", "nobody", "anyone"}) or "home" in told.keys
    return motion is not None and "detection" in told.scalars


# --- what must not be left out ----------------------------------------------------------------------------------


def _orders(told: Told, found: Slots) -> list[Span]:
    """Return what orders something to be done, of which a rule that only tells has nothing."""
    if told.rule.do or not found.english:
        return []
    ordered = [span for span in found.frame.action if span.is_("command") and not span.is_("notice")]
    return [span for span in ordered if span.text not in SETTING_UP and not span.refs and not _says(told, span)]


def _changes(span: Span, found: Slots) -> bool:
    """Say whether leaving a piece out would change what is meant: a name, a state, a number, or a thing of its own."""
    if not found.english:  # words of another language may look like English ones: "die" is an article
        return bool(span.refs) or span.is_("number")
    if span.is_("unknown"):
        return _is_a_thing(span, found)
    if span.is_("compare"):
        return span in limits(found.spans)
    return bool(span.refs) or span.is_(*_WEIGHTY)


def _is_a_thing(span: Span, found: Slots) -> bool:
    """Say whether a word with no reading names something: "the sauna", "my bike", "Rex"."""
    raw = str(span.readings["unknown"])
    before = found.tokens[span.start - 1].text if span.start else ""
    return before in _DETERMINERS or (span.start > 0 and raw[:1].isupper())


def _left_out(span: Span) -> Problem:
    message = f"{span.text!r} is in the request and not in the form."
    if span.is_("unknown"):
        return Problem(UNKNOWN_THING, "request", message, "Nothing here is called so.")
    return Problem("left_out", "request", message, "Put it in, or use kind none.")


def _times_dropped(told: Told, found: Slots, home: Home) -> Iterator[Problem]:
    """Yield the times of the words that stand nowhere in the rule, or where their preposition does not allow them."""
    value = told.rule.as_json()
    times = found.times()
    try:
        account_for(times.clocks, value["when"], value.get("while", []))
    except DetourError as detour:
        yield from detour.outcome.problems
    days = [day for said in times.days if len(said.days) < 7 for day in said.days if day not in told.scalars]
    parts = [] if told.rule.expires or "date" in told.keys else times.parts
    lengths = [
        one.value.duration if isinstance(one.value, Length) else None
        for one in times.lengths
        if one.preposition not in ("every", "next")
    ]
    missing: list[str] = [length for length in lengths if length and length not in told.scalars]
    missing += [*days, *(part.name for part in parts if part_window(part.name, home)[0] not in told.scalars)]
    missing += [sun.event for sun in times.suns if "sun" not in told.keys]
    for name in missing:
        yield Problem(
            "time_dropped", "request", f"{name} is in the request and not in the rule.", "Look at kind again."
        )


def _not_dropped(told: Told, found: Slots) -> Iterator[Problem]:
    if found.english and any(span.is_("not") for span in found.inside) and not _denies(told, found):
        message = "the request says 'not' and the form does not."
        yield Problem("not_dropped", "kind", message, "Look at kind and does again.")


def _denies(told: Told, found: Slots) -> bool:
    """Say whether a rule denies something, or names the state that "not" leaves: "not locked" is unlocked."""
    if told.denies:
        return True
    said = {value for span in found.inside for meaning in span.readings.get("meaning", ()) for value in meaning.values}
    return bool(said) and not said & (told.scalars | told.flags)
