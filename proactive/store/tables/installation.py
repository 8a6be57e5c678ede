"""The tables of the installation: what models used, counts, and API tokens."""

from __future__ import annotations

from sqlalchemy import UniqueConstraint
from sqlmodel import Field, SQLModel

from proactive.store.tables.column import instant, json


class UsageRow(SQLModel, table=True):
    """What a language model used on a day (UTC) in a role: sums, as `proactive.usage.Spent` says."""

    __tablename__ = "usage"

    day: str = Field(primary_key=True)
    model: str = Field(primary_key=True)
    role: str = Field(primary_key=True)
    calls: int = instant()
    failures: int = instant()
    tokens_in: int = instant()
    cached: int = instant()
    tokens_out: int = instant()
    unpriced: int = instant()
    took_ms: float
    cost: float


class TallyRow(SQLModel, table=True):
    """How often something was changed since the store was made, by whichever process."""

    __tablename__ = "tally"

    name: str = Field(primary_key=True)
    count: int = instant()


class TokenRow(SQLModel, table=True):
    """An API token, for one home or (null) for every one; `digest` is a hash of its secret, which is not kept."""

    __tablename__ = "token"
    __table_args__ = (UniqueConstraint("name"),)

    id: str = Field(primary_key=True)
    name: str
    digest: str
    scopes: list[str] = json()
    created_at: int = instant()
    home: str | None = Field(default=None, foreign_key="home.id", ondelete="CASCADE")
