"""False alarm: what was wrong, and what could be changed about the rule, each change tried on the last days before it is offered."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Depends, Form, Request, Response

from proactive.amending import Amendment, Reason, amendments, is_absence
from proactive.notify import replies
from proactive.preview import DAYS
from proactive.web.notice import Notice, notice_of, noticed
from proactive.web.page import back_to, page
from proactive.web.rulings import base_of, language_of
from proactive.web.tried import SIGNS, Preview, tried
from proactive.web.visit import Visit, may
from proactive.web.words import name_of
from rules.explain import explain
from rules.rule import Rule

router = APIRouter(include_in_schema=False)
Self = Annotated[Visit, Depends(may("visit"))]
MOST = 3  # changes that are offered: more to read than that helps nobody
REASONS: Mapping[Reason, tuple[str, str]] = {
    "subject": ("Not who you said", "It was somebody else, or not my pet."),
    "place": ("Wrong place", "It was there, but not where it matters."),
    "nothing": ("Nothing was there", "A shadow, a leaf, a picture on the wall."),
    "boring": ("Not interesting now", "True, but I need not hear of it."),
    "time": ("Wrong time", "At this time it is all right."),
}
MISSED: Mapping[Reason, tuple[str, str]] = {
    "subject": ("It did happen, you did not know who it was", "The right one was there."),
    "place": ("It did happen, in another place", "Not quite where you look."),
    "boring": ("Not interesting now", "True, but I need not hear of it."),
    "time": ("Too early", "It may happen a little later."),
}
"""The same of an absence: what was wrong is that it happened after all."""


@dataclass(frozen=True, slots=True)
class Offer:
    """A change that would have kept it quiet: in a few words, the rule read back, what it would have done, and the rule itself."""

    words: str
    reads: str
    after: Preview
    proposed: str


@router.get("/notifications/{id}/wrong")
def ask(request: Request, visit: Self, id: str, reason: str = "") -> Response:
    """Ask what was wrong; with a reason, offer what could be changed because of it."""
    notice = notice_of(visit, noticed(visit, id))
    reasons = _reasons(notice)
    chosen: Reason | None = next((each for each in reasons if each == reason), None)
    yours = notice.rule is not None and visit.access.may_change_rule(notice.rule) and _stands(visit, notice.rule)
    before, offers = _offers(visit, notice, notice.rule, chosen) if chosen and yours and notice.rule else (None, [])
    return page(
        request, visit, "wrong.html", notice=notice, base=notice.base, reasons=reasons, reason=chosen, yours=yours,
        before=before, offers=offers, SIGNS=SIGNS, DAYS=DAYS, rule_base=base_of(notice.rule) if notice.rule else "",
        owner=name_of(visit.home, notice.rule.owner if notice.rule else None, "An owner"),
    )  # fmt: skip


@router.post("/notifications/{id}/wrong")
def say(visit: Self, id: str, reason: Annotated[str, Form(max_length=20)] = "") -> Response:
    """Note what was wrong: nobody is reminded any more, and it goes from every screen."""
    found = noticed(visit, id)
    notice = notice_of(visit, found)
    known = reason if reason in _reasons(notice) else ""
    replies.say_false(visit.site.store, found.id, visit.person, known, now=visit.now)
    visit.site.look()
    return back_to(f"{notice.base}/wrong", "false", reason=known)


def _reasons(notice: Notice) -> Mapping[Reason, tuple[str, str]]:
    return MISSED if notice.rule is not None and is_absence(notice.rule) else REASONS


def _stands(visit: Visit, rule: Rule) -> bool:
    return any(each.id == rule.id for each in visit.site.store.rules(visit.home.home))


def _offers(visit: Visit, notice: Notice, rule: Rule, reason: Reason) -> tuple[Preview, list[Offer]]:
    """Return what the rule did, and the changes that would have kept this quiet: those first that keep most of the rest."""
    log, home = visit.site.runtime.log, visit.home
    evidence = sorted(log.records(home.home, notice.firing.evidence), key=lambda record: record.time)
    before = _tried(visit, rule)
    found = [(each, _tried(visit, each.rule)) for each in amendments(rule, home, notice.firing, evidence, reason)]
    helpful = [(each, after) for each, after in found if _helps(notice.firing.occurrence, before, after)]
    helpful.sort(key=lambda pair: -len(pair[1].fired))
    return before, [_offer(visit, each, after, rule) for each, after in helpful[:MOST]]


def _helps(occurrence: str, before: Preview, after: Preview) -> bool:
    """Tell whether a change would have kept an occurrence quiet, which it may also have put off under another name."""
    fewer = len(after.fired) < len(before.fired) or occurrence not in before.fired
    return fewer and occurrence not in after.fired


def _tried(visit: Visit, rule: Rule) -> Preview:
    return tried(rule, visit.home, visit.site.settings, visit.site.runtime.log)


def _offer(visit: Visit, found: Amendment, after: Preview, rule: Rule) -> Offer:
    proposed = found.rule.model_copy(update={"version": rule.version})
    reads = explain(found.rule, visit.home, language_of(visit.home))
    return Offer(found.words, reads, after, json.dumps(proposed.as_json()))
