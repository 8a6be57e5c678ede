"""Find: which of a home's rules some words are about, by what was said of them, what they do, and what they name."""

from __future__ import annotations

import re
from collections.abc import Sequence

from rapidfuzz import fuzz, process

from proactive.language.local.token import stems
from proactive.language.talk.entity import entities_of
from rules.explain import explain
from rules.home import Home
from rules.rule import Rule

NEAR = 80.0  # of 100: two letters swapped in a word of five
_SAME = dict.fromkeys(("feeding", "feed", "fed", "eat", "eating", "eaten", "meal", "food"), "fed")
_EMPTY = frozenset(
    """the a an my our your this that these those it them one ones rule reminder alert notification notice automation warning message about for of on in
    at to when if is are has have not no with by and or any all me us i we you know tell let anymore more again please so from do does be being been
    isn will can could get thing things stuff check watch every day one which what who
    """.split()
)


def rules_about(words: str, rules: Sequence[Rule], home: Home) -> list[Rule]:
    """Return the rules that have every word that says something, a slip of a letter allowed; none without such a word."""
    wanted = _content(words)
    return [rule for rule in rules if wanted and all(_has(word, rule, home) for word in wanted)]


def _has(word: str, rule: Rule, home: Home) -> bool:
    known = _words(rule, home)
    alike = [other for other in known if len(word) > 4 and other[0] == word[0]]
    return word in known or process.extractOne(word, alike, scorer=fuzz.ratio, score_cutoff=NEAR) is not None


def _words(rule: Rule, home: Home) -> frozenset[str]:
    entries = [home.by_id[id] for id in entities_of(rule) if id in home.by_id]
    named = [name for entry in entries for name in (entry.name, *entry.aliases, getattr(entry, "species", ""))]
    message = rule.notify.message if rule.notify is not None else ""
    texts = (rule.said or "", rule.id.replace("-", " "), explain(rule, home), message, *named)
    return frozenset(word for text in texts for word in _content(text))


def _content(text: str) -> set[str]:
    return {_SAME.get(word, word) for word in re.findall(r"\w+", stems(text)) if word not in _EMPTY}
