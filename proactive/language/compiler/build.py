"""Building: a model's form becomes statements of `local`'s own kind, which its grammar of time composes into a rule.

So one meaning has one rule, whoever read it, and a model can say nothing that `local` could not: what a form leaves
open is asked, what does not fit is a problem that the model is told.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from proactive.language.compiler.form import Form
from proactive.language.compiler.meaning import Meaning, MisreadError, misread
from proactive.language.compiler.roster import Roster
from proactive.language.local import phrase
from proactive.language.local.action import Action, act_on, action_of
from proactive.language.local.clause import Link, Preposition, Timed, Times
from proactive.language.local.clock import Clock, Days, Length
from proactive.language.local.compose import compose
from proactive.language.local.lexicon import RESTING
from proactive.language.local.predicate import Predicate, State
from proactive.language.local.rule import rule_outcome
from proactive.language.local.slots import Slots
from proactive.language.local.statement import Statement
from proactive.language.local.when import settle
from proactive.language.outcome import Outcome
from proactive.language.request import Request
from rules.units import WEEKDAYS, microseconds, seconds_of_day

# What a length measures, by the kind of the rule: "three times in an hour" and "then within an hour" alike.
_ROLE: dict[str, Preposition] = {
    "is": "for",
    "missing": "for",
    "count": "within",
    "then": "within",
    "unanswered": "within",
}
_PAIRED = ("then", "unanswered")
_REMIND_TIMES = 10


def build(form: Form, roster: Roster, found: Slots, request: Request) -> Outcome:
    """Return the outcome of a form: a rule that passes `check`. Raise MisreadError, or DetourError to ask a person."""
    making = _Making(form, found, request, Meaning(roster, found, request.home, form.number))
    times, remind = making.times()
    statements = making.statements(times)
    when = settle(times, request.home, request.text.lower(), request.now)
    made = compose(statements, times, when, request.home)
    outcome = rule_outcome(made, when, making.action(remind), phrase.message(made, request.home), request)
    if outcome.outcome != "rule":
        raise MisreadError(outcome.problems)
    return outcome


@dataclass(frozen=True, slots=True)
class _Making:
    """The parts of one rule, made of a form and of what was found in the words."""

    form: Form
    found: Slots
    request: Request
    meaning: Meaning

    # --- statements ---------------------------------------------------------------------------------------------

    def statements(self, times: Times) -> list[Statement]:
        """Return the statements of the form, the deciding one first; a length belongs to what it measures."""
        form = self.form
        main = self.meaning.predicate(form.who, form.what, form.where, form.does, static=form.kind == "is")
        missing, paired = form.kind == "missing", form.kind in _PAIRED
        main = _at_rest(main) if missing else main
        said = [_statement("if", main, negated=missing, times=Times() if paired else times)]
        if form.kind == "count":
            said = [replace(said[0], count=self._count())]
        if paired:
            answer = self.meaning.predicate(form.then_who, form.then_what, (), form.then_does, static=False)
            own = Times(lengths=times.lengths)
            said.append(_statement("then", answer, negated=form.kind == "unanswered", times=own))
        for guard, negated in map(self.meaning.guard, dict.fromkeys(form.guards)):
            said.append(_statement("while", guard, negated=negated, times=Times()))
        return said

    def _count(self) -> int:
        said = self.found.counts or [int(number) for number in self.found.numbers if number == int(number)]
        count = said[0] if len(set(said)) == 1 else self.form.times
        if count is None or count < 1:
            raise misread("times", "'count' needs how many times.", "Take the number from the request.")
        return count

    # --- times --------------------------------------------------------------------------------------------------

    def times(self) -> tuple[Times, str | None]:
        """Return the times that were found, in the places that the kind gives them, and how often to remind."""
        times = self.found.times()
        times.days = [days for days in times.days if len(days.days) < len(WEEKDAYS)] or times.days
        every = [t.value.duration for t in times.lengths if t.preposition == "every" and isinstance(t.value, Length)]
        times.lengths = [self._placed(timed) for timed in times.lengths if timed.preposition != "every"]
        if not times.lengths and not times.clocks:
            self._add_said(times)
        return times, every[0] if every else None

    def _placed(self, timed: Timed) -> Timed:
        if timed.preposition == "next" or (timed.preposition == "after" and self.form.kind == "happens"):
            return timed
        return replace(timed, preposition=_ROLE.get(self.form.kind, "for"))

    def _add_said(self, times: Times) -> None:
        """Add the times that only the model found; `invented` looks for their figures in the words."""
        form = self.form
        said: tuple[tuple[Preposition, str], ...] = (
            ("at", form.at), ("by", form.by), ("from", form.since), ("until", form.until),
        )  # fmt: skip
        times.clocks = [Timed(role, Clock((_clock(text),)), at) for at, (role, text) in enumerate(said) if text]
        length = form.lasting or form.within if form.kind not in (*_PAIRED, "count") else form.within
        if length:
            times.lengths = [self._placed(Timed("for", Length(_duration(length)), len(said)))]
        days = tuple(day for day in WEEKDAYS if day in form.days)
        if days and not times.days:
            times.days = [Days(days)]

    # --- who is told --------------------------------------------------------------------------------------------

    def action(self, remind: str | None) -> Action:
        """Return who is told and what is done: as `local` reads it, else the speaker, and what the form does."""
        form, frame = self.form, self.found.frame
        action = Action(told=True)
        if self.found.english and frame.segments and frame.action:
            action = action_of(frame, self.request.home, self.request.speaker)
            act_on(action, self.found.inside, self.request.home)
            if action.do and action.rest:  # "I switch on the iron and walk away" orders nothing
                raise misread("do", "what is to be done was not understood.")
        elif self.found.english:
            action.to = self._recipients()
        if form.do and form.do_what and not action.do:
            action.do.append({"device": self.meaning.id_of(form.do_what, "do_what"), "command": form.do})
        if remind and microseconds(remind):
            action.remind = {"every": remind, "times": _REMIND_TIMES}
        return action

    def _recipients(self) -> list[str]:
        """Return who is told by a note without a verb, "tank below 20% -> me and June": whoever it is not about."""
        about = {self.meaning.id_of(handle, "who") for handle in self.form.who if self.meaning.roster.find(handle)}
        named = [ref.id for ref in self.found.refs if ref.kind == "person" and ref.id not in about]
        own = [self.request.speaker] if self.request.speaker and self.found.tells_speaker else []
        return list(dict.fromkeys((*own, *named)))


def _statement(link: Link, predicate: Predicate, *, negated: bool, times: Times) -> Statement:
    return Statement(link, predicate, negated, times, perfect=negated)


def _at_rest(predicate: Predicate) -> Predicate:
    """Return "has not been closed" as of how a thing stands: what is at rest is missed by how it is, not by a change."""
    if isinstance(predicate, State) and all(v in RESTING for part in predicate.parts for v in part.values or ()):
        return replace(predicate, static=True)
    return predicate


def _clock(text: str) -> str:
    try:
        seconds_of_day(text)
    except ValueError as error:
        raise misread("at", f"expected a time such as 07:30, found {text!r}.") from error
    return text


def _duration(text: str) -> str:
    try:
        length = microseconds(text)
    except ValueError:
        length = 0
    if length == 0:
        raise misread("lasting", f"expected a duration such as 10m, found {text!r}.")
    return text
