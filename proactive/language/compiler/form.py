"""The form: what a model answers, small and flat, and its JSON schema cut to what a request's words show.

Who, what and where come first, since a small model that has named the things chooses the kind better. The form holds
no times that were found in the words: code puts those in their places. What the words show no evidence of is left out
of the schema, since small models fill whatever they may.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Literal, get_args

from pydantic import BaseModel, ConfigDict, ValidationError

from proactive.language.compiler.roster import SEEN_LABELS, Listed, Roster
from proactive.language.compiler.said import Said, said_in
from proactive.language.compiler.setting import Cut
from proactive.language.local.slots import Slots
from rules.problem import InputError, problems_of
from rules.units import WEEKDAYS

Kind = Literal["happens", "is", "missing", "count", "then", "unanswered", "none"]
Command = Literal["turn_on", "turn_off", "open", "close", "lock", "start", "stop", "pause"]
SEEN = ("seen", "enters", "leaves")
PRESENT = ("comes home", "leaves home", "is home", "is away")
ATE = "eats"
COMPARED = ("above", "below", "reaches")
NO_ONE, SOMEONE, DARK, LIGHT = "nobody home", "somebody home", "dark", "light outside"


class Form(BaseModel):
    """A model's reading of a request, by handles of the roster; empty where nothing was said."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    who: tuple[str, ...] = ()
    what: tuple[str, ...] = ()
    where: tuple[str, ...] = ()
    does: str = ""
    number: float | None = None
    kind: Kind = "none"
    times: int | None = None
    then_who: tuple[str, ...] = ()
    then_what: tuple[str, ...] = ()
    then_does: str = ""
    guards: tuple[str, ...] = ()
    at: str = ""
    by: str = ""
    since: str = ""
    until: str = ""
    lasting: str = ""
    within: str = ""
    days: tuple[str, ...] = ()
    do_what: str = ""
    do: Command | Literal[""] = ""


def parse_form(value: Any) -> Form:
    """Return the form of a decoded answer. Raise InputError with every problem found."""
    try:
        return Form.model_validate(value)
    except ValidationError as error:
        raise InputError(problems_of(error, "answer", value)) from error


# --- the schema -------------------------------------------------------------------------------------------------

Json = dict[str, Any]


def schema_of(roster: Roster, found: Slots, cut: Cut) -> Json:
    """Return the JSON schema of the form for one request: every key it lists is required."""
    small = cut == "strict"
    if small and found.english:
        roster = _able(roster, said_in(found))
    who, what, where = (_handles(roster.of(part, named=small)) for part in ("who", "what", "where"))
    fields: dict[str, Json] = {"who": _some([*who, *_labels(found, small=small)])}
    if what:
        fields["what"] = _some(what)
    if where or not small:
        fields["where"] = _some(where)
    fields["does"] = _one(_words(roster.of("what", named=small), found, small=small))
    if found.numbers or (not small and found.has_digits):
        fields["number"] = _number(found, small=small)
    fields["kind"] = _one(_kinds(roster, found, small=small))
    _add_more(fields, roster, found, what, small=small)
    return {"type": "object", "properties": fields, "required": list(fields), "additionalProperties": False}


def _able(roster: Roster, said: Said) -> Roster:
    """Return the roster without the devices that report nothing of what was said, where others do."""
    able = {entry.handle for entry in roster.of("what") if _reports(entry, said)}
    return Roster(tuple(e for e in roster.entries if e.part != "what" or e.handle in able)) if able else roster


def _reports(entry: Listed, said: Said) -> bool:
    return any(
        report.value in said.values or report.event in said.events or bool(report.is_number and said.limits)
        for report in entry.reports.values()
    )


def _add_more(fields: dict[str, Json], roster: Roster, found: Slots, what: list[str], *, small: bool) -> None:
    """Add the keys that only some requests need."""
    if found.counts or (not small and found.has_digits):
        fields["times"] = {"type": ["integer", "null"]} if not small else _one(found.counts)
    if not small or _two_clauses(found):
        named = roster.of("what", named=small)
        if "then" in fields["kind"]["enum"]:
            fields["then_who"] = _some([*_handles(roster.of("who", named=small)), *_labels(found, small=small)])
            fields["then_what"] = _some(what)
            fields["then_does"] = _one(["", *_words(named, found, small=small)])
        if guards := _guards(roster, found, small=small):
            fields["guards"] = _some(guards)
    if not small and _may_hold_times(found):
        fields |= {key: {"type": "string"} for key in ("at", "by", "since", "until", "lasting", "within")}
        fields["days"] = _some(list(WEEKDAYS))
    if what and (not small or not found.english):
        fields["do_what"] = _one(["", *what])
        fields["do"] = _one(["", *get_args(Command)])


def _may_hold_times(found: Slots) -> bool:
    """Say whether there may be times that the finders do not know: figures in another language."""
    return found.has_digits and (not found.english or not (found.clocks() or found.durations()))


def _two_clauses(found: Slots) -> bool:
    return len(found.frame.segments) > 1 or any(span.is_("join", "while") for span in found.spans)


def _kinds(roster: Roster, found: Slots, *, small: bool) -> list[str]:
    kinds = list(get_args(Kind))
    if small and any(entry.named for entry in roster.entries):
        kinds.remove("none")  # whether there is a rule is judged by the words; a small model says none at random
    if small and not (found.counts or (found.numbers and found.durations())):
        kinds.remove("count")
    if small and not (_two_clauses(found) and found.durations()):
        kinds = [kind for kind in kinds if kind not in ("then", "unanswered")]
    if small and found.english and not said_in(found).denied:
        kinds.remove("missing")
    return kinds


def _labels(found: Slots, *, small: bool) -> list[str]:
    said = [label for span in found.spans for label in span.readings.get("label", ())]
    strangers = ["stranger"] if any(span.is_("stranger") for span in found.spans) else []
    if small and found.english:
        return [*dict.fromkeys(said), *strangers, *(["person"] if any(s.is_("nobody") for s in found.spans) else [])]
    return ["person", "stranger", *(label for label in SEEN_LABELS if label != "person")]


def _words(devices: Sequence[Listed], found: Slots, *, small: bool) -> list[str]:
    """Return what may be said of the things: their values and events, and what is said of people and animals."""
    every = _every_word(devices, found)
    if not (small and found.english):
        return every
    said = said_in(found)
    shown = [word for word in every if _is_shown(word, devices, said)]
    return shown or every


def _is_shown(word: str, devices: Sequence[Listed], said: Said) -> bool:
    """Say whether the words show evidence of what may be said of a thing."""
    if word in COMPARED:
        return {"above": "above", "below": "below", "reaches": "reach"}[word] in said.limits
    if word in SEEN:
        return bool(said.motions & {"at", "enter", "leave"} or said.labels or said.stranger)
    if word == ATE:
        return "eat" in said.motions
    if word in PRESENT:
        return bool(said.motions & {"home", "away", "leave"})
    reports = [device.reports[word] for device in devices if word in device.reports]
    return any(report.value in said.values or report.event in said.events for report in reports)


def _every_word(devices: Sequence[Listed], found: Slots) -> list[str]:
    reports = [word for device in devices for word, report in device.reports.items() if not report.is_number]
    numeric = any(r.is_number for device in devices for r in device.reports.values())
    compared = COMPARED if numeric and (found.numbers or found.has_digits) else ()
    return list(dict.fromkeys((*reports, *compared, *SEEN, ATE, *PRESENT)))


def _guards(roster: Roster, found: Slots, *, small: bool) -> list[str]:
    """Return what else may have to be so; for a small model and English only what the words show."""
    said = said_in(found)
    cut = small and found.english
    sky = [DARK, LIGHT] if said.sun or not cut else []
    plain = [NO_ONE] if said.nobody or not cut else []
    plain += [SOMEONE] if said.anybody or not cut else []
    people = [entry for entry in roster.of("who", named=small) if entry.kind == "person"]
    present = [f"{entry.handle} {state}" for entry in people for state in ("home", "away")]
    devices = [
        f"{entry.handle} {word}"
        for entry in roster.of("what", named=small)
        for word, report in entry.reports.items()
        if report.value is not None and (not cut or report.value in said.values)
    ]
    return [*plain, *sky, *(present if not cut or said.motions & {"home", "away", "leave"} else []), *devices]


def _number(found: Slots, *, small: bool) -> Json:
    values = [int(number) if number == int(number) else number for number in found.numbers]
    return _one(list(dict.fromkeys(values))) if small else {"type": ["number", "null"]}


def _handles(entries: Iterable[Listed]) -> list[str]:
    return [entry.handle for entry in entries]


def _some(values: list[str]) -> Json:
    items: Mapping[str, Any] = {"type": "string", "enum": list(dict.fromkeys(values))} if values else {"type": "string"}
    return {"type": "array", "items": dict(items), "maxItems": 4 if values else 0}


def _one(values: Iterable[Any]) -> Json:
    return {"enum": list(dict.fromkeys(values))}
