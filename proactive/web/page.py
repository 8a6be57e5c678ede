"""Pages: templates filled for a visit, the tabs of the shell, and what a page says when something is wrong.

    return page(request, visit, "rules.html", rules=...)

Every value is escaped; a name that a template uses and a page does not give is an error, not an empty place. Times are
shown by the clock of the home.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from fastapi import Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from jinja2 import Environment, PackageLoader, StrictUndefined

from proactive.access.right import Right
from proactive.reach import lost_browsers
from proactive.web.asset import asset_url
from proactive.web.visit import Visit
from rules.units import DAY, HOUR, MINUTE, moment
from rules.words.times import on_short_date, time_of


@dataclass(frozen=True, slots=True)
class Tab:
    """An entry of the navigation: `icon` is a symbol of `templates/icons.html`; whoever lacks the right does not see it."""

    name: str
    href: str
    icon: str
    right: Right
    place: int


def page(request: Request, visit: Visit | None, template: str, status: int = 200, **values: Any) -> HTMLResponse:
    """Return a template filled for whoever visits. `values` are what it uses beside `visit`, `tabs`, `here` and `at`."""
    tabs: tuple[Tab, ...] = request.app.state.tabs
    shown = [] if visit is None else [tab for tab in tabs if visit.access.may(tab.right)]
    path = request.url.path
    given: dict[str, Any] = {
        "visit": visit,
        "tabs": shown,
        "here": next((tab.href for tab in shown if path == tab.href or path.startswith(f"{tab.href}/")), ""),
        "path": path,
        "said": request.query_params.get("said", ""),
        "needed": visit is not None and _is_needed(visit),
        **({} if visit is None else _clock(visit)),
    }
    return HTMLResponse(templates().get_template(template).render(given | values), status)


def _is_needed(visit: Visit) -> bool:
    """Say whether there is something for whoever visits to see to on their own page: a device that was lost."""
    return bool(lost_browsers(visit.site.store.browsers(visit.home.home, visit.person), visit.person))


def back_to(path: str, said: str = "", **more: str) -> Response:
    """Return the answer to a form that was carried out: the browser shows `path`, with a word of `SAID` about it.

    `more` is what else the page is told in its address.
    """
    assert path.startswith("/") and not path.startswith("//"), "only pages of this site are shown"
    query = urlencode(({"said": said} if said else {}) | more)
    return RedirectResponse(f"{path}?{query}" if query else path, 303)


def error_page(
    request: Request, status: int, title: str, words: str, headers: Mapping[str, str] | None = None
) -> Response:
    """Return the page that says what is wrong and what to do."""
    answer = page(request, None, "error.html", status, title=title, words=words)
    answer.headers.update(headers or {})
    return answer


# What was just done, by the word in the address: no text of an address is ever shown.
SAID = {
    "paused": "Paused.",
    "resumed": "Watching again.",
    "dropped": "Deleted. Its history is kept.",
    "restored": "It is back, and watches again.",
    "saved": "Saved.",
    "seen": "Noted. Nobody is reminded any more.",
    "snoozed": "Snoozed. You hear nothing of this rule until then.",
    "false": "Noted: a false alarm. Nobody is reminded any more.",
    "yes": "Yes. I do it now.",
    "no": "No. It is not done.",
    "added": "Added.",
    "removed": "Taken off the list.",
    "deleted": "Deleted for good.",
    "forgotten": "Forgotten.",
    "tested": "Sent. It should be there by now.",
    "invited": "The invitation is ready.",
    "withdrawn": "The invitation is withdrawn.",
    "signed-out": "You are signed out.",
    "ended": "That browser is signed out.",
    "everywhere": "You are signed out everywhere.",
    "password": "Your password is changed, and you are signed out everywhere else.",
}


@cache
def templates() -> Environment:
    """Return the templates of this package."""
    environment = Environment(
        loader=PackageLoader("proactive.web"), autoescape=True, undefined=StrictUndefined, trim_blocks=True,
        lstrip_blocks=True, auto_reload=False,
    )  # fmt: skip
    environment.globals |= {"asset": asset_url, "SAID": SAID}
    return environment


# --- times ------------------------------------------------------------------------------------------------------


def _clock(visit: Visit) -> dict[str, Callable[..., str]]:
    zone = ZoneInfo(visit.home.time_zone)
    return {
        "at": lambda time: at(time, zone, visit.now),
        "clock": lambda time: time_of(_to_minute(moment(time).astimezone(zone)), zone),
        "ago": lambda time: ago(visit.now - time),
        "iso": lambda time: moment(time).isoformat(timespec="seconds"),
    }


def at(time: int | datetime, zone: ZoneInfo, now: int) -> str:
    """Return an instant as one says it now: `7:41 am`, `yesterday, 7:41 am`, `Mon 9 Mar, noon`."""
    there = (moment(time) if isinstance(time, int) else time).astimezone(zone)
    days = (moment(now).astimezone(zone).date() - there.date()).days
    clock = time_of(_to_minute(there), zone)
    return {0: clock, 1: f"yesterday, {clock}", -1: f"tomorrow, {clock}"}.get(
        days, f"{on_short_date(there.date())}, {clock}"
    )


def ago(span: int) -> str:
    """Return how long ago something was: `just now`, `5 min ago`, `3 h ago`, `2 days ago`."""
    if span < MINUTE:
        return "just now"
    if span < HOUR:
        return f"{span // MINUTE} min ago"
    if span < DAY:
        return f"{span // HOUR} h ago"
    return f"{span // DAY} day{'' if span < 2 * DAY else 's'} ago"


def _to_minute(there: datetime) -> int:
    from rules.units import instant

    return instant(there.replace(second=0, microsecond=0))
