"""Evidence: how far the words of a request bear out a rule, whoever made it.

Two questions. Does everything in the rule stand in the words: each entity by a name, each time and number by its
figure? And is everything in the words in the rule: each name, time, number, "not", and whatever else has content? What
the first misses was invented, so the rule is not believed. What the second misses was left out: a time or a "not" left out is
another rule, some other word may be passed over, but a person is told.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from proactive.language.compiler.roster import Roster
from proactive.language.compiler.said import Said, limits, said_in
from proactive.language.local.account import account_for
from proactive.language.local.detour import DetourError
from proactive.language.local.lexicon import SETTING_UP
from proactive.language.local.predicate import bowl_places
from proactive.language.local.slots import Slots
from proactive.language.local.span import Span
from proactive.language.local.when import MORNING, part_window
from proactive.language.request import Request
from rules.home import Camera, Home, Pet
from rules.problem import Problem
from rules.rule import Rule

LEAST = 0.5  # of the words with content, by which a rule is believed


@dataclass(frozen=True, slots=True)
class Evidence:
    """What the words show for a rule: what of it was `invented`, what of them it must not leave out and does, and what it may.

    `score` is the share of the words with content that the rule explains, 0 to 1.
    """

    invented: tuple[Problem, ...]
    dropped: tuple[Problem, ...]
    left_out: tuple[str, ...]
    score: float

    @property
    def sound(self) -> bool:
        """Say whether nothing was invented, nothing dropped that changes the meaning, and enough explained."""
        return not (self.invented or self.dropped) and self.score >= LEAST


def evidence_of(rule: Rule, found: Slots, roster: Roster, request: Request) -> Evidence:
    """Return what the words of a request show for a rule."""
    told = _Told(rule, request.home)
    invented = (*_unnamed(told, roster, found, request), *_unsaid(told, found, request.home), *_untold(rule, found))
    explained: list[Span] = []
    left: list[Span] = []
    for stretch in _stretches(found):
        content = [span for span in stretch if _has_content(span)]
        known = [span for span in content if _explains(told, span, request.home)]
        explained += known
        if known or len(content) < _ASIDE or not any(span.is_("unknown") for span in content):
            left += [span for span in content if span not in known]
    orders = [] if rule.do or not found.english else [s for s in found.frame.action if _is_order(s)]
    dropped = [
        *(_dropped(span) for span in orders),
        *_times_dropped(rule, told, found, request.home),
        *(_dropped(span) for span in left if _changes(span, found)),
    ]
    whole = len(explained) + len(left)
    score = len(explained) / whole if whole and found.english else float(bool(explained)) if found.english else 1.0
    return Evidence(invented, tuple(dropped), tuple(span.text for span in left), score)


_ASIDE = 3  # words with content and none of the rule's: a remark about it, such as who comes then


def _stretches(found: Slots) -> Iterator[list[Span]]:
    """Yield the pieces of what is to be watched for between marks of punctuation."""
    stretch: list[Span] = []
    for span in found.inside:
        if span.text in _STOPS:
            yield stretch
            stretch = []
        else:
            stretch.append(span)
    yield stretch


_STOPS = frozenset(",.;:!?()-")


class _Told:
    """What a rule says, as sets: the ids it watches, the values it tests, its times and numbers."""

    def __init__(self, rule: Rule, home: Home) -> None:
        value = rule.as_json()
        self.rule = rule
        self.json = {key: value[key] for key in ("when", "while", "do") if key in value}
        pairs = list(_walk(self.json))
        self.scalars = {item for _, item in pairs if not isinstance(item, bool)}
        self.flags = {item for _, item in pairs if isinstance(item, bool)}
        self.keys = {key for key, _ in pairs} | set(_keys(self.json))
        self.ids = {item for item in self.scalars if isinstance(item, str) and item in home.by_id}
        self.ops = {item for key, item in pairs if key == "op"}


def _walk(value: Any, key: str = "") -> Iterator[tuple[str, Any]]:
    if isinstance(value, dict):
        for name, inner in value.items():
            yield from _walk(inner, name)
    elif isinstance(value, list | tuple):
        for inner in value:
            yield from _walk(inner, key)
    else:
        yield key, value


def _keys(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        for name, inner in value.items():
            yield name
            yield from _keys(inner)
    elif isinstance(value, list | tuple):
        for inner in value:
            yield from _keys(inner)


# --- what was invented ------------------------------------------------------------------------------------------


def _unnamed(told: _Told, roster: Roster, found: Slots, request: Request) -> Iterator[Problem]:
    named = {entry.id for entry in roster.entries if entry.named} | _implied(told, roster, found, request)
    for identity in sorted(told.ids - named):
        handle = next((entry.handle for entry in roster.entries if entry.id == identity), identity)
        yield Problem("not_named", handle, f"{handle} is not named in the request.", "Leave it out.")


def _implied(told: _Told, roster: Roster, found: Slots, request: Request) -> set[str]:
    """Return what goes without a name: who is home when nobody is, the bowls of a pet, every camera where no place is named."""
    home = request.home
    implied: set[str] = {person.id for person in home.people} if _any_of_us(found) else set()
    if any(span.is_("speaker") for span in found.inside) and request.speaker:
        implied.add(request.speaker)
    pets = {identity for identity in told.ids if isinstance(home.by_id[identity], Pet)}
    if pets and "eating" in told.scalars:
        implied |= {camera for camera, _ in bowl_places(home)}
        implied |= {device.id for device in home.devices if device.type in ("feeder", "container")}
    if not any(entry.named for entry in roster.of("where")):
        implied |= {entry.id for entry in home.cameras}
    events = {event for span in found.inside for event in span.readings.get("event", ())}
    return implied | {device.id for device in home.devices if set(device.events) & events}


def _any_of_us(found: Slots) -> bool:
    words = {token.text for token in found.tokens}
    anyone = {"someone", "somebody", "anyone", "anybody", "we", "family", "household"}
    return bool(words & anyone) or any(span.is_("nobody", "everyone") for span in found.spans)


_EVERY_DAY = {"00:00", "24:00", MORNING}


def _unsaid(told: _Told, found: Slots, home: Home) -> Iterator[Problem]:
    """Yield the times and numbers of a rule whose figures the words do not hold; stated defaults are none of them."""
    said = {time for clock in found.clocks() for time in clock} | set(found.durations()) | _EVERY_DAY
    said |= {time for part in found.times().parts for time in part_window(part.name, home)} | {"0s"}
    said |= {sun.offset.lstrip("-") for sun in found.times().suns}
    written = " ".join(token.text for token in found.tokens)
    timed = ("from", "until", "time", "lasting", "duration", "after", "within", "since", "between")
    for key, item in _walk(told.json):
        if key in timed and isinstance(item, str) and item not in said and not _figures_in(item, written):
            yield Problem("not_said", key, f"{item} is not said in the request.", "Use only times that are.")
    numbers = {*found.numbers, *map(float, found.counts)}
    for key, item in _walk(told.json):
        number = isinstance(item, int | float) and not isinstance(item, bool)
        if number and key in _NUMBERS and not _is_said(float(item), key, numbers):
            yield Problem("not_said", key, f"{item} is not said in the request.", "Use only numbers that are.")


_NUMBERS = frozenset(("ge", "gt", "le", "lt", "above", "below", "at_least"))


def _is_said(number: float, key: str, said: set[float]) -> bool:
    """Say whether a number stands in the words; "more than twice" is three, and a degree may be of another scale."""
    near = {number, number - 1} if key == "at_least" else {number, (number - 32) * 5 / 9, number * 9 / 5 + 32}
    return any(abs(one - other) < 0.1 for one in near for other in said)


def _figures_in(item: str, written: str) -> bool:
    """Say whether the figures of a time stand in a text of another language: 22:00 as "22 Uhr", 10m as "10 Minuten"."""
    figures = [str(int(part)) for part in "".join(c if c.isdigit() else " " for c in item).split() if int(part)]
    written_figures = [str(int(p)) for p in "".join(c if c.isdigit() else " " for c in written).split()]
    return bool(figures) and all(figure in written_figures for figure in figures)


def _untold(rule: Rule, found: Slots) -> Iterator[Problem]:
    """Yield what a rule tests that the words do not say. In another language only names and figures can be looked for."""
    said = said_in(found)
    value = rule.as_json()
    for key, item in _walk({"when": value["when"], "while": value.get("while", [])}):
        if key == "sun" and not said.sun:
            yield _not_said("guards", "the sun or the dark")
        elif key == "home" and not (said.nobody or said.anybody or said.motions & {"home", "away", "leave"}):
            yield _not_said("guards", "who is home")
        elif found.english and key in ("value", "is", "is_not") and not _is_told(item, said):
            yield _not_said("does", repr(item))
        elif found.english and key in ("activity", "label") and not _is_seen(key, item, said):
            yield _not_said("does" if key == "activity" else "who", repr(item))


def _is_told(value: Any, said: Said) -> bool:
    if value in ("home", "away"):
        return bool(said.motions & {"home", "away", "leave", "enter"})
    return value in said.values


def _is_seen(key: str, item: Any, said: Said) -> bool:
    if key == "activity":
        return {"eating": "eat", "entered": "enter", "left": "leave"}.get(str(item)) in said.motions
    return item in said.labels or said.stranger or (item == "person" and (said.anybody or said.nobody))


def _not_said(where: str, what: str) -> Problem:
    return Problem("not_said", where, f"{what} is not said in the request.", "Use only what is.")


# --- what was left out ------------------------------------------------------------------------------------------

_EMPTY = (
    "filler", "particle", "placing", "left", "pronoun", "join", "while", "mark", "notice", "speaker", "quantifier",
    "not", "one_off", "days", "clock", "length", "part", "date", "sun_time",
)  # fmt: skip


def _has_content(span: Span) -> bool:
    """Say whether a piece says something by itself: a name, a state, a number, or a word with no reading."""
    return not span.is_(*_EMPTY) or bool(span.refs) or span.is_("number", "times")  # type: ignore[arg-type]  # labels of a table


def _explains(told: _Told, span: Span, home: Home) -> bool:
    if span.is_("unknown"):
        return False
    refs = span.refs
    if refs and (any(ref.id in told.ids for ref in refs) or _is_watched(told, span, home)):
        return True
    if span.is_("number"):
        return _is_said(
            span.readings["number"][0], "gt", {float(i) for i in told.scalars if isinstance(i, int | float)}
        )
    if span.is_("times"):
        return "count" in told.ops
    if span.is_("compare"):
        return bool(told.keys & {"gt", "lt", "ge", "le", "above", "below"})
    if span.is_("sun", "sun_event"):
        return "sun" in told.keys
    if span.is_("meaning", "motion", "event", "label", "stranger", "nobody", "everyone", "meal"):
        return _says(told, span)
    return span.is_("command") and bool(told.rule.do)


def _is_watched(told: _Told, span: Span, home: Home) -> bool:
    """Say whether a camera of the rule looks where a device is: "the door" is where its camera looks."""
    words = set(span.text.split())
    watched = (home.by_id[identity] for identity in told.ids)
    return any(isinstance(entry, Camera) and words <= set(entry.name.lower().split()) for entry in watched)


def _says(told: _Told, span: Span) -> bool:
    """Say whether a word for a state, a movement or somebody is borne out by what the rule tests."""
    values = {value for meaning in span.readings.get("meaning", ()) for value in meaning.values}
    if values & told.scalars or values & told.flags or set(span.readings.get("event", ())) & told.scalars:
        return True
    opposite = {
        "open": "closed",
        "closed": "open",
        "locked": "unlocked",
        "unlocked": "locked",
        "on": "off",
        "off": "on",
    }
    if {opposite.get(str(value)) for value in values} & told.scalars:
        return True  # "is not locked" is unlocked
    if set(span.readings.get("label", ())) & told.scalars or (span.is_("stranger") and "unknown" in told.scalars):
        return True
    if span.is_("nobody", "everyone", "label") and told.scalars & {"nobody", "anyone", "home", "away", "person"}:
        return True
    motion = span.readings.get("motion")
    if motion in ("home", "away"):
        return bool(told.scalars & {"home", "away", "nobody", "anyone"}) or "home" in told.keys
    return (motion is not None and "detection" in told.scalars) or (span.is_("meal") and "eating" in told.scalars)


def _changes(span: Span, found: Slots) -> bool:
    """Say whether leaving a piece out would change what is meant: a name, a state, a number, or a thing of its own."""
    if span.is_("unknown"):
        return found.english and _is_a_thing(span, found)
    if span.is_("compare"):
        return span in limits(found.spans)
    return bool(span.refs) or span.is_(
        "number", "times", "extreme", "sun", "stranger", "nobody", "command", "meaning", "event", "label"
    )


def _is_order(span: Span) -> bool:
    """Say whether a piece outside the clauses orders something to be done, which a rule that only tells leaves out."""
    return span.is_("command") and not span.is_("notice") and span.text not in SETTING_UP


_DETERMINERS = frozenset("the a an my our your their his her this that".split())


def _is_a_thing(span: Span, found: Slots) -> bool:
    """Say whether a word with no reading names something: "the sauna", "my bike", "Rex"."""
    raw = str(span.readings["unknown"])
    before = found.tokens[span.start - 1].text if span.start else ""
    return before in _DETERMINERS or (span.start > 0 and raw[:1].isupper())


def _dropped(span: Span) -> Problem:
    return Problem(
        "left_out", "request", f"{span.text!r} is in the request and not in the form.", "Put it in, or use kind none."
    )


def _times_dropped(rule: Rule, told: _Told, found: Slots, home: Home) -> Iterator[Problem]:
    """Yield the times of the words that stand nowhere in the rule, or where their preposition does not allow them."""
    when, guards = told.json["when"], list(told.json.get("while", ()))
    text = str(told.json)
    try:
        account_for([timed for timed in found.timed() if timed.preposition not in ("every", "next")], when, guards)
    except DetourError as detour:
        yield from detour.outcome.problems
    times = found.times()
    for day in {day for days in times.days if len(days.days) < 7 for day in days.days}:
        if f"'{day}'" not in text:
            yield Problem("time_dropped", "days", f"{day} is in the request and not in the rule.")
    for part in times.parts:
        if part_window(part.name, home)[0] not in text and rule.expires is None and "date" not in told.keys:
            yield Problem("time_dropped", "time", f"the {part.name} is in the request and not in the rule.")
    if times.suns and "sun" not in told.keys:
        yield Problem("time_dropped", "sun", f"{times.suns[0].event} is in the request and not in the rule.")
    if _denied(found) and not _denies(told, found):
        yield Problem("not_dropped", "kind", "the request says 'not' and the form does not.", "Look at kind again.")


def _denied(found: Slots) -> bool:
    return found.english and any(span.is_("not") for span in found.inside)


def _denies(told: _Told, found: Slots) -> bool:
    """Say whether a rule denies something, or names the state that "not" leaves: "not locked" is unlocked."""
    if "absent" in told.ops or told.keys & {"missing", "not", "is_not"} or "nobody" in told.scalars:
        return True
    said = {value for span in found.inside for meaning in span.readings.get("meaning", ()) for value in meaning.values}
    return bool(said) and not said & (told.scalars | told.flags)
