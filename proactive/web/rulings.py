"""Rulings: finding the rule that a page is about, for whoever visits."""

from __future__ import annotations

from datetime import date
from urllib.parse import quote

from proactive.web.problem import Refused
from proactive.web.visit import Visit
from rules.calendar import naive_local, zone_of
from rules.explain import Language
from rules.home import Home
from rules.problem import InputError
from rules.rule import Rule


def seen_rule(visit: Visit, id: str) -> Rule:
    """Return a rule that whoever visits may see. Raise Refused, alike where there is none and where it is not theirs."""
    try:
        rule = visit.site.store.rule(visit.home.home, id)
    except InputError:
        rule = None
    if rule is None or not visit.access.may_see_rule(rule):
        raise Refused(404, "There is no such rule, or it is not yours to see.")
    return rule


def own_rule(visit: Visit, id: str) -> Rule:
    """Return a rule that whoever visits may change. Raise Refused."""
    rule = seen_rule(visit, id)
    if not visit.access.may_change_rule(rule):
        raise Refused(403, "This rule is somebody else's. Ask them, or an owner of the home.")
    return rule


def base_of(rule: Rule) -> str:
    """Return the address of a rule's page."""
    return f"/rules/{quote(rule.id, safe='')}"


def today(visit: Visit) -> date:
    """Return the date at the home."""
    return naive_local(zone_of(visit.home), visit.now).date()


def language_of(home: Home) -> Language:
    """Return the language of a home, as far as its words exist."""
    return "es" if (home.language or "").lower().startswith("es") else "en"
