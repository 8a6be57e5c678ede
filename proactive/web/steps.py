"""Steps: what an owner does next in a new home, what of it is done already, and where each is done."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from proactive.reach import is_reached
from proactive.web import demo
from proactive.web.visit import Visit
from rules.home import Person


@dataclass(frozen=True, slots=True)
class Step:
    """Something to do: what, why or how, where, and whether it is done; a home that watches for nobody `needs` it."""

    title: str
    words: str
    href: str
    done: bool
    needed: bool = False


@dataclass(frozen=True, slots=True)
class Steps:
    """The steps of a home in their order; false where there is nothing left to say."""

    all: tuple[Step, ...] = ()

    def __bool__(self) -> bool:
        return any(not step.done for step in self.all)

    @property
    def done(self) -> int:
        """Return how many are done."""
        return sum(step.done for step in self.all)

    @property
    def next(self) -> Step | None:
        """Return the first that is not done, what a home needs before what it may have; None where all are."""
        return next((step for step in sorted(self.all, key=lambda step: not step.needed) if not step.done), None)

    @property
    def pressing(self) -> bool:
        """Say whether the home watches for nobody until another step is done."""
        return any(step.needed and not step.done for step in self.all)


def steps_of(visit: Visit) -> Steps:
    """Return the steps for whoever visits; none for those who are no owners, who cannot take them."""
    return Steps(tuple(_steps(visit))) if visit.access.may("manage_home") else Steps()


def _steps(visit: Visit) -> Iterator[Step]:
    home, store = visit.home, visit.site.store
    rules, browsers = store.rules(home.home), store.browsers(home.home)
    you = home.by_id.get(visit.person)
    reached = isinstance(you, Person) and is_reached(you, browsers)
    yield Step(
        "Say where your home is", "Its name, and its place for sunrise and sunset.", "/home/details",
        bool(home.name and home.location),
    )  # fmt: skip
    # Whoever has rules and no pets has no pets.
    if home.pets or not rules:
        yield Step("Introduce your pets", "Photos teach the cameras who is who.", "/home/pets", bool(home.pets))
    yield Step(
        "Add a camera", "Or devices that report by themselves, under Home.", "/cameras/new",
        bool(home.cameras or home.devices), needed=True,
    )  # fmt: skip
    yield Step(
        "Say your first rule", "Such as “let me know if Daisy isn’t fed by noon”.", "/talk", bool(rules), needed=True
    )
    yield Step(
        "Let it reach your phone", "Open Proactive there, and turn notifications on.", "/device", reached, needed=True
    )
    family = len(store.accounts(home.home)) > 1
    yield Step("Invite your family", "Everybody gets a link of their own.", "/home#invite-h", family)
    if home.home == demo.NAME:
        yield Step("Begin your own home", "This one is made up: erase it, and start anew.", "/home/erase", False)
