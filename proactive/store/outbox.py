"""The outbox: firings and the notifications about them, written together before anything is sent.

An attempt is a row too, written before it is made. So a process that ends before sending leaves a notification that
waits, and one that ends between sending and saying so leaves an attempt without an end: the next attempt knows that
it may be a repeat.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict

from sqlalchemy import Update, func, insert, update
from sqlmodel import Session, col, select

from proactive.notification import Attempt, Delivery, Notification, Outcome
from proactive.store.sql import insert_or_ignore
from proactive.store.tables import DeliveryRow, FiringRow, NotificationRow
from rules.firing import Firing


def add_firings(
    session: Session, firings: Sequence[Firing], versions: Mapping[tuple[str, str], int | None], now: int
) -> int:
    """Keep firings with the versions of their rules, and return how many are new: a repeat changes nothing."""
    rows = [
        {
            "id": firing.id,
            "home": firing.home,
            "rule": firing.rule,
            "version": versions[firing.home, firing.rule],
            "occurrence": firing.occurrence,
            "verdict": firing.verdict,
            "time": firing.time,
            "recorded_at": now,
            "body": firing.as_json(),
        }
        for firing in firings
    ]
    return insert_or_ignore(session, FiringRow, rows)


def add_notifications(session: Session, notifications: Sequence[Notification]) -> int:
    """Keep notifications and return how many are new: a person is told of a firing once on each occasion."""
    return insert_or_ignore(session, NotificationRow, [asdict(each) for each in notifications])


def firing(session: Session, firing_id: str) -> Firing | None:
    """Return a firing by its id, or None."""
    row = session.get(FiringRow, firing_id)
    return None if row is None else _firing(row)


def firings(session: Session, home: str, rule: str | None, since: int, until: int) -> list[Firing]:
    """Return a home's firings with `since <= time <= until`, of one rule or of all, in order of time."""
    query = select(FiringRow).where(FiringRow.home == home, FiringRow.time >= since, FiringRow.time <= until)
    if rule is not None:
        query = query.where(FiringRow.rule == rule)
    return [_firing(row) for row in session.exec(query.order_by(col(FiringRow.time), FiringRow.id))]


def told_before(session: Session, occurrence: str) -> list[Firing]:
    """Return the firings about the same occurrence, in the order in which they were recorded."""
    query = select(FiringRow).where(FiringRow.occurrence == occurrence)
    return [_firing(row) for row in session.exec(query.order_by(col(FiringRow.recorded_at), FiringRow.id))]


def due(session: Session, now: int, limit: int) -> list[Notification]:
    """Return the notifications to send by now, the oldest firing first."""
    query = select(NotificationRow).where(NotificationRow.state == "waiting", NotificationRow.due_at <= now)
    rows = session.exec(query.order_by(col(NotificationRow.time), NotificationRow.id).limit(limit))
    return [_notification(row) for row in rows]


def next_due(session: Session) -> int | None:
    """Return the earliest instant at which a notification is to be sent, or None."""
    return session.exec(select(func.min(NotificationRow.due_at)).where(NotificationRow.state == "waiting")).one()


def notifications(session: Session, home: str, state: str | None, limit: int) -> list[Notification]:
    """Return a home's last notifications, the newest first."""
    query = select(NotificationRow).where(NotificationRow.home == home)
    if state is not None:
        query = query.where(NotificationRow.state == state)
    rows = session.exec(query.order_by(col(NotificationRow.time).desc(), NotificationRow.id).limit(limit))
    return [_notification(row) for row in rows]


def deliveries(session: Session, notification: str) -> list[Delivery]:
    """Return the attempts at a notification, the first first."""
    query = select(DeliveryRow).where(DeliveryRow.notification == notification)
    return [Delivery(**row.model_dump()) for row in session.exec(query.order_by(col(DeliveryRow.attempt)))]


def begin(session: Session, notification: Notification, now: int, lease: int) -> Attempt | None:
    """Take a notification for one attempt, and return it; None when somebody else has taken it.

    Nobody else sends it during the lease (microseconds); if this process ends, the next attempt comes after it.
    """
    number = notification.attempts + 1
    taken = _unchanged(notification).values(attempts=number, due_at=now + lease)
    connection = session.connection()
    if connection.execute(taken).rowcount != 1:
        return None
    unended = select(DeliveryRow.attempt).where(
        DeliveryRow.notification == notification.id, col(DeliveryRow.ended_at).is_(None)
    )
    repeat = connection.execute(unended).first() is not None
    connection.execute(insert(DeliveryRow).values(notification=notification.id, attempt=number, started_at=now))
    return Attempt(notification=notification.id, number=number, repeat=repeat)


def end(session: Session, attempt: Attempt, now: int, outcome: Outcome) -> None:
    """Keep how an attempt ended."""
    connection, sent = session.connection(), now if outcome.state == "sent" else None
    connection.execute(
        update(NotificationRow)
        .where(col(NotificationRow.id) == attempt.notification)
        .values(state=outcome.state, due_at=outcome.due_at, reason=outcome.reason, sent_at=sent)
    )
    connection.execute(
        update(DeliveryRow)
        .where(col(DeliveryRow.notification) == attempt.notification, col(DeliveryRow.attempt) == attempt.number)
        .values(ended_at=now, channels=", ".join(outcome.channels), error=outcome.error)
    )


def settle(session: Session, notification: Notification, outcome: Outcome) -> None:
    """Give a notification another state or time without an attempt; nothing where an attempt was begun meanwhile."""
    values = {"state": outcome.state, "due_at": outcome.due_at, "reason": outcome.reason}
    session.connection().execute(_unchanged(notification).values(values))


def _unchanged(notification: Notification) -> Update:
    """Return an update of the notification that changes nothing when another sender was faster."""
    same = (col(NotificationRow.state) == "waiting", col(NotificationRow.attempts) == notification.attempts)
    return update(NotificationRow).where(col(NotificationRow.id) == notification.id, *same)


def _notification(row: NotificationRow) -> Notification:
    return Notification(**row.model_dump())


def _firing(row: FiringRow) -> Firing:
    body = row.body
    return Firing(
        id=row.id,
        occurrence=row.occurrence,
        rule=row.rule,
        home=row.home,
        time=row.time,
        verdict=body["verdict"],
        evidence=tuple(body["evidence"]),
        pattern=body.get("pattern"),
        coverage=body["coverage"],
    )
