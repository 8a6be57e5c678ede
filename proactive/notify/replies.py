"""What people answer: seen to it, false alarm, yes, no, quiet for a while. For the command line, the web and push actions alike.

Each answer is one transaction, and only the first one counts; it takes away what others were shown. `answered_on` is the
browser that it came from, which shows nothing any more. Who may say yes is the policy of `language.policy`: an
owner, where a lock, a door, an alarm or a stove is acted on.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable

from proactive.deed import Deed, DeedState
from proactive.notification import Notification
from proactive.notify.clearing import clearings
from proactive.notify.deeds import words
from proactive.notify.plan import person_of
from proactive.notify.ticket import PICTURE, Ticket, Tickets, ticket_id
from proactive.store import Store
from rules.problem import InputError, Problem
from rules.units import MINUTE, microseconds

ALPHABET = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"  # nothing that is misread or misheard
LENGTH = 6
_ENDED: dict[DeedState, str] = {
    "waiting": "was answered with yes already",
    "sending": "was answered with yes already",
    "done": "is done already",
    "failed": "was tried, and failed",
    "unsure": "was tried; nobody can tell whether it was done",
    "expired": "is not waited for any more",
    "refused": "was refused already",
}


def draw_code() -> str:
    """Return a code that nobody can guess in the fifteen minutes that it is good for."""
    return "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))


def acknowledge(store: Store, notification: str, who: str | None, *, now: int, answered_on: str = "") -> Notification:
    """Note that a person has seen to what a notification is about: no reminder and no escalation comes any more.

    Raise InputError where there is no such notification.
    """
    found = _notification(store, notification)
    words = f"{_name(store, found.home, who)} has seen to it."
    store.acknowledge(found.occurrence, who, at=now, then=_clearings(store, found, words, who, now, answered_on))
    return found


def say_false(store: Store, notification: str, who: str, reason: str = "", *, now: int, answered_on: str = "") -> None:
    """Note that a person calls it a false alarm, and why as far as they say; nobody is told any more. Raise InputError."""
    found = _notification(store, notification)
    words = f"{_name(store, found.home, who)} says it was a false alarm."
    then = _clearings(store, found, words, who, now, answered_on)
    store.say_false(found.home, found.occurrence, who, reason, at=now, then=then)


def snooze(store: Store, notification: str, who: str | None, length: str, *, now: int, answered_on: str = "") -> int:
    """Keep the rule of a notification quiet for a person (None: for all), and return until when. Raise InputError."""
    found = _notification(store, notification)
    try:
        until = now + microseconds(length)
    except ValueError as error:
        raise _problem("bad_duration", length, "expected a time such as '1h'.") from error
    then = clearings(store.about(found.occurrence, who), "Snoozed.", None, now, answered_on=answered_on)
    store.snooze(found.home, found.rule, until=until, person=who or "", at=now, then=then)
    return until


def confirm(store: Store, code: str, who: str | None, *, now: int) -> Deed:
    """Say yes to the deed that a code stands for: it is done next. Raise InputError where it is not there to be done."""
    return _answer(store, code, who, "waiting", now, lambda _: [])


def refuse(store: Store, code: str, who: str | None, *, now: int, answered_on: str = "") -> Deed:
    """Say no to the deed that a code stands for. Raise InputError where there is nothing to refuse."""

    def cleared(deed: Deed) -> list[Notification]:
        words = f"{_name(store, deed.home, who)} said no."
        return clearings(store.about(deed.id), words, who, now, answered_on=answered_on)

    return _answer(store, code, who, "refused", now, cleared)


def waiting(store: Store, *, now: int) -> list[str]:
    """Return what waits for a yes in any home, each as a line with its code and the minutes that are left."""
    lines = []
    for home in map(store.export_home, store.home_ids()):
        asked = (deed for deed in store.deeds(home.home, ["asking"]) if deed.due_at > now)
        lines += [f"{deed.code}: {words(deed, home)} ({(deed.due_at - now) // MINUTE} min left)" for deed in asked]
    return lines


def speaker_of(store: Store, code: str) -> str | None:
    """Return who speaks in the home of a code where nobody is named, or None."""
    deed = store.deed_of_code(_plain(code))
    return None if deed is None else store.export_home(deed.home).speaker


def choose(store: Store, choice: str, who: str | None, *, now: int, answered_on: str = "") -> str:
    """Carry out the `id` of a `Choice` that came with a message, and return in words what was done. Raise InputError."""
    verb, _, about = choice.partition(":")
    match verb:
        case "acknowledge":
            acknowledge(store, about, who, now=now, answered_on=answered_on)
            return "Noted."
        case "false":
            say_false(store, about, who or "", now=now, answered_on=answered_on)
            return "Noted: a false alarm."
        case "snooze":
            notification, _, length = about.partition(":")
            snooze(store, notification, who, length, now=now, answered_on=answered_on)
            return f"Quiet for {length}."
        case "confirm":
            deed = confirm(store, about, who, now=now)
            return f"I will {words(deed, store.export_home(deed.home))}."
        case "refuse":
            deed = refuse(store, about, who, now=now, answered_on=answered_on)
            return f"I will not {words(deed, store.export_home(deed.home))}."
        case _:
            expected = "expected acknowledge, false, snooze, confirm or refuse before a colon."
            raise _problem("unknown_choice", choice, expected)


def tap(store: Store, tickets: Tickets, text: str, *, now: int) -> tuple[Ticket, str]:
    """Carry out what the ticket of a push says, once; return the ticket and in words what was done. Raise InputError.

    It is used up before it is carried out: rather nothing is done, and the person told so, than twice.
    """
    ticket = tickets.read(text, now)
    if ticket.choice == PICTURE:
        raise _problem("bad_ticket", "ticket", "this ticket shows a picture and answers nothing.")
    if store.notification(ticket.notification) is None:
        raise _problem("unknown_notification", ticket.notification, "there is no such notification any more.")
    if person_of(store.export_home(ticket.home), ticket.person) is None:
        raise _problem("unknown_person", ticket.person, "this is for people of the home.")
    _require_unguarded(store, ticket)
    if not store.use_ticket(ticket.home, ticket_id(text), now=now, expires_at=ticket.expires_at):
        raise _problem("used_ticket", "ticket", "that was answered already.")
    return ticket, choose(store, ticket.choice, ticket.person, now=now, answered_on=ticket.browser)


def _require_unguarded(store: Store, ticket: Ticket) -> None:
    """Raise InputError for a yes to what opens or disarms: whoever holds a locked phone can tap, so a ticket never says it."""
    verb, _, code = ticket.choice.partition(":")
    deed = store.deed_of_code(_plain(code)) if verb == "confirm" else None
    if deed is not None and deed.sensitive:
        raise _problem(
            "sign_in", "ticket", "a yes to this counts only where you are signed in.", "Open the app and answer there."
        )


def _notification(store: Store, id: str) -> Notification:
    found = store.notification(id)
    if found is None:
        raise _problem("unknown_notification", id, "there is no such notification.")
    return found


def _clearings(
    store: Store, about: Notification, words: str, who: str | None, now: int, answered_on: str
) -> list[Notification]:
    return clearings(store.about(about.occurrence), words, who, now, answered_on=answered_on)


def _name(store: Store, home: str, who: str | None) -> str:
    person = person_of(store.export_home(home), who or "")
    return "Somebody" if person is None else person.name or person.id


def _answer(
    store: Store, code: str, who: str | None, state: DeedState, now: int, then: Callable[[Deed], list[Notification]]
) -> Deed:
    deed = store.deed_of_code(_plain(code))
    if deed is None:
        raise _problem(
            "unknown_code", code, "there is nothing that waits for this code.", "Check it for typing errors."
        )
    _require_right(store, deed, who, code)
    if deed.state == "asking" and now >= deed.due_at:
        raise _problem("expired_code", code, "nobody said yes within 15 minutes, so it was not done.")
    if deed.state != "asking" or not store.answer_deed(deed, state, by=who, now=now, then=then(deed)):
        raise _problem("answered_code", code, f"it {_ENDED.get(deed.state, 'was answered already')}.")
    return deed


def _plain(code: str) -> str:
    return code.strip().upper().replace("-", "").replace(" ", "")


def _require_right(store: Store, deed: Deed, who: str | None, code: str) -> None:
    person = person_of(store.export_home(deed.home), who or "")
    if person is None:
        raise _problem("unknown_person", who or "", "expected a person of the home to answer.", "Say who with --as.")
    if deed.sensitive and person.standing != "owner":
        raise _problem(
            "owners_only", code, f"{person.name or person.id} may not say yes or no to this.", "Ask an owner."
        )


def _problem(code: str, where: str, message: str, hint: str = "") -> InputError:
    return InputError([Problem(code, where, message, hint)])
