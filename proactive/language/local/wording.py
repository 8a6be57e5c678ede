"""Wording: a request in the plain sentence that it stands for, before any of its words is understood.

People wrap what they ask for: greetings, wishes ("it would be great if you could ..."), numbered steps, arrows, norms
("the gate should never be open at night") and nouns that trigger an alert. What is unwrapped here changes nothing that a
rule holds; where a reading is chosen (a norm becomes "tell me when it is broken") a note says so.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from proactive.language.local.norm import CLAUSED, NOTICED, REWRITES, afterwards
from proactive.language.local.token import MAX_TEXT

_NEVER_MORE_THAN = 8  # wishes around wishes; each one taken off is shorter, so this only bounds the time


@dataclass(frozen=True, slots=True)
class Worded:
    """A request as a plain sentence, what to say about how it was read, and the `bare` words without marks on paper."""

    text: str
    bare: str
    notes: tuple[str, ...] = ()


def worded(said: str) -> Worded:
    """Return the plain sentence of what somebody said, of which at most `MAX_TEXT` characters count."""
    text = _unmarked(said[:MAX_TEXT])
    steps = _in_steps(_unwished(text))
    found = next((one for rewrite in REWRITES if (one := rewrite(steps)) is not None), (steps, ""))
    return Worded(afterwards(found[0]), text, (found[1],) if found[1] else ())


# --- marks on paper ---------------------------------------------------------------------------------------------

# A name before a colon is who speaks, as chat logs and speech recognisers write it; so is a mention of the assistant.
_ADDRESS = re.compile(
    r"^\s*(?:@\w+[\s,:]+|(?!alert|notif|warn|remind|rule|if|when|system|assistant|developer|admin)\w+\s?:\s+(?=\D))",
    re.IGNORECASE,
)
_ITEM = re.compile(r"(?:^|\s*[\n\r;]\s*)(?:\(?\d{1,2}[.)]|[-*\u2022])\s+(?=[^\W\d])")
_LINES = re.compile(r"\s*[\r\n]+\s*")
_ARROW = re.compile(r"\s*(?:[-=]+>|\u2192|\u21d2)\s*")
# "-> me and Piet" and "= warn" say whom to tell, or that somebody is to be told.
_TO_WHOM = re.compile(
    r"\s*(?:[-=]+>|\u2192|=)\s*((?:me|us|everyone|my \w+|[A-Z]?\w+ and (?:me|[A-Z]?\w+)|me and [A-Z]?\w+))\s*[.!]?$",
    re.IGNORECASE,
)
_HEADED = re.compile(
    r"^(alert|alerts|notification|notify|warning|warn|remind(?:er)?)( me)?\s*[:\u2013-]+\s*(?=\w)", re.IGNORECASE
)
_MARKED = re.compile(r"\b(if|when|whenever|once|as soon as|every|at|to|about|that)\b", re.IGNORECASE)


# Whoever looks, what counts is who is seen: "if you detect a person", "Frigate has seen a car".
_SEER = r"(?:you|it|ha|frigate|home assistant|homeassistant|proactive|blue iris|the ai|the (?:system|app|camera|cameras|cam|cams)|(?:my|any|a|any of the|one of the|one of my) (?:camera|cameras|cam|cams))"
_SEES = r"(?:detects?|detected|sees?|saw|seen|spots?|spotted|notices?|noticed|picks? up|picked up|catch(?:es)?|caught|recogni[sz]es?|identif(?:y|ies|ied))"
# Short forms of chat, and ways of saying a thing that one other way covers.
_SHORT: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(pattern, re.IGNORECASE), plain)
    for pattern, plain in (
        (r"\bu\b(?! ?[-.])", "you"),
        (r"\b(?:pls|plz)\b", "please"),
        (r"\bw/(?=\s|\w)", "with "),
        (r"\bb/c\b", "because"),
        (r"^(?:please )?set (?:an?|my|the) (?:\w+ )?alarm(?: clock)? (?:for|at)\b", "wake me up at"),
        (r"\b(?:don't|do not|never) (?:let me |let us )?forget to\b", "remind me to"),
        (r"\b(?:we|i|the house) (?:lose|lost|loses) (?:power|electricity)\b", "the power goes out"),
        (
            r"\b(?:water|moisture) (?:is |was |gets |has been )?(?:detected|found|sensed|leaking)?\s?(?=in the |in my |under |on the floor)",
            "a leak ",
        ),
        (
            r"\b(turn|switch) ([\w' ]+?) (on|off) ((?:at|when|if|after) [^,]+?),? (?:and|then|and then) (on|off) (?=(?:at|when|if|after) )",
            r"\1 \2 \3 \4 . \1 \2 \5 ",
        ),
        (
            r"\b(turn|switch) (on|off) ([\w' ]+?) ((?:at|when|if|after) [^,]+?),? (?:and|then|and then) (on|off) (?=(?:at|when|if|after) )",
            r"\1 \2 \3 \4 . \1 \5 \3 ",
        ),
        (
            r"^(?:please )?send ([\w' ]+?) (?:home|back to (?:its |the )?(?:dock|base)|to (?:its|the) (?:dock|base))(?= (?:if|when|at|whenever|once|every)\b|$)",
            r"dock \1",
        ),
        (
            r"\b(?:my|the) (?:phone|watch|smartwatch|iphone|mobile) to (?:buzz|ring|vibrate|beep|ping)\b",
            "to be notified",
        ),
        (r"^(?:would|do|could) you mind (turn|switch|clos|open|lock|start|stopp?|paus)ing\b", r"\1"),
        (rf"\b{_SEER} (?:has |have |had )?{_SEES}\b(?! (?:if|when|that|whether))", "seen"),
        (r"[,.;]? (?:otherwise|else) (?:do nothing|nothing|ignore it|don't|do not)\W*$", ""),
    )
)


_REASON = re.compile(
    r"^(?P<why>(?:(?:since|because|given that|as) [^,.;:?]{6,100},|[^.;:?]{8,100}?(?:,| and) so(?: please| only| just)*|[^.,;:?\d]{8,100}:)) (?P<ask>(?:please )?(?:only )?(?:if|when|whenever|tell|let|notify|alert|warn|send|ping|remind|turn|switch|lock|close)\b.*)$",
    re.IGNORECASE | re.DOTALL,
)
_CORRECTED = re.compile(
    r"(?:\.{2,}|\u2026|[,;.\u2013-])\s*(?:hmm+,? )?(?:no,? wait|wait,? no|wait|no,? just|no,? sorry|i mean|or rather|rather|sorry|scratch that|correction|no)\s*[:,.]*\s+(?P<rest>(?:just )?(?:if|when|whenever|tell|let|notify|alert|warn)?\b.*)$",
    re.IGNORECASE | re.DOTALL,
)


def _corrected(text: str) -> str:
    """Return what somebody ends up saying: "tell me if A... no wait: if B" is "tell me if B"."""
    found = _CORRECTED.search(text)
    if found is None or not CLAUSED.match(found["rest"].removeprefix("just ")):
        return text
    rest = found["rest"].removeprefix("just ")
    asked = CLAUSED.search(text[: found.start()])
    return rest if NOTICED.search(rest) or asked is None else f"{text[: asked.start()]}{rest}"


def _apart(text: str) -> str:
    """Return a reason before a request as a sentence of its own: "power flickers, so only tell me if ..."."""
    found = _REASON.match(text)
    if found is None or CLAUSED.search(found["why"]) or NOTICED.search(found["why"]):
        return text
    return f"{found['why'].rstrip(' ,:')} . {found['ask']}"


def _unmarked(said: str) -> str:
    text = _ADDRESS.sub("", said.replace("\u2019", "'")).strip()
    for short, plain in _SHORT:
        text = short.sub(plain, text)
    text = _ITEM.sub(" . ", text)
    text = _apart(_corrected(_LINES.sub(" . ", text).strip(" .\t\n")))
    text = _TO_WHOM.sub(r" , tell \1", text)
    if _ARROW.search(text):
        text = f"{'' if CLAUSED.search(text) else 'if '}{_ARROW.sub(' , then ', text)}"
    headed = _HEADED.match(text)
    if headed and not _MARKED.match(text[headed.end() :]):
        return f"alert me if {text[headed.end() :]}"
    return text


# --- wishes -----------------------------------------------------------------------------------------------------

_SYSTEM = r"(?:automation|rule|script|blueprint|flow|routine|solution|system|app|application|feature|setup|bot|assistant|integration|program|service|something|one)"
_MAKING = r"(?:create|creating|make|making|set up|setting up|setup|build|building|write|writing|have|having|get|configure|configuring|do|find|finding)"
_PLEASED = r"(?:nice|cool|great|good|awesome|useful|helpful|handy|amazing|fantastic|lovely|neat|perfect|ideal|possible|wonderful|brilliant)"
_ABLE = r"(?:\s+(?:be able to|could|can|would|also|only|just|please|kindly|maybe|possibly|automatically))*"
_WISHES = tuple(
    re.compile(pattern + r"[\s,:.!-]*", re.IGNORECASE)
    for pattern in (
        r"^(?:hi|hello|hey|hiya|greetings|good (?:morning|evening|afternoon|day))(?: (?:there|all|everyone|guys|team|folks|proactive))?\s*(?=[,.!:-])",
        r"^(?:hi|hey) there\b",
        r"^(?:okay|ok|well|basically|ideally|essentially|hopefully|please|kindly|simply)\b(?=[\s,])",
        rf"^(?:is|are|was) there (?:a|an|any|some) (?:good |easy |simple |nice )?(?:way|option|possibility|chance|method|setting|trick)(?: for \w+)?(?: to| that| i can| we can)?(?: {_MAKING})?\b",
        rf"^(?:is it|would it be|it would be|it'd be|it be|that would be|would be|it is|wouldn't it be)(?: (?:really|very|so|super|pretty|also|even))* {_PLEASED}(?: for me| for us)?(?: (?:if|to))?(?: (?:it|you|i|we|there was|there were|this))?{_ABLE}",
        rf"^(?:i|we)(?: (?:am|was|are|were)|'m|'re)(?: (?:just|currently|also|really))? (?:looking|trying|hoping|wondering|searching|planning|attempting)(?: for| to| about| of| if)?(?: a way| help)?(?: to| of)?(?: (?:you|i|we|there was a way to))?{_ABLE}(?: {_MAKING})?\b",
        rf"^(?:looking|trying|hoping|searching)(?: for| to)(?: a way| help| an? {_SYSTEM})?(?: to| that| which)?{_ABLE}(?: {_MAKING})?\b(?! know)",
        r"^(?:my|the|our) (?:goal|idea|aim|use case|plan|wish|requirement|hope) (?:is|would be|was)(?: (?:to|that))?\b",
        r"^what (?:i|we) (?:want|need|would like|am after|'d like) is(?: to)?\b",
        rf"^(?:i|we)(?:'d| would)?(?: (?:really|also|just|only))* (?:like|love|want|need|wish|prefer)(?: (?:to|for|that|you|it|proactive|the assistant|ha))*{_ABLE}(?: (?:to|{_MAKING}))*\b(?= an?\b| to\b| be\b| the\b| my\b| all\b| it\b| you\b| get\b| receive\b| know\b| let\b| notif| alert| text| warn| remind| ping|\s*$)(?! to know)",
        rf"^(?:(?:an?|the|this|my|some|any|your) )(?:\w+ )?{_SYSTEM}(?: (?:that|which|to|where))?{_ABLE}(?: (?:should|must|will|needs? to|has to|shall))?{_ABLE}(?=\s+(?:tell|let|notif|alert|warn|send|inform|remind|ping|text|email|provide|give|turn|switch|close|lock|open|check|trigger))",
        r"^(?:would|do|could) you mind\b",
        r"^this (?:one|rule|automation)\b(?= (?:tell|let|notif|alert|warn|send|inform|remind))",
        r"^(?:can|could|would|will|should) (?:you|i|we|it|someone|proactive)(?: please| kindly| maybe| also| just)*(?: be so kind as to)?(?: help me(?: to)?)?(?: be able to)?(?: (?:set up|create|make|configure))?\b(?! (?:check|see|find|look))",
        rf"^(?:how|what) (?:do|can|would|could|should|might) (?:i|we|you|one)(?: go about)?(?: {_MAKING})?\b(?=.*\b(?:if|when|whenever|once)\b)",
        r"^(?:be able to|only|just|automatically|to) (?=(?:get|be|receive|tell|let|notif|alert|warn|send|inform|remind|ping|text|email|turn|switch|close|lock|trigger)\b)",
        r"^trigger (?=if|when)",
    )
)
_TRAILING = re.compile(
    r"[\s,.!-]*\b(?:please|thanks?(?: you)?(?: so much| a lot| in advance)?|thx|cheers|pls|many thanks|if (?:that is |that's )?possible|if you (?:can|could|would)"
    r"|(?:that )?would be (?:very |really )?(?:nice|great|cool|helpful|appreciated|good|awesome|useful|perfect))[\s.!?]*$",
    re.IGNORECASE,
)
_SENTENCES = re.compile(r"(?<=[a-z][.!]) (?=[A-Z])")
_ASKED_FOR = re.compile(
    r"\b(tell|let|notif\w*|alert\w*|warn\w*|send|inform\w*|remind\w*|ping|text|e?-?mail|provide|give|get|receive|know|message|turn|switch|close|lock|open|set|told|beep|announce|if|when)\b",
    re.IGNORECASE,
)


def _unwished(text: str) -> str:
    """Return a request without the wishes and thanks around each of its sentences."""
    return " ".join(_unwished_sentence(sentence) for sentence in _SENTENCES.split(text))


def _unwished_sentence(text: str) -> str:
    """Return a sentence without wishes; one that is nothing else stays as it is."""
    bare = text
    for _ in range(_NEVER_MORE_THAN):
        shorter = _without_one_wish(bare)
        if shorter == bare:
            break
        bare = shorter
    ending = _TRAILING.sub("", bare)
    bare = ending if _ASKED_FOR.search(ending) else bare
    if bare != text:
        bare = bare.rstrip(" ?")
    return f"{bare}." if text.endswith(".") and not bare.endswith(".") else bare


def _without_one_wish(text: str) -> str:
    for wish in _WISHES:
        found = wish.match(text)
        rest = text[found.end() :].strip() if found else ""
        if rest and _ASKED_FOR.search(rest):
            return rest
    return text


# --- steps ------------------------------------------------------------------------------------------------------

_STEP_AT = re.compile(
    r"^\W*(?:trigger|run|start|check|fire|execute|every day|daily|each day)\b(?: this| it| the (?:automation|rule|check))?\s*(?P<time>(?:(?:every|each|daily|at|on)\b)[^.]*?)\s*\.\s+(?P<rest>.+)$",
    re.IGNORECASE | re.DOTALL,
)
_STEP_IF = re.compile(r"\b(?:check|see|verify|look|test)(?: to see)?(?: if| whether| that) ", re.IGNORECASE)
_STEP_AGAIN = re.compile(
    r"[.,;]\s*(?:and )?if (?:it|they|so|yes|that|this|true)\b(?: (?:is|are|not|does|was|has|been|still|the case|so|[a-z]+ed|open|closed|on|off))*[\s,]*(?:then\b)?",
    re.IGNORECASE,
)


def _in_steps(text: str) -> str:
    """Return numbered steps as one sentence: "at 9 pm every day . check if A . if it is A, lock it" is "at 9 pm, if A, lock it"."""
    found = _STEP_AT.match(text)
    if found is None and not (_STEP_IF.match(text) and _STEP_AGAIN.search(text)):
        return text
    time, rest = (found["time"], found["rest"]) if found else ("", text)
    if not _STEP_IF.search(rest) and not re.search(r"\bif\b", rest):
        return f"{time}, {rest}"
    rest = _STEP_IF.sub("if ", rest, count=1)
    head, again, tail = _parted(rest)
    rest = f"{head.strip(' .')}, {tail.strip(' ,.')}" if again else rest.replace(" . ", ", ")
    return f"{time}, {rest}" if time else rest


def _parted(text: str) -> tuple[str, bool, str]:
    found = _STEP_AGAIN.search(text)
    return (text[: found.start()], True, text[found.end() :]) if found else (text, False, "")
