"""What SQL has no common word for: insert, unless or although the row is there, or add to it. SQLite and PostgreSQL both can."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import inspect
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session, SQLModel

Row = Mapping[str, Any]


def insert_or_ignore(session: Session, table: type[SQLModel], rows: Sequence[Row]) -> int:
    """Insert the rows that break no key, leave the others as they are, and return how many were new."""
    if not rows:
        return 0
    # Rows are counted as they come back: not every driver says how many a statement of many rows inserted.
    insert = _insert(session, table).on_conflict_do_nothing().returning(*inspect(table).primary_key)
    return len(session.connection().execute(insert, list(map(dict, rows))).all())


def insert_or_replace(session: Session, table: type[SQLModel], rows: Sequence[Row]) -> None:
    """Insert the rows; where one with the same primary key is there, give it the new values."""
    if not rows:
        return
    insert = _insert(session, table)
    keys = [key.name for key in inspect(table).primary_key]
    changed = {name: insert.excluded[name] for name in rows[0] if name not in keys}
    upsert = insert.on_conflict_do_update(index_elements=keys, set_=changed)
    session.connection().execute(upsert, list(map(dict, rows)))


def insert_or_add(session: Session, table: type[SQLModel], row: Row) -> None:
    """Insert a row of sums; where one with the same primary key is there, add to each of its other columns."""
    insert = _insert(session, table)
    keys = [key.name for key in inspect(table).primary_key]
    added = {name: getattr(table, name) + insert.excluded[name] for name in row if name not in keys}
    session.connection().execute(insert.on_conflict_do_update(index_elements=keys, set_=added), dict(row))


def _insert(session: Session, table: type[SQLModel]) -> sqlite.Insert | postgresql.Insert:
    dialect = session.get_bind().dialect.name
    return postgresql.insert(table) if dialect == "postgresql" else sqlite.insert(table)
