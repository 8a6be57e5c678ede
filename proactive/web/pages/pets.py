"""Pets: who they are, photos that teach cameras their looks, and how well those tell them apart."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated
from urllib.parse import quote

from fastapi import APIRouter, Depends, Form, Request, Response

from proactive.language.fact import NEWCOMERS
from proactive.listing import entry_id, rules_about, with_entry, without_entry
from proactive.taught import TaughtLook
from proactive.teaching import Lesson, Photo, advice, learn, looks_of, told_apart, who_is_taught
from proactive.web.bounds import MEGABYTE
from proactive.web.page import back_to, page
from proactive.web.problem import Refused
from proactive.web.sent import Sent, files
from proactive.web.visit import Visit, may
from proactive.web.words import title_of
from rules.home import Home, Pet
from rules.problem import InputError
from rules.words.times import joined

if TYPE_CHECKING:
    from vision.lineup import Row

router = APIRouter(include_in_schema=False)
Manager = Annotated[Visit, Depends(may("manage_home"))]
Text = Annotated[str, Form(max_length=200)]
MOST, LARGEST = 20, 15 * MEGABYTE
NOTHING = Lesson((), ())
NOT_HERE = (
    "Photos cannot be looked at here: seeing is not installed. Whoever runs this can: pip install 'proactive[vision]'"
)
_looking = threading.Lock()  # a detector looks at one picture at a time


@dataclass(frozen=True, slots=True)
class Kept:
    """A photo in the list: what it is known by, its name, and the colour of the coat that it showed."""

    id: str
    name: str
    colour: str


@router.get("/home/pets")
def new(request: Request, visit: Manager) -> Response:
    """Show what is asked of a new pet."""
    return _form(request, visit, Pet(id="new"))


@router.post("/home/pets")
def add(request: Request, visit: Manager, name: Text = "", species: Text = "", looks: Text = "") -> Response:
    """List a pet."""
    given = Pet(id="new", name=name.strip(), species=species.strip().lower(), looks=looks.strip())
    if wrong := _wrong_name(visit.home, given):
        return _form(request, visit, given, wrong)
    listed: list[Pet] = []

    def listing(home: Home) -> Home:
        listed.append(given.model_copy(update={"id": entry_id("pet", given.name, lambda taken: taken in home.by_id)}))
        return with_entry(home, listed[-1])

    visit.site.store.revise_home(visit.home.home, listing)
    visit.note("pet.add", listed[-1].id)
    visit.site.look()
    return back_to(_base(listed[-1]), "added")


@router.get("/home/pets/{id}")
def pet(request: Request, visit: Manager, id: str) -> Response:
    """Show a pet, its photos, and how well they tell it from the others."""
    return _show(request, visit, _pet(visit, id))


@router.post("/home/pets/{id}")
def change(
    request: Request, visit: Manager, id: str, name: Text = "", species: Text = "", looks: Text = ""
) -> Response:
    """Change what is known of a pet."""
    about = {"name": name.strip(), "species": species.strip().lower(), "looks": looks.strip()}
    given = _pet(visit, id).model_copy(update=about)
    if wrong := _wrong_name(visit.home, given):
        return _show(request, visit, given, 422, wrong=wrong)

    def listing(home: Home) -> Home:
        found = home.by_id.get(id)
        return with_entry(home, found.model_copy(update=about)) if isinstance(found, Pet) else home

    visit.site.store.revise_home(visit.home.home, listing)
    visit.note("pet.change", id)
    visit.site.look()
    return back_to(_base(given), "saved")


@router.post("/home/pets/{id}/remove")
def remove(request: Request, visit: Manager, id: str) -> Response:
    """Take a pet off the list with all that its photos taught, unless a rule is about it."""
    found, store, home = _pet(visit, id), visit.site.store, visit.home.home
    if using := rules_about(store.rules(home), id):
        words = f"{_name(found)} stays while a rule is about it: {joined([f'“{title_of(rule)}”' for rule in using])}. Delete that first."
        return _show(request, visit, found, 409, wrong=words)
    store.unteach(home, id)
    store.revise_home(home, lambda listed: without_entry(listed, id))
    for fact in store.facts(home):
        if fact.kind in NEWCOMERS and fact.about == id:
            store.forget(home, fact.about, fact.name)
    visit.note("pet.remove", id, _name(found))
    visit.site.look()
    return back_to("/home", "removed")


@router.post("/home/pets/{id}/photos")
def teach(
    request: Request, visit: Manager, id: str, sent: Annotated[list[Sent], Depends(files("photos", MOST, LARGEST))]
) -> Response:
    """Learn from photos, and show what they taught."""
    found = _pet(visit, id)
    if not sent:
        return _show(request, visit, found, 422, wrong="Choose one photo or more.")
    try:
        lesson = _learn(visit, found, sent)
    except InputError as error:
        words = " ".join(f"{each.where}: {each.message} {each.hint}" for each in error.problems)
        return _show(request, visit, found, 422, wrong=words)
    except ImportError:
        return _show(request, visit, found, 503, wrong=NOT_HERE)
    visit.site.store.teach(visit.home.home, lesson.kept, at=visit.now)
    if lesson.kept:
        visit.note("pet.teach", id, _counted(len(lesson.kept)))
    return _show(request, visit, found, lesson=lesson, of=len(sent))


@router.post("/home/pets/{id}/photos/{photo}/delete")
def unteach(visit: Manager, id: str, photo: str) -> Response:
    """Delete what one photo taught, for good."""
    found = _pet(visit, id)
    if visit.site.store.unteach(visit.home.home, id, photo):
        visit.note("pet.unteach", id, _counted(1))
    return back_to(_base(found), "deleted")


def _learn(visit: Visit, pet: Pet, sent: Sequence[Sent]) -> Lesson:
    """Return what photos teach of a pet. Raise InputError for what is no picture, or nobody that a photo teaches."""
    who_is_taught(visit.home, pet.id)
    detector = visit.site.detector()
    with _looking:
        return learn(pet.id, (Photo(each.name, each.content) for each in sent), detector)


def _pet(visit: Visit, id: str) -> Pet:
    found = visit.home.by_id.get(id)
    if not isinstance(found, Pet):
        raise Refused(404, "There is no such pet in this home.")
    return found


def _base(pet: Pet) -> str:
    return f"/home/pets/{quote(pet.id, safe='')}"


def _name(pet: Pet) -> str:
    return pet.name or pet.id


def _counted(photos: int) -> str:
    return f"{photos} photo{'' if photos == 1 else 's'}"


def _wrong_name(home: Home, pet: Pet) -> str:
    """Return why a pet cannot be called that, empty where it can."""
    if not pet.name:
        return "Give a name."
    others = (each for each in home.entries() if each.id != pet.id)
    taken = next((each for each in others if (each.name or each.id).lower() == pet.name.lower()), None)
    return f"{pet.name} is the name of another here: whom would a rule mean?" if taken else ""


# --- pages ------------------------------------------------------------------------------------------------------


def _form(request: Request, visit: Visit, pet: Pet, wrong: str = "") -> Response:
    return page(request, visit, "pet_new.html", 422 if wrong else 200, pet=pet, wrong=wrong)


def _show(
    request: Request,
    visit: Visit,
    pet: Pet,
    status: int = 200,
    *,
    lesson: Lesson | None = None,
    of: int = 0,
    wrong: str = "",
) -> Response:
    home = visit.site.store.export_home(visit.home.home)
    taught = [each for each in visit.site.store.taught(home.home) if each.about == pet.id]
    untaught, rows = _lined_up(visit, home, pet)
    return page(
        request, visit, "pet.html", status, pet=pet, base=_base(pet), wrong=wrong, untaught=untaught,
        photos=list(map(_kept, taught)), row=next((row for row in rows if row.subject == pet.id), None),
        advice=advice(home, lesson or NOTHING, rows) if not untaught else [],
        learnt="" if lesson is None else f"{_counted(len(lesson.kept))} of {of} learnt.", MOST=MOST, ROOM=LARGEST,
    )  # fmt: skip


def _lined_up(visit: Visit, home: Home, pet: Pet) -> tuple[str, list[Row]]:
    """Return why photos teach nothing of this pet, empty where they do, and how well pets with photos are told apart."""
    try:
        who_is_taught(home, pet.id)
        return "", told_apart(home, looks_of(visit.site.store, home.home))
    except InputError as error:
        return " ".join(each.message for each in error.problems), []
    except ImportError:
        return NOT_HERE, []


def _kept(taught: TaughtLook) -> Kept:
    return Kept(taught.photo, taught.name, _colour(taught))


def _colour(taught: TaughtLook) -> str:
    try:
        from vision.colour import hex_of
        from vision.look import parse_look
    except ImportError:
        return ""
    look = parse_look(taught.body)
    return "" if look is None or look.coat is None else hex_of(look.coat)
