"""The index of a home: which conditions a record is offered to.

Members are found by source. Where more than a few watch one source, a `Fan` works out once who can match a record of a
given type, subject and label, and remembers it; so the cost of a record is that of the conditions that can match it,
however many there are. What waits to have seen a record (`seen` guards) comes after all that judge it, so that a
record never counts as seen when it is judged itself.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from rules.match import Matcher
from rules.record import Record
from rules.watch import Member, SeenTrack, Watch

FEW = 2
REMEMBERED = 256


class Fan:
    """Many members of one source, found by what a record is."""

    __slots__ = ("conditions", "found", "seen")

    def __init__(self, members: Iterable[Member]) -> None:
        self.conditions: list[Member] = []
        self.seen: list[Member] = []
        self.found: dict[tuple[str, str | None, object], tuple[Member, ...]] = {}
        self.add(members)

    def add(self, members: Iterable[Member]) -> None:
        """Add members: what waits to have seen a record comes after what judges it."""
        for member in members:
            (self.seen if _is_seen(member) else self.conditions).append(member)
        self.found.clear()

    def all(self) -> tuple[Member, ...]:
        """Return the members in the order in which they are offered a record."""
        return (*self.conditions, *self.seen)

    def of(self, record: Record) -> tuple[Member, ...]:
        """Return the members that can match records of this one's type, subject and label."""
        label = record.data.get("label")
        key = (record.type, record.subject, label)
        found = self.found.get(key)
        if found is None:
            if len(self.found) >= REMEMBERED:
                self.found.clear()
            found = self.found[key] = tuple(m for m in self.all() if any(_can(p, *key) for p in m[2]))
        return found


def _can(matcher: Matcher, type: str, subject: str | None, label: object) -> bool:
    return (
        (matcher.types is None or type in matcher.types)
        and (matcher.subjects is None or subject in matcher.subjects)
        and (matcher.labels is None or label in matcher.labels)
    )


Members = tuple[Member, ...] | Fan


class Index:
    """Members by source. `anywhere` and `seen_anywhere` have a pattern that names none: they get every record."""

    __slots__ = ("anywhere", "by_source", "seen_anywhere")

    def __init__(self) -> None:
        self.by_source: dict[str, Members] = {}
        self.anywhere: Members = ()
        self.seen_anywhere: Members = ()

    def add(self, watch: Watch) -> None:
        """Add the members of a watch."""
        conditions = list(watch.members())
        if _wide(conditions):
            # The slots of a condition that share records keep their order only if they share a place.
            self.anywhere = _plus(self.anywhere, conditions)
        else:
            self._add_by_source(conditions)
        self.add_seen(watch)

    def add_seen(self, watch: Watch) -> None:
        """Add what a watch's `seen` guards wait for."""
        seen = watch.seen_members()
        if not seen:
            return
        self.seen_anywhere = _plus(self.seen_anywhere, [member for member in seen if _wide([member])])
        self._add_by_source(member for member in seen if not _wide([member]))

    def _add_by_source(self, members: Iterable[Member]) -> None:
        for member in members:
            for source in dict.fromkeys(source for matcher in member[2] for source in matcher.sources or ()):
                self.by_source[source] = _plus(self.by_source.get(source, ()), [member])

    def remove(self, watch: Watch) -> None:
        """Remove the members of a watch."""
        self._remove(watch, [*watch.members(), *watch.seen_members()], seen_only=False)

    def remove_seen(self, watch: Watch) -> None:
        """Remove what a watch's `seen` guards wait for."""
        self._remove(watch, watch.seen_members(), seen_only=True)

    def _remove(self, watch: Watch, members: list[Member], *, seen_only: bool) -> None:
        def stays(member: Member) -> bool:
            return member[0].watch is not watch or (seen_only and not isinstance(member[0], SeenTrack))

        self.anywhere = _only(self.anywhere, stays)
        self.seen_anywhere = _only(self.seen_anywhere, stays)
        for source in {source for _, _, of in members for matcher in of for source in matcher.sources or ()}:
            left = _only(self.by_source.get(source, ()), stays)
            if left:
                self.by_source[source] = left
            else:
                self.by_source.pop(source, None)


def _wide(members: Iterable[Member]) -> bool:
    return any(matcher.sources is None for _, _, of in members for matcher in of)


def _plus(members: Members, more: list[Member]) -> Members:
    if isinstance(members, Fan):
        members.add(more)
        return members
    return _shape(sorted((*members, *more), key=_is_seen)) if more else members


def _is_seen(member: Member) -> bool:
    return isinstance(member[0], SeenTrack)


def _only(members: Members, stays: Callable[[Member], bool]) -> Members:
    return _shape(filter(stays, members.all() if isinstance(members, Fan) else members))


def _shape(members: Iterable[Member]) -> Members:
    found = tuple(members)
    return Fan(found) if len(found) > FEW else found
