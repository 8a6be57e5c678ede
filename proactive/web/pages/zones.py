"""Zones of a camera: drawn on its picture, named, moved and deleted; in force as soon as they are saved."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Annotated

from fastapi import APIRouter, Depends, Form, Request, Response

from proactive.web.drawn import Draft, drafts_of, drafts_sent, outlines_of, stamp_of, used_by, warnings, what_changed
from proactive.web.page import back_to, page
from proactive.web.pages.cameras import base_of, camera_of
from proactive.web.sighting import sightings
from proactive.web.visit import Visit, may
from proactive.web.words import problem_words, title_of
from proactive.zones import Outline, redrawn, renamed, rules_at, with_names
from rules.home import Camera
from rules.problem import InputError

router = APIRouter(include_in_schema=False)
Manager = Annotated[Visit, Depends(may("manage_home"))]
Texts = Annotated[list[str], Form(max_length=200)]
STALE = "Somebody changed the zones meanwhile. Here they are as they stand now."


@router.get("/cameras/{id}/zones")
def zones(request: Request, visit: Manager, id: str) -> Response:
    """Show the zones of a camera, to be drawn."""
    camera = camera_of(visit, id)
    return _show(request, visit, camera, drafts_of(camera))


@router.post("/cameras/{id}/zones")
def save(
    request: Request,
    visit: Manager,
    id: str,
    seen: Annotated[str, Form(max_length=100)] = "",
    sure: Annotated[str, Form(max_length=100)] = "",
    was: Texts = [],  # noqa: B006  FastAPI copies it
    name: Texts = [],  # noqa: B006
    corners: Texts = [],  # noqa: B006
) -> Response:
    """Keep the zones as they were drawn, once whoever drew them knows which rules go by those that are gone or renamed."""
    camera = camera_of(visit, id)
    if seen != stamp_of(camera):
        return _show(request, visit, camera, drafts_of(camera), 409, wrong=STALE)
    drafts: list[Draft] = []
    try:
        drafts = drafts_sent(was, name, corners)
        outlines = outlines_of(drafts, camera)
        redrawn(visit.home, camera.id, outlines)
    except InputError as error:
        return _show(request, visit, camera, drafts, 422, wrong=problem_words(error.problems))
    asked = list(warnings(camera, outlines, _used(visit, camera)))
    if asked and not sure:
        return _show(request, visit, camera, drafts, asked=asked)
    return _keep(visit, camera, outlines)


def _keep(visit: Visit, camera: Camera, outlines: Sequence[Outline]) -> Response:
    """Write zones into the home, and new names of them into the rules that say the old ones."""
    store, home, names = visit.site.store, visit.home, renamed(outlines)
    about = {rule.id: rule for old in names for rule in rules_at(store.rules(home.home), camera.id, old)}
    store.revise_home(home.home, lambda listed: redrawn(listed, camera.id, outlines))
    for rule in about.values():
        store.put_rule(with_names(rule, camera, names, home), who=visit.person, at=visit.now)
    if words := what_changed(camera, outlines):
        visit.note("camera.zones", camera.id, words)
    visit.site.look()
    return back_to(base_of(camera), "saved")


def _used(visit: Visit, camera: Camera) -> dict[str, tuple[str, ...]]:
    rules = visit.site.store.rules(visit.home.home)
    return used_by(visit.home, camera.id, rules, {rule.id: title_of(rule) for rule in rules})


def _show(
    request: Request,
    visit: Visit,
    camera: Camera,
    drafts: Sequence[Draft],
    status: int = 200,
    *,
    wrong: str = "",
    asked: Sequence[str] = (),
) -> Response:
    used, (seen,) = _used(visit, camera), sightings(visit, [camera])
    rows = [replace(each, used=used.get(each.was, ())) for each in drafts]
    return page(
        request, visit, "zones.html", status, seen=seen, rows=rows, stamp=stamp_of(camera), wrong=wrong, asked=asked
    )  # fmt: skip
