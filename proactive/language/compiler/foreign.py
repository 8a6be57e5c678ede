"""Other languages: the few words by which a request in one can be told from talk, and checked against a rule.

Names and figures are the same in every language; these tables hold what else has to be seen before a model's reading
of a foreign sentence is believed: that it asks for something, that it sets a condition, and whom it is about.
"""

from __future__ import annotations

from collections.abc import Iterable

# That something is asked for: the beginning of "tell me", "notify", "warn", "watch".
_ASKS = (
    "benachrichtig", "sag ", "melde", "warn", "erinner", "informier", "überwach", "schick",  # German
    "avert", "prévien", "previen", "notifi", "surveil", "dis-moi", "dis moi", "alerte", "rappell", "envoi", "signale",  # French
    "avvis", "avverti", "dimmi", "monitora", "notifica", "ricorda", "segnala", "manda",  # Italian
    "meld", "waarschuw", "bewaak", "laat me weten", "laat het", "vertel", "stuur", "herinner", "houd",  # Dutch
    "avise", "me diga", "lembre", "me avisa", "acenda", "apague", "feche",  # Portuguese
    "уведом", "сообщ", "скажи", "предупред", "следи", "напомни", "пришли",  # Russian
    "powiadom", "daj zna", "powiedz", "ostrzeż",  # Polish
)  # fmt: skip
# That a condition is set: if, when, as soon as, unless.
_CONDITIONS = frozenset(
    """wenn falls sobald sofern quand si s'il lorsque qu'il dès se quando appena qualora als wanneer zodra indien cuando si que
    quando caso assim если когда как jeśli gdy kiedy jak""".split()
)
# Whom or what it is about, as a camera labels it.
_LABELS: dict[str, str] = {
    word: label
    for label, words in {
        "person": "jemand jemanden person personen mensch leute quelqu'un personne gens qualcuno persona persone iemand persoon alguien gente alguém pessoa кто человек люди ktoś osoba",
        "dog": "hund hunde chien chienne cane hond perro perra cachorro собака пёс pies",
        "cat": "katze kater chat chatte gatto gatta kat poes gato gata кошка кот kot",
        "car": "auto wagen voiture macchina coche carro машина автомобиль samochód",
    }.items()
    for word in words.split()
}


def asks_in(text: str) -> bool:
    """Say whether a text asks to be told of something, or to have it done, under a condition."""
    low = f"{text.lower()} "
    words = {word.strip(".,;:!?") for word in low.replace("'", " '").split()} | set(low.split())
    return any(stem in low for stem in _ASKS) and bool(words & _CONDITIONS)


def labels_in(words: Iterable[str]) -> set[str]:
    """Return what a camera would label whom the words are about."""
    return {_LABELS[word] for word in (w.lower() for w in words) if word in _LABELS}
