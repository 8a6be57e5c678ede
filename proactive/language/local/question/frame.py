"""Frames of questions: "when did", "how often", "who", "where is", "which", and the plain yes or no."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from proactive.language.local.catalogue import catalogue_of
from proactive.language.local.detour import cannot
from proactive.language.local.predicate import Json
from proactive.language.local.question.asked import AUX, Asked, all_time, default_day, no_unknown, patterns_of
from proactive.language.local.question.clause import clause_query
from proactive.language.local.question.mention import places_named
from proactive.language.local.span import spans_of
from proactive.language.local.token import tokens_of
from proactive.language.query import Period, Query
from rules.home import Home
from rules.rule import Pattern

_HAPPENED = re.compile(
    r"^(?:(?:what|did|has|have|had|was|were|is|anything|something|much|all|show|list|events?|everything|else|new|the|any|there|that|i|we) )*"
    r"(?:happen(?:ed|ing|s)?|going on|went on|missed|miss|events?|news|activity)(?P<where>.*)$"
)
_LAST_TIME = re.compile(r"^(?:when was |what was |when is )?the (?P<which>last|first) time(?: that)?\s+(?P<rest>.+)$")
_HOW_LONG_AGO = re.compile(rf"^how long ago (?:{AUX} )?(?P<rest>.+)$")
_SINCE_WHEN = re.compile(r"^(?:since when|how long) (?P<aux>is|are|has|have) (?P<rest>.+)$")
_HOW_LONG = re.compile(
    r"^(?:for )?how (?:long|much time) (?:in total )?(?P<aux>was|were|did|had|has|have|is|are) (?P<rest>.+)$"
)
_HOW_OFTEN = re.compile(rf"^(?:how often|how many times|what number of times) (?:{AUX} )?(?P<rest>.+)$")
_WHERE = re.compile(rf"^where (?:{AUX} )(?P<rest>.+?)(?: (?:last )?(?:been )?(?:seen|spotted|go|going|gone))?$")
_WHO = re.compile(r"^(?:who|who all|which (?:one of us|person|people))(?: else)? (?P<rest>.+)$")
_WHICH = re.compile(r"^(?:which|what|how many)(?: of the| of my| of our)? (?P<rest>.+)$")
_WHEN = re.compile(rf"^(?:at )?(?:when|what time) (?:{AUX} )?(?P<rest>.+)$")
_SAW = re.compile(
    r"^(?:(?:did|have|had|do) )?(?:you|we|i|anyone|anybody|any camera|the cameras?) (?:not )?(?:ever )?(?P<how>see|seen|notice|noticed|spot|spotted|detect|detected|hear|heard) "
)
_FIRST_AUX = re.compile(rf"\b(?:{AUX})\b")
_OR_NOT = re.compile(r" or (?:not|open|closed|shut|off|on|locked|unlocked)$")
_WATER = re.compile(r"^(?:any )?water\b")
ORDER = re.compile(r"\b(?P<which>last|first|most recently)\b")


def what_happened(asked: Asked) -> Query | None:
    """Read "what happened while I was away?"."""
    found = _HAPPENED.match(f"{asked.text} ".strip())
    if found is None or (found["where"].strip() and not (where := places_named(asked.only(found["where"])))):
        return None
    of = where if found["where"].strip() else ()
    period = default_day(asked)
    if "miss" in asked.text and not asked.period.given and asked.request.speaker is not None:
        period = Period(called="while you were away", bound="away", people=(asked.request.speaker,))
    return Query("list", of, period, about=found["where"].strip())


def when_it_was(asked: Asked) -> Query | None:
    """Read "when did the front door last open?", "how long ago was it opened?"."""
    ago = _HOW_LONG_AGO.match(asked.text)
    again = _LAST_TIME.match(asked.text)
    found = ago or again or _WHEN.match(asked.text)
    if found is None:
        return None
    rest = found["rest"]
    which = again["which"] if again else None
    if (order := ORDER.search(rest)) is not None:
        which = "first" if order["which"] == "first" else "last"
        rest = ORDER.sub("", rest, count=1)
    which = which or (None if asked.period.given and ago is None else "last")
    query = clause_query(
        asked.only(_seen(_as_happening(rest), asked.home)), "first" if which == "first" else "last" if which else "when"
    )
    period = asked.period if asked.period.given else Period(None, asked.now)
    return replace(query, period=period, stands=False, every=False)


def _as_happening(rest: str) -> str:
    """Return "the door open" of "when was the door last open"."""
    return re.sub(r"^(?:was|is|were|are|did|has|have) ", "", rest)


def how_long(asked: Asked) -> Query | None:
    """Read "how long was the back door open?", "how long has it been open?"."""
    text = asked.text
    since = _SINCE_WHEN.match(text)
    if since is not None and not asked.period.given:
        query = clause_query(asked.only(f"is {since['rest']}"), "long")
        return replace(query, period=Period(now=True), stands=True)
    found = _HOW_LONG.match(text)
    if found is None:
        return None
    query = clause_query(asked.only(f"is {found['rest']}"), "long")
    return replace(query, period=default_day(asked), stands=True)


def how_often(asked: Asked) -> Query | None:
    """Read "how often was Daisy fed this week?"."""
    found = _HOW_OFTEN.match(asked.text)
    if found is None:
        return None
    query = clause_query(asked.only(_seen(_as_happening(found["rest"]), asked.home)), "count")
    return replace(query, period=default_day(asked), stands=False, every=False)


def where_seen(asked: Asked) -> Query | None:
    """Read "where is Daisy?"."""
    found = _WHERE.match(asked.text)
    if found is None:
        return None
    rest = ORDER.sub("", found["rest"]).strip()
    spans = spans_of(asked.only(rest).tokens, catalogue_of(asked.home))
    ids = tuple(dict.fromkeys(ref.id for span in spans for ref in span.refs if ref.kind in ("person", "pet")))
    if asked.request.speaker and any(span.is_("speaker") for span in spans):
        ids = (asked.request.speaker,)
    if not ids:
        no_unknown(spans, asked)
        raise cannot("where_what", f"I can say where people and pets were seen, and {rest!r} is neither.")
    return Query("where", whereabouts(ids, asked.home), all_time(asked), about=rest)


def whereabouts(ids: Sequence[str], home: Home) -> tuple[Pattern, ...]:
    """Return the patterns of what tells where people and pets are: that they are seen, and that people are home."""
    of: list[Json] = [{"type": "detection", "subject": list(ids)}]
    people = [identity for identity in ids if identity in {person.id for person in home.people}]
    of += [{"type": "state", "source": people}] if people else []
    return patterns_of(of)


def who_did(asked: Asked) -> Query | None:
    """Read "who came home last night?", "who is home?"."""
    found = _WHO.match(asked.text)
    if found is None:
        return None
    query = clause_query(asked.only(f"someone {found['rest']}"), "who")
    now = query.stands and re.match(r"(?:is|are)\b", found["rest"]) is not None
    period = Period(now=True) if now and not asked.period.given else default_day(asked)
    return replace(query, period=period, every=False)


def which_are(asked: Asked) -> Query | None:
    """Read "which doors are open", "how many windows are open"."""
    found = _WHICH.match(asked.text)
    if found is None:
        return None
    counted = asked.text.startswith("how many")
    what = "anything" if re.match(r"(?:is|are|was|were|has|have)\b", found["rest"]) else "any"
    query = clause_query(asked.only(f"{what} {found['rest']}"), "count" if counted else "list")
    now = query.stands and not asked.period.given and re.search(r"\b(?:is|are)\b", found["rest"]) is not None
    return replace(query, period=Period(now=True) if now else default_day(asked), every=False)


def whether_so(asked: Asked) -> Query:
    """Read a plain yes or no, of now or of the past."""
    text = _seen(_OR_NOT.sub("", asked.text), asked.home)
    plain, text = text, re.sub(r"^(?:was|were|is|are|has|have) there (?:been )?", "", text)
    there = text != plain
    text = _WATER.sub("leak", text) if there else text
    query = clause_query(asked.only(text), "whether")
    states = any(pattern.type == ("state",) for pattern in query.of)
    if asked.period.now or (is_present(asked) and not asked.period.given):
        stands = query.stands or states or there or any(pattern.type == ("detection",) for pattern in query.of)
        return replace(query, period=Period(now=True, called=asked.period.called), stands=stands)
    if any(word in asked.text.split() for word in ("ever",)) or (asked.period.given and asked.period.since is None):
        return replace(query, period=all_time(asked))
    return replace(query, period=default_day(asked))


def is_present(asked: Asked) -> bool:
    """Say whether a question is about now: its first auxiliary is "is"."""
    found = _FIRST_AUX.search(asked.said)
    return found is not None and found[0] in ("is", "are", "am")


def _seen(text: str, home: Home) -> str:
    """Return "Mimi seen" of "did you see Mimi", and "the doorbell ring" of "did you hear the doorbell"."""
    found = _SAW.match(text)
    if found is None:
        return text
    rest = text[found.end() :]
    spans = spans_of(tokens_of(rest), catalogue_of(home))
    if any(span.is_("motion", "event", "meaning") or {ref.kind for ref in span.refs} & {"place"} for span in spans):
        return rest
    return f"{rest} {'ring' if found['how'].startswith('hear') else 'seen'}"
