"""Deeds in the store: each command is taken once, and nothing that was begun is begun again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict

from sqlalchemy import Update, func, update
from sqlmodel import Session, col, select

from proactive.deed import OPEN, Deed, DeedState
from proactive.store.sql import insert_or_ignore
from proactive.store.tables import DeedRow


def add(session: Session, deeds: Sequence[Deed]) -> int:
    """Keep deeds and return how many are new: a firing acts once, however often it is told."""
    return insert_or_ignore(session, DeedRow, [asdict(each) for each in deeds])


def get(session: Session, id: str) -> Deed | None:
    """Return a deed by its id, or None."""
    row = session.get(DeedRow, id)
    return None if row is None else _deed(row)


def by_code(session: Session, code: str) -> Deed | None:
    """Return the deed that a code answers, the newest where a code was drawn twice, or None."""
    query = select(DeedRow).where(DeedRow.code == code).order_by(col(DeedRow.created_at).desc())
    row = session.exec(query).first()
    return None if row is None else _deed(row)


def listed(session: Session, home: str, states: Sequence[DeedState], limit: int) -> list[Deed]:
    """Return a home's last deeds in some states, the newest first."""
    query = select(DeedRow).where(DeedRow.home == home, col(DeedRow.state).in_(states))
    return [_deed(row) for row in session.exec(query.order_by(col(DeedRow.time).desc(), DeedRow.id).limit(limit))]


def due(session: Session, now: int) -> list[Deed]:
    """Return the deeds to look at by now: to be sent, waited for in vain, or begun and never ended."""
    query = select(DeedRow).where(col(DeedRow.state).in_(OPEN), DeedRow.due_at <= now)
    return [_deed(row) for row in session.exec(query.order_by(col(DeedRow.time), col(DeedRow.position)))]


def next_due(session: Session) -> int | None:
    """Return the earliest instant at which a deed is to be looked at, or None."""
    return session.exec(select(func.min(DeedRow.due_at)).where(col(DeedRow.state).in_(OPEN))).one()


def rebase(session: Session, now: int) -> None:
    """Move what waits along with a clock that was set back."""
    ahead = update(DeedRow).where(col(DeedRow.state).in_(OPEN), col(DeedRow.set_at) > now)
    session.connection().execute(ahead.values(due_at=now + DeedRow.due_at - DeedRow.set_at, set_at=now))


def begin(session: Session, deed: Deed, now: int, lease: int) -> bool:
    """Take a deed for sending, and say whether it was still there to be taken."""
    taken = _unchanged(deed).values(state="sending", attempts=deed.attempts + 1, due_at=now + lease, set_at=now)
    return session.connection().execute(taken).rowcount == 1


def wait(session: Session, deed: Deed, now: int, until: int, reason: str) -> None:
    """Let a deed that was not taken by its device wait for another attempt."""
    again = _begun(deed).values(state="waiting", due_at=until, set_at=now, result=reason)
    session.connection().execute(again)


def end(session: Session, deed: Deed, state: DeedState, now: int, reason: str) -> bool:
    """Keep how a deed that was begun ended, and say whether it was open until now."""
    ended = _begun(deed).values(state=state, ended_at=now, result=reason)
    return session.connection().execute(ended).rowcount == 1


def answer(session: Session, deed: Deed, state: DeedState, by: str | None, now: int) -> bool:
    """Keep a person's yes (`waiting`: to be sent now) or no (`refused`), and say whether nobody answered before."""
    ended = now if state == "refused" else None
    given = {"state": state, "by": by, "answered_at": now, "ended_at": ended, "due_at": now, "set_at": now}
    return session.connection().execute(_unchanged(deed).values(given)).rowcount == 1


def _unchanged(deed: Deed) -> Update:
    same = (col(DeedRow.state) == deed.state, col(DeedRow.attempts) == deed.attempts)
    return update(DeedRow).where(col(DeedRow.id) == deed.id, *same)


def _begun(deed: Deed) -> Update:
    return update(DeedRow).where(col(DeedRow.id) == deed.id, col(DeedRow.state).in_(OPEN))


def _deed(row: DeedRow) -> Deed:
    return Deed(**row.model_dump())
