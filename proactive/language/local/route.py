"""Routing: what kind of request a sentence is, before anything in it is understood.

In order: what must be refused, what changes existing rules, idle talk, questions, commands to do something now. All
else may be a rule. Words are matched on the plain lower-case text, since these are habits of speech, not of homes.
"""

from __future__ import annotations

import re

from proactive.language.local.wording import Worded
from proactive.language.outcome import Kind

_REFUSE = re.compile(
    r"\b(ignore|disregard|forget|override|bypass) (all |any |your |the |my )*(previous|prior|above|earlier|system|other) "
    r"(instructions?|prompts?|rules?|messages?)"
    r"|\bsystem prompt\b|\bjailbreak\b|\bdeveloper mode\b|\bpretend (to be|you are)\b|\byou are now\b"
    r"|\b(secretly|covertly|in secret|without (them|him|her|their|his|anyone|anybody|my \w+)('s)? (knowing|noticing|knowledge|consent|permission))\b"
    r"|\b(hidden|hide the|hide a) (camera|microphone|recording)\b|\bspy(ing)? on\b|\bstalk(ing)?\b"
    r"|\b(watch|record|film|camera|monitor)\w* .*\b(bathroom|shower|toilet|undress\w*|naked)\b"
    r"|\b(neighbou?r|guest|tenant|coworker|colleague|babysitter|nanny)s?\b.* (secretly|undress\w*|naked)\b"
    r"|\bdisable (the |all |my )*(firewall|fraud|security|alarm|alarms|cameras?)\b"
)
_UNSAFE_NOW = re.compile(
    r"^(please |can you |could you |just )*(unlock|disarm)\b|\b(and|then) (unlock|disarm)\b.*\b(door|doors|alarm|everything|house)\b"
)
_CONDITION = re.compile(r"\b(if|when|whenever|once|as soon as|every time)\b")
_MANAGE = re.compile(
    r"^(please |can you |could you |you can |ok |now )*(stop|quit) (telling|notifying|alerting|warning|reminding|showing|sending|pinging|bothering|texting|messaging)"
    r"|\b(delete|drop|remove|pause|resume|cancel|disable|enable|edit|change|snooze|mute|turn off|unpause|reactivate|list|show)\b"
    r"[\w' ]{0,40}\b(rules?|reminders?|alerts?|notifications?|automations?|notices?)\b(?! (when|if|me))"
    r"|\b(no need|(don't|do not|needn't|no longer) (need|have|want)( you)?)( anymore| any more)? to( be)? (tell|telling|warn|notify|notified|alert|alerted|remind|reminded|message|text|ping|know|hear|told)"
    r"|\b(rules?|alerts?|reminders?|notifications?|automations?)\b[\w' ,]{0,40}\b(back on|back off|remove it|delete it|cancel it|drop it|turn it (off|on))\b"
    r"|\b(can|could) stop (showing|telling|sending|notifying|alerting)\b"
    r"|^(what|which) (rules|reminders|alerts|notifications)\b|^(don't|do not) (tell|notify|alert|warn|remind) me (about|of|again|any ?more)\b"
    r"|^(stop|mute|snooze) (that|it|this|them|everything)\b|^no more (alerts|notifications|reminders)\b"
)
_CHAT = re.compile(
    r"\b(what|how) you (think|feel)\b|\byour (opinion|favou?rite)\b|"
    r"^(what|how) (if|about if) we (were|would|did)|^what if\b|^(hi|hello|hey|good (morning|evening|night|afternoon)|thanks?|thank you)\b[^,]{0,24}$"
    r"|\btell (me|us) (a|another|some) (joke|jokes|story|stories|riddle|poem|fact)\b|\byou('re| are) (ready|done|alive|there|awake|funny|great|welcome)\b"
    r"|\b(i|i've) changed my mind\b|^(do not|don't)\b(?!.*\b(until|till|after|before|between|during|at \d)\b)|^(never mind|nevermind|forget it|forget about it)\b|\bwhy (did )?they name|^(hello|hi|hey)[.!,]? "
    r"(do|are|how|what|who) you|\bwoodchuck\b|^how are you\b|\bdo you (like|love|know why|dream|think)\b|^(who|what) are you\b|\bsing (me )?a\b"
)
_TIMED = re.compile(
    r"\b(for|by|at|after|before|within|in|in the last) (more than |at least |about |over )?"
    r"(\d|an?\b|half\b|noon\b|midnight\b|night\b|(one|two|three|four|five|six|seven|eight|nine|ten|twelve|twenty|thirty)\b)"
)
_REQUEST = re.compile(r"\b(tell|let|give|remind|alert|inform|notify|warn|text|ping)s? (me|us)\b")
# A question word first is a question, unless it asks to be told ("is it possible to alert me when ...").
_STARTS = re.compile(
    r"^(who|what|where|which|whose|why|how|did|does|is|are|was|were|has|have|had|am|when (is|was|were|did|are|does|will|do))\b"
)
_QUESTION = re.compile(
    r"\b(tell|let) (me|us) (know )?(how \w+|who|what|where|which|why|whether|the (time|date|weather|temperature|news|score)|about)\b"
    r"|^(please |can you |could you )*(tell|let) (me|us) (know )?(if|whether) .*\b(was|were|did|has been|have been)\b.*\b(today|yesterday|last night|this morning)\b"
    r"|^(please )?(tell|let|alert|inform) (me|us) (know )?(to |of |about )?the (current )?(time|date|weather|news|score)\b"
    r"|^(please |can you |could you )*(tell|let) (me|us) (know )?when .*\b(was|were|did)\b"
    r"|^(please |can you |could you |just )*(check|see|find out|look) (if|whether|for|on|at|how|what|who|that)\b"
    r"|\b(if|whether)\b.*\b(open or closed|closed or open|on or off|off or on|locked or unlocked|unlocked or locked|or not)\b[ ?.]*$"
    r"|^(show|list|find|search|give)( me| us)? (the |all |my |any )?(events?|pictures?|clips?|videos?|footage|recordings?|history|what|who|detections?|everything)\b"
    r"|^(please |can you |could you )*(show|give) (me|us) (how|what|when|who|where|whether)\b|^why\b"
    r"|\b(tell|let|inform|alert|notify) (me|us)\b.*\b((?<!since )yesterday|last night|earlier (today|this)|last (week|month|monday|tuesday|wednesday|thursday|friday|saturday|sunday))\b"
    r"|^(please |can you |could you )*(tell|let) (me|us) (know )?(if|whether) .*\b(right now|at the moment|at this moment|currently|now)[ ?.!]*$"
    r"|\bso far (this|today)\b|\blast (seen|time|opened|closed|fed)\b"
)
# "Tell me if" with "is there", "do I have", or a thing that is so or not: an answer is wanted now.
_ASKS_NOW = re.compile(
    r"^(please |can you |could you )*(tell|let) (me|us) (know )?(if|whether) (there (is|are) (?!(currently |still )?(some|any|an? )?(\w+ )?(someone|somebody|anyone|anybody|person|people|motion|movement|leak|water|smoke|car|truck|vehicle|dog|cat|animal|stranger|intruder|fire|power|no|nobody|one))|there (was|were)\b|i have\b|i had\b|.* (is|are) (true|real|possible|correct|safe)\b)"
)
# Repetition that neither days nor a time of day can say; "every other Monday" must not become every Monday.
UNSAYABLE = re.compile(
    r"\b(every|each) (other|second|third|fourth|2nd|3rd|4th|few|month|week|fortnight|hour and)\b|\b(monthly|weekly|fortnightly|biweekly)\b"
    r"|\b(first|second|third|fourth|last) (mon|tues|wednes|thurs|fri|satur|sun)day\b"
)
_REPLY: dict[Kind, str] = {
    "refuse": "I will not do that. I can watch over your home openly and tell you when something happens.",
    "manage": "That is about a rule you already have: 'proactive rules list' shows them, and 'pause', 'resume' and 'drop' change them.",
    "question": "That is a question about now or the past, not a standing rule: 'proactive ask' answers those.",
    "command": "That is something to do now. I make standing rules: say when or if it should happen.",
    "chat": "I make standing rules over what your cameras and devices report.",
}


def kind_of_request(said: Worded) -> Kind | None:
    """Return the outcome of a request that is surely no rule: as it was said, or, of a wish, what was wished for."""
    kind = route(said.bare.lower())
    return route(said.text.lower()) if kind == "question" and said.text != said.bare else kind


def route(text: str) -> Kind | None:
    """Return the outcome of a request that is surely no rule, or None where it may be one. `text` is in lower case."""
    if _REFUSE.search(text) or (_UNSAFE_NOW.search(text) and not _CONDITION.search(text)):
        return "refuse"
    if _MANAGE.search(text):
        return "manage"
    if _CHAT.search(text):
        return "chat"
    return "question" if _is_question(text) else None


def _is_question(text: str) -> bool:
    if (_ASKS_NOW.search(text) and not _TIMED.search(text)) or _QUESTION.search(text):
        return True
    return bool(_STARTS.search(text)) and not _REQUEST.search(text)


def reply_of(kind: Kind) -> str:
    """Return what is said to a request of a kind that makes no rule."""
    return _REPLY.get(kind, "")
