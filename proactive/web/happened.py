"""What happened, for the timeline: what was seen and what was told of it, by what is looked for, a page at a time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import msgspec

from proactive.access.access import reports_of
from proactive.notification import TOLD, Notification
from proactive.notify.channel import WEBPUSH
from proactive.web.rulings import language_of
from proactive.web.seen import Backwards, Looking, Place, Seen
from proactive.web.visit import Visit
from proactive.web.words import name_of, title_of
from rules.explain import explain, explain_firing
from rules.firing import Firing
from rules.home import Home, Person, Pet
from rules.record import Record
from rules.rule import Rule

if TYPE_CHECKING:
    from collections.abc import Iterator

A_PAGE = 40
LATEST: Place = (1 << 62, "")


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is looked for: a camera, device, pet or person, a rule, words, or one kind of entry."""

    of: str = ""
    rule: str = ""
    words: tuple[str, ...] = ()
    kind: str = ""  # seen, told, blind


@dataclass(frozen=True, slots=True)
class Told:
    """Something that a rule told: the rule, the verdict, in words, and what each person got.

    `notification` is the id of what whoever visits was told of it, if anything.
    """

    time: int
    id: str
    rule: Rule
    title: str
    verdict: str
    words: str
    got: tuple[str, ...] = ()
    notification: str = ""

    @property
    def place(self) -> Place:
        """Return where it stands in the order of (time, id)."""
        return self.time, self.id


Entry = Seen | Told


@dataclass(frozen=True, slots=True)
class Happened:
    """A page of what happened, the newest first, and where the next one begins; None where nothing is older."""

    entries: tuple[Entry, ...]
    more: Place | None


def happened(visit: Visit, wanted: Wanted, before: Place, since: int, limit: int = A_PAGE) -> Happened:
    """Return what happened before a place and not before an instant, as far as whoever visits may know of it."""
    seen, floor = _seen(visit, wanted, before, since, limit)
    told, rest = _told(visit, wanted, before, since, limit + 1)
    ends = [place for place in (floor, rest) if place is not None]
    found: list[Entry] = sorted([*seen, *told], key=lambda entry: entry.place, reverse=True)
    known = [entry for entry in found if not ends or entry.place >= max(ends)]
    shown = known[:limit]
    if len(known) > limit:
        return Happened(tuple(shown), shown[-1].place)
    return Happened(tuple(shown), max(ends, default=None))


# --- what was seen ----------------------------------------------------------------------------------------------


def _seen(visit: Visit, wanted: Wanted, before: Place, since: int, limit: int) -> tuple[list[Seen], Place | None]:
    if wanted.rule or wanted.kind == "told":
        return [], None
    reader = Backwards(visit.site.runtime.log, visit.access, language_of(visit.home))
    return reader.page(before, since, _looking(wanted, visit.home), limit + 1)


def _looking(wanted: Wanted, home: Home) -> Looking:
    entry = home.by_id.get(wanted.of)
    subject = isinstance(entry, Pet | Person)
    needles = [_needles(word, home) for word in wanted.words]
    mark = msgspec.json.encode(wanted.of) if subject else b""

    def line(text: bytes) -> bool:
        if mark not in text or (wanted.kind == "blind" and b'"health"' not in text):
            return False
        low = text.lower() if needles else b""
        return all(any(each in low for each in any_of) for any_of in needles)

    def record(found: Record) -> bool:
        if wanted.kind and (found.type == "health") != (wanted.kind == "blind"):
            return False
        return not subject or wanted.of in (found.subject, found.source)

    return Looking("" if subject else wanted.of, line, record, numbers=bool(wanted.of) and not subject)


def _needles(word: str, home: Home) -> list[bytes]:
    """Return what a line has that is about a word: the word, or what the home calls by it."""
    named = [
        entry.id for entry in home.by_id.values() if word in " ".join([entry.name or "", *entry.aliases]).casefold()
    ]
    return [text.lower().encode() for text in (word, word.rstrip("s"), *named) if text]


# --- what was told ----------------------------------------------------------------------------------------------


def _told(visit: Visit, wanted: Wanted, before: Place, since: int, limit: int) -> tuple[list[Told], Place | None]:
    """Return what was told before a place, and where to read on (None: all read)."""
    if wanted.kind in ("seen", "blind"):
        return [], None
    only = _rules(visit, wanted)
    if only is not None and not only:
        return [], None
    store, home = visit.site.store, visit.home
    firings = store.firings_back(home.home, before, since=since, limit=limit, rules=only)
    rules = store.last_rules({(home.home, firing.rule) for firing in firings})
    seen = [(f, rule) for f in firings if (rule := rules.get((home.home, f.rule))) and visit.access.may_see_rule(rule)]
    got = store.told_of([firing.id for firing, _ in seen])
    told = [_telling(visit, firing, rule, got.get(firing.id, [])) for firing, rule in seen]
    rest = (firings[-1].time, firings[-1].id) if len(firings) == limit else None
    return told, rest


def _rules(visit: Visit, wanted: Wanted) -> set[str] | None:
    """Return the rules whose firings are looked for; None for all of them."""
    if wanted.rule:
        return {wanted.rule}
    if not wanted.of and not wanted.words:
        return None
    rules = visit.access.rules(visit.site.store.rules(visit.home.home))
    return {rule.id for rule in rules if _is_about(rule, wanted, visit.home)}


def _is_about(rule: Rule, wanted: Wanted, home: Home) -> bool:
    if wanted.of and all(wanted.of not in of for of in reports_of(rule, home)):
        return False
    if not wanted.words:
        return True
    text = f"{title_of(rule)} {rule.said or ''} {rule.id} {explain(rule, home)}".casefold()
    return all(word in text for word in wanted.words)


def _telling(visit: Visit, firing: Firing, rule: Rule, got: Sequence[tuple[Notification, str]]) -> Told:
    then = visit.site.store.rule_then(firing) or rule
    words, own = explain_firing(firing, then, visit.home), own_notification(visit, got)
    return Told(
        firing.time, firing.id, rule, title_of(then), firing.verdict, words, tuple(deliveries(visit.home, got)), own
    )  # fmt: skip


def own_notification(visit: Visit, got: Sequence[tuple[Notification, str]]) -> str:
    """Return the id of what whoever visits was told of a firing, its first words before all that followed; or an empty text."""
    own = [each for each, _ in got if each.person == visit.person and each.state == "sent"]
    return min(own, key=lambda each: each.kind != TOLD).id if own else ""


_KINDS = {TOLD: 0, "escalated": 1, "remind": 2}
_STATES = {
    "sent": "told",
    "waiting": "not told yet",
    "failed": "could not be reached",
    "snoozed": "did not want to hear",
    "dropped": "not told",
}


def deliveries(home: Home, got: Sequence[tuple[Notification, str]]) -> Iterator[str]:
    """Yield what each person got, first words first: `Greg: told through phone.greg, has seen to it`."""
    for each, channels in sorted(got, key=lambda pair: (_KINDS.get(pair[0].kind, 0), pair[0].person)):
        if each.kind not in _KINDS or (each.kind == "remind" and each.state == "dropped"):
            continue
        how = "a reminder waits" if each.kind == "remind" and each.state == "waiting" else _how(each, channels)
        seen_to = ", has seen to it" if each.kind == TOLD and each.acknowledged_by == each.person else ""
        yield f"{name_of(home, each.person, 'Somebody')}: {how}{seen_to}"


def _how(each: Notification, channels: str) -> str:
    through = f" through {channels.replace(WEBPUSH, 'a notification')}" if channels and each.state == "sent" else ""
    why = f" ({each.reason})" if each.reason and each.state != "sent" else ""
    again = {"remind": " again", "escalated": " in their place"}.get(each.kind, "")
    return f"{_STATES[each.state]}{again}{through}{why}"
