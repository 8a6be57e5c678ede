"""Asked: the many ways to ask to be told something, put as "tell me", and the many ways to open a condition, put as "if".

"I'd love a nudge in the event that ..." is "tell me if ...". Nothing here touches what is watched: only the frame of a
request is put into the words that all later steps know. Whom to tell is kept.
"""

from __future__ import annotations

import re
from collections.abc import Callable

Row = tuple[str, str | Callable[[re.Match[str]], str]]

_NOTE = (
    r"(?:(?:quick|little|short|brief) )?(?:nudge|shout|heads[- ]?up|buzz|word|yell|holler|signal|note|line|hint|ping|notice"
    r"|poke|tap|whistle|ring|beep|message|msg|alert|notification|warning|reminder|text|sms|update)"
)
_HEARING = (
    r"(?:(?:know|hear|find out|learn|be (?:told|informed|notified|alerted|warned|pinged|texted|messaged|made aware|in the know)"
    r"|get (?:told|informed|notified|alerted|warned|pinged)|get an? "
    + _NOTE
    + r")(?: (?:about|of) (?:it|this|that))?(?: right away| at once| immediately| straight away)?)"
)
_WANT = r"(?:i|we)(?:'d| would|'ll| will| do)?(?: (?:really|kinda|just|also|definitely|quite|rather|only|sure))* (?:want|wanna|like|love|need|prefer|appreciate|be (?:grateful|glad|happy|thankful)|have|ought)"
_IF = r"(?=\s+(?:if|when|whenever|once|as soon as|every time|each time|in case|the moment|the minute|the second|any ?time|unless|in the event|should|at|by|on|,)\b)"
_END = r"(?=\s*(?:[.!?]|$))"
_WHOM = r"(?P<whom>me|us|him|her|them|everyone|everybody|both of us|all of us|my \w+|[A-Z]\w+(?: and (?:me|[A-Z]\w+))?|me and [A-Z]\w+)"
_BARE = r"(?:if|when)"

_ASKING: tuple[Row, ...] = (
    (rf"\b{_WANT}(?: for)? (?:to )?{_HEARING}{_IF}", "tell me"),
    (rf"\b{_WANT}(?: to have| to get| to receive| to be sent| to be given)?(?: for)? (?:an?|some|the) {_NOTE}{_IF}", "tell me"),
    (rf"\b{_WANT} it if you (?:told me|let me know|would (?:tell me|let me know)|could (?:tell me|let me know)|notified me|texted me){_IF}", "tell me"),
    (rf"(?:,| -|\.)? ?(?:then |and |and then |so )?\b{_WANT}(?: for)? (?:to )?{_HEARING}(?: then)?{_END}", ", tell me"),
    (rf"(?:,| -|\.)? ?(?:then |and |and then |so )?\b{_WANT}(?: to have| to get| to receive)? (?:an?|some|the) {_NOTE}(?: then)?{_END}", ", tell me"),
    (rf"(?:,| -|\.)? ?(?:that |it |this )?(?:would be|is|'d be|be) (?:good|nice|great|useful|helpful|important|handy|something i(?:'d| would)? (?:like|want|need)) to (?:know|hear)(?: about)?{_END}", ", tell me"),
    (rf"\b(?:give|drop|shoot|send|fire|toss|throw) {_WHOM} (?:off )?(?:an?|some) {_NOTE}(?! (?:with|via|on|to)\b)", lambda m: f"tell {m['whom']}"),
    (r"\b(?:keep (?P<whom>me|us) (?:posted|informed|in the loop|up to date)|make (?P<two>me|us) aware|hit (?P<three>me|us) up|give (?P<four>me|us) a call)\b(?: (?:of|about) (?:it|this|that))?", "tell me"),
    (rf"\b(?P<ask>tell|notify|alert|warn|inform) {_WHOM} (?:about|of) (?:it|this|that)\b(?=\s+(?:if|when|whenever|once))", lambda m: f"{m['ask']} {m['whom']}"),
    (r"\btell me about it\b", "tell me"),
    (r"\b(?:could|can|would|will) (?:i|we) (?:please )?(?:get|have|receive|be sent) (?:an?|some) " + _NOTE, "tell me"),
)  # fmt: skip

_THING = r"(?:the|my|our|a|an|any|some|both|either|no|all|one|it|there|he|she|they|someone|somebody|anyone|anybody|nobody|everyone|[A-Z]\w+)"
_OPENING: tuple[Row, ...] = (
    (r"\b(?:in the event(?: that)?|in the case that|on the condition that|on condition that|assuming(?: that)?|supposing(?: that)?|given that|in any case where|in situations where|at any point(?: when| where)?|on (?:any|every|each) occasion (?:that|when)|(?:any|every|each) ?time that|the (?:very )?(?:moment|second|minute|instant)(?: that| when)?|as and when|if and when|if or when|just in case|if it (?:so )?happens that|if ever|if at any (?:time|point)|if for (?:any|some|whatever) reason)\b", _BARE),
    (rf"(?:^|(?<=[,.;:!?]\s)|(?<=\bme )|(?<=\bus )|(?<=\bknow )|(?<=\bplease ))should (?={_THING}\b)", "if "),
)  # fmt: skip


def _opened(found: re.Match[str]) -> str:
    return (
        "when" if re.match(r"the|any ?time|every|each|as and|on (?:any|every|each)", found[0], re.IGNORECASE) else "if"
    )


_ROWS = [
    *((re.compile(pattern, re.IGNORECASE), plain) for pattern, plain in _ASKING),
    (re.compile(_OPENING[0][0], re.IGNORECASE), _opened),
    (re.compile(_OPENING[1][0], re.IGNORECASE), "if "),
]


def asked(text: str) -> str:
    """Return a request that asks and opens its condition in the plainest words; any other text as it is."""
    said = text
    for pattern, plain in _ROWS:
        text = pattern.sub(plain, text)
    return text.rstrip(" ?") if text != said and text.startswith("tell ") else text
