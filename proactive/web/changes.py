"""Rules put and dropped over HTTP: they go through the store, where rules are kept, and from there into the log at once."""

from __future__ import annotations

from proactive.web.site import Site
from rules.check import check, is_advice
from rules.problem import InputError, Problem
from rules.record import Record
from rules.rule import Rule
from streams.changes import read_put
from streams.embedded import KNOWN, TAKEN


def change(site: Site, who: str, record: Record) -> str | Problem:
    """Put or drop the rule of a record: `taken`, `known` where it changes nothing, or why not.

    A change is known by what it says, not by the id of its record. It counts from now: the time of the record is not used.
    """
    try:
        changed = _put(site, who, read_put(record)) if record.type == "rule.put" else _drop(site, who, record)
    except InputError as error:
        return error.problems[0]
    if changed:
        site.look()
    return TAKEN if changed else KNOWN


def _put(site: Site, who: str, rule: Rule) -> bool:
    wrong = [problem for problem in check(rule, site.store.export_home(rule.home)) if not is_advice(problem)]
    if wrong:
        raise InputError(wrong)
    before = {standing.id: standing.version for standing in site.store.rules(rule.home)}
    return site.store.put_rule(rule, who=who, at=site.now()).version != before.get(rule.id)


def _drop(site: Site, who: str, record: Record) -> bool:
    assert record.home is not None, "decode lets no change pass without a home"
    rule = str(record.data["rule"])
    stands = any(standing.id == rule for standing in site.store.rules(record.home))
    if not stands and site.store.last_rule(record.home, rule) is not None:
        return False
    site.store.drop_rule(record.home, rule, who=who, at=site.now())
    return True
