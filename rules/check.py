"""Check a rule against its home, before it is saved: a list of problems, each with a way out.

A rule that passes names only what the home lists, waits only for what its sources report, and can fire. The codes
are stable and listed in `rules/README.md`; those of `ADVICE` are worth saying and do not stop a rule.
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import chain

from rules.checks.conditions import check_conditions
from rules.checks.looks import Capabilities, check_looks
from rules.checks.names import check_home, check_people, check_sources, check_subjects
from rules.checks.reports import check_reports
from rules.checks.sense import check_sense
from rules.checks.speech import CONFIRMED_TYPES, MESSAGE_FIELDS, check_speech
from rules.home import Home
from rules.problem import Problem
from rules.rule import Rule

__all__ = ["ADVICE", "CODES", "CONFIRMED_TYPES", "MESSAGE_FIELDS", "Capabilities", "blocking", "check", "is_advice"]

CODES = frozenset(
    {
        "attribute_needed",
        "bad_message",
        "empty_between",
        "home_mismatch",
        "lasting_needs_episode",
        "never_fires",
        "no_keys",
        "no_location",
        "no_source",
        "nobody_looks",
        "not_a_number",
        "not_allowed",
        "unknown_attribute",
        "unknown_device",
        "unknown_event",
        "unknown_field",
        "unknown_person",
        "unknown_source",
        "unknown_subject",
        "unknown_value",
        "unknown_zone",
        "wrong_type",
        "wrong_unit",
    }
)
ADVICE = frozenset(
    {
        "blind_sequence",
        "count_of_one",
        "long_lasting",
        "needless_per",
        "needs_confirmation",
        "no_channel",
        "nobody_told",
        "tolerance_too_long",
        "unusual_key",
        "useless_cooldown",
    }
)


def check(rule: Rule, home: Home, detectors: Capabilities | None = None) -> list[Problem]:
    """Return everything that is wrong with a rule in a home, and advice; empty when there is nothing to say.

    `detectors` says what can be told from a picture here; without it nothing is reported as `nobody_looks`.
    """
    looks: Iterable[Problem] = () if detectors is None else check_looks(rule, home, detectors)
    return list(
        chain(
            check_home(rule, home),
            check_sources(rule, home),
            check_subjects(rule, home),
            check_people(rule, home),
            check_reports(rule, home),
            looks,
            check_conditions(rule, home),
            check_sense(rule, home),
            check_speech(rule, home),
        )
    )


def is_advice(problem: Problem) -> bool:
    """Say whether a rule with this problem may be saved all the same."""
    return problem.code in ADVICE


def blocking(problems: Iterable[Problem]) -> list[Problem]:
    """Return the problems with which a rule may not be saved."""
    return [problem for problem in problems if not is_advice(problem)]
