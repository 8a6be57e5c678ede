"""Building: a model's form becomes statements of `local`'s own kind, which its grammar of time composes into a rule.

So one meaning has one rule, whoever read it, and a model can say nothing that `local` could not: what a form leaves
open is asked, what does not fit is a problem that the model is told.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from proactive.language.compiler.form import ATE, COMPARED, DARK, LIGHT, NO_ONE, PRESENT, SEEN, SOMEONE, Form
from proactive.language.compiler.roster import SEEN_LABELS, Listed, Roster
from proactive.language.local import phrase
from proactive.language.local.action import Action, act_on, action_of
from proactive.language.local.clause import Link, Preposition, Timed, Times
from proactive.language.local.clock import Clock, Days, Length
from proactive.language.local.compose import compose
from proactive.language.local.lexicon import RESTING, Motion
from proactive.language.local.predicate import (
    Fed,
    Happening,
    Part,
    Predicate,
    Presence,
    Sight,
    Sky,
    State,
    bowl_places,
)
from proactive.language.local.rule import rule_outcome
from proactive.language.local.slots import Slots
from proactive.language.local.statement import Statement
from proactive.language.local.when import settle
from proactive.language.outcome import Outcome
from proactive.language.request import Request
from rules.problem import InputError, Problem, nearest
from rules.units import WEEKDAYS, microseconds, seconds_of_day

_MOTIONS: dict[str, Motion] = {"seen": "at", "enters": "enter", "leaves": "leave"}
_COMPARES = dict(zip(COMPARED, ("above", "below", "reach"), strict=True))
_ROLE: dict[str, Preposition] = {
    "is": "for",
    "missing": "for",
    "count": "within",
    "then": "within",
    "unanswered": "within",
}
_LATER_MEALS = frozenset(("lunch", "dinner", "supper"))
_REMIND_TIMES = 10


class Misread(InputError):
    """Say that a form cannot become a rule, and why: problems that its model is told."""


def build(form: Form, roster: Roster, found: Slots, request: Request) -> Outcome:
    """Return the outcome of a form: a rule that passes `check`. Raise Misread, or DetourError to ask a person."""
    maker = _Maker(form, roster, found, request)
    times, remind = maker.times()
    statements = maker.statements(times)
    when = settle(times, request.home, request.text.lower(), request.now)
    made = compose(statements, times, when, request.home)
    action = maker.action(remind)
    outcome = rule_outcome(made, when, action, phrase.message(made, request.home), request)
    if outcome.outcome != "rule":
        raise Misread(outcome.problems)
    return outcome


class _Maker:
    """Makes the parts of one rule from a form."""

    def __init__(self, form: Form, roster: Roster, found: Slots, request: Request) -> None:
        self.form, self.roster, self.found, self.request, self.home = form, roster, found, request, request.home

    # --- statements ---------------------------------------------------------------------------------------------

    def statements(self, times: Times) -> list[Statement]:
        """Return the statements of the form, the deciding one first; a length belongs to what it measures."""
        form, second = self.form, None
        if form.kind in ("then", "unanswered"):
            own = Times(lengths=times.lengths)
            answer = self._predicate(form.then_who, form.then_what, (), form.then_does, static=False)
            second = self._statement("then", answer, negated=form.kind == "unanswered", times=own)
        main = self._predicate(form.who, form.what, form.where, form.does, static=form.kind == "is")
        if form.kind == "missing":
            main = _at_rest(main)
        statement = self._statement("if", main, negated=form.kind == "missing", times=Times() if second else times)
        if form.kind == "count":
            statement = replace(statement, count=self._count())
        return [statement, *([second] if second else []), *(self._guard(text) for text in dict.fromkeys(form.guards))]

    def _statement(self, link: Link, predicate: Predicate, *, negated: bool, times: Times) -> Statement:
        return Statement(link, predicate, negated, times, perfect=negated)

    def _count(self) -> int:
        said = self.found.counts
        count = said[0] if len(set(said)) == 1 else self.form.times
        if count is None or count < 1:
            raise _misread("times", "'count' needs how many times.", "Take the number from the request.")
        return count

    def _guard(self, text: str) -> Statement:
        if text in (NO_ONE, SOMEONE):
            return self._statement("while", Presence("anyone", "home"), negated=text == NO_ONE, times=Times())
        if text in (DARK, LIGHT):
            return self._statement("while", Sky("down" if text == DARK else "up"), negated=False, times=Times())
        handle, _, word = text.partition(" ")
        entry = self._entry(handle, "guards")
        if entry.part == "who":
            who = Presence((entry.id,), "home" if word == "home" else "away")
            return self._statement("while", who, negated=False, times=Times())
        return self._statement("while", self._state([entry], word, static=True), negated=False, times=Times())

    # --- predicates ---------------------------------------------------------------------------------------------

    def _predicate(
        self, who: Sequence[str], what: Sequence[str], where: Sequence[str], does: str, *, static: bool
    ) -> Predicate:
        devices = [self._entry(handle, "what") for handle in what]
        if devices and does not in (*SEEN, *PRESENT, ATE):
            return self._state(devices, does, static=static)
        if does in PRESENT:
            return self._presence(who, does, static=static)
        if does == ATE:
            return self._fed(who)
        if does in SEEN:
            return self._sight(who, where, does)
        raise _misread("what", f"names nothing that can be {does!r}.", "Name a device of 'home' that reports it.")

    def _entry(self, handle: str, where: str) -> Listed:
        entry = self.roster.find(handle)
        if entry is None:
            hint = nearest(handle, self.roster.by_handle) or "Take a handle from 'home'."
            raise _misread(where, f"{handle!r} is not in 'home'.", hint)
        return entry

    def _state(self, devices: Sequence[Listed], word: str, *, static: bool) -> Predicate:
        if word in _COMPARES:
            return self._compared(devices, word)
        for device in devices:
            if word not in device.reports:
                known = ", ".join((*device.reports, *COMPARED)) if device.reports else "nothing"
                raise _misread("does", f"{device.handle} does not report {word!r}.", f"It reports {known}.")
        reports = [(device.id, device.reports[word]) for device in devices]
        if all(report.event is not None for _, report in reports):
            return Happening(tuple(device.id for device in devices), reports[0][1].event or "", word)
        if any(report.value is None for _, report in reports):
            raise _misread("does", f"{word!r} is a number.", "Say above, below or reaches.")
        parts = tuple(Part(i, r.attribute, (r.value,)) for i, r in reports if r.value is not None)
        return State(parts, word, every=self._all(), static=static)

    def _all(self) -> bool:
        return any(span.readings.get("quantifier") == "all" for span in self.found.inside)

    def _compared(self, devices: Sequence[Listed], word: str) -> Predicate:
        numbers = self.found.numbers
        number = numbers[0] if len(set(numbers)) == 1 else self.form.number
        if number is None:
            raise _misread("number", f"{word!r} needs a number.", "Take it from the request, or use another word.")
        attributes = {ref.id: ref.attribute for ref in self.found.refs if ref.attribute}
        parts = []
        for device in devices:
            numeric = [r.attribute for r in device.reports.values() if r.value is None and r.event is None]
            if not numeric:
                raise _misread("what", f"{device.handle} reports no number.", "Name what measures it.")
            said = attributes.get(device.id)
            parts.append(Part(device.id, said if said in numeric else numeric[0]))
        compare = _COMPARES[word]
        assert compare in ("above", "below", "reach")
        every = self._all()
        return State(tuple(parts), word, every=every, static=True, compare=compare, threshold=number)  # type: ignore[arg-type]  # a value of the table

    def _presence(self, who: Sequence[str], does: str, *, static: bool) -> Predicate:
        people = tuple(e.id for e in self._beings(who) if e.kind == "person" and e.id.startswith("person"))
        state = "away" if does in ("leaves home", "is away") else "home"
        still = static or does.startswith("is ")
        return Presence(people or "anyone", "away" if state == "away" else "home", static=still, some=len(people) > 1)

    def _beings(self, who: Sequence[str]) -> list[Listed]:
        return [self._entry(handle, "who") for handle in who if handle not in (*SEEN_LABELS, "stranger")]

    def _fed(self, who: Sequence[str]) -> Predicate:
        pets = tuple(entry.id for entry in self._beings(who) if entry.kind != "person")
        if not pets or len(pets) != len(who):
            raise _misread("who", "only pets of 'home' are seen eating.", "Name them by handle.")
        if not bowl_places(self.home, pets):
            raise _misread("who", f"no camera looks at a bowl of {who[0]}.", "Use kind none.")
        words = {token.text for token in self.found.tokens}
        seen = "fed" not in words and self.found.english
        return Fed(pets, together=len(pets) > 1, seen=seen, later_meal=bool(words & _LATER_MEALS))

    def _sight(self, who: Sequence[str], where: Sequence[str], does: str) -> Predicate:
        subjects = tuple(entry.id for entry in self._beings(who))
        labels = tuple(label for label in who if label in SEEN_LABELS)
        stranger = "stranger" in who
        if not who or (subjects and (labels or stranger)):
            raise _misread(
                "who", "a camera sees people or pets of 'home', or labels, not both.", "Name whom it is about."
            )
        entries = [self._entry(handle, "where") for handle in where]
        if any(entry.part != "where" for entry in entries):
            raise _misread("where", "only cameras and zones are places.", "Take them from 'home'.")
        places = tuple((entry.id, entry.zone) for entry in entries) or tuple((c.id, None) for c in self.home.cameras)
        if does == "leaves" and any(zone is None for _, zone in places):
            raise _misread("where", "only a zone can be left.", "Name a zone, or say that they are seen.")
        return Sight(subjects, ("person",) if stranger else labels, places, _MOTIONS[does], stranger)

    # --- times --------------------------------------------------------------------------------------------------

    def times(self) -> tuple[Times, str | None]:
        """Return the times that were found, in the places that the kind gives them, and how often to remind."""
        times = self.found.times()
        every = [t.value.duration for t in times.lengths if t.preposition == "every" and isinstance(t.value, Length)]
        times.lengths = [self._placed(timed) for timed in times.lengths if timed.preposition != "every"]
        if not times.lengths and not times.clocks:
            self._add_said(times)
        return times, every[0] if every else None

    def _placed(self, timed: Timed) -> Timed:
        role = _ROLE.get(self.form.kind)
        kept = timed.preposition in ("after", "next") and self.form.kind == "happens"
        if role is None:
            role = timed.preposition if kept or timed.preposition == "for" else "for"
        return replace(timed, preposition="next" if timed.preposition == "next" else role)

    def _add_said(self, times: Times) -> None:
        """Add the times that only the model found; `evidence` looks for their figures in the words."""
        form = self.form
        said: list[tuple[Preposition, str]] = [
            ("at", form.at),
            ("by", form.by),
            ("from", form.since),
            ("until", form.until),
        ]
        times.clocks = [Timed(role, Clock((_clock(text),)), i) for i, (role, text) in enumerate(said) if text]
        lasting = form.within if form.kind in ("count", "then", "unanswered") else form.lasting or form.within
        if lasting:
            times.lengths = [self._placed(Timed("for", Length(_duration(lasting)), 9))]
        days = tuple(day for day in WEEKDAYS if day in form.days)
        if days and not times.days:
            times.days = [Days(days)]

    # --- who is told --------------------------------------------------------------------------------------------

    def action(self, remind: str | None) -> Action:
        """Return who is told and what is done: read from English by `local`, else the speaker, and what the form does."""
        action = Action(told=True)
        if self.found.english:
            action = action_of(self.found.frame, self.home, self.request.speaker)
            act_on(action, self.found.inside, self.home)
        if self.form.do and self.form.do_what and not action.do:
            entry = self._entry(self.form.do_what, "do_what")
            action.do.append({"device": entry.id, "command": self.form.do})
        if remind and microseconds(remind):
            action.remind = {"every": remind, "times": _REMIND_TIMES}
        return action


def _at_rest(predicate: Predicate) -> Predicate:
    """Return "has not been closed" as of how a thing stands: what is at rest is missed by how it is, not by a change."""
    if isinstance(predicate, State) and all(v in RESTING for part in predicate.parts for v in part.values or ()):
        return replace(predicate, static=True)
    return predicate


def _clock(text: str) -> str:
    try:
        seconds_of_day(text)
    except ValueError as error:
        raise _misread("at", f"expected a time such as 07:30, found {text!r}.", "") from error
    return text


def _duration(text: str) -> str:
    try:
        length = microseconds(text)
    except ValueError:
        length = 0
    if length == 0:
        raise _misread("lasting", f"expected a duration such as 10m, found {text!r}.", "")
    return text


def _misread(where: str, message: str, hint: str = "") -> Misread:
    return Misread([Problem("misread", where, message, hint)])
