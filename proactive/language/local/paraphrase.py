"""Paraphrases: other ways of saying the same, put into the words that the grammar reads.

"It has been six hours since Olive ate" is "no Olive ate for 6 hours"; "I forgot to feed him" is "nobody feed him". The
outcome is no English to be shown: order and inflection do not matter to the readers, which take words by what they mean.
Each row keeps what was said, times and names word for word. Rows are tried in order, each where it fits.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from functools import partial

from proactive.language.local.wording import Worded

_SPELLED = (
    r"(?:half an?|an?|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|fifteen|eighteen|twenty"
    r"(?:[ -](?:four|five))?|thirty|forty(?:[ -](?:five|eight))?|sixty|ninety|a couple of|a couple)"
)
_UNIT = r"(?:secs?|seconds?|mins?|minutes?|hrs?|hours?|days?|weeks?)"
LENGTH = (
    rf"(?:\b(?:\d+(?:[.,]\d+)?[ -]?(?:(?:full |whole |entire )?{_UNIT}|[smhd])"
    rf"|{_SPELLED}[ -](?:full |whole |entire )?{_UNIT})\b(?: and a half\b)?)"
)
_MORE = r"(?:(?:more than|over|at least|longer than|about|around|roughly|almost|nearly) )?"
_SAID = r"(?P<said>.+?)(?=\s*(?:[,.;:!?]|$|->|\b(?:tell|let|notify|alert|warn|remind|ping|text|message|send|give|call|inform|then)\b))"
_PEOPLE = r"(?:i|we|you|someone|somebody|anyone|anybody|one of us)"
_NO_ONE = re.compile(r"(?:any(?:one|body)|some(?:one|body))\b", re.IGNORECASE)
_DOES = r"(?:do|does|did|have|has|had|can|could|will|would)"

Row = tuple[str, str | Callable[[re.Match[str]], str]]


def _none(found: re.Match[str]) -> str:
    """Return "no ... for LENGTH"; "without anyone opening" is "nobody opening"."""
    said, length = found["said"].strip(), found["length"]
    denied = (
        _NO_ONE.sub("nobody", said, count=1) if _NO_ONE.match(said) else f"no {re.sub(r'^(?:any|a|an) ', '', said)}"
    )
    return f"{denied} for {length}"


# What adds nothing.
_EMPTY: tuple[Row, ...] = (
    (rf"\b(?:a )?(?:good|solid|full|whole|entire|straight) (?={LENGTH})", ""),
    (r"\b(a|an|one) (?:good|solid|full|whole|entire) (?=(?:half |quarter )?(?:an )?(?:hour|day|week|minute)\b)", r"\1 "),
    (rf"(?P<length>{LENGTH}) (?:straight|solid|flat|running|non ?stop)\b", r"\g<length>"),
    (r"(?:>=|\u2265|=>(?= ?\d))\s*(?=\d)", "at least "),
    (r"(?:<=|\u2264)\s*(?=\d)", "at most "),
    (r"\b(?:has |have |had )?(?:been )?(?:reads?|reading|registere?d?s?|shows?|shown|showing|measure[sd]?|sits?|sat|sitting|hovere?[sd]?|hovering|hovers) (?:at )?(?=(?:under|over|below|above|less|more|higher|lower|at least|at most|colder|hotter|warmer|cooler)\b)", "is "),
    (r"\b(?:had|have|has) (?P<no>not )?(?:a |any |even a |so much as a )?(?:single )?(?:bite|nibble|snack|morsel|crumb)(?: to eat| of food)?\b", r"\g<no>eaten"),
    (r"\b(?:down|up|in|out|over) there\b", ""),
    (r"\b(?:picks? up|picked up|hears?|heard|register(?:s|ed)|detect(?:s|ed)) (?=crying|barking|whistling)", ""),
    (r"\b(?:standing|sitting|wide|hanging|lying) (open|ajar|unlocked)\b", r"\1"),
    (r"(?<=\w),? i(?:'d| would)? (?:want|like|need|love) to (?:know|hear|be told|be informed|be notified)\b(?: about (?:it|this|that))?\s*(?=[,.]|$)", ", tell me"),
    (r"^i(?:'d| would) (?:be (?:very |so )?(?:grateful|glad|happy|thankful)|appreciate it|like it|love it) if you(?: (?:would|could))? (?:told|tell|let|notified|notify|alerted|alert|warned|warn) (me|us)\b(?: know)?", r"tell \1"),
    (r" (?:on|by|in) any (?:of the |of my )?(?:camera|cam)s?\b| anywhere\b", ""),
    (r"(?<=, )(?:please )?call (me|us)\b", r"tell \1"),
    (r"\bno (breakfast|lunch|dinner|supper|food)\b(?= (?:by|before|until|for|in|since)\b)", r"not had \1"),
    (r"\b(plugged|switched|turned) back (in|on|off)\b", r"\1 \2"),
    (r"\b(motion|movement|activity)\b([^,.]*?) (?:happens|occurs|takes place|is happening)\b", r"\1\2"),
    (r"\b(below|above|under|over) (?:the )?freezing(?: point)?\b", r"\1 0 celsius"),
    (r"\b(?:without (?:stopping|(?:a )?(?:break|pause|interruption)|interruption)|on end|at a stretch|continuously|altogether|all together|uninterrupted|nonstop|non-stop)\b", ""),
    (r"(?:,| -)? ?\b(?:week-?ends|weekdays|sundays|holidays) included\b", ""),
    (r"\b(?:i(?:'d| would) (?:appreciate|like|love|be grateful for)|(?:please )?(?:drop|give|shoot) me) (?:an?|some) (?:quick |little )?(?:note|line|hint|word|shout|nudge|heads[- ]up|ping|notice|sign)\b", "tell me"),
)  # fmt: skip

# What happens too seldom, said as what has not happened.
_ABSENCES: tuple[Row, ...] = (
    (r"\b(?:still |remains? |remained |stays? )?un(fed|eaten|opened|touched|used|emptied|visited|seen|answered)\b", r"not \1"),
    (rf"\b(?P<length>{LENGTH}) without (?P<who>(?:the |my |our )?[\w' ]{{2,30}}?) (?P<does>(?!motion|movement|opening\b)\w+ing)\b", r"no \g<who> \g<does> for \g<length>"),
    (r"\b(?P<where>(?:the |my |our )?\w+(?: room)?) (?:sees|shows|reports|has|gets|had|saw|registers) no (?P<what>motion|movement|activity)(?: at all| whatsoever)?\b", r"there is no \g<what> in \g<where>"),
    (r"\bsince (?P<who>[\w' ]{2,30}?) last (?=\w+)(?!(?:week|night|month|year|mon|tues|wed|thurs|fri|satur|sun))", r"since \g<who> "),
    (rf"\b(?:it(?:'s|s| is| has)?(?: been)?|there(?:'s| has| have)? been) {_MORE}(?P<length>{LENGTH}) since (?:the last time )?{_SAID}", _none),
    (rf"\b{_MORE}(?P<length>{LENGTH}) (?:has |have )?(?:goe?s?|pass(?:es|ed)?|went|gone|elapsed?s?) (?:by )?(?:and there is no|without|with no) {_SAID}", _none),
    (rf"\b(?:goe?s?|gone|went|is|are|been) (?:for )?{_MORE}(?P<length>{LENGTH}) without (?P<said>\w+)", r"not \g<said> for \g<length>"),
    (rf"\b(?:was |were )?last (?P<said>\w+(?: in| on| at)?) {_MORE}(?P<length>{LENGTH}) ago\b", r"has not \g<said> for \g<length>"),
    (rf"\bthe last time {_PEOPLE} (?P<said>.+?) (?:was|is) {_MORE}(?P<length>{LENGTH}) ago\b", r"nobody \g<said> for \g<length>"),
    (rf"\bthe last time (?P<said>.+?) (?:was|is) {_MORE}(?P<length>{LENGTH}) ago\b", r"no \g<said> for \g<length>"),
    (rf"\b(?P<length>{LENGTH}) (?:has |have )?(?:goe?s?|pass(?:es|ed)?|went|gone|elapsed?s?)(?: by)? (?:and|where|in which|during which) (?P<said>[^,.;]*?(?:\bnot|n't|\bno|\bnobody|\bnone)\b[^,.;]*?)(?=\s*(?:[,.;:!?]|$|->|\b(?:tell|let|notify|alert|warn|remind|ping|text|message)\b))", r"\g<said> for \g<length>"),
    (r"\bnothing (?:from|by|at|on|in) (?P<thing>(?:the |my |our )?[\w ]+?) (?:motion )?(?:sensor|detector)\b", r"no \g<thing> motion"),
    (r"\b(?:goe?s?|gone|went|is|are) without (?:any |a |his |her |its )?(?:food|eating|meals?)\b", "has not eaten"),
    (r"\b(?:not|n't) (?:food|eating)\b", "not eating"),
    (r"\bnot (?:food|meals?) for\b", "not eating for"),
    (r"\b(?:goe?s?|gone|went|is|are|stays?) unfed\b", "is not fed"),
    (r"\b(?:skip(?:s|ped)?|miss(?:es|ed)?) (?:(?:his|her|its|their|a|out on) )?(breakfast|lunch|dinner|supper|meal)\b", r"not had \1"),
    (rf"\b(?:in case )?{_PEOPLE} (?:have |has |had )?(?:forg[eo]ts?|forgotten|fail(?:s|ed)?|neglect(?:s|ed)?) to\b", "nobody"),
    (r"\b(?:forg[eo]ts?|forgotten|fail(?:s|ed)?|neglect(?:s|ed)?|refuses?) to\b", "does not"),
    (rf"\b{_PEOPLE} (?:do not|don't|did not|didn't|have not|haven't|never|has not|hasn't) remember(?:ed)? to\b", "nobody"),
    (r"\b(?:nobody|no one) (?:has )?remember(?:s|ed)? to\b", "nobody"),
    (r"\b(?:there(?:'s| is| was| has been) )?no (?:sign|trace|sightings?) of\b", "no seen"),
    (rf"\b{_PEOPLE} (?:{_DOES} not|{_DOES}n't|don't|can't|cannot|never|haven't|hasn't) (?:see|saw|seen|spot|spotted|detect|notice)\b", "no seen"),
    (rf"\b(?:i|we|you) (?:{_DOES} )?(?:see|saw|seen|spot|spotted|notice|noticed)\b", "seen"),
    (r"\b(?:is|are|was) nowhere to be seen\b", "is not seen"),
    (r"\bnot (?:even )?(?:once|one time|a single time)\b", "not"),
    (r"\bnot a single\b|\bnot one\b", "no"),
)  # fmt: skip

_OPPOSITE = {
    "closed": "opened",
    "shut": "opened",
    "open": "closed",
    "locked": "unlocked",
    "unlocked": "locked",
    "off": "turned on",
    "on": "turned off",
}
_AFTERWARDS = r"(?:(?:of|after|following|from) (?:that|this|it|then|which|doing so)|afterwards?|after(?= *(?:$|[,.;])|(?: that)? (?:the|my|our|a|an|no|nobody|someone|there|it)\b)|thereafter|later)"


def _unchanged(found: re.Match[str]) -> str:
    """Return "stays shut for the next three minutes" as what does not happen within that time."""
    return f"is not {_OPPOSITE[found['state'].lower()]} within {found['length']}"


# Orders and repetitions.
_ORDERS: tuple[Row, ...] = (
    (rf"\b(?:stays?|remains?|stayed|remained|is left|is still|is) (?P<state>closed|shut|open|locked|unlocked|off|on) for (?:the|another) (?:next |following )?(?P<length>{LENGTH})(?! (?:now|or more))", _unchanged),
    (rf"(?P<before>\b(?:and|then|but|yet)\b[^.;]*?)\b(?:in |within |inside )?(?:less than|under|no more than|no later than|not more than|at most|up to|within|in) (?P<length>{LENGTH}) {_AFTERWARDS}", r"\g<before>within \g<length>"),
    (rf",? (?:say|like|maybe|let's say|so|about) (?=(?:with)?in {LENGTH})", " "),
    (rf",? (?:say|let's say) (?=for {LENGTH})", " "),
    (rf"\b(?P<length>{LENGTH}) (?:tops|max|maximum|at (?:the )?most)\b", r"within \g<length>"),
    (r"\bhalf a dozen\b", "6"),
    (rf"\b(?:with)?in the (?P<length>{LENGTH}) (?:that follow(?:s|ed)?|which follow(?:s|ed)?|following|thereafter|afterwards?)\b", r"within \g<length>"),
    (r"\b(?:and |then )*(?:shortly|soon|right|directly|immediately) (?:thereafter|afterwards?|after(?: that)?)\b,? ?(?=(?:with)?in )(?P<within>[^,]+),", r"and then \g<within>"),
    (rf"\bfollowed (?P<within>(?:with)?in {LENGTH}) by (?P<then>[^,.;:]+)", r"and then \g<then> \g<within>"),
    (r"\bwith (nobody|no one|everyone|everybody) (?:at )?(home|out|away|gone)\b", r"while \1 is \2"),
    (r"\b(crying|barking|whistling) (?:is|gets|has been|was) (?:picked up|heard|detected|registered|audible)\b", r"\1"),
    (rf"\bfor (?:more than |over |longer than )?(?P<length>{LENGTH}) (?:after|past) (?:sunset|dark|sundown|nightfall|dusk)\b", r"for \g<length> while it is dark"),
    (r"\bthree[ -]quarters of an hour\b", "45 minutes"),
    (r"\b(?:within|in|inside) the (hour|minute|day|week)\b", r"within one \1"),
    (rf"\bstill (?P<state>[a-z]+(?: on| off)?) (?P<length>{LENGTH}) (?:after|later than when|since) (?:it|they) (?:was|were|got|has been|had been|is|are|gets?) [a-z]+(?: on| off)?", r"\g<state> for \g<length>"),
    (rf"\b(?P<mark>if|when|whenever) within (?P<length>{LENGTH}) (?:of|after) (?P<first>(?:the |my |our )?[\w' ]+? (?:\w+ing|done|finished)|[^,]+(?=,)),? (?P<then>[^,.;]+?)(?=\s*(?:[,.;:!?]|$))", r"\g<mark> \g<first> and \g<then> within \g<length>"),
    (r"\b(?:a |the )?(?:ring|buzz) at the (?:front )?door\b", "doorbell rings"),
    (r"\b(nobody|no one|no-one) (?:has |is )?(?:open(?:s|ed)? up|get(?:s|ting)? (?:it|the door)|come(?:s)? to the door|goe?s? to the door|opens)(?= (?:for|within|in)\b|\s*(?:[,.;:!?]|$))", r"\1 answers"),
    (r"\b(?P<thing>garage(?: door)?|blinds?|shutters?|shades?|curtains?) (?P<is>(?:is|are|was|were)(?:n't| not)?(?: still)?) (?P<way>up|down)\b", lambda m: f"{m['thing']} {m['is']} {'open' if m['way'].lower() == 'up' else 'closed'}"),
    (r"\b(?:a|one) dozen\b", "12"),
    (r"\btwo dozen\b", "24"),
    (r"\bcycles? open\b", "opens"),
    (r"\b(doorbell|bell) (?:goes|went|is heard|sounds|dings|has gone)(?! (?:off|to|un|with))\b", r"\1 rings"),
    (rf"\b(?:in )?(?:less than|under|no more than|no later than|not more than|at most|up to) (?P<length>{LENGTH}) later\b", r"within \g<length>"),
    (rf"\b(?:in )?(?:less than|under|no more than|no later than|not more than|at most|up to) (?P<length>{LENGTH}) (?P<side>after|of)\b", r"within \g<length> \g<side>"),
    (rf"\b(?P<mark>if|when|whenever) (?P<length>{LENGTH}) after (?P<first>[^,]+?),? (?P<then>(?:it|they|he|she|nobody|no one|there)\b[^,]*?)(?=$|[,.;!?]|\b(?:tell|let|notify|alert|warn|remind|ping|text)\b)", r"\g<mark> \g<first> and \g<then> after \g<length> "),
    (rf"\b(?:in|within|inside) (?:less than|under|no more than|at most) (?P<length>{LENGTH})", r"within \g<length>"),
    (rf"\b(?:(?:with)?in|over|during|inside) (?:the (?:space|span|course) of|any|a single|the same|a period of|a span of) (?P<length>{LENGTH}|hour\b|day\b|minute\b)", lambda m: f"within {_counted(m['length'])}"),
    (rf"\b(?P<length>{LENGTH}) later\b(?! than)", r"after \g<length>"),
    (rf"\b(?:within|inside) the (?:next|following) (?P<length>{LENGTH}|minute|hour|day)\b", lambda m: f"within {_counted(m['length'])}"),
    (rf"(?P<before>\b(?:and|then|but)\b[^,;.]*?) in the (?:next|following) (?P<length>{LENGTH}|minute|hour|day)\b", lambda m: f"{m['before']} within {_counted(m['length'])}"),
    (rf"\bin the (?P<length>{LENGTH}) (?:after|following) (?:that|it|this)\b", r"within \g<length>"),
    (rf"\b(?P<length>{LENGTH}) later than when (?:it|they) (?:was|were|is|are) (?P<said>turned|switched) on\b", r"for \g<length>"),
    (r"\b(?:(?:and|then) )+(?:it |they )?(?:stays?|remains?|keeps?|stayed|remained) (?:there|that way|like that|like this|so|this way)\b", ""),
    (r"\bthe last (?:person|one|one of us|family member)(?: at home| in the house| out)? (?:leaves|left|has left|goes out|goes|is gone)\b", "everyone has left"),
    (r"\b(?:the )?house is (?:empty|unoccupied)\b|\bthe house stands empty\b", "nobody is home"),
    (r"\bin a row\b|\bin total\b|\bback to back\b|\bor so\b|\brepeatedly,? (?:like |say |e\.g\. )?(?=\d|two|three|four|five|six|ten)", ""),
    (r"\b(\d+|two|three|four|five|six|seven|eight|nine|ten|twelve|fifteen|twenty) (?:or more times|times or more|or more)\b(?= (?:with)?in\b| (?:an?|per|every|each|over)\b)", r"at least \1 times"),
    (r"\b(\d+)\+ times\b", r"at least \1 times"),
    (r"\ba couple (?:of )?times\b", "2 times"),
    (r"\b(?:at least|even) (?:once|one time|a single time)\b", ""),
)  # fmt: skip


def _counted(length: str) -> str:
    """Return a length with its number: "hour" is "one hour"."""
    return length if " " in length or length[:1].isdigit() else f"one {length}"


_TIME_OF_DAY = r"(?:past |after )?(?:\d{1,2}(?:[:.]\d\d)?(?: ?[ap]\.?m\b\.?| o'clock)?|noon|midnight|(?:half past |quarter (?:past|to) )?(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve)(?: ?[ap]m| o'clock)?)"
_TIME_OF_DAY += r"(?: in the (?:morning|afternoon|evening)| at night)?"
_DIGIT = r"(?:\d+(?:\.\d+)?|(?:twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety)(?:[ -]\w+)?|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|fifteen)"
_DEGREES = r"(?: ?(?:degrees?|percent|%|\u00b0|ppm|celsius|fahrenheit|[cf]\b))*"

# Times and numbers.
_AMOUNTS: tuple[Row, ...] = (
    (rf"\b(?P<by>by|before|until|at) (?P<day>(?:mon|tues|wednes|thurs|fri|satur|sun)days?) (?:at )?(?P<time>{_TIME_OF_DAY})", r"\g<by> \g<time> on \g<day>"),
    (r"\bby (?:\w+ )?(?P<time>(?:noon|midnight)) (?P<day>(?:mon|tues|wednes|thurs|fri|satur|sun)days?)\b", r"by \g<time> on \g<day>"),
    (rf"\bwhen it(?:'s| is| gets to be| gets| turns| becomes| hits| reaches| strikes) (?P<time>{_TIME_OF_DAY}) (?:and|if)\b", r"at \g<time> if"),
    (rf"\bwhen it(?:'s| is| gets to be| gets| turns| becomes| hits| reaches| strikes) (?P<time>{_TIME_OF_DAY})(?= *(?:$|[,.;]))", r"at \g<time>"),
    (rf",? and (?:if |when )?it(?:'s| is) (?:already |now |past )?(?P<time>{_TIME_OF_DAY})(?: already| now)?(?= *(?:$|[,.;]))", r" at \g<time>"),
    (r"\band (?:if |when |only )?it(?:'s| is) (?=(?:at )?night|dark|(?:a |the )?week(?:day|end)|(?:in the )?(?:morning|evening|afternoon)|between|after|before)", "while it is "),
    (r",? ?\b(?:day (?:or|and) night|24/7|round the clock|around the clock|at any time of (?:the )?day)\b", ""),
    (rf"\b(?:minus|negative) (?=\d|{_DIGIT})", "-"),
    (rf"\b(?P<number>{_DIGIT})(?P<unit>{_DEGREES}) below (?:zero|freezing)\b", r"-\g<number>\g<unit>"),
    (rf"\b(?:at |is )?(?P<number>-?{_DIGIT}{_DEGREES}) (?:or|and) (?:above|more|over|higher|hotter|warmer|up)\b(?! times)(?! (?:than )?-?{_DIGIT})", r"at least \g<number>"),
    (rf"\b(?:at |is )?(?P<number>-?{_DIGIT}{_DEGREES}) (?:or|and) (?:below|less|under|lower|colder|cooler)\b(?! (?:than )?-?{_DIGIT})", r"at most \g<number>"),
    (rf"\b(?:not in|outside(?: of)?|out of) (?:the )?(?:range )?(?:of |from )?(?P<low>-?{_DIGIT}{_DEGREES}) ?(?:to|-|and|\u2013) ?(?P<high>-?{_DIGIT}{_DEGREES})", r"not between \g<low> and \g<high>"),
    (rf"\b(?:in|within|inside)(?: the)? range (?:of |from )?(?P<low>-?{_DIGIT}{_DEGREES}) ?(?:to|-|and|\u2013) ?(?P<high>-?{_DIGIT}{_DEGREES})", r"between \g<low> and \g<high>"),
    (r"^if it (?:is not|isn't)(?: too much)? (?:too much )?trouble,? ?", ""),
)  # fmt: skip

_ROWS = [(re.compile(pattern, re.IGNORECASE), plain) for pattern, plain in (*_EMPTY, *_ABSENCES, *_ORDERS, *_AMOUNTS)]


_DAY = r"(?:week(?:days?|ends?|nights?)|(?:mon|tues|wednes|thurs|fri|satur|sun)days?|school (?:days?|nights?))"
_BY_DAYS = re.compile(
    rf"\b(?P<by>by|at|before|until) (?P<time>{_TIME_OF_DAY}) on (?P<day>{_DAY}),? (?:and|but|or) (?:(?:by|at|before|until) )?(?P<other>{_TIME_OF_DAY}) on (?P<days>{_DAY})",
    re.IGNORECASE,
)


def by_days(text: str) -> list[str]:
    """Return "by ten on weekdays and eleven on weekends" as two sentences, one for each kind of day; else none."""
    found = _BY_DAYS.search(text)
    if found is None:
        return []
    parts = ((found["time"], found["day"]), (found["other"], found["days"]))
    return [f"{text[: found.start()]}{found['by']} {time} on {day}{text[found.end() :]}" for time, day in parts]


def plain(said: Worded) -> Worded:
    """Return a request with the roundabout expressions of its sentence put plainly."""
    return replace(said, text=plainly(said.text))


def plainly(text: str) -> str:
    """Return a sentence with its roundabout expressions put plainly, and all else as it was written."""
    for pattern, plain in _ROWS:
        text = pattern.sub(partial(_replaced, plain=plain), text)
    return text


def _replaced(found: re.Match[str], plain: str | Callable[[re.Match[str]], str]) -> str:
    return found.expand(plain) if isinstance(plain, str) else plain(found)
