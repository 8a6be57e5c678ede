"""The personal-context store: homes, what people told, rules with every version, firings, and the outbox.

Each method is one transaction. Instants are whole microseconds since the epoch (`rules.units`); the caller hands in
the time, since nothing here reads a clock.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from typing import Self

from sqlmodel import Session

from proactive.deed import Deed
from proactive.language.fact import NEWCOMERS, Fact, listing, unlisted
from proactive.language.request import Turn
from proactive.notification import Attempt, Delivery, Notification, Outcome
from proactive.settings import Settings
from proactive.store import deeds, homes, ledger, looks, outbox, rulebook, talk, timeline, told
from proactive.store.database import Database
from proactive.store.doors import Doors
from proactive.store.going import Going
from proactive.store.rulebook import Version
from proactive.store.tokens import Tokens
from proactive.taught import TaughtLook
from proactive.usage import Spent
from proactive.vault import Vault
from rules.firing import Firing
from rules.home import Home
from rules.problem import InputError, Problem, nearest
from rules.rule import Rule

FAR = 1 << 62


class Store(Going, Tokens, Doors):
    """An open store; a context manager that closes it. Every method raises StoreError when the database fails."""

    def __init__(self, url: str, vault: Vault | None = None) -> None:
        """Open or create the store at a SQLAlchemy URL and bring its schema up to date.

        Secrets are sealed by `vault`, by default with the key beside a SQLite file.
        """
        self.database = Database(url, vault)

    @classmethod
    def open(cls, settings: Settings) -> Self:
        """Open the store that the settings name."""
        return cls(settings.database_url, Vault(settings.data, settings.secret_key))

    def close(self) -> None:
        """Close the database."""
        self.database.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    # --- homes ---

    def import_home(self, home: Home) -> None:
        """Keep a home; what it listed before is replaced, its rules and what people told stay, newcomers among them."""
        self.import_homes([home])

    def import_homes(self, given: Sequence[Home]) -> None:
        """Keep homes, all of them or none."""
        with self.database.writing() as session:
            newcomers = told.newcomers(session)
            homes.put(session, [listing(home, newcomers.get(home.home, ())) for home in given])

    @property
    def listings(self) -> int:
        """Return how often what homes list was changed, by any process, so that whoever runs them can look again."""
        with self.database.reading() as session:
            return homes.listings(session)

    def home_ids(self) -> list[str]:
        """Return the ids of the homes, in order."""
        with self.database.reading() as session:
            return homes.ids(session)

    def export_home(self, home: str) -> Home:
        """Return a home, equal to what was imported. Raise InputError where there is none."""
        with self.database.reading() as session:
            found = homes.get(session, home)
            if found is None:
                raise _unknown_home(session, home)
            return found

    def export_homes(self, wanted: Sequence[str] | None = None) -> Iterator[Home]:
        """Yield the homes with these ids that are there, or every home in order of id: thousands cost few queries."""
        with self.database.reading() as session:
            yield from homes.get_many(session, homes.ids(session) if wanted is None else wanted)

    def revise_home(self, home: str, change: Callable[[Home], Home]) -> Home:
        """Keep what `change` makes of a home as it is listed now, and return it: two who change it at once lose nothing.

        What `change` raises leaves everything as it was. Raise InputError where there is no such home.
        """
        with self.database.writing() as session:
            _require_home(session, home)
            _list(session, home, change)
            found = homes.get(session, home)
            assert found is not None, "it was there a moment ago, in this transaction"
            return found

    def erase_home(self, home: str) -> None:
        """Delete a home and everything that belongs to it, for good. Raise InputError where there is none."""
        with self.database.writing() as session:
            if not homes.erase(session, home):
                raise _unknown_home(session, home)
        self.database.forget_deleted()

    # --- rules ---

    def put_rule(self, rule: Rule, *, who: str | None = None, at: int, anew: bool = False) -> Rule:
        """Keep a rule as its next version and return it so numbered; one that changes nothing as it stands.

        `anew`: as a new rule, under an id that no other has.
        """
        with self.database.writing() as session:
            _require_home(session, rule.home)
            return (rulebook.put_anew if anew else rulebook.put)(session, rule, who, at)

    def rules(self, home: str | None = None) -> list[Rule]:
        """Return the rules that stand, paused ones too, of one home or of all, in order of home and id."""
        with self.database.reading() as session:
            return rulebook.listed(session, home)

    def rule(self, home: str, rule: str) -> Rule:
        """Return a rule that stands. Raise InputError, naming the nearest, where there is none."""
        with self.database.reading() as session:
            return rulebook.get(session, home, rule)

    def last_rules(self, keys: Iterable[tuple[str, str]]) -> dict[tuple[str, str], Rule]:
        """Return the last versions of rules by home and id, even of those that were dropped; what never was is left out."""
        with self.database.reading() as session:
            found = {key: rulebook.last(session, *key) for key in keys}
        return {key: rule for key, rule in found.items() if rule is not None}

    def last_rule(self, home: str, rule: str) -> Rule | None:
        """Return a rule's last version even when it was dropped, or None."""
        return self.last_rules([(home, rule)]).get((home, rule))

    def rule_then(self, firing: Firing) -> Rule | None:
        """Return the rule as it stood when it fired, or None: what it says now is not what it decided by."""
        with self.database.reading() as session:
            return rulebook.then(session, firing.home, firing.rule, firing.time)

    def versions(self, home: str, rule: str) -> list[Version]:
        """Return every version of a rule, the first first."""
        with self.database.reading() as session:
            return rulebook.versions(session, home, rule)

    def pause_rule(self, home: str, rule: str, *, who: str | None = None, at: int) -> Rule:
        """Pause a rule, as a version of its own, and return it. Raise InputError where there is none."""
        with self.database.writing() as session:
            return rulebook.switch(session, home, rule, enabled=False, who=who, at=at)

    def resume_rule(self, home: str, rule: str, *, who: str | None = None, at: int) -> Rule:
        """Resume a rule, as a version of its own, and return it. Raise InputError where there is none."""
        with self.database.writing() as session:
            return rulebook.switch(session, home, rule, enabled=True, who=who, at=at)

    def drop_rule(self, home: str, rule: str, *, who: str | None = None, at: int) -> Rule:
        """Drop a rule and return it as it stood; its versions stay. Raise InputError where there is none."""
        with self.database.writing() as session:
            return rulebook.drop(session, home, rule, who, at)

    # --- firings and the outbox ---

    def record_firing(self, firing: Firing, notifications: Sequence[Notification] = (), *, now: int) -> bool:
        """Keep a firing and its notifications together, and say whether the firing is new.

        A repeat changes nothing, and whoever was told is not told again.
        """
        return self.record_firings([(firing, notifications)], now=now) == 1

    def record_firings(
        self, written: Sequence[tuple[Firing, Sequence[Notification]]], acts: Sequence[Deed] = (), *, now: int
    ) -> int:
        """Keep firings, each with its notifications, and their deeds, all or none; return how many firings are new."""
        with self.database.writing() as session:
            for home in {firing.home for firing, _ in written}:
                _require_home(session, home)
            versions = {key: rulebook.version(session, *key) for key in {(f.home, f.rule) for f, _ in written}}
            new = outbox.add_firings(session, [firing for firing, _ in written], versions, now)
            outbox.add_notifications(session, [each for _, notifications in written for each in notifications])
            deeds.add(session, acts)
            return new

    def firing(self, firing_id: str) -> Firing | None:
        """Return a firing by its id, or None."""
        with self.database.reading() as session:
            return outbox.firing(session, firing_id)

    def firings(self, home: str, rule: str | None = None, since: int = -FAR, until: int = FAR) -> list[Firing]:
        """Return a home's firings with `since <= time <= until`, of one rule or of all, in order of time."""
        with self.database.reading() as session:
            return outbox.firings(session, home, rule, since, until)

    def firings_back(
        self,
        home: str,
        before: tuple[int, str],
        *,
        since: int = -FAR,
        limit: int = 50,
        rules: Collection[str] | None = None,
    ) -> list[Firing]:
        """Return a home's firings before a place in the order of (time, id), the newest first, of some rules or all."""
        with self.database.reading() as session:
            return [outbox.as_firing(row) for row in timeline.firings_back(session, home, before, since, limit, rules)]

    def told_of(self, firings: Collection[str]) -> dict[str, list[tuple[Notification, str]]]:
        """Return by firing what people got of it, each with the channels that took it."""
        found: dict[str, list[tuple[Notification, str]]] = {}
        with self.database.reading() as session:
            for notification, channels in timeline.told_of(session, firings):
                found.setdefault(notification.firing, []).append((notification, channels))
        return found

    def told_before(self, occurrence: str) -> list[Firing]:
        """Return the firings about one occurrence, in the order in which they were recorded."""
        with self.database.reading() as session:
            return outbox.told_before(session, occurrence)

    def ended(self, occurrences: Collection[str]) -> set[str]:
        """Return those of some occurrences that are over: resolved, or taken back."""
        with self.database.reading() as session:
            return outbox.ended(session, occurrences)

    def due(self, now: int, limit: int = 1000) -> list[Notification]:
        """Return the notifications to send by now, the oldest firing first."""
        with self.database.reading() as session:
            return outbox.due(session, now, limit)

    def next_due(self) -> int | None:
        """Return the earliest instant at which a notification is to be sent, or None."""
        with self.database.reading() as session:
            return outbox.next_due(session)

    def begin_attempt(self, notification: Notification, *, now: int, lease: int) -> Attempt | None:
        """Take a notification for one attempt, for the length of the lease; None when another sender has it."""
        return next(iter(self.begin_attempts([notification], now=now, lease=lease)), None)

    def begin_attempts(self, taken: Sequence[Notification], *, now: int, lease: int) -> list[Attempt]:
        """Take notifications for one attempt together, and return those that no other sender has."""
        with self.database.writing() as session:
            return [begun for each in taken if (begun := outbox.begin(session, each, now, lease)) is not None]

    def end_attempt(self, attempt: Attempt, outcome: Outcome, *, now: int, then: Sequence[Notification] = ()) -> None:
        """Keep how an attempt ended, with what is to be told because of that."""
        self.end_attempts([(attempt, outcome)], now=now, then=then)

    def end_attempts(
        self, ended: Sequence[tuple[Attempt, Outcome]], *, now: int, then: Sequence[Notification] = ()
    ) -> None:
        """Keep how attempts that were made together ended, with what is to be told because of that."""
        with self.database.writing() as session:
            for attempt, outcome in ended:
                outbox.end(session, attempt, now, outcome)
            outbox.add_notifications(session, then)

    def settle(self, notification: Notification, outcome: Outcome, *, now: int) -> None:
        """Give a notification another state or time without an attempt."""
        with self.database.writing() as session:
            outbox.settle(session, notification, outcome, now)

    def notifications(self, home: str, state: str | None = None, limit: int = 100) -> list[Notification]:
        """Return a home's last notifications, in one state or in any, the newest first."""
        with self.database.reading() as session:
            return outbox.notifications(session, home, state, limit)

    def deliveries(self, notification: str) -> list[Delivery]:
        """Return the attempts at a notification, the first first."""
        with self.database.reading() as session:
            return outbox.deliveries(session, notification)

    # --- what people told ---

    def tell(self, home: str, fact: Fact, *, at: int) -> None:
        """Keep a fact; it takes the place of an earlier one of the same name about the same thing. A newcomer is listed in the home."""
        with self.database.writing() as session:
            _require_home(session, home)
            told.tell(session, home, fact, at)
            if fact.kind in NEWCOMERS:
                _list(session, home, lambda known: listing(known, [fact]))

    def facts(self, home: str) -> list[Fact]:
        """Return what was told in a home."""
        with self.database.reading() as session:
            return told.facts(session, home)

    def forget(self, home: str, about: str, name: str) -> bool:
        """Delete a fact and say whether it was there. A newcomer leaves the home; raise InputError while a rule is about them."""
        with self.database.writing() as session:
            fact = told.forget(session, home, about, name)
            if fact is not None and fact.kind in NEWCOMERS:
                _check_unused(session, home, fact)
                _list(session, home, lambda known: unlisted(known, fact))
            return fact is not None

    def prefer(self, home: str, name: str, value: str | None, *, person: str = "") -> None:
        """Keep a preference of a person, or of the home where `person` is empty; None deletes it."""
        with self.database.writing() as session:
            _require_home(session, home)
            told.prefer(session, home, person, name, value)

    def preferences(self, home: str) -> dict[tuple[str, str], str]:
        """Return a home's preferences by person (empty: the home) and name."""
        with self.database.reading() as session:
            return told.preferences(session, home)

    def snooze(
        self,
        home: str,
        rule: str,
        *,
        until: int,
        person: str = "",
        at: int | None = None,
        then: Sequence[Notification] = (),
    ) -> None:
        """Keep a rule quiet until an instant, for a person or, where `person` is empty, for all.

        With `at`, the time now, what still waits about it is stopped too: the reminders of a running episode. `then` is what
        is told because of that.
        """
        with self.database.writing() as session:
            _require_home(session, home)
            told.snooze(session, home, rule, person, until)
            if at is not None and until > at:
                outbox.hush(session, home, rule, person)
            outbox.add_notifications(session, then)

    def snoozes(self, home: str, now: int) -> dict[tuple[str, str], int]:
        """Return until when each rule is snoozed, by rule and person (empty: all)."""
        with self.database.reading() as session:
            return told.snoozes(session, home, now)

    # --- what photos taught ---

    def teach(self, home: str, taught: Sequence[TaughtLook], *, at: int) -> None:
        """Keep what photos taught; a photo that is given again takes the place of itself."""
        with self.database.writing() as session:
            _require_home(session, home)
            looks.teach(session, home, taught, at)

    def taught(self, home: str) -> list[TaughtLook]:
        """Return what photos taught in a home, in order of whom they show and when they were given."""
        with self.database.reading() as session:
            return looks.taught(session, home)

    def taught_mark(self, home: str) -> frozenset[tuple[str, str, int]]:
        """Return what changes whenever `taught` does; it is quick to read."""
        with self.database.reading() as session:
            return looks.mark(session, home)

    def unteach(self, home: str, about: str, photo: str | None = None) -> int:
        """Delete what one photo (by its digest), or all of them, taught of one animal, for good; return how many that were."""
        with self.database.writing() as session:
            count = looks.unteach(session, home, about, photo)
        self.database.forget_deleted()
        return count

    # --- conversations ---

    def converse(self, home: str, person: str, turns: Sequence[Turn], *, at: int) -> None:
        """Keep the last turns with a person (empty: nobody in particular) in place of those before; none forgets them."""
        with self.database.writing() as session:
            _require_home(session, home)
            talk.put(session, home, person, turns, at)

    def revise_conversation(
        self, home: str, person: str, to: Callable[[tuple[Turn, ...]], Sequence[Turn]], *, at: int
    ) -> tuple[Turn, ...]:
        """Keep what `to` makes of the turns with a person, and return it: two browsers at once lose nothing.

        What `to` raises leaves everything as it was.
        """
        with self.database.writing() as session:
            _require_home(session, home)
            return talk.revise(session, home, person, to, at)

    def conversation(self, home: str, person: str, *, since: int = -FAR) -> tuple[Turn, ...]:
        """Return the last turns with a person, the first first; none where the last of them was before `since`."""
        with self.database.reading() as session:
            return talk.get(session, home, person, since)

    # --- the installation ---

    def spend(self, spent: Spent) -> None:
        """Add what a language model used to the sums of its day, model and role."""
        with self.database.writing() as session:
            ledger.add(session, spent)

    def spent(self, since: str = "") -> list[Spent]:
        """Return what language models used from a day such as `2026-03-09` on, in order of day, model and role."""
        with self.database.reading() as session:
            return ledger.listed(session, since)


def _list(session: Session, home: str, change: Callable[[Home], Home]) -> None:
    known = homes.get(session, home)
    if known is not None and (changed := change(known)) != known:
        homes.put(session, [changed])


def _check_unused(session: Session, home: str, fact: Fact) -> None:
    using = [rule.id for rule in rulebook.listed(session, home) if f'"{fact.about}"' in json.dumps(rule.as_json())]
    if using:
        hint = f"Drop that first: proactive rules drop {using[0]}"
        raise InputError([Problem("in_use", fact.id, f"the rule {using[0]} is about {fact.name}.", hint)])


def _require_home(session: Session, home: str) -> None:
    if not homes.exists(session, home):
        raise _unknown_home(session, home)


def _unknown_home(session: Session, home: str) -> InputError:
    known = homes.ids(session)
    hint = nearest(home, known) or (f"There is {', '.join(known[:10])}." if known else "")
    advice = hint or "Import one with: proactive home import home.yaml"
    return InputError([Problem("unknown_home", home, "there is no such home in the store.", advice)])
