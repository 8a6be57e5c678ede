"""Terms: what a form may change of a rule: its times, days and durations, who gets it, how urgently and in which words.

A term is a place in the rule's JSON and the kind of value that stands there. What a rule watches for is changed in words
only, since that has too many shapes for a form. Nothing is decided here: what comes out is parsed and checked like any rule.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass
from typing import Any, Literal

from proactive.retelling import retold
from rules.home import Home
from rules.problem import InputError, Problem
from rules.rule import Rule, parse_rule
from rules.units import WEEKDAYS, Weekday
from rules.words.names import called
from rules.words.times import clock, duration, joined, on_days

Kind = Literal["clock", "duration", "number", "days", "people", "urgency", "text", "switch"]
Path = tuple[str, ...]
URGENCIES = {
    "low": "Low: when it suits",
    "normal": "Normal",
    "high": "High: repeated until it arrives",
    "critical": "Critical: even in quiet hours",
}


@dataclass(frozen=True, slots=True)
class Term:
    """Something that may be changed: the field's name, its label, its kind, and whether it may be left empty."""

    path: Path
    label: str
    kind: Kind
    optional: bool = False

    @property
    def name(self) -> str:
        """Return the name of its field in the form."""
        return "-".join(self.path)


_WHEN: Mapping[str, tuple[Term, ...]] = {
    "absent": (
        Term(("when", "window", "from"), "From", "clock"),
        Term(("when", "window", "until"), "Until", "clock"),
        Term(("when", "window", "days"), "On", "days"),
        Term(("when", "duration"), "For how long", "duration"),
    ),
    "occurs": (
        Term(("when", "lasting"), "Once it has lasted", "duration", optional=True),
        Term(("when", "after"), "So long afterwards", "duration", optional=True),
        Term(("when", "cooldown"), "At most once in", "duration", optional=True),
    ),
    "sequence": (Term(("when", "within"), "Within", "duration"),),
    "holds": (Term(("when", "lasting"), "For how long", "duration"),),
    "count": (Term(("when", "at_least"), "How often", "number"), Term(("when", "within"), "Within", "duration")),
    "at": (Term(("when", "time"), "At", "clock"), Term(("when", "days"), "On", "days")),
    "any": (),
}
_NOTIFY = (
    Term(("notify", "to"), "Who gets it", "people"),
    Term(("notify", "urgency"), "How urgent", "urgency"),
    Term(("notify", "message"), "Message", "text", optional=True),
    Term(("notify", "snapshot"), "With a picture", "switch"),
)
# What stands where nothing is written; days are every day.
_DEFAULT: Mapping[Kind, Any] = {"days": list(WEEKDAYS), "people": [], "urgency": "normal", "text": "", "switch": False}


def terms_of(rule: Rule) -> list[Term]:
    """Return what a form may change of a rule, in the order in which it is shown."""
    body = rule.as_json()
    when = [term for term in _WHEN[rule.when.op] if _applies(term, body)]
    return when + ([] if rule.notify is None else list(_NOTIFY))


def _applies(term: Term, body: dict[str, Any]) -> bool:
    """Tell whether a rule has the term: an optional duration may be added where the rule waits for no other."""
    when = body["when"]
    if term.kind == "days":
        return "window" in when or (when["op"] == "at" and not {"date", "rrule"} & when.keys())
    if when["op"] == "occurs" and term.path[-1] in ("lasting", "after"):
        return not ({"lasting", "after"} - {term.path[-1]}) & when.keys()
    return term.optional or value_of(body, term) is not None


def value_of(body: Mapping[str, Any], term: Term) -> Any:
    """Return what stands in a rule's JSON for a term, or what stands for nothing there."""
    found: Any = body
    for key in term.path:
        found = found.get(key) if isinstance(found, Mapping) else None
    return _DEFAULT.get(term.kind) if found is None else found


def filled(rule: Rule, given: Mapping[str, Sequence[str]]) -> Rule:
    """Return the rule with what a form says; a field that was not sent stays. Raise InputError for what cannot be read."""
    body = deepcopy(rule.as_json())
    wrong: list[Problem] = []
    for term in terms_of(rule):
        if term.name not in given:
            continue
        try:
            new = _read(term, [text.strip() for text in given[term.name] if text.strip()])
        except InputError as error:
            wrong += error.problems
            continue
        if new != _as_in_form(value_of(body, term), term):
            _put(body, term.path, new)
    if wrong:
        raise InputError(wrong)
    return retold(rule, parse_rule(body))


def _read(term: Term, given: list[str]) -> Any:
    """Return the JSON value of what was sent for a term; None where it is to be left out."""
    if term.kind == "days":
        if not given:
            raise _missing(term, "choose at least one day.")
        return [day for day in WEEKDAYS if day in given]
    if term.kind == "people":
        return given
    if term.kind == "switch":
        return "yes" in given
    text = given[0] if given else ""
    if not text and not term.optional and term.kind != "text":
        raise _missing(term, "give a value.")
    match term.kind:
        case "number":
            return _number(term, text)
        case "duration":
            return _duration(text) if text else None
        case _:
            return text


def _number(term: Term, text: str) -> int:
    if not text.isdecimal() or len(text) > 6:
        raise InputError(
            [Problem("not_a_number", term.name, f"{term.label}: expected a whole number, found {text!r}.")]
        )
    return int(text)


_SPOKEN = re.compile(r"(\d+)\s*(s|m|h|d)[a-z]*\.?\s*(?:and\s*)?", re.IGNORECASE)


def _duration(text: str) -> str:
    """Return `1 hour 30 min` as `1h30m`; what is no duration stays, and is said to be none where the rule is parsed."""
    parts = _SPOKEN.findall(text)
    return (
        "".join(number + unit.lower() for number, unit in parts)
        if parts and not _SPOKEN.sub("", text).strip()
        else text
    )


def _missing(term: Term, words: str) -> InputError:
    return InputError([Problem("missing", term.name, f"{term.label}: {words}")])


def _as_in_form(value: Any, term: Term) -> Any:
    """Return a value as the form sends it back where nobody changed it: the end of a day is its midnight there."""
    return "00:00" if term.kind == "clock" and value == "24:00" else value


def _put(body: dict[str, Any], path: Path, value: Any) -> None:
    for key in path[:-1]:
        body = body.setdefault(key, {})
    if value is None:
        body.pop(path[-1], None)
    else:
        body[path[-1]] = value


# --- as people read it ------------------------------------------------------------------------------------------


def shown(value: Any, term: Term, home: Home) -> str:
    """Return a value in words: `1 pm`, `on weekdays`, `Greg and Maya`."""
    if value in (None, "", []):
        return "nobody" if term.kind == "people" else "nothing"
    match term.kind:
        case "clock":
            return clock(value)
        case "duration":
            return duration(value)
        case "days":
            return on_days([_weekday(day) for day in value])
        case "people":
            return joined(called(person, home) for person in value)
        case "text":
            return f"“{value}”"
        case "switch":
            return "yes" if value else "no"
        case _:
            return str(value)


def _weekday(day: str) -> Weekday:
    return next(known for known in WEEKDAYS if known == day)


def differences(old: Rule, new: Rule, home: Home) -> Iterator[str]:
    """Yield what changed between two versions, term by term: `Until: noon, now 1 pm`."""
    before, after = old.as_json(), new.as_json()
    for term in dict.fromkeys([*terms_of(old), *terms_of(new)]):
        was, now = value_of(before, term), value_of(after, term)
        if was != now:
            yield f"{term.label}: {shown(was, term, home)}, now {shown(now, term, home)}"
