"""Rules: the list, and one rule: what it does, how it stands now, what it said lately, who changed it; pause, resume, delete, undo."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Annotated, Literal
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Query, Request, Response

from proactive.account import Change
from proactive.notify.plan import recipients
from proactive.outlook import Outlook, outlooks
from proactive.reach import unreached_words
from proactive.store.rulebook import Version
from proactive.web.happened import own_notification
from proactive.web.page import Tab, back_to, page
from proactive.web.pages.telling import telling_of
from proactive.web.problem import Refused
from proactive.web.rulings import base_of, language_of, own_rule, seen_rule, today
from proactive.web.steps import Steps, steps_of
from proactive.web.terms import differences
from proactive.web.visit import Visit, may
from proactive.web.words import changed, name_of, title_of
from rules.calendar import naive_local, zone_of
from rules.explain import explain, explain_firing
from rules.home import Person
from rules.rule import Rule
from rules.units import DAY

TAB = Tab("Rules", "/rules", "rules", "see_rules", 2)
LATELY = 14  # days of firings that are shown
MOST = 50
A_PAGE = 40  # rules on a page of the list
FEW = 8  # up to so many rules need no search
Show = Literal["all", "on", "paused", "mine"]
SHOWS: dict[Show, str] = {"all": "All", "on": "Watching", "paused": "Paused", "mine": "Mine"}
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
class Told:
    """A firing as it is shown."""

    time: int
    verdict: str
    words: str
    day: str
    notification: str = ""


@dataclass(frozen=True, slots=True)
class Recipient:
    """Somebody whom a rule tells: their name, the page about how they are told, if it is theirs to see, and what is wrong."""

    name: str
    href: str
    trouble: str


@router.get("/rules")
def listing(
    request: Request,
    visit: Reader,
    q: Annotated[str, Query(max_length=100)] = "",
    show: Show = "all",
    number: Annotated[int, Query(alias="page", ge=1, le=10_000)] = 1,
    undo: Annotated[str, Query(max_length=200)] = "",
) -> Response:
    """Show the rules that concern whoever visits, each with how it stands: those that were looked for, a page of them."""
    rules = visit.access.rules(visit.site.store.rules(visit.home.home))
    wanted = [rule for rule in rules if _is_wanted(rule, q.casefold().split(), show, visit)]
    shown = wanted[(number - 1) * A_PAGE : number * A_PAGE]
    found = outlooks(shown, visit.home, visit.site.runtime.log, visit.now)
    return page(
        request, visit, "rules.html", rules=[Standing(rule, title_of(rule), found[rule.id]) for rule in shown],
        counted=_counted(rules), steps=_pressing(visit), MOODS=MOODS, SHOWS=SHOWS, q=q, show=show, wanted=len(wanted),
        many=len(rules) > FEW, undo=_dropped(visit, undo),
        newer=_page(q, show, number - 1) if number > 1 else "",
        older=_page(q, show, number + 1) if len(wanted) > number * A_PAGE else "",
    )  # fmt: skip


@router.get("/rules/{id}")
def one(request: Request, visit: Reader, id: str) -> Response:
    """Show one rule."""
    rule, home = seen_rule(visit, id), visit.home
    outlook = outlooks([rule], home, visit.site.runtime.log, visit.now)[rule.id]
    return page(
        request, visit, "rule.html", rule=rule, title=title_of(rule), base=base_of(rule), outlook=outlook, MOODS=MOODS,
        reads=explain(rule, home, language_of(home)), told=list(_recipients(visit, rule)), yours=visit.access.may_change_rule(rule),
        owner=name_of(home, rule.owner, "An owner"), firings=_lately(visit, rule), days=LATELY,
        history=_history(visit, rule), today=today(visit).isoformat(),
    )  # fmt: skip


@router.post("/rules/{id}/pause")
def pause(visit: Writer, id: str) -> Response:
    """Pause a rule."""
    rule = own_rule(visit, id)
    visit.site.store.pause_rule(rule.home, rule.id, who=visit.person, at=visit.now)
    return _done(visit, rule, "rule.pause", "paused")


@router.post("/rules/{id}/resume")
def resume(visit: Writer, id: str) -> Response:
    """Resume a rule."""
    rule = own_rule(visit, id)
    visit.site.store.resume_rule(rule.home, rule.id, who=visit.person, at=visit.now)
    return _done(visit, rule, "rule.resume", "resumed")


@router.post("/rules/{id}/drop")
def drop(visit: Writer, id: str) -> Response:
    """Delete a rule; its history is kept."""
    rule = own_rule(visit, id)
    visit.site.store.drop_rule(rule.home, rule.id, who=visit.person, at=visit.now)
    _done(visit, rule, "rule.drop", "dropped")
    return back_to("/rules", "dropped", undo=rule.id)


@router.post("/rules/{id}/restore")
def restore(visit: Writer, id: str) -> Response:
    """Bring back a rule that was deleted, as it stood."""
    rule = _dropped(visit, id)
    if rule is None:
        raise Refused(404, "There is no such rule that was deleted, or it is not yours.")
    visit.site.store.put_rule(rule, who=visit.person, at=visit.now)
    return _done(visit, rule, "rule.restore", "restored")


def _done(visit: Visit, rule: Rule, did: str, said: str) -> Response:
    visit.note(did, rule.id, title_of(rule))
    visit.site.look()
    return back_to(base_of(rule), said)


# --- one rule ---------------------------------------------------------------------------------------------------


def _dropped(visit: Visit, id: str) -> Rule | None:
    """Return a rule that was deleted and that whoever visits may bring back, or None."""
    rule = visit.site.store.last_rule(visit.home.home, id) if id else None
    if rule is None or not visit.access.may_change_rule(rule) or not visit.access.may_make_rule(rule):
        return None
    return None if any(standing.id == id for standing in visit.site.store.rules(visit.home.home)) else rule


def _recipients(visit: Visit, rule: Rule) -> Iterator[Recipient]:
    """Yield whom a rule tells, each with whether anything reaches them."""
    browsers = visit.site.store.browsers(visit.home.home)
    for id in recipients(rule, visit.home):
        name = "You" if id == visit.person else name_of(visit.home, id, "Somebody")
        somebody = visit.home.by_id.get(id)
        if isinstance(somebody, Person):
            href = telling_of(somebody) if visit.access.may_set_telling(id) else ""
            yield Recipient(name, href, unreached_words(somebody, browsers, you=id == visit.person))
        else:
            yield Recipient(name, "", f"{name} is not listed in this home any more.")


def _lately(visit: Visit, rule: Rule) -> list[Told]:
    """Return what a rule said lately, the last first."""
    store, zone = visit.site.store, zone_of(visit.home)
    found = store.firings(rule.home, rule.id, since=visit.now - LATELY * DAY)[-MOST:]
    got = store.told_of([each.id for each in found])
    return [
        Told(
            each.time, each.verdict, explain_firing(each, store.rule_then(each) or rule, visit.home), naive_local(zone, each.time).date().isoformat(),
            own_notification(visit, got.get(each.id, [])),
        )
        for each in reversed(found)
    ]  # fmt: skip


def _history(visit: Visit, rule: Rule) -> list[Change]:
    """Return who changed a rule and how, the last first; `who` is a name."""
    store, home = visit.site.store, visit.home
    versions = store.versions(rule.home, rule.id)
    made = [
        Change(at=new.at, home=rule.home, who=new.who or "", did="", words=_how(visit, old, new))
        for old, new in zip([None, *versions], versions, strict=False)
    ]
    gone = [Change(at=each.at, home=rule.home, who=each.who, did="", words="deleted it.")
            for each in store.changes(rule.home, rule.id) if each.did == "rule.drop"]  # fmt: skip
    found = sorted([*made, *gone], key=lambda change: change.at, reverse=True)
    return [replace(each, who=name_of(home, each.who, "Somebody")) for each in found]


def _how(visit: Visit, old: Version | None, new: Version) -> str:
    """Return what a version changed: in general, then term by term."""
    terms = [] if old is None else list(differences(old.rule, new.rule, visit.home))
    return " ".join([changed(old, new), *(f"{each}." for each in terms)])


# --- the list ---------------------------------------------------------------------------------------------------


def _is_wanted(rule: Rule, words: list[str], show: Show, visit: Visit) -> bool:
    """Tell whether a rule has all the words that were looked for, and is of the kind that is to be shown."""
    if (show == "on" and not rule.enabled) or (show == "paused" and rule.enabled):
        return False
    if show == "mine" and rule.owner != visit.person:
        return False
    if not words:
        return True
    text = f"{title_of(rule)} {rule.said or ''} {rule.id} {explain(rule, visit.home)}".casefold()
    return all(word in text for word in words)


def _page(q: str, show: str, number: int) -> str:
    """Return the address of a page of the list."""
    given = {"q": q, "show": show if show != "all" else "", "page": str(number) if number > 1 else ""}
    return "/rules?" + urlencode({name: value for name, value in given.items() if value})


def _counted(rules: list[Rule]) -> str:
    """Return how many rules there are, in words."""
    if not rules:
        return ""
    paused = sum(not each.enabled for each in rules)
    return f"{len(rules)} {'rule' if len(rules) == 1 else 'rules'}" + (f", {paused} paused" if paused else "")


def _pressing(visit: Visit) -> Steps:
    """Return what an owner does next, where the home watches for nobody until then."""
    steps = steps_of(visit)
    return steps if steps.pressing else Steps()
