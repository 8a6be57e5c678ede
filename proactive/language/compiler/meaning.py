"""Meaning: what a form says of things, people and places, as the predicates that `local` makes of words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from proactive.language.compiler.form import ATE, COMPARED, DARK, LIGHT, NO_ONE, PRESENT, SEEN, SOMEONE
from proactive.language.compiler.meant import meant
from proactive.language.compiler.roster import SEEN_LABELS, Listed, Roster
from proactive.language.local.movement import Motion
from proactive.language.local.predicate import (
    Fed,
    Happening,
    Part,
    Predicate,
    Presence,
    Sight,
    Sky,
    State,
    bowl_places,
)
from proactive.language.local.slots import Slots
from rules.home import Home, Person, Pet
from rules.problem import InputError, Problem, nearest

_MOTIONS: dict[str, Motion] = {"seen": "at", "enters": "enter", "leaves": "leave"}
_STRANGER = "stranger"
_LATER_MEALS = frozenset(("lunch", "dinner", "supper"))


class MisreadError(InputError):
    """Say that a form cannot become a rule, and why: problems that its model is told."""


def misread(where: str, message: str, hint: str = "") -> MisreadError:
    """Return the error of one thing that is wrong with a form."""
    return MisreadError([Problem("misread", where, message, hint)])


@dataclass(frozen=True, slots=True)
class Meaning:
    """Makes predicates of the words of one form."""

    roster: Roster
    found: Slots
    home: Home
    number: float | None

    def predicate(
        self, who: Sequence[str], what: Sequence[str], where: Sequence[str], does: str, *, static: bool
    ) -> Predicate:
        """Return what is said of somebody or something. Raise MisreadError."""
        devices = meant(self.found, self.roster, self.home, [self._entry(handle, "what") for handle in what], does)
        if devices and does not in (*SEEN, *PRESENT, ATE):
            return self._state(devices, does, static=static)
        if does in PRESENT:
            return self._presence(who, does, static=static)
        if does == ATE:
            return self._fed(who)
        if does in SEEN:
            return self._sight(who, where, does)
        raise misread("what", f"names nothing that can be {does!r}.", "Name a device of 'home' that reports it.")

    def guard(self, text: str) -> tuple[Predicate, bool]:
        """Return what has to be so besides, and whether it must not be. Raise MisreadError."""
        if text in (NO_ONE, SOMEONE):
            return Presence("anyone", "home"), text == NO_ONE
        if text in (DARK, LIGHT):
            return Sky("down" if text == DARK else "up"), False
        handle, _, word = text.partition(" ")
        entry = self._entry(handle, "guards")
        if entry.part == "who":
            return Presence((entry.id,), "home" if word == "home" else "away"), False
        return self._state([entry], word, static=True), False

    def id_of(self, handle: str, where: str) -> str:
        """Return the id that a handle of the roster stands for. Raise MisreadError."""
        return self._entry(handle, where).id

    def _entry(self, handle: str, where: str) -> Listed:
        entry = self.roster.find(handle)
        if entry is None:
            hint = nearest(handle, self.roster.by_handle) or "Take a handle from 'home'."
            raise misread(where, f"{handle!r} is not in 'home'.", hint)
        return entry

    # --- devices ------------------------------------------------------------------------------------------------

    def _state(self, devices: Sequence[Listed], word: str, *, static: bool) -> Predicate:
        if word in COMPARED:
            return self._compared(devices, word)
        for device in devices:
            if word not in device.reports:
                known = ", ".join(device.reports) or "nothing"
                raise misread("does", f"{device.handle} does not report {word!r}.", f"It reports {known}.")
        reports = [(device.id, device.reports[word]) for device in devices]
        if all(report.event is not None for _, report in reports):
            return Happening(tuple(identity for identity, _ in reports), reports[0][1].event or "", word)
        if any(report.value is None for _, report in reports):
            raise misread("does", f"{word!r} is a number.", "Say above, below or reaches.")
        parts = tuple(Part(i, r.attribute, (r.value,)) for i, r in reports if r.value is not None)
        return State(parts, word, every=self._all(), static=static)

    def _all(self) -> bool:
        return any(span.readings.get("quantifier") == "all" for span in self.found.inside)

    def _compared(self, devices: Sequence[Listed], word: str) -> Predicate:
        numbers = self.found.numbers
        number = numbers[0] if len(set(numbers)) == 1 else self.number
        if number is None:
            raise misread("number", f"{word!r} needs a number.", "Take it from the request, or use another word.")
        parts = tuple(self._numeric(device) for device in devices)
        every = self._all()
        match word:
            case "above" | "below":
                return State(parts, word, every, compare=word, threshold=number)
            case _:
                return State(parts, word, every, compare="reach", threshold=number)

    def _numeric(self, device: Listed) -> Part:
        """Return which number of a device is meant: the one that the words name, else its first."""
        numeric = [report.attribute for report in device.reports.values() if report.is_number]
        if not numeric:
            raise misread("what", f"{device.handle} reports no number.", "Name what measures it.")
        said = next((ref.attribute for ref in self.found.refs if ref.id == device.id and ref.attribute), None)
        return Part(device.id, said if said in numeric else numeric[0])

    # --- people, pets and whoever is seen -----------------------------------------------------------------------

    def _beings(self, who: Sequence[str]) -> list[str]:
        return [self._entry(handle, "who").id for handle in who if handle not in (*SEEN_LABELS, _STRANGER)]

    def _presence(self, who: Sequence[str], does: str, *, static: bool) -> Predicate:
        people = tuple(i for i in self._beings(who) if isinstance(self.home.by_id[i], Person))
        still = static or does.startswith("is ")
        away = does in ("leaves home", "is away")
        return Presence(people or "anyone", "away" if away else "home", static=still, some=len(people) > 1)

    def _fed(self, who: Sequence[str]) -> Predicate:
        pets = tuple(i for i in self._beings(who) if isinstance(self.home.by_id[i], Pet))
        if not pets or len(pets) != len(who):
            raise misread("who", "only pets of 'home' are seen eating.", "Name them by handle.")
        if not bowl_places(self.home, pets):
            raise misread("who", f"no camera looks at a bowl of {who[0]}.", "Use kind none.")
        words = {token.text for token in self.found.tokens}
        seen = self.found.english and "fed" not in words
        return Fed(pets, together=len(pets) > 1, seen=seen, later_meal=bool(words & _LATER_MEALS))

    def _sight(self, who: Sequence[str], where: Sequence[str], does: str) -> Predicate:
        who = who or self._only_one_said()
        subjects = tuple(self._beings(who))
        labels = ("person",) if _STRANGER in who else tuple(label for label in who if label in SEEN_LABELS)
        if not who or (subjects and labels):
            raise misread("who", "a camera sees people or pets of 'home', or labels, not both.", "Name whom it is.")
        places = self._places(where)
        if does == "leaves" and any(zone is None for _, zone in places):
            raise misread("where", "only a zone can be left.", "Name a zone, or say that they are seen.")
        return Sight(
            tuple(dict.fromkeys(subjects)), tuple(dict.fromkeys(labels)), places, _MOTIONS[does], _STRANGER in who
        )

    def _only_one_said(self) -> list[str]:
        """Return the label that the words hold, where a form names nobody and they hold one."""
        labels = [label for span in self.found.inside for label in span.readings.get("label", ())]
        return labels if len(labels) == 1 else []

    def _places(self, where: Sequence[str]) -> tuple[tuple[str, str | None], ...]:
        entries = [self._entry(handle, "where") for handle in where]
        if any(entry.part != "where" for entry in entries):
            raise misread("where", "only cameras and zones are places.", "Take them from 'home'.")
        return tuple((entry.id, entry.zone) for entry in entries) or tuple((c.id, None) for c in self.home.cameras)
