"""Requests that are refused for their words alone, each with the reason that a person is told.

Patterns are matched on lower-case text with plain apostrophes and no accents. They are about wishes, not about things: a rule about
the neighbour's dog on the lawn is fine, one that watches the neighbour is not.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

_WATCH = (
    r"(watch|record|film|photograph|monitor|spy on|track|follow|stalk|listen (in )?(to|on)|eavesdrop on|"
    r"vigila|graba|espia|rastrea|sigue|filma|escucha)\w*"
)
_OUTSIDER = (
    r"(neighbou?rs?|co-?workers?|colleagues?|tenants?|lodgers?|roommates?|flatmates?|ex(-(wife|husband|girlfriend|boyfriend))?|"
    r"landlords?|vecin[oa]s?|inquilin[oa]s?|companer[oa]s? de (piso|trabajo))"
)
_PRIVATE = r"(bath ?rooms?|restrooms?|toilets?|showers?|changing rooms?|undress\w*|naked|nude|bano|ducha|desnud\w+)"
_GUARDS = (
    r"(smoke|fire|burglar|security|co2?|carbon monoxide)? ?(alarms?|detectors?|cameras?|firewall|fraud checks?|security system|recordings?|"
    r"alarmas?|camaras?|detector(es)? de (humo|incendios?))"
)
_BELONGS = r"(house|home|flat|apartment|window|windows|garden|yard|pool|bedroom|phone|car)"


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why something is not done: a stable `code` and what a person is told."""

    code: str
    reply: str


ORDERS = Refusal("orders", "I take requests about this home, not orders to work another way. Nothing was changed.")
SECRET = Refusal("secret_watching", "I do not watch anybody in secret: who is watched at home can see that they are.")
PRIVATE = Refusal("private_place", "I do not watch people in bathrooms or while they undress.")
OUTSIDERS = Refusal("outsider", "I watch over this home, not over people outside of it who did not agree to it.")
PROTECTION = Refusal(
    "protection", "I do not switch off what protects the home. Do that at the device itself, if you must."
)
BEHIND = Refusal("behind_backs", "I do not follow what somebody does elsewhere, or report it behind their back.")

_REFUSED: tuple[tuple[Refusal, str], ...] = (
    (
        ORDERS,
        r"\b(ignore|disregard|forget|override|bypass|olvida|ignora|omite)\w* (about )?(all |any |your |the |my |these |those |todas |tus |las |of )*"
        r"(previous|prior|above|earlier|system|other|safety|anteriores|previas|security)? ?"
        r"(instructions?|prompts?|guidelines?|restrictions?|instrucciones|reglas anteriores)\b"
        r"|\b(ignore|disregard|forget|override|bypass) (all |any |your |the )*(previous|prior|above|earlier|system|safety) (rules?|messages?|policy|policies)\b"
        r"|\bsystem prompt\b|\bjail ?break\b|\b(developer|debug|god|admin|dan) mode\b|\bpretend (to be|you are|you're|that you)\b"
        r"|\byou are (now|no longer)\b|\bact as (if|a|an|root|admin)\b|<\|?(system|im_start|/?inst)\b|\bas (an? )?(admin|root|developer)\b[, ]"
        r"|\b(reveal|print|show|repeat|tell me) (me )?(your|the) (hidden |secret |system |initial )?(instructions|prompt|api key|keys|password|passwords|secrets|token)\b",
    ),
    (
        SECRET,
        r"\b(secretly|covertly|in secret|stealthily|discreetly (watch|film|record)\w*|a escondidas|en secreto|sin que (lo )?(sepa|note|se entere)\w*)\b"
        r"|\bwithout ((them|him|her|their|his|anyone|anybody|everyone|my|the) ?(\w+ ){0,2})('s )?(knowing|noticing|knowledge|consent|permission|finding out|being aware)\b"
        r"|\b(hidden|hide the|hide a|secret|spy) (cameras?|microphones?|recordings?|mics?|recorder)\b|\bspy(ing)? on\b|\bstalk(ing)?\b"
        r"|\b(don't|do not|never|so (that )?(he|she|they) (don't|doesn't|won't|can't)) (let (him|her|them) )?(know|notice|find out|see) (that )?(i'm|i am|we're|you're|they are|she is|he is)? ?(being )?(watch|record|film|track)\w*",
    ),
    (
        PRIVATE,
        rf"\b({_WATCH}|camera|picture|photo|video|see|look|show|peek)\b.*\b{_PRIVATE}\b|\b{_PRIVATE}\b.*\b({_WATCH}|camera|picture|photo|video)\b",
    ),
    (
        OUTSIDERS,
        rf"\b{_WATCH} (on )?(what |where |when |if |how |whether )?(my |the |our |all |every |next door |mi |mis |al |a |el |la )*{_OUTSIDER}\b(?!'s? (dog|cat|car|package|bin|tree)s?\b)"
        rf"|\b(my |the |our ){_OUTSIDER}('s?)? {_BELONGS}\b"
        rf"|\b(tell|let|alert|notify|warn|ping|text)\b.*\b(my |the |our )({_OUTSIDER}) (leaves?|goes? out|comes? home|gets? home|is (home|away|asleep|alone)|has (guests|visitors|company)|sleeps?|showers?)\b",
    ),
    (
        PROTECTION,
        rf"\b(disable|deactivate|turn off|switch off|shut off|kill|silence|mute|unplug|cut|desactiva|apaga)\w* (all |any |every |my |the |our |of |these |todas |las |los |la |el )*{_GUARDS}\b(?! (sound|chime|notification|reminder|clock))",
    ),
    (
        BEHIND,
        r"\b(read|see|show|forward|intercept|track|check|log)\w* (all )?(of )?(my |the )?\w+'s (messages|texts|emails?|e-mails|calls|browsing|browser|passwords?|location history|dms|whatsapp)\b"
        r"|\bwho (my )?(wife|husband|girlfriend|boyfriend|partner|daughter|son|ex) (is )?(text|talk|call|meet|chat)\w*\b",
    ),
)
_COMPILED = tuple((refusal, re.compile(pattern)) for refusal, pattern in _REFUSED)


def refused(text: str) -> Refusal | None:
    """Return why a request is refused whatever else it says, or None."""
    plain = _plain(text)
    return next((refusal for refusal, pattern in _COMPILED if pattern.search(plain)), None)


def _plain(text: str) -> str:
    """Return the text in lower case, without accents, invisible characters or runs of blanks: disguises change nothing."""
    parts = unicodedata.normalize("NFKD", text.replace("\u2019", "'")).lower()
    seen = "".join(c for c in parts if unicodedata.category(c) not in ("Mn", "Cf"))
    return " ".join(seen.split())
