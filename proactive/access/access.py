"""Access: what one person may do, know and see in one home. Whereabouts are the most private thing that a home knows.

Owners may do and see everything. Members may know everything but the cameras that were hidden from them, and change
their own rules. A child may know about pets, devices and itself, not where other people are or what cameras saw of
them; a guest how devices stand now, but not locks, alarms, cameras or the past. Pictures are more than words: children
and guests see those of the cameras that were shown to them, and no other. Somebody of whom nothing is known (`None`) is
whoever holds the data folder, and may read all of it anyway.

A picture shows everybody in it, so what matters is the camera, never who was recognised.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from proactive.access.right import RIGHTS, Right, Standing
from rules.home import Camera, Device, Home, Person
from rules.problem import InputError, Problem
from rules.record import Record
from rules.rule import (
    Holds,
    HomeGuard,
    Rule,
    SeenGuard,
    StateGuard,
    condition_patterns,
    guard_leaves,
    leaf_conditions,
)

May = Callable[[Record], bool]
_SECURITY = frozenset({"lock", "alarm"})
# What moves with its owner, and so tells where somebody is.
_CARRIED = frozenset({"phone", "car"})


@dataclass(frozen=True, slots=True)
class Access:
    """What `person` may do in `home`. `shown` maps cameras and rules, by id, to whether an owner showed or hid them."""

    home: Home
    person: str | None
    shown: Mapping[str, bool] = field(default_factory=dict)

    @property
    def standing(self) -> Standing:
        """Return what the person counts as; somebody the home does not list is a guest."""
        if self.person is None:
            return "owner"
        entry = self.home.by_id.get(self.person)
        return entry.standing if isinstance(entry, Person) else "guest"

    def may(self, right: Right) -> bool:
        """Say whether the person has a right at all."""
        return right in RIGHTS[self.standing]

    @property
    def _is_listed(self) -> bool:
        """Say whether the home lists the person: whoever was taken out of it sees nothing of what was shown to them."""
        return self.person is None or isinstance(self.home.by_id.get(self.person), Person)

    # --- words ---

    def may_know(self, source: str, subject: str | None = None) -> bool:
        """Say whether the person may be told what a camera, device or person reported, about a subject where there is one."""
        entry = self.home.by_id.get(source)
        if self.standing == "owner":
            return True
        if source in self.shown and not self._is_listed:
            return False
        # What was hidden stays hidden when the home lists it no more: what it reported is still in the log.
        if source in self.shown and (isinstance(entry, Camera) or not self.shown[source]):
            return self.shown[source]
        match self.standing:
            case "member":
                return True
            case "child":
                return self._is_own(source, subject)
            case _:
                return isinstance(entry, Device) and entry.type not in _SECURITY | _CARRIED

    def may_hear_of(self, source: str) -> bool:
        """Say whether the person may be told anything at all that a camera, device or person reported."""
        pets = (pet.id for pet in self.home.pets)
        return any(self.may_know(source, subject) for subject in (None, self.person, *pets))

    def may_read(self, record: Record) -> bool:
        """Say whether the person may be told of a record."""
        return self.may_know(record.source or "", record.subject)

    def _is_own(self, source: str, subject: str | None) -> bool:
        entry = self.home.by_id.get(source)
        if isinstance(entry, Person):
            return source == self.person
        if isinstance(entry, Camera):
            return subject == self.person or subject in {pet.id for pet in self.home.pets}
        # What is not listed any more may have been a camera.
        return entry is not None and not (isinstance(entry, Device) and entry.type in _CARRIED)

    # --- pictures ---

    def may_see(self, camera: str) -> bool:
        """Say whether the person may see pictures of a camera, live or kept."""
        if not isinstance(self.home.by_id.get(camera), Camera):
            return False
        by_default = self.standing in ("owner", "member")
        return self.standing == "owner" or (self._is_listed and self.shown.get(camera, by_default))

    def may_see_taken(self, camera: str) -> bool:
        """Say whether the person may see a kept picture; one of which nobody knows who took it is for owners."""
        return self.standing == "owner" or self.may_see(camera)

    def cameras(self) -> tuple[Camera, ...]:
        """Return the cameras whose pictures the person may see, as the home lists them."""
        return tuple(camera for camera in self.home.cameras if self.may_see(camera.id))

    # --- telling ---

    def may_set_telling(self, person: str) -> bool:
        """Say whether the person may set when and in which order somebody is told: owners everybody's, others their own."""
        return self.may("manage_home") or (self._is_listed and person == self.person)

    def may_set_channels(self, person: str) -> bool:
        """Say whether the person may add and take away where somebody is told."""
        return self.may_set_telling(person) and self.may("choose_channels")

    # --- rules ---

    def may_see_rule(self, rule: Rule) -> bool:
        """Say whether the person may see a rule: their own, one that tells them, and what they may know anyway."""
        if self.standing == "owner" or self._concerns(rule):
            return True
        if rule.id in self.shown:
            return self.shown[rule.id]
        return self.standing == "member" and self._may_know_all(rule)

    def rules(self, rules: Iterable[Rule]) -> list[Rule]:
        """Return the rules that the person may see, in their order."""
        return [rule for rule in rules if self.may_see_rule(rule)]

    def may_change_rule(self, rule: Rule) -> bool:
        """Say whether the person may edit, pause, resume or drop a rule: owners any, others their own or nobody's."""
        if self.may("change_rules"):
            return True
        return self.may("change_own_rules") and self.may_see_rule(rule) and rule.owner in (None, self.person)

    def may_make_rule(self, rule: Rule) -> bool:
        """Say whether the person may have a rule: it must rest on nothing that they may not know."""
        return self.may("make_rules") and self._may_know_all(rule)

    def require_fact(self, *, newcomer: bool) -> None:
        """Raise InputError where the person may not tell what the home knows, or may not add a `newcomer` to its listing."""
        if not self.may("see_home" if newcomer else "make_rules"):
            message = (
                f"changes {'who is listed here' if newcomer else 'what the home knows'}, which is not yours to do."
            )
            raise InputError([Problem("not_allowed", "fact", message, "Ask an owner of the home.")])

    def require_rule(self, rule: Rule, *, new: bool) -> None:
        """Raise InputError where the person may not make (`new`) or change a rule."""
        if not (self.may_make_rule(rule) if new else self.may_change_rule(rule)):
            words = "rests on something you may not know of" if new and self.may("make_rules") else "is not yours"
            message = f"{rule.id!r} {words}." if self.may("make_rules") else "guests make and change no rules."
            raise InputError([Problem("not_allowed", "rule", message, "Ask an owner of the home.")])

    def _concerns(self, rule: Rule) -> bool:
        return self.person is not None and (
            rule.owner == self.person or (rule.notify is not None and self.person in rule.notify.to)
        )

    def _may_know_all(self, rule: Rule) -> bool:
        return all(self.may_know(source, subject) for source, subject in reports_of(rule, self.home))


def reports_of(rule: Rule, home: Home) -> Iterator[tuple[str, str | None]]:
    """Yield what a rule looks at, as (source, subject); a pattern without a source looks at every camera."""
    conditions = leaf_conditions(rule.when)
    held = [leaf for each in conditions if isinstance(each, Holds) for leaf in guard_leaves(each.state)]
    guards = [*held, *(leaf for guard in rule.guards for leaf in guard_leaves(guard))]
    seen = [pattern for leaf in guards if isinstance(leaf, SeenGuard) for pattern in leaf.seen.of]
    for pattern in (*condition_patterns(rule.when), *seen):
        for source in pattern.source or [camera.id for camera in home.cameras]:
            for subject in pattern.subject or (None,):
                yield source, None if subject is None else str(subject)
    for leaf in guards:
        yield from ((source, None) for source in _states_of(leaf, home))


def _states_of(guard: object, home: Home) -> Iterable[str]:
    """Return the devices and people whose state a guard looks at; whether somebody is home is everybody's."""
    match guard:
        case StateGuard():
            return [guard.state]
        case HomeGuard() if guard.home in home.by_id:
            return [guard.home]
        case HomeGuard():
            return [person.id for person in home.people]
        case _:
            return []
