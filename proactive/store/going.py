"""The part of the store that is about what goes out: threads of notifications, deeds, and browsers to push to."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import ColumnElement
from sqlmodel import Session, col, delete, select

from proactive.deed import OPEN, Deed, DeedState
from proactive.notification import Notification
from proactive.store import deeds, outbox, standing
from proactive.store.database import Database
from proactive.store.sql import insert_or_ignore, insert_or_replace
from proactive.store.standing import Standing
from proactive.store.tables import FalseAlarmRow, SubscriptionRow, UsedTicketRow
from proactive.subscription import Subscription


class Going:
    """Methods of the store, each one transaction."""

    database: Database

    # --- threads ---

    def rebase(self, now: int) -> None:
        """Move what waits along with a clock that was set back."""
        with self.database.writing() as session:
            outbox.rebase(session, now)
            deeds.rebase(session, now)

    def notification(self, id: str) -> Notification | None:
        """Return a notification by its id, or None."""
        with self.database.reading() as session:
            return outbox.notification(session, id)

    def add_notifications(self, notifications: Sequence[Notification]) -> int:
        """Keep notifications about firings that are kept, and return how many are new."""
        with self.database.writing() as session:
            return outbox.add_notifications(session, notifications)

    def about(self, occurrence: str, person: str | None = None) -> list[Notification]:
        """Return what was to be told of an occurrence, to one person or to all, the first first."""
        with self.database.reading() as session:
            return outbox.about(session, occurrence, person)

    def alerts(self, home: str, rule: str, person: str, since: int) -> list[Notification]:
        """Return the first words to a person about a rule's firings since an instant, the newest first."""
        with self.database.reading() as session:
            return outbox.alerts(session, home, rule, person, since)

    def told_through(self, occurrence: str, person: str) -> list[str]:
        """Return the ids of the channels through which a person heard of an occurrence, the first first."""
        with self.database.reading() as session:
            return outbox.told_through(session, occurrence, person)

    def illustrate(self, id: str, picture: str, caption: str, camera: str = "") -> None:
        """Give a notification a picture that came later."""
        with self.database.writing() as session:
            outbox.illustrate(session, id, picture, caption, camera)

    def acknowledge(self, occurrence: str, who: str | None, *, at: int, then: Sequence[Notification] = ()) -> int:
        """Note that somebody has seen to an occurrence and drop what waits about it; return how many rows changed.

        `then` is what is told because of that; nothing where somebody had seen to it before.
        """
        with self.database.writing() as session:
            return _acknowledge(session, occurrence, who, at, then)

    # --- deeds ---

    def deed(self, id: str) -> Deed | None:
        """Return a deed by its id, or None."""
        with self.database.reading() as session:
            return deeds.get(session, id)

    def deed_of_code(self, code: str) -> Deed | None:
        """Return the deed that a code answers, or None."""
        with self.database.reading() as session:
            return deeds.by_code(session, code)

    def deeds(self, home: str, states: Sequence[DeedState] = OPEN, limit: int = 100) -> list[Deed]:
        """Return a home's last deeds in some states (default: what is still to happen), the newest first."""
        with self.database.reading() as session:
            return deeds.listed(session, home, states, limit)

    def due_deeds(self, now: int) -> list[Deed]:
        """Return the deeds to look at by now, in order of time."""
        with self.database.reading() as session:
            return deeds.due(session, now)

    def next_deed(self) -> int | None:
        """Return the earliest instant at which a deed is to be looked at, or None."""
        with self.database.reading() as session:
            return deeds.next_due(session)

    def begin_deed(self, deed: Deed, *, now: int, lease: int) -> bool:
        """Take a deed for sending, and say whether it was still there to be taken."""
        with self.database.writing() as session:
            return deeds.begin(session, deed, now, lease)

    def wait_deed(self, deed: Deed, *, now: int, until: int, reason: str) -> None:
        """Let a deed that its device did not take wait for another attempt."""
        with self.database.writing() as session:
            deeds.wait(session, deed, now, until, reason)

    def end_deed(
        self, deed: Deed, state: DeedState, *, now: int, reason: str = "", then: Sequence[Notification] = ()
    ) -> bool:
        """Keep how a deed ended, with what is to be told because of that, and say whether it was open until now."""
        with self.database.writing() as session:
            if not deeds.end(session, deed, state, now, reason):
                return False
            outbox.add_notifications(session, then)
            return True

    def answer_deed(
        self, deed: Deed, state: DeedState, *, by: str | None, now: int, then: Sequence[Notification] = ()
    ) -> bool:
        """Keep a person's yes (`waiting`) or no (`refused`), and say whether nobody answered before.

        `then` is what is told because of that; nothing where somebody had answered.
        """
        with self.database.writing() as session:
            answered = deeds.answer(session, deed, state, by, now)
            if answered:
                outbox.add_notifications(session, then)
            return answered

    def standing(self, now: int, home: str | None = None) -> Standing:
        """Return how telling and acting stand at an instant, in a home or in all."""
        with self.database.reading() as session:
            return standing.standing(session, now, home)

    # --- what people answer ---

    def use_ticket(self, home: str, id: str, *, now: int, expires_at: int) -> bool:
        """Use a ticket up, and say whether it was unused until now; forget those that have expired."""
        with self.database.writing() as session:
            session.exec(delete(UsedTicketRow).where(col(UsedTicketRow.expires_at) <= now))
            return insert_or_ignore(session, UsedTicketRow, [{"id": id, "home": home, "expires_at": expires_at}]) == 1

    def say_false(
        self, home: str, occurrence: str, person: str, reason: str, *, at: int, then: Sequence[Notification] = ()
    ) -> None:
        """Keep that a person calls an occurrence a false alarm, and why as far as they said; the latest word stands.

        So they have seen to it (`acknowledge`, `then` as there).
        """
        row = {"home": home, "occurrence": occurrence, "person": person, "reason": reason, "at": at}
        with self.database.writing() as session:
            insert_or_replace(session, FalseAlarmRow, [row])
            _acknowledge(session, occurrence, person, at, then)

    def false_alarms(self, home: str, occurrence: str) -> dict[str, str]:
        """Return who called an occurrence a false alarm, each with the reason (empty: not said yet), the first first."""
        with self.database.reading() as session:
            query = select(FalseAlarmRow).where(FalseAlarmRow.home == home, FalseAlarmRow.occurrence == occurrence)
            return {row.person: row.reason for row in session.exec(query.order_by(col(FalseAlarmRow.at)))}

    # --- browsers ---

    def subscribe(self, home: str, subscription: Subscription) -> None:
        """Keep a browser that a person lets push to; the same one again takes its own place."""
        with self.database.writing() as session:
            insert_or_replace(session, SubscriptionRow, [{"home": home, **subscription.as_row()}])

    def unsubscribe(self, endpoint: str) -> bool:
        """Delete a browser, and say whether it was there."""
        with self.database.writing() as session:
            return _delete_browsers(session, col(SubscriptionRow.endpoint) == endpoint) == 1

    def lose(self, endpoint: str, *, at: int) -> bool:
        """Note that a browser can be pushed to no more, so that its person can be told; say whether it could until now."""
        with self.database.writing() as session:
            row = session.get(SubscriptionRow, endpoint)
            if row is None or row.lost_at is not None:
                return False
            row.lost_at = at
            return True

    def subscription(self, endpoint: str) -> tuple[str, Subscription] | None:
        """Return a browser with its home, also one that was lost; None where it is not known."""
        with self.database.reading() as session:
            row = session.get(SubscriptionRow, endpoint)
            return None if row is None else (row.home, _subscription(row))

    def subscriptions(self, home: str) -> list[Subscription]:
        """Return a home's browsers that can be pushed to, the oldest first."""
        return [each for each in self.browsers(home) if each.lost_at is None]

    def browsers(self, home: str, person: str | None = None) -> list[Subscription]:
        """Return the browsers of a home or of one person, those that were lost among them, the oldest first."""
        with self.database.reading() as session:
            query = select(SubscriptionRow).where(SubscriptionRow.home == home)
            own = query if person is None else query.where(SubscriptionRow.person == person)
            rows = session.exec(own.order_by(col(SubscriptionRow.created_at), SubscriptionRow.endpoint))
            return list(map(_subscription, rows))


def _acknowledge(session: Session, occurrence: str, who: str | None, at: int, then: Sequence[Notification]) -> int:
    changed = outbox.acknowledge(session, occurrence, who, at)
    if changed:
        outbox.add_notifications(session, then)
    return changed


def _subscription(row: SubscriptionRow) -> Subscription:
    return Subscription(**row.model_dump(exclude={"home"}))


def _delete_browsers(session: Session, *which: ColumnElement[bool]) -> int:
    return int(session.exec(delete(SubscriptionRow).where(*which)).rowcount)
