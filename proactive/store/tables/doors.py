"""The tables of who comes in, what they were shown, and what they changed."""

from __future__ import annotations

from sqlalchemy import Index, UniqueConstraint
from sqlmodel import Field, SQLModel

from proactive.store.tables.column import instant, of_home


class AccountRow(SQLModel, table=True):
    """Somebody who signs in, as `proactive.account.Account` says."""

    __tablename__ = "account"
    __table_args__ = (UniqueConstraint("name"), UniqueConstraint("home", "person"))

    id: str = Field(primary_key=True)
    name: str
    home: str = of_home(primary_key=False)
    person: str
    password: str
    created_at: int = instant()


class SessionRow(SQLModel, table=True):
    """A browser in which an account is signed in; `id` is a digest of its token."""

    __tablename__ = "session"

    id: str = Field(primary_key=True)
    account: str = Field(foreign_key="account.id", ondelete="CASCADE", index=True)
    device: str = ""
    created_at: int = instant()
    seen_at: int = instant()


class InvitationRow(SQLModel, table=True):
    """A link by which one person comes in, once; `id` is a digest of its token."""

    __tablename__ = "invitation"

    id: str = Field(primary_key=True)
    home: str = of_home(primary_key=False)
    person: str
    name: str
    role: str
    by: str
    created_at: int = instant()
    expires_at: int = instant()


class FailureRow(SQLModel, table=True):
    """How often somebody failed to sign in lately, by a digest of the name, the address, or both."""

    __tablename__ = "sign_in_failure"

    id: str = Field(primary_key=True)
    count: int
    at: int = instant()


class ShareRow(SQLModel, table=True):
    """A camera or rule (`about`) that an owner showed to a person, or hid from them."""

    __tablename__ = "share"

    home: str = of_home()
    person: str = Field(primary_key=True)
    about: str = Field(primary_key=True)
    shown: bool


class ChangeRow(SQLModel, table=True):
    """Who changed what, as `proactive.account.Change` says; rows are added and never altered."""

    __tablename__ = "change"
    __table_args__ = (Index(None, "home", "at"),)

    id: int | None = Field(default=None, primary_key=True)
    home: str = of_home(primary_key=False)
    at: int = instant()
    who: str | None = None
    did: str
    about: str = ""
    words: str = ""
