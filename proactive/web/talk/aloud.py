"""Aloud: what was answered to a turn, in words for the ear: what the page shows of it, in its order."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from proactive.language.request import Turn
from proactive.language.spoken import language_among
from proactive.web.talk.card import Card
from proactive.web.talk.entry import Entry, entry_of
from proactive.web.visit import Visit
from rules.explain import Language
from rules.words.times import joined

_ASKS: dict[Language, tuple[str, str, str]] = {
    "en": ("Shall I save it?", "Shall I save them?", "Cancelled. Nothing is changed."),
    "es": ("¿La guardo?", "¿Las guardo?", "Cancelado. No ha cambiado nada."),
}
_UNSPEAKABLE = re.compile(r"[“”«»\"]")


@dataclass(frozen=True, slots=True)
class Words:
    """What is read aloud, and in which language."""

    text: str
    language: Language


def words_of(turn: Turn, turns: Sequence[Turn], visit: Visit) -> Words:
    """Return what was answered to a turn of a conversation; of a tap on a card, what became of it."""
    about = next((each for each in turns if each.at == turn.of), turn) if not turn.text else turn
    before = [each.text for each in turns if each.at <= about.at and each.text]
    language = language_among(before)
    parts = _parts(entry_of(about, turns, visit), language)
    text = " ".join(_sentence(part) for part in parts if part)
    return Words(_UNSPEAKABLE.sub("", text) or ".", language)


def _parts(entry: Entry, language: Language) -> Iterator[str]:
    save_it, save_them, cancelled = _ASKS[language]
    yield entry.result or entry.reply
    if entry.standing == "cancelled":
        yield cancelled
    yield from map(_card, entry.cards)
    if open_cards := [card for card in entry.cards if not card.refused]:
        yield save_it if len(open_cards) == 1 else save_them
    if entry.taps and not entry.reply.endswith("."):
        yield joined([tap.label for tap in entry.taps], "or")
    yield entry.confirm


def _card(card: Card) -> str:
    return card.refused or " ".join((card.reads, *card.notes))


def _sentence(text: str) -> str:
    text = text.strip()
    return text if text.endswith((".", "?", "!")) else f"{text}."
