"""Rules: the list, and one rule: what it does, how it stands now, what it said lately, who changed it; pause, resume, delete."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Annotated
from urllib.parse import quote

from fastapi import APIRouter, Depends, Request, Response

from proactive.account import Change
from proactive.outlook import Outlook, outlooks
from proactive.web.page import Tab, back_to, page
from proactive.web.problem import Refused
from proactive.web.visit import Visit, may
from proactive.web.words import changed, name_of, names_of, title_of
from rules.calendar import naive_local, zone_of
from rules.explain import explain, explain_firing
from rules.record import decode
from rules.rule import Rule
from rules.units import DAY
from rules.why import explain_why
from rules.why import why as asked
from rules.words.times import on_weekday

TAB = Tab("Rules", "/rules", "rules", "see_rules", 2)
LATELY = 14  # days of firings that are shown
MOST = 50
MOODS = {
    "watching": ("Watching", "eye"),
    "waiting": ("Waiting", "clock"),
    "well": ("All well", "check"),
    "blind": ("Cannot see", "hidden"),
    "off": ("Paused", "pause"),
}
router = APIRouter(include_in_schema=False)
Reader = Annotated[Visit, Depends(may("see_rules"))]
Writer = Annotated[Visit, Depends(may("change_own_rules"))]


@dataclass(frozen=True, slots=True)
class Standing:
    """A rule in the list: what it is called, and how it stands."""

    rule: Rule
    title: str
    outlook: Outlook


@dataclass(frozen=True, slots=True)
class Step:
    """Something to do next in a new home."""

    title: str
    words: str
    done: bool


@dataclass(frozen=True, slots=True)
class Told:
    """A firing as it is shown."""

    time: int
    verdict: str
    words: str


@router.get("/rules")
def listing(request: Request, visit: Reader) -> Response:
    """Show the rules that concern whoever visits, each with how it stands."""
    rules = visit.access.rules(visit.site.store.rules(visit.home.home))
    found = outlooks(rules, visit.home, visit.site.runtime.log, visit.now)
    standing = [Standing(rule, title_of(rule), found[rule.id]) for rule in rules]
    return page(
        request, visit, "rules.html", rules=standing, counted=_counted(standing), steps=_steps(visit, rules), MOODS=MOODS
    )  # fmt: skip


@router.get("/rules/{id}")
def one(request: Request, visit: Reader, id: str) -> Response:
    """Show one rule."""
    rule, home = _rule(visit, id), visit.home
    outlook = outlooks([rule], home, visit.site.runtime.log, visit.now)[rule.id]
    return page(
        request, visit, "rule.html", rule=rule, title=title_of(rule), base=_base(rule), outlook=outlook, MOODS=MOODS,
        reads=explain(rule, home), told=_told(visit, rule), yours=visit.access.may_change_rule(rule),
        owner=name_of(home, rule.owner, "An owner"), firings=_lately(visit, rule), days=LATELY,
        history=_history(visit, rule), today=_today(visit).isoformat(),
    )  # fmt: skip


@router.get("/rules/{id}/why")
def why(request: Request, visit: Reader, id: str, day: date) -> Response:
    """Show why a rule did or did not fire on a day, step by step."""
    rule = _rule(visit, id)
    told = asked(rule, visit.home, day, map(decode, visit.site.runtime.log.lines()))
    headline, *lines = explain_why(told, rule, visit.home).splitlines()
    return page(
        request, visit, "why.html", title=title_of(rule), base=_base(rule), headline=headline, lines=lines,
        day=day.isoformat(), day_words=on_weekday(day), today=_today(visit).isoformat(),
    )  # fmt: skip


@router.post("/rules/{id}/pause")
def pause(visit: Writer, id: str) -> Response:
    """Pause a rule."""
    rule = _own(visit, id)
    visit.site.store.pause_rule(rule.home, rule.id, who=visit.person, at=visit.now)
    return _done(visit, rule, "rule.pause", "paused")


@router.post("/rules/{id}/resume")
def resume(visit: Writer, id: str) -> Response:
    """Resume a rule."""
    rule = _own(visit, id)
    visit.site.store.resume_rule(rule.home, rule.id, who=visit.person, at=visit.now)
    return _done(visit, rule, "rule.resume", "resumed")


@router.post("/rules/{id}/drop")
def drop(visit: Writer, id: str) -> Response:
    """Delete a rule; its history is kept."""
    rule = _own(visit, id)
    visit.site.store.drop_rule(rule.home, rule.id, who=visit.person, at=visit.now)
    _done(visit, rule, "rule.drop", "dropped")
    return back_to("/rules", "dropped")


def _done(visit: Visit, rule: Rule, did: str, said: str) -> Response:
    visit.note(did, rule.id, title_of(rule))
    visit.site.look()
    return back_to(_base(rule), said)


# --- one rule ---------------------------------------------------------------------------------------------------


def _rule(visit: Visit, id: str) -> Rule:
    """Return a rule that whoever visits may see. Raise Refused, alike where there is none and where it is not theirs."""
    for rule in visit.site.store.rules(visit.home.home):
        if rule.id == id and visit.access.may_see_rule(rule):
            return rule
    raise Refused(404, "There is no such rule, or it is not yours to see.")


def _own(visit: Visit, id: str) -> Rule:
    rule = _rule(visit, id)
    if not visit.access.may_change_rule(rule):
        raise Refused(403, "This rule is somebody else's. Ask them, or an owner of the home.")
    return rule


def _base(rule: Rule) -> str:
    return f"/rules/{quote(rule.id, safe='')}"


def _told(visit: Visit, rule: Rule) -> str:
    """Return who is told, in words."""
    to = () if rule.notify is None else rule.notify.to
    return f"It tells {names_of(visit.home, to, visit.person)}." if to else "It tells nobody."


def _lately(visit: Visit, rule: Rule) -> list[Told]:
    """Return what a rule said lately, the last first."""
    found = visit.site.store.firings(rule.home, rule.id, since=visit.now - LATELY * DAY)
    return [Told(each.time, each.verdict, explain_firing(each, rule, visit.home)) for each in reversed(found[-MOST:])]


def _history(visit: Visit, rule: Rule) -> list[Change]:
    """Return who changed a rule and how, the last first; `who` is a name."""
    versions = visit.site.store.versions(rule.home, rule.id)
    pairs = zip([None, *versions], versions, strict=False)
    return [
        Change(at=new.at, home=rule.home, who=name_of(visit.home, new.who, "Somebody"), did="", words=changed(old, new))
        for old, new in reversed([*pairs])
    ]


def _today(visit: Visit) -> date:
    return naive_local(zone_of(visit.home), visit.now).date()


# --- the list ---------------------------------------------------------------------------------------------------


def _counted(rules: list[Standing]) -> str:
    """Return how many rules there are, in words."""
    if not rules:
        return ""
    paused = sum(not each.rule.enabled for each in rules)
    return f"{len(rules)} {'rule' if len(rules) == 1 else 'rules'}" + (f", {paused} paused" if paused else "")


def _steps(visit: Visit, rules: list[Rule]) -> list[Step]:
    """Return what an owner does next in a new home; nothing once it watches for somebody."""
    if not visit.access.may("manage_home"):
        return []
    steps = list(_first_steps(visit, rules))
    return [] if all(step.done for step in steps[:2]) else steps


def _first_steps(visit: Visit, rules: list[Rule]) -> Iterator[Step]:
    home = visit.home
    eyes = bool(home.cameras or home.devices)
    add = "List them in a home file and import it: proactive home import home.yaml"
    yield Step("Tell me what there is to watch: cameras, devices, pets", add, eyes)
    yield Step("Say your first rule", "For example: “let me know if Daisy isn’t fed by noon”.", bool(rules))
    yield Step(
        "Invite your family",
        "Everybody gets a link of their own, under Home.",
        len(visit.site.store.accounts(home.home)) > 1,
    )
