"""How the outbox stands, counted from its rows: nothing is kept in memory, so a restart loses no figure."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from sqlalchemy import func
from sqlmodel import Session, col, select

from proactive.store.tables import DeedRow, DeliveryRow, NotificationRow


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """How many notifications and deeds are in each state, how attempts ended, and how long the oldest waits.

    `channels` says how many attempts each channel delivered; `oldest` is the instant (microseconds) since which the oldest notification that is due waits to be told; what is held
    for quiet hours, or is a reminder of later, does not count. `failure` is what went wrong last with one that waits.
    """

    notifications: dict[str, int]
    deeds: dict[str, int]
    attempts: dict[str, int]
    channels: dict[str, int]
    oldest: int | None
    failure: str


def standing(session: Session, now: int, home: str | None = None) -> Standing:
    """Return how the outbox of a home, or of all, stands at an instant."""
    return Standing(
        notifications=_by_state(session, NotificationRow, home),
        deeds=_by_state(session, DeedRow, home),
        attempts=_attempts(session, home),
        channels=_channels(session, home),
        oldest=_oldest(session, now, home),
        failure=_failure(session, home),
    )


def _by_state(session: Session, row: type[NotificationRow | DeedRow], home: str | None) -> dict[str, int]:
    query = select(row.state, func.count()).group_by(row.state)
    return dict(session.exec(query if home is None else query.where(row.home == home)).all())


def _attempts(session: Session, home: str | None) -> dict[str, int]:
    unended, delivered = col(DeliveryRow.ended_at).is_(None), col(DeliveryRow.channels) != ""
    query = select(unended, delivered, func.count()).select_from(DeliveryRow)
    query = query.join(NotificationRow, col(NotificationRow.id) == DeliveryRow.notification)
    own = query if home is None else query.where(NotificationRow.home == home)
    found = {"delivered": 0, "failed": 0, "unended": 0}
    for open_, told, count in session.exec(own.group_by(unended, delivered)):
        found["unended" if open_ else "delivered" if told else "failed"] += count
    return found


def _channels(session: Session, home: str | None) -> dict[str, int]:
    query = select(DeliveryRow.channels, func.count()).where(DeliveryRow.channels != "")
    query = query.join(NotificationRow, col(NotificationRow.id) == DeliveryRow.notification)
    own = query if home is None else query.where(NotificationRow.home == home)
    found: Counter[str] = Counter()
    for channels, count in session.exec(own.group_by(DeliveryRow.channels)):
        found.update(dict.fromkeys(channels.split(", "), count))
    return dict(found)


def _oldest(session: Session, now: int, home: str | None) -> int | None:
    row = NotificationRow
    waiting = select(func.min(row.created_at)).where(row.state == "waiting")
    # One that was tried waits for another attempt; one that was not is late only when its time has come.
    late = waiting.where((col(row.attempts) > 0) | ((col(row.due_at) <= now) & ~col(row.held)))
    return session.exec(late if home is None else late.where(row.home == home)).one()


def _failure(session: Session, home: str | None) -> str:
    row = NotificationRow
    query = select(DeliveryRow.error).join(row, col(row.id) == DeliveryRow.notification)
    failing = query.where(row.state == "waiting", DeliveryRow.error != "").order_by(col(DeliveryRow.started_at).desc())
    return session.exec(failing if home is None else failing.where(row.home == home)).first() or ""
