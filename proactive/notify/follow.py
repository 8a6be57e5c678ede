"""What follows a delivery: reminders, escalation, and telling another when somebody cannot be reached.

Each is a row that is written with the end of the attempt it follows, so that a kill loses none; whether it is still worth
telling is asked when its time comes.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from proactive.notification import ESCALATED, INSTEAD, REMIND, TOLD, Notification, Outcome, notification_id
from proactive.notify.plan import person_of, recipients
from rules.home import Home
from rules.rule import Rule, Urgency
from rules.units import microseconds

PATIENCE: dict[Urgency, int] = {"critical": 1, "high": 3}
"""After how many failed attempts another is told; what is less urgent waits until it is given up."""


def following(
    told: Notification, outcome: Outcome, attempts: int, rule: Rule | None, home: Home, now: int
) -> list[Notification]:
    """Return what is to be told because an attempt ended: nothing about what is over."""
    if rule is None or told.verdict not in {"fired", "unknown"} or told.kind not in {TOLD, REMIND}:
        return []
    follow = [*_reminder(told, outcome, rule, now), *_escalation(told, outcome, rule, home, now)]
    return [*follow, *_instead(told, outcome, attempts, home, now)]


def _reminder(told: Notification, outcome: Outcome, rule: Rule, now: int) -> Iterator[Notification]:
    remind = rule.notify.remind if rule.notify else None
    number = int(told.of or 0) + 1
    if remind is None or outcome.state != "sent" or number > remind.times:
        return
    body = told.body if told.kind == REMIND else f"Reminder: {told.body}"
    yield _another(told, f"{REMIND}.{number}", told.person, body, now + microseconds(remind.every), now)


def _escalation(told: Notification, outcome: Outcome, rule: Rule, home: Home, now: int) -> Iterator[Notification]:
    escalate = rule.notify.escalate if rule.notify else None
    if escalate is None or told.kind != TOLD or outcome.state not in {"sent", "failed"}:
        return
    reached = outcome.state == "sent"
    body = f"{'Nobody has reacted yet' if reached else f'I could not reach {_name(told.person, home)}'}: {told.body}"
    due = now + microseconds(escalate.after) if reached else now
    for person in escalate.to:
        if person not in recipients(rule, home):
            yield _another(told, ESCALATED, person, body, due, now)


def _instead(told: Notification, outcome: Outcome, attempts: int, home: Home, now: int) -> Iterator[Notification]:
    """Yield what the other owners are told when a person cannot be reached."""
    tired = outcome.state == "waiting" and attempts == PATIENCE.get(told.urgency)
    if told.kind != TOLD or not (outcome.state == "failed" or tired):
        return
    body = f"I could not reach {_name(told.person, home)}: {told.body}"
    for person in home.people:
        if person.standing == "owner" and person.channels and person.id != told.person:
            yield _another(told, f"{INSTEAD}.{told.person}", person.id, body, now, now)


def _another(told: Notification, occasion: str, person: str, body: str, due: int, now: int) -> Notification:
    fresh = {"state": "waiting", "attempts": 0, "reason": "", "sent_at": None, "held": False, "due_at": due}
    named = {"id": notification_id(told.firing, person, occasion), "occasion": occasion, "person": person, "body": body}
    return replace(told, **named, **fresh, created_at=now, set_at=now)  # type: ignore[arg-type]  # fields by name


def _name(person: str, home: Home) -> str:
    known = person_of(home, person)
    return known.name or known.id if known is not None else person


def over(later: Notification, thread: Sequence[Notification], *, ended: bool) -> str | None:
    """Return why a reminder, an escalation or word to another is not worth telling any more, or None."""
    if later.kind not in {REMIND, ESCALATED, INSTEAD}:
        return None
    if ended:
        return "it is over"
    seen = any(each.acknowledged_at is not None for each in thread)
    if seen:
        return "somebody has seen to it"
    reached = any(each.state == "sent" and each.person == later.of for each in thread)
    return "the person was reached after all" if later.kind == INSTEAD and reached else None
