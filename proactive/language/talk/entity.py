"""Entities of a rule: which ones it is about, and which other one of the home a follow-up means in their place."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from proactive.language.local.catalogue import Ref, catalogue_of, without_articles
from proactive.language.local.token import stems
from rules.home import Camera, Device, Entry, Home, Person, Pet
from rules.rule import (
    Holds,
    HomeGuard,
    Pattern,
    Rule,
    SeenGuard,
    StateGuard,
    condition_patterns,
    guard_leaves,
    leaf_conditions,
)

Place = tuple[str, str | None]  # an id, and a zone where it is part of a camera's picture

_ONE = re.compile(r"(?:the |that |this |my |our )*(.+?) ones?")
_OTHER = re.compile(r"(?:the |that |my |our )*other (.+)")


def patterns_of(rule: Rule) -> list[Pattern]:
    """Return every pattern of a rule, those of its guards last."""
    seen = [leaf.seen.of for guard in rule.guards for leaf in guard_leaves(guard) if isinstance(leaf, SeenGuard)]
    return [*condition_patterns(rule.when), *(pattern for of in seen for pattern in of)]


def entities_of(rule: Rule) -> list[str]:
    """Return the ids that a rule is about, the most telling first: who is seen, what is reported, then its guards."""
    patterns = patterns_of(rule)
    states = [leaf.state for leaf in leaf_conditions(rule.when) if isinstance(leaf, Holds)]
    guards = [leaf for guard in (*states, *rule.guards) for leaf in guard_leaves(guard)]
    found = [
        *(subject for pattern in patterns for subject in pattern.subject or ()),
        *(source for pattern in patterns for source in pattern.source or ()),
        *(leaf.state for leaf in guards if isinstance(leaf, StateGuard)),
        *(leaf.home for leaf in guards if isinstance(leaf, HomeGuard)),
    ]
    return list(dict.fromkeys(found))


def options_for(words: str, rule: Rule, home: Home) -> list[Place] | None:
    """Return what words may mean in the place of an entity of a rule; empty: nothing fits; None: they name nothing.

    "The other door", "the left one", "the black one", "Otto", "the back door", "the couch".
    """
    said = words.strip().lower()
    if other := _OTHER.fullmatch(said):
        return _others(other[1], rule, home)
    named = _named(said, home)
    if named:
        return _fitting(named, rule, home)
    if one := _ONE.fullmatch(said):
        return _by_word(one[1], rule, home)
    return None


def _named(said: str, home: Home) -> list[Ref]:
    return list(catalogue_of(home).phrases.get(without_articles(stems(said)), ()))


def _others(noun: str, rule: Rule, home: Home) -> list[Place] | None:
    """Return what is of the noun's kind and not in the rule: "the other one", "the other garage door"."""
    own = entities_of(rule)
    if noun in ("one", "ones"):
        return [(other.id, None) for other in _alike(own, home)]
    if same := [other.id for other in _alike(own, home) if stems(noun) in _kind(other)]:
        return [(id, None) for id in same]
    refs = _named(noun, home)
    if not refs:
        return None
    return [place for place in _fitting(refs, rule, home) if place[0] not in own]


def _kind(entry: Entry) -> str:
    """Return the words of an entry's type: `garage door` is a door."""
    return stems(getattr(entry, "type", "").replace("_", " "))


def _by_word(word: str, rule: Rule, home: Home) -> list[Place] | None:
    """Return what is like an entity of the rule and has the word in its name or its looks: "the left one"."""
    wanted = set(without_articles(stems(word)).split())
    found: list[Place] = [(other.id, None) for other in _alike(entities_of(rule), home) if wanted <= _words(other)]
    return found or None


def _words(entry: Entry) -> set[str]:
    looks = (getattr(entry, "looks", ""), getattr(entry, "species", ""))
    return {word for name in (entry.name, *entry.aliases, *looks) for word in stems(name).split()}


def _alike(ids: Iterable[str], home: Home) -> Sequence[Entry]:
    """Return the entries like the first of some ids that has any beside it: of its type, else of its species."""
    ids = list(ids)
    for id in ids:
        entry = home.by_id.get(id)
        found = [other for other in home.entries() if other.id not in ids and entry is not None and _like(entry, other)]
        if found:
            return found
    return []


def _like(one: Entry, other: Entry) -> bool:
    if isinstance(one, Device) and isinstance(other, Device):
        return one.type == other.type
    return type(one) is type(other)


def _fitting(refs: Iterable[Ref], rule: Rule, home: Home) -> list[Place]:
    """Return those of some meanings that can take the place of an entity of the rule, the closest kind only."""
    own = [home.by_id[id] for id in entities_of(rule) if id in home.by_id]
    found = [(ref, _closeness(ref, own, home)) for ref in refs]
    best = max((closeness for _, closeness in found), default=0)
    return list(dict.fromkeys((ref.id, ref.zone) for ref, closeness in found if closeness == best)) if best else []


def _closeness(ref: Ref, own: Iterable[Entry], home: Home) -> int:
    """Return 2 for an entry of the same type, 1 for one of the same kind, 0 for one that fits nowhere in the rule."""
    entry = home.by_id[ref.id]
    return max((_close(entry, other) for other in own), default=0)


def _close(entry: Entry, other: Entry) -> int:
    if isinstance(entry, Device) and isinstance(other, Device):
        return 2 if entry.type == other.type else 1
    if isinstance(entry, Pet | Person) and isinstance(other, Pet | Person):
        return 2 if type(entry) is type(other) else 1
    return 2 if isinstance(entry, Camera) and isinstance(other, Camera) else 0


def replaced_by(place: Place, rule: Rule, home: Home) -> list[str]:
    """Return the ids of the rule in whose place an entity comes: the closest kind."""
    entry = home.by_id[place[0]]
    own = [id for id in entities_of(rule) if id in home.by_id]
    best = max((_close(entry, home.by_id[id]) for id in own), default=0)
    return [id for id in own if best and _close(entry, home.by_id[id]) == best]


def zones_of(rule: Rule) -> Iterator[str]:
    """Yield the zones that a rule names."""
    for pattern in patterns_of(rule):
        zone = pattern.where.get("zone")
        if isinstance(zone, str):
            yield zone
