"""The tables of what people told, taught and prefer."""

from __future__ import annotations

from typing import Any

from sqlmodel import Field, SQLModel

from proactive.store.tables.column import Json, instant, json, of_home, secret


class FactRow(SQLModel, table=True):
    """Something a person told: `about` an entry, under a `name` such as `bedtime`; the latest telling stands."""

    __tablename__ = "fact"

    home: str = of_home()
    about: str = Field(primary_key=True)
    name: str = Field(primary_key=True)
    kind: str
    value: str
    said: str
    who: str | None = None
    at: int = instant()
    until: int | None = instant(None)


class ConversationRow(SQLModel, table=True):
    """The last turns with a person (empty: nobody in particular), and when the last of them was."""

    __tablename__ = "conversation"

    home: str = of_home()
    person: str = Field(default="", primary_key=True)
    at: int = instant()
    turns: list[Any] = json()


class PreferenceRow(SQLModel, table=True):
    """What a person (or, with an empty `person`, the home) prefers: quiet hours, the address of a channel."""

    __tablename__ = "preference"

    home: str = of_home()
    person: str = Field(default="", primary_key=True)
    name: str = Field(primary_key=True)
    value: str = secret()


class SnoozeRow(SQLModel, table=True):
    """A rule that is not to be heard of until an instant, by one person or, with an empty `person`, by all."""

    __tablename__ = "snooze"

    home: str = of_home()
    rule: str = Field(primary_key=True)
    person: str = Field(default="", primary_key=True)
    until: int = instant()


class LookRow(SQLModel, table=True):
    """What a photo taught of how `about` looks: numbers; `photo` is a digest of the file, which is not kept."""

    __tablename__ = "look"

    home: str = of_home()
    about: str = Field(primary_key=True)
    photo: str = Field(primary_key=True)
    name: str
    at: int = instant()
    body: Json = json(dict)
