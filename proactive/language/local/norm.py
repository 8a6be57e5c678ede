"""Norms and triggers: "should never be open", "triggers an alert", "should be reported", as the conditions that they set."""

from __future__ import annotations

import re

NOTICED = re.compile(
    r"\b(tell|let|notif\w*|alert\w*|warn\w*|send|inform\w*|remind\w*|ping|text me|email|know)\b", re.IGNORECASE
)
CLAUSED = re.compile(r"\b(if|when|whenever|once|unless|as soon as)\b", re.IGNORECASE)
_NORM = re.compile(
    r"^(?P<thing>(?!(?:i|we|you|it|what|how|who|why|where|please)\b)[^,;:?]{2,80}?),? (?:should|must|ought to|shall|can|may|needs? to|(?:is|are) (?:supposed|allowed|meant) to)"
    r"(?P<no>(?: not|n't| never|not)(?: ever)?)?(?P<always> always)? (?P<rest>(?:be|stay|remain|happen|appear|occur|have|get|go|come|enter|leave|climb|stand|sit|lie|sleep|jump|drop|rise|exceed|fall|run|open|close|eat|reach)\b.*)$",
    re.IGNORECASE,
)
_NOBODY = re.compile(
    r"^(?:nobody|no one|no-one|none|no (?P<what>person|people|car|cars|dog|cat|animal|stranger|strangers|vehicle))\b",
    re.IGNORECASE,
)
_REPORTED = re.compile(r"^be (?:reported|flagged|announced|notified|mentioned)[.! ]*$", re.IGNORECASE)
_TOGETHER = re.compile(
    r"^(?:happen|appear|occur|be (?:true|so|on|open)?)\s*(?:together|at the same time|simultaneously)?\s*[.!]*$",
    re.IGNORECASE,
)
_ANYONE = re.compile(
    r"\b(?:shouldn't|mustn't|can't|cannot|isn't (?:supposed|allowed|meant) to|aren't (?:supposed|allowed|meant) to)",
    re.IGNORECASE,
)
_OUT = {"shouldn't": "should not", "mustn't": "must not", "can't": "can not", "cannot": "can not"}


def _norm(text: str) -> tuple[str, str] | None:
    """Return "the gate should never be open at night" as "tell me if the gate is open at night"."""
    plain = _ANYONE.sub(lambda m: _OUT.get(m[0].lower(), "should not"), text)
    found = _NORM.match(plain)
    if found is None or NOTICED.search(plain) or CLAUSED.search(found["thing"]):
        return None
    thing, rest, broken = found["thing"], found["rest"], bool(found["no"])
    if _REPORTED.match(rest):
        return f"tell me about {thing}", ""
    nobody = _NOBODY.match(thing)
    if nobody:
        thing, broken = (f"a {nobody['what']}" if nobody["what"] else "anyone") + thing[nobody.end() :], True
    if _TOGETHER.match(rest) and " and " in thing:
        return f"tell me if {thing}", "I read that as: tell me when both are so."
    verb = re.sub(r"^be\b", "is" if broken else "is not", rest, flags=re.IGNORECASE)
    if verb == rest and not broken:
        verb = f"does not {rest}" if not re.match(r"(?:stay|remain)\b", rest) else re.sub(r"^\w+", "is not", rest)
    return f"tell me if {thing} {verb}", "I read that as: tell me when it is otherwise."


_ASSURE = re.compile(
    r"^(?:please )?(?:make sure|ensure|be sure|verify)(?: that)? (?P<thing>[^,;:?]{2,80}?) (?P<is>is|are|has|have|was|gets?|stays?|remains?)(?P<no> not| never|n't)?(?P<rest> .+)$",
    re.IGNORECASE,
)


def _assurance(text: str) -> tuple[str, str] | None:
    """Return "make sure the garage is closed by 10pm" as "tell me if the garage is not closed by 10pm"."""
    found = _ASSURE.match(text)
    if found is None or NOTICED.search(text) or re.match(r"(?:i|we|you)$", found["thing"], re.IGNORECASE):
        return None
    verb = found["is"] if found["is"].lower() in ("is", "are", "has", "have") else "is"
    denied = "" if found["no"] else " not"
    return f"tell me if {found['thing']} {verb}{denied}{found['rest']}", "I read that as: tell me when it is otherwise."


_TRIGGERS = re.compile(
    r"^(?P<cause>(?!(?:i|we|you|it|please|can|could|and|to|that)\b)[^?]{4,200}?),?(?: (?:should|must|will|would|has to|needs to|shall|can))?(?: immediately| automatically| always)?"
    r" (?:triggers?|causes?|sends?|raises?|fires?|generates?|produces?|results? in|leads? to|gives?|sets? off|calls? for|warrants?|triggering|sending)(?: out)?(?P<whom> me| us)?"
    r" (?P<what>(?:an?|the|some)? ?(?:\w+ ){0,2}?(?:alerts?|notifications?|alarm|warnings?|message|text|reminder|push|e?-?mail|ping)\b.*)$",
    re.IGNORECASE,
)


def _trigger(text: str) -> tuple[str, str] | None:
    """Return "motion in the yard triggers an alert" as "if motion in the yard, send me an alert"."""
    found = _TRIGGERS.match(text)
    if found is None or NOTICED.search(found["cause"]) or CLAUSED.search(text):
        return None
    cause = re.sub(r"\bbeing\b", "is", found["cause"], flags=re.IGNORECASE)
    return f"if {cause} , send{found['whom'] or ' me'} {found['what']}", ""


_GRANTED = re.compile(
    r"^(?:(?:have|get|make|let|want|for) )?(?P<thing>(?:the|my|all|all the|every|our) [\w' ]{2,50}?)(?: to)? (?P<verb>turn(?:ed)? (?:on|off)|switch(?:ed)? (?:on|off)|close|open|lock|unlock|start|stop|pause|dock)(?P<rest> (?:at|if|when|whenever|every|once|after|as soon as|unless)\b.*)$",
    re.IGNORECASE,
)


def _granted(text: str) -> tuple[str, str] | None:
    """Return "the lamps to turn on when I come home", of a wish, as "turn on the lamps when I come home"."""
    found = _GRANTED.match(text)
    if found is None or NOTICED.search(text) or CLAUSED.search(found["thing"]):
        return None
    wished = re.match(r"(?:have|get|make|let|want|for) ", text, re.IGNORECASE) or f" to {found['verb']}" in text
    verb = re.sub(r"ed\b", "", found["verb"])
    return (f"{verb} {found['thing']}{found['rest']}", "") if wished else None


_AFTER = re.compile(
    r"^(?P<head>.*?\b(?:if|when|whenever)) (?P<second>[^,]+?) (?:with)?in (?:less than |no more than )?(?P<length>(?:\d+|an?|one|two|three|four|five|six|ten|fifteen|twenty|thirty) (?:second|minute|hour)s?) (?:of|after) (?P<first>(?!(?:it|that|this|\w+ing)\b)[^,]+ [^,]+)$",
    re.IGNORECASE,
)


_SAID_FIRST = re.compile(
    r"^(?P<cause>(?!(?:at|every|each|on|in|tonight|today|tomorrow|please|hey|ok|okay|by|after|before|from|during|daily|nightly|and|also|then|so|yes|hi|hello|thanks|once|until|should|don't|do|did|is|are|was|what|who|how|why)\b)(?:[^,;:?]|(?<=\d):(?=\d)){6,110}?)"
    r"\s*[,;:?=\u2013-]+\s+(?P<ask>(?:then )?(?:please )?(?:send|notify|tell|alert|let|warn|text|ping|email|message|wake|lock it|close it|turn it|switch it)\b.*)$",
    re.IGNORECASE,
)


def _cause_first(text: str) -> tuple[str, str] | None:
    """Return "doorbell rings, notify everyone" as "if doorbell rings, notify everyone"."""
    found = _SAID_FIRST.match(text)
    if found is None or CLAUSED.search(text) or NOTICED.search(found["cause"]):
        return None
    return f"if {found['cause']} , {found['ask']}", ""


_REPORT = re.compile(
    r"^(?P<cause>[^?]{6,200}?),? (?:should|must|has to|needs to|is to|ought to|shall) (?:always |immediately )?be (?:reported|flagged|brought|announced|notified|signalled|mentioned|passed on)(?: to (?P<whom>me|us|everyone|my \w+|[A-Z]\w+(?: and (?:me|[A-Z]\w+))?))?(?: (?:immediately|at once|right away))?[.! ]*$",
    re.IGNORECASE,
)


def _report(text: str) -> tuple[str, str] | None:
    """Return "the gate being left open should be reported to me" as "tell me if the gate is left open"."""
    found = _REPORT.match(text)
    if found is None or CLAUSED.search(text) or len(found["cause"].split()) < 4:
        return None
    cause = re.sub(r"\bbeing\b", "is", found["cause"], flags=re.IGNORECASE)
    return f"tell {found['whom'] or 'me'} if {cause}", ""


REWRITES = (_report, _norm, _assurance, _trigger, _granted, _cause_first)


def afterwards(text: str) -> str:
    """Return "if A within 3 hours after B" as "if B and then A within 3 hours"; any other text as it is."""
    found = _AFTER.match(text)
    if found is None or CLAUSED.search(found["second"]):
        return text
    return f"{found['head']} {found['first']} and then {found['second']} within {found['length']}"
