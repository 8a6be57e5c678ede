"""Edit: a rule changed in words or in a form; read back, with what it would have done before and after, and saved on a yes."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Form, Request, Response

from proactive.keeping import Keeper
from proactive.language.outcome import Ask, Change, Outcome
from proactive.language.policy.acting import check_acting
from proactive.language.request import Request as Said
from proactive.language.request import Turn
from proactive.language.talk.change import SO_ALREADY
from proactive.language.talk.thread import EDIT
from proactive.language.understand import converse
from proactive.reach import unreached_words
from proactive.web.page import back_to, page
from proactive.web.pages.shown import person_of
from proactive.web.problem import Refused
from proactive.web.rulings import base_of, language_of, own_rule
from proactive.web.talk.card import unreached
from proactive.web.talk.saying import keep_pace
from proactive.web.terms import URGENCIES, differences, filled, terms_of, value_of
from proactive.web.tried import SIGNS, same, tried
from proactive.web.visit import Visit, may
from proactive.web.words import title_of
from rules.check import check, is_advice
from rules.explain import explain
from rules.problem import InputError, Problem
from rules.rule import Rule, parse_rule
from rules.units import WEEKDAYS, moment
from rules.words.times import day_name

router = APIRouter(include_in_schema=False)
Writer = Annotated[Visit, Depends(may("change_own_rules"))]
LONGEST = 500  # letters of what is said
ANSWER = "answer-"  # before the slot of a question, in the name of its button
STALE = "Somebody changed this rule meanwhile. Here it is as it stands now."
ANOTHER = "I do not understand that as a change of this rule. Say it in other words, or set it in the form."


@dataclass(frozen=True, slots=True)
class Tap:
    """What is done by a button rather than by words: what is said of it, the last part of its address, its label."""

    words: str
    path: str
    label: str


_DEEDS: dict[str, Tap] = {
    "pause": Tap("To pause this rule, one tap is enough.", "pause", "Pause"),
    "resume": Tap("To let this rule watch again, one tap is enough.", "resume", "Resume"),
    "drop": Tap("To delete this rule, one tap is enough; it can be undone.", "drop", "Delete"),
}


@dataclass(frozen=True, slots=True)
class Trouble:
    """Why nothing is proposed: in words, with questions that can be answered by a button, or the one that does what was meant."""

    words: str = ""
    asks: tuple[Ask, ...] = ()
    said: str = ""
    answers: tuple[tuple[str, str], ...] = ()
    tap: Tap | None = None


@router.get("/rules/{id}/edit")
def edit(request: Request, visit: Writer, id: str) -> Response:
    """Show the ways in which a rule can be changed."""
    return _form(request, visit, own_rule(visit, id))


async def sent(request: Request) -> Mapping[str, Sequence[str]]:
    """Return every field of a form, each with all of its values."""
    given = await request.form()
    return {name: [str(each) for each in given.getlist(name)] for name in given}


Sent = Annotated[Mapping[str, Sequence[str]], Depends(sent)]


@router.post("/rules/{id}/say")
def say(
    request: Request, visit: Writer, id: str, said: Annotated[str, Form(max_length=LONGEST)], given: Sent
) -> Response:
    """Read a change in words, and show what it makes of the rule."""
    rule = own_rule(visit, id)
    keep_pace(visit)
    answers = {name.removeprefix(ANSWER): values[-1] for name, values in given.items() if name.startswith(ANSWER)}
    outcome = _understood(visit, rule, said, answers)
    if len(outcome.rules) == 1 and outcome.change is not None and outcome.change.rules == (rule.id,):
        return _proposal(request, visit, rule, outcome.rules[0])
    return _form(request, visit, rule, _trouble(outcome, rule, said, tuple(answers.items())))


def _trouble(outcome: Outcome, rule: Rule, said: str, answers: tuple[tuple[str, str], ...]) -> Trouble:
    """Return why words make nothing of a rule: what is asked, what stands in the way, or what they would do by another way."""
    change = outcome.change
    tap = _DEEDS.get(change.deed) if change is not None and change.rules == (rule.id,) else None
    if tap is not None:
        return Trouble(tap.words, said=said, tap=tap)
    about_it = any(problem.code == EDIT for problem in outcome.problems) or outcome.reply.startswith(SO_ALREADY)
    words = outcome.reply if outcome.asks or about_it else ANOTHER
    return Trouble(words, outcome.asks, said, answers)


@router.post("/rules/{id}/edit")
def fill(request: Request, visit: Writer, id: str, given: Sent) -> Response:
    """Read a change in the form, and show what it makes of the rule."""
    rule = own_rule(visit, id)
    try:
        changed = filled(rule, given)
    except InputError as error:
        return _form(request, visit, rule, Trouble(_words(error.problems)), given)
    if changed == rule:
        return _form(request, visit, rule, Trouble("Nothing is changed by that."), given)
    return _proposal(request, visit, rule, changed, given)


@router.post("/rules/{id}/save")
def save(request: Request, visit: Writer, id: str, proposed: Annotated[str, Form(max_length=100_000)]) -> Response:
    """Save what was proposed as the next version of the rule."""
    rule = own_rule(visit, id)
    new = _proposed(rule, proposed)
    if new.version != rule.version:
        return _form(request, visit, rule, Trouble(STALE))
    if wrong := _wrong(visit, new):
        return _form(request, visit, rule, Trouble(_words(wrong)))
    try:
        kept = Keeper(visit.site.store, rule.home, visit.person, visit.now).save((new,), (rule.id,)).rules[0]
    except InputError as error:
        return _form(request, visit, rule, Trouble(_words(error.problems)))
    visit.note("rule.edit", kept.id, title_of(kept))
    visit.site.look()
    return back_to(base_of(kept), "saved")


def _proposed(rule: Rule, text: str) -> Rule:
    """Return the rule that a page proposed: what is not asked about stays as it stands. Raise Refused."""
    try:
        body: dict[str, Any] = json.loads(text)
        return parse_rule(body | {"home": rule.home, "owner": rule.owner, "enabled": rule.enabled})
    except (ValueError, TypeError, RecursionError, InputError) as error:
        raise Refused(422, "This is no rule. Go back, load the page again, and try once more.") from error


def _understood(visit: Visit, rule: Rule, said: str, answers: Mapping[str, str]) -> Outcome:
    """Return what words make of a rule; they may be about this one only."""
    store, about = visit.site.store, Change("list", (rule.id,), sure=True)
    before = (Turn("", Outcome("manage", rule.said or rule.id, change=about)),)
    facts = tuple(store.facts(rule.home))
    heard = Said(said, visit.home, visit.person, before, moment(visit.now), answers, facts, (rule,))
    return converse(heard, visit.site.reader()).outcome


def _wrong(visit: Visit, rule: Rule) -> list[Problem]:
    """Return why a rule may not be saved."""
    found = [problem for problem in check(rule, visit.home) if not is_advice(problem)]
    found += check_acting(rule.do, visit.home, visit.person)
    try:
        visit.access.require_rule(rule, new=True)
    except InputError as error:
        found += error.problems
    return found


def _words(problems: Sequence[Problem]) -> str:
    return " ".join(f"{each.message} {each.hint}".strip() for each in problems)


# --- pages ------------------------------------------------------------------------------------------------------


def _form(
    request: Request,
    visit: Visit,
    rule: Rule,
    trouble: Trouble | None = None,
    given: Mapping[str, Sequence[str]] | None = None,
) -> Response:
    body = rule.as_json()
    fields = [(term, _in_field(value_of(body, term), term.name, given or {}, term.kind)) for term in terms_of(rule)]
    return page(
        request, visit, "edit.html", 422 if trouble else 200, rule=rule, base=base_of(rule), title=title_of(rule),
        reads=explain(rule, visit.home, language_of(visit.home)), fields=fields, trouble=trouble or Trouble(),
        DAYS=[(day, day_name(day)) for day in WEEKDAYS], URGENCIES=URGENCIES,
    )  # fmt: skip


def _silence(visit: Visit, id: str) -> str:
    """Return that somebody whom a rule would tell hears nothing."""
    somebody = person_of(visit, id)
    return unreached_words(somebody, visit.site.store.browsers(visit.home.home), you=id == visit.person)


def _in_field(value: Any, name: str, given: Mapping[str, Sequence[str]], kind: str) -> Any:
    """Return what stands in a field: what was just sent, else what the rule says."""
    if name in given:
        return list(given[name]) if kind in ("days", "people") else (given[name] or [""])[-1]
    return "00:00" if kind == "clock" and value == "24:00" else value


def _proposal(
    request: Request, visit: Visit, rule: Rule, new: Rule, given: Mapping[str, Sequence[str]] | None = None
) -> Response:
    """Show what a rule would become, or why it cannot."""
    if wrong := _wrong(visit, new):
        return _form(request, visit, rule, Trouble(_words(wrong)), given)
    home, site, language = visit.home, visit.site, language_of(visit.home)
    before, after = (tried(each, home, site.settings, site.runtime.log) for each in (rule, new))
    return page(
        request, visit, "proposal.html", base=base_of(rule), title=title_of(rule), before=before, after=after,
        same=same(before, after), was=explain(rule, home, language), reads=explain(new, home, language),
        differences=list(differences(rule, new, home)), SIGNS=SIGNS,
        advice=[problem for problem in check(new, home) if is_advice(problem) and problem.code != "no_channel"],
        silent=[_silence(visit, id) for id in unreached(new, visit)],
        proposed=json.dumps(new.model_copy(update={"version": rule.version}).as_json()),
    )  # fmt: skip
