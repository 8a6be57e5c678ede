"""Exact by replay: a rule is right when it fires as a gold rule fires, over random logs that are about both.

What is compared of a firing is its time and whether it was `fired` or `unknown`; ids, evidence and what is said afterwards
(`resolved`) follow from them. Rules written differently that decide alike are equal; that they are told apart where
they do not is what `benchmarks.nl.mutants` measures.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from random import Random
from typing import Any

from benchmarks.nl.interest import interest
from benchmarks.nl.scenes import Log, make_log
from rules.engine import Engine
from rules.home import Home
from rules.rule import Rule, parse_rule
from rules.units import microseconds

LOGS = 24

Told = frozenset[tuple[int, str]]


def as_rule(home: Home, decides: dict[str, Any], name: str, now: datetime | None = None) -> Rule:
    """Return the rule of what decides in it, under a name; `expires_in` counts from now."""
    kept = {
        key: decides[key]
        for key in ("when", "while", "unknown", "blind_tolerance", "expires", "once")
        if key in decides
    }
    if now and "expires_in" in decides:
        kept["expires"] = (now + timedelta(microseconds=microseconds(decides["expires_in"]))).isoformat()
    return parse_rule({"id": name, "home": home.home, **kept})


def fired(home: Home, rules: Sequence[Rule], log: Log) -> dict[str, Told]:
    """Return by rule when it fired, or could not tell, in a log."""
    engine = Engine([home], log.since)
    for rule in rules:
        engine.put(rule.as_json(), log.since)
    found: dict[str, set[tuple[int, str]]] = {rule.id: set() for rule in rules}
    for firing in (*engine.receive(log.records), *engine.finish(log.until)):
        if firing.verdict in ("fired", "unknown"):
            found[firing.rule].add((firing.time, firing.verdict))
    return {name: frozenset(times) for name, times in found.items()}


def alike(home: Home, got: Iterable[Rule], gold: Iterable[Rule], seed: str, logs: int = LOGS) -> bool:
    """Tell whether rules, taken together, fire as the gold rules do, taken together, in every one of some logs."""
    ours = [rule.model_copy(update={"id": f"got{n}", "enabled": True}) for n, rule in enumerate(got)]
    theirs = [rule.model_copy(update={"id": f"gold{n}"}) for n, rule in enumerate(gold)]
    about, random = interest([*ours, *theirs]), Random(seed)
    for _ in range(logs):
        found = fired(home, [*ours, *theirs], make_log(home, about, random))
        if _all(found, ours) != _all(found, theirs):
            return False
    return True


def _all(found: dict[str, Told], rules: Iterable[Rule]) -> Told:
    return frozenset(told for rule in rules for told in found[rule.id])
