"""What to do about a firing or a notification: decisions over values, without a store, a clock or a channel."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from proactive.notification import ASK, CLEAR, PICTURE, TOLD, Notification, notification_id
from proactive.notify.text import Picture, Text, caption
from proactive.preference import NONE, QUIET_HOURS, Preferences, cooldown_of, preferred
from proactive.reach import is_reached
from proactive.subscription import Subscription
from rules.calendar import local, window_on, zone_of
from rules.firing import Firing
from rules.home import Home, Person
from rules.rule import Rule
from rules.units import MINUTE, SECOND, seconds_of_day

LATE = 5 * MINUTE
HELD = "held for quiet hours"

# Tried again after this long, then given up: a service that is down for a night is back by morning.
BACKOFF = tuple(seconds * SECOND for seconds in (30, 120, 600, 1800, 3600, 7200, 14400, 14400))


@dataclass(frozen=True, slots=True)
class Send:
    """Send it now."""


@dataclass(frozen=True, slots=True)
class Wait:
    """Look at it again at an instant."""

    until: int
    reason: str


@dataclass(frozen=True, slots=True)
class Skip:
    """Do not send it at all."""

    reason: str


@dataclass(frozen=True, slots=True)
class Circumstances:
    """What a decision about a home's notifications rests on: preferences and snoozes as the store keeps them."""

    home: Home
    preferences: Preferences
    snoozes: Mapping[tuple[str, str], int]
    browsers: Sequence[Subscription] = ()


def recipients(rule: Rule, home: Home) -> list[str]:
    """Return the ids of who is told: the rule's `to`, else its owner, else the default speaker, else every owner."""
    if rule.notify is None:
        return []
    if rule.notify.to:
        return list(dict.fromkeys(rule.notify.to))
    if speaker := rule.owner or home.speaker:
        return [speaker]
    return [person.id for person in home.people if person.standing == "owner"]


def notifications(
    firing: Firing, rule: Rule, home: Home, text: Text, *, picture: Picture | None = None, now: int
) -> list[Notification]:
    """Return one notification for each person who is told of the firing."""
    return [notice(firing, rule, home, text, person, picture=picture, now=now) for person in recipients(rule, home)]


def notice(
    firing: Firing, rule: Rule, home: Home, text: Text, person: str, *, picture: Picture | None = None, now: int
) -> Notification:
    """Return what one person is told of a firing."""
    return Notification(
        id=notification_id(firing.id, person),
        home=firing.home,
        firing=firing.id,
        rule=firing.rule,
        person=person,
        urgency=rule.notify.urgency if rule.notify else "normal",
        title=text.title,
        body=text.body,
        picture=picture.path if picture else None,
        caption=caption(picture, home) if picture else "",
        camera=(picture.source or "") if picture else "",
        time=firing.time,
        created_at=now,
        due_at=now,
        reason="it was decided late, because nothing ran at the time" if now - firing.time >= LATE else "",
        occurrence=firing.occurrence,
        verdict=firing.verdict,
    )


def decide(notification: Notification, about: Circumstances, now: int) -> Send | Wait | Skip:
    """Return what to do with a notification that is due: a snooze drops it, quiet hours hold it unless critical.

    A question about a deed is not held: by morning nobody may answer it any more. What only replaces is not heard, and
    what takes something away is neither.
    """
    if notification.kind == CLEAR:
        return Send()
    for person in ("", notification.person):
        if about.snoozes.get((notification.rule, person), now) > now:
            return Skip("the rule is snoozed")
    if notification.urgency == "critical" or notification.kind in {ASK, PICTURE}:
        return Send()
    end = quiet_until(quiet_hours(notification.person, about), about.home, now)
    return Send() if end is None else Wait(end, HELD)


def cooldown_for(notification: Notification, about: Circumstances) -> int:
    """Return the microseconds since an alert of the rule in which this one is not told; 0 where it is told in any case.

    What is critical always is; what could not be told, is over or was wrong, is no second alert.
    """
    if notification.kind != TOLD or notification.verdict != "fired" or notification.urgency == "critical":
        return 0
    return cooldown_of(about.preferences, notification.person, notification.rule)


def quiet_hours(person: str, about: Circumstances) -> str | None:
    """Return a person's quiet hours: their own preference, else the home's, else the home file's."""
    own = preferred(about.preferences, person, QUIET_HOURS)
    return about.home.quiet_hours if own is None else None if own == NONE else own


def quiet_until(hours: str | None, home: Home, now: int) -> int | None:
    """Return the instant at which quiet hours such as `22:00-07:00` end, or None when it is not quiet now."""
    if hours is None:
        return None
    start, end = (seconds_of_day(clock) for clock in hours.split("-"))
    zone = zone_of(home)
    today, _ = local(zone, now)
    for day in (today - 1, today):
        begins, ends = window_on(zone, day, start, end)
        if begins <= now < ends:
            return ends
    return None


def again_at(attempt: int, now: int) -> int | None:
    """Return when to try again after the given attempt (from 1) failed, or None to give up."""
    return now + BACKOFF[attempt - 1] if attempt <= len(BACKOFF) else None


def person_of(home: Home, person: str) -> Person | None:
    """Return a person of the home, or None where the id is not one."""
    found = home.by_id.get(person)
    return found if isinstance(found, Person) else None


def unreachable(home: Home, rules: Sequence[Rule], browsers: Sequence[Subscription] = ()) -> list[str]:
    """Return who some rule tells and nothing reaches, each as a sentence; `browsers` are those that can be pushed to."""
    told = dict.fromkeys(person for rule in rules for person in recipients(rule, home))
    found = ((id, person_of(home, id)) for id in told)
    return [
        f"{id} is not a person of {home.home}."
        if person is None
        else f"{person.name or id} has no channel and no device."
        for id, person in found
        if person is None or not is_reached(person, browsers)
    ]
