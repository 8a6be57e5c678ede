"""The part of the store that is about API tokens: rows with the hash of a secret, never the secret."""

from __future__ import annotations

from sqlmodel import col, select

from proactive.store import homes
from proactive.store.database import Database
from proactive.store.tables import TokenRow
from proactive.token import Token, checked_scopes
from rules.problem import InputError, Problem, nearest


class Tokens:
    """Methods of the store, each one transaction."""

    database: Database

    def add_token(self, token: Token) -> None:
        """Keep a token. Raise InputError where its name is taken, or its home is not there."""
        with self.database.writing() as session:
            if session.exec(select(TokenRow).where(TokenRow.name == token.name)).first() is not None:
                message = f"there is a token {token.name!r} already."
                raise InputError([Problem("name_taken", "NAME", message, "Revoke it first, or choose another name.")])
            if token.home is not None and not homes.exists(session, token.home):
                hint = nearest(token.home, homes.ids(session))
                raise InputError([Problem("unknown_home", token.home, "there is no such home in the store.", hint)])
            session.add(_row(token))

    def token(self, id: str) -> Token | None:
        """Return a token by its id, or None."""
        with self.database.reading() as session:
            row = session.get(TokenRow, id)
            return None if row is None else _token(row)

    def tokens(self) -> list[Token]:
        """Return all tokens, the oldest first."""
        with self.database.reading() as session:
            rows = session.exec(select(TokenRow).order_by(col(TokenRow.created_at), col(TokenRow.id)))
            return [_token(row) for row in rows]

    def revoke_token(self, name: str) -> Token:
        """Delete a token by its name or id and return what it was. Raise InputError where there is none."""
        with self.database.writing() as session:
            query = select(TokenRow).where((col(TokenRow.name) == name) | (col(TokenRow.id) == name))
            row = session.exec(query).first()
            if row is None:
                hint = nearest(name, session.exec(select(TokenRow.name))) or "See: proactive tokens list"
                raise InputError([Problem("unknown_token", name, "there is no such token.", hint)])
            session.delete(row)
            return _token(row)


def _row(token: Token) -> TokenRow:
    return TokenRow(
        id=token.id,
        name=token.name,
        scopes=list(token.scopes),
        digest=token.digest,
        created_at=token.created_at,
        home=token.home,
    )


def _token(row: TokenRow) -> Token:
    return Token(row.id, row.name, checked_scopes(row.scopes), row.digest, row.created_at, row.home)
