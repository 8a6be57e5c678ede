"""What people told: facts, preferences, and what they do not want to hear of for a while."""

from __future__ import annotations

from dataclasses import dataclass

from sqlmodel import Session, select

from proactive.preference import check_preference
from proactive.store.sql import insert_or_replace
from proactive.store.tables import FactRow, PreferenceRow, SnoozeRow


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """Something a person told: `about` an entry of the home, under a `name` such as `bedtime`."""

    home: str
    about: str
    name: str
    value: str
    said: str
    who: str | None = None
    at: int


def tell(session: Session, fact: Fact) -> None:
    """Keep a fact; it takes the place of an earlier one about the same thing under the same name."""
    insert_or_replace(session, FactRow, [{name: getattr(fact, name) for name in FactRow.model_fields}])


def facts(session: Session, home: str) -> list[Fact]:
    """Return what was told in a home, in order of what it is about and its name."""
    query = select(FactRow).where(FactRow.home == home).order_by(FactRow.about, FactRow.name)
    return [Fact(**row.model_dump()) for row in session.exec(query)]


def forget(session: Session, home: str, about: str, name: str) -> bool:
    """Delete a fact and say whether it was there."""
    row = session.get(FactRow, (home, about, name))
    if row is not None:
        session.delete(row)
    return row is not None


def prefer(session: Session, home: str, person: str, name: str, value: str | None) -> None:
    """Keep a preference of a person, or of the home where `person` is empty; None deletes it. Raise InputError."""
    if value is not None:
        check_preference(name, value)
        row = {"home": home, "person": person, "name": name, "value": value}
        insert_or_replace(session, PreferenceRow, [row])
    elif (found := session.get(PreferenceRow, (home, person, name))) is not None:
        session.delete(found)


def preferences(session: Session, home: str) -> dict[tuple[str, str], str]:
    """Return a home's preferences by person (empty: the home) and name."""
    rows = session.exec(select(PreferenceRow).where(PreferenceRow.home == home))
    return {(row.person, row.name): row.value for row in rows}


def snooze(session: Session, home: str, rule: str, person: str, until: int) -> None:
    """Keep a rule quiet until an instant, for a person or, where `person` is empty, for all."""
    insert_or_replace(session, SnoozeRow, [{"home": home, "rule": rule, "person": person, "until": until}])


def snoozes(session: Session, home: str, now: int) -> dict[tuple[str, str], int]:
    """Return until when each rule is snoozed now, by rule and person (empty: all)."""
    rows = session.exec(select(SnoozeRow).where(SnoozeRow.home == home, SnoozeRow.until > now))
    return {(row.rule, row.person): row.until for row in rows}
