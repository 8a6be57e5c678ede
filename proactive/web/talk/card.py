"""Cards: a proposed rule as it is shown before it is saved: what it does, what it watches, what it would have done."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache

from proactive.capability import sight
from proactive.language.request import Turn
from proactive.teaching import looks_of
from proactive.telling import channels_of, ways_to
from proactive.web.talk.watched import Watched, watched
from proactive.web.tried import Preview, tried
from proactive.web.visit import Visit
from proactive.web.words import name_of, title_of
from rules.check import check
from rules.explain import explain
from rules.home import Person
from rules.problem import InputError
from rules.rule import Rule
from rules.units import HOUR


@dataclass(frozen=True, slots=True)
class Card:
    """A proposed rule, read back; `replaces` is what the rule that it takes the place of is called.

    `refused` says why this person may not have it; then nothing of what it watches is shown. `notes` are what to know before;
    `unreached` where it tells whoever visits, who gets no notifications yet.
    """

    id: str
    title: str
    reads: str
    replaces: str = ""
    watches: tuple[Watched, ...] = ()
    calendar: Preview | None = None
    notes: tuple[str, ...] = ()
    refused: str = ""
    unreached: bool = False


def cards_of(turn: Turn, visit: Visit) -> list[Card]:
    """Return a card for each rule that a turn proposes."""
    lines = turn.outcome.reply.splitlines()
    rules = turn.outcome.rules
    reads = lines if len(lines) == len(rules) else [explain(rule, visit.home) for rule in rules]
    return [_card(rule, read, turn, visit) for rule, read in zip(rules, reads, strict=True)]


def _card(rule: Rule, reads: str, turn: Turn, visit: Visit) -> Card:
    replaced = _replaced(rule, turn, visit)
    try:
        visit.access.require_rule(rule, new=True)
        if replaced is not None:
            visit.access.require_rule(replaced, new=False)
    except InputError as error:
        problem = error.problems[0]
        return Card(
            rule.id, title_of(rule), reads, refused=f"You cannot have this rule: it {problem.message} {problem.hint}"
        )
    silent = unreached(rule, visit)
    others = [name_of(visit.home, person, "Somebody") for person in silent if person != visit.person]
    return Card(
        rule.id, title_of(rule), reads, "" if replaced is None else title_of(replaced), tuple(watched(rule, visit)),
        _tried(rule, visit), (*_blindness(rule, visit), *map(_silence, others)), unreached=visit.person in silent,
    )  # fmt: skip


def _tried(rule: Rule, visit: Visit) -> Preview:
    """Return what a rule would have done lately, worked out anew once an hour."""
    # A look at months of records takes a moment, cards are drawn again and again, and an hour more tells hardly more.
    mark = (str(visit.site.settings.data), rule.model_dump_json(), visit.home.model_dump_json(), visit.now // HOUR)
    return _preview(_Asked(mark, rule, visit))


@dataclass(frozen=True, slots=True)
class _Asked:
    """A rule and for whom it is tried, equal to another by its mark."""

    mark: tuple[object, ...]
    rule: Rule = field(compare=False)
    visit: Visit = field(compare=False)


@lru_cache(maxsize=128)
def _preview(asked: _Asked) -> Preview:
    site = asked.visit.site
    return tried(asked.rule, asked.visit.home, site.settings, site.runtime.log)


def _replaced(rule: Rule, turn: Turn, visit: Visit) -> Rule | None:
    """Return the rule that stands and whose place a proposed one takes, or None."""
    change = turn.outcome.change
    if change is None or not change.rules:
        return None
    return visit.site.store.last_rule(visit.home.home, rule.id if rule.id in change.rules else change.rules[0])


def unreached(rule: Rule, visit: Visit) -> list[str]:
    """Return whom a rule tells without any way to reach them: no channel, and no device that gets notifications."""
    site, home = visit.site, visit.home
    listed = [home.by_id.get(id) for id in (rule.notify.to if rule.notify is not None else ())]
    channels = channels_of(site.settings)
    return [
        person.id
        for person in listed
        if isinstance(person, Person) and not ways_to(site.store, site.settings, home, person, channels)
    ]


def _silence(name: str) -> str:
    return f"{name} gets no notifications yet, and sees only here what this rule tells."


def _blindness(rule: Rule, visit: Visit) -> Iterator[str]:
    """Yield what a rule waits for that nothing here can tell."""
    eyes = sight(visit.home, looks_of(visit.site.store, visit.home.home))
    for problem in check(rule, visit.home, eyes):
        if problem.code == "nobody_looks":
            yield f"This rule {problem.message} {problem.hint}".rstrip()
