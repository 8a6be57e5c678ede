"""The outbox: firings and the notifications about them, written together before anything is sent.

An attempt is a row too, written before it is made. So a process that ends before sending leaves a notification that
waits, and one that ends between sending and saying so leaves an attempt without an end: the next attempt knows that
it may be a repeat.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict

from sqlalchemy import ColumnElement, Update, func, insert, update
from sqlmodel import Session, col, select

from proactive.notification import CLEAR, Attempt, Delivery, Notification, Outcome
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
    rows = [asdict(each) | {"set_at": each.set_at or each.created_at} for each in notifications]
    return insert_or_ignore(session, NotificationRow, rows)


def firing(session: Session, firing_id: str) -> Firing | None:
    """Return a firing by its id, or None."""
    row = session.get(FiringRow, firing_id)
    return None if row is None else as_firing(row)


def firings(session: Session, home: str, rule: str | None, since: int, until: int) -> list[Firing]:
    """Return a home's firings with `since <= time <= until`, of one rule or of all, in order of time."""
    query = select(FiringRow).where(FiringRow.home == home, FiringRow.time >= since, FiringRow.time <= until)
    if rule is not None:
        query = query.where(FiringRow.rule == rule)
    return [as_firing(row) for row in session.exec(query.order_by(col(FiringRow.time), FiringRow.id))]


def told_before(session: Session, occurrence: str) -> list[Firing]:
    """Return the firings about the same occurrence, in the order in which they were recorded."""
    query = select(FiringRow).where(FiringRow.occurrence == occurrence)
    return [as_firing(row) for row in session.exec(query.order_by(col(FiringRow.recorded_at), FiringRow.id))]


def due(session: Session, now: int, limit: int) -> list[Notification]:
    """Return the notifications to send by now, the oldest firing first."""
    query = select(NotificationRow).where(NotificationRow.state == "waiting", NotificationRow.due_at <= now)
    rows = session.exec(query.order_by(col(NotificationRow.time), NotificationRow.id).limit(limit))
    return [_notification(row) for row in rows]


def next_due(session: Session) -> int | None:
    """Return the earliest instant at which a notification is to be sent, or None."""
    return session.exec(select(func.min(NotificationRow.due_at)).where(NotificationRow.state == "waiting")).one()


def rebase(session: Session, now: int) -> int:
    """Move what waits along with a clock that was set back, and return how much was moved.

    What was set to come ten minutes later comes ten minutes from now, not ten minutes and the hour of the clock.
    """
    row = NotificationRow
    ahead = update(row).where(col(row.state) == "waiting", col(row.set_at) > now)
    return session.connection().execute(ahead.values(due_at=now + row.due_at - row.set_at, set_at=now)).rowcount


def notification(session: Session, id: str) -> Notification | None:
    """Return a notification by its id, or None."""
    row = session.get(NotificationRow, id)
    return None if row is None else _notification(row)


def ended(session: Session, occurrences: Collection[str]) -> set[str]:
    """Return those of some occurrences that are over: resolved, or taken back."""
    query = select(FiringRow.occurrence).where(
        col(FiringRow.occurrence).in_(occurrences), col(FiringRow.verdict).in_(("resolved", "corrected"))
    )
    return set(session.exec(query))


def about(session: Session, occurrence: str, person: str | None = None) -> list[Notification]:
    """Return what was to be told of an occurrence, to one person or to all, the first first."""
    query = select(NotificationRow).where(NotificationRow.occurrence == occurrence)
    if person is not None:
        query = query.where(NotificationRow.person == person)
    return [_notification(row) for row in session.exec(query.order_by(col(NotificationRow.time), NotificationRow.id))]


def alerts(session: Session, home: str, rule: str, person: str, since: int) -> list[Notification]:
    """Return the first words to a person about a rule's firings since an instant, the newest first."""
    row = NotificationRow
    query = select(row).where(row.home == home, row.rule == rule, row.person == person, row.time >= since)
    alert = query.where(row.occasion == "told", col(row.verdict).in_(("fired", "unknown")))
    return [_notification(found) for found in session.exec(alert.order_by(col(row.time).desc()))]


def told_through(session: Session, occurrence: str, person: str) -> list[str]:
    """Return the ids of the channels through which a person heard of an occurrence, the first first."""
    row = NotificationRow
    query = select(DeliveryRow.channels).join(row, col(row.id) == DeliveryRow.notification)
    told = session.exec(query.where(row.occurrence == occurrence, row.person == person, DeliveryRow.channels != ""))
    return list(dict.fromkeys(channel for channels in told for channel in channels.split(", ")))


def illustrate(session: Session, id: str, picture: str, caption: str, camera: str) -> None:
    """Give a notification a picture that came later."""
    same = update(NotificationRow).where(col(NotificationRow.id) == id)
    session.connection().execute(same.values(picture=picture, caption=caption, camera=camera))


def acknowledge(session: Session, occurrence: str, who: str | None, at: int) -> int:
    """Note that somebody has seen to an occurrence, and drop what still waits about it; return how many rows changed."""
    row, connection = NotificationRow, session.connection()
    same = update(row).where(col(row.occurrence) == occurrence)
    seen = same.where(col(row.acknowledged_at).is_(None))
    changed = connection.execute(seen.values(acknowledged_at=at, acknowledged_by=who)).rowcount
    later = same.where(col(row.state) == "waiting", col(row.occasion) != "told", ~_is_clearing())
    connection.execute(later.values(state="dropped", reason="somebody has seen to it"))
    return changed


def hush(session: Session, home: str, rule: str, person: str) -> None:
    """Stop what waits about a rule, for a person or, where `person` is empty, for all: a running episode too."""
    row = NotificationRow
    own_rule = (col(row.home) == home, col(row.rule) == rule)
    waiting = update(row).where(*own_rule, col(row.state) == "waiting", ~_is_clearing())
    own = waiting.where(col(row.person) == person) if person else waiting
    session.connection().execute(own.values(state="snoozed", reason="the rule is snoozed"))


def _is_clearing() -> ColumnElement[bool]:
    """Return what holds for rows that take something away: no answer stops them."""
    return col(NotificationRow.occasion).startswith(f"{CLEAR}.")


def notifications(session: Session, home: str, state: str | None, limit: int) -> list[Notification]:
    """Return a home's last notifications, the newest first; what only takes something away tells nobody anything."""
    query = select(NotificationRow).where(NotificationRow.home == home, ~_is_clearing())
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
    taken = _unchanged(notification).values(attempts=number, due_at=now + lease, set_at=now)
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
        .values(state=outcome.state, due_at=outcome.due_at, set_at=now, reason=outcome.reason, sent_at=sent)
    )
    connection.execute(
        update(DeliveryRow)
        .where(col(DeliveryRow.notification) == attempt.notification, col(DeliveryRow.attempt) == attempt.number)
        .values(ended_at=now, channels=", ".join(outcome.channels), error=outcome.error)
    )


def settle(session: Session, notification: Notification, outcome: Outcome, now: int) -> None:
    """Give a notification another state or time without an attempt; nothing where an attempt was begun meanwhile."""
    values = {"state": outcome.state, "due_at": outcome.due_at, "set_at": now, "reason": outcome.reason}
    held = {"held": True} if outcome.held else {}
    session.connection().execute(_unchanged(notification).values(values | held))


def _unchanged(notification: Notification) -> Update:
    """Return an update of the notification that changes nothing when another sender was faster."""
    same = (col(NotificationRow.state) == "waiting", col(NotificationRow.attempts) == notification.attempts)
    return update(NotificationRow).where(col(NotificationRow.id) == notification.id, *same)


def _notification(row: NotificationRow) -> Notification:
    return Notification(**row.model_dump())


def as_firing(row: FiringRow) -> Firing:
    """Return the firing of a row."""
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
