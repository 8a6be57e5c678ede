"""Changes to the rules, as records.

A change is in force for what happens at its own instant. Records of one instant are folded in order of their ids, so
the ids of changes begin with a space, which sorts before the characters that other ids are made of.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from rules.record import Record, as_json
from rules.rule import Rule
from rules.units import instant


def put_record(rule: Rule, time: datetime, history: Iterable[Record] = ()) -> Record:
    """Return the record that puts a rule, with the earlier records that it may rest on."""
    data = {"rule": rule.as_json(), "history": [as_json(record) for record in history]}
    return Record(id=f" put {rule.id} {instant(time)}", type="rule.put", time=time, home=rule.home, data=data)


def drop_record(home: str, rule: str, time: datetime) -> Record:
    """Return the record that drops a rule."""
    return Record(id=f" drop {rule} {instant(time)}", type="rule.drop", time=time, home=home, data={"rule": rule})
