"""What was told, read backwards a page at a time: firings, and what each person got of them."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import tuple_
from sqlmodel import Session, col, select

from proactive.notification import Notification
from proactive.store.tables import DeliveryRow, FiringRow, NotificationRow

Place = tuple[int, str]  # in the order of (time, id)


def firings_back(
    session: Session, home: str, before: Place, since: int, limit: int, rules: Collection[str] | None
) -> list[FiringRow]:
    """Return a home's firings before a place, the newest first, of some rules or of all (None)."""
    row = FiringRow
    query = select(row).where(row.home == home, col(row.time) >= since, col(row.time) <= before[0])
    query = query.where(tuple_(col(row.time), col(row.id)) < before)
    if rules is not None:
        query = query.where(col(row.rule).in_(rules))
    return list(session.exec(query.order_by(col(row.time).desc(), col(row.id).desc()).limit(limit)))


def told_of(session: Session, firings: Collection[str]) -> list[tuple[Notification, str]]:
    """Return what people got of some firings, in order, each with the channels that took it."""
    row = NotificationRow
    found = list(session.exec(select(row).where(col(row.firing).in_(firings)).order_by(col(row.created_at), row.id)))
    took = select(DeliveryRow).where(
        col(DeliveryRow.notification).in_([each.id for each in found]), DeliveryRow.channels != ""
    )
    channels = {each.notification: each.channels for each in session.exec(took.order_by(col(DeliveryRow.attempt)))}
    return [(Notification(**each.model_dump()), channels.get(each.id, "")) for each in found]
