"""What all tables share: how their keys and indexes are named, and the kinds of their columns."""

from __future__ import annotations

from typing import Any

from sqlalchemy import JSON, BigInteger
from sqlmodel import Field, SQLModel

from proactive.store.sealed import Sealed

SQLModel.metadata.naming_convention = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}

Json = dict[str, Any]


def of_home(*, primary_key: bool = True) -> Any:
    """Return the column that names the home of a row, with which it is deleted."""
    return Field(foreign_key="home.id", ondelete="CASCADE", primary_key=primary_key)


def json(empty: type[list[Any] | dict[str, Any]] = list) -> Any:
    """Return a column of JSON."""
    return Field(default_factory=empty, sa_type=JSON)


def instant(default: Any = ...) -> Any:
    """Return a column of whole microseconds since the epoch, or of anything else that may grow as large."""
    return Field(default=default, sa_type=BigInteger)


def secret(default: Any = ...) -> Any:
    """Return a column of text that is sealed."""
    return Field(default=default, sa_type=Sealed)
