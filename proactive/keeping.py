"""Keeping: what a person said yes to is carried out in the store: rules saved, changed, paused and dropped, facts told.

Language only proposes; nothing else writes what was said. Each function returns in words what it did.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, assert_never
from zoneinfo import ZoneInfo

from proactive.language.fact import NEWCOMERS, Fact
from proactive.language.outcome import Change
from proactive.language.talk.facts import fact_text
from rules.explain import explain
from rules.rule import Rule
from rules.units import instant, moment

if TYPE_CHECKING:
    from proactive.store import Store


@dataclass(frozen=True, slots=True)
class Kept:
    """What was done, in words; the rules that it was done with, as they are now; and whether what is in force changed."""

    lines: tuple[str, ...] = ()
    rules: tuple[Rule, ...] = ()
    in_force: bool = False


@dataclass(frozen=True, slots=True)
class Keeper:
    """Carries out changes in one home for a person, at an instant in microseconds."""

    store: Store
    home: str
    who: str | None
    at: int

    def save(self, proposed: tuple[Rule, ...], replaced: tuple[str, ...] = ()) -> Kept:
        """Save rules, each under an id of its own, or in the place of those with the ids that are replaced."""
        kept = tuple(self._put(rule, replaced) for rule in proposed)
        for old in set(replaced) - {rule.id for rule in kept}:
            self.store.drop_rule(self.home, old, who=self.who, at=self.at)
        return Kept(tuple(f"Saved {rule.id}." for rule in kept), kept, in_force=True)

    def carry_out(self, change: Change) -> Kept:
        """Do what a change says with rules that stand or with facts; to save is `save`."""
        match change.deed:
            case "pause" if change.until is not None:
                return self._hush(change.rules, change.until)
            case "pause" | "resume" | "drop":
                return self._each(change)
            case "tell":
                return Kept(tuple(self._tell(fact) for fact in change.facts))
            case "forget":
                return Kept(tuple(self._forget(fact) for fact in change.facts))
            case "save" | "edit" | "discard" | "list":
                return Kept()
            case _:
                assert_never(change.deed)

    def _put(self, rule: Rule, replaced: tuple[str, ...]) -> Rule:
        """Save one rule under its id, or under one that is free: a rule that is renamed keeps no other's."""
        named = rule if rule.id in replaced else with_free_id(rule, self.store.last_rule)
        return self.store.put_rule(named, who=self.who, at=self.at)

    def _each(self, change: Change) -> Kept:
        do = {"pause": self.store.pause_rule, "resume": self.store.resume_rule, "drop": self.store.drop_rule}[
            change.deed
        ]
        rules = tuple(do(self.home, rule, who=self.who, at=self.at) for rule in change.rules)
        if change.deed == "resume":
            for rule in rules:
                self.store.snooze(self.home, rule.id, until=self.at, person=self.who or "")
        home = self.store.export_home(self.home)
        done = {"pause": "Paused", "resume": "Resumed", "drop": "Dropped"}[change.deed]
        return Kept(tuple(f"{done} {rule.id}: {explain(rule, home)}" for rule in rules), rules, in_force=True)

    def _hush(self, rules: tuple[str, ...], until: datetime) -> Kept:
        for rule in rules:
            self.store.snooze(self.home, rule, until=instant(until), person=self.who or "")
        zone = ZoneInfo(self.store.export_home(self.home).time_zone)
        return Kept((f"Quiet until {until.astimezone(zone):%Y-%m-%d %H:%M}: {', '.join(rules)}.",))

    def _tell(self, fact: Fact) -> str:
        home = self.store.export_home(self.home)
        self.store.tell(self.home, fact, at=self.at)
        if fact.kind in NEWCOMERS:
            return f"Added {fact.about}: {fact_text(fact, home)}. To take that back: proactive home forget {fact.id}"
        return f"Remembered: {fact_text(fact, home, moment(self.at))}. To delete it: proactive home forget {fact.id}"

    def _forget(self, fact: Fact) -> str:
        there = self.store.forget(self.home, fact.about, fact.name)
        text = fact_text(fact, self.store.export_home(self.home))
        return f"Forgot: {text}." if there else f"Nobody told me any more that {text}."


def with_free_id(rule: Rule, last: Callable[[str, str], Rule | None]) -> Rule:
    """Return the rule under an id that no other rule has: `daisy-fed`, else `daisy-fed-2`, and so on.

    A rule that decides the same as one before keeps its id and becomes its next version.
    """
    number, name = 1, rule.id
    while (other := last(rule.home, name)) is not None and not _decides_the_same(other, rule):
        number += 1
        name = f"{rule.id}-{number}"
    return rule.model_copy(update={"id": name})


def _decides_the_same(one: Rule, other: Rule) -> bool:
    return (one.when, one.guards, one.do, one.owner) == (other.when, other.guards, other.do, other.owner)
