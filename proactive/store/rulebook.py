"""Rules as rows: every version that ever stood, who made it, when, and in which words."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import ColumnElement, and_
from sqlmodel import Session, col, select

from proactive.store.tables import RuleRow, RuleVersionRow
from rules.problem import InputError, Problem, nearest
from rules.rule import Rule, parse_rule


@dataclass(frozen=True, slots=True)
class Version:
    """One version of a rule: who made it, when (microseconds since the epoch), and the words that were said."""

    rule: Rule
    who: str | None
    at: int
    said: str | None


def put(session: Session, rule: Rule, who: str | None, at: int) -> Rule:
    """Keep a rule as its next version and return it with that version's number.

    A rule that says what already stands is no new version: it is returned as it stands.
    """
    row = session.get(RuleRow, (rule.home, rule.id))
    if row is None:
        row = RuleRow(home=rule.home, id=rule.id, version=0)
    elif row.dropped_at is None and (standing := _standing(session, row)) == _numbered(rule, row.version):
        return standing
    row.version, row.dropped_at, row.dropped_by = row.version + 1, None, None
    numbered = _numbered(rule, row.version)
    session.add(row)
    session.flush()
    session.add(_version_row(numbered, who, at))
    return numbered


def put_anew(session: Session, rule: Rule, who: str | None, at: int) -> Rule:
    """Keep a new rule under an id that no other rule has or had: `daisy-fed`, else `daisy-fed-2`, and so on.

    A rule that decides the same as one before keeps its id and becomes its next version.
    """
    number, name = 1, rule.id
    while (other := last(session, rule.home, name)) is not None and not _decides_the_same(other, rule):
        number += 1
        name = f"{rule.id}-{number}"
    return put(session, rule.model_copy(update={"id": name}), who, at)


def _decides_the_same(one: Rule, other: Rule) -> bool:
    return (one.when, one.guards, one.do, one.owner) == (other.when, other.guards, other.do, other.owner)


def get(session: Session, home: str, rule: str) -> Rule:
    """Return the rule that stands. Raise InputError, naming the nearest, where there is none."""
    return _standing(session, _row(session, home, rule))


def listed(session: Session, home: str | None = None) -> list[Rule]:
    """Return the rules that stand, of one home or of all, in order of home and id."""
    query = (
        select(RuleVersionRow)
        .join(RuleRow, _is_standing_version())
        .where(col(RuleRow.dropped_at).is_(None))
        .order_by(RuleRow.home, RuleRow.id)
    )
    if home is not None:
        query = query.where(RuleRow.home == home)
    return [parse_rule(row.body) for row in session.exec(query)]


def versions(session: Session, home: str, rule: str) -> list[Version]:
    """Return every version of a rule, the first first; empty where there never was one."""
    query = select(RuleVersionRow).where(RuleVersionRow.home == home, RuleVersionRow.rule == rule)
    rows = session.exec(query.order_by(col(RuleVersionRow.version)))
    return [Version(parse_rule(row.body), row.who, row.at, row.said) for row in rows]


def then(session: Session, home: str, rule: str, at: int) -> Rule | None:
    """Return the version of a rule that stood at an instant, the first where there was none yet; None where there never was one."""
    query = select(RuleVersionRow).where(RuleVersionRow.home == home, RuleVersionRow.rule == rule)
    number = col(RuleVersionRow.version)
    stood = session.exec(query.where(col(RuleVersionRow.at) <= at).order_by(number.desc()).limit(1)).first()
    row = stood or session.exec(query.order_by(number).limit(1)).first()
    return None if row is None else parse_rule(row.body)


def last(session: Session, home: str, rule: str) -> Rule | None:
    """Return a rule's last version, even of one that was dropped: a rule that fires once is gone when it is told."""
    row = session.get(RuleRow, (home, rule))
    return None if row is None else _standing(session, row)


def version(session: Session, home: str, rule: str) -> int | None:
    """Return the number of a rule's last version, or None where there never was one."""
    row = session.get(RuleRow, (home, rule))
    return None if row is None else row.version


def switch(session: Session, home: str, rule: str, *, enabled: bool, who: str | None, at: int) -> Rule:
    """Pause or resume a rule, as a version of its own, and return it. Raise InputError where there is none."""
    standing = get(session, home, rule)
    return put(session, standing.model_copy(update={"enabled": enabled}), who, at)


def drop(session: Session, home: str, rule: str, who: str | None, at: int) -> Rule:
    """Drop a rule and return it as it stood; its versions stay. Raise InputError where there is none."""
    row = _row(session, home, rule)
    row.dropped_at, row.dropped_by = at, who
    session.add(row)
    return _standing(session, row)


def _row(session: Session, home: str, rule: str) -> RuleRow:
    row = session.get(RuleRow, (home, rule))
    if row is not None and row.dropped_at is None:
        return row
    known = [known.id for known in listed(session, home)]
    hint = nearest(rule, known) or (f"It has {', '.join(known[:10])}." if known else "It has no rules.")
    raise InputError([Problem("unknown_rule", rule, f"home {home!r} has no such rule.", hint)])


def _standing(session: Session, row: RuleRow) -> Rule:
    version = session.get_one(RuleVersionRow, (row.home, row.id, row.version))
    return parse_rule(version.body)


def _is_standing_version() -> ColumnElement[bool]:
    own = and_(col(RuleVersionRow.home) == RuleRow.home, col(RuleVersionRow.rule) == RuleRow.id)
    return and_(own, col(RuleVersionRow.version) == RuleRow.version)


def _numbered(rule: Rule, version: int) -> Rule:
    return rule.model_copy(update={"version": version})


def _version_row(rule: Rule, who: str | None, at: int) -> RuleVersionRow:
    return RuleVersionRow(
        home=rule.home, rule=rule.id, version=rule.version, who=who, at=at, said=rule.said, body=rule.as_json()
    )
