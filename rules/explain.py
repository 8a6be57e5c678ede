"""Explain a rule or a firing in plain English or Spanish, as a member of the family would read it.

The text is rendered from the stored values alone, never from what a model or a person wrote, so that it promises
exactly what the rule does. It is total: an id that the home does not list stands as it is, and every source of the
rule is named.
"""

from __future__ import annotations

from typing import Literal

from rules.home import Home
from rules.rule import Rule
from rules.words.actions import acting, afterwards
from rules.words.conditions import apart, lead
from rules.words.firings import firing_text
from rules.words.guards import all_holding
from rules.words.spanish import actions as spanish_actions
from rules.words.spanish import conditions as spanish_conditions
from rules.words.spanish import guards as spanish_guards

Language = Literal["en", "es"]

__all__ = ["explain", "explain_firing"]

explain_firing = firing_text


def explain(rule: Rule, home: Home, language: Language = "en") -> str:
    """Return what a rule does: when it decides, under which guards, who is told and what else happens."""
    if language == "es":
        return _in_spanish(rule, home)
    when = lead(rule.when, home)
    only = f", but only if {all_holding(rule.guards, home)}" if rule.guards else ""
    sentence = f"{when[:1].upper()}{when[1:]}{only}, {acting(rule, home)}."
    return " ".join(filter(None, [sentence, apart(rule.when), *afterwards(rule, home)]))


def _in_spanish(rule: Rule, home: Home) -> str:
    when = spanish_conditions.lead(rule.when, home)
    only = f", pero solo si {spanish_guards.all_holding(rule.guards, home)}" if rule.guards else ""
    sentence = f"{when[:1].upper()}{when[1:]}{only}, {spanish_actions.acting(rule, home)}."
    return " ".join(
        filter(None, [sentence, spanish_conditions.apart(rule.when), *spanish_actions.afterwards(rule, home)])
    )
