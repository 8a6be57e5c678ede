"""Home: who lives here, who is invited, and who changed what."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Annotated

from fastapi import APIRouter, Depends, Form, Request, Response

from proactive.access import entry
from proactive.access.entry import Denied, person_id
from proactive.access.right import Right
from proactive.notify.plan import recipients
from proactive.reach import lost_words, unreached_words
from proactive.web.page import Tab, back_to, page
from proactive.web.steps import steps_of
from proactive.web.visit import Visit, may
from proactive.web.words import change_words, name_of

TAB = Tab("Home", "/home", "home", "see_home", 5)
ROLES = (
    ("member", "A member of the family", "Sees and asks everything you do not hide, makes rules of their own."),
    ("owner", "An owner", "May do everything that you may."),
    ("child", "A child", "Asks about pets, devices and itself; sees what you show."),
    ("guest", "A guest", "Asks how devices stand now; sees what you show."),
)
MORE: tuple[tuple[str, str, str, str, Right], ...] = (
    ("/device", "bell", "This device", "Notifications on it: turn them on, try them", "visit"),
    ("/home/devices", "home", "Devices", "What there is, and what else was found", "manage_home"),
    ("/home/details", "clock", "Place and hours", "Time zone, where it is, quiet hours", "manage_home"),
    ("/home/remembered", "talk", "What you told me", "Names, bedtimes, absences: see and delete", "manage_home"),
    ("/home/changes", "list", "Who changed what", "Every change, the last first", "see_audit"),
    ("/home/export", "link", "Take it with you", "All that is listed, as a file without passwords", "manage_home"),
    ("/home/erase", "trash", "Erase this home", "Everything, for good", "manage_home"),
)
router = APIRouter(include_in_schema=False)
Reader = Annotated[Visit, Depends(may("see_home"))]
Manager = Annotated[Visit, Depends(may("manage_people"))]
Auditor = Annotated[Visit, Depends(may("see_audit"))]
Text = Annotated[str, Form(max_length=200)]


@dataclass(frozen=True, slots=True)
class Somebody:
    """A person in the list; `invitation` is the id of one that is still good, `trouble` that a rule tells them in vain."""

    id: str
    name: str
    standing: str
    state: str = ""
    invitation: str = ""
    trouble: str = ""


@dataclass(frozen=True, slots=True)
class Link:
    """An invitation that was just made, the only time that its link is shown."""

    name: str
    href: str
    expires_at: int


@router.get("/home")
def home(request: Request, visit: Reader) -> Response:
    """Show who lives here."""
    return _show(request, visit)


@router.post("/home/invitations")
def invite(request: Request, visit: Manager, name: Text = "", role: Text = "member", person: Text = "") -> Response:
    """Make an invitation, and show its link once."""
    known = {each.id: each.name or each.id for each in visit.home.people}
    named = known.get(person, name.strip())
    try:
        if not named:
            raise Denied("Give a name.")
        id = person if person in known else person_id(named, lambda taken: taken in visit.home.by_id)
        invitation, secret = entry.invite(visit.site.store, visit.home, id, named, role, by=visit.person, now=visit.now)
    except Denied as denied:
        return _show(request, visit, 422, wrong=denied.words, name=name)
    href = str(request.base_url.replace(path=f"/invitation/{secret}"))
    return _show(request, visit, link=Link(named, href, invitation.expires_at))


@router.post("/home/invitations/{id}/withdraw")
def withdraw(visit: Manager, id: str) -> Response:
    """Withdraw an invitation."""
    found = next((each for each in visit.site.store.invitations(visit.home.home, visit.now) if each.id == id), None)
    if found is not None and visit.site.store.withdraw_invitation(visit.home.home, id):
        visit.note("person.withdraw", found.person)
    return back_to("/home", "withdrawn")


@router.get("/home/changes")
def changes(request: Request, visit: Auditor) -> Response:
    """Show who changed what, the last first."""
    found = [
        replace(each, who=name_of(visit.home, each.who, "Somebody"), words=change_words(each, visit.home))
        for each in visit.site.store.changes(visit.home.home)
    ]
    return page(request, visit, "changes.html", changes=found)


def _show(
    request: Request, visit: Visit, status: int = 200, *, link: Link | None = None, wrong: str = "", name: str = ""
) -> Response:
    people, known = list(_people(visit)), visit.site.store.browsers(visit.home.home)
    lost = [lost_words(each, visit.home, you=each.person == visit.person) for each in known if each.lost_at is not None]
    return page(
        request, visit, "home.html", status, people=people, steps=steps_of(visit), waiting=[each for each in people if not each.state],
        photos=Counter(each.about for each in visit.site.store.taught(visit.home.home)),
        manages=visit.access.may("manage_people"), lists=visit.access.may("manage_home"), link=link, wrong=wrong, name=name,
        lost=lost if visit.access.may("manage_home") else [], ROLES=ROLES, MORE=[row for *row, right in MORE if visit.access.may(right)],
    )  # fmt: skip


def _people(visit: Visit) -> Iterator[Somebody]:
    """Yield the people of the home, then who is invited and not listed yet."""
    store, home = visit.site.store, visit.home
    accounts = {account.person for account in store.accounts(home.home)}
    invited = {each.person: each for each in store.invitations(home.home, visit.now)}
    browsers = store.browsers(home.home)
    told = {person for rule in store.rules(home.home) for person in recipients(rule, home)}
    for person in home.people:
        state = "signs in" if person.id in accounts else "invited" if person.id in invited else ""
        invitation = invited[person.id].id if state == "invited" else ""
        trouble = unreached_words(person, browsers, you=person.id == visit.person) if person.id in told else ""
        yield Somebody(person.id, person.name or person.id, person.standing, state, invitation, trouble)
    for each in invited.values():
        if each.person not in home.by_id:
            yield Somebody(each.person, each.name, each.role, "invited", each.id)
