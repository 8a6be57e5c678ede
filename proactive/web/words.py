"""Words that pages share: what rules are called, who did what. Rendered from stored values, never from a model."""

from __future__ import annotations

from collections.abc import Iterable

from proactive.account import Change
from proactive.store.rulebook import Version
from rules.home import Home
from rules.problem import Problem
from rules.rule import Rule

_CHANGES = {
    "home.begin": "set this home up.",
    "home.details": "changed the place or hours of the home.",
    "home.forget": "had me forget that {words}.",
    "home.devices": "added {words}.",
    "person.told": "changed how {about} is told.",
    "person.invite": "invited {about} as {words}.",
    "person.join": "came in by an invitation.",
    "person.withdraw": "withdrew the invitation of {about}.",
    "person.close": "took the account of {about} away.",
    "person.shown": "changed what {about} may see.",
    "pet.add": "added {about}.",
    "pet.change": "changed what is known of {about}.",
    "pet.remove": "took {words} off the list.",
    "pet.teach": "taught how {about} looks: {words}.",
    "pet.unteach": "took back {words} of {about}.",
    "camera.add": "added {about}.",
    "camera.change": "changed {about}.",
    "camera.remove": "took {words} off the list.",
    "camera.zones": "drew the zones of {about} anew: {words}.",
    "account.password": "changed their password.",
    "account.ended": "signed one of their browsers out.",
    "account.everywhere": "signed out everywhere.",
    "rule.pause": "paused “{words}”.",
    "rule.resume": "resumed “{words}”.",
    "rule.drop": "deleted “{words}”.",
    "rule.restore": "brought back “{words}”.",
    "rule.edit": "changed “{words}”.",
}


def title_of(rule: Rule) -> str:
    """Return what a rule is called: what it says when it fires, else the words that made it, else its id."""
    message = "" if rule.notify is None else rule.notify.message
    text = message if message and "{" not in message else rule.said or rule.id.replace("-", " ").replace("_", " ")
    return f"{text[:1].upper()}{text[1:]}".rstrip(".")


def name_of(home: Home, person: str | None, otherwise: str) -> str:
    """Return the name of a person, or what to say where there is nobody."""
    entry = home.by_id.get(person or "")
    return (entry.name if entry is not None else "") or person or otherwise


def problem_words(problems: Iterable[Problem]) -> str:
    """Return what is wrong as sentences, each with what to do about it."""
    return " ".join(f"{each.message[:1].upper()}{each.message[1:]} {each.hint}".strip() for each in problems)


def changed(old: Version | None, new: Version) -> str:
    """Return what a version of a rule changed, in words."""
    if old is None:
        return f"made it: “{new.said}”." if new.said else "made it."
    if old.rule.enabled != new.rule.enabled:
        return "resumed it." if new.rule.enabled else "paused it."
    if old.rule.as_json() | {"version": 0} == new.rule.as_json() | {"version": 0}:
        return "brought it back."
    if old.rule.notify != new.rule.notify and old.rule.when == new.rule.when:
        return "changed who is told, or how."
    return f"changed it: “{new.said}”." if new.said and new.said != old.said else "changed it."


def change_words(change: Change, home: Home) -> str:
    """Return what somebody changed, in words."""
    about = name_of(home, change.about, "somebody")
    words = _CHANGES.get(change.did, change.did.replace(".", " ") + ": {words}")
    return words.format(about=about, words=change.words)
