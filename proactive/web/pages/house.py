"""The home itself: its name, place and hours; what it remembers; all of it as a file; and erased."""

from __future__ import annotations

from typing import Annotated
from zoneinfo import available_timezones

from fastapi import APIRouter, Depends, Form, Request, Response

from proactive.erasing import BEYOND, erase_home
from proactive.home_file import dump_home
from proactive.language.talk.facts import fact_text
from proactive.open_address import without_secrets
from proactive.web.page import back_to, page
from proactive.web.visit import Visit, forget, may
from proactive.web.words import name_of
from rules.home import Home, parse_home
from rules.problem import InputError
from rules.units import moment

router = APIRouter(include_in_schema=False)
Manager = Annotated[Visit, Depends(may("manage_home"))]
Text = Annotated[str, Form(max_length=200)]
LANGUAGES = {"en": "English", "es": "Español"}
SURE = "yes"


@router.get("/home/details")
def details(request: Request, visit: Manager) -> Response:
    """Show the home's name, place and hours."""
    return _details(request, visit, {})


@router.post("/home/details")
def change(
    request: Request,
    visit: Manager,
    name: Text = "",
    time_zone: Text = "",
    latitude: Text = "",
    longitude: Text = "",
    language: Text = "en",
    quiet_from: Text = "",
    quiet_until: Text = "",
) -> Response:
    """Change them, all or none."""
    given = {
        "name": name.strip(), "time_zone": time_zone.strip(), "latitude": latitude.strip(), "longitude": longitude.strip(),
        "language": language, "quiet_from": quiet_from, "quiet_until": quiet_until,
    }  # fmt: skip
    try:
        visit.site.store.revise_home(visit.home.home, lambda home: _revised(home, given))
    except InputError as error:
        return _details(request, visit, given, " ".join(_sentence(each.message) for each in error.problems))
    visit.note("home.details")
    visit.site.look()
    return back_to("/home", "saved")


@router.get("/home/remembered")
def remembered(request: Request, visit: Manager) -> Response:
    """Show what people told, in words."""
    home, now = visit.home, moment(visit.now)
    facts = [
        (each, fact_text(each, home, now), name_of(home, each.by, "")) for each in visit.site.store.facts(home.home)
    ]
    return page(request, visit, "remembered.html", facts=facts)


@router.post("/home/remembered/forget")
def forget_fact(visit: Manager, fact: Annotated[str, Form(max_length=500)] = "") -> Response:
    """Delete something that somebody told."""
    store, home = visit.site.store, visit.home
    for each in (each for each in store.facts(home.home) if each.id == fact):
        words = fact_text(each, home)
        store.forget(home.home, each.about, each.name)
        visit.note("home.forget", words=words)
    visit.site.look()
    return back_to("/home/remembered", "forgotten")


@router.get("/home/export")
def export(visit: Manager) -> Response:
    """Send the home as a home file, without the passwords in it."""
    home, _ = without_secrets(visit.home)
    headers = {"content-disposition": 'attachment; filename="home.yaml"'}
    return Response(dump_home(home), media_type="application/yaml", headers=headers)


@router.get("/home/erase")
def ask_erase(request: Request, visit: Manager) -> Response:
    """Show what is deleted with the home."""
    return _erase(request, visit)


@router.post("/home/erase")
def erase(request: Request, visit: Manager, sure: Text = "") -> Response:
    """Erase the home, where that was typed."""
    if sure.strip().lower() != SURE:
        return _erase(request, visit, f"Type “{SURE}” to erase it. Nothing was deleted.")
    erase_home(visit.site.settings, visit.site.store, visit.home.home)
    visit.site.look()
    answer = back_to("/begin" if not visit.site.store.has_accounts() else "/sign-in")
    forget(request, answer)
    return answer


def _revised(home: Home, given: dict[str, str]) -> Home:
    """Return the home with what was given. Raise InputError."""
    place = {key: given[key] for key in ("latitude", "longitude")}
    hours = f"{given['quiet_from']}-{given['quiet_until']}" if given["quiet_from"] or given["quiet_until"] else None
    value = home.model_dump(mode="json") | {
        "name": given["name"], "time_zone": given["time_zone"], "language": given["language"], "quiet_hours": hours,
        "location": place if any(place.values()) else None,
    }  # fmt: skip
    return parse_home(value)


def _sentence(words: str) -> str:
    return f"{words[:1].upper()}{words[1:].rstrip('.')}."


def _details(request: Request, visit: Visit, given: dict[str, str], wrong: str = "") -> Response:
    home = visit.home
    begins, _, ends = (home.quiet_hours or "").partition("-")
    place = home.location
    kept = {
        "name": home.name, "time_zone": home.time_zone, "language": home.language, "quiet_from": begins, "quiet_until": ends,
        "latitude": f"{place.latitude:g}" if place else "", "longitude": f"{place.longitude:g}" if place else "",
    }  # fmt: skip
    return page(
        request, visit, "details.html", 422 if wrong else 200, given=kept | given, wrong=wrong, LANGUAGES=LANGUAGES,
        ZONES=sorted(available_timezones()),
    )  # fmt: skip


def _erase(request: Request, visit: Visit, wrong: str = "") -> Response:
    store, home = visit.site.store, visit.home
    others = len(store.home_ids()) > 1
    return page(
        request, visit, "erase.html", 422 if wrong else 200, wrong=wrong, rules=len(store.rules(home.home)), others=others,
        SURE=SURE, beyond=BEYOND if visit.site.settings.kafka is not None else "",
    )  # fmt: skip
