"""The notifier: from a firing to a person, through rows that are written before anything is sent.

A process may end at any moment. Before the rows are written, the firing is handed in again by whoever keeps the log;
after it, the notification waits and the next `deliver` sends it. Between the sending and the writing down that it was
sent, nobody can know, so it is sent once more after the lease: with the same tag, and saying that it may be a repeat.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType

from proactive.notification import Notification, Outcome
from proactive.notify import plan
from proactive.notify.channel import ChannelError, Channels, Message, Route, routes
from proactive.notify.text import Picture, lateness, picture_of, render
from proactive.settings import Settings
from proactive.store import Store
from rules.firing import Firing
from rules.home import Home
from rules.record import Record
from rules.rule import Rule
from rules.units import MINUTE

LEASE = 2 * MINUTE  # longer than the slowest channel takes to give up

log = logging.getLogger(__name__)


@dataclass
class Notifier:
    """Turns firings into notifications and delivers them."""

    store: Store
    settings: Settings
    channels: Channels = field(default_factory=Channels)

    def receive(
        self, firing: Firing, evidence: Iterable[Record] = (), *, picture: Picture | None = None, now: int
    ) -> bool:
        """Keep a firing with a notification for each person who is told, and say whether the firing is new.

        `evidence` are the firing's records as far as they are at hand. `picture` is for what has no record of its
        own, such as an absence; without it, the last record that has a `data.snapshot` gives one. A snapshot's path
        is taken from the data folder.
        """
        return self.receive_all([firing], evidence, pictures={firing.id: picture} if picture else {}, now=now) == 1

    def receive_all(
        self,
        firings: Sequence[Firing],
        evidence: Iterable[Record] = (),
        *,
        pictures: Mapping[str, Picture] = MappingProxyType({}),
        now: int,
    ) -> int:
        """Keep firings as `receive` does, all of them or none, and return how many are new.

        `evidence` are the records of any of them, `pictures` go by a firing's id. Thousands at once cost one
        transaction, not thousands.
        """
        records = {(record.home, record.id): record for record in evidence}
        homes = {home.home: home for home in self.store.export_homes(list({firing.home for firing in firings}))}
        rules = self.store.last_rules({(firing.home, firing.rule) for firing in firings})
        written = []
        for firing in firings:
            rule = rules.get((firing.home, firing.rule))
            proof = [records[key] for id in firing.evidence if (key := (firing.home, id)) in records]
            shown = pictures.get(firing.id) or picture_of(firing, proof)
            rows = [] if rule is None else self._rows(firing, rule, homes[firing.home], proof, shown, now)
            written.append((firing, rows))
        return self.store.record_firings(written, now=now)

    def _rows(
        self, firing: Firing, rule: Rule, home: Home, proof: Sequence[Record], shown: Picture | None, now: int
    ) -> list[Notification]:
        told = self.store.told_before(firing.occurrence) if firing.verdict == "corrected" else []
        text = render(firing, rule, home, proof, next((f for f in told if f.id != firing.id), None))
        return plan.notifications(firing, rule, home, text, picture=shown, now=now)

    def notify_at(self) -> int | None:
        """Return the instant at which to call `deliver` next, or None."""
        return self.store.next_due()

    def deliver(self, now: int) -> list[tuple[Notification, Outcome]]:
        """Send every notification that is due, the oldest firing first, and return how each ended."""
        known: dict[str, plan.Circumstances] = {}
        ended = []
        for notification in self.store.due(now):
            if notification.home not in known:
                known[notification.home] = self._circumstances(notification.home, now)
            outcome = self._handle(notification, known[notification.home], now)
            if outcome is not None:
                ended.append((notification, outcome))
        return ended

    def _circumstances(self, home: str, now: int) -> plan.Circumstances:
        store = self.store
        return plan.Circumstances(store.export_home(home), store.preferences(home), store.snoozes(home, now))

    def _handle(self, notification: Notification, about: plan.Circumstances, now: int) -> Outcome | None:
        match plan.decide(notification, about, now):
            case plan.Wait(until, reason):
                return self._settle(notification, Outcome(state="waiting", due_at=until, reason=reason))
            case plan.Skip(reason):
                return self._settle(notification, Outcome(state="snoozed", due_at=now, reason=reason))
            case plan.Send():
                return self._attempt(notification, about, now)

    def _settle(self, notification: Notification, outcome: Outcome) -> Outcome:
        self.store.settle(notification, outcome)
        return outcome

    def _attempt(self, notification: Notification, about: plan.Circumstances, now: int) -> Outcome | None:
        attempt = self.store.begin_attempt(notification, now=now, lease=LEASE)
        if attempt is None:
            return None
        outcome = self._send(notification, about, now, repeat=attempt.repeat)
        self.store.end_attempt(attempt, outcome, now=now)
        if outcome.error:
            log.warning("Notification %s to %s: %s", notification.id, notification.person, outcome.error)
        return outcome

    def _send(self, notification: Notification, about: plan.Circumstances, now: int, *, repeat: bool) -> Outcome:
        person = plan.person_of(about.home, notification.person)
        if person is None:
            return _failed(now, f"{notification.person} is not a person of the home")
        ways = routes(person, about.preferences, self.settings, self.channels)
        if not ways:
            return _failed(now, f"{person.name or person.id} has no channel: nobody was told")
        message = self._message(notification, about.home, person.name or person.id, now, repeat=repeat)
        done, errors = self._try(message, ways, everywhere=notification.urgency == "critical")
        notes = [route.note for route in done if route.note]
        if done:
            taken = tuple(route.id if not route.note else route.carrier for route in done)
            return Outcome(state="sent", due_at=now, channels=taken, error="; ".join([*errors, *notes]))
        again = plan.again_at(notification.attempts + 1, now)
        if again is None:
            return _failed(now, f"given up after {notification.attempts + 1} attempts", "; ".join(errors))
        return Outcome(state="waiting", due_at=again, reason="earlier attempts failed", error="; ".join(errors))

    def _message(self, of: Notification, home: Home, to: str, now: int, *, repeat: bool) -> Message:
        picture = self.settings.data / of.picture if of.picture else None
        if picture is not None and not picture.is_file():
            picture = None
        parts = [
            of.body,
            lateness(of.time, now, of.reason, home),
            f"({of.caption})" if picture is not None and of.caption else "",
            "(You may have had this before.)" if repeat else "",
        ]
        body = " ".join(filter(None, parts))
        return Message(tag=of.id, to=to, title=of.title, body=body, urgency=of.urgency, picture=picture)

    def _try(self, message: Message, ways: Sequence[Route], *, everywhere: bool) -> tuple[list[Route], list[str]]:
        """Send by the first way that works, or by every way, and return those that did and what went wrong."""
        done: list[Route] = []
        errors: list[str] = []
        for route in ways:
            try:
                self.channels.get(route.carrier).send(message, route.address)
            except ChannelError as error:
                errors.append(f"{route.id}: {error}")
            except Exception as error:  # noqa: BLE001 - somebody else's code: one channel must not stop the others
                errors.append(f"{route.id}: the channel {route.carrier!r} broke: {type(error).__name__}")
            else:
                done.append(route)
            if done and not everywhere:
                break
        return done, errors


def _failed(now: int, reason: str, error: str = "") -> Outcome:
    return Outcome(state="failed", due_at=now, reason=reason, error=error or reason)
