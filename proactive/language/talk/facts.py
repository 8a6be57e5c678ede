"""Facts in use: as other names in the home that readers get, and in words that a person can check."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from zoneinfo import ZoneInfo

from proactive.language.fact import Fact
from proactive.language.local.detour import label_of
from proactive.language.local.phrase import clock
from rules.home import Home


def enriched(home: Home, facts: Iterable[Fact]) -> Home:
    """Return a home in which entries have the other names that people told; the same home where they told none."""
    names: dict[str, list[str]] = {}
    for fact in facts:
        if fact.kind == "alias" and fact.about in home.by_id:
            names.setdefault(fact.about, []).append(fact.name)
    if not names:
        return home
    return home.model_copy(
        update={
            kind: tuple(
                entry.model_copy(update={"aliases": (*entry.aliases, *names.get(entry.id, ()))})
                for entry in getattr(home, kind)
            )
            for kind in ("people", "pets", "cameras", "devices", "calendars")
        }
    )


def standing(facts: Iterable[Fact], now: datetime | None) -> tuple[Fact, ...]:
    """Return the facts whose time has not passed."""
    return tuple(fact for fact in facts if not fact.over(now))


def fact_text(fact: Fact, home: Home, now: datetime | None = None) -> str:
    """Return a fact in words, from what is kept and not from what was said; in the past where it is over `now`."""
    whose = label_of(fact.about, home) if fact.about in home.by_id else ""
    match fact.kind:
        case "time":
            return (
                f"{_possessive(whose, fact.name)} is at {clock(fact.value)}"
                if fact.name != "eats"
                else f"{whose or 'everybody'} eats at {clock(fact.value)}"
            )
        case "alias":
            return f"{whose or fact.about} is also called '{fact.name}'"
        case "away":
            return f"{whose or 'everybody'} {'was' if fact.over(now) else 'is'} away{_until(fact, home)}"
        case "pet":
            return f"{fact.name} is a {fact.value or 'pet'} of this home"
        case "person":
            return f"{fact.name} lives here or comes by" + (f" ({fact.value})" if fact.value else "")


def _possessive(whose: str, what: str) -> str:
    return f"{whose}'s {what}" if whose else what


def _until(fact: Fact, home: Home) -> str:
    if fact.until is None:
        return " until somebody says otherwise"
    local = fact.until.astimezone(ZoneInfo(home.time_zone))
    return f" until {local:%A} {local.day} {local:%B}, {local:%H:%M}"
