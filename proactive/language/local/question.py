"""Questions: "when did the front door last open?" becomes a query, by the same readers that make rules.

A question is a frame ("when did", "how often", "is", "who"), a period ("today", "while I was away") and a clause, which
says what a rule's clause says. What is left when frame and period are taken out is read as a statement; its predicate
gives the patterns. A question that names something that the home lacks is no query: it gets a detour, as rules do.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from proactive.language.local.amount import numeric_refs
from proactive.language.local.catalogue import catalogue_of, without_articles
from proactive.language.local.clause import Segment, Words, words_of
from proactive.language.local.clock import Length
from proactive.language.local.detour import DetourError, ask_which, cannot, label_of
from proactive.language.local.period import take_period
from proactive.language.local.predicate import Fed, Json, Predicate, Presence, Sight, Sky, SkyEvent, State, patterns
from proactive.language.local.reading import reports
from proactive.language.local.span import Span, spans_of
from proactive.language.local.spanish.transfer import in_english
from proactive.language.local.spelling import spelled
from proactive.language.local.statement import read_statement
from proactive.language.local.token import MAX_TEXT, Token, stems, tokens_of
from proactive.language.local.tongue import tongue_of
from proactive.language.outcome import Outcome
from proactive.language.query import Period, Query, Wanted
from proactive.language.request import Request
from rules.calendar import local, resolve, zone_of
from rules.home import Device, Home
from rules.rule import Pattern
from rules.units import instant, microseconds

HINT = "Ask for example 'when did the front door last open?' or 'was Daisy fed today?'."


@dataclass(frozen=True, slots=True)
class Asked:
    """A question while it is read: its words without frame and period, and the request it came in."""

    tokens: Sequence[Token]
    period: Period
    request: Request
    now: int
    said: str

    @property
    def home(self) -> Home:
        """Return the home that is asked about."""
        return self.request.home

    @property
    def text(self) -> str:
        """Return the words."""
        return " ".join(token.text for token in self.tokens)

    def only(self, text: str) -> Asked:
        """Return the same question with other words."""
        return replace(self, tokens=_as_written(tokens_of(text), self.request.text))


def query_of(request: Request) -> Outcome:
    """Return the outcome `question` with its query, or the detour of a question that cannot be answered here.

    `request.now` has to be given, since a period is counted from it.
    """
    assert request.now is not None, "a question is asked at a time"
    english, notes = _in_english(request)
    try:
        return Outcome("question", query=_read(english, instant(request.now)), notes=notes)
    except DetourError as detour:
        return _about_a_question(detour.outcome)


def _in_english(request: Request) -> tuple[Request, tuple[str, ...]]:
    """Return the request in English without slips of the keyboard, and what was put right."""
    text = request.text[:MAX_TEXT]
    if tongue_of(text) == "es":
        return replace(request, text=in_english(text, request.home).text), ()
    text, slips = spelled(text, catalogue_of(request.home))
    return replace(request, text=text), slips


def _about_a_question(outcome: Outcome) -> Outcome:
    """Return a detour in the words of a question: there was no rule to make."""
    reply = outcome.reply.replace(", so I made no rule", "").replace("Should I tell you", "Do you mean")
    return replace(outcome, reply=reply)


# --- frames -----------------------------------------------------------------------------------------------------

_POLITE = re.compile(
    r"^(?:(?:hey|ok|okay|so|and|please|well|then|hi)[ ,]+)*(?:(?:can|could|would|will) you )?(?:please )?"
    r"(?:(?:tell|show|let) (?:me|us) (?:know )?|(?:do you know|check|find out|see|say|look|i want to know|i would like to know) )?"
    r"(?:if |whether |for )?"
)
_AUX = r"(?:did|do|does|has|have|had|is|are|am|was|were|be|been|would|will)"
_TELL = r"(?:tell|told|notify|notified|alert|alerted|warn|warned|inform|informed|remind|reminded|let|ping|pinged|message|messaged|say anything|say|said|wake|woke|text|texted|call|called)"
_WHY_NOT = re.compile(
    rf"^why (?:{_AUX} )?(?:not )?(?:you|i|we|nobody|no one|the \w+)?\s?(?:{_AUX} )?(?P<not>not |never )?(?:been )?(?:{_TELL})(?: (?:me|us|anyone|anybody|up|anything))*(?: know)?\s*(?P<about>.*)$"
)
_TOLD = re.compile(
    rf"^(?P<frame>(?:(?:what|when|how often|how many times) )?(?:did|have|has|had|was|were)) (?P<first>you )?(?:not )?(?P<mid>[\w' ]*?)\b{_TELL}"
    r"(?: (?P<whom>me|us|anyone|anybody|everyone|everybody|[\w']+))?(?: know)?(?P<about>(?: (?:about|that|of|when|if)\b.*)?)$"
)
_HAPPENED = re.compile(
    r"^(?:(?:what|did|has|have|had|was|were|is|anything|something|much|all|show|list|events?|everything|else|new|the|any|there|that|i|we) )*"
    r"(?:happen(?:ed|ing|s)?|going on|went on|missed|miss|events?|news|activity)(?P<where>.*)$"
)
_LAST_TIME = re.compile(r"^(?:when was |what was |when is )?the (?P<which>last|first) time(?: that)?\s+(?P<rest>.+)$")
_HOW_LONG_AGO = re.compile(rf"^how long ago (?:{_AUX} )?(?P<rest>.+)$")
_SINCE_WHEN = re.compile(r"^(?:since when|how long) (?P<aux>is|are|has|have) (?P<rest>.+)$")
_HOW_LONG = re.compile(
    r"^(?:for )?how (?:long|much time) (?:in total )?(?P<aux>was|were|did|had|has|have|is|are) (?P<rest>.+)$"
)
_HOW_OFTEN = re.compile(rf"^(?:how often|how many times|what number of times) (?:{_AUX} )?(?P<rest>.+)$")
_WHERE = re.compile(rf"^where (?:{_AUX} )(?P<rest>.+?)(?: (?:last )?(?:been )?(?:seen|spotted|go|going|gone))?$")
_WHO = re.compile(r"^(?:who|who all|which (?:one of us|person|people))(?: else)? (?P<rest>.+)$")
_WHICH = re.compile(r"^(?:which|what|how many)(?: of the| of my| of our)? (?P<rest>.+)$")
_WHAT_IS = re.compile(
    r"^(?:what (?:is|was|are|were)|how (?!long\b|often\b|many\b)\w+ (?:did|is|was|are|were))\s*(?P<rest>.+)$"
)
_TOO = re.compile(r"\b(?:too|very|so|unusually) (?P<how>warm|hot|high|humid|cold|cool|low|dry)\b")
_ADJECTIVE = re.compile(r"^how (?P<how>\w+)")
_NOUNS = {
    "warm": "temperature", "hot": "temperature", "cold": "temperature", "cool": "temperature", "humid": "humidity",
    "dry": "humidity", "loud": "volume", "windy": "wind", "full": "level", "empty": "level", "charged": "battery",
}  # fmt: skip
_HIGH = frozenset(("warm", "hot", "high", "humid"))
_WHEN = re.compile(rf"^(?:at )?(?:when|what time) (?:{_AUX} )?(?P<rest>.+)$")
_SAW = re.compile(
    r"^(?:(?:did|have|had|do) )?(?:you|we|i|anyone|anybody|any camera|the cameras?) (?:not )?(?:ever )?(?P<how>see|seen|notice|noticed|spot|spotted|detect|detected|hear|heard) "
)
_FIRST_AUX = re.compile(rf"\b(?:{_AUX})\b")
_OR_NOT = re.compile(r" or (?:not|open|closed|shut|off|on|locked|unlocked)$")
_WATER = re.compile(r"^(?:any )?water\b")
_OTHER_WORDS = (
    (
        re.compile(r"^what (?:is|was) the last (?:thing|message) (?:that )?you (?:told|said to|sent) (\w+)"),
        r"when did you last tell \1",
    ),
    (re.compile(r"\bfeed\b"), "fed"),
    (re.compile(r"^(how long did .+?) run\b"), r"\1 running"),
    # How a thing was left is how it stood: "was the garage left open".
    (
        re.compile(
            r"\b(?:left|stay|stayed|kept|remain|remained) (?=(?:open|on|off|unlocked|locked|closed|shut|running)\b)"
        ),
        "is ",
    ),
)
_ORDER = re.compile(r"\b(?P<which>last|first|most recently)\b")


def _read(request: Request, now: int) -> Query:
    text = request.text[:MAX_TEXT].replace("\u2019", "'").strip()
    plain = " ".join(token.text for token in tokens_of(text) if token.text not in ("?", "!", ".", ",", ";"))
    plain = _POLITE.sub("", plain, count=1)
    for said, meant in _OTHER_WORDS:
        plain = said.sub(meant, plain)
    period, rest = take_period(tokens_of(plain), request.home, now, request.speaker)
    asked = Asked(_as_written(rest, text), period, request, now, plain)
    for frame in (_why, _told, _happened, _when, _how_long, _how_often, _where, _reading, _who, _which):
        if (query := frame(asked)) is not None:
            return query
    return _whether(asked)


def _as_written(tokens: Sequence[Token], text: str) -> list[Token]:
    """Return the tokens as they were written, so that a name keeps its capital."""
    names = {word.lower(): word for word in re.findall(r"\b[A-Z][^\W\d_]+", text)}
    return [replace(token, raw=names.get(token.text, token.raw)) for token in tokens]


def _why(asked: Asked) -> Query | None:
    if not (asked.said.startswith("why") or asked.said.startswith("how come")):
        return None
    text = re.sub(r"^how come", "why", asked.text)
    found = _WHY_NOT.match(text)
    about = (
        re.sub(r"^(?:about|that|of|when|if|while|it)\b\s*", "", found["about"]) if found else text.removeprefix("why ")
    )
    rule = next((rule.id for rule in asked.request.rules if rule.id in asked.request.text.lower()), "")
    about_rule = rule or not about.strip()
    of = () if about_rule else _loosely(asked.only(about))
    return Query("why", of, _default_day(asked), rule=rule, about=about.strip())


def _trimmed(about: str) -> str:
    return re.sub(r"^(?:the|a|an|my|our) ", "", about.strip())


def _told(asked: Asked) -> Query | None:
    found = _TOLD.match(asked.text)
    if found is None or (found["first"] is None and not found["mid"].strip()):
        return None
    passive = found["first"] is None
    whom = found["mid"].strip() if passive else found["whom"] or "anyone"
    told = _whom(whom, asked)
    if told is None:
        return None
    about = re.sub(r"^(?:about|that|of|when|if)\b\s*", "", (found["about"] or "").strip())
    frame = found["frame"]
    wanted: Wanted = "list" if frame.startswith("what") else "last" if frame.startswith("when") else "whether"
    wanted = "count" if frame.startswith("how") else wanted
    of = _loosely(asked.only(about)) if about else ()
    period = asked.period if wanted == "last" and not asked.period.given else _default_day(asked)
    return Query(wanted, of, period, told=told, about=about.strip())


def _whom(whom: str, asked: Asked) -> tuple[str, ...] | None:
    home = asked.home
    if whom in ("me", "i") and asked.request.speaker is not None:
        return (asked.request.speaker,)
    if whom in ("me", "us", "i", "we", "anyone", "anybody", "everyone", "everybody", "someone", "somebody"):
        return tuple(person.id for person in home.people)
    refs = catalogue_of(home).phrases.get(without_articles(stems(whom)), [])
    people = tuple(dict.fromkeys(ref.id for ref in refs if ref.kind == "person"))
    if not people:
        raise cannot("unknown_person", f"I do not know who {whom!r} is here.", _known_people(home))
    return people


def _known_people(home: Home) -> str:
    return f"This home lists {', '.join(person.name or person.id for person in home.people)}." if home.people else ""


def _happened(asked: Asked) -> Query | None:
    found = _HAPPENED.match(f"{asked.text} ".strip())
    if found is None or (found["where"].strip() and not (where := _places(asked.only(found["where"])))):
        return None
    of = where if found["where"].strip() else ()
    period = _default_day(asked)
    if "miss" in asked.text and not asked.period.given and asked.request.speaker is not None:
        period = Period(called="while you were away", bound="away", people=(asked.request.speaker,))
    return Query("list", of, period, about=found["where"].strip())


def _when(asked: Asked) -> Query | None:
    ago = _HOW_LONG_AGO.match(asked.text)
    again = _LAST_TIME.match(asked.text)
    found = ago or again or _WHEN.match(asked.text)
    if found is None:
        return None
    rest = found["rest"]
    which = again["which"] if again else None
    if (order := _ORDER.search(rest)) is not None:
        which = "first" if order["which"] == "first" else "last"
        rest = _ORDER.sub("", rest, count=1)
    which = which or (None if asked.period.given and ago is None else "last")
    query = _clause(
        asked.only(_seen(_as_happening(rest), asked.home)), "first" if which == "first" else "last" if which else "when"
    )
    period = asked.period if asked.period.given else Period(None, asked.now)
    return replace(query, period=period, stands=False, every=False)


def _as_happening(rest: str) -> str:
    """Return "the door open" of "when was the door last open"."""
    return re.sub(r"^(?:was|is|were|are|did|has|have) ", "", rest)


def _how_long(asked: Asked) -> Query | None:
    text = asked.text
    since = _SINCE_WHEN.match(text)
    if since is not None and not asked.period.given:
        query = _clause(asked.only(f"is {since['rest']}"), "long")
        return replace(query, period=Period(now=True), stands=True)
    found = _HOW_LONG.match(text)
    if found is None:
        return None
    query = _clause(asked.only(f"is {found['rest']}"), "long")
    return replace(query, period=_default_day(asked), stands=True)


def _how_often(asked: Asked) -> Query | None:
    found = _HOW_OFTEN.match(asked.text)
    if found is None:
        return None
    query = _clause(asked.only(_seen(_as_happening(found["rest"]), asked.home)), "count")
    return replace(query, period=_default_day(asked), stands=False, every=False)


def _where(asked: Asked) -> Query | None:
    found = _WHERE.match(asked.text)
    if found is None:
        return None
    rest = _ORDER.sub("", found["rest"]).strip()
    spans = spans_of(asked.only(rest).tokens, catalogue_of(asked.home))
    ids = tuple(dict.fromkeys(ref.id for span in spans for ref in span.refs if ref.kind in ("person", "pet")))
    if asked.request.speaker and any(span.is_("speaker") for span in spans):
        ids = (asked.request.speaker,)
    if not ids:
        _no_unknown(spans, asked)
        raise cannot("where_what", f"I can say where people and pets were seen, and {rest!r} is neither.")
    of: list[Json] = [{"type": "detection", "subject": list(ids)}]
    people = [id for id in ids if id.startswith("person.") or id in {person.id for person in asked.home.people}]
    of += [{"type": "state", "source": people}] if people else []
    return Query("where", _patterns(of), _all_time(asked), about=rest)


def _reading(asked: Asked) -> Query | None:
    """Read a question for a value: "what is the freezer temperature", "was the freezer too warm", "how humid is it"."""
    text = asked.text
    too = _TOO.search(text)
    found = _WHAT_IS.match(text)
    if too is None and found is None:
        return None
    rest = _TOO.sub("", text) if too is not None else found["rest"] if found is not None else ""
    rest = re.sub(
        r"^(?:is|was|are|were|did|has|have|what|the current|current)\b ?|\b(?:become|been|get|got|gotten|being|current|right|in|highest|lowest|maximum|minimum)\b",
        "",
        rest,
    ).strip()
    rest = re.sub(
        r"\b(?:state|status|value|reading|level|condition) of\b|\b(?:state|status) in$|\bset to$|\bat$", "", rest
    ).strip()
    kind = too["how"] if too is not None else (_ADJECTIVE.match(text) or {"how": ""})["how"]
    spans = spans_of(asked.only(rest).tokens, catalogue_of(asked.home))
    refs = _of_kind(rest, kind, asked) or _numbers(spans, asked) or _values(spans, asked)
    if not refs:
        return None if too is None and not _named_things(spans, asked.home) else _no_reading(spans, asked)
    of = [{"type": "state", "source": device, "where": _attribute(device, name, asked.home)} for device, name in refs]
    extreme = "" if too is None else "high" if too["how"] in _HIGH else "low"
    period = asked.period if asked.period.given else Period(now=True)
    return Query("state", _patterns(of), period, stands=True, extreme=extreme, about=_trimmed(rest))  # type: ignore[arg-type]  # one of the three


def _of_kind(rest: str, adjective: str, asked: Asked) -> list[tuple[str, str]]:
    """Return what reports the kind of number that an adjective is about: "how humid is the cellar"."""
    noun = _NOUNS.get(adjective)
    if noun is None or noun in rest.split():
        return []
    spans = spans_of(asked.only(f"{rest} {noun}").tokens, catalogue_of(asked.home))
    return (
        []
        if any(span.is_("unknown") for span in spans)
        else _numbers([s for s in spans if noun in s.text.split()], asked)
    )


def _named_things(spans: Sequence[Span], home: Home) -> bool:
    return any(isinstance(home.by_id[ref.id], Device) for span in spans for ref in span.refs)


def _no_reading(spans: Sequence[Span], asked: Asked) -> Query | None:
    _no_unknown(spans, asked)
    raise cannot("no_reading", "Nothing here reports that.", reports([s for s in spans if s.refs], asked.home) or HINT)


def _numbers(spans: Sequence[Span], asked: Asked) -> list[tuple[str, str]]:
    """Return the devices and attributes with numbers that are meant; asks where one is meant and several fit."""
    found = [(span, *pair) for span in spans for pair in numeric_refs(span, asked.home)]
    named = [(span, ref, name) for span, ref, name in found if not ref.generic]
    other = {ref.id for span in spans for ref in span.refs if not ref.generic}
    narrowed = named or [(span, ref, name) for span, ref, name in found if ref.id in other] or found
    if narrowed:
        _no_unknown(spans, asked)
    return list(dict.fromkeys((ref.id, name) for _, ref, name in narrowed))


def _values(spans: Sequence[Span], asked: Asked) -> list[tuple[str, str]]:
    """Return the devices whose state is meant: "what is the state of the washer"."""
    home, found = asked.home, []
    if any(span.is_("meaning", "motion", "event") and not span.refs for span in spans):
        return []
    for span in spans:
        for ref in span.refs:
            entry = home.by_id[ref.id]
            if isinstance(entry, Device) and entry.attributes:
                found.append((ref.id, next(iter(entry.attributes)), ref.generic))
    named = [(id, name) for id, name, generic in found if not generic] or [(id, name) for id, name, _ in found]
    if named:
        _no_unknown(spans, asked)
    return list(dict.fromkeys(named))


def _attribute(device: str, name: str, home: Home) -> Json:
    entry = home.by_id[device]
    alone = isinstance(entry, Device) and len(entry.attributes) == 1
    return {} if name == "state" or alone else {"attribute": name}


def _who(asked: Asked) -> Query | None:
    found = _WHO.match(asked.text)
    if found is None:
        return None
    query = _clause(asked.only(f"someone {found['rest']}"), "who")
    now = query.stands and re.match(r"(?:is|are)\b", found["rest"]) is not None
    period = Period(now=True) if now and not asked.period.given else _default_day(asked)
    return replace(query, period=period, every=False)


def _which(asked: Asked) -> Query | None:
    """Read "which doors are open", "how many windows are open"."""
    found = _WHICH.match(asked.text)
    if found is None:
        return None
    counted = asked.text.startswith("how many")
    what = "anything" if re.match(r"(?:is|are|was|were|has|have)\b", found["rest"]) else "any"
    query = _clause(asked.only(f"{what} {found['rest']}"), "count" if counted else "list")
    now = query.stands and not asked.period.given and re.search(r"\b(?:is|are)\b", found["rest"]) is not None
    return replace(query, period=Period(now=True) if now else _default_day(asked), every=False)


def _whether(asked: Asked) -> Query:
    text = _seen(_OR_NOT.sub("", asked.text), asked.home)
    plain, text = text, re.sub(r"^(?:was|were|is|are|has|have) there (?:been )?", "", text)
    there = text != plain
    text = _WATER.sub("leak", text) if there else text
    query = _clause(asked.only(text), "whether")
    present = (aux := _FIRST_AUX.search(asked.said)) is not None and aux[0] in ("is", "are", "am")
    states = any(pattern.type == ("state",) for pattern in query.of)
    if asked.period.now or (present and not asked.period.given):
        stands = query.stands or states or there or any(pattern.type == ("detection",) for pattern in query.of)
        return replace(query, period=Period(now=True, called=asked.period.called), stands=stands)
    if any(word in asked.text.split() for word in ("ever",)) or (asked.period.given and asked.period.since is None):
        return replace(query, period=_all_time(asked))
    return replace(query, period=_default_day(asked))


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


def _default_day(asked: Asked) -> Period:
    """Return the period that was said, else today so far."""
    if asked.period.given and not asked.period.now:
        return asked.period
    zone = zone_of(asked.home)
    return Period(resolve(zone, local(zone, asked.now)[0], 0), asked.now, "today")


def _all_time(asked: Asked) -> Period:
    return asked.period if asked.period.given and not asked.period.now else Period(None, asked.now)


# --- clauses ----------------------------------------------------------------------------------------------------

_LET_OUT = re.compile(r"\blet (?P<who>(?:the |my |our )?[\w']+(?: and [\w']+)?) (?:out|outside)\b(?: of the house)?")
_OUTSIDE = re.compile(r"\b(?:outside|outdoors|out)\b")


def _clause(asked: Asked, wanted: Wanted) -> Query:
    """Return the query of a clause, of any period. Raise DetourError where it cannot be read."""
    if (found := _outdoors(asked) or _anything(asked)) is not None:
        return replace(found, wanted=wanted)
    try:
        return _stated(asked, wanted)
    except DetourError as detour:
        if not detour.outcome.asks or not detour.outcome.asks[0].choices:
            raise
        return _of_any(asked, wanted, detour)


_ANYTHING = re.compile(r"\b(?:anything|something|everything|any thing|all things)\b")


def _anything(asked: Asked) -> Query | None:
    """Read "is anything open": of every device that can be."""
    found = _ANYTHING.search(asked.text)
    spans = spans_of(asked.only(_ANYTHING.sub("", asked.text)).tokens, catalogue_of(asked.home))
    meanings = [span for span in spans if span.is_("meaning")]
    if found is None or len(meanings) != 1 or any(span.refs or span.is_("unknown") for span in spans):
        return None
    values = {
        value for meaning in meanings[0].readings["meaning"] for value in meaning.values if isinstance(value, str)
    }
    of: list[Json] = []
    for device in asked.home.devices:
        for name, listed in device.attributes.items():
            fitting = [value for value in listed if value in values] if isinstance(listed, tuple) else []
            if fitting:
                of.append(
                    {
                        "type": "state",
                        "source": device.id,
                        "where": {**_attribute(device.id, name, asked.home), "value": fitting},
                    }
                )
    stands = re.search(r"\b(?:is|are|was|were|been)\b", asked.text) is not None
    return (
        Query(
            "whether",
            _patterns(of),
            stands=stands,
            every=found[0].startswith(("every", "all")),
            about=_trimmed(asked.text),
        )
        if of
        else None
    )


def _of_any(asked: Asked, wanted: Wanted, detour: DetourError) -> Query:
    """Read "the door" of several doors as any of them: an answer can speak of each, where a rule has to know."""
    catalogue = catalogue_of(asked.home)
    words: list[str] = []
    spans = spans_of(asked.tokens, catalogue)
    for span in spans:
        generic = span.refs and not any(word in span.text.split() for word in ("any", "all"))
        words += ["any", *span.text.split()] if generic and words[-1:] not in (["any"], ["all"]) else span.text.split()
    try:
        return _stated(asked.only(" ".join(word for word in words if word != "the")), wanted)
    except DetourError:
        raise detour from None


def _stated(asked: Asked, wanted: Wanted) -> Query:
    spans = spans_of(asked.tokens, catalogue_of(asked.home))
    words = words_of(Segment("if", [span for span in spans if not span.is_("mark")]), spans)
    words = _plain_negation(words)
    lasting = _lasting(words)
    statement = read_statement(words, asked.home, asked.request.speaker)
    predicate = statement.predicate
    if predicate is None or isinstance(predicate, Sky | SkyEvent):
        raise cannot("not_understood", f"I did not understand what is asked about {asked.text!r}.", HINT)
    stands = isinstance(predicate, State | Presence) and predicate.static
    if isinstance(predicate, Presence) and statement.negated and predicate.who == "anyone":
        stands = predicate.static
    every = _is_every(predicate, asked.text)
    of = _patterns(patterns(predicate, asked.home))
    return Query(wanted, of, stands=stands, every=every, lasting=lasting, about=_trimmed(asked.text))


_EITHER = re.compile(r"\b(?:any|anyone|anybody|either|or|one of)\b")


def _is_every(predicate: Predicate, text: str) -> bool:
    """Say whether all of several are asked about: "are the kids home", "were the dogs fed"."""
    match predicate:
        case State():
            return predicate.every
        case Presence():
            several = isinstance(predicate.who, tuple) and len(predicate.who) > 1
            return predicate.who == "everyone" or (several and not _EITHER.search(text))
        case Fed() | Sight():
            return predicate.together
        case _:
            return False


def _plain_negation(words: Words) -> Words:
    """Return the words without "not": "was not Daisy fed" asks the same as "was Daisy fed"."""
    words.spans = [span for span in words.spans if span.text not in ("not", "never")]
    words.negations = sum(span.is_("not", "nobody") for span in words.spans)
    return words


def _lasting(words: Words) -> int:
    """Take the length of "open for more than ten minutes" out of the words; 0 where there is none."""
    lengths = [timed.value for timed in words.times.lengths]
    words.times.lengths.clear()
    if not lengths:
        return 0
    if len(lengths) > 1 or not isinstance(lengths[0], Length) or lengths[0].duration is None:
        raise cannot("how_long", "I do not know how long that is.", "Say for example 'for ten minutes'.")
    words.spans = [span for span in words.spans if not span.is_("compare", "particle") or span.is_("motion", "meaning")]
    return microseconds(lengths[0].duration)


def _patterns(given: Sequence[Json]) -> tuple[Pattern, ...]:
    return tuple(Pattern.model_validate(pattern) for pattern in given)


# --- outside ----------------------------------------------------------------------------------------------------

_OPEN_AIR = re.compile(
    r"\b(?:garden|back ?yard|front ?yard|yard|drive ?way|porch|patio|terrace|street|road|field|paddock|lawn|deck|outdoors?|"
    r"outside|gate|fence|pool|courtyard|balcony|carport|meadow|pasture|dock|pier|beach)\b"
)


def _outdoors(asked: Asked) -> Query | None:
    """Read an animal or somebody who is out, or was let out: what a camera that looks at the open air sees."""
    text = asked.text
    let_out = _LET_OUT.search(text)
    if let_out is None and not _OUTSIDE.search(text):
        return None
    spans = spans_of(asked.only(_OUTSIDE.sub("", let_out["who"] if let_out else text)).tokens, catalogue_of(asked.home))
    pets = tuple(dict.fromkeys(ref.id for span in spans for ref in span.refs if ref.kind == "pet"))
    labels = [
        label for span in spans if span.is_("label", "nobody") for label in span.readings.get("label", ("person",))
    ]
    people = tuple(dict.fromkeys(ref.id for span in spans for ref in span.refs if ref.kind == "person"))
    plain_out = let_out is None and not re.search(r"\boutside|outdoors\b", text)
    if not pets and (plain_out or not (labels or people)):
        return None
    if any(
        span.is_("compare", "number", "event") or (span.is_("meaning") and span.text not in ("out", "outside"))
        for span in spans
    ):
        return None
    _no_unknown(spans, asked)
    cameras = _open_air(asked.home)
    if not cameras:
        raise cannot(
            "no_outdoor_camera", "No camera here looks outside, so I cannot see who is out.", _doors(asked.home)
        )
    sight = Sight((*pets, *people), () if pets or people else tuple(dict.fromkeys(labels)), tuple(cameras), "at")
    return Query("whether", _patterns(patterns(sight, asked.home)), about=_trimmed(text))


def _open_air(home: Home) -> list[tuple[str, str | None]]:
    """Return the places that cameras see of the open air: whole pictures, or the zones of it."""
    found: list[tuple[str, str | None]] = []
    for camera in home.cameras:
        if _OPEN_AIR.search(" ".join((camera.name, *camera.aliases)).lower()):
            found.append((camera.id, None))
            continue
        zones = [zone for zone in camera.zones if _OPEN_AIR.search(zone.replace("_", " ").lower())]
        found += [(camera.id, zone) for zone in zones] or (
            [(camera.id, None)] if _OPEN_AIR.search(camera.sees.lower()) else []
        )
    return found


def _doors(home: Home) -> str:
    doors = [label_of(device.id, home) for device in home.devices if device.type in ("door", "gate")]
    return f"Ask for example when the {doors[0]} opened." if doors else ""


# --- what is meant loosely --------------------------------------------------------------------------------------


def _loosely(asked: Asked) -> tuple[Pattern, ...]:
    """Return the patterns of what somebody names in passing ("about the delivery"): none where it names nothing here."""
    try:
        return _clause(asked, "whether").of
    except DetourError:
        return _places(asked)


def _places(asked: Asked) -> tuple[Pattern, ...]:
    """Return patterns of everything that the devices, places and living ones named report."""
    spans = spans_of(asked.tokens, catalogue_of(asked.home))
    refs = [ref for span in spans for ref in span.refs]
    sources = list(dict.fromkeys(ref.id for ref in refs if ref.kind in ("device", "place")))
    subjects = list(dict.fromkeys(ref.id for ref in refs if ref.kind in ("person", "pet")))
    zones = {ref.zone for ref in refs if ref.kind == "place" and ref.zone}
    found: list[Json] = []
    if sources:
        found.append(
            {"source": sources, **({"where": {"zone": sorted(zones)}} if zones and len(refs) == len(zones) else {})}
        )
    if subjects:
        found.append({"subject": subjects})
    return _patterns(found)


def _no_unknown(spans: Sequence[Span], asked: Asked) -> None:
    """Raise a detour at a word that means nothing here."""
    from proactive.language.local.unknown import detour_for

    unknown = [span.readings["unknown"] for span in spans if span.is_("unknown")]
    if unknown:
        raise detour_for(unknown, asked.home, animate=False)


__all__ = ["ask_which", "query_of"]
