"""Changes to the rules, as records.

A change is in force for what happens at its own instant. Records of one instant are folded in order of their ids, so
the ids of changes begin with a space, which sorts before the characters that other ids are made of.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from rules.problem import InputError, Problem
from rules.record import Record, as_json, history
from rules.rule import Rule, parse_rule
from rules.units import instant


def put_record(rule: Rule, time: datetime, history: Iterable[Record] = ()) -> Record:
    """Return the record that puts a rule, with the earlier records that it may rest on."""
    data = {"rule": rule.as_json(), "history": [as_json(record) for record in history]}
    return Record(id=f" put {rule.id} {instant(time)}", type="rule.put", time=time, home=rule.home, data=data)


def read_put(record: Record) -> Rule:
    """Return the rule that a `rule.put` record puts. Raise InputError when the engine could not take it.

    Whoever takes records from outside asks this first, so that what is no rule is kept aside instead of kept.
    """
    rule = parse_rule(record.data["rule"], "data.rule")
    if rule.home != record.home:
        message = f"expected a rule of the record's home {record.home!r}, found one of {rule.home!r}."
        raise InputError([Problem("other_home", "data.rule.home", message)])
    history(record.data.get("history", ()))
    return rule


def drop_record(home: str, rule: str, time: datetime) -> Record:
    """Return the record that drops a rule."""
    return Record(id=f" drop {rule} {instant(time)}", type="rule.drop", time=time, home=home, data={"rule": rule})
