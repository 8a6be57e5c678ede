"""Reads Spanish: routes it, carries it over, has the English read by `local`, and answers in Spanish."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace

from proactive.language.local.spanish.reply import fallback, in_spanish
from proactive.language.local.spanish.route import route
from proactive.language.local.spanish.transfer import English, in_english
from proactive.language.local.token import MAX_TEXT
from proactive.language.outcome import Kind, Outcome
from proactive.language.request import Request
from rules.rule import Rule
from rules.words.spanish.notices import notice

Read = Callable[[Request], Outcome]
_REMINDER = re.compile(
    r"\b(recu[eé]rda|record[aá]|recuerde|rec[oó]rda)(me|nos)\b[, ]*(?:de |que )?(?P<about>.*)",
    re.IGNORECASE | re.DOTALL,
)
_CONDITION = re.compile(r"\b(si|cuando|cada vez que|en cuanto|mientras)\b", re.IGNORECASE)
_PLACEHOLDER = "zzabout"  # a word of no language, in the place of what is to be remembered


def read_spanish(request: Request, read: Read) -> Outcome:
    """Return what became of a Spanish request; `read` reads an English one."""
    kind = route(request.text)
    if kind in ("refuse", "chat"):
        return Outcome(kind, fallback(kind))
    if kind is None and (reminder := _reminder(request, read)) is not None:
        return reminder
    english = in_english(request.text, request.home)
    outcome = read(replace(request, text=_asked(english, kind)))
    return in_spanish(_of_kind(outcome, kind, english, request))


def _asked(english: English, kind: Kind | None) -> str:
    if kind == "question":
        return english.text if english.text.endswith("?") else f"{english.text.rstrip('. ')}?"
    return english.text.rstrip("? ")


def _of_kind(outcome: Outcome, kind: Kind | None, english: English, request: Request) -> Outcome:
    """Return an outcome as what it was routed to, with the rules as they were said."""
    if kind is not None and outcome.outcome != kind:
        return Outcome(kind, fallback(kind))
    rules = tuple(told_in_spanish(rule, request) for rule in outcome.rules)
    notes = (*outcome.notes, *((_NO_SOUND,) if english.alarmed and rules else ()))
    return outcome.with_(rules=rules, notes=notes)


_NO_SOUND = "No puedo hacer sonar nada en la casa; enviaré un aviso."


def told_in_spanish(rule: Rule, request: Request) -> Rule:
    """Return a rule with the words in which it was asked for, and its notice in Spanish; a reminder keeps a person's own words."""
    if rule.notify is None or rule.id.startswith("remind-"):
        return _as_said(rule, request)
    message = notice(rule, request.home)
    return _as_said(rule.model_copy(update={"notify": rule.notify.model_copy(update={"message": message})}), request)


def _as_said(rule: Rule, request: Request) -> Rule:
    return rule.model_copy(update={"said": request.text[:MAX_TEXT]})


# --- reminders --------------------------------------------------------------------------------------------------


def _reminder(request: Request, read: Read) -> Outcome | None:
    """Return a reminder with its times and a person's own words, or None where something else is asked."""
    found = _REMINDER.search(request.text)
    if found is None or _CONDITION.search(request.text):
        return None
    about, times = _apart(f"{request.text[: found.start()]} {found['about']}")
    if not about:
        return None
    outcome = read(replace(request, text=f"remind me {' '.join(times)} to {_PLACEHOLDER}"))
    rules = tuple(_about(rule, about, request) for rule in outcome.rules)
    return in_spanish(outcome.with_(rules=rules))


def _apart(text: str) -> tuple[str, list[str]]:
    """Part what to remember from the times around it."""
    from proactive.language.local.spanish.time import time_at
    from proactive.language.local.spanish.word import words_of

    words, kept, times = words_of(text), [], []
    at = 0
    while at < len(words):
        time = time_at(words, at)
        if time is not None and not time[0].bare:
            times.append(time[0].english)
            at = time[1]
        else:
            kept.append(words[at].raw)
            at += 1
    said = re.sub(r"\s+([,.;:!?])", r"\1", " ".join(kept)).strip(" ,.;:!¡¿?")
    return re.sub(r"^(que (tengo|tenemos|hay) que|que|de|por favor) ", "", said), times


def _about(rule: Rule, about: str, request: Request) -> Rule:
    said = (about[:1].upper() + about[1:]).replace("{", "{{").replace("}", "}}")
    slug = "-".join(re.findall(r"[^\W_]+", about.lower())[:4])
    notify = rule.notify.model_copy(update={"message": said}) if rule.notify is not None else None
    return _as_said(rule.model_copy(update={"id": f"remind-{slug}", "notify": notify}), request)
