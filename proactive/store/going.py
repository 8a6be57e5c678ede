"""The part of the store that is about what goes out: threads of notifications, deeds, and browsers to push to."""

from __future__ import annotations

from collections.abc import Sequence

from sqlmodel import col, select

from proactive.deed import OPEN, Deed, DeedState
from proactive.notification import Notification
from proactive.store import deeds, outbox, standing
from proactive.store.database import Database
from proactive.store.sql import insert_or_replace
from proactive.store.standing import Standing
from proactive.store.tables import SubscriptionRow
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

    def illustrate(self, id: str, picture: str, caption: str) -> None:
        """Give a notification a picture that came later."""
        with self.database.writing() as session:
            outbox.illustrate(session, id, picture, caption)

    def acknowledge(self, occurrence: str, who: str | None, *, at: int) -> int:
        """Note that somebody has seen to an occurrence and drop what waits about it; return how many rows changed."""
        with self.database.writing() as session:
            return outbox.acknowledge(session, occurrence, who, at)

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

    def answer_deed(self, deed: Deed, state: DeedState, *, by: str | None, now: int) -> bool:
        """Keep a person's yes (`waiting`) or no (`refused`), and say whether nobody answered before."""
        with self.database.writing() as session:
            return deeds.answer(session, deed, state, by, now)

    def standing(self, now: int, home: str | None = None) -> Standing:
        """Return how telling and acting stand at an instant, in a home or in all."""
        with self.database.reading() as session:
            return standing.standing(session, now, home)

    # --- browsers ---

    def subscribe(self, home: str, subscription: Subscription) -> None:
        """Keep a browser that a person lets push to; the same one again takes its own place."""
        with self.database.writing() as session:
            insert_or_replace(session, SubscriptionRow, [{"home": home, **subscription.as_row()}])

    def unsubscribe(self, endpoint: str) -> bool:
        """Delete a browser, and say whether it was there."""
        with self.database.writing() as session:
            row = session.get(SubscriptionRow, endpoint)
            if row is not None:
                session.delete(row)
            return row is not None

    def subscriptions(self, home: str) -> list[Subscription]:
        """Return a home's browsers, the oldest first."""
        with self.database.reading() as session:
            query = select(SubscriptionRow).where(SubscriptionRow.home == home)
            rows = session.exec(query.order_by(col(SubscriptionRow.created_at), SubscriptionRow.endpoint))
            return [Subscription(**row.model_dump(exclude={"home"})) for row in rows]
