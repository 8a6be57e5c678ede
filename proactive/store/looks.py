"""What photos taught of how a home's animals look: numbers, not the photos themselves."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict

from sqlmodel import Session, col, delete, select

from proactive.store.sql import insert_or_replace
from proactive.store.tables import LookRow
from proactive.taught import TaughtLook


def teach(session: Session, home: str, looks: Sequence[TaughtLook], at: int) -> None:
    """Keep what photos taught; of one photo and animal the last telling stands."""
    insert_or_replace(session, LookRow, [{**asdict(look), "home": home, "at": at} for look in looks])


def taught(session: Session, home: str) -> list[TaughtLook]:
    """Return what photos taught in a home, in order of whom they show and when they were given."""
    order = (col(LookRow.about), col(LookRow.at), col(LookRow.photo))
    rows = session.exec(select(LookRow).where(LookRow.home == home).order_by(*order))
    return [TaughtLook(row.about, row.photo, row.name, row.body) for row in rows]


def mark(session: Session, home: str) -> frozenset[tuple[str, str, int]]:
    """Return whom which photo shows and when it was given: what changes whenever `taught` does, and is quick to read."""
    rows = session.exec(select(LookRow.about, LookRow.photo, LookRow.at).where(LookRow.home == home))
    return frozenset((about, photo, at) for about, photo, at in rows)


def unteach(session: Session, home: str, about: str, photo: str | None = None) -> int:
    """Delete what one photo taught of one animal, or all of them did, and return how many photos that were."""
    chosen = [col(LookRow.home) == home, col(LookRow.about) == about]
    chosen += [] if photo is None else [col(LookRow.photo) == photo]
    return session.connection().execute(delete(LookRow).where(*chosen)).rowcount
