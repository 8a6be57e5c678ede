"""A house as plain values, for snapshots, and back."""

from __future__ import annotations

from typing import Any

from rules.change import install
from rules.conditions.base import Running
from rules.coverage import Coverage
from rules.house import House
from rules.plan import Terms, plan_of
from rules.record import decode, encode
from rules.units import instant, moment
from rules.watch import Watch


def save_house(house: House) -> dict[str, Any]:
    """Return the state of a house; everything that can be derived is left out."""
    place_of = _places(house)
    return {
        "home": house.id,
        "began": house.began,
        "greatest": house.greatest,
        "watermark": house.watermark,
        "waiting": [encode(record) for _, _, record in house.waiting],
        "ids": [house.ids_until, sorted(house.ids), sorted(house.older_ids)],
        "states": [[key, encode(record)] for key, (_, record) in house.states.items()],
        "coverages": {source: coverage.save() for source, coverage in house.coverages.items()},
        "episodes": [
            [episode, last, [[*place_of[running], slot] for running, slot in who if running in place_of]]
            for episode, (last, who) in house.episodes.known.items()
        ],
        "watches": [_save_watch(watch) for watch in house.watches.values()],
    }


def _places(house: House) -> dict[Running, tuple[str, int, str | None]]:
    return {
        running: (watch.id, running.position, running.key)
        for watch in house.watches.values()
        for running in watch.running()
    }


def _save_watch(watch: Watch) -> list[Any]:
    states = [[running.position, running.key, running.save()] for running in watch.running()]
    kept = [[position, key, fired] for (position, key), fired in (watch.kept or {}).items()]
    terms = [watch.id, watch.enabled, watch.expires, watch.once]
    return [terms, watch.plan.spec, watch.put, watch.tracks, watch.decided, kept, states]


def load_house(house: House, saved: dict[str, Any]) -> None:
    """Give a fresh house the state that `save_house` described."""
    house.began, house.greatest, house.watermark = (saved["began"], saved["greatest"], saved["watermark"])
    records = [decode(line) for line in saved["waiting"]]
    house.waiting = [(instant(record.time), record.id, record) for record in records]
    house.ids_until, ids, older = saved["ids"]
    house.ids, house.older_ids = set(ids), set(older)
    for key, line in saved["states"]:
        record = decode(line)
        house.states[tuple(key) if isinstance(key, list) else key] = (instant(record.time), record)
    house.coverages = {source: Coverage.load(state) for source, state in saved["coverages"].items()}
    for state in saved["watches"]:
        _load_watch(house, state)
    running_at = {place: running for running, place in _places(house).items()}
    for episode, last, who in saved["episodes"]:
        found = {(running_at[rule, position, key], slot) for rule, position, key, slot in who}
        house.episodes.known[episode] = (last, found)


def _load_watch(house: House, saved: list[Any]) -> None:
    terms, spec, put, tracks, decided, kept, states = saved
    id, enabled, expires, once = terms
    expiry = None if expires is None else moment(expires)
    watch = Watch(Terms(id, house.id, enabled, expiry, once), plan_of(spec), put)
    watch.decided = decided
    watch.tracks = tracks or watch.tracks
    watch.kept = {(position, key): fired for position, key, fired in kept} or None
    install(house, watch)
    for position, key, state in states:
        running = watch.at(position, key)
        if running is not None:
            running.load(house, state)
