"""The index of a home: which conditions a record is offered to, by source, then by type and label.

A source that few conditions watch holds them in a tuple. One that many watch holds a `Fan`, which works out who can
match a record of a given type and label once, and remembers it; so the cost of a record is that of the conditions
that can match it, however many there are.
"""

from __future__ import annotations

from collections.abc import Iterable

from rules.match import Matcher
from rules.watch import Member, Watch

FEW = 8
REMEMBERED = 256


class Fan:
    """Many members of one source, found by type and label."""

    __slots__ = ("found", "members")

    def __init__(self, members: tuple[Member, ...]) -> None:
        self.members = members
        self.found: dict[tuple[str, object], tuple[Member, ...]] = {}

    def of(self, type: str, label: object) -> tuple[Member, ...]:
        """Return the members that can match a record of this type and label."""
        key = (type, label if isinstance(label, str) else None)
        found = self.found.get(key)
        if found is None:
            if len(self.found) >= REMEMBERED:
                self.found.clear()
            found = self.found[key] = tuple(m for m in self.members if any(_can(p, *key) for p in m[2]))
        return found


def _can(matcher: Matcher, type: str, label: object) -> bool:
    return (matcher.types is None or type in matcher.types) and (matcher.labels is None or label in matcher.labels)


Members = tuple[Member, ...] | Fan


class Index:
    """Members by source; those with a pattern that names no source are offered every record."""

    __slots__ = ("anywhere", "by_source")

    def __init__(self) -> None:
        self.by_source: dict[str, Members] = {}
        self.anywhere: Members = ()

    def add(self, members: list[Member]) -> None:
        """Add the members of one watch, in order."""
        # Members that share records keep their order only if they share a place: all of them go where one must.
        wide = any(matcher.sources is None for _, _, of in members for matcher in of)
        for member in members:
            if wide:
                self.anywhere = _plus(self.anywhere, member)
                continue
            for source in {source: None for matcher in member[2] for source in matcher.sources or ()}:
                self.by_source[source] = _plus(self.by_source.get(source, ()), member)

    def remove(self, watch: Watch, members: Iterable[Member]) -> None:
        """Remove the members of one watch."""
        self.anywhere = _without(self.anywhere, watch)
        for source in {source for _, _, of in members for matcher in of for source in matcher.sources or ()}:
            left = _without(self.by_source.get(source, ()), watch)
            if left:
                self.by_source[source] = left
            else:
                self.by_source.pop(source, None)


def _plus(members: Members, member: Member) -> Members:
    return _shape((*_all(members), member))


def _without(members: Members, watch: Watch) -> Members:
    return _shape(tuple(member for member in _all(members) if member[0].watch is not watch))


def _all(members: Members) -> tuple[Member, ...]:
    return members.members if isinstance(members, Fan) else members


def _shape(members: tuple[Member, ...]) -> Members:
    return Fan(members) if len(members) > FEW else members
