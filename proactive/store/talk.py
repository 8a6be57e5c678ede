"""Conversations as rows: the last turns with each person, kept short and only as long as somebody may refer to them."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import msgspec
from pydantic import TypeAdapter, ValidationError
from sqlmodel import Session, col, delete

from proactive.language.request import Turn
from proactive.store.sql import insert_or_replace
from proactive.store.tables import ConversationRow
from rules.units import HOUR

LONGEST = 40  # turns
KEPT = 24 * HOUR  # after that nobody means what was said then, and it is deleted

_turns = TypeAdapter(tuple[Turn, ...])


def put(session: Session, home: str, person: str, turns: Sequence[Turn], at: int) -> None:
    """Keep the last turns with a person in place of those before, and delete every conversation that is over."""
    over = delete(ConversationRow).where(col(ConversationRow.at) < at - KEPT)
    session.connection().execute(over)
    kept = msgspec.json.decode(_turns.dump_json(tuple(turns[-LONGEST:])))
    insert_or_replace(session, ConversationRow, [{"home": home, "person": person, "at": at, "turns": kept}])


def revise(
    session: Session, home: str, person: str, to: Callable[[tuple[Turn, ...]], Sequence[Turn]], at: int
) -> tuple[Turn, ...]:
    """Keep what `to` makes of the turns with a person, and return it."""
    turns = tuple(to(get(session, home, person, at - KEPT)))
    put(session, home, person, turns, at)
    return turns


def get(session: Session, home: str, person: str, since: int) -> tuple[Turn, ...]:
    """Return the last turns with a person; none where they are over, or of a form that is read no more."""
    row = session.get(ConversationRow, (home, person))
    if row is None or row.at < since:
        return ()
    try:
        return _turns.validate_python(row.turns)
    except ValidationError:
        return ()
