"""The actor: sends deeds to devices through their source, each once, and tells how they ended.

A deed is a row before anything is sent. One that was begun and never ended is not sent again: whether the device heard it
is not known, and a garage door that hears it twice is open again. What a source says it did not take is tried twice more.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from proactive.deed import Deed, DeedState
from proactive.notify.deeds import results
from proactive.notify.plan import LATE
from proactive.store import Store
from rules.units import SECOND
from streams.source import Command, DeviceSource, NotMine, SourceError, Unsure

LEASE = 60 * SECOND  # longer than a source takes to give up
AGAIN = (
    5 * SECOND,
    20 * SECOND,
)  # a source that reconnects needs a moment; later than that, nobody expects it any more

log = logging.getLogger(__name__)
Send = Callable[[Command], None]


@dataclass(frozen=True)
class Actor:
    """Does what is due; `send` hands a command to the source of its device, or raises SourceError."""

    store: Store
    send: Send

    def notify_at(self) -> int | None:
        """Return the instant at which to call `act` next, or None."""
        return self.store.next_deed()

    def act(self, now: int) -> list[tuple[Deed, DeedState]]:
        """Look at every deed that is due, and return those that ended, each with how."""
        self.store.rebase(now)
        looked = ((deed, self._look(deed, now)) for deed in self.store.due_deeds(now))
        return [(deed, state) for deed, state in looked if state is not None]

    def _look(self, deed: Deed, now: int) -> DeedState | None:
        match deed.state:
            case "asking":
                return self._end(deed, "expired", "nobody said yes within 15 minutes", now)
            case "sending":
                return self._end(deed, "unsure", "I was stopped while the command was under way", now)
            case _:
                return self._do(deed, now)

    def _do(self, deed: Deed, now: int) -> DeedState | None:
        if now - (deed.answered_at or deed.created_at) >= LATE:
            return self._end(deed, "expired", "nothing ran at the time, and now it is too late", now)
        if not self.store.begin_deed(deed, now=now, lease=LEASE):
            return None
        try:
            self.send(Command(deed.home, deed.device, deed.command, deed.value))
        except Unsure as error:
            return self._end(deed, "unsure", str(error), now)
        except SourceError as error:
            return self._not_taken(deed, str(error), now)
        except Exception as error:  # noqa: BLE001 - somebody else's code: one device must not stop the others
            return self._end(deed, "unsure", f"its source broke: {type(error).__name__}", now)
        return self._end(deed, "done", "", now)

    def _not_taken(self, deed: Deed, reason: str, now: int) -> DeedState | None:
        if deed.attempts >= len(AGAIN):
            return self._end(deed, "failed", reason, now)
        self.store.wait_deed(deed, now=now, until=now + AGAIN[deed.attempts], reason=reason)
        return None

    def _end(self, deed: Deed, state: DeedState, reason: str, now: int) -> DeedState | None:
        home, rule = self.store.export_home(deed.home), self.store.last_rule(deed.home, deed.rule)
        then = results(deed, state, reason, rule, home, now)
        if state != "done":
            log.warning("Deed %s, %s %s: %s, %s", deed.id, deed.command, deed.device, state, reason)
        return state if self.store.end_deed(deed, state, now=now, reason=reason, then=then) else None


def through(sources: Iterable[DeviceSource]) -> Send:
    """Return what hands a command to the first of the sources that takes it; raises SourceError where none does.

    Where one cannot tell whether it was taken, no other is tried: the device may have heard it.
    """
    known = list(sources)

    def send(command: Command) -> None:
        refusals = []
        for source in known:
            try:
                source.send(command)
            except (NotMine, Unsure) as error:
                if isinstance(error, Unsure):
                    raise
            except SourceError as error:
                refusals.append(str(error))
            else:
                return
        raise SourceError("; ".join(refusals) or f"no source that runs here knows {command.device}")

    return send
