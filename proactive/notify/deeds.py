"""What a firing does to devices: which deeds it makes, who is asked, and what is said of them. Values only.

Only `fired` acts: what could not be told, was corrected or is over is no reason to. A deed that comes five minutes late is
not done at all: the light at dusk is no help at midnight, and nobody expects it any more.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from proactive.deed import Deed, DeedState, deed_id
from proactive.language.policy.acting import is_sensitive
from proactive.notification import ASK, RESULT, Notification, notification_id
from proactive.notify.plan import LATE, person_of, recipients
from rules.checks.speech import is_allowed
from rules.firing import Firing
from rules.home import Device, Home
from rules.rule import Action, Rule
from rules.units import MINUTE
from rules.words.actions import done_to
from rules.words.names import called

PATIENCE = 15 * MINUTE
"""For how long a yes is waited for."""

Draw = Callable[[], str]


def deeds_of(firing: Firing, rule: Rule, home: Home, *, now: int, draw: Draw) -> list[Deed]:
    """Return what a firing does; what may not or need not be done any more has ended already, and says why."""
    if firing.verdict != "fired":
        return []
    return [_deed(firing, position, action, home, now, draw) for position, action in enumerate(rule.do)]


def _deed(firing: Firing, position: int, action: Action, home: Home, now: int, draw: Draw) -> Deed:
    sensitive = is_sensitive(action, home)
    state, result = _beginning(action, home, now - firing.time, sensitive=sensitive)
    return Deed(
        id=deed_id(firing.id, position),
        home=firing.home,
        firing=firing.id,
        rule=firing.rule,
        position=position,
        device=action.device,
        command=action.command,
        value=action.value,
        sensitive=sensitive,
        code=draw() if state == "asking" else None,
        time=firing.time,
        created_at=now,
        due_at=now + PATIENCE if state == "asking" else now,
        set_at=now,
        state=state,
        ended_at=None if state in {"asking", "waiting"} else now,
        result=result,
    )


def _beginning(action: Action, home: Home, late: int, *, sensitive: bool) -> tuple[DeedState, str]:
    device = home.by_id.get(action.device)
    if not isinstance(device, Device):
        return "failed", f"the home has no device {action.device!r}"
    if late >= LATE:
        return "expired", "nothing ran at the time, and now it is too late"
    if sensitive:
        return ("asking", "") if _owners(home) else ("refused", "the home has no owner who could say yes")
    if not is_allowed(device, home):
        return "refused", f"the home does not let rules act on {device.type or 'such a device'}"
    return "waiting", ""


def questions(deeds: Sequence[Deed], alert: Notification, rule: Rule, home: Home) -> Iterator[Notification]:
    """Yield the questions about deeds that wait for a yes, to the owners among who is told, else to every owner.

    `alert` is what anybody is told of the firing; the questions are made in its likeness.
    """
    asked = _asked(rule, home)
    for deed in (each for each in deeds if each.state == "asking"):
        body = f"{alert.body} Shall I {words(deed, home)}? Say yes within 15 minutes; the code is {deed.code}."
        yield from (_notice(deed, ASK, person, alert.title, body, alert.created_at) for person in asked)


def results(deed: Deed, state: DeedState, reason: str, rule: Rule | None, home: Home, now: int) -> list[Notification]:
    """Return what people are told of how a deed ended; nobody hears of what was simply done without a question."""
    if state == "done" and not deed.sensitive:
        return []
    told = recipients(rule, home) if rule is not None else []
    people = told if told and not deed.sensitive else _asked(rule, home)
    title, body = home.name or home.home, outcome_words(deed, state, reason, home)
    return [_notice(deed, RESULT, person, title, body, now) for person in people]


def words(deed: Deed, home: Home) -> str:
    """Return what a deed does: `turn on the hall light`."""
    return done_to(Action(device=deed.device, command=deed.command, value=deed.value), called(deed.device, home))


def outcome_words(deed: Deed, state: DeedState, reason: str, home: Home) -> str:
    """Return how a deed ended, as a sentence."""
    what = words(deed, home)
    if state == "done":
        person = person_of(home, deed.by or "")
        return f"Done, as {person.name or person.id if person else 'somebody'} said: {what}."
    if state == "unsure":
        return f"I was about to {what}, and cannot tell whether it was done. Please look. ({reason}.)"
    return f"I {'could not' if state == 'failed' else 'did not'} {what}: {reason.rstrip('.')}."


def _asked(rule: Rule | None, home: Home) -> list[str]:
    """Return who is asked for a yes: the owners among who is told, else every owner."""
    owners = _owners(home)
    told = recipients(rule, home) if rule is not None else []
    return [person for person in told if person in owners] or owners


def _owners(home: Home) -> list[str]:
    return [person.id for person in home.people if person.standing == "owner"]


def _notice(deed: Deed, kind: str, person: str, title: str, body: str, now: int) -> Notification:
    occasion = f"{kind}.{deed.id}"
    return Notification(
        id=notification_id(deed.firing, person, occasion),
        home=deed.home,
        firing=deed.firing,
        rule=deed.rule,
        person=person,
        occasion=occasion,
        urgency="high" if kind == ASK else "normal",
        title=title,
        body=body,
        time=now,
        created_at=now,
        due_at=now,
        occurrence=deed.id,
    )
