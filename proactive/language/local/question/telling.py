"""Questions about what was told: "why didn't you tell me", "did you tell Maya", "what did you tell me yesterday"."""

from __future__ import annotations

import re

from proactive.language.local.catalogue import catalogue_of, without_articles
from proactive.language.local.detour import cannot
from proactive.language.local.question.asked import AUX, Asked, default_day
from proactive.language.local.question.mention import loosely
from proactive.language.local.token import stems
from proactive.language.query import Query, Wanted
from rules.home import Home

_TELL = r"(?:tell|told|notify|notified|alert|alerted|warn|warned|inform|informed|remind|reminded|let|ping|pinged|message|messaged|say anything|say|said|wake|woke|text|texted|call|called)"
_WHY_NOT = re.compile(
    rf"^why (?:{AUX} )?(?:not )?(?:you|i|we|nobody|no one|the \w+)?\s?(?:{AUX} )?(?P<not>not |never )?(?:been )?(?:{_TELL})(?: (?:me|us|anyone|anybody|up|anything))*(?: know)?\s*(?P<about>.*)$"
)
_TOLD = re.compile(
    rf"^(?P<frame>(?:(?:what|when|how often|how many times) )?(?:did|have|has|had|was|were)) (?P<first>you )?(?:not )?(?P<mid>[\w' ]*?)\b{_TELL}"
    r"(?: (?P<whom>me|us|anyone|anybody|everyone|everybody|[\w']+))?(?: know)?(?P<about>(?: (?:about|that|of|when|if)\b.*)?)$"
)


def why_told(asked: Asked) -> Query | None:
    """Read "why didn't you tell me about the delivery?"."""
    if not (asked.said.startswith("why") or asked.said.startswith("how come")):
        return None
    text = re.sub(r"^how come", "why", asked.text)
    found = _WHY_NOT.match(text)
    about = (
        re.sub(r"^(?:about|that|of|when|if|while|it)\b\s*", "", found["about"]) if found else text.removeprefix("why ")
    )
    rule = next((rule.id for rule in asked.request.rules if rule.id in asked.request.text.lower()), "")
    about_rule = rule or not about.strip()
    of = () if about_rule else loosely(asked.only(about))
    return Query("why", of, default_day(asked), rule=rule, about=about.strip())


def what_was_told(asked: Asked) -> Query | None:
    """Read "did you tell Maya?", "what did you tell me yesterday?"."""
    found = _TOLD.match(asked.text)
    if found is None or (found["first"] is None and not found["mid"].strip()):
        return None
    passive = found["first"] is None
    whom = (
        found["mid"].strip() if passive else found["whom"] or ("me" if found["frame"].startswith("what") else "anyone")
    )
    told = _whom(whom, asked)
    if told is None:
        return None
    about = re.sub(r"^(?:about|that|of|when|if)\b\s*", "", (found["about"] or "").strip())
    frame = found["frame"]
    wanted: Wanted = "list" if frame.startswith("what") else "last" if frame.startswith("when") else "whether"
    wanted = "count" if frame.startswith("how") else wanted
    of = loosely(asked.only(about)) if about else ()
    period = asked.period if wanted == "last" and not asked.period.given else default_day(asked)
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
