"""The part of the store that is about who comes in: accounts, sessions, invitations, what is shown to whom, who changed what."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, String, cast
from sqlmodel import Session as Transaction
from sqlmodel import col, delete, func, select

from proactive.account import IDLE, OLDEST, Account, Change, Invitation, Session
from proactive.store.database import Database
from proactive.store.homes import LISTINGS
from proactive.store.sql import insert_or_ignore, insert_or_replace
from proactive.store.tables import (
    AccountRow,
    ChangeRow,
    ConversationRow,
    FailureRow,
    InvitationRow,
    NotificationRow,
    RuleRow,
    SessionRow,
    ShareRow,
    SubscriptionRow,
    TallyRow,
)


class Doors:
    """Methods of the store, each one transaction."""

    database: Database

    # --- accounts ---

    def has_accounts(self) -> bool:
        """Say whether anybody can sign in yet."""
        with self.database.reading() as session:
            return session.exec(select(AccountRow.id).limit(1)).first() is not None

    def add_account(self, account: Account, *, first: bool = False) -> bool:
        """Keep an account and say whether it is new: its name and its person are free. `first`: only where there is none."""
        with self.database.writing() as session:
            if first and session.exec(select(AccountRow.id).limit(1)).first() is not None:
                return False
            return insert_or_ignore(session, AccountRow, [_values(account)]) == 1

    def account_named(self, name: str) -> Account | None:
        """Return the account of a name as `sign_in_name` writes it, or None."""
        with self.database.reading() as session:
            row = session.exec(select(AccountRow).where(AccountRow.name == name)).first()
            return None if row is None else Account(**row.model_dump())

    def accounts(self, home: str) -> list[Account]:
        """Return the accounts of a home, the oldest first."""
        with self.database.reading() as session:
            rows = session.exec(select(AccountRow).where(AccountRow.home == home).order_by(col(AccountRow.created_at)))
            return [Account(**row.model_dump()) for row in rows]

    def change_password(self, account: str, password: str) -> None:
        """Give an account the hash of another password, and end all its sessions."""
        with self.database.writing() as session:
            session.get_one(AccountRow, account).password = password
            _end(session, col(SessionRow.account) == account)

    def close_account(self, home: str, person: str) -> bool:
        """Delete the account of a person with its sessions and the invitations that they made; say whether there was one."""
        with self.database.writing() as session:
            made = (col(InvitationRow.home) == home, col(InvitationRow.by) == person)
            session.exec(delete(InvitationRow).where(*made))
            browsers = (col(SubscriptionRow.home) == home, col(SubscriptionRow.person) == person)
            session.exec(delete(SubscriptionRow).where(*browsers))
            own = (col(AccountRow.home) == home, col(AccountRow.person) == person)
            return bool(session.exec(delete(AccountRow).where(*own)).rowcount)

    # --- sessions ---

    def add_session(self, session: Session) -> None:
        """Keep a session, and forget those that have ended."""
        with self.database.writing() as writing:
            ended = (col(SessionRow.seen_at) <= session.seen_at - IDLE) | (
                col(SessionRow.created_at) <= session.seen_at - OLDEST
            )
            writing.exec(delete(SessionRow).where(ended))
            values = {name: getattr(session, name) for name in SessionRow.model_fields}
            insert_or_replace(writing, SessionRow, [values])

    def session(self, id: str, now: int) -> Session | None:
        """Return a session that has not ended, or None."""
        with self.database.reading() as reading:
            query = select(SessionRow, AccountRow).join(AccountRow, col(AccountRow.id) == SessionRow.account)
            found = reading.exec(query.where(SessionRow.id == id)).first()
        if found is None:
            return None
        row, account = found
        session = Session(**row.model_dump(), home=account.home, person=account.person)
        return session if session.ends_at > now else None

    def standing_sessions(self, ids: Iterable[str], now: int) -> frozenset[str]:
        """Return which of some sessions have not ended."""
        good = (col(SessionRow.seen_at) > now - IDLE, col(SessionRow.created_at) > now - OLDEST)
        with self.database.reading() as reading:
            return frozenset(reading.exec(select(SessionRow.id).where(col(SessionRow.id).in_(list(ids)), *good)))

    def sessions(self, account: str, now: int) -> list[Session]:
        """Return where an account is signed in, the last used first."""
        with self.database.reading() as reading:
            query = select(SessionRow.id).where(SessionRow.account == account).order_by(col(SessionRow.seen_at).desc())
            ids = reading.exec(query).all()
        return [session for id in ids if (session := self.session(id, now)) is not None]

    def touch_session(self, id: str, now: int) -> None:
        """Note that a session is in use."""
        with self.database.writing() as writing:
            row = writing.get(SessionRow, id)
            if row is not None:
                row.seen_at = now

    def end_session(self, id: str) -> None:
        """Sign out one browser; it is not pushed to any more."""
        with self.database.writing() as writing:
            _end(writing, col(SessionRow.id) == id)

    def end_sessions(self, account: str) -> int:
        """Sign an account out everywhere, and return in how many browsers it was."""
        with self.database.writing() as writing:
            return _end(writing, col(SessionRow.account) == account)

    # --- invitations ---

    def invite(self, invitation: Invitation) -> None:
        """Keep an invitation; an earlier one of the same person ends."""
        with self.database.writing() as session:
            own = (col(InvitationRow.home) == invitation.home, col(InvitationRow.person) == invitation.person)
            session.exec(delete(InvitationRow).where(*own))
            insert_or_replace(session, InvitationRow, [_values(invitation)])

    def invitation(self, id: str, now: int) -> Invitation | None:
        """Return an invitation that is still good, or None."""
        with self.database.reading() as session:
            row = session.get(InvitationRow, id)
            return None if row is None or row.expires_at <= now else Invitation(**row.model_dump())

    def invitations(self, home: str, now: int) -> list[Invitation]:
        """Return the invitations of a home that are still good, the newest first."""
        with self.database.reading() as session:
            query = select(InvitationRow).where(InvitationRow.home == home, InvitationRow.expires_at > now)
            rows = session.exec(query.order_by(col(InvitationRow.created_at).desc()))
            return [Invitation(**row.model_dump()) for row in rows]

    def take_invitation(self, id: str, account: Account, now: int) -> bool:
        """Use an invitation up for an account, both or neither; say whether it was still good and the name was free."""
        with self.database.writing() as session:
            good = (col(InvitationRow.id) == id, col(InvitationRow.expires_at) > now)
            if session.exec(select(InvitationRow.id).where(*good)).first() is None:
                return False
            if insert_or_ignore(session, AccountRow, [_values(account)]) != 1:
                return False
            session.exec(delete(InvitationRow).where(*good))
            return True

    def withdraw_invitation(self, home: str, id: str) -> bool:
        """Delete an invitation of a home, and say whether it was there."""
        with self.database.writing() as session:
            own = (col(InvitationRow.home) == home, col(InvitationRow.id) == id)
            return bool(session.exec(delete(InvitationRow).where(*own)).rowcount)

    # --- failures to sign in ---

    def failures(self, keys: Sequence[str], since: int) -> dict[str, tuple[int, int]]:
        """Return for each key how often signing in failed, and when last; only of those that failed since an instant."""
        with self.database.reading() as session:
            query = select(FailureRow).where(col(FailureRow.id).in_(keys), FailureRow.at > since)
            return {row.id: (row.count, row.at) for row in session.exec(query)}

    def add_failures(self, keys: Sequence[str], now: int, since: int) -> None:
        """Count one failure for each key, and forget the rows of those that did not fail since an instant."""
        with self.database.writing() as session:
            session.exec(delete(FailureRow).where(col(FailureRow.at) <= since))
            for key in keys:
                row = session.get(FailureRow, key) or FailureRow(id=key, count=0, at=now)
                row.count, row.at = row.count + 1, now
                session.add(row)

    def forget_failures(self, keys: Sequence[str]) -> None:
        """Forget the failures of somebody who signed in."""
        with self.database.writing() as session:
            session.exec(delete(FailureRow).where(col(FailureRow.id).in_(keys)))

    # --- what is shown to whom ---

    def show(self, home: str, person: str, about: str, *, shown: bool | None) -> None:
        """Show a camera or rule to a person, hide it from them, or (None) leave it to what they count as."""
        with self.database.writing() as session:
            if shown is not None:
                row = {"home": home, "person": person, "about": about, "shown": shown}
                insert_or_replace(session, ShareRow, [row])
            elif (found := session.get(ShareRow, (home, person, about))) is not None:
                session.delete(found)

    def shown(self, home: str, person: str) -> Mapping[str, bool]:
        """Return what was shown to a person or hidden from them, by the id of the camera or rule."""
        with self.database.reading() as session:
            rows = session.exec(select(ShareRow).where(ShareRow.home == home, ShareRow.person == person))
            return {row.about: row.shown for row in rows}

    # --- who changed what ---

    def note(self, change: Change) -> None:
        """Add who changed what."""
        with self.database.writing() as session:
            note(session, change)

    def changes(self, home: str, about: str | None = None, limit: int = 200) -> list[Change]:
        """Return the last changes in a home, of one thing or of all, the newest first."""
        query = select(ChangeRow).where(ChangeRow.home == home)
        if about is not None:
            query = query.where(ChangeRow.about == about)
        with self.database.reading() as session:
            rows = session.exec(query.order_by(col(ChangeRow.at).desc(), col(ChangeRow.id).desc()).limit(limit))
            return [Change(**row.model_dump(exclude={"id"})) for row in rows]

    def count_changes(self, home: str) -> int:
        """Return how many changes are noted in a home."""
        with self.database.reading() as session:
            return session.exec(select(func.count()).select_from(ChangeRow).where(ChangeRow.home == home)).one()

    # --- what changed since a page was shown ---

    def marks(self, home: str) -> dict[str, str]:
        """Return, by topic, what is another text as soon as something changed that a page may show.

        `rules`, `home`, for each person whom anything was told `told:PERSON`, and for each who talks `talk:PERSON`.
        """
        with self.database.reading() as session:
            marks = {topic: str(session.exec(query).all()) for topic, query in _marks(home).items()}
            for topic, query in (("told", _tellings(home)), ("talk", _talks(home))):
                marks |= {f"{topic}:{person}": str(rest) for person, *rest in session.exec(query)}
            return marks


# How often any home was listed anew, by whichever process.
_LISTINGS = select(func.sum(TallyRow.count)).where(TallyRow.name == LISTINGS).scalar_subquery()


def _end(session: Transaction, which: ColumnElement[bool]) -> int:
    """End sessions, and with them what may be pushed to their browsers; return how many there were."""
    ended = select(SessionRow.id).where(which)
    session.exec(delete(SubscriptionRow).where(col(SubscriptionRow.session).in_(ended)))
    return int(session.exec(delete(SessionRow).where(which)).rowcount)


def _marks(home: str) -> dict[str, Any]:
    """Return a query for each topic; each reads an index, or a table that stays small."""
    rule, change = RuleRow, ChangeRow
    return {
        "rules": select(func.count(), func.max(rule.dropped_at), func.sum(rule.version)).where(rule.home == home),
        "home": select(func.max(change.id), _LISTINGS).where(change.home == home),
    }


def _tellings(home: str) -> Any:
    told = NotificationRow
    last = func.count(), func.max(told.sent_at), func.max(told.acknowledged_at)
    return select(told.person, *last).where(told.home == home).group_by(col(told.person))


def _talks(home: str) -> Any:
    talk = ConversationRow
    return select(talk.person, talk.at, func.length(cast(talk.turns, String))).where(talk.home == home)


def note(session: Transaction, change: Change) -> None:
    """Add who changed what, together with the change."""
    session.add(ChangeRow(**_values(change)))


def _values(value: Account | Invitation | Change) -> dict[str, Any]:
    return {name: getattr(value, name) for name in value.__slots__}
