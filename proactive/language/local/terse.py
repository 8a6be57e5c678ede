"""Terse: notes as people type them, as the sentence that they stand for.

"Gate open, ten minutes, dark: alert" is "alert me if gate open for ten minutes while it is dark". Signs become words
("&", "/ 10 min"), a bare length lasts, and who changes their mind is taken at the last word, which a note says.
"""

from __future__ import annotations

import re

from proactive.language.local.catalogue import Catalogue
from proactive.language.local.paraphrase import LENGTH
from proactive.language.local.span import Span, spans_of
from proactive.language.local.token import tokens_of

_MARKED = re.compile(
    r"\b(?:if|when|whenever|once|unless|as soon as|the moment|every time|should|remind me (?:to|about))\b",
    re.IGNORECASE,
)
_ACT = (
    r"(?:(?:please |then )*(?:tell|let|notify|alert|warn|ping|text|message|call|remind|wake|send|shout|buzz|report|inform|email|beep)\b[^,;:?]*"
    r"|me(?:\s*(?:and|\+|&)\s*\w+)*)"
)
_NOTE = re.compile(
    rf"^(?P<what>.+?)\s*(?:\?|[-=]+>|\u2192|\u21d2|=|:|;|,|\s[-\u2013\u2014]+\s)\s*(?P<act>{_ACT})[.! ]*$",
    re.IGNORECASE | re.DOTALL,
)
_ALONE = re.compile(
    r"^(?:please |then )*(?:ping|warn|alert|notify|text|buzz|report|shout|inform|message|email|beep|tell)$",
    re.IGNORECASE,
)
_ASIDE = re.compile(r"\s*[-=]+>\s*\w+\s*$")
_SIGNS: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r",\s*(?:nobody|no one) home\b(?=,|$)", re.IGNORECASE), " while nobody is home"),
    (
        re.compile(
            r"\b(done|opened|closed|shut|on|off|open|finished|locked|unlocked|home|started|rings|opens|unplugged),\s+(?=[\w' ]+ not\b)",
            re.IGNORECASE,
        ),
        r"\1 and ",
    ),
    (re.compile(r"\s+[&+]\s+"), " and "),
    (re.compile(r",?\s+(?:and )?(?:it'?s )?dark(?: outside| out)?\s*$", re.IGNORECASE), " while it is dark"),
    (re.compile(r"(?<=\w)\s*/\s*(?=\d)"), " within "),
    (re.compile(r"\bunopened\b", re.IGNORECASE), "not opened"),
    (re.compile(r",\s*(?:and )?(no|nobody|not)\b(?= )", re.IGNORECASE), r" and \1"),
    (re.compile(r",\s*(?:on )?(?=(?:week(?:days?|ends?)|(?:mon|tues|wednes|thurs|fri|satur|sun)days?)\b)", re.IGNORECASE), " on "),
    (re.compile(r"(?<=days )(\d{1,2}) ?- ?(1[3-9]|2[0-4])\b(?: only)?"), r"between \1:00 and \2:00"),
    (re.compile(r"\ball (?:morning|day|afternoon|evening|night), (?:say )?(?=\d)", re.IGNORECASE), ""),
    (re.compile(r"(?:,\s*)?\b(\d{1,2}) to noon\b", re.IGNORECASE), r" between \1 am and noon"),
)  # fmt: skip
_BARE_LENGTH = re.compile(
    rf"(?P<before>\b(?:\w+|[%\u00b0]))?(?P<comma>\s*,)?(?P<space>\s+)(?P<length>{LENGTH})(?! (?:before|after|later|of)\b)",
    re.IGNORECASE,
)
_MEASURED = frozenset(
    "in within for by after under over every last per than of past about around and the a next inside during before between to or full whole from until at least most every".split()
)


def noted(text: str) -> str:
    """Return a note as a sentence; whatever has a clause of its own stays as it is."""
    if _MARKED.search(text):
        return text
    found = _NOTE.match(text.strip())
    if found is None:
        return _in_words(text)
    act = found["act"].strip()
    if re.match(r"me\b", act, re.IGNORECASE):
        act = f"tell {re.sub(r' *[+&] *', ' and ', act)}"
    act = f"{act} me" if _ALONE.match(act) else act
    return f"{act} if {_spelled_out(_ASIDE.sub('', found['what'].strip(' ?')))}"


def _spelled_out(what: str) -> str:
    return _BARE_LENGTH.sub(_lasting, _in_words(what))


def _in_words(what: str) -> str:
    for pattern, plain in _SIGNS:
        what = pattern.sub(plain, what)
    return what


def _lasting(found: re.Match[str]) -> str:
    """Return a bare length as one that lasts: "open, ten minutes" is "open for ten minutes"."""
    before = found["before"] or ""
    if before.lower() in _MEASURED or (not before and not found["comma"]):
        return found[0]
    return f"{before} for {found['length']}"


_MIND = re.compile(
    r"^(?P<first>.*?)(?:\.{2,}|[,;\u2013\u2014]|\s-)\s*(?:(?:hmm|uh|um|er|oh)\b[, ]*)*(?:no,? wait|wait,? no|i mean|or rather|rather|scratch that|correction|make that|i\.? ?e\b\.?|that is,|well|actually|no,? (?:just|only))\b[,:]?\s*(?P<rest>.+)$",
    re.IGNORECASE | re.DOTALL,
)
_CLAUSE = re.compile(r"\b(?:if|when|whenever|once|as soon as)\b", re.IGNORECASE)
LAST_WORD = "You said it twice; I took what you said last."


def _about(rest: str, first: str, catalogue: Catalogue) -> str:
    """Return a second thought with what it is about: "the lamp is on ... well, switched on twice" is of the lamp."""
    if _CLAUSE.match(rest) or any(
        span.refs or span.is_("label", "stranger", "nobody") for span in _spans(rest, catalogue)
    ):
        return rest
    things = [span for span in _spans(first, catalogue) if any(ref.kind in ("device", "pet") for ref in span.refs)]
    return f"{things[-1].text} {rest}" if things else rest


def _spans(text: str, catalogue: Catalogue) -> list[Span]:
    return spans_of(tokens_of(text), catalogue)


def decided(text: str, catalogue: Catalogue) -> tuple[str, tuple[str, ...]]:
    """Return what somebody said after changing their mind, and a note about it; any other text as it is."""
    found = _MIND.match(text)
    if found is None:
        return text, ()
    clause = _CLAUSE.search(found["first"])
    asked = found["first"][: clause.start()].split(".")[-1].strip() if clause else ""
    rest = _about(found["rest"].strip(), found["first"], catalogue)
    if not clause:
        return rest, (LAST_WORD,)
    return f"{asked} {rest}" if _CLAUSE.match(rest) else f"{asked} {clause[0]} {rest}", (LAST_WORD,)
