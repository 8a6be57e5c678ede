"""Asked: whether words ask for something that a rule could be, before any model is heard about them.

A model reads "June used to get a text whenever the door opened" as a wish like any other. So what tells of the past, of what
others said, of what is only supposed, or says that somebody does not want to be told, is not given to it.
"""

from __future__ import annotations

import re

from proactive.language.compiler.foreign import asks_in
from proactive.language.local.slots import Slots

# A wish has no yesterday, and is nobody else's words.
_TOLD = re.compile(
    r"\b(yesterday|last (night|week|weekend|month|year|summer|winter)|used to|(would|could|should)( \w+)? have|ago|earlier today|in my old|"
    r"suppose|supposing|imagine|what if|(he|she|they|\w+) (said|says|joked)|told (me|us)|joking|kidding|those were)\b"
)
_UNWANTED = re.compile(
    r"\b((do not|don't|dont|no need to|needn't|never|not|stop) (ever |want (you )?to |need (you )?to |have to |want |need )?(an? |any |more )*"
    r"(tell|telling|told|notify|notifying|alert|alerts|alerting|warn|warning|text|message|ping|remind|reminder|bother|notifications?))\b"
)


def asks(text: str, found: Slots) -> bool:
    """Say whether a text asks for something that a rule could be: a condition or a notice, both in another language."""
    if not found.english:
        return asks_in(text)
    low = text.lower().replace("\u2019", "'")
    if _TOLD.search(low) or _UNWANTED.search(low):
        return False
    return found.marked or (any(span.is_("notice") for span in found.spans) and not _orders(found))


def _orders(found: Slots) -> bool:
    """Say whether a text without a condition begins with something to do now: "arm the alarm"."""
    first = next((span for span in found.spans if not span.is_("filler", "particle")), None)
    return first is not None and first.is_("command") and not first.refs and not first.is_("notice")
