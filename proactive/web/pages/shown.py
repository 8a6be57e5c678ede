"""What a person may see: cameras and rules that an owner shows to them, or hides from them; and their account."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Depends, Form, Request, Response

from proactive.access.access import Access
from proactive.web.page import back_to, page
from proactive.web.problem import Refused
from proactive.web.visit import Visit, access_of, may
from proactive.web.words import title_of
from rules.home import Person

router = APIRouter(include_in_schema=False)
Manager = Annotated[Visit, Depends(may("manage_people"))]
STANDING_WORDS = {
    "owner": "An owner of the home: may see and change everything.",
    "member": "A member: sees and asks everything that is not hidden, and makes rules of their own.",
    "child": "A child: may ask about pets, devices and itself, and sees the pictures that are shown to it.",
    "guest": "A guest: may ask how devices stand now, and sees what is shown to them.",
}


@dataclass(frozen=True, slots=True)
class Shown:
    """A camera or a rule, and whether the person sees it; `fixed` where that is no owner's choice."""

    id: str
    name: str
    shown: bool
    fixed: bool = False

    @property
    def title(self) -> str:
        """Return what it is called."""
        return self.name


@router.get("/home/people/{id}")
def person(request: Request, visit: Manager, id: str) -> Response:
    """Show what a person may see."""
    somebody = person_of(visit, id)
    account = next((each for each in visit.site.store.accounts(visit.home.home) if each.person == id), None)
    return page(
        request, visit, "person.html", person=somebody, cameras=_cameras(visit, id), rules=_rules(visit, id),
        signs_in="" if account is None else account.name, STANDING_WORDS=STANDING_WORDS,
    )  # fmt: skip


@router.post("/home/people/{id}")
def change(visit: Manager, id: str, shown: Annotated[list[str], Form()] = []) -> Response:  # noqa: B006  FastAPI copies it
    """Show to a person what was ticked, and hide the rest from them."""
    person_of(visit, id)
    store, chosen = visit.site.store, set(shown)
    for each in (*_cameras(visit, id), *_rules(visit, id)):
        if not each.fixed and each.shown != (each.id in chosen):
            store.show(visit.home.home, id, each.id, shown=each.id in chosen)
    visit.note("person.shown", id)
    return back_to("/home", "saved")


@router.post("/home/people/{id}/close")
def close(visit: Manager, id: str) -> Response:
    """Take a person's account away; they stay listed in the home."""
    if id == visit.person:
        raise Refused(403, "Nobody takes their own account away.")
    if visit.site.store.close_account(visit.home.home, id):
        visit.note("person.close", id)
    return back_to("/home", "saved")


def person_of(visit: Visit, id: str) -> Person:
    """Return a person of the home. Raise Refused where there is none."""
    found = visit.home.by_id.get(id)
    if not isinstance(found, Person):
        raise Refused(404, "There is no such person in this home.")
    return found


def _cameras(visit: Visit, id: str) -> list[Shown]:
    access = access_of(visit.site, visit.home.home, id)
    return [Shown(each.id, each.name or each.id, access.may_see(each.id)) for each in visit.home.cameras]


def _rules(visit: Visit, id: str) -> list[Shown]:
    access = access_of(visit.site, visit.home.home, id)
    # Whom a rule tells sees it, whatever was chosen.
    hidden = Access(visit.home, id, {rule.id: False for rule in visit.site.store.rules(visit.home.home)})
    return [
        Shown(rule.id, title_of(rule), access.may_see_rule(rule), fixed=hidden.may_see_rule(rule))
        for rule in visit.site.store.rules(visit.home.home)
    ]
