"""Reach: whether what is told can reach somebody, in sentences that pages and `proactive doctor` share."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from proactive.subscription import Subscription
from rules.calendar import zone_of
from rules.home import Home, Person
from rules.units import moment
from rules.words.times import on_short_date

A_BROWSER = "browser"


def lost_browsers(browsers: Iterable[Subscription], person: str) -> list[Subscription]:
    """Return the browsers of a person that can be pushed to no more."""
    return [each for each in browsers if each.person == person and each.lost_at is not None]


def lost_words(browser: Subscription, home: Home, *, you: bool) -> str:
    """Return that a browser is lost: `Your Firefox on Android gets no notifications any more, since Mon 9 Mar`."""
    assert browser.lost_at is not None, "only of a browser that is lost"
    since = on_short_date(moment(browser.lost_at).astimezone(zone_of(home)).date())
    whose = "Your" if you else f"{_name(home, browser.person)}'s"
    return f"{whose} {browser.device or A_BROWSER} gets no notifications any more, since {since}."


def is_reached(person: Person, browsers: Iterable[Subscription]) -> bool:
    """Say whether anything at all leads to a person: a channel, or a browser that can be pushed to."""
    return bool(person.channels) or any(each.person == person.id and each.lost_at is None for each in browsers)


def unreached_words(person: Person, browsers: Sequence[Subscription], *, you: bool) -> str:
    """Return that nothing leads to a person, or an empty text where something does."""
    if is_reached(person, browsers):
        return ""
    return f"Nothing reaches {'you' if you else person.name or person.id} yet: no device, no channel."


def _name(home: Home, person: str) -> str:
    entry = home.by_id.get(person)
    return (entry.name if entry is not None else "") or person
