"""The tables of rules and of what fired."""

from __future__ import annotations

from sqlalchemy import ForeignKeyConstraint, Index
from sqlmodel import Field, SQLModel

from proactive.store.tables.column import Json, instant, json, of_home


class RuleRow(SQLModel, table=True):
    """A rule of a home: which version stands, and whether it was dropped."""

    __tablename__ = "rule"

    home: str = of_home()
    id: str = Field(primary_key=True)
    version: int
    dropped_at: int | None = instant(None)
    dropped_by: str | None = None


class RuleVersionRow(SQLModel, table=True):
    """One version of a rule: its JSON, who made it, when, and in which words."""

    __tablename__ = "rule_version"
    __table_args__ = (ForeignKeyConstraint(["home", "rule"], ["rule.home", "rule.id"], ondelete="CASCADE"),)

    home: str = Field(primary_key=True)
    rule: str = Field(primary_key=True)
    version: int = Field(primary_key=True)
    who: str | None = None
    at: int = instant()
    said: str | None = None
    body: Json = json(dict)


class FiringRow(SQLModel, table=True):
    """A firing, with the version of the rule that stood when it was recorded."""

    __tablename__ = "firing"
    __table_args__ = (
        Index(None, "home", "rule", "time"),
        Index("ix_firing_home_time", "home", "time", "id"),
        Index(None, "occurrence"),
    )

    id: str = Field(primary_key=True)
    home: str = of_home(primary_key=False)
    rule: str
    version: int | None = None
    occurrence: str
    verdict: str
    time: int = instant()
    recorded_at: int = instant()
    body: Json = json(dict)
