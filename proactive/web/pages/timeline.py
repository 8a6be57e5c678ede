"""Timeline: what happened at home, by day, with pictures, blind stretches and what was told; looked for by the address."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Annotated, Literal
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Query, Request, Response

from proactive.web.happened import A_PAGE, LATEST, Entry, Wanted, happened
from proactive.web.page import Tab, page
from proactive.web.problem import Refused
from proactive.web.rulings import today
from proactive.web.seen import Place
from proactive.web.visit import Visit, may
from proactive.web.words import title_of
from rules.calendar import resolve, zone_of
from rules.home import Entry as Listed
from rules.units import FIRST_YEAR, LAST_YEAR, moment
from rules.words.times import on_weekday

TAB = Tab("Timeline", "/timeline", "timeline", "see_timeline", 3)
router = APIRouter(include_in_schema=False)
Kind = Literal["", "seen", "told", "blind"]
KINDS: dict[Kind, str] = {"": "Everything", "seen": "Seen", "told": "Told", "blind": "Could not see"}
NEWER = 100  # entries that an open page is sent at most
Text = Annotated[str, Query(max_length=200)]


@dataclass(frozen=True, slots=True)
class Day:
    """The entries of a day, the newest first."""

    date: str
    name: str
    entries: tuple[Entry, ...]


@router.get("/timeline")
def timeline(
    request: Request,
    visit: Annotated[Visit, Depends(may("see_timeline"))],
    day: date | Literal[""] = "",
    of: Text = "",
    rule: Text = "",
    kind: Kind = "",
    q: Text = "",
    before: Text = "",
    after: Text = "",
) -> Response:
    """Show what happened, a page of it; with `after`, only what is newer than an entry, for a page that is open."""
    asked = {"day": str(day), "of": of, "rule": rule, "kind": kind, "q": q}
    wanted = Wanted(of, rule, tuple(q.casefold().split()), kind)
    since, until = _bounds(visit, day)
    if after:
        newest = _place(after)
        found = happened(visit, wanted, until, max(since, newest[0]), NEWER)
        newer = tuple(entry for entry in found.entries if entry.place > newest)
        return page(request, visit, "entries.html", days=_days(visit, newer))
    found = happened(visit, wanted, min(until, _place(before)) if before else until, since)
    return page(
        request, visit, "timeline.html", days=_days(visit, found.entries), asked=_address(asked), KINDS=KINDS,
        things=_things(visit), today=today(visit).isoformat(), about=_about(visit, rule), latest=not before,
        older=_address(asked | {"before": _text(found.more)}) if found.more else "",
        back_to=moment(found.more[0]) if found.more and len(found.entries) < A_PAGE else None,
        newest=_text(found.entries[0].place if found.entries else (visit.now, "")),
        day=asked["day"], of=of, rule=rule, kind=kind, q=q,
    )  # fmt: skip


def _bounds(visit: Visit, day: date | Literal[""]) -> tuple[int, Place]:
    """Return the first instant and the place after the last of a local date, or of all time."""
    if day == "":
        return -LATEST[0], LATEST
    if not FIRST_YEAR < day.year < LAST_YEAR:
        raise Refused(422, f"Expected a day in the years {FIRST_YEAR + 1} to {LAST_YEAR - 1}, found {day}.")
    zone = zone_of(visit.home)
    return resolve(zone, day.toordinal(), 0), (resolve(zone, day.toordinal() + 1, 0), "")


def _text(place: Place) -> str:
    return f"{place[0]}.{place[1]}"


def _place(text: str) -> Place:
    """Return the place that an address names. Raise Refused."""
    time, _, id = text.partition(".")
    if not time.lstrip("-").isdecimal() or len(time) > 18:
        raise Refused(422, "This address is not whole. Open the timeline again.")
    return int(time), id


def _address(asked: dict[str, str]) -> str:
    return "/timeline?" + urlencode({name: value for name, value in asked.items() if value})


def _days(visit: Visit, entries: tuple[Entry, ...]) -> list[Day]:
    zone = zone_of(visit.home)

    def local(entry: Entry) -> date:
        return moment(entry.time).astimezone(zone).date()

    now = today(visit)
    return [Day(day.isoformat(), _named(day, now), tuple(group)) for day, group in groupby(entries, key=local)]


def _named(day: date, now: date) -> str:
    return {0: "Today", 1: "Yesterday"}.get((now - day).days, on_weekday(day))


def _things(visit: Visit) -> list[tuple[str, list[tuple[str, str]]]]:
    """Return what can be looked for by name, in groups, as far as whoever visits may know of it."""
    home, access = visit.home, visit.access
    groups: tuple[tuple[str, Iterable[Listed], Callable[[str], bool]], ...] = (
        ("Cameras", home.cameras, access.may_hear_of),
        ("Pets", home.pets, lambda _: True),
        ("People", home.people, access.may_know),
        ("Devices", home.devices, access.may_know),
    )
    named = (
        (name, [(each.id, each.name or each.id) for each in entries if may(each.id)]) for name, entries, may in groups
    )
    return [(name, found) for name, found in named if found]


def _about(visit: Visit, rule: str) -> str:
    """Return what the rule that is looked for is called, where whoever visits may know."""
    found = visit.site.store.last_rule(visit.home.home, rule) if rule else None
    return title_of(found) if found is not None and visit.access.may_see_rule(found) else ""
