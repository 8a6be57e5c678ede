"""Keeping: what a person said yes to is carried out in the store: rules saved, changed, paused and dropped, facts told.

Language only proposes; nothing else writes what was said. Each function returns in words what it did.
"""

from __future__ import annotations

import shlex
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, assert_never
from zoneinfo import ZoneInfo

from proactive.access.access import Access
from proactive.language.fact import NEWCOMERS, Fact
from proactive.language.outcome import Change
from proactive.language.talk.facts import fact_text
from proactive.language.talk.spanish import fact_in_spanish
from rules.explain import Language, explain
from rules.rule import Rule
from rules.units import instant, moment

if TYPE_CHECKING:
    from proactive.store import Store


_DONE: dict[Language, dict[str, str]] = {
    "en": {
        "saved": "Saved {}.", "pause": "Paused {}: {}", "resume": "Resumed {}: {}", "drop": "Dropped {}: {}", "quiet": "Quiet until {}: {}.",
        "added": "Added {2}: {0}. To take that back: {1}", "told": "Remembered: {}. To delete it: {}",
        "forgot": "Forgot: {}.", "forgotten": "Nobody told me any more that {}.",
    },
    "es": {
        "saved": "Guardada: {}.", "pause": "En pausa {}: {}", "resume": "Reanudada {}: {}", "drop": "Borrada {}: {}", "quiet": "Silencio hasta {}: {}.",
        "added": "Añadido {2}: {0}. Para deshacerlo: {1}", "told": "Lo recordaré: {}. Para borrarlo: {}",
        "forgot": "Olvidado: {}.", "forgotten": "Eso ya no me lo había dicho nadie: {}.",
    },
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Kept:
    """What was done, in words; the rules that it was done with, as they are now; and whether what is in force changed."""

    lines: tuple[str, ...] = ()
    rules: tuple[Rule, ...] = ()
    in_force: bool = False


@dataclass(frozen=True, slots=True)
class Keeper:
    """Carries out changes in one home for a person, at an instant in microseconds, and says so in their language."""

    store: Store
    home: str
    who: str | None
    at: int
    language: Language = "en"

    def save(self, proposed: tuple[Rule, ...], replaced: tuple[str, ...] = ()) -> Kept:
        """Save rules, each under an id of its own, or in the place of those with the ids that are replaced.

        Raise InputError where the person may not have or change one of them; then none was saved.
        """
        access = self._access()
        for rule in proposed:
            access.require_rule(rule, new=True)
        for rule in filter(None, (self.store.last_rule(self.home, old) for old in replaced)):
            access.require_rule(rule, new=False)
        kept = tuple(self._put(rule, replaced) for rule in proposed)
        for old in set(replaced) - {rule.id for rule in kept}:
            self.store.drop_rule(self.home, old, who=self.who, at=self.at)
        return Kept(tuple(self._say("saved", rule.id) for rule in kept), kept, in_force=True)

    def carry_out(self, change: Change) -> Kept:
        """Do what a change says with rules that stand or with facts; to save is `save`.

        Raise InputError where a rule is not there, or not theirs to change.
        """
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

    def _access(self) -> Access:
        return Access(self.store.export_home(self.home), self.who, self.store.shown(self.home, self.who or ""))

    def _put(self, rule: Rule, replaced: tuple[str, ...]) -> Rule:
        """Save one rule under its id, or under one that is free: a rule that is renamed keeps no other's."""
        return self.store.put_rule(rule, who=self.who, at=self.at, anew=rule.id not in replaced)

    def _each(self, change: Change) -> Kept:
        access = self._access()
        for id in change.rules:
            access.require_rule(self.store.rule(self.home, id), new=False)
        do = {"pause": self.store.pause_rule, "resume": self.store.resume_rule, "drop": self.store.drop_rule}
        rules = tuple(do[change.deed](self.home, rule, who=self.who, at=self.at) for rule in change.rules)
        if change.deed == "resume":
            for rule in rules:
                self.store.snooze(self.home, rule.id, until=self.at, person=self.who or "")
        home = self.store.export_home(self.home)
        lines = (self._say(change.deed, rule.id, explain(rule, home, self.language)) for rule in rules)
        return Kept(tuple(lines), rules, in_force=True)

    def _hush(self, rules: tuple[str, ...], until: datetime) -> Kept:
        for rule in rules:
            self.store.snooze(self.home, rule, until=instant(until), person=self.who or "", at=self.at)
        zone = ZoneInfo(self.store.export_home(self.home).time_zone)
        return Kept((self._say("quiet", f"{until.astimezone(zone):%Y-%m-%d %H:%M}", ", ".join(rules)),))

    def _tell(self, fact: Fact) -> str:
        self._access().require_fact(newcomer=fact.kind in NEWCOMERS)
        self.store.tell(self.home, fact, at=self.at)
        done = "added" if fact.kind in NEWCOMERS else "told"
        return self._say(done, self._text(fact), f"proactive home forget {shlex.quote(fact.id)}", fact.about)

    def _forget(self, fact: Fact) -> str:
        self._access().require_fact(newcomer=fact.kind in NEWCOMERS)
        text = self._text(fact)
        there = self.store.forget(self.home, fact.about, fact.name)
        return self._say("forgot" if there else "forgotten", text)

    def _text(self, fact: Fact) -> str:
        text = fact_in_spanish if self.language == "es" else fact_text
        return text(fact, self.store.export_home(self.home), moment(self.at))

    def _say(self, done: str, *words: str) -> str:
        return _DONE[self.language][done].format(*words)
