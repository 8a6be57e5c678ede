"""A notification as a page shows it: what it is about, the picture and the evidence as far as one may see them, who got it how."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from proactive.access.access import Access
from proactive.deed import Deed
from proactive.notification import ASK, RESULT, Notification
from proactive.notify.deeds import words as deed_words
from proactive.pictures import kept
from proactive.web.happened import deliveries
from proactive.web.pages.picture import file_of
from proactive.web.problem import Refused
from proactive.web.site import Site
from proactive.web.visit import Visit
from proactive.web.words import name_of, title_of
from rules.explain import explain_firing
from rules.firing import Firing
from rules.rule import Rule
from rules.units import MINUTE, instant
from rules.words.records import record_text

LIST = "/notifications"
FALSE = {
    "subject": "it was not who I said",
    "place": "it was the wrong place",
    "nothing": "nothing was there",
    "boring": "it is not interesting now",
    "time": "it was the wrong time",
}
"""What somebody may say was wrong, in words."""


@dataclass(frozen=True, slots=True)
class Proof:
    """A report that a firing rests on: when, in words, and the id of its record where its picture may be seen."""

    time: int
    words: str
    picture: str = ""


@dataclass(frozen=True, slots=True)
class Question:
    """Something that waits for a yes: what is to be done, how many whole minutes are left, and who may answer."""

    deed: Deed
    words: str
    minutes: int
    yours: bool

    @property
    def open(self) -> bool:
        """Tell whether it can still be answered."""
        return self.deed.state == "asking" and self.minutes > 0


@dataclass(frozen=True, slots=True)
class Notice:
    """A notification with all of what its page shows. `seen_by` is who has seen to it, `called_false` who says what was wrong."""

    notification: Notification
    firing: Firing
    rule: Rule | None
    title: str
    why: str
    proof: tuple[Proof, ...]
    pictured: bool
    got: tuple[str, ...]
    seen_by: str
    called_false: tuple[str, ...]
    question: Question | None

    @property
    def base(self) -> str:
        """Return the address of the page."""
        return f"{LIST}/{quote(self.notification.id)}"

    @property
    def answerable(self) -> bool:
        """Tell whether there is something to say to it: it told that something is so, and nobody has seen to it."""
        told = self.notification
        return told.verdict in {"fired", "unknown"} and told.kind not in {ASK, RESULT} and not self.seen_by


def noticed(visit: Visit, id: str) -> Notification:
    """Return a notification that whoever visits got, or that is about a rule they see. Raise Refused, alike for every reason."""
    found = visit.site.store.notification(id)
    if found is not None and found.home == visit.home.home and (found.person == visit.person or _sees(visit, found)):
        return found
    raise Refused(404, "There is no such notification, or it is not yours to see.")


def _sees(visit: Visit, found: Notification) -> bool:
    rule = visit.site.store.last_rule(found.home, found.rule)
    return rule is not None and visit.access.may("see_timeline") and visit.access.may_see_rule(rule)


def notice_of(visit: Visit, told: Notification) -> Notice:
    """Return what the page of a notification shows."""
    store, home = visit.site.store, visit.home
    firing, rule = store.firing(told.firing), store.last_rule(told.home, told.rule)
    assert firing is not None, "a notification goes with its firing"
    got = store.told_of([firing.id]).get(firing.id, [])
    false = store.false_alarms(home.home, told.occurrence)
    return Notice(
        told, firing, rule,
        title=told.title if rule is None else title_of(rule),
        why="" if rule is None else explain_firing(firing, store.rule_then(firing) or rule, home),
        proof=tuple(_proof(visit, firing)),
        pictured=picture_for(visit.site, visit.access, told) is not None,
        got=tuple(deliveries(home, got)),
        seen_by="" if told.acknowledged_at is None else name_of(home, told.acknowledged_by, "Somebody"),
        called_false=tuple(_called(visit, false)),
        question=_question(visit, told),
    )  # fmt: skip


def picture_for(site: Site, access: Access, told: Notification) -> Path | None:
    """Return where the picture of a notification is; None where there is none any more, or it is not theirs to see."""
    if not access.may_see_taken(told.camera):
        return None
    return kept(site.settings.data, told.home, told.camera, told.picture)


def _proof(visit: Visit, firing: Firing) -> Iterator[Proof]:
    for record in visit.site.runtime.log.records(firing.home, firing.evidence):
        if visit.access.may_read(record):
            shown = visit.access.may_see(record.source or "") and file_of(visit, record) is not None
            yield Proof(instant(record.time), record_text(record, visit.home), record.id if shown else "")


def _called(visit: Visit, false: dict[str, str]) -> Iterator[str]:
    for person, reason in false.items():
        who = name_of(visit.home, person, "Somebody")
        yield f"{who} said it was a false alarm{f': {FALSE[reason]}' if reason in FALSE else ''}."


def _question(visit: Visit, told: Notification) -> Question | None:
    deed = visit.site.store.deed(told.of) if told.kind == ASK else None
    if deed is None:
        return None
    left = max(deed.due_at - visit.now, 0)
    yours = visit.access.may("confirm") or not deed.sensitive
    return Question(deed, deed_words(deed, visit.home), -(-left // MINUTE) if left else 0, yours)
