"""What people answer: seen to it, yes, no, quiet for a while. For the command line, the web and push actions alike.

Each answer is one transaction, and only the first one counts. Who may say yes is the policy of `language.policy`: an
owner, where a lock, a door, an alarm or a stove is acted on.
"""

from __future__ import annotations

import secrets

from proactive.deed import Deed, DeedState
from proactive.notification import Notification
from proactive.notify.deeds import words
from proactive.notify.plan import person_of
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


def acknowledge(store: Store, notification: str, who: str | None, *, now: int) -> Notification:
    """Note that a person has seen to what a notification is about: no reminder and no escalation comes any more.

    Raise InputError where there is no such notification.
    """
    found = store.notification(notification)
    if found is None:
        raise _problem("unknown_notification", notification, "there is no such notification.")
    store.acknowledge(found.occurrence, who, at=now)
    return found


def snooze(store: Store, notification: str, who: str | None, length: str, *, now: int) -> int:
    """Keep the rule of a notification quiet for a person (None: for all), and return until when. Raise InputError."""
    found = store.notification(notification)
    if found is None:
        raise _problem("unknown_notification", notification, "there is no such notification.")
    try:
        until = now + microseconds(length)
    except ValueError as error:
        raise _problem("bad_duration", length, "expected a time such as '1h'.") from error
    store.snooze(found.home, found.rule, until=until, person=who or "", at=now)
    return until


def confirm(store: Store, code: str, who: str | None, *, now: int) -> Deed:
    """Say yes to the deed that a code stands for: it is done next. Raise InputError where it is not there to be done."""
    return _answer(store, code, who, "waiting", now)


def refuse(store: Store, code: str, who: str | None, *, now: int) -> Deed:
    """Say no to the deed that a code stands for. Raise InputError where there is nothing to refuse."""
    return _answer(store, code, who, "refused", now)


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


def choose(store: Store, choice: str, who: str | None, *, now: int) -> str:
    """Carry out the `id` of a `Choice` that came with a message, and return in words what was done. Raise InputError."""
    verb, _, about = choice.partition(":")
    match verb:
        case "acknowledge":
            acknowledge(store, about, who, now=now)
            return "Noted."
        case "snooze":
            notification, _, length = about.partition(":")
            snooze(store, notification, who, length, now=now)
            return f"Quiet for {length}."
        case "confirm" | "refuse":
            answer = confirm if verb == "confirm" else refuse
            deed = answer(store, about, who, now=now)
            said = "I will" if verb == "confirm" else "I will not"
            return f"{said} {words(deed, store.export_home(deed.home))}."
        case _:
            raise _problem("unknown_choice", choice, "expected acknowledge, snooze, confirm or refuse before a colon.")


def _answer(store: Store, code: str, who: str | None, state: DeedState, now: int) -> Deed:
    deed = store.deed_of_code(_plain(code))
    if deed is None:
        raise _problem(
            "unknown_code", code, "there is nothing that waits for this code.", "Check it for typing errors."
        )
    _require_right(store, deed, who, code)
    if deed.state == "asking" and now >= deed.due_at:
        raise _problem("expired_code", code, "nobody said yes within 15 minutes, so it was not done.")
    if deed.state != "asking" or not store.answer_deed(deed, state, by=who, now=now):
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
