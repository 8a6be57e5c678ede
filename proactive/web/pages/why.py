"""Why: a rule's day as a person understands it: what was seen when, when nobody could see, what was decided, in words."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response

from proactive.web.day import WIDE, day_of
from proactive.web.page import page
from proactive.web.problem import Refused
from proactive.web.rulings import base_of, language_of, seen_rule, today
from proactive.web.visit import Visit, may
from proactive.web.words import title_of
from rules.explain import explain
from rules.units import FIRST_YEAR, LAST_YEAR
from rules.words.times import on_weekday

router = APIRouter(include_in_schema=False)


@router.get("/rules/{id}/why")
def why(
    request: Request, visit: Annotated[Visit, Depends(may("see_rules"))], id: str, day: date | None = None
) -> Response:
    """Show why a rule did or did not fire on a day, step by step."""
    rule, now = seen_rule(visit, id), today(visit)
    day = day or now
    if not FIRST_YEAR < day.year < LAST_YEAR:
        raise Refused(422, f"Expected a day in the years {FIRST_YEAR + 1} to {LAST_YEAR - 1}, found {day}.")
    versions = [version.rule for version in visit.site.store.versions(rule.home, rule.id)]
    language = language_of(visit.home)
    return page(
        request, visit, "why.html", title=title_of(rule), base=base_of(rule), day=day.isoformat(), day_words=on_weekday(day),
        told=day_of(versions, day, visit.access, visit.site.runtime.log, visit.now, language), WIDE=WIDE,
        reads=explain(rule, visit.home, language), today=now.isoformat(),
        before=(day - timedelta(days=1)).isoformat(), after=(day + timedelta(days=1)).isoformat() if day < now else "",
    )  # fmt: skip
