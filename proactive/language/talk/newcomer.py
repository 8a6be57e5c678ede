"""Newcomers: a pet or a person whom the home does not list yet is asked about, and added when a person says so."""

from __future__ import annotations

import re

from proactive.language.fact import Fact
from proactive.language.local.catalogue import catalogue_of, without_articles
from proactive.language.local.phrase import slug
from proactive.language.local.token import stems
from proactive.language.outcome import Ask, Change, Choice, Outcome
from proactive.language.request import Request
from proactive.language.talk.words import plain
from rules.home import Home
from rules.problem import Problem

NEWCOMER = "add"  # the slot of the question who somebody is

SPECIES = {
    "dog": "dog", "puppy": "dog", "pup": "dog", "doggy": "dog", "cat": "cat", "kitten": "cat", "kitty": "cat", "bird": "bird", "parrot": "bird",
    "rabbit": "rabbit", "bunny": "rabbit", "horse": "horse", "pony": "horse", "hamster": "hamster", "turtle": "turtle", "goat": "goat", "chicken": "chicken",
    "hen": "chicken", "duck": "duck", "pig": "pig", "sheep": "sheep", "pet": "",
}  # fmt: skip
_PERSON = frozenset(
    """person man woman human friend son daughter mother father mom mum dad grandmother grandfather grandma grandpa aunt uncle sister brother cousin nephew
    niece baby child kid boy girl wife husband partner neighbor neighbour babysitter nanny cleaner guest roommate housemate boyfriend girlfriend somebody someone
    """.split()
)
_CHILD = frozenset("son daughter baby child kid boy girl".split())
# After one of these stands a thing, however it is written: "the Roomba", "el Roomba".
_DETERMINED = frozenset(
    "the a an my our your his her their this that each every any el la los las un una mi tu su".split()
)
_KIND = rf"(?P<kind>{'|'.join((*SPECIES, *sorted(_PERSON)))})"
_NEW = (
    re.compile(rf"(?P<name>\w+) is (?:our|my|a|the) (?:new )?{_KIND}", re.IGNORECASE),
    re.compile(
        rf"(?:we|i) (?:just |now |also )*(?:have|got|adopted|bought|rescued) an? (?:new |little |young )*{_KIND},? (?:called|named|by the name of) (?P<name>\w+)",
        re.IGNORECASE,
    ),
    re.compile(rf"(?:our|my|the) (?:new )?{_KIND}(?:'s name is| is called| is named) (?P<name>\w+)", re.IGNORECASE),
    re.compile(rf"add (?:our |my |the |a )?(?:new )?{_KIND} (?P<name>\w+)", re.IGNORECASE),
)
_IS = re.compile(
    rf"(?:(?:yes|(?:it|he|she|that|this)(?: is|'s)) )*(?:an? |our |my |the )?(?:new |little |young |old )*{_KIND}(?: of (?:ours|mine))?(?: is)?"
)
_UNKNOWN = "unknown_name"  # the problem of a question who somebody is; it is at the name
_PHOTO = "Send a photo, so that the cameras can tell who it is: until then no camera knows {name}."


def newcomer(text: str, request: Request) -> Outcome | None:
    """Return the outcome of "Rex is our new dog", or None where nobody new is named."""
    for pattern in _NEW:
        found = pattern.fullmatch(text.strip().rstrip(".!"))
        if found and _is_new(found["name"], request.home):
            return _adding(_fact(found["name"], found["kind"].lower(), request), "")
    return None


def _is_new(name: str, home: Home) -> bool:
    return name[:1].isupper() and without_articles(stems(name)) not in catalogue_of(home).phrases


def _adding(fact: Fact, then: str, *, sure: bool = False) -> Outcome:
    kind = f"a {fact.value}" if fact.kind == "pet" and fact.value else f"a {fact.kind}"
    reply = f"{'I add' if sure else 'I would add'} {fact.name} to this home as {kind}. {_PHOTO.format(name=fact.name)}"
    return Outcome("manage", reply, change=Change("tell", facts=(fact,), sure=sure, then=then))


def _fact(name: str, kind: str, request: Request) -> Fact:
    """Return the newcomer: an id that the home does not have, and what it is."""
    pet = kind in SPECIES
    prefix = "pet" if pet else "person"
    id, number = f"{prefix}.{slug([name]).replace('-', '_')}", 1
    while id in request.home.by_id:
        number += 1
        id = f"{prefix}.{slug([name]).replace('-', '_')}_{number}"
    value = SPECIES[kind] if pet else "child" if kind in _CHILD else kind
    return Fact("pet" if pet else "person", id, name, value, request.text.strip(), request.speaker or "")


# --- a name that a request holds --------------------------------------------------------------------------------


def introduced(outcome: Outcome, text: str) -> Outcome:
    """Return an outcome of a text that names somebody unknown with the question of who that is."""
    name = _unknown_name(outcome, text)
    if outcome.outcome != "cannot" or name is None:
        return outcome
    question = f"I do not know {name}. Shall I add {name} to this home? Is it a dog, a cat, another animal or a person? A photo helps the cameras."
    choices = (
        Choice("dog", "a dog"), Choice("cat", "a cat"), Choice("pet", "another animal"), Choice("person", "a person"), Choice("no", "no"),
    )  # fmt: skip
    problem = Problem(_UNKNOWN, name, "is nobody this home lists.", "Add it to the home first.")
    return outcome.with_(reply=question, asks=(Ask(NEWCOMER, question, choices),), problems=(problem,))


def _unknown_name(outcome: Outcome, text: str) -> str | None:
    """Return the only word that an outcome does not know where it is written as a name: with a capital, and no article before it."""
    named = {problem.code: re.findall(r"'(\w+)'", problem.message) for problem in outcome.problems}
    if found := named.get(_UNKNOWN):
        return str(found[0])
    words = set(named.get("unknown_words", ()))
    name = words.pop() if len(words) == 1 else ""
    alone = re.search(rf"(?P<before>[\w']+) {re.escape(name)}\b", text) if name[:1].isupper() else None
    return name if alone is not None and alone["before"].lower() not in _DETERMINED else None


def welcomed(request: Request, asked: Outcome) -> Outcome | None:
    """Return the outcome of an answer to who a newcomer is: it is added, and the request is read again afterwards."""
    given = request.answers.get(NEWCOMER)
    name = next((problem.where for problem in asked.problems if problem.code == _UNKNOWN), None)
    if given is None or name is None:
        return None
    if given == "no":
        return Outcome("manage", "All right, nobody is added.", change=Change("discard", sure=True))
    return _adding(_fact(name, kind_of(given) or "pet", request), request.text, sure=True)


def kind_of(words: str) -> str | None:
    """Return what words say that somebody is, where they say nothing else: "a dog", "she is our new cat"; or None."""
    found = _IS.fullmatch(plain(words))
    return found["kind"] if found is not None else None
