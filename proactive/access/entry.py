"""Entry: how somebody comes in: as the first one, by an invitation, or with name and password; and goes out again.

Each function takes the time, and raises `Denied` with what to say. A token is returned once and kept by nobody but the browser.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from threading import BoundedSemaphore
from typing import TYPE_CHECKING

from proactive.access import password, token
from proactive.access.patience import Patience
from proactive.account import INVITED, Account, Change, Invitation, Session, sign_in_name
from rules.home import Home, Person, parse_home
from rules.units import MINUTE, SECOND
from rules.words.times import length

if TYPE_CHECKING:
    from proactive.store import Store

WRONG = "That name and password do not go together."
GONE = "This invitation is not good any more. Ask whoever sent it for a new one."
TAKEN = "Somebody signs in with that name already. Take another one."
ROLES = ("owner", "member", "child", "guest")
AT_ONCE = 4  # passwords that are looked at: each takes 19 MiB, and anybody who reaches the port may have one looked at
PATIENCE = 5.0  # seconds to wait for a turn
_turns = BoundedSemaphore(AT_ONCE)


class Denied(Exception):
    """Say to the person why they do not come in; `wait` is how long to wait before the next try, in microseconds."""

    def __init__(self, words: str, wait: int = 0) -> None:
        super().__init__(words)
        self.words, self.wait = words, wait


@dataclass(frozen=True, slots=True)
class Came:
    """Somebody is in: their session, and the token for their browser's cookie."""

    session: Session
    token: str


def sign_in(store: Store, name: str, secret: str, *, address: str, device: str, now: int) -> Came:
    """Return the session of whoever knows the password of a name. Raise Denied, alike for every reason."""
    with _turn():
        patience = _patient(store, name, address, now)
        account = store.account_named(sign_in_name(name))
        if not password.fits(secret, None if account is None else account.password) or account is None:
            patience.failed(now)
            raise Denied(WRONG)
        patience.succeeded()
    return _enter(store, account, device, now)


def begin(store: Store, home: Home, person: str, name: str, secret: str | None, *, device: str, now: int) -> Came:
    """Return the session of the first person, who is an owner of the home, which is kept. Raise Denied where there is one.

    Without a secret (None) nobody signs in by name and password: for a home that is made up, which `come_back` opens again.
    """
    account = _account(home.home, person, name, secret, now)
    store.import_home(home)
    if not store.add_account(account, first=True):
        raise Denied("Somebody set this up already. Sign in, or ask for an invitation.")
    store.note(Change(at=now, home=home.home, who=person, did="home.begin", about=home.home))
    return _enter(store, account, device, now)


def come_back(store: Store, home: str, *, device: str, now: int) -> Came:
    """Return a new session of the owner of a home who never chose a password. Raise Denied where everybody has one.

    Whoever calls it has made sure that somebody at the machine asks.
    """
    for account in store.accounts(home):
        if not account.password:
            return _enter(store, account, device, now)
    raise Denied("Somebody chose a password. Sign in with it.")


def invite(store: Store, home: Home, person: str, name: str, role: str, *, by: str, now: int) -> tuple[Invitation, str]:
    """Keep an invitation for a person, listed or not yet, and return it with its token. Raise Denied for another role."""
    if role not in ROLES:
        raise Denied(f"Expected one of {', '.join(ROLES)}, found {role!r}.")
    if any(account.person == person for account in store.accounts(home.home)):
        raise Denied(f"{name} signs in already.")
    secret = token.make()
    invitation = Invitation(
        id=token.digest(secret), home=home.home, person=person, name=name, role=role, by=by, created_at=now,
        expires_at=now + INVITED,
    )  # fmt: skip
    store.invite(invitation)
    store.note(Change(at=now, home=home.home, who=by, did="person.invite", about=person, words=role))
    return invitation, secret


def accept(store: Store, secret_link: str, name: str, secret: str, *, device: str, now: int) -> Came:
    """Return the session of whoever has the token of an invitation, which is used up by it. Raise Denied."""
    invitation = store.invitation(token.digest(secret_link), now)
    if invitation is None:
        raise Denied(GONE)
    account = _account(invitation.home, invitation.person, name, secret, now)
    if store.account_named(account.name) is not None:
        raise Denied(TAKEN)
    if not store.take_invitation(invitation.id, account, now):
        raise Denied(GONE)
    store.import_home(_listed(store.export_home(invitation.home), invitation))
    store.note(
        Change(at=now, home=account.home, who=account.person, did="person.join", about=account.person, words=invitation.role)
    )  # fmt: skip
    return _enter(store, account, device, now)


def change_password(store: Store, account: Account, old: str, new: str, *, address: str, device: str, now: int) -> Came:
    """Return a new session after the password was changed; every other one has ended. Raise Denied.

    An account without a password takes the first one without an old one.
    Whoever finds a browser that is signed in has no more tries at the password than anybody else.
    """
    with _turn():
        patience = _patient(store, account.name, address, now)
        if account.password and not password.fits(old, account.password):
            patience.failed(now)
            raise Denied("That is not your password now.")
        patience.succeeded()
    if (why := password.objection(new, account.name)) is not None:
        raise Denied(why)
    store.change_password(account.id, password.keep(new))
    store.note(Change(at=now, home=account.home, who=account.person, did="account.password", about=account.person))
    return _enter(store, account, device, now)


@contextmanager
def _turn() -> Iterator[None]:
    """Hold one of the turns at passwords while the block runs: who tries many at once is counted before the next. Raise Denied."""
    if not _turns.acquire(timeout=PATIENCE):
        raise Denied("Too many people sign in at once. Wait a moment, then try again.", int(PATIENCE) * SECOND)
    try:
        yield
    finally:
        _turns.release()


def _patient(store: Store, name: str, address: str, now: int) -> Patience:
    """Return what counts the failures of a name at an address. Raise Denied while there were too many."""
    patience = Patience(store, name, address)
    if wait := patience.wait(now):
        raise Denied(f"Too many tries. Wait {_about(wait)}, then try again.", wait)
    return patience


def _account(home: str, person: str, name: str, secret: str | None, now: int) -> Account:
    """Return a new account. Raise Denied for a name or password that will not do."""
    known = sign_in_name(name)
    if not known or len(known) > 60:
        raise Denied("Give a name to sign in with, of at most 60 letters.")
    if secret is not None and (why := password.objection(secret, name)) is not None:
        raise Denied(why)
    kept = "" if secret is None else password.keep(secret)
    return Account(
        id=token.digest(token.make())[:20], name=known, home=home, person=person, password=kept, created_at=now
    )  # fmt: skip


def _enter(store: Store, account: Account, device: str, now: int) -> Came:
    secret = token.make()
    session = Session(
        id=token.digest(secret), account=account.id, home=account.home, person=account.person, device=device,
        created_at=now, seen_at=now,
    )  # fmt: skip
    store.add_session(session)
    return Came(session, secret)


def _listed(home: Home, invitation: Invitation) -> Home:
    """Return the home with the person who was invited, in the role of the invitation."""
    others = home.model_dump(mode="json", exclude_unset=True)
    people = [dict(each) for each in others.get("people", [])]
    known = next((each for each in people if each["id"] == invitation.person), None)
    if known is None:
        people.append({"id": invitation.person, "name": invitation.name, "role": invitation.role})
    elif _standing(known) != invitation.role:
        known["role"] = invitation.role
    return parse_home(others | {"people": people})


def _standing(person: dict[str, object]) -> str:
    return Person.model_validate(person).standing


def person_id(name: str, taken: Callable[[str], bool]) -> str:
    """Return an id for a person of this name that no entry of the home has: `person.zoe`, else `person.zoe-2`."""
    stem = "person." + ("".join(c if c.isalnum() else "-" for c in sign_in_name(name)).strip("-") or "somebody")
    number, id = 1, stem
    while taken(id):
        number += 1
        id = f"{stem}-{number}"
    return id


def _about(wait: int) -> str:
    """Return a wait in words, rounded up."""
    unit = MINUTE if wait > MINUTE else SECOND
    return length(-(-wait // unit) * unit)
