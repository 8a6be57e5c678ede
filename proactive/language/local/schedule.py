"""Reminders: "remind me every Monday at eight to take out the trash", a time and the person's own words."""

from __future__ import annotations

import re

from proactive.language.local.answer import clock_for
from proactive.language.local.clause import Timed, Times
from proactive.language.local.detour import ask
from proactive.language.local.predicate import Json
from proactive.language.local.when import When, part_window, settled
from rules.home import Home
from rules.units import MINUTE, microseconds

_ASKED = re.compile(r"\b(remind|reminder|wake)\b")
_ABOUT = re.compile(
    r"\b(?:remind (?:me|us|everyone|\w+)|reminder|wake me(?: up)?|(?:tell|notify|alert|warn|text|message|ping) (?:me|us|\w+)(?= to (?:turn|switch|close|open|lock|shut|start|stop|feed|put|take|bring|make|go|check|call|cover|water|clean)\b))\b.*?\b(to|that|about) ((?!at\b|the time\b)(?:[^.,;]|\.(?=\w))+)",
    re.IGNORECASE,
)
_HOUR = r"(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|[\d:.]+)"
_MINUTES = r"(?:[ -](?:oh[ -])?(?:five|ten|fifteen|twenty|thirty|forty|fifty)(?:[ -]five)?)"
_PAST = r"(?:half past|(?:a )?quarter (?:past|to)|(?:five|ten|twenty) (?:past|to)) "
_PART = r"(?: ?[ap]\.? ?m\b\.?| o'clock| in the (?:morning|evening|afternoon)| at night| tonight)"
_TIME_WORDS = re.compile(
    r"\s*,?\s*\b(?:(?:every|each) (?:day|night|morning|evening|week|weekday|\w+day)|on (?:\w+days?)(?: and \w+days?)?"
    rf"|at (?:noon|midnight|night|(?:{_PAST})?{_HOUR}{_MINUTES}?)(?:{_PART})*|tonight|tomorrow|today|daily"
    r"|in the (?:morning|evening|afternoon))\s*$",
    re.IGNORECASE,
)


def is_reminder(text: str) -> bool:
    """Say whether a request without a condition asks to be reminded."""
    return bool(_ASKED.search(text.lower()))


def reminder(text: str, times: Times, when: When, every: str | None, home: Home) -> tuple[Json, str]:
    """Return the condition and the message of a reminder, which may repeat `every` so often. Raise DetourError."""
    about = about_of(text)
    condition = moment(times, when, every, home)
    if not about and re.search(r"\bwake\b", text, re.IGNORECASE):
        about = "Wake up"
    if not about:
        raise ask("message", "What shall I remind you of?")
    return condition, about


def about_of(text: str) -> str:
    """Return what a person wants to be reminded of, in their own words, or an empty text."""
    found = _ABOUT.search(text)
    if not found:
        return ""
    said = re.split(r"\b(?:when|if|once|whenever|as soon as|unless|every time)\b", found[2])[0]
    while (shorter := _TIME_WORDS.sub("", said)) != said:
        said = shorter
    said = re.sub(r"\bmy\b", "your", said.strip(" .!?"))
    return (said[:1].upper() + said[1:]).replace("{", "{{").replace("}", "}}")


def moment(times: Times, when: When, every: str | None, home: Home) -> Json:
    """Return the condition of a time of day, or of every so often. Raise DetourError where no time was said."""
    if every is not None and microseconds(every) >= MINUTE:
        return {"op": "at", "rrule": f"FREQ=MINUTELY;INTERVAL={microseconds(every) // MINUTE}"}
    if times.lengths:
        raise ask("time", "At what time of day?")
    points = [*when.at, *([when.until] if when.until else [])]
    if when.suns and not points:
        suns = when.points()
        return suns[0] if len(suns) == 1 else {"op": "any", "conditions": suns}
    if not points and when.part == "night":
        points = [part_window("night", home)[0]]
    if not points:
        points = [settled(Timed("at", clock_for("time", "At what time?"), -1), when.part)]
    checks: list[Json] = [{"op": "at", "time": time, **when.daily()} for time in points]
    return checks[0] if len(checks) == 1 else {"op": "any", "conditions": checks}
