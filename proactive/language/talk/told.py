"""Told: what people say to be remembered: a time of day, another name, an absence; and what is to be forgotten again."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from proactive.language.fact import Fact
from proactive.language.local.catalogue import catalogue_of, without_articles
from proactive.language.local.clock import Clock, time_at
from proactive.language.local.detour import ask
from proactive.language.local.phrase import clock as spoken_clock
from proactive.language.local.span import spans_of
from proactive.language.local.token import stems, tokens_of
from proactive.language.outcome import Change, Choice, Outcome
from proactive.language.request import Request
from proactive.language.talk.facts import fact_text
from proactive.language.talk.newcomer import newcomer
from proactive.language.talk.until import until_of
from proactive.language.talk.words import plain

_LEAD = re.compile(r"^(?:please |so |ok |okay |hey |hi |and |by the way |fyi |for your information |just so you know |remember(?: that)? |note(?: that)? |know that |you should know(?: that)? )+")  # fmt: skip
_WHATS = r"bedtime|breakfast|lunch|dinner|supper|wake[ -]up(?: time)?|feeding time|nap time|naptime|nap|school|work"
_TIME = re.compile(rf"(?P<who>my|our|the|[\w' -]+?'s?)? ?(?P<what>{_WHATS})(?: time)? (?:is|starts|begins)(?: usually| always| now)?(?: at)? (?P<time>.+)")  # fmt: skip
_HABIT = re.compile(
    r"(?P<who>[\w' -]+?) (?:usually |always |normally )?(?P<what>goe?s? to bed|goe?s? to sleep|wakes? up|gets? up|ha(?:ve|s) breakfast|ha(?:ve|s) lunch|ha(?:ve|s) dinner|eats? breakfast"
    r"|eats? lunch|eats? dinner|eats?|is fed|are fed|gets? fed|gets? food)(?: every day| daily)? at (?P<time>.+)"
)
_HABITS = {"bed": "bedtime", "sleep": "bedtime", "wake": "wake up", "get": "wake up", "breakfast": "breakfast", "lunch": "lunch", "dinner": "dinner"}  # fmt: skip
_HOURS = {
    "bedtime": (*range(18, 24), 0, 1, 2, 3), "breakfast": tuple(range(4, 12)), "lunch": tuple(range(11, 16)), "dinner": tuple(range(16, 23)), "supper": tuple(range(16, 23)),
    "wake up": tuple(range(3, 13)), "school": tuple(range(6, 13)), "work": tuple(range(5, 14)), "nap": tuple(range(11, 17)),
}  # fmt: skip
_ALIAS = (
    re.compile(r"(?:we |i |let us |let's )?call (?P<both>.+)"),
    re.compile(r"(?P<known>.+?) (?:is|are) (?:also |usually |just )?(?:called|known as|named|nicknamed) (?P<new>.+)"),
    re.compile(r"(?:by |with )(?P<new>.+?) (?:i|we) mean (?P<known>.+)"),
    re.compile(r"(?P<new>.+?) means (?P<known>.+)"),
    re.compile(r"(?P<known>.+?) is (?P<new>(?:the|my|our) .+)"),
    re.compile(r"(?P<new>(?:the|my|our) .+?) is (?P<known>.+)"),
)
_AWAY = re.compile(
    r"(?P<who>we|i)(?: are| am|'re|'m| will be|'ll be)(?: all)? (?:away|on holidays?|on vacation|out of town|travelling|traveling|abroad|gone|on a trip|not at home|not home)(?: now| again)?(?: from now)?"
)
_BACK = re.compile(r"(?P<who>we|i)(?: are| am|'re|'m) (?:back(?: home)?|home again)(?: now| again| early)?")
_FORGET = re.compile(
    r"(?:please )?(?:forget|unlearn|do not remember|don't remember|delete|remove)(?: that| about| what i (?:said|told you) about| the fact that)? (?P<what>.+)"
)
_KNOWN = re.compile(
    r"what (?:have i told you|do you (?:know|remember)|did i tell you)(?: (?:about|of) (?P<what>.+))?(?: so far)?"
)


def told(request: Request) -> Outcome | None:
    """Return the outcome of something told to be remembered or forgotten, or None. Raise DetourError to ask."""
    said = _LEAD.sub("", plain(request.text))
    if request.text.rstrip().endswith("?"):
        return _shown(said, request)
    if (other := _back(said, request) or _forgotten(said, request)) is not None:
        return other
    if (someone := newcomer(_LEAD.sub("", request.text.strip(), count=1), request)) is not None:
        return someone
    facts = _away(said, request) or _time(said, request) or _alias(said, request)
    return _remember(facts, request) if facts else None


def _remember(facts: tuple[Fact, ...], request: Request) -> Outcome:
    reply = f"I would remember: {fact_text(facts[0], request.home)}."
    if facts[0].kind == "away":
        reply += " Asked what happened while you were away, I will mean that time. No rule changes by that; say 'mute' with a time to hear nothing meanwhile."
    return Outcome("manage", reply, change=Change("tell", facts=facts))


def _fact(kind: str, about: str, name: str, request: Request, value: str = "", until: datetime | None = None) -> Fact:
    return Fact(kind, about, name, value, request.text.strip(), request.speaker or "", until)  # type: ignore[arg-type]  # a kind


# --- times ------------------------------------------------------------------------------------------------------


def _time(said: str, request: Request) -> tuple[Fact, ...]:
    found = _TIME.fullmatch(said) or _HABIT.fullmatch(said)
    if found is None:
        return ()
    about = _whose(found["who"] or "the", request)
    clock = _clock(found["time"])
    if about is None or clock is None:
        return ()
    name = _name(found["what"])
    return (_fact("time", about, name, request, _settled(clock, name, request)),)


def _name(words: str) -> str:
    """Return under which name a time is kept: bedtime, dinner, wake up, eats."""
    plain_words = (
        re.sub(r"[ -]time$|time$", "", words.replace("-", " ")) if words.startswith(("wake", "nap")) else words
    )
    habit = next((name for word, name in _HABITS.items() if word in words.split() or f"{word}s" in words.split()), None)
    if habit is not None and "fed" not in words and "food" not in words:
        return habit
    return "eats" if re.search(r"\b(?:eats?|fed|food)\b", words) else plain_words.strip()


def _clock(words: str) -> Clock | None:
    tokens = tokens_of(f"at {re.sub(r' (?:every day|daily|usually|each day|every night|at night)$', '', words)}")
    found = time_at(tokens, 1) if len(tokens) > 1 else None
    return found[0] if found is not None and found[1] == len(tokens) and isinstance(found[0], Clock) else None


def _settled(clock: Clock, name: str, request: Request) -> str:
    """Return the time that is meant: a bedtime is in the evening. Raise DetourError to ask where nothing tells."""
    fitting = [time for time in clock.times if int(time[:2]) in _HOURS.get(name, range(24))] or list(clock.times)
    answered = [time for time in fitting if time == request.answers.get("time")]
    if len(fitting) == 1 or answered:
        return (answered or fitting)[0]
    raise ask(
        "time",
        f"Do you mean {spoken_clock(fitting[0])} or {spoken_clock(fitting[1])}?",
        [Choice(time, spoken_clock(time)) for time in fitting],
    )


def _whose(words: str, request: Request) -> str | None:
    who = re.sub(r"'s?$", "", words.strip())
    if who in ("my", "i"):
        return request.speaker
    if who in ("our", "we", "the", "us", ""):
        return request.home.home
    found = _entities(who, request)
    return found[0] if len(found) == 1 else None


# --- names ------------------------------------------------------------------------------------------------------


def _alias(said: str, request: Request) -> tuple[Fact, ...]:
    for pattern in _ALIAS:
        found = pattern.fullmatch(said)
        for known, new in _pairs(found) if found else ():
            ids = _entities(known, request)
            if ids and _is_name(new, ids, request):
                return tuple(_fact("alias", id, new, request) for id in ids)
    return ()


def _pairs(found: re.Match[str]) -> Iterable[tuple[str, str]]:
    """Yield what is known and its new name; "call the back door the garden door" is cut where both have words."""
    if "both" not in found.groupdict():
        yield found["known"], re.sub(r"^the ", "the ", found["new"])
        return
    words = found["both"].split()
    for cut in range(len(words) - 1, 0, -1):
        yield " ".join(words[:cut]), " ".join(words[cut:])


def _entities(words: str, request: Request) -> list[str]:
    """Return the ids that a phrase names, by a name and not by a kind."""
    refs = catalogue_of(request.home).phrases.get(without_articles(stems(words)), [])
    return list(dict.fromkeys(ref.id for ref in refs if not ref.generic and ref.zone is None and ref.attribute is None))


def _is_name(words: str, ids: list[str], request: Request) -> bool:
    """Say whether words can be another name: a few, of no other entry, and nothing that happens or is asked for."""
    spans = spans_of(tokens_of(words), catalogue_of(request.home))
    odd = (
        "notice",
        "mark",
        "while",
        "motion",
        "compare",
        "clock",
        "length",
        "number",
        "days",
        "part",
        "not",
        "speaker",
        "command",
    )
    said = [span for span in spans if span.text not in ("one", "the one")]
    taken = [id for id in _entities(words, request) if id not in ids]
    named = bool(re.match(r"(?:the|my|our|his|her)\b", words)) or all(span.is_("unknown", "filler") for span in said)
    plain_words = 0 < len(spans) <= 5 and not any(span.is_(*odd) for span in said)  # type: ignore[arg-type]  # labels
    return plain_words and named and (not taken or words.endswith(" one")) and without_articles(words) != ""


# --- away, and back ---------------------------------------------------------------------------------------------


def _away(said: str, request: Request) -> tuple[Fact, ...]:
    rest, until = until_of(said, request.home, request.now)
    found = _AWAY.fullmatch(rest.strip())
    if found is None:
        return ()
    about = request.home.home if found["who"] == "we" else request.speaker
    return (_fact("away", about, "away", request, until=until),) if about else ()


def _back(said: str, request: Request) -> Outcome | None:
    found = _BACK.fullmatch(said)
    away = tuple(fact for fact in request.facts if fact.kind == "away")
    if not found or not away:
        return None
    if request.now is None:
        return _forget(away, request)
    ended = tuple(replace(fact, until=request.now) for fact in away)
    reply = "I would remember: " + "; ".join(fact_text(fact, request.home, request.now) for fact in ended) + "."
    return Outcome("manage", reply, change=Change("tell", facts=ended))


# --- forget, and show -------------------------------------------------------------------------------------------


def _forgotten(said: str, request: Request) -> Outcome | None:
    found = _FORGET.fullmatch(said)
    facts = _about(found["what"], request) if found else ()
    return _forget(facts, request) if facts else None


def _forget(facts: tuple[Fact, ...], request: Request) -> Outcome:
    reply = "I would forget: " + "; ".join(fact_text(fact, request.home) for fact in facts) + "."
    return Outcome("manage", reply, change=Change("forget", facts=facts))


def _about(words: str, request: Request) -> tuple[Fact, ...]:
    """Return the facts that have every word that says something."""
    wanted = set(stems(words).split()) - set("the my our is a an that it at i am we are you about to of".split())
    texts = {fact: f"{fact.name} {fact.said} {fact.id} {fact_text(fact, request.home)}" for fact in request.facts}
    return tuple(fact for fact, text in texts.items() if wanted and wanted <= set(re.findall(r"[\w'-]+", stems(text))))


def _shown(said: str, request: Request) -> Outcome | None:
    found = _KNOWN.fullmatch(said)
    if found is None:
        return None
    facts = _about(found["what"], request) if found["what"] and found["what"] not in ("me", "us") else request.facts
    lines = [f"{number}. {fact_text(fact, request.home)}" for number, fact in enumerate(facts, 1)]
    return Outcome(
        "manage",
        "\n".join(lines) or "Nobody told me anything yet.",
        change=Change("list", facts=tuple(facts), sure=True),
    )
