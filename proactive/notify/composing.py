"""From rows to a message: the words with what is late about them, the picture if it is still there, what may be answered."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from proactive.notification import ASK, PICTURE, RESULT, Notification
from proactive.notify.channel import Choice, Message
from proactive.notify.digest import digest_body, digest_tag, most_urgent
from proactive.notify.text import lateness
from proactive.settings import Settings
from proactive.store import Store
from rules.home import Home, Person

REPEAT = "(You may have had this before.)"


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
        )

    def _single(self, of: Notification, now: int, *, repeat: bool) -> Message:
        picture = self._picture(of)
        late = "" if of.kind in {PICTURE, RESULT} else lateness(of.time, now, of.reason, self.home)
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
            silent=of.kind == PICTURE,
            choices=self._choices(of),
        )

    def _picture(self, of: Notification) -> Path | None:
        picture = self.settings.data / of.picture if of.picture else None
        return picture if picture is not None and picture.is_file() else None

    def _choices(self, of: Notification) -> tuple[Choice, ...]:
        if of.kind == ASK:
            deed = self.store.deed(of.of)
            code = deed.code if deed is not None else None
            return (Choice(f"confirm:{code}", "Yes"), Choice(f"refuse:{code}", "No")) if code else ()
        if of.kind == RESULT or of.verdict not in {"fired", "unknown"}:
            return ()
        return (Choice(f"acknowledge:{of.id}", "Got it"), Choice(f"snooze:{of.id}:1h", "Quiet for an hour"))
