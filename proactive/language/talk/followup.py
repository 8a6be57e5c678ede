"""Follow-ups: what a few words change about the rule that was spoken of last, read without a model; None where they do not.

Whole phrases come first, each by a pattern of its own; what is left is read as values: times, lengths, numbers, days and
names. Every word must be used, or it is no follow-up: a new request is never taken for one.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from proactive.language.local.catalogue import catalogue_of, without_articles
from proactive.language.local.clock import Length, time_at
from proactive.language.local.lexicon import EVERYONE
from proactive.language.local.model import LocalModel
from proactive.language.local.token import stems, tokens_of
from proactive.language.local.verb import names
from proactive.language.request import Request
from proactive.language.talk.contrast import contrasted
from proactive.language.talk.edit import (
    Edit,
    Edits,
    Escalated,
    Once,
    Picture,
    Rename,
    Repeat,
    Rest,
    Restated,
    Swap,
    Tell,
    Weigh,
)
from proactive.language.talk.entity import entities_of
from proactive.language.talk.guarding import guarded, spared
from proactive.language.talk.slots import Context, edits_of_values
from proactive.language.talk.words import bare, is_length, plain
from rules.rule import Urgency

_SAME = re.compile(r"(?:do |make |set up |i want |have )?(?:the |it )?(?:very )?same(?: thing| rule| alert| one| again)*(?: for| with| at| on| but| to| again)* (.+)")  # fmt: skip
_TOO = re.compile(r"(?:add |include |the )*(?:same )?for (.+?) (?:too|as well|also)")
_MEAL = re.compile(r"\b(breakfast|lunch|dinner|supper)\b")
_RENAME = re.compile(
    r"(?:call|name|rename) (?:it|this|that|(?:this|the|that) rule|this one)(?: to| as)? [\"']?(.+?)[\"']?"
)
_TELL = re.compile(
    r"(?:(?P<only>only|just) )?(?P<verb>tell|notify|alert|text|message|inform|warn|ping|let|send (?:it|that) to|add|include|don't tell|do not tell"
    r"|don't notify|do not notify|not) (?P<who>.+?)(?: know)?(?: (?P<how>too|as well|also|only))?"
)
_REPLACED = re.compile(
    r"(?:tell|notify|alert|text|message|inform|warn|ping) (?P<who>.+?) (?:instead of|rather than|and not|not) (?P<out>.+)"
)
_REPLACED_BY = re.compile(
    r"(?:don't|do not|stop) (?:tell(?:ing)?|notify(?:ing)?) (?P<out>.+?) (?:but |and )?(?:tell|notify) (?P<who>.+)"
)
_NAMED_TOO = re.compile(r"(?P<who>.+?) (?:too|as well|also)")
_URGENCY = re.compile(
    r"(?:(?:make|set|mark|treat) (?:it|that|this|the priority)(?: as| to)? |(?:it|that) is |it's |that's )?(?P<how>.+?)(?: priority)?"
)
_URGENCIES: dict[str, Urgency | str] = {
    "critical": "critical", "an emergency": "critical", "urgent": "high", "very urgent": "critical", "important": "high", "very important": "high",
    "high": "high", "normal": "normal", "low": "low", "not urgent": "low", "not so urgent": "low", "not important": "low", "not that important": "low",
    "not that urgent": "low", "more urgent": "more", "more important": "more", "less urgent": "less", "less important": "less", "quiet": "low",
}  # fmt: skip
_REST = re.compile(
    r"(?:(?:make|tell|do|notify|alert|let|keep) (?:it|me|that|this)(?: to)? )?(?:at most|at the most|no more(?: often)? than|not more(?: often)? than|max|maximum|only|just)"
    r" (?:once |one time |one )?(?:in |per |every |each |an? |the )*(.+)"
)
_REST_AFTER = re.compile(
    r"(?:(?:make|tell|do) (?:it|me|that|this) )?(?:once |one time )(?:in |per |every |each |an? )*(.+?)(?: at most| at the most| max| maximum| tops)"
)
_ONCE = re.compile(
    r"(?:tell me )?(?:(?:just|only) (?:the )?(?:once|this once|next time|one time|this time)|once only|the next time only|one time only)"
)
_EVERY_TIME = re.compile(r"(?:tell me )?(?:every|each)(?: single)? time|always")
_REPEAT = re.compile(
    r"(?:remind me|repeat|repeat it|repeat that|tell me|keep telling me|keep reminding me|ask me)(?: again)? (every .+?)(?: until .+)?"
)
_NO_REPEAT = re.compile(
    r"(?:don't|do not|stop) (?:remind(?:ing)? me(?: again)?|repeat(?:ing)?(?: it| that)?)|(?:just )?tell me only once each time"
)
_PICTURE = re.compile(
    r"(?P<no>no |without )?(?:(?:send|add|include|attach|with|show|and|me) )*(?:an? |the |any )?(?:picture|photo|snapshot|image)s?(?: too| as well| along| with it)*"
)
_WHEN_IT = re.compile(r"(?:only )?(?:when|if|once|whenever|as soon as) (?:it|that|he|she|they) (.+)")
_SILENCE = (
    r"if (?:(?:i|we) (?:don't|do not|dont|haven't|have not|didn't|did not) |(?:nobody|no one|no-one) (?:has )?)"
    r"(?:answer|respond|react|reply|repl|see|seen|acknowledge)(?:s|ed|ies|ied)?(?: (?:it|that|to it|to that|you))?(?: (?:in|within|for|after) {length})?"
)
_TELLING = r"(?:tell|notify|alert|text|message|inform|warn|ping|let) (?P<who>.+?)(?: know)?"
_ESCALATED = (
    re.compile(
        rf"{_SILENCE.format(length='(?P<early>.+?)')} (?:then )?(?:please )?{_TELLING}(?: after (?P<late>.+?))?(?: too| as well| instead)?"
    ),
    re.compile(rf"{_TELLING} {_SILENCE.format(length='(?P<early>.+)')}(?P<late>)"),
)


def followup(text: str, context: Context) -> Edits | None:
    """Return what a text changes about the rule of the context, or None where it is something else."""
    said = bare(text)
    if not said or (text.rstrip().endswith("?") and not _suggests(text)):
        return None
    said = re.sub(r"^(?:what|how) about ", "", said.rstrip("?").strip(), flags=re.IGNORECASE)
    if same := _SAME.fullmatch(plain(said)) or _TOO.fullmatch(plain(said)):
        return _copy(_cased(said, same[1]), context)
    edit = _whole(said, text, context)
    if edit is not None:
        return Edits((edit,))
    edits = edits_of_values(said, text, context)
    too = bool(_NAMED_TOO.fullmatch(plain(said))) and any(isinstance(edit, Swap) for edit in edits)
    return Edits(edits, copy=too) if edits else _joined(said, context)


def _joined(said: str, context: Context) -> Edits | None:
    """Read "make it ten and tell Bruno too": several changes, each of which could stand alone."""
    parts = [part for part in re.split(r",? and |[,;] ", said) if part.strip()]
    if len(parts) < 2:
        return None
    found = [followup(f"and {part}", context) for part in parts]
    if any(edits is None or edits.copy for edits in found):
        return None
    return Edits(tuple(edit for edits in found if edits is not None for edit in edits.edits))


def _suggests(text: str) -> bool:
    return bool(re.match(r"(?:what|how) about |(?:can|could) you (?:make|change|set|tell|move)", plain(text)))


def _cased(text: str, tail: str) -> str:
    """Return the end of a text as it was written: names begin with capitals."""
    return text[-len(tail) :] if plain(text).endswith(tail) and len(text) >= len(tail) else tail


def _copy(said: str, context: Context) -> Edits | None:
    """Read "same for dinner at 7.30": a second rule with other values."""
    meal = _MEAL.search(said.lower())
    rest = _MEAL.sub("", said.lower()).strip() if meal else said
    edit = _whole(rest, rest, context) if rest else None
    edits = (edit,) if edit is not None else edits_of_values(rest, rest, context)
    return Edits(edits, copy=True, meal=meal[1] if meal else "") if edits else None


def _whole(said: str, text: str, context: Context) -> Edit | None:
    """Return the edit of a phrase that is read as a whole."""
    for read in (_renamed, _weighed, _rested, _once, _repeated, _pictured):
        edit = read(plain(said))
        if edit is not None:
            return edit
    for read_in in (escalated, spared, guarded, _restated):
        edit = read_in(plain(said), context)
        if edit is not None:
            return edit
    if (edit := spared(plain(text), context)) is not None:  # "no alerts on weekends" begins with no answer
        return edit
    return _told(plain(said), plain(text), context) or contrasted(said, context)


# --- whole phrases ----------------------------------------------------------------------------------------------


def _renamed(said: str) -> Edit | None:
    found = _RENAME.fullmatch(said)
    return Rename(found[1]) if found and found[1] not in _URGENCIES else None


def _weighed(said: str) -> Edit | None:
    found = _URGENCY.fullmatch(said)
    how = _URGENCIES.get(found["how"]) if found else None
    return Weigh(how) if how else None  # type: ignore[arg-type]  # the table has urgencies, "more" and "less"


def _rested(said: str) -> Edit | None:
    found = _REST_AFTER.fullmatch(said) or _REST.fullmatch(said)
    if found is None or not re.search(r"\bonce\b|\bone time\b|\bmost\b|\bmax|more", said):
        return None
    duration = _length(f"every {found[1]}")
    return Rest(duration) if duration else None


def _once(said: str) -> Edit | None:
    if _ONCE.fullmatch(said):
        return Once(True)
    return Once(False) if _EVERY_TIME.fullmatch(said) else None


def _repeated(said: str) -> Edit | None:
    if _NO_REPEAT.fullmatch(said):
        return Repeat(None)
    found = _REPEAT.fullmatch(said)
    duration = _length(found[1]) if found else None
    return Repeat(duration) if duration else None


def _length(text: str) -> str | None:
    """Return the length that is the whole of a text after its first word."""
    tokens = tokens_of(text)
    found = time_at(tokens, 1) if len(tokens) > 1 else None
    if found is None or found[1] != len(tokens) or not isinstance(found[0], Length):
        return None
    return found[0].duration if is_length(found[0].duration) else None


def _pictured(said: str) -> Edit | None:
    found = _PICTURE.fullmatch(said)
    return Picture(not found["no"]) if found else None


# --- another condition ------------------------------------------------------------------------------------------


def _restated(said: str, context: Context) -> Edit | None:
    """Read "when it closes": another condition about what the rule is about, which the local compiler reads."""
    found = _WHEN_IT.fullmatch(said)
    about = entities_of(context.rule)
    if found is None or not about or about[0] not in context.home.by_id:
        return None
    request = f"tell me when {names(about[:1], context.home, article=True)} {found[1]}"
    rule = LocalModel().read(Request(request, context.home, context.speaker, now=context.now)).rule
    if rule is None or rule.guards or rule.notify is None or not set(entities_of(rule)) <= set(about):
        return None
    return Restated(rule.as_json()["when"], rule.notify.message, rule.id)


# --- who is told ------------------------------------------------------------------------------------------------


def escalated(said: str, context: Context) -> Edit | None:
    """Read "if I don't answer, tell Bruno": others who are told where nobody reacts."""
    found = next((found for form in _ESCALATED if (found := form.fullmatch(said))), None)
    people = people_of(found["who"], context) if found else ()
    if found is None or not people:
        return None
    waited = found["early"] or found["late"]
    after = _length(f"for {waited}") if waited else None
    return None if waited and after is None else Escalated(people, after)


def _told(said: str, text: str, context: Context) -> Edit | None:
    if (swapped := _REPLACED.fullmatch(said) or _REPLACED_BY.fullmatch(said)) is not None:
        return _replaced(swapped, context)
    found = _TELL.fullmatch(said)
    named = None if found else _NAMED_TOO.fullmatch(said)
    match = found or named
    people = people_of(match["who"], context) if match else None
    if not people or match is None:
        return None
    if found is None:
        return None if _about_people(context) else Tell(people, "also")
    if found["verb"] in ("don't tell", "do not tell", "don't notify", "do not notify", "not"):
        return Tell(people, "not")
    return Tell(people, "only" if _instead(found, text) else "also")


def _replaced(found: re.Match[str], context: Context) -> Edit | None:
    """Read "tell Maya instead of me": one in the place of another, and whoever else is told stays."""
    new, out = people_of(found["who"], context), people_of(found["out"], context)
    if not new or not out:
        return None
    told = context.rule.notify.to if context.rule.notify is not None else ()
    return Tell(tuple(dict.fromkeys([*(id for id in told if id not in out), *new])), "only")


def _instead(found: re.Match[str], text: str) -> bool:
    """Say whether only those named are to be told: "only tell Maya", "no, tell Maya", "tell Maya instead"."""
    also = found["verb"] in ("add", "include") or re.search(r"\b(?:too|also|as well)\b|^and\b", text)
    return not also and bool(
        found["only"] or found["how"] == "only" or re.search(r"^no\b|\binstead\b|\brather\b", text)
    )


def _about_people(context: Context) -> bool:
    return "person." in str(context.rule.when.model_dump())


def people_of(words: str, context: Context) -> tuple[str, ...]:
    """Return the people that words name, each of them; empty where a word names something else."""
    parts: Sequence[str] = re.split(r"\s*(?:,|\band\b|&)\s*", words)
    named = [_people(part, context) for part in parts if part.strip()]
    return tuple(dict.fromkeys(id for people in named for id in people)) if all(named) else ()


def _people(word: str, context: Context) -> tuple[str, ...]:
    if word in ("me", "us", "myself"):
        return (context.speaker,) if context.speaker else ()
    if word in EVERYONE or word == "all":
        return tuple(person.id for person in context.home.people)
    refs = catalogue_of(context.home).phrases.get(without_articles(stems(word)), [])
    return tuple(ref.id for ref in refs if ref.kind == "person")
