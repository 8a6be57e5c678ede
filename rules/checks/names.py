"""Ids: everything that a rule names is listed in the home, and is of the kind that is needed there."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from difflib import get_close_matches

from rules.checks.places import each, guards, patterns
from rules.home import Entry, Home, Person, Pet
from rules.problem import Problem
from rules.rule import HomeGuard, Rule, StateGuard

UNKNOWN = "unknown"  # the subject of somebody who was looked at and is nobody the home knows
EVERYBODY = ("nobody", "anyone")


def check_home(rule: Rule, home: Home) -> Iterator[Problem]:
    """Yield a problem when the rule belongs to another home."""
    if rule.home != home.home:
        message = f"expected {home.home!r}, the home it is checked against; found {rule.home!r}."
        yield Problem("home_mismatch", "home", message, "Put the rule into its own home.")


def check_sources(rule: Rule, home: Home) -> Iterator[Problem]:
    """Yield a problem for each source that the home does not list, in patterns and guards."""
    for where, pattern in patterns(rule):
        for place, source in each(f"{where}.source", pattern.source):
            yield from _source(place, source, home)
    for where, guard in guards(rule):
        if isinstance(guard, StateGuard):
            yield from _source(f"{where}.state", guard.state, home)


def check_subjects(rule: Rule, home: Home) -> Iterator[Problem]:
    """Yield a problem for each subject that is neither a person nor a pet of the home, nor `unknown`."""
    for where, pattern in patterns(rule):
        for place, subject in each(f"{where}.subject", pattern.subject):
            if subject != UNKNOWN and not isinstance(home.by_id.get(subject), Person | Pet):
                yield _unlisted("unknown_subject", place, subject, "a person or pet", (*home.people, *home.pets))


def check_people(rule: Rule, home: Home) -> Iterator[Problem]:
    """Yield a problem for each owner, addressee or `home` guard that is not a person of the home."""
    named: list[tuple[str, str]] = [("owner", rule.owner)] if rule.owner else []
    if rule.notify is not None:
        named += [(f"notify.to[{index}]", name) for index, name in enumerate(rule.notify.to)]
        if rule.notify.escalate is not None:
            named += [(f"notify.escalate.to[{index}]", name) for index, name in enumerate(rule.notify.escalate.to)]
    for where, guard in guards(rule):
        if isinstance(guard, HomeGuard) and guard.home not in EVERYBODY:
            named.append((f"{where}.home", guard.home))
    for where, name in named:
        if not isinstance(home.by_id.get(name), Person):
            yield _unlisted("unknown_person", where, name, "a person", home.people)


def _source(where: str, source: str, home: Home) -> Iterator[Problem]:
    entry = home.by_id.get(source)
    if isinstance(entry, Pet):
        message = f"expected a camera, device, calendar or person; {source!r} is a pet."
        yield Problem("unknown_source", where, message, f"Put {source!r} into 'subject' and the camera here.")
    elif entry is None:
        listed = [entry for entry in home.entries() if not isinstance(entry, Pet)]
        yield _unlisted("unknown_source", where, source, "a camera, device, calendar or person", listed)


def _unlisted(code: str, where: str, name: str, expected: str, listed: Iterable[Entry]) -> Problem:
    return Problem(code, where, f"expected the id of {expected} of this home, found {name!r}.", hint(name, listed))


def hint(name: str, entries: Iterable[Entry]) -> str:
    """Return a hint at the entry whose id, name or alias is nearest to `name`, or at what there is."""
    ids = _words(entries)
    near = get_close_matches(name.casefold(), list(ids), n=1, cutoff=0.6)
    return f"Did you mean {ids[near[0]]!r}?" if near else _listed(sorted(set(ids.values())))


def _words(entries: Iterable[Entry]) -> dict[str, str]:
    """Return the ids by every word that people may use for them: the id, its last part, the name, the aliases."""
    ids: dict[str, str] = {}
    for entry in entries:
        for word in (entry.id, entry.id.rpartition(".")[2], entry.name, *entry.aliases):
            ids.setdefault(word.casefold(), entry.id)
    return ids


def _listed(ids: list[str]) -> str:
    if not ids:
        return "The home lists none: add it to the home file first."
    return f"The home lists {', '.join(ids[:8])}{', ...' if len(ids) > 8 else ''}."
