"""What a rule may watch: nobody in a bathroom, nobody else in a bedroom, and nobody for a guest."""

from __future__ import annotations

import re
from collections.abc import Iterator

from proactive.language.policy.acting import standing_of
from rules.home import Camera, Device, Home, Person
from rules.problem import Problem
from rules.rule import Pattern, Rule, SeenGuard, condition_patterns, guard_leaves

_BATHROOM = re.compile(r"\b(bath ?room|restroom|toilet|shower|wc|ba[nñ]o|ducha)s?\b", re.IGNORECASE)
_BEDROOM = re.compile(r"\b(bed ?room|dormitorio|alcoba|guest room)s?\b", re.IGNORECASE)
_PEOPLE = ("person", "face")


def check_watching(rule: Rule, home: Home, speaker: str | None) -> Iterator[Problem]:
    """Yield why a rule may not watch what it watches, for the person who wants it."""
    standing = standing_of(speaker, home)
    for pattern in patterns_of(rule):
        yield from _place(pattern, home, speaker, standing)
        if standing == "guest" and _watches_people(pattern, home):
            yield Problem("guest_watching", "when", "watches people, which guests may not ask for.", "Ask an owner.")


def patterns_of(rule: Rule) -> list[Pattern]:
    """Return every pattern of a rule, those of its guards too."""
    seen = [leaf for guard in rule.guards for leaf in guard_leaves(guard) if isinstance(leaf, SeenGuard)]
    return [*condition_patterns(rule.when), *(pattern for leaf in seen for pattern in leaf.seen.of)]


def _place(pattern: Pattern, home: Home, speaker: str | None, standing: str) -> Iterator[Problem]:
    if not _sees_people(pattern, home):
        return
    places = " / ".join(_places(pattern, home))
    if _BATHROOM.search(places):
        yield Problem("private_place", "when", "watches people in a bathroom, which I never do.")
    elif _BEDROOM.search(places) and (others := _others(pattern, home, speaker, standing)):
        message = f"watches {' and '.join(others)} in a bedroom."
        yield Problem("private_place", "when", message, "They can make that rule themselves.")


def _others(pattern: Pattern, home: Home, speaker: str | None, standing: str) -> list[str]:
    """Return the names of those whom the speaker may not watch in a bedroom: all but oneself and, for an owner, children."""
    people = [home.by_id[subject] for subject in pattern.subject or () if subject in home.by_id]
    others = [p for p in people if isinstance(p, Person) and p.id != speaker]
    return [p.name or p.id for p in others if not (standing == "owner" and _is_child(p))]


def _is_child(person: Person) -> bool:
    return person.standing == "child" or bool(
        re.search(r"\b(son|daughter|baby|child|kid|hij[oa]|beb[eé])\b", person.role.lower())
    )


def _sees_people(pattern: Pattern, home: Home) -> bool:
    """Say whether a pattern is of what cameras see, and may be of people."""
    if pattern.type is not None and "detection" not in pattern.type:
        return False
    subjects = [home.by_id.get(subject) for subject in pattern.subject or ()]
    if subjects and not any(isinstance(s, Person) or s is None for s in subjects):
        return False
    label = pattern.where.get("label")
    labels = label if isinstance(label, tuple) else (label,)
    return label is None or any(one in _PEOPLE for one in labels) or bool(subjects)


def _watches_people(pattern: Pattern, home: Home) -> bool:
    if any(isinstance(home.by_id.get(subject), Person) for subject in pattern.subject or ()):
        return True
    people = {p.id for p in home.people}
    return bool(people & set(pattern.source or ())) or (pattern.type == ("detection",) and _sees_people(pattern, home))


def _places(pattern: Pattern, home: Home) -> Iterator[str]:
    """Yield the names of the cameras and zones that a pattern looks at, words parted."""
    sources = pattern.source if pattern.source is not None else tuple(camera.id for camera in home.cameras)
    zone = pattern.where.get("zone")
    for source in sources:
        entry = home.by_id.get(source)
        if isinstance(entry, Camera) and zone is None:
            yield from _words(entry.id, entry.name, *entry.aliases)
        elif isinstance(entry, Device) and entry.type in ("camera", "microphone"):
            yield from _words(entry.id, entry.name)
    if zone is not None:
        yield from _words(*(str(z) for z in (zone if isinstance(zone, tuple) else (zone,))))
        yield from _words(*(source for source in sources if len(sources) == 1))


def _words(*names: str) -> Iterator[str]:
    for name in names:
        yield re.sub(r"[._\-]+", " ", name)
