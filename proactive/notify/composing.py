"""From rows to a message: the words with what is late about them, the picture if it is still there, what may be answered."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from proactive.access.access import Access
from proactive.notification import ASK, CLEAR, PICTURE, RESULT, Notification
from proactive.notify.channel import Choice, Message
from proactive.notify.digest import digest_body, digest_tag, most_urgent
from proactive.notify.text import lateness
from proactive.pictures import kept
from proactive.settings import Settings
from proactive.store import Store
from rules.home import Home, Person

REPEAT = "(You may have had this before.)"
LIST = "/notifications"


@dataclass(frozen=True)
class Composing:
    """Writes messages to one person of a home."""

    settings: Settings
    store: Store
    home: Home
    person: Person

    def message(self, bundle: Sequence[Notification], now: int, *, repeat: bool) -> Message:
        """Return one message for what is sent together: a digest where that is more than one thing."""
        return self._digest(bundle, repeat=repeat) if len(bundle) > 1 else self._single(bundle[0], now, repeat=repeat)

    def _digest(self, bundle: Sequence[Notification], *, repeat: bool) -> Message:
        first, body = bundle[0], digest_body(bundle, self.home)
        return Message(
            tag=digest_tag(bundle),
            to=self.person.name or self.person.id,
            title=first.title,
            body=f"{body}\n{REPEAT}" if repeat else body,
            urgency=most_urgent(bundle),
            id=first.id,
            home=first.home,
            person=self.person.id,
            time=first.time,
            page=LIST,
        )

    def _single(self, of: Notification, now: int, *, repeat: bool) -> Message:
        picture = self._picture(of)
        late = "" if of.kind in {PICTURE, RESULT, CLEAR} else lateness(of.time, now, of.reason, self.home)
        shown = f"({of.caption})" if picture is not None and of.caption else ""
        return Message(
            tag=of.thread,
            to=self.person.name or self.person.id,
            title=of.title,
            body=" ".join(filter(None, (of.body, late, shown, REPEAT if repeat else ""))),
            urgency=of.urgency,
            picture=picture,
            id=of.id,
            home=of.home,
            rule=of.rule,
            person=of.person,
            verdict=of.verdict,
            time=of.time,
            silent=of.kind in {PICTURE, CLEAR},
            choices=self._choices(of),
            until=self._until(of),
            clears=of.kind == CLEAR,
            page=f"{LIST}/{of.id}",
        )

    def _picture(self, of: Notification) -> Path | None:
        """Return the picture where it is still there, and this person may see what that camera saw."""
        picture = kept(self.settings.data, self.home.home, of.camera, of.picture)
        access = Access(self.home, self.person.id, self.store.shown(self.home.home, self.person.id))
        return picture if access.may_see_taken(of.camera) else None

    def _until(self, of: Notification) -> int:
        deed = self.store.deed(of.of) if of.kind == ASK else None
        return deed.due_at if deed is not None else 0

    def _choices(self, of: Notification) -> tuple[Choice, ...]:
        if of.kind == ASK:
            deed = self.store.deed(of.of)
            return () if deed is None or deed.code is None else _yes_or_no(deed.code, guarded=deed.sensitive)
        if of.kind in {RESULT, CLEAR} or of.verdict not in {"fired", "unknown"}:
            return ()
        seen, later = Choice(f"acknowledge:{of.id}", "Got it"), Choice(f"snooze:{of.id}:1h", "Snooze 1 hour")
        return (seen, later, Choice(f"false:{of.id}", "False alarm"))


def _yes_or_no(code: str, *, guarded: bool) -> tuple[Choice, ...]:
    """Return the answers to a question: only the yes moves something, so a no is anybody's who holds the phone."""
    return (Choice(f"confirm:{code}", "Yes", guarded), Choice(f"refuse:{code}", "No"))
