"""The notifier: from a firing to a person, through rows that are written before anything is sent.

A process may end at any moment. Before the rows are written, the firing is handed in again by whoever keeps the log;
after it, the notification waits and the next `deliver` sends it. Between the sending and the writing down that it was
sent, nobody can know, so it is sent once more after the lease: with the same tag, and saying that it may be a repeat.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from types import MappingProxyType

from proactive.notification import ASK, CLEAR, PICTURE, TOLD, Attempt, Notification, Outcome, notification_id
from proactive.notify import happening, plan
from proactive.notify.channel import Channels, Message, Route, routes
from proactive.notify.clearing import answered_on
from proactive.notify.composing import Composing
from proactive.notify.deeds import Draw
from proactive.notify.digest import bundled
from proactive.notify.follow import following, over
from proactive.notify.replies import draw_code
from proactive.notify.sender import Publish, Sender, Sent, replaces
from proactive.notify.text import Picture, caption
from proactive.notify.written import OVER, Writing
from proactive.settings import Settings
from proactive.store import Store
from rules.firing import Firing
from rules.record import Record
from rules.units import MINUTE

OFF = "it was taken off the screen"
LEASE = 2 * MINUTE  # longer than the slowest channel takes to give up

log = logging.getLogger(__name__)


@dataclass
class Notifier:
    """Turns firings into notifications and deeds, and delivers the notifications; `Actor` does the deeds.

    `publish` puts a picture where it can be seen from outside, for channels that show it by its address.
    """

    store: Store
    settings: Settings
    channels: Channels = field(default_factory=Channels)
    publish: Publish | None = None
    draw: Draw = draw_code

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
        writing = Writing(self.store, homes, now, self.draw)
        for firing in firings:
            proof = [records[key] for id in firing.evidence if (key := (firing.home, id)) in records]
            writing.add(firing, rules.get((firing.home, firing.rule)), proof, pictures.get(firing.id))
        return self.store.record_firings(writing.written, writing.deeds, now=now)

    def illustrate(self, firing: str, picture: Picture, *, now: int) -> int:
        """Add a picture that came after the words, and return how many notifications it goes to.

        What still waits takes it along; what was sent is replaced where the channel can, without a sound.
        """
        fired = self.store.firing(firing)
        thread = self.store.about(fired.occurrence) if fired is not None else []
        told = [each for each in thread if each.firing == firing and each.kind == TOLD]
        home = self.store.export_home(told[0].home) if told else None
        words = caption(picture, home) if home is not None else ""
        for each in told:
            self.store.illustrate(each.id, picture.path, words, picture.source or "")
        sent = [each for each in told if each.state == "sent"]
        self.store.add_notifications([_pictured(each, picture, words, now) for each in sent])
        return len(told)

    def notify_at(self) -> int | None:
        """Return the instant at which to call `deliver` next, or None."""
        return self.store.next_due()

    def deliver(self, now: int) -> list[tuple[Notification, Outcome]]:
        """Send every notification that is due, the oldest firing first, and return how each ended."""
        self.store.rebase(now)
        known: dict[str, plan.Circumstances] = {}
        ended: list[tuple[Notification, Outcome]] = []
        for bundle in bundled(self.store.due(now)):
            home = bundle[0].home
            if home not in known:
                known[home] = self._circumstances(home, now)
            ended += self._handle(bundle, known[home], now)
        return ended

    def _circumstances(self, home: str, now: int) -> plan.Circumstances:
        store = self.store
        return plan.Circumstances(
            store.export_home(home), store.preferences(home), store.snoozes(home, now), store.subscriptions(home)
        )

    def _handle(
        self, bundle: Sequence[Notification], about: plan.Circumstances, now: int
    ) -> list[tuple[Notification, Outcome]]:
        """Send of a bundle what is to be sent now; the rest waits, or is not worth telling any more."""
        chosen, ended = [], []
        for each in bundle:
            outcome = self._unsent(each, about, now)
            if outcome is None:
                chosen.append(each)
            else:
                self.store.settle(each, outcome, now=now)
                ended.append((each, outcome))
        return [*ended, *(self._attempt(chosen, about, now) if chosen else [])]

    def _unsent(self, each: Notification, about: plan.Circumstances, now: int) -> Outcome | None:
        """Return how a notification goes on that is not sent now, or None."""
        if reason := self._pointless(each, about, now):
            return Outcome(state="dropped", due_at=now, reason=reason)
        match plan.decide(each, about, now):
            case plan.Wait(until, reason):
                return Outcome(state="waiting", due_at=until, reason=reason, held=True)
            case plan.Skip(reason):
                return Outcome(state="snoozed", due_at=now, reason=reason)
            case plan.Send():
                return None

    def _pointless(self, each: Notification, about: plan.Circumstances, now: int) -> str | None:
        if each.kind == ASK:
            deed = self.store.deed(each.of)
            return None if deed is not None and deed.state == "asking" and now < deed.due_at else "it was answered"
        if each.kind == TOLD:
            return "told of this rule a short while ago" if self._is_cooling(each, about, now) else None
        ended = any(firing.verdict in OVER for firing in self.store.told_before(each.occurrence))
        return over(each, self.store.about(each.occurrence), ended=ended)

    def _is_cooling(self, each: Notification, about: plan.Circumstances, now: int) -> bool:
        length = plan.cooldown_for(each, about)
        if not length:
            return False
        # An alert may be of long ago and delivered just now, after quiet hours or a night without network.
        alerts = self.store.alerts(each.home, each.rule, each.person, now - length - happening.LONGEST)
        return any(other.sent_at is not None and now - length < other.sent_at <= now for other in alerts)

    def _attempt(
        self, chosen: Sequence[Notification], about: plan.Circumstances, now: int
    ) -> list[tuple[Notification, Outcome]]:
        begun = {attempt.notification: attempt for attempt in self.store.begin_attempts(chosen, now=now, lease=LEASE)}
        bundle = [each for each in chosen if each.id in begun]
        if not bundle:
            return []
        outcome = self._send(bundle, begun, about, now)
        rules = self.store.last_rules({(each.home, each.rule) for each in bundle})
        then = [
            later
            for each in bundle
            for later in following(each, outcome, each.attempts + 1, rules.get((each.home, each.rule)), about.home, now)
        ]
        self.store.end_attempts([(attempt, outcome) for attempt in begun.values()], now=now, then=then)
        _report(bundle, outcome)
        return [(each, outcome) for each in bundle]

    def _send(
        self, bundle: Sequence[Notification], begun: Mapping[str, Attempt], about: plan.Circumstances, now: int
    ) -> Outcome:
        first = bundle[0]
        person = plan.person_of(about.home, first.person)
        if person is None:
            return _failed(now, f"{first.person} is not a person of the home")
        composing = Composing(self.settings, self.store, about.home, person)
        message = composing.message(bundle, now, repeat=any(attempt.repeat for attempt in begun.values()))
        ways = routes(
            person, about.preferences, self.settings, self.channels, urgency=message.urgency, browsers=about.browsers
        )
        if not ways and first.kind != CLEAR:
            return _failed(now, f"{person.name or person.id} has no channel: nobody was told")
        sent = self._through(message, first, ways, now)
        if first.kind == CLEAR:
            return Outcome(state="dropped", due_at=now, reason=OFF, channels=sent.channels, error=sent.error)
        if sent:
            return Outcome(state="sent", due_at=now, channels=sent.channels, error=sent.error)
        return _unsent(first, sent, max(each.attempts for each in bundle) + 1, now)

    def _through(self, message: Message, first: Notification, ways: Sequence[Route], now: int) -> Sent:
        sender = Sender(self.channels, self.publish, lambda endpoint: self.store.lose(endpoint, at=now))
        told = self.store.told_through(first.occurrence, first.person) if first.occurrence else []
        if first.kind == CLEAR:
            return sender.clear(message, ways, told, but=answered_on(first))
        if first.kind == PICTURE:
            return sender.illustrate(message, ways, told)
        if told and replaces(first.kind, first.verdict):
            return sender.replace(message, ways, told)
        return sender.send(message, ways, everywhere=message.urgency == "critical")


def _pictured(told: Notification, picture: Picture, words: str, now: int) -> Notification:
    shown = replace(told, picture=picture.path, caption=words, camera=picture.source or "")
    fresh = replace(shown, occasion=PICTURE, state="waiting", attempts=0, sent_at=None)
    id = notification_id(told.firing, told.person, PICTURE)
    return replace(fresh, id=id, reason="", created_at=now, due_at=now, set_at=now, held=False)


def _unsent(first: Notification, sent: Sent, attempts: int, now: int) -> Outcome:
    """Return how an attempt ended that no channel took: another one later, or none."""
    if first.kind == PICTURE:
        return Outcome(state="dropped", due_at=now, reason="no channel could replace the words", error=sent.error)
    again = plan.again_at(attempts, now)
    if again is None:
        return _failed(now, f"given up after {attempts} attempts", sent.error)
    return Outcome(state="waiting", due_at=again, reason="earlier attempts failed", error=sent.error)


def _report(bundle: Sequence[Notification], outcome: Outcome) -> None:
    if outcome.error or outcome.state == "failed":
        level = logging.ERROR if outcome.state == "failed" else logging.WARNING
        for each in bundle:
            reason = "; ".join(filter(None, dict.fromkeys((outcome.reason, outcome.error))))
            log.log(level, "Notification %s to %s: %s", each.id, each.person, reason)


def _failed(now: int, reason: str, error: str = "") -> Outcome:
    return Outcome(state="failed", due_at=now, reason=reason, error=error or reason)
