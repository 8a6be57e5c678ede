"""Shrink a world in which engine and reference differ, and tell it as a story."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterator

from tests.reference.units import Json, instant
from tests.reference.versus import Line, expected, got, rule_of
from tests.reference.wall import reading
from tests.reference.worlds import World


def differs(world: World) -> bool:
    """Return whether engine and reference say different things; a crash of the engine is a difference."""
    try:
        return got(world) != expected(world)
    except Exception:  # noqa: BLE001  whatever breaks is what is looked for
        return True


def shrunk(world: World, wrong: Callable[[World], bool] = differs) -> World:
    """Return a world that is still wrong and from which nothing more can be left out."""
    smaller: World | None = world
    while smaller is not None:
        world = smaller
        smaller = next((candidate for candidate in _smaller(world) if wrong(candidate)), None)
    return world


def _smaller(world: World) -> Iterator[World]:
    """Yield worlds with something left out, the largest cuts first."""
    names = sorted({name for record in world.log if (name := rule_of(record))})
    for name in names:
        yield world.but([r for r in world.log if rule_of(r) != name])
    size = len(world.log) // 2
    while size >= 1:
        for start in range(0, len(world.log), size):
            yield world.but(world.log[:start] + world.log[start + size :])
        size //= 2
    for position, record in enumerate(world.log):
        for simpler in _simpler(record):
            yield world.but([*world.log[:position], simpler, *world.log[position + 1 :]])


def _simpler(record: Json) -> Iterator[Json]:
    """Yield simpler puts, and records without their decorations."""
    data = record["data"] if record["type"] != "tick" else {}
    if record["type"] != "rule.put":
        for key in ("episode", "phase", "confidence"):
            if key in data:
                yield record | {"data": {k: v for k, v in data.items() if k != key}}
        return
    for position in range(len(data.get("history") or ())):
        yield record | {"data": data | {"history": data["history"][:position] + data["history"][position + 1 :]}}
    for simpler in _simpler_rules(data["rule"]):
        yield record | {"data": data | {"rule": simpler}}


def _simpler_rules(rule: Json) -> Iterator[Json]:
    for key in ("while", "unknown", "blind_tolerance", "once", "expires", "enabled", "version"):
        if key in rule:
            yield {k: v for k, v in rule.items() if k != key}
    for position, guard in enumerate(rule.get("while") or ()):
        guards = rule["while"]
        yield rule | {"while": guards[:position] + guards[position + 1 :]}
        for simpler in _simpler_guards(guard):
            yield rule | {"while": [*guards[:position], simpler, *guards[position + 1 :]]}
    for when in _simpler_conditions(rule["when"]):
        yield rule | {"when": when}


def _simpler_guards(guard: Json) -> Iterator[Json]:
    if "not" in guard:
        yield guard["not"]
        yield from ({"not": simpler} for simpler in _simpler_guards(guard["not"]))
    for key in ("any", "all"):
        inner = guard.get(key) or []
        yield from inner
        for position, one in enumerate(inner):
            yield from ({key: [*inner[:position], s, *inner[position + 1 :]]} for s in _simpler_guards(one))


def _simpler_conditions(when: Json) -> Iterator[Json]:
    yield from when.get("conditions", ())
    for key in ("cooldown", "per", "days", "rrule", "offset"):
        if key in when and (key != "rrule" or len(when) > 2):
            yield {k: v for k, v in when.items() if k != key}
    for key in ("of", "first", "then"):
        for position in range(len(when.get(key, ())) if len(when.get(key, ())) > 1 else 0):
            yield when | {key: when[key][:position] + when[key][position + 1 :]}
    if when["op"] == "holds":
        yield from (when | {"state": simpler} for simpler in _simpler_guards(when["state"]))


def story(world: World) -> str:
    """Return the world, what was expected and what was found, to be read."""
    parts = [f"home    {json.dumps(home)}" for home in world.homes]
    parts.append(
        f"since   {world.since:%Y-%m-%d %H:%M:%S}Z until {world.until:%Y-%m-%d %H:%M:%S}Z, in order of arrival:"
    )
    parts += [_told(world, record) for record in world.log]
    try:
        found = got(world)
    except Exception as error:  # noqa: BLE001  the story tells how the engine broke
        return "\n".join([*parts, f"the engine broke: {error!r}", *_listed("expected", expected(world))])
    wanted = expected(world)
    missing, extra = _listed("only the reference says", wanted - found), _listed("only the engine says", found - wanted)
    return "\n".join([*parts, *missing, *extra, *_listed("both say", found & wanted)])


def _told(world: World, record: Json) -> str:
    house = next((h for h in world.homes if h["home"] == record.get("home")), world.homes[0])
    wall = f"{reading(house, instant(record['time'])):%d %H:%M:%S.%f}".removesuffix(".000000")
    what = " ".join(str(record[key]) for key in ("source", "subject") if record.get(key))
    data = json.dumps(record.get("data", {}))
    return f"  {record['time']} (local {wall}) {record['id']} {record['type']} {what} {data}"


def _listed(title: str, found: Counter[Line]) -> list[str]:
    return [
        f"{title}: {line.rule} {line.verdict} at {line.time} with {list(line.evidence)}, pattern {line.pattern}, of {line.of}"
        for line in sorted(found.elements(), key=repr)
    ]
