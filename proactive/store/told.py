"""What people told: facts, preferences, and what they do not want to hear of for a while."""

from __future__ import annotations

from sqlmodel import Session, col, delete, select

from proactive.language.fact import NEWCOMERS, Fact
from proactive.preference import check_preference
from proactive.store.sql import insert_or_replace
from proactive.store.tables import FactRow, PreferenceRow, SnoozeRow
from rules.units import instant, moment


def tell(session: Session, home: str, fact: Fact, at: int) -> None:
    """Keep a fact; it takes the place of an earlier one about the same thing under the same name.

    Another name names one thing only: told of something else, it is no name of the first any more.
    """
    if fact.kind == "alias":
        session.connection().execute(
            delete(FactRow).where(
                col(FactRow.home) == home, col(FactRow.kind) == "alias", col(FactRow.name) == fact.name
            )
        )
    row = {"home": home, "about": fact.about, "name": fact.name, "kind": fact.kind, "value": fact.value}
    until = None if fact.until is None else instant(fact.until)
    since = at if fact.since is None else instant(fact.since)
    insert_or_replace(
        session, FactRow, [{**row, "said": fact.said, "who": fact.by or None, "at": since, "until": until}]
    )


def facts(session: Session, home: str) -> list[Fact]:
    """Return what was told in a home, in order of what it is about and its name."""
    query = select(FactRow).where(FactRow.home == home).order_by(FactRow.about, FactRow.name)
    return [_fact(row) for row in session.exec(query)]


def newcomers(session: Session) -> dict[str, list[Fact]]:
    """Return the pets and people that were told of, by home."""
    found: dict[str, list[Fact]] = {}
    for row in session.exec(select(FactRow).where(col(FactRow.kind).in_(NEWCOMERS))):
        found.setdefault(row.home, []).append(_fact(row))
    return found


def _fact(row: FactRow) -> Fact:
    until = None if row.until is None else moment(row.until)
    return Fact(row.kind, row.about, row.name, row.value, row.said, row.who or "", until, moment(row.at))  # type: ignore[arg-type]  # as it was told


def forget(session: Session, home: str, about: str, name: str) -> Fact | None:
    """Delete a fact and return it; None where it was not there."""
    row = session.get(FactRow, (home, about, name))
    if row is None:
        return None
    session.delete(row)
    return _fact(row)


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
