"""What language models used, summed as it comes: a row a day, model and role."""

from __future__ import annotations

from dataclasses import asdict

from sqlmodel import Session, select

from proactive.store.sql import insert_or_add
from proactive.store.tables import UsageRow
from proactive.usage import Spent


def add(session: Session, spent: Spent) -> None:
    """Add to the sums of a day, model and role."""
    insert_or_add(session, UsageRow, asdict(spent))


def listed(session: Session, since: str) -> list[Spent]:
    """Return the sums from a day on, in order of day, model and role."""
    query = select(UsageRow).where(UsageRow.day >= since).order_by(UsageRow.day, UsageRow.model, UsageRow.role)
    return [Spent(**row.model_dump()) for row in session.exec(query)]
